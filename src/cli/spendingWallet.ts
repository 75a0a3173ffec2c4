/** The wallet of a command that signs: its own coldkey's money, or with `--proxy` that of another account. */
import type { Party } from '../core/plans/plan.js'
import { shortAddress } from '../core/plans/texts.js'
import { openWallet, type Wallet, type WalletLocation } from '../core/wallet/wallet.js'
import type { Context } from './context.js'
import { parseDestination, resolveDestination } from './destination.js'

/** A wallet whose coldkey acts for another account: `coldkeypubAddress` is that account, keys are the wallet's. */
type ActingWallet = Wallet & { readonly acting: { readonly real: Party; readonly own: Wallet } }

/**
 * Opens the wallet that a command spends from. With a proxy all checks and amounts are those of the account that it acts
 * for; who signs is known to `transact` alone.
 */
export async function spendingWallet(
  ctx: Context,
  location: Omit<WalletLocation, 'root'>,
  { proxy }: { readonly proxy?: string | undefined },
): Promise<Wallet> {
  const own = openWallet({ root: ctx.paths.wallets, ...location }, { onWarning: ctx.warn })
  if (proxy === undefined) return own
  const found = await resolveDestination(ctx, parseDestination(proxy))
  const real = { ...found, name: found.name === '' ? shortAddress(found.address) : found.name }
  const acting: ActingWallet = {
    ...own,
    // What is shown as the owner of balances is the account that is acted for.
    name: real.name,
    coldkeypubAddress: async () => real.address,
    acting: { real, own },
  }
  return acting
}

/** Whom a wallet acts for, and the wallet that signs; undefined if it acts for itself. */
export function actingOf(wallet: Wallet): ActingWallet['acting'] | undefined {
  return 'acting' in wallet ? (wallet as ActingWallet).acting : undefined
}
