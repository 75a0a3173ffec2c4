/** Whom to pay: an address, a public key, a local wallet or a name of the address book. Never guessed. */
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { parseAccount } from '../core/keys/ss58.js'
import type { Party } from '../core/plans/plan.js'
import type { Context } from './context.js'

/** How a destination may be written. */
export type Destination =
  | { readonly kind: 'address'; readonly address: Ss58 }
  | { readonly kind: 'wallet'; readonly wallet: string; readonly hotkey: string | undefined }
  | { readonly kind: 'book'; readonly name: string }

/**
 * Reads a destination: ss58, `0x` and 64 hex digits, `wallet:bob`, `wallet:bob/miner1`, `@exchange`.
 * @throws {BittensorError} `BAD_ADDRESS` with the reason
 */
export function parseDestination(text: string): Destination {
  const [, wallet, hotkey] = /^wallet:([^/]+)(?:\/(.+))?$/.exec(text) ?? []
  if (wallet !== undefined) return { kind: 'wallet', wallet, hotkey }
  if (text.startsWith('@') && text.length > 1) return { kind: 'book', name: text }
  return { kind: 'address', address: parseAccount(text).address }
}

/**
 * The address of a destination and what it is called.
 * @throws {BittensorError} `WALLET_NOT_FOUND` for an unknown wallet, `BAD_ADDRESS` for an unknown name
 */
export async function resolveDestination(ctx: Context, destination: Destination): Promise<Party> {
  if (destination.kind === 'address') return { name: '', address: destination.address }
  if (destination.kind === 'wallet') return walletParty(ctx, destination)
  const { readAddressBook, resolveName } = await import('../core/addressBook.js')
  const { addressBookPath } = await import('./stateFiles.js')
  const address = resolveName(await readAddressBook(addressBookPath(ctx)), destination.name)
  if (address) return { name: destination.name, address }
  throw new BittensorError('BAD_ADDRESS', `there is no \`${destination.name}\` in the address book`)
}

async function walletParty(
  ctx: Context,
  { wallet, hotkey }: { readonly wallet: string; readonly hotkey: string | undefined },
): Promise<Party> {
  const { openWallet } = await import('../core/wallet/wallet.js')
  const opened = openWallet({ root: ctx.paths.wallets, name: wallet, hotkey })
  if (hotkey === undefined) return { name: wallet, address: await opened.coldkeypubAddress() }
  return { name: `${wallet}/${hotkey}`, address: await opened.hotkeyAddress() }
}
