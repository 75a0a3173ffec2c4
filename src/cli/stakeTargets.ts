/** Which hotkeys `stake` and `unstake` act on. */
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import type { Target } from '../core/plans/plan.js'
import { listWallets } from '../core/wallet/listWallets.js'
import type { Context } from './context.js'
import { allHotkeys, hotkeys, walletHotkey, walletName } from './options.js'
import { hotkeyParty } from './parties.js'

/** Options that choose wallet and hotkeys. The hotkey is asked for only if no list is given. */
export const targetOptions = {
  walletName,
  walletHotkey: {
    ...walletHotkey,
    askWhen: (soFar: Readonly<Record<string, unknown>>) =>
      soFar['allHotkeys'] !== true &&
      !(Array.isArray(soFar['hotkeys']) && soFar['hotkeys'].length > 0) &&
      soFar['hotkeySs58'] === undefined,
  },
  hotkeys,
  allHotkeys,
}

export type TargetValues = {
  readonly walletName: string
  readonly walletHotkey: string
  readonly hotkeys: readonly string[]
  readonly allHotkeys: boolean
}

/**
 * The hotkeys that the options mean, each once, in the order given.
 * @throws {BittensorError} `WALLET_NOT_FOUND` for a name without a hotkey, `BAD_ADDRESS`
 */
export async function targetsOf(ctx: Context, values: TargetValues): Promise<Target[]> {
  const targets = values.allHotkeys
    ? await allOf(ctx, values)
    : await namedOf(ctx, values, values.hotkeys.length > 0 ? values.hotkeys : [values.walletHotkey])
  const seen = new Set<Ss58>()
  return targets.filter(({ address }) => !seen.has(address) && seen.add(address))
}

async function namedOf(
  ctx: Context,
  { walletName: wallet }: TargetValues,
  names: readonly string[],
): Promise<Target[]> {
  const targets: Target[] = []
  for (const name of names) targets.push(await hotkeyParty(ctx, wallet, name))
  return targets
}

async function allOf(ctx: Context, values: TargetValues): Promise<Target[]> {
  const all = await listWallets(ctx.paths.wallets)
  const wallet = all.find(({ name }) => name === values.walletName)
  const known = (wallet?.hotkeys ?? []).flatMap(({ name, address }) => {
    if (address !== null && address !== undefined) return [{ name, address }]
    ctx.warn(`hotkey ${name} is left out: its address cannot be read, or not without a password`)
    return []
  })
  const excluded = await namedOf(ctx, values, values.hotkeys)
  const left = known.filter(({ address }) => !excluded.some((one) => one.address === address))
  if (left.length > 0) return left
  throw new BittensorError(
    'WALLET_NOT_FOUND',
    `wallet \`${values.walletName}\` has no${known.length > 0 ? ' other' : ''} hotkeys`,
    { details: `looked in ${ctx.paths.wallets}`, hint: 'btcli list' },
  )
}
