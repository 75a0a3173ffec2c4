/** `btcli set_weights`: set the weights of the wallet's hotkey on a subnet. */
import type { Context } from '../cli/context.js'
import { defineCommand, list, option } from '../cli/define.js'
import { whyNotAsked } from '../cli/gather.js'
import { askNetuid } from '../cli/netuid.js'
import { netuid, ownSigning, walletHotkey, walletName, wholeNumber } from '../cli/options.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
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
    netuid: { ...netuid, ask: askNetuid },
    walletName,
    walletHotkey,
    uids: list({
      flags: '-u, --uids <n...>',
      description: 'whom the weights are for; with --netuid 0 subnets',
      parse: (text) => wholeNumber(text, 0, 65_535),
    }),
    weights: list({
      flags: '--weights <w...>',
      description: 'one per uid, of any size: the largest becomes 65535',
      parse: parseWeight,
    }),
    versionKey: option({
      flags: '--version_key <n>',
      description:
        'version of the rules by which the weights were made (default: that of the subnet)',
      parse: parseKey,
    }),
    ...ownSigning,
  },
  examples: [
    'set_weights --netuid 1 --wallet.name alice --wallet.hotkey validator --uids 4 5 6 7 --weights 0.4 0.3 0.2 0.1',
    'set_weights -n 0 -w alice -H validator --uids 1 3 --weights 2 1 --dry_run',
  ],
  notes:
    'The hotkey signs, no coldkey is needed. The weights replace all that the neuron has set before; those that round to zero are left out.',

  async run(ctx, values): Promise<Done> {
    const given = await completed(ctx, values)
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

type Given = { readonly uids: readonly number[]; readonly weights: readonly number[] }

/** Lists are not asked for by themselves. @throws {BittensorError} `MISSING_INPUT` naming those that are missing */
async function completed(ctx: Context, { uids, weights }: Given): Promise<Given> {
  const missing = [
    ...(uids.length === 0 ? ['--uids'] : []),
    ...(weights.length === 0 ? ['--weights'] : []),
  ]
  if (missing.length > 0 && !ctx.settings.interactive) {
    const verb = missing.length === 1 ? 'is' : 'are'
    throw new BittensorError(
      'MISSING_INPUT',
      `${whyNotAsked(ctx)} and ${missing.join(' and ')} ${verb} missing`,
      {
        hint: 'give them on the command line, as many weights as uids',
        data: { missing },
      },
    )
  }
  return {
    uids: uids.length > 0 ? uids : await ask(ctx, 'uids', (word) => wholeNumber(word, 0, 65_535)),
    weights: weights.length > 0 ? weights : await ask(ctx, 'weights', parseWeight),
  }
}

async function ask(ctx: Context, name: string, parse: (word: string) => number): Promise<number[]> {
  const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '')
  const answer = await ctx.prompt.input({
    message: `Enter ${name}, separated by spaces (--${name})`,
    problem(text) {
      try {
        return words(text).map(parse).length === 0 ? 'at least one is needed' : undefined
      } catch (error) {
        return error instanceof Error ? error.message : undefined
      }
    },
  })
  return words(answer).map(parse)
}

function parseWeight(text: string): number {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text))
    throw new RangeError('a weight is a number from 0 on, as 0.25')
  return Number(text)
}

function parseKey(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 1n << 64n)
    throw new RangeError('must be a whole number')
  return BigInt(text)
}
