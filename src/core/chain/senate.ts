/** Senate and triumvirate: who sits there, what is proposed, who voted how. Runtimes of late 2025 have neither. */
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import type { ChainValue, ChainView, DecodedCall, Hex, Proposal, ProposalVotes } from './types.js'
import { asAddress, asList, asNumber, asRecord, asText } from './values.js'

/**
 * Hotkeys that sit in the senate, in the chain's order.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes without a senate
 */
export async function readSenateMembers(view: ChainView): Promise<Ss58[]> {
  return members(view, 'SenateMembers')
}

/** Accounts that may propose. @throws `RUNTIME_UNSUPPORTED` on runtimes without a triumvirate */
export async function readTriumvirate(view: ChainView): Promise<Ss58[]> {
  return members(view, 'Triumvirate')
}

/** Open proposals in the order they were made. A call that does not decode is undefined. */
export async function readProposals(view: ChainView): Promise<Proposal[]> {
  requireSenate(view)
  const hashes = asList(await view.read('Triumvirate', 'Proposals'))
  return Promise.all(hashes.map((hash) => proposal(view, asText(hash) as Hex)))
}

/** One open proposal, undefined when there is none with this hash. */
export async function readProposal(view: ChainView, hash: Hex): Promise<Proposal | undefined> {
  requireSenate(view)
  const found = await proposal(view, hash)
  return found.votes === undefined && found.call === undefined ? undefined : found
}

/** Votes on a proposal, undefined when it is not open. */
export async function readVotes(view: ChainView, hash: Hex): Promise<ProposalVotes | undefined> {
  requireSenate(view)
  const voting = await view.read('Triumvirate', 'Voting', hash)
  return voting === undefined ? undefined : votesOf(voting)
}

async function proposal(view: ChainView, hash: Hex): Promise<Proposal> {
  const [call, votes] = await Promise.all([
    view.read('Triumvirate', 'ProposalOf', hash).catch(undecodable),
    readVotes(view, hash),
  ])
  return { hash, call: call as DecodedCall | undefined, votes }
}

/** A call of a runtime that was upgraded since may not decode any more; its votes still count. */
function undecodable(error: unknown): undefined {
  if (error instanceof BittensorError && error.data?.['undecodable'] === true) return undefined
  throw error
}

function votesOf(value: ChainValue): ProposalVotes {
  const voting = asRecord(value)
  return {
    index: asNumber(voting['index']),
    threshold: asNumber(voting['threshold']),
    ayes: asList(voting['ayes']).map(asAddress),
    nays: asList(voting['nays']).map(asAddress),
    end: asNumber(voting['end']),
  }
}

async function members(view: ChainView, pallet: string): Promise<Ss58[]> {
  requireSenate(view)
  return asList(await view.read(pallet, 'Members')).map(asAddress)
}

function requireSenate(view: ChainView): void {
  if (view.hasPallet('SenateMembers') && view.hasPallet('Triumvirate')) return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${view.specVersion}) has no senate`,
    {
      details: 'it came in mid-2023 and was removed in October 2025',
      data: { specVersion: view.specVersion },
    },
  )
}
