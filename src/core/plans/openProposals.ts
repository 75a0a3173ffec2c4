/** Proposals that are open, how one of them is named, and how they are written in sentences. */

import { readProposals } from '../chain/senate.js'
import type { ChainView, Hex, Proposal, ProposalVotes } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { blocksAsTime, shortAddress } from './texts.js'

/** How a proposal may be written: its number, or its hash or the first digits of that. */
export type ProposalRef =
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'hash'; readonly prefix: string }

/** `0x` and 64 hex digits. */
const HASH_LENGTH = 66

/** A proposal on which one can vote. */
export type OpenProposal = Proposal & { readonly votes: ProposalVotes }

/** Open proposals; one that was closed while its parts were read is left out. */
export async function readOpenProposals(view: ChainView): Promise<OpenProposal[]> {
  const all = await readProposals(view)
  return all.flatMap((one) => (one.votes === undefined ? [] : [{ ...one, votes: one.votes }]))
}

/**
 * The proposal that is meant.
 * @throws {BittensorError} `PROPOSAL_NOT_FOUND` when none is open under that hash or index, `USAGE` when several match, and
 * for digits that are neither a whole hash nor the first ones of any
 */
export async function findProposal(view: ChainView, ref: ProposalRef): Promise<OpenProposal> {
  const open = await readOpenProposals(view)
  const found = open.filter(({ hash, votes }) =>
    ref.kind === 'index' ? votes.index === ref.index : hash.startsWith(ref.prefix),
  )
  const [first] = found
  const text = ref.kind === 'index' ? `${ref.index}` : ref.prefix
  if (!first && ref.kind === 'hash' && ref.prefix.length < HASH_LENGTH) {
    throw new BittensorError('USAGE', `${text} is no hash, and no open proposal starts with it`, {
      hint: 'a hash is 0x and 64 hex digits; btcli proposals shows the open ones',
      data: { proposal: text },
    })
  }
  if (!first) {
    throw new BittensorError('PROPOSAL_NOT_FOUND', `no proposal ${text} is open`, {
      details: 'it may have been closed',
      hint: 'btcli proposals shows the open ones',
      data: { proposal: text },
    })
  }
  if (found.length === 1) return first
  throw new BittensorError('USAGE', `${found.length} proposals start with ${text}`, {
    details: found.map(({ hash }) => hash).join('\n'),
    hint: 'write more digits',
  })
}

/** `112900 (in 9300 blocks, ≈ 1d 7h)`, or `112900 (over)` from that block on. */
export function endText(end: number, block: number, blockTimeMs: number): string {
  const left = end - block
  if (left <= 0) return `${end} (over)`
  return `${end} (in ${left} ${left === 1 ? 'block' : 'blocks'}, ${blocksAsTime(left, blockTimeMs)})`
}

/** `2 ayes of 3 needed, 1 nay`. */
export function tallyText({ ayes, nays, threshold }: Omit<ProposalVotes, 'index' | 'end'>): string {
  const against = nays.length === 1 ? '1 nay' : `${nays.length} nays`
  return `${ayes.length} ${ayes.length === 1 ? 'aye' : 'ayes'} of ${threshold} needed, ${against}`
}

/** How a hash of a proposal is written in sentences: `1 (0x12ab34…cdef)`. */
export function proposalLabel({ hash, index }: { readonly hash: Hex; readonly index: number }) {
  return `${index} (${shortAddress(hash)})`
}
