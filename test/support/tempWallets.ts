import { chmodSync, cpSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from './tempFolder.js'
import { WALLET_VECTORS } from './walletVectors.js'

/** A copy of the recorded wallets with the modes that real wallets have; git keeps none. */
export function copyOfWallets(part: 'store' | 'corrupt' | 'polkadot-json' = 'store'): string {
  const folder = join(tempFolder(), part)
  cpSync(join(WALLET_VECTORS, part), folder, { recursive: true })
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    chmodSync(path, statSync(path).isDirectory() ? 0o700 : 0o600)
  }
  return folder
}
