/** How much is staked or unstaked, and in which subnet: options shared by the commands that do it. */
import { readFreeBalance } from '../core/chain/balances.js'
import type { ChainClient } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { effectAmount } from '../core/plans/plan.js'
import { stakeAt } from '../core/plans/stakeFacts.js'
import type { StakeTerms } from '../core/plans/stakePlan.js'
import type { UnstakeTerms } from '../core/plans/unstakePlan.js'
import type { Rao } from '../core/units.js'
import { formatTao, parseTao } from '../core/units.js'
import { openWallet } from '../core/wallet/wallet.js'
import type { Context } from './context.js'
import { flag, option, type SoFar } from './define.js'
import { askNetuidTo } from './netuid.js'
import { netuid, parseAmount } from './options.js'
import { hotkeyParty } from './parties.js'

/** The subnet of a stake: asked for on dTAO chains only. */
export function stakeNetuid(verb: 'stake in' | 'unstake from') {
  return option({
    flags: '-n, --netuid <n>',
    description: `subnet to ${verb}; dTAO chains only, 0 is root`,
    parse: netuid.parse,
    ask: async (ctx) =>
      (await ctx.chain()).era === 'dtao' ? askNetuidTo(`to ${verb}`)(ctx) : undefined,
    optional: true,
  })
}

/** `--amount` and `--keep` of commands that stake. */
export const stakeAmounts = {
  amount: option({
    flags: '-a, --amount <tao>',
    description: 'τ to stake to each hotkey; `all` is the same as --all; asked for if missing',
    parse: amountOrAll,
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
  keep: option({
    flags: '--keep <tao>',
    description: 'τ to leave free, so that later fees can be paid',
    parse: parseTao,
  }),
}

/** `--amount`, `--amount_alpha` and `--all` of commands that unstake. */
export const unstakeAmounts = {
  amount: option({
    flags: '-a, --amount <tao>',
    description: 'τ to take from each hotkey; `all` is the same as --all; asked for if missing',
    parse: amountOrAll,
    // In a subnet with a token of its own the next question asks for that.
    ask: async (ctx, soFar) =>
      (await isAlpha(ctx, soFar))
        ? undefined
        : {
            message: `Enter Tao amount to unstake, "all" for all of ${await stakedText(ctx, soFar)}`,
          },
    askWhen: (soFar) => isUnsaid(soFar) && soFar['amountAlpha'] === undefined,
    conflicts: ['all', 'max_stake', 'amount_alpha'],
  }),
  amountAlpha: option({
    flags: '--amount_alpha <alpha>',
    description: 'alpha to take from each hotkey, or `all`; dTAO chains only',
    parse: (text) => (isAll(text) ? ('all' as const) : parseAlpha(text)),
    ask: async (ctx, soFar) =>
      (await isAlpha(ctx, soFar))
        ? { message: `Enter alpha to unstake, "all" for all of ${await stakedText(ctx, soFar)}` }
        : undefined,
    askWhen: (soFar) => isUnsaid(soFar) && soFar['amount'] === undefined,
    optional: true,
    conflicts: ['all', 'max_stake'],
  }),
  all: flag({
    flags: '--all',
    description: 'all stake, as it is when the transaction is signed',
    conflicts: ['max_stake'],
  }),
}

function amountOrAll(text: string): Rao | 'all' {
  return isAll(text) ? ('all' as const) : parseAmount(text)
}

function isAll(text: string): boolean {
  return /^(all|max)$/i.test(text)
}

/** How much to unstake was not given in any way. */
function isUnsaid(soFar: SoFar): boolean {
  return soFar['all'] !== true && soFar['maxStake'] === undefined
}

/** Whether stake in the subnet is another token than τ. */
async function isAlpha(ctx: Context, { netuid }: SoFar): Promise<boolean> {
  return (await ctx.chain()).era === 'dtao' && netuid !== 0
}

/** What a command that stakes is to stake to each hotkey. */
export function wantedToStake(values: {
  readonly amount: Rao | 'all' | undefined
  readonly all: boolean
  readonly maxStake: Rao | undefined
}): StakeTerms['wanted'] {
  if (values.maxStake !== undefined) return { maxStake: values.maxStake }
  if (values.all || values.amount === 'all' || values.amount === undefined) return 'all'
  return { amount: values.amount }
}

/** The worst mistake on a dTAO chain is to take alpha for τ: each has its own option. On root they are the same. */
export function wantedToUnstake(
  client: ChainClient,
  values: {
    readonly amount: bigint | 'all' | undefined
    readonly amountAlpha: bigint | 'all' | undefined
    readonly maxStake: bigint | undefined
    readonly netuid: number | undefined
  },
): UnstakeTerms['wanted'] {
  const { amount, amountAlpha, maxStake } = values
  const isToken = client.era === 'dtao' && values.netuid !== 0
  if (amountAlpha !== undefined && !isToken) {
    throw new BittensorError('USAGE', 'stake here is τ, not alpha', { hint: 'use --amount' })
  }
  if (typeof amount === 'bigint' && isToken) {
    throw new BittensorError('USAGE', 'stake in this subnet is alpha, not τ', {
      hint: 'use --amount_alpha',
    })
  }
  if (maxStake !== undefined) return { leave: maxStake }
  if (typeof amountAlpha === 'bigint') return { amount: amountAlpha }
  return typeof amount === 'bigint' ? { amount } : 'all'
}

/** An amount of a subnet's token: refuses what is written as τ. */
export function parseAlpha(text: string): bigint {
  if (/τ|tao|rao/i.test(text)) {
    throw new BittensorError('BAD_AMOUNT', 'this is an amount of alpha: write it without τ')
  }
  return parseAmount(text.replace(/\s*α\s*/u, ''))
}

/** The balance is shown before the amount is asked for. */
async function freeText(ctx: Context, walletName: unknown): Promise<string> {
  const wallet = openWallet({ root: ctx.paths.wallets, name: String(walletName) })
  const free = await readFreeBalance(await ctx.head(), await wallet.coldkeypubAddress())
  return `τ${formatTao(free, 'full')}`
}

/** What there is to move, ` (40 SN2)`, for the question about the amount; empty if it can not be said. */
export async function stakeText(ctx: Context, soFar: SoFar): Promise<string> {
  const { walletName, walletHotkey, originNetuid } = soFar
  if (typeof originNetuid !== 'number') return ''
  const hotkey = await hotkeyParty(ctx, String(walletName), String(walletHotkey))
  return ` (${await stakeOn(ctx, walletName, hotkey.address, originNetuid)})`
}

/** What can be unstaked, `40 SN2`; `it` for several hotkeys, and for a delegate by name. */
async function stakedText(ctx: Context, soFar: SoFar): Promise<string> {
  const { walletName, walletHotkey, hotkeySs58, hotkeys, allHotkeys, delegate, netuid } = soFar
  const isOne = allHotkeys !== true && !(Array.isArray(hotkeys) && hotkeys.length > 0)
  const { address } = (delegate ?? {}) as { readonly address?: Ss58 }
  if (!isOne || (delegate !== undefined && address === undefined)) return 'it'
  const hotkey =
    (hotkeySs58 as Ss58 | undefined) ??
    address ??
    (await hotkeyParty(ctx, String(walletName), String(walletHotkey))).address
  return stakeOn(ctx, walletName, hotkey, typeof netuid === 'number' ? netuid : undefined)
}

async function stakeOn(
  ctx: Context,
  walletName: unknown,
  hotkey: Ss58,
  netuid: number | undefined,
): Promise<string> {
  const wallet = openWallet({ root: ctx.paths.wallets, name: String(walletName) })
  const where = { coldkey: await wallet.coldkeypubAddress(), netuid }
  return effectAmount(where, await stakeAt(await ctx.head(), hotkey, where))
}
