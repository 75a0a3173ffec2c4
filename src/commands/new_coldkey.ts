/** `btcli new_coldkey`: make the key that holds a wallet's balance. */
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
  writeKey,
} from '../cli/keyWriting.js'
import { walletName } from '../cli/options.js'
import { keypairFromMnemonic } from '../core/keys/keypair.js'
import { generateMnemonic } from '../core/keys/mnemonic.js'
import { createColdkey, existingColdkey } from '../core/wallet/create.js'
import { walletPaths } from '../core/wallet/wallet.js'

export const newColdkey = defineCommand({
  name: 'new_coldkey',
  summary: 'Creates a new coldkey for containing balance under the specified path.',
  writesKeys: true,
  options: {
    walletName,
    ...newKey,
    ...encryption,
    overwrite: flag({
      flags: '--overwrite_coldkey, --overwrite',
      description:
        'replace an existing coldkey and coldkeypub.txt; copies of the old files are kept',
    }),
    cryptoType,
  },
  examples: ['new_coldkey --wallet.name alice', 'new_coldkey --wallet.name alice --n_words 24'],
  notes:
    'The key file is encrypted with a password. The words are shown once, on a terminal, after the files are written.',

  async run(ctx, values): Promise<KeyWritten> {
    const location = { root: ctx.paths.wallets, name: values.walletName }
    const existing = await existingColdkey(location)
    const overwrite = await mayOverwrite(ctx, {
      existing,
      address: undefined,
      overwrite: values.overwrite,
      option: '--overwrite_coldkey',
    })
    const password = await newPassword(ctx, values, {
      path: walletPaths(location).coldkeyPath,
      // The development phrase is public: a password would protect nothing.
      byDefault: values.uri?.startsWith('/') !== true,
    })
    const mnemonic =
      values.uri === undefined ? await generateMnemonic(values.words, ctx.random.bytes) : undefined
    const keypair =
      mnemonic === undefined
        ? await keypairFromUriInput(ctx, values.uri ?? '', values.cryptoType)
        : await keypairFromMnemonic(mnemonic, values)
    const written = await writeKey(ctx, password, (run) =>
      createColdkey(location, keypair, { password, overwrite, ...run }),
    )
    const isShown = mnemonic !== undefined && showsMnemonic(ctx, values)
    return {
      ...written,
      wallet: values.walletName,
      hotkey: undefined,
      mnemonic: isShown ? mnemonic : undefined,
    }
  },

  render: {
    table: (written, view) => keyWrittenBlocks('Coldkey created', written, view),
    json: (written) => keyWrittenJson(written),
  },
})
