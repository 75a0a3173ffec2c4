/** `btcli weights_commit`: commit weights without showing them yet. */
import { defineCommand } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, ownSigning } from '../cli/options.js'
import { openHotkey, partyOptions } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { keepOpening } from '../cli/weightCommits.js'
import { completedWeights, weightOptions } from '../cli/weightOptions.js'
import { existingSubnet } from '../core/chain/subnets.js'
import { BittensorError } from '../core/errors.js'
import { type CommitPlan, commitHash, planCommit } from '../core/plans/commitPlan.js'
import type { Party } from '../core/plans/plan.js'
import { weightsToChain } from '../core/weights.js'

const SALT_NUMBERS = 8

type Done = SingleDone<CommitPlan> & { readonly hotkey: Party; readonly netuid: number }

export const weightsCommit = defineCommand({
  name: 'weights_commit',
  summary: 'Commit weights without showing them yet.',
  usage: '--netuid N --uids U… --weights W… [--wallet.hotkey NAME] [options]',
  options: {
    netuid: { ...netuid, ask: askNetuidToSign },
    ...partyOptions,
    ...weightOptions,
    ...ownSigning,
  },
  examples: [
    'weights_commit --netuid 3 -w alice -H validator --uids 4 5 6 --weights 0.5 0.3 0.2',
    'weights_commit -n 3 -w alice -H validator -u 4 5 --weights 1 1 --dry_run',
  ],
  notes:
    'On newer chains the weights are encrypted towards a round of drand, and the chain reveals them by itself. On older ones only a hash is sent: reveal with weights_reveal, from the same machine.',

  async run(ctx, values): Promise<Done> {
    const given = await completedWeights(ctx, values)
    const { opened, hotkey } = await openHotkey(ctx, values)
    const weights = weightsToChain(given.uids, given.weights)
    if (weights.uids.length === 0) throw new BittensorError('USAGE', 'all weights are zero')
    await existingSubnet(await ctx.head(), values.netuid)
    const random = ctx.random.bytes(SALT_NUMBERS * 2)
    const salt = Array.from(
      { length: SALT_NUMBERS },
      (_, i) => (random[2 * i] ?? 0) * 256 + (random[2 * i + 1] ?? 0),
    )
    const now = ctx.clock.now().getTime()
    const done = await transact(ctx, {
      title: 'Commit weights',
      wallet: opened,
      key: 'hotkey',
      values,
      async plan(planning) {
        const plan = await planCommit(planning, { ...values, hotkey, weights, salt, now })
        if (plan.opening && !values.dryRun) await keepOpening(ctx, plan.opening)
        return plan
      },
    })
    return { ...done, hotkey, netuid: values.netuid, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Committed weights on subnet ${done.netuid}, to be revealed ${done.plan.opening ? 'by you' : 'by the chain'} from block ${done.plan.revealBlock} on`,
      }),
    json: (done) => ({
      netuid: done.netuid,
      uid: done.plan.uid,
      hotkey: done.hotkey.address,
      timelocked: done.plan.opening === undefined,
      drandRound: done.plan.round === undefined ? null : `${done.plan.round}`,
      commitHash: done.plan.opening ? commitHash(done.plan.opening) : null,
      salt: done.plan.opening?.salt ?? null,
      versionKey: done.plan.opening ? `${done.plan.opening.versionKey}` : null,
      revealFromBlock: done.plan.revealBlock,
      ...singleJson(done),
    }),
  },
})
