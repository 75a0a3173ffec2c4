/** `btcli list`: the wallets on this machine, without any password and without the chain. */

import { defineCommand, flag } from '../cli/define.js'
import { walletName } from '../cli/options.js'
import type { Table, View } from '../cli/table.js'
import { safe, widthOf } from '../cli/text.js'
import { BittensorError } from '../core/errors.js'
import { shortAddress } from '../core/plans/texts.js'
import { listWallets, type WalletSummary } from '../core/wallet/listWallets.js'

export const list = defineCommand({
  name: 'list',
  summary: 'List wallets.',
  options: {
    walletName: {
      ...walletName,
      ask: undefined,
      fallback: undefined,
      description: 'show this wallet alone',
    },
    coldkeysOnly: flag({ flags: '--coldkeys_only', description: 'leave the hotkeys out' }),
  },
  examples: ['list', 'list --wallet.path ~/other/wallets'],
  notes: '`?` is an address that cannot be read without a password, or at all.',

  async run(ctx, values) {
    const path = ctx.paths.wallets
    // A name from the environment or a config file is a default for other commands, no wish to see less here.
    const only = ctx.origin('wallet.name')?.layer === 'flag' ? values.walletName : undefined
    const wallets = await listWallets(path, { only })
    if (only !== undefined && wallets.length === 0) {
      throw new BittensorError('WALLET_NOT_FOUND', `there is no wallet \`${only}\` in ${path}`, {
        hint: 'btcli list shows all of them',
      })
    }
    return { path, wallets, coldkeysOnly: values.coldkeysOnly }
  },

  render: {
    table: ({ wallets, coldkeysOnly }, view) => tree(wallets, coldkeysOnly, view),
    csv: ({ wallets, coldkeysOnly }) => sheet(wallets, coldkeysOnly),
    json: ({ path, wallets, coldkeysOnly }) => ({
      path,
      wallets: wallets.map((wallet) => ({
        name: wallet.name,
        path: wallet.path,
        coldkeyAddress: wallet.coldkeyAddress ?? null,
        coldkeyEncrypted: wallet.coldkeyEncrypted,
        hasColdkey: wallet.hasColdkey,
        ...(coldkeysOnly ? {} : { hotkeys: wallet.hotkeys.map(hotkeyJson) }),
      })),
    }),
  },
})

type Hotkey = WalletSummary['hotkeys'][number]

function hotkeyJson({ name, address, encrypted, publicOnly }: Hotkey) {
  return { name, address: address ?? null, encrypted, publicOnly }
}

/** A row per key: the coldkey of each wallet, then its hotkeys. */
function sheet(wallets: readonly WalletSummary[], coldkeysOnly: boolean): Table {
  const titles = ['WALLET', 'KEY', 'NAME', 'ADDRESS', 'STATE']
  return {
    columns: titles.map((title) => ({ title })),
    rows: wallets.flatMap((wallet) => [
      [wallet.name, 'coldkey', '', wallet.coldkeyAddress, coldkeyMark(wallet).trim()],
      ...(coldkeysOnly ? [] : wallet.hotkeys).map((hotkey) => [
        wallet.name,
        'hotkey',
        hotkey.name,
        hotkey.address,
        hotkeyMark(hotkey).trim() || 'not encrypted',
      ]),
    ]),
  }
}

/** The tree of bittensor 5.3.1, where a label starts with an empty line. */
function tree(wallets: readonly WalletSummary[], coldkeysOnly: boolean, view: View): string {
  const { style } = view
  if (wallets.length === 0) {
    return `Wallets\n└── ${style.bold(style.red('No wallets found.'))}\nbtcli new_coldkey makes one.`
  }
  const lines = wallets.flatMap((wallet, index) => {
    const isLast = index === wallets.length - 1
    const trunk = isLast ? '    ' : '│   '
    const hotkeys = coldkeysOnly ? [] : wallet.hotkeys
    return [
      isLast ? '└── ' : '├── ',
      `${trunk}${walletLabel(wallet, view)}`,
      ...hotkeys.map((hotkey, at) => {
        const branch = at === hotkeys.length - 1 ? '└── ' : '├── '
        return `${trunk}${branch}${hotkeyLabel(hotkey, view)}`
      }),
    ]
  })
  return ['Wallets', ...lines].join('\n')
}

function walletLabel(wallet: WalletSummary, view: View): string {
  const { style } = view
  const mark = coldkeyMark(wallet)
  return style.bold(style.white(label(wallet.name, wallet.coldkeyAddress, mark, view)))
}

function coldkeyMark({ hasColdkey, coldkeyAddress, coldkeyEncrypted }: WalletSummary): string {
  if (coldkeyEncrypted) return ' encrypted'
  if (hasColdkey) return ' not encrypted'
  return coldkeyAddress === undefined ? ' no coldkey' : ' watch-only'
}

function hotkeyMark({ address, encrypted, publicOnly }: Hotkey): string {
  if (publicOnly) return ' public part only'
  if (encrypted) return ' encrypted'
  return address === undefined ? ' not readable' : ''
}

function hotkeyLabel(hotkey: Hotkey, view: View): string {
  return view.style.dim(label(hotkey.name, hotkey.address, hotkeyMark(hotkey), view))
}

/** Four columns of trunk and four of branch are taken. */
const BRANCHES = 8

function label(name: string, address: string | undefined, mark: string, view: View): string {
  const full = `${safe(name)} (${address ?? '?'})${mark}`
  if (view.wide || address === undefined || widthOf(full) + BRANCHES <= view.width) return full
  return `${safe(name)} (${shortAddress(address)})${mark}`
}
