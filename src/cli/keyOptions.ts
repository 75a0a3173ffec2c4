/** Options of the commands that make, restore and use keys. */
import type { CryptoType } from '../core/keys/keypair.js'
import { WORD_COUNTS, type WordCount } from '../core/keys/mnemonic.js'
import { flag, list, option } from './define.js'
import { oneOf, wholeNumber } from './options.js'

const usePassword = flag({
  flags: '--use_password',
  description: 'encrypt the key file with a password',
  conflicts: ['no_password'],
})

const noPassword = flag({
  flags: '--no_password, --no_use_password',
  description: 'write the key file unencrypted',
  conflicts: ['use_password', 'password_file'],
})

const passwordFile = option({
  flags: '--password_file <file>',
  description: 'file with the new password, readable by you alone',
})

/** How the new key file is encrypted. */
export const encryption = { usePassword, noPassword, passwordFile }

/** Of commands that write a hotkey. */
export const overwriteHotkey = flag({
  flags: '--overwrite_hotkey, --overwrite',
  description: 'replace an existing hotkey; a copy of the old file is kept',
})

const mnemonic = list({
  flags: '--mnemonic <words...>',
  description: 'the words of the key, or `-` to read them from stdin',
  conflicts: ['mnemonic_file'],
  secret: true,
})

const mnemonicFile = option({
  flags: '--mnemonic_file <file>',
  description: 'file with the words',
})

const seed = option({
  flags: '--seed <hex>',
  description: 'the seed, 0x and 64 hex digits, or `-` to read it from stdin',
  secret: true,
})

const json = option({
  flags: '--json, --json_path <file>',
  description: 'JSON backup made by polkadot-js or a wallet like it',
})

const jsonPassword = option({
  flags: '--json_password <password>',
  description: 'password of the JSON backup; better left out, it is then asked for',
  conflicts: ['json_password_file'],
  secret: true,
})

const jsonPasswordFile = option({
  flags: '--json_password_file <file>',
  description: 'file with the password of the JSON backup, readable by you alone',
})

/** Where a key to be restored comes from. */
export const keySource = { mnemonic, mnemonicFile, seed, json, jsonPassword, jsonPasswordFile }

export const cryptoType = option<CryptoType>({
  flags: '--crypto_type <type>',
  description: 'sr25519, or ed25519 (which wallets before May 2026 cannot read)',
  parse: (text) => oneOf(text, ['sr25519', 'ed25519']),
  default: 'sr25519',
})

/** How a new key is made and shown. */
export const newKey = {
  words: option<WordCount>({
    flags: '--n_words <n>',
    description: 'words of the mnemonic: 12, 15, 18, 21 or 24 (default: 12)',
    parse: parseWordCount,
    default: 12,
  }),
  uri: option({
    flags: '--uri <uri>',
    description:
      'derive the key, //Alice for development, instead of making a new one; `-` reads stdin',
    secret: true,
  }),
  hideMnemonic: flag({
    flags: '--hide_mnemonic',
    description: 'do not show the words; they stay in the key file only',
    conflicts: ['print_mnemonic'],
  }),
  printMnemonic: flag({
    flags: '--print_mnemonic',
    description: 'print the words even into a pipe, a file or JSON; dangerous',
  }),
}

function parseWordCount(text: string): WordCount {
  const count = wholeNumber(text, 0, 1000)
  const known = WORD_COUNTS.find((candidate) => candidate === count)
  if (known === undefined) throw new RangeError('must be 12, 15, 18, 21 or 24')
  return known
}
