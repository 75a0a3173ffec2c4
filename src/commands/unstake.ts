/** `btcli unstake`: take stake back from hotkeys to the coldkey. */
import { defineCommand, flag, option } from '../cli/define.js'
import { netuid, parseAmount, signing } from '../cli/options.js'
import { problemOf } from '../cli/sendAll.js'
import type { StakeDone } from '../cli/stakeShow.js'
import { stakeJson, stakeTable } from '../cli/stakeShow.js'
import type { Target } from '../cli/stakeTargets.js'
import { targetOptions, targetsOf } from '../cli/stakeTargets.js'
import { swapOptions } from '../cli/swapTerms.js'
import { transact } from '../cli/transact.js'
import type { UnstakeTerms } from '../cli/unstakePlan.js'
import { planUnstake } from '../cli/unstakePlan.js'
import type { ChainClient } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { parseAccount } from '../core/keys/ss58.js'
import { parseTao } from '../core/units.js'
import { openWallet } from '../core/wallet/wallet.js'

export const unstake = defineCommand({
  name: 'unstake',
  summary: 'Unstake from hotkey accounts.',
  usage:
    '(--amount N | --all | --max_stake N) [--wallet.hotkey NAME | --hotkeys A B … | --all_hotkeys] [options]',
  options: {
    ...targetOptions,
    hotkeySs58: option({
      flags: '--hotkey_ss58address <ss58>',
      description: 'one hotkey by its address',
      parse: (text) => parseAccount(text).address,
      conflicts: ['hotkeys', 'all_hotkeys'],
    }),
    netuid: option({
      flags: '-n, --netuid <n>',
      description: 'subnet to unstake from; dTAO chains only, 0 is root',
      parse: netuid.parse,
      ask: async (ctx) =>
        (await ctx.chain()).era === 'dtao'
          ? { message: 'Enter netuid to unstake from' }
          : undefined,
      optional: true,
    }),
    amount: option({
      flags: '-a, --amount <tao>',
      description: 'τ to take from each hotkey; `all` is the same as --all; asked for if missing',
      parse: (text) => (/^(all|max)$/i.test(text) ? ('all' as const) : parseAmount(text)),
      ask: { message: 'Enter Tao amount to unstake, "all" for all of it' },
      askWhen: (soFar) =>
        soFar['all'] !== true &&
        soFar['maxStake'] === undefined &&
        soFar['amountAlpha'] === undefined,
      conflicts: ['all', 'max_stake', 'amount_alpha'],
    }),
    amountAlpha: option({
      flags: '--amount_alpha <alpha>',
      description: 'alpha to take from each hotkey; dTAO chains only',
      parse: parseAlpha,
      conflicts: ['all', 'max_stake'],
    }),
    all: flag({
      flags: '--all',
      description: 'all stake, as it is when the transaction is signed',
      conflicts: ['max_stake'],
    }),
    maxStake: option({
      flags: '--max_stake <tao>',
      description: 'leave at most this on each hotkey; alpha on dTAO chains',
      parse: parseTao,
    }),
    batch: flag({
      flags: '--batch',
      description: 'several hotkeys in one transaction: all or nothing',
    }),
    ...swapOptions,
    ...signing,
  },
  examples: [
    'unstake --wallet.name alice --wallet.hotkey miner1 --amount 10',
    'unstake --wallet.name alice --all_hotkeys --all --dry_run',
    'unstake -w alice --hotkey_ss58address 5Hot… --all -y --json_output',
  ],
  notes:
    'The τ comes back to the free balance of the coldkey. On a dTAO chain stake is the token of a subnet: name the subnet with --netuid and the amount with --amount_alpha.',

  async run(ctx, values): Promise<StakeDone> {
    const wallet = openWallet(
      { root: ctx.paths.wallets, name: values.walletName },
      { onWarning: ctx.warn },
    )
    const coldkey = await wallet.coldkeypubAddress()
    const targets: readonly Target[] = values.hotkeySs58
      ? [{ name: '', address: values.hotkeySs58 }]
      : await targetsOf(ctx, values)
    const terms = { ...values, wallet: wallet.name, coldkey, targets }
    const done = await transact(ctx, {
      title: 'Unstake',
      wallet,
      key: 'coldkey',
      values,
      plan: (planning) =>
        planUnstake(planning, { ...terms, wanted: wantedOf(planning.client, values) }),
    })
    const commandLine = ctx.commandLine()
    return {
      ...done,
      verb: 'Unstaked' as const,
      wallet: wallet.name,
      coldkey,
      netuid: values.netuid,
      commandLine,
    }
  },

  render: { table: (done, view) => stakeTable(done, view), json: (done) => stakeJson(done) },
  problem: ({ results }) => problemOf(results),
})

/** The worst mistake on a dTAO chain is to take alpha for τ: each has its own option. On root they are the same. */
function wantedOf(
  client: ChainClient,
  values: {
    readonly amount: bigint | 'all' | undefined
    readonly amountAlpha: bigint | undefined
    readonly maxStake: bigint | undefined
    readonly netuid: number | undefined
  },
): UnstakeTerms['wanted'] {
  const { amount, amountAlpha, maxStake } = values
  const isAlpha = client.era === 'dtao' && values.netuid !== 0
  if (amountAlpha !== undefined && !isAlpha) {
    throw new BittensorError('USAGE', 'stake here is τ, not alpha', { hint: 'use --amount' })
  }
  if (typeof amount === 'bigint' && isAlpha) {
    throw new BittensorError('USAGE', 'stake in this subnet is alpha, not τ', {
      hint: 'use --amount_alpha',
    })
  }
  if (maxStake !== undefined) return { leave: maxStake }
  if (amountAlpha !== undefined) return { amount: amountAlpha }
  return typeof amount === 'bigint' ? { amount } : 'all'
}

function parseAlpha(text: string): bigint {
  if (/τ|tao|rao/i.test(text)) {
    throw new BittensorError('BAD_AMOUNT', 'this is an amount of alpha: write it without τ')
  }
  return parseAmount(text.replace(/\s*α\s*/u, ''))
}
