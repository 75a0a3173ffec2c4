/** `btcli new_hotkey`: make the key that runs a miner or validator. */
import { defineCommand } from '../cli/define.js'
import { cryptoType, encryption, newKey, overwriteHotkey } from '../cli/keyOptions.js'
import {
  type KeyWritten,
  keyWrittenBlocks,
  keyWrittenJson,
  warnOfMissingColdkey,
} from '../cli/keyWriting.js'
import { prepareHotkey } from '../cli/newKeys.js'
import { walletHotkey, walletName } from '../cli/options.js'

export const newHotkey = defineCommand({
  name: 'new_hotkey',
  summary: 'Creates a new hotkey for running a miner under the specified path.',
  writesKeys: true,
  options: {
    walletName,
    walletHotkey: { ...walletHotkey, description: 'name of the new hotkey' },
    ...newKey,
    ...encryption,
    overwrite: overwriteHotkey,
    cryptoType,
  },
  examples: ['new_hotkey --wallet.name alice --wallet.hotkey miner1'],
  notes:
    'The key file is not encrypted unless --use_password is given. The words are shown once, on a terminal, after the file is written.',

  async run(ctx, values): Promise<KeyWritten> {
    await warnOfMissingColdkey(ctx, { root: ctx.paths.wallets, name: values.walletName })
    const write = await prepareHotkey(ctx, values, values)
    return write()
  },

  render: {
    table: (written, view) => keyWrittenBlocks('Hotkey created', written, view),
    json: (written) => keyWrittenJson(written),
  },
})
