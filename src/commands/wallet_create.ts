/** `btcli wallet_create`: make a coldkey and a hotkey in one go. */
import { defineCommand } from '../cli/define.js'
import { cryptoType, encryption, newKey, overwriteHotkey } from '../cli/keyOptions.js'
import { type KeyWritten, keyWrittenBlocks, keyWrittenJson } from '../cli/keyWriting.js'
import { makeKey, prepareColdkey, prepareHotkey } from '../cli/newKeys.js'
import { walletHotkey, walletName } from '../cli/options.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { existingColdkey } from '../core/wallet/create.js'

/** The coldkey that the wallet had already; its address is not known where a file can not be read. */
type Kept = { readonly address: Ss58 | undefined }
type Done = {
  readonly coldkey: KeyWritten | undefined
  readonly kept: Kept
  readonly hotkey: KeyWritten
}

export const walletCreate = defineCommand({
  name: 'wallet_create',
  summary: 'Create a wallet: a coldkey, if it has none, and a hotkey.',
  writesKeys: true,
  options: {
    walletName,
    walletHotkey: { ...walletHotkey, description: 'name of the new hotkey' },
    ...newKey,
    ...encryption,
    overwrite: overwriteHotkey,
    cryptoType,
  },
  examples: [
    'wallet_create --wallet.name alice --wallet.hotkey miner1',
    'wallet_create -w alice -H miner1 --n_words 24',
    'wallet_create -w alice -H default --uri //Alice --no_password',
  ],
  notes:
    'A coldkey that is there stays as it is: new_coldkey replaces one. The password is for the coldkey; the hotkey is not encrypted. The words of both are shown once, on a terminal, after the files are written.',

  async run(ctx, values): Promise<Done> {
    const { walletName: name, overwrite } = values
    const { secret, public: watched } = await existingColdkey({ root: ctx.paths.wallets, name })
    const clear = { usePassword: false, noPassword: true, passwordFile: undefined }
    // A URI is that of both keys, as bittensor-cli has it, and may come from stdin, which can be read once.
    const made = values.uri === undefined ? undefined : await makeKey(ctx, values)
    // All questions before the first file: whoever declines has changed nothing.
    const writeHotkey = await prepareHotkey(ctx, { ...values, ...clear }, { overwrite, made })
    const kept = secret ?? watched
    const writeColdkey = kept
      ? undefined
      : await prepareColdkey(ctx, values, { overwrite: false, made })
    const coldkey = await writeColdkey?.()
    const hotkey = await writeHotkey()
    return { coldkey, kept: { address: secret?.address ?? watched?.address }, hotkey }
  },

  render: {
    table: ({ coldkey, kept, hotkey }, view) => [
      ...(coldkey
        ? [...keyWrittenBlocks('Coldkey created', coldkey, view), '\n']
        : [`The coldkey of ${hotkey.wallet} stays: ${kept.address ?? 'of unknown address'}`]),
      ...keyWrittenBlocks('Hotkey created', hotkey, view),
    ],
    json: ({ coldkey, kept, hotkey }) => ({
      name: hotkey.wallet,
      coldkey: coldkey
        ? { created: true, ...keyWrittenJson(coldkey) }
        : { created: false, address: kept.address ?? null },
      hotkey: keyWrittenJson(hotkey),
    }),
  },
})
