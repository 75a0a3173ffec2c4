/** What `senate_vote` checks, and what it shows before signing. */
import { voteCall } from '../chain/calls.js'
import { readSenateMembers, readVotes } from '../chain/senate.js'
import type { ChainEra, ChainView, Hex, ProposalVotes } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { callLine } from './callText.js'
import {
  endText,
  findProposal,
  type OpenProposal,
  proposalLabel,
  tallyText,
} from './openProposals.js'
import { checkFunds, checkOwned } from './ownHotkey.js'
import type { Party, Plan, Planning } from './plan.js'

export type Vote = 'aye' | 'nay'

/** What was asked for. */
export type VoteTerms = {
  readonly wallet: Party
  readonly hotkey: Party
  readonly hash: Hex
  readonly vote: Vote
}

/** The votes on the proposal; undefined once it is closed. */
export type VoteRead = { readonly votes: ProposalVotes | undefined }

export type VotePlan = Plan<VoteRead> & {
  readonly proposal: OpenProposal
  /** How the hotkey voted before. */
  readonly previous: Vote | undefined
}

/** @throws {BittensorError} `NOT_SENATE_MEMBER`, `RUNTIME_UNSUPPORTED` */
export async function checkSenator(view: ChainView, hotkey: Party): Promise<void> {
  const members = await readSenateMembers(view)
  if (members.includes(hotkey.address)) return
  throw new BittensorError(
    'NOT_SENATE_MEMBER',
    `the hotkey ${hotkey.name || hotkey.address} is not in the senate`,
    {
      details: hotkey.address,
      hint: 'btcli senate shows its members, btcli senate_register asks for a seat',
      data: { hotkey: hotkey.address },
    },
  )
}

/** How a hotkey voted; undefined if it did not. */
export function voteOf(
  votes: Pick<ProposalVotes, 'ayes' | 'nays'> | undefined,
  hotkey: Ss58,
): Vote | undefined {
  if (votes?.ayes.includes(hotkey)) return 'aye'
  return votes?.nays.includes(hotkey) ? 'nay' : undefined
}

/**
 * Checks a vote and says what it would do.
 * @throws {BittensorError} `NOT_SENATE_MEMBER`, `PROPOSAL_NOT_FOUND`, `DUPLICATE` when the vote was cast meanwhile,
 * `NOT_REGISTERED`, `KEYFILE`, `INSUFFICIENT_BALANCE`, `RUNTIME_UNSUPPORTED`
 */
export async function planVote(
  { client, view, feeOf }: Planning,
  { wallet, hotkey, hash, vote }: VoteTerms,
): Promise<VotePlan> {
  const [proposal] = await Promise.all([
    findProposal(view, { kind: 'hash', prefix: hash }),
    checkSenator(view, hotkey),
    checkOwned(view, wallet, hotkey),
  ])
  const { votes } = proposal
  const previous = voteOf(votes, hotkey.address)
  if (previous === vote) {
    throw new BittensorError('DUPLICATE', `${hotkey.name} has voted ${vote} meanwhile`)
  }
  const approve = vote === 'aye'
  const call = voteCall(client, {
    hotkey: hotkey.address,
    proposal: hash,
    index: votes.index,
    approve,
  })
  const fee = (await feeOf(call)) ?? 0n
  const free = await checkFunds(client, view, { wallet, cost: 0n, fee })
  return {
    proposal,
    previous,
    operations: [
      {
        label: `${vote} on proposal ${votes.index}`,
        call,
        spendRao: 0n,
        measure: async (at) => ({ votes: await readVotes(at, hash) }),
      },
    ],
    facts: [
      { label: 'hotkey', value: hotkey, note: 'your own hotkey' },
      { label: 'proposal', value: `${votes.index}   ${hash}` },
      { label: 'does', value: proposalText(proposal, view.era) },
      { label: 'votes', value: tallyText(votes) },
      { label: 'ends', value: endText(votes.end, view.block.number, client.blockTimeMs) },
      { label: 'vote', value: vote, ...(previous ? { note: `instead of ${previous}` } : {}) },
    ],
    effects: [{ label: `${wallet.name}, free`, before: free, after: free - fee }],
    notes: previous ? [] : ['the first vote on a proposal is free: the fee comes back'],
    question: `Vote ${vote} on proposal ${proposalLabel({ hash, index: votes.index })}?`,
  }
}

/** What a proposal would do, on one line. */
export function proposalText({ call }: Pick<OpenProposal, 'call'>, era: ChainEra): string {
  return call ? callLine(call, era) : 'not readable with this runtime: only the hash is known'
}
