/** `btcli new_coldkey`: make the key that holds a wallet's balance. */
import { defineCommand, flag } from '../cli/define.js'
import { cryptoType, encryption, newKey } from '../cli/keyOptions.js'
import { type KeyWritten, keyWrittenBlocks, keyWrittenJson } from '../cli/keyWriting.js'
import { prepareColdkey } from '../cli/newKeys.js'
import { walletName } from '../cli/options.js'

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
    const write = await prepareColdkey(ctx, values, values)
    return write()
  },

  render: {
    table: (written, view) => keyWrittenBlocks('Coldkey created', written, view),
    json: (written) => keyWrittenJson(written),
  },
})
