/** `btcli set_weights`: set the weights of the wallet's hotkey on a subnet. */
import { defineCommand } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, ownSigning, walletHotkey, walletName } from '../cli/options.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { completedWeights, weightOptions } from '../cli/weightOptions.js'
import { existingSubnet } from '../core/chain/subnets.js'
import { BittensorError } from '../core/errors.js'
import type { Party } from '../core/plans/plan.js'
import { planWeights, type WeightsPlan } from '../core/plans/weightsPlan.js'
import { openWallet } from '../core/wallet/wallet.js'
import { type ChainWeights, weightsToChain } from '../core/weights.js'

type Done = SingleDone<WeightsPlan> & {
  readonly hotkey: Party
  readonly netuid: number
  readonly weights: ChainWeights
}

export const setWeights = defineCommand({
  name: 'set_weights',
  summary: 'Set the weights of a neuron.',
  usage: '--netuid N --uids U… --weights W… [--wallet.hotkey NAME] [options]',
  options: {
    netuid: { ...netuid, ask: askNetuidToSign },
    walletName,
    walletHotkey,
    ...weightOptions,
    ...ownSigning,
  },
  examples: [
    'set_weights --netuid 1 --wallet.name alice --wallet.hotkey validator --uids 4 5 6 7 --weights 0.4 0.3 0.2 0.1',
    'set_weights -n 0 -w alice -H validator --uids 1 3 --weights 2 1 --dry_run',
  ],
  notes:
    'The hotkey signs, no coldkey is needed. The weights replace all that the neuron has set before; those that round to zero are left out.',

  async run(ctx, values): Promise<Done> {
    const given = await completedWeights(ctx, values)
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const opened = openWallet(location, { onWarning: ctx.warn })
    const hotkey = { name: opened.hotkeyName, address: await opened.hotkeyAddress() }
    const weights = weightsToChain(given.uids, given.weights)
    if (weights.uids.length === 0) {
      throw new BittensorError('USAGE', 'all weights are zero', {
        hint: 'at least one must be more than zero',
      })
    }
    await existingSubnet(await ctx.head(), values.netuid)
    const done = await transact(ctx, {
      title: 'Set weights',
      wallet: opened,
      key: 'hotkey',
      values,
      plan: (planning) => planWeights(planning, { ...values, hotkey, weights }),
    })
    return { ...done, hotkey, netuid: values.netuid, weights, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Set ${done.weights.uids.length} weights of uid ${done.plan.uid} on subnet ${done.netuid}`,
      }),
    json: (done) => {
      const result = done.results.at(-1)
      return {
        netuid: done.netuid,
        uid: done.plan.uid,
        hotkey: done.hotkey.address,
        uids: done.weights.uids,
        weights: done.weights.values,
        weightsBefore: (result?.ok ? result.before : undefined) ?? null,
        weightsAfter: (result?.ok ? result.after : undefined) ?? null,
        ...singleJson(done),
      }
    },
  },
})
