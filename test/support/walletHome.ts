import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from './tempFolder.js'
import { copyOfWallets } from './tempWallets.js'
import { vectors } from './walletVectors.js'

/** A home folder with some of the recorded wallets in the usual place. */
export function homeWith(...names: readonly string[]): { home: string; wallets: string } {
  const home = tempFolder()
  const wallets = join(home, '.bittensor', 'wallets')
  const source = names.length > 0 ? copyOfWallets() : ''
  for (const name of names) cpSync(join(source, name), join(wallets, name), { recursive: true })
  return { home, wallets }
}

/** A recorded key that surely has words and a seed. */
export function knownKey(name: string): {
  mnemonic: string
  seed: string
  address: string
  publicKey: string
} {
  const key = vectors.keys[name]
  if (!key?.mnemonic || !key.secretSeed) throw new Error(`no recorded words of ${name}`)
  return {
    mnemonic: key.mnemonic,
    seed: key.secretSeed,
    address: key.ss58Address,
    publicKey: key.publicKey,
  }
}

/** The JSON of an unencrypted key file. */
export function readJson(path: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** A result without what differs from run to run: signatures, what is encrypted, speeds, and folders. */
export function steady<T>(result: T, home: string): T {
  const text = JSON.stringify(result).replaceAll(home, '[HOME]')
  const signed = text.replace(/\b(0x)?[0-9a-f]{128}\b/g, '[SIGNATURE]')
  const short = signed.replace(/\b0x[0-9a-f]{16}…[0-9a-f]{8}\b/g, '[BYTES]')
  return JSON.parse(short.replace(/[\d.]+ m?s \([^)]*H\/s\)/g, '[TIME]'))
}
