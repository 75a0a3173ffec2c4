/** Wallets on this machine, as the commands that read the chain need them: names and addresses, no passwords. */
import { closest } from '../core/closest.js'
import { BittensorError } from '../core/errors.js'
import { parseAccount, type Ss58 } from '../core/keys/ss58.js'
import { listWallets } from '../core/wallet/listWallets.js'
import { bookAddress } from './bookNames.js'
import type { Context } from './context.js'
import { twoMeanings } from './parties.js'

/** A hotkey file whose address is known. */
export type LocalHotkey = { readonly wallet: string; readonly name: string; readonly address: Ss58 }

export type LocalWallet = {
  readonly name: string
  /** Undefined without coldkeypub.txt. */
  readonly coldkey: Ss58 | undefined
  readonly hotkeys: readonly LocalHotkey[]
}

/**
 * The wallet of a name, or all of them.
 * @throws {BittensorError} `WALLET_NOT_FOUND` naming the wallets that exist
 */
export async function localWallets(ctx: Context, name: string | undefined): Promise<LocalWallet[]> {
  const all = await listWallets(ctx.paths.wallets)
  const chosen = name === undefined ? all : all.filter((wallet) => wallet.name === name)
  if (chosen.length === 0 && name !== undefined) {
    const [near] = closest(
      name,
      all.map((wallet) => wallet.name),
    )
    throw new BittensorError(
      'WALLET_NOT_FOUND',
      `there is no wallet \`${name}\` in ${ctx.paths.wallets}`,
      {
        details:
          all.length === 0
            ? 'no wallets there'
            : `wallets: ${all.map((wallet) => wallet.name).join(', ')}`,
        hint: near ? `did you mean ${near}?` : `btcli new_coldkey --wallet.name ${name}`,
      },
    )
  }
  return chosen.map((wallet) => ({
    name: wallet.name,
    coldkey: wallet.coldkeyAddress ?? undefined,
    hotkeys: wallet.hotkeys.flatMap((hotkey) =>
      hotkey.address ? [{ wallet: wallet.name, name: hotkey.name, address: hotkey.address }] : [],
    ),
  }))
}

/** A wallet whose coldkey has a known address. */
export type LocalColdkey = LocalWallet & { readonly coldkey: Ss58 }

/**
 * The wallet of a name, or all of them, with their coldkeys. Of all wallets those without are left out, with a warning.
 * @throws {BittensorError} `WALLET_NOT_FOUND`, also when the wallet of the name has no coldkey
 */
export async function localColdkeys(
  ctx: Context,
  name: string | undefined,
): Promise<LocalColdkey[]> {
  const wallets = await localWallets(ctx, name)
  return wallets.flatMap((wallet) => {
    const { coldkey } = wallet
    if (coldkey) return [{ ...wallet, coldkey }]
    const fault = `wallet ${wallet.name} has no coldkeypub.txt`
    if (name !== undefined) {
      throw new BittensorError('WALLET_NOT_FOUND', fault, {
        hint: `btcli regen_coldkeypub --wallet.name ${name} --ss58_address ADDRESS writes one`,
      })
    }
    ctx.warn(`${fault} and is left out`)
    return []
  })
}

/**
 * The hotkeys that `--hotkeys` names (by name, address or a name of the address book), or with `--all_hotkeys` all but
 * those; all when neither is given.
 * @throws {BittensorError} `WALLET_NOT_FOUND` for a name that neither these wallets nor the address book have
 */
export async function ofHotkeys(
  ctx: Context,
  wallets: readonly LocalWallet[],
  { hotkeys, allHotkeys }: { readonly hotkeys: readonly string[]; readonly allHotkeys: boolean },
): Promise<LocalHotkey[]> {
  const local = wallets.flatMap((wallet) => wallet.hotkeys)
  if (hotkeys.length === 0) return local
  const named: LocalHotkey[] = []
  for (const text of hotkeys) named.push(...(await hotkeysOf(ctx, text, local)))
  if (!allHotkeys) return named
  return local.filter((key) => !named.some(({ address }) => address === key.address))
}

async function hotkeysOf(
  ctx: Context,
  text: string,
  local: readonly LocalHotkey[],
): Promise<readonly LocalHotkey[]> {
  const found = local.filter(({ name, address }) => name === text || address === text)
  const named = await bookAddress(ctx, text)
  if (found.length === 0) return [foreignHotkey(text, named, local)]
  if (named && found.every(({ address }) => address !== named)) ctx.warn(twoMeanings(text, named))
  return found
}

function foreignHotkey(
  text: string,
  named: Ss58 | undefined,
  local: readonly LocalHotkey[],
): LocalHotkey {
  if (named) return { wallet: '', name: '', address: named }
  if (/^(5|0x)/.test(text)) return { wallet: '', name: '', address: parseAccount(text).address }
  throw new BittensorError('WALLET_NOT_FOUND', `there is no hotkey \`${text}\``, {
    details:
      local.length === 0
        ? 'no hotkeys found'
        : `hotkeys: ${local.map((key) => key.name).join(', ')}`,
    hint: 'btcli list',
  })
}
