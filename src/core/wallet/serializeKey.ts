/** Writes the JSON of a key file in the one shape that wallets of all generations read. */
import { toHex } from '../keys/hex.js'
import { type CryptoType, exportSecret, type Keypair } from '../keys/keypair.js'
import { encodeAddress } from '../keys/ss58.js'

/**
 * The form that every generation of wallets reads: six fields in the order and spacing of bittensor 6, `null` for what is
 * missing. Only ed25519 keys carry `cryptoType`, because a number there breaks wallets 2.0 to 4.0.
 */
export function serializeKeypair(keypair: Keypair): Uint8Array {
  const { mnemonic, seed, privateKey } = exportSecret(keypair)
  return serialize(keypair, {
    privateKey: toHex(privateKey),
    secretPhrase: mnemonic ?? null,
    secretSeed: seed ? toHex(seed) : null,
  })
}

/** As {@link serializeKeypair} for `coldkeypub.txt` and the public file of a hotkey. */
export function serializePublic(key: {
  publicKey: Uint8Array
  cryptoType: CryptoType
}): Uint8Array {
  return serialize(key, { privateKey: null, secretPhrase: null, secretSeed: null })
}

function serialize(
  { publicKey, cryptoType }: { publicKey: Uint8Array; cryptoType: CryptoType },
  secrets: Readonly<Record<'privateKey' | 'secretPhrase' | 'secretSeed', string | null>>,
): Uint8Array {
  const fields = {
    accountId: toHex(publicKey),
    publicKey: toHex(publicKey),
    ...secrets,
    ss58Address: encodeAddress(publicKey),
    ...(cryptoType === 'ed25519' ? { cryptoType: 0 } : {}),
  }
  const pairs = Object.entries(fields).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
  return new TextEncoder().encode(`{${pairs.join(', ')}}`)
}
