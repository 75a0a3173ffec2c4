/** `btcli regen_coldkey`: restore a coldkey from its mnemonic, seed or JSON backup. */
import { defineCommand, flag } from '../cli/define.js'
import { keypairFromInput } from '../cli/keyInput.js'
import { cryptoType, encryption, keySource } from '../cli/keyOptions.js'
import {
  type KeyWritten,
  keyRestoredJson,
  keyWrittenBlocks,
  mayOverwrite,
  newPassword,
  writeKey,
} from '../cli/keyWriting.js'
import { walletName } from '../cli/options.js'
import { createColdkey, existingColdkey } from '../core/wallet/create.js'
import { walletPaths } from '../core/wallet/wallet.js'

export const regenColdkey = defineCommand({
  name: 'regen_coldkey',
  summary: 'Regenerates a coldkey from a passed value.',
  writesKeys: true,
  options: {
    walletName,
    ...keySource,
    ...encryption,
    overwrite: flag({
      flags: '--overwrite_coldkey, --overwrite',
      description:
        'replace an existing coldkey and coldkeypub.txt; copies of the old files are kept',
    }),
    cryptoType,
  },
  examples: [
    'regen_coldkey --wallet.name alice',
    'regen_coldkey --wallet.name alice --mnemonic_file words.txt',
    'regen_coldkey --wallet.name alice --json backup.json',
  ],
  notes:
    'It restores the same key, it makes no new one. Without a source it asks for one and does not show what is typed. For JSON output use --json_output.',

  async run(ctx, values): Promise<KeyWritten> {
    const location = { root: ctx.paths.wallets, name: values.walletName }
    const existing = await existingColdkey(location)
    const keypair = await keypairFromInput(ctx, values)
    const overwrite = await mayOverwrite(ctx, {
      existing,
      address: keypair.address,
      overwrite: values.overwrite,
      option: '--overwrite_coldkey',
    })
    const password = await newPassword(ctx, values, {
      path: walletPaths(location).coldkeyPath,
      byDefault: true,
    })
    const written = await writeKey(ctx, password, (run) =>
      createColdkey(location, keypair, { password, overwrite, ...run }),
    )
    return { ...written, wallet: values.walletName, hotkey: undefined, mnemonic: undefined }
  },

  render: {
    table: (written, view) => keyWrittenBlocks('Coldkey restored', written, view),
    json: (written) => keyRestoredJson(written),
  },
})
