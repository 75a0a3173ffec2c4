/** Whom to pay: an address, a public key, a local wallet or a name of the address book. Never guessed. */
import { isBookName } from '../core/addressText.js'
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { parseAccount } from '../core/keys/ss58.js'
import type { Party } from '../core/plans/plan.js'
import type { Context } from './context.js'
import { addressBookPath } from './stateFiles.js'

/** How a destination may be written. */
export type Destination =
  | { readonly kind: 'address'; readonly address: Ss58 }
  | { readonly kind: 'wallet'; readonly wallet: string; readonly hotkey: string | undefined }
  /** As it was written, with `@` or without. */
  | { readonly kind: 'book'; readonly name: string }

/**
 * Reads a destination: ss58, `0x` and 64 hex digits, `wallet:bob`, `wallet:bob/miner1`, `exchange` or `@exchange`.
 * @throws {BittensorError} `BAD_ADDRESS` with the reason
 */
export function parseDestination(text: string): Destination {
  const [, wallet, hotkey] = /^wallet:([^/]+)(?:\/(.+))?$/.exec(text) ?? []
  if (wallet !== undefined) return { kind: 'wallet', wallet, hotkey }
  if (isBookName(text)) return { kind: 'book', name: text }
  return { kind: 'address', address: parseAccount(text).address }
}

/**
 * The address of a destination and what it is called.
 * @throws {BittensorError} `WALLET_NOT_FOUND` for an unknown wallet, `BAD_ADDRESS` for an unknown name, or for one without
 * `@` that a local wallet with another address has as well
 */
export async function resolveDestination(ctx: Context, destination: Destination): Promise<Party> {
  if (destination.kind === 'address') return { name: '', address: destination.address }
  if (destination.kind === 'wallet') return walletParty(ctx, destination)
  return bookParty(ctx, destination.name)
}

async function bookParty(ctx: Context, name: string): Promise<Party> {
  const { readAddressBook, requireName, resolveName } = await import('../core/addressBook.js')
  const book = await readAddressBook(addressBookPath(ctx))
  if (!name.startsWith('@')) await refuseTwoMeanings(ctx, name, resolveName(book, name))
  return { name: `@${name.replace(/^@/, '')}`, address: requireName(book, name) }
}

/** Money must not go to the wrong one of two that are called alike. */
async function refuseTwoMeanings(
  ctx: Context,
  name: string,
  address: Ss58 | undefined,
): Promise<void> {
  const { listWallets } = await import('../core/wallet/listWallets.js')
  const wallet = (await listWallets(ctx.paths.wallets)).find((one) => one.name === name)
  if (!wallet || wallet.coldkeyAddress === address) return
  const [message, hint] = address
    ? [
        `\`${name}\` is a name of the address book and a wallet`,
        `write @${name} for ${address}, wallet:${name} for the wallet`,
      ]
    : [`\`${name}\` is no address, but a wallet`, `write wallet:${name} if you mean it`]
  throw new BittensorError('BAD_ADDRESS', message, { hint })
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
