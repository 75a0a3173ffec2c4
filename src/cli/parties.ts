/** The wallet that signs and the hotkey that is meant, as commands with one transaction need them. */

import { looksLikeAddress } from '../core/addressText.js'
import { BittensorError } from '../core/errors.js'
import { parseAccount, type Ss58 } from '../core/keys/ss58.js'
import type { Party } from '../core/plans/plan.js'
import { openWallet, type Wallet } from '../core/wallet/wallet.js'
import { bookAddress } from './bookNames.js'
import type { Context } from './context.js'
import { walletHotkey, walletName } from './options.js'
import { spendingWallet } from './spendingWallet.js'

/** Options of {@link openParties}. */
export const partyOptions = { walletName, walletHotkey }

/** What a command with one wallet and one hotkey works on. */
export type Parties = {
  readonly opened: Wallet
  /** The coldkey. */
  readonly wallet: Party
  readonly hotkey: Party
}

/** The wallet, and the account it acts for as a proxy. */
type Wanted = { readonly walletName: string; readonly proxy?: string | undefined }

/**
 * Opens the wallet; no password is needed yet.
 * @throws {BittensorError} `WALLET_NOT_FOUND`, `KEYFILE`, `BAD_ADDRESS`
 */
export async function openParties(
  ctx: Context,
  values: Wanted & { readonly walletHotkey: string },
): Promise<Parties> {
  const { opened, wallet } = await openColdkey(ctx, values, values.walletHotkey)
  return { opened, wallet, hotkey: await hotkeyParty(ctx, values.walletName, values.walletHotkey) }
}

/** Opens the wallet of a command that needs its coldkey only. */
export async function openColdkey(
  ctx: Context,
  values: Wanted,
  hotkey?: string,
): Promise<Pick<Parties, 'opened' | 'wallet'>> {
  const named = hotkey !== undefined && !looksLikeAddress(hotkey) ? { hotkey } : {}
  const opened = await spendingWallet(ctx, { name: values.walletName, ...named }, values)
  return { opened, wallet: { name: opened.name, address: await opened.coldkeypubAddress() } }
}

/** Opens the wallet of a command that its hotkey signs; the coldkey need not be on this machine. */
export async function openHotkey(
  ctx: Context,
  values: { readonly walletName: string; readonly walletHotkey: string },
): Promise<Pick<Parties, 'opened' | 'hotkey'>> {
  const location = { root: ctx.paths.wallets, name: values.walletName, hotkey: values.walletHotkey }
  const opened = openWallet(location, { onWarning: ctx.warn })
  return { opened, hotkey: { name: opened.hotkeyName, address: await opened.hotkeyAddress() } }
}

/**
 * A hotkey by its name in a wallet, by its address, or by a name of the address book that no hotkey of the wallet has.
 * @throws {BittensorError} `WALLET_NOT_FOUND`, `BAD_ADDRESS`
 */
export async function hotkeyParty(ctx: Context, wallet: string, hotkey: string): Promise<Party> {
  // What looks like an address is one, even if mistyped: then it is a bad address, not a missing wallet.
  if (looksLikeAddress(hotkey)) return { name: '', address: parseAccount(hotkey).address }
  const named = await bookAddress(ctx, hotkey)
  const opened = openWallet({ root: ctx.paths.wallets, name: wallet, hotkey })
  try {
    const address = await opened.hotkeyAddress()
    if (named && named !== address) ctx.warn(twoMeanings(hotkey, named))
    return { name: hotkey, address }
  } catch (error) {
    const isMissing = error instanceof BittensorError && error.code === 'WALLET_NOT_FOUND'
    if (named && isMissing) return { name: `@${hotkey}`, address: named }
    throw error
  }
}

/** A hotkey of one's own wins over a name of the address book, and that is told. */
export function twoMeanings(name: string, address: Ss58): string {
  return `${name} is taken for the hotkey; the address book has the name as well: @${name} is ${address}`
}
