/** How proposals are named, found and shown. */

import { readOwner } from '../core/chain/stake.js'
import type { ProposalVotes } from '../core/chain/types.js'
import type { DelegateNames } from '../core/delegateNames.js'
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { callLine } from '../core/plans/callText.js'
import { type ProposalRef, readOpenProposals } from '../core/plans/openProposals.js'
import { shortAddress } from '../core/plans/texts.js'
import type { Context } from './context.js'
import { type Ask, option } from './define.js'
import { delegateNames } from './delegateNames.js'
import { count } from './text.js'

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
      name: `${votes.index}  ${shortAddress(hash)}  ${count(votes.ayes.length, 'aye')}  ${count(votes.nays.length, 'nay')}`,
      description: call ? callLine(call, view.era) : hash,
    })),
  }
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
