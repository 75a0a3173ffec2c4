import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { WALLET_VECTORS } from './walletVectors.js'

/** An empty folder that is removed after the test (or, outside a test, by the caller). */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'btcli-test-'))
  try {
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  } catch {
    // Called from a hook: the folder lives as long as the test file.
  }
  return folder
}

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
