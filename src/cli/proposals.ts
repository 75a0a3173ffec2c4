/** How proposals are named, found and shown. */
import { readProposals } from '../core/chain/senate.js'
import { readOwner } from '../core/chain/stake.js'
import type { ChainView, Hex, Proposal, ProposalVotes } from '../core/chain/types.js'
import type { DelegateNames } from '../core/delegateNames.js'
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { callLine } from './callText.js'
import type { Context } from './context.js'
import { type Ask, option } from './define.js'
import { delegateNames } from './delegateNames.js'
import { blocksAsTime } from './numbers.js'
import { shortAddress } from './text.js'

/** How a proposal may be written: its number, or its hash or the first digits of that. */
export type ProposalRef =
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'hash'; readonly prefix: string }

/** A proposal on which one can vote. */
export type OpenProposal = Proposal & { readonly votes: ProposalVotes }

export const proposalOption = option({
  flags: '--proposal, --proposal_hash <hash|index>',
  description: 'proposal by its hash, the first digits of that, or its index',
  parse: parseProposal,
  ask: askProposal,
})

/**
 * Reads `0x` and up to 64 hex digits, 64 digits without `0x`, or an index.
 * @throws {BittensorError} `USAGE`
 */
export function parseProposal(text: string): ProposalRef {
  if (/^\d{1,9}$/.test(text)) return { kind: 'index', index: Number(text) }
  const [, digits] = /^(?:0x)?([0-9a-f]{1,64})$/i.exec(text) ?? []
  const isHash = digits !== undefined && (/^0x/i.test(text) || digits.length === 64)
  if (isHash) return { kind: 'hash', prefix: `0x${digits.toLowerCase()}` }
  throw new BittensorError('USAGE', 'must be a hash, 0x and up to 64 hex digits, or an index', {
    hint: 'btcli proposals shows the open ones',
  })
}

/** Open proposals; one that was closed while its parts were read is left out. */
export async function readOpenProposals(view: ChainView): Promise<OpenProposal[]> {
  const all = await readProposals(view)
  return all.flatMap((one) => (one.votes === undefined ? [] : [{ ...one, votes: one.votes }]))
}

/**
 * The proposal that is meant.
 * @throws {BittensorError} `PROPOSAL_NOT_FOUND` when none is open under that hash or index, `USAGE` when several match
 */
export async function findProposal(view: ChainView, ref: ProposalRef): Promise<OpenProposal> {
  const open = await readOpenProposals(view)
  const found = open.filter(({ hash, votes }) =>
    ref.kind === 'index' ? votes.index === ref.index : hash.startsWith(ref.prefix),
  )
  const [first] = found
  const text = ref.kind === 'index' ? `${ref.index}` : ref.prefix
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

/** On a terminal the open ones are a list to choose from. */
async function askProposal(ctx: Context): Promise<Ask> {
  const view = await ctx.head()
  const open = await readOpenProposals(view)
  if (open.length === 0) {
    throw new BittensorError('PROPOSAL_NOT_FOUND', `no proposals are open on ${view.network}`)
  }
  return {
    message: 'Proposal (--proposal; type to search)',
    choices: open.map(({ hash, votes, call }) => ({
      value: hash,
      name: `${votes.index}  ${shortAddress(hash)}  ${votes.ayes.length} ayes  ${votes.nays.length} nays`,
      description: call ? callLine(call) : hash,
    })),
  }
}

/** `112900 (≈ 1d 3h)`, or `112900 (over)` from that block on. */
export function endText(end: number, block: number, blockTimeMs: number): string {
  return `${end} (${end > block ? blocksAsTime(end - block, blockTimeMs) : 'over'})`
}

/** `2 ayes of 3 needed, 1 nay`. */
export function tallyText({ ayes, nays, threshold }: Omit<ProposalVotes, 'index' | 'end'>): string {
  const against = nays.length === 1 ? '1 nay' : `${nays.length} nays`
  return `${ayes.length} ${ayes.length === 1 ? 'aye' : 'ayes'} of ${threshold} needed, ${against}`
}

/** Votes in the order in which they are listed: ayes first. */
export function voters({ ayes, nays }: Pick<ProposalVotes, 'ayes' | 'nays'>) {
  return [
    ...ayes.map((address) => ({ address, vote: 'aye' as const })),
    ...nays.map((address) => ({ address, vote: 'nay' as const })),
  ]
}

/** Names of senators by hotkey. */
export async function senatorNames(
  ctx: Context,
  hotkeys: readonly Ss58[],
  values: { readonly noNames: boolean },
): Promise<DelegateNames> {
  if (values.noNames) return new Map()
  const view = await ctx.head()
  const named = [...new Set(hotkeys)].map(async (hotkey) => ({
    hotkey,
    owner: await readOwner(view, hotkey),
  }))
  return delegateNames(ctx, await Promise.all(named), values)
}

/** How a hash of a proposal is written in sentences: `1 (0x12ab34…cdef)`. */
export function proposalLabel({ hash, index }: { readonly hash: Hex; readonly index: number }) {
  return `${index} (${shortAddress(hash)})`
}
