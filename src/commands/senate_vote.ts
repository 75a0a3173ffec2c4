/** `btcli senate_vote`: vote on a proposal with a hotkey that sits in the senate. */

import type { Context } from '../cli/context.js'
import { type Ask, defineCommand, flag, option, type SoFar } from '../cli/define.js'
import { signing, walletHotkey, walletName } from '../cli/options.js'
import { proposalOption } from '../cli/proposals.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { transact } from '../cli/transact.js'
import { BittensorError } from '../core/errors.js'
import { callLines } from '../core/plans/callText.js'
import {
  endText,
  findProposal,
  type OpenProposal,
  type ProposalRef,
  proposalLabel,
  tallyText,
} from '../core/plans/openProposals.js'
import type { Party } from '../core/plans/plan.js'
import { checkSenator, planVote, type Vote, type VotePlan, voteOf } from '../core/plans/votePlan.js'

type Common = {
  readonly wallet: Party
  readonly hotkey: Party
  readonly vote: Vote
  readonly proposal: OpenProposal
}
type Already = Common & { readonly already: true }
type Done = Common & { readonly already: false } & SingleDone<VotePlan>

export const senateVote = defineCommand({
  name: 'senate_vote',
  summary: 'Vote on an active proposal by hash.',
  options: {
    walletName,
    walletHotkey,
    proposal: proposalOption,
    voteAye: flag({
      flags: '--vote_aye',
      description: 'the same as --vote aye',
      conflicts: ['vote_nay', 'vote'],
    }),
    voteNay: flag({
      flags: '--vote_nay',
      description: 'the same as --vote nay',
      conflicts: ['vote'],
    }),
    vote: option({
      flags: '--vote <aye|nay>',
      description: 'for or against the proposal',
      parse: parseVote,
      ask: askVote,
      askWhen: ({ voteAye, voteNay }) => voteAye !== true && voteNay !== true,
    }),
    ...signing,
  },
  examples: [
    'senate_vote -w alice -H validator --proposal 0 --vote aye',
    'senate_vote -w alice -H validator --proposal 0x12ab --vote_nay -y --json_output',
  ],
  notes:
    'The first vote of a hotkey on a proposal is free; changing it costs the fee. Proposals are open until somebody closes them.',

  async run(ctx, values): Promise<Already | Done> {
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const opened = await spendingWallet(ctx, location, values)
    const wallet = { name: opened.name, address: await opened.coldkeypubAddress() }
    const hotkey = { name: opened.hotkeyName, address: await opened.hotkeyAddress() }
    const vote = voteAsked(values)
    const view = await ctx.head()
    await checkSenator(view, hotkey)
    const proposal = await findProposal(view, values.proposal)
    if (voteOf(proposal.votes, hotkey.address) === vote) {
      return { wallet, hotkey, vote, proposal, already: true }
    }
    const done = await transact(ctx, {
      title: 'Vote in the senate',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planVote(planning, { wallet, hotkey, hash: proposal.hash, vote }),
    })
    return {
      wallet,
      hotkey,
      vote,
      proposal,
      already: false,
      ...done,
      commandLine: ctx.commandLine(),
    }
  },

  render: {
    table(data, { style }) {
      const name = data.hotkey.name || data.hotkey.address
      const label = proposalLabel({ hash: data.proposal.hash, index: data.proposal.votes.index })
      if (data.already) {
        return `${style.green(style.sign.ok)} ${name} has voted ${data.vote} on proposal ${label} already.`
      }
      const result = data.results.at(-1)
      const votes = result?.ok ? result.after?.votes : undefined
      return singleText(data, style, {
        headline: `${name} voted ${data.vote} on proposal ${label}${votes ? `: ${tallyText(votes)}` : ''}`,
      })
    },
    json: (data) => ({
      hash: data.proposal.hash,
      index: data.proposal.votes.index,
      hotkey: data.hotkey.address,
      coldkey: data.wallet.address,
      vote: data.vote,
      alreadyVoted: data.already,
      previousVote: voteOf(data.proposal.votes, data.hotkey.address) ?? null,
      ...(data.already ? { extrinsicHash: null, blockHash: null } : singleJson(data)),
    }),
  },
})

function parseVote(text: string): Vote {
  if (/^(aye|ayes|yes|y|true)$/i.test(text)) return 'aye'
  if (/^(nay|nays|no|n|false)$/i.test(text)) return 'nay'
  throw new RangeError('must be aye or nay')
}

function voteAsked(values: {
  readonly voteAye: boolean
  readonly voteNay: boolean
  readonly vote: Vote | undefined
}): Vote {
  if (values.voteAye) return 'aye'
  const vote = values.voteNay ? 'nay' : values.vote
  if (vote !== undefined) return vote
  throw new BittensorError('MISSING_INPUT', '--vote is missing', { data: { missing: ['--vote'] } })
}

/** Nobody should vote on what they have not read. */
async function askVote(ctx: Context, soFar: SoFar): Promise<Ask> {
  const { blockTimeMs } = await ctx.chain()
  const view = await ctx.head()
  const { hash, call, votes } = await findProposal(view, soFar['proposal'] as ProposalRef)
  ctx.say(`Proposal ${votes.index} ${hash}`)
  ctx.say(
    call ? callLines(call, view.era) : 'not readable with this runtime: only the hash is known',
  )
  ctx.say(
    `${tallyText(votes)}; ends at block ${endText(votes.end, view.block.number, blockTimeMs)}`,
  )
  return {
    message: 'Your vote (--vote)',
    choices: [
      { value: 'aye', name: 'aye', description: 'for the proposal' },
      { value: 'nay', name: 'nay', description: 'against it' },
    ],
  }
}
