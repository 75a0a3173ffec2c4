/** `btcli new_hotkey`: make the key that runs a miner or validator. */
import { defineCommand, flag } from '../cli/define.js'
import { keypairFromUriInput } from '../cli/keyInput.js'
import { cryptoType, encryption, newKey } from '../cli/keyOptions.js'
import {
  type KeyWritten,
  keyWrittenBlocks,
  keyWrittenJson,
  mayOverwrite,
  newPassword,
  showsMnemonic,
  warnOfMissingColdkey,
  writeKey,
} from '../cli/keyWriting.js'
import { walletHotkey, walletName } from '../cli/options.js'
import { keypairFromMnemonic } from '../core/keys/keypair.js'
import { generateMnemonic } from '../core/keys/mnemonic.js'
import { createHotkey, existingHotkey } from '../core/wallet/create.js'
import { walletPaths } from '../core/wallet/wallet.js'

export const newHotkey = defineCommand({
  name: 'new_hotkey',
  summary: 'Creates a new hotkey for running a miner under the specified path.',
  writesKeys: true,
  options: {
    walletName,
    walletHotkey: { ...walletHotkey, description: 'name of the new hotkey' },
    ...newKey,
    ...encryption,
    overwrite: flag({
      flags: '--overwrite_hotkey, --overwrite',
      description: 'replace an existing hotkey; a copy of the old file is kept',
    }),
    cryptoType,
  },
  examples: ['new_hotkey --wallet.name alice --wallet.hotkey miner1'],
  notes:
    'The key file is not encrypted unless --use_password is given. The words are shown once, on a terminal, after the file is written.',

  async run(ctx, values): Promise<KeyWritten> {
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const existing = await existingHotkey(location)
    await warnOfMissingColdkey(ctx, location)
    const overwrite = await mayOverwrite(ctx, {
      existing,
      address: undefined,
      overwrite: values.overwrite,
      option: '--overwrite_hotkey',
    })
    const password = await newPassword(ctx, values, {
      path: walletPaths(location).hotkeyPath,
      byDefault: false,
    })
    const mnemonic =
      values.uri === undefined ? await generateMnemonic(values.words, ctx.random.bytes) : undefined
    const keypair =
      mnemonic === undefined
        ? await keypairFromUriInput(ctx, values.uri ?? '', values.cryptoType)
        : await keypairFromMnemonic(mnemonic, values)
    const written = await writeKey(ctx, password, (run) =>
      createHotkey(location, keypair, { password, overwrite, ...run }),
    )
    const isShown = mnemonic !== undefined && showsMnemonic(ctx, values)
    return {
      ...written,
      wallet: values.walletName,
      hotkey: values.walletHotkey,
      mnemonic: isShown ? mnemonic : undefined,
    }
  },

  render: {
    table: (written, view) => keyWrittenBlocks('Hotkey created', written, view),
    json: (written) => keyWrittenJson(written),
  },
})
