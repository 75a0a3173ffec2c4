/** `btcli stake`: stake τ of the coldkey to hotkeys. */
import type { Context } from '../cli/context.js'
import { defineCommand, flag, option } from '../cli/define.js'
import { netuid, parseAmount, signing, wholeNumber } from '../cli/options.js'
import { problemOf } from '../cli/sendAll.js'
import type { StakeTerms } from '../cli/stakePlan.js'
import { planStake } from '../cli/stakePlan.js'
import type { StakeDone } from '../cli/stakeShow.js'
import { stakeJson, stakeTable } from '../cli/stakeShow.js'
import { targetOptions, targetsOf } from '../cli/stakeTargets.js'
import { swapOptions } from '../cli/swapTerms.js'
import { transact } from '../cli/transact.js'
import { readFreeBalance } from '../core/chain/balances.js'
import type { Rao } from '../core/units.js'
import { formatTao, parseTao } from '../core/units.js'
import { openWallet } from '../core/wallet/wallet.js'

export const stake = defineCommand({
  name: 'stake',
  summary: 'Stake to your hotkey accounts.',
  usage:
    '(--amount N | --all | --max_stake N) [--wallet.hotkey NAME | --hotkeys A B … | --all_hotkeys] [options]',
  options: {
    ...targetOptions,
    netuid: option({
      flags: '-n, --netuid <n>',
      description: 'subnet to stake in; dTAO chains only, 0 is root',
      parse: netuid.parse,
      ask: async (ctx) =>
        (await ctx.chain()).era === 'dtao' ? { message: 'Enter netuid to stake in' } : undefined,
      optional: true,
    }),
    amount: option({
      flags: '-a, --amount <tao>',
      description: 'τ to stake to each hotkey; `all` is the same as --all; asked for if missing',
      parse: (text) => (/^(all|max)$/i.test(text) ? ('all' as const) : parseAmount(text)),
      ask: async (ctx, soFar) => ({
        message: `Enter Tao amount to stake, "all" for all of ${await freeText(ctx, soFar['walletName'])}`,
      }),
      askWhen: (soFar) => soFar['all'] !== true && soFar['maxStake'] === undefined,
      conflicts: ['all', 'max_stake'],
    }),
    all: flag({
      flags: '--all',
      description: 'all free τ, minus the fee and the existential deposit',
      conflicts: ['max_stake'],
    }),
    maxStake: option({
      flags: '--max_stake <tao>',
      description: 'fill each hotkey up to this stake',
      parse: parseAmount,
    }),
    split: flag({
      flags: '--split',
      description: 'with --all and several hotkeys: divide equally',
    }),
    keep: option({
      flags: '--keep <tao>',
      description: 'τ to leave free, so that later fees can be paid',
      parse: parseTao,
    }),
    batch: flag({
      flags: '--batch',
      description: 'several hotkeys in one transaction: all or nothing',
    }),
    uid: option({
      flags: '--uid <n>',
      description: 'accepted for older scripts; changes nothing',
      parse: (text) => wholeNumber(text, 0, 65_535),
      hidden: true,
    }),
    ...swapOptions,
    ...signing,
  },
  examples: [
    'stake --wallet.name alice --wallet.hotkey miner1 --amount 10',
    'stake --wallet.name alice --all_hotkeys --max_stake 100 --dry_run',
    'stake -w alice -H miner1 -a 10 --json_output -y | jq -r .data.results[0].extrinsicHash',
  ],
  notes:
    'Staked τ stays yours and comes back with `btcli unstake`. On a dTAO chain it becomes the token of a subnet: name it with --netuid.',

  async run(ctx, values): Promise<StakeDone> {
    const wallet = openWallet(
      { root: ctx.paths.wallets, name: values.walletName },
      { onWarning: ctx.warn },
    )
    const coldkey = await wallet.coldkeypubAddress()
    const targets = await targetsOf(ctx, values)
    const terms: StakeTerms = {
      ...values,
      wallet: wallet.name,
      coldkey,
      targets,
      wanted: wantedOf(values),
    }
    const done = await transact(ctx, {
      title: 'Stake',
      wallet,
      key: 'coldkey',
      values,
      plan: (planning) => planStake(planning, terms),
    })
    const commandLine = ctx.commandLine()
    return {
      ...done,
      verb: 'Staked' as const,
      wallet: wallet.name,
      coldkey,
      netuid: values.netuid,
      commandLine,
    }
  },

  render: { table: (done, view) => stakeTable(done, view), json: (done) => stakeJson(done) },
  problem: ({ results }) => problemOf(results),
})

function wantedOf(values: {
  readonly amount: Rao | 'all' | undefined
  readonly all: boolean
  readonly maxStake: Rao | undefined
}): StakeTerms['wanted'] {
  if (values.maxStake !== undefined) return { maxStake: values.maxStake }
  if (values.all || values.amount === 'all' || values.amount === undefined) return 'all'
  return { amount: values.amount }
}

/** The balance is shown before the amount is asked for. */
async function freeText(ctx: Context, walletName: unknown): Promise<string> {
  const wallet = openWallet({ root: ctx.paths.wallets, name: String(walletName) })
  const free = await readFreeBalance(await ctx.head(), await wallet.coldkeypubAddress())
  return `τ${formatTao(free, 'full')}`
}
