/** `btcli sign`: sign a message with a wallet's key, to prove that one holds it. */
import { defineCommand, flag } from '../cli/define.js'
import { messageBytes, messageOptions } from '../cli/message.js'
import { walletHotkey, walletName } from '../cli/options.js'
import { unlocking } from '../cli/passwords.js'
import { toHex } from '../core/keys/hex.js'
import { openWallet } from '../core/wallet/wallet.js'

const useHotkey = flag({
  flags: '--use_hotkey',
  description: 'sign with the hotkey instead of the coldkey',
})

export const sign = defineCommand({
  name: 'sign',
  summary: 'Sign a message with the coldkey or hotkey of a wallet.',
  options: {
    walletName,
    useHotkey,
    walletHotkey: { ...walletHotkey, askWhen: (soFar) => soFar['useHotkey'] === true },
    ...messageOptions,
  },
  examples: [
    'sign --wallet.name alice --message "this is my key"',
    'sign --wallet.name alice --use_hotkey --wallet.hotkey miner1 --message_hex 0x1234',
  ],
  notes: 'Others check the signature with btcli verify. Nothing is sent to any chain.',

  async run(ctx, values) {
    const { walletName: name, walletHotkey: hotkey } = values
    const wallet = openWallet({ root: ctx.paths.wallets, name, hotkey }, { onWarning: ctx.warn })
    const message = await messageBytes(ctx, values)
    if (!isText(message)) {
      ctx.warn('these bytes are not text and may be a transaction; sign only what you know')
    }
    const key = await unlocking(ctx, (passwords) =>
      values.useHotkey ? wallet.unlockHotkey(passwords) : wallet.unlockColdkey(passwords),
    )
    return { address: key.address, publicKey: key.publicKey, signature: key.sign(message) }
  },

  render: {
    table: ({ address, publicKey, signature }, { style }) => [
      `${style.green(style.sign.ok)} Message signed`,
      [
        `  address    ${address}`,
        `  public key ${toHex(publicKey)}`,
        `  signature  ${toHex(signature)}`,
      ].join('\n'),
    ],
    json: ({ address, publicKey, signature }) => ({
      address,
      publicKey: toHex(publicKey),
      signature: toHex(signature),
    }),
  },
})

function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return !/[^\P{Cc}\t\n\r]/u.test(text)
  } catch {
    return false
  }
}
