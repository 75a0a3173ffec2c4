/** `btcli regen_hotkey`: restore a hotkey from its mnemonic, seed or JSON backup. */
import { defineCommand } from '../cli/define.js'
import { keypairFromInput } from '../cli/keyInput.js'
import { cryptoType, encryption, keySource, overwriteHotkey } from '../cli/keyOptions.js'
import {
  type KeyWritten,
  keyRestoredJson,
  keyWrittenBlocks,
  mayOverwrite,
  newPassword,
  warnOfMissingColdkey,
  writeKey,
} from '../cli/keyWriting.js'
import { walletHotkey, walletName } from '../cli/options.js'
import { createHotkey, existingHotkey } from '../core/wallet/create.js'
import { walletPaths } from '../core/wallet/wallet.js'

export const regenHotkey = defineCommand({
  name: 'regen_hotkey',
  summary: 'Regenerates a hotkey from a passed mnemonic.',
  writesKeys: true,
  options: {
    walletName,
    walletHotkey: { ...walletHotkey, description: 'name of the hotkey' },
    ...keySource,
    ...encryption,
    overwrite: overwriteHotkey,
    cryptoType,
  },
  examples: [
    'regen_hotkey --wallet.name alice --wallet.hotkey miner1',
    'regen_hotkey --wallet.name alice --wallet.hotkey miner1 --mnemonic_file words.txt',
  ],
  notes:
    'Without a source it asks for one and does not show what is typed. The key file is not encrypted unless --use_password is given. For JSON output use --json_output.',

  async run(ctx, values): Promise<KeyWritten> {
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const existing = await existingHotkey(location)
    const keypair = await keypairFromInput(ctx, values)
    await warnOfMissingColdkey(ctx, location)
    const overwrite = await mayOverwrite(ctx, {
      existing,
      address: keypair.address,
      overwrite: values.overwrite,
      option: '--overwrite_hotkey',
    })
    const password = await newPassword(ctx, values, {
      path: walletPaths(location).hotkeyPath,
      byDefault: false,
    })
    const written = await writeKey(ctx, password, (run) =>
      createHotkey(location, keypair, { password, overwrite, ...run }),
    )
    return {
      ...written,
      wallet: values.walletName,
      hotkey: values.walletHotkey,
      mnemonic: undefined,
    }
  },

  render: {
    table: (written, view) => keyWrittenBlocks('Hotkey restored', written, view),
    json: (written) => keyRestoredJson(written),
  },
})
