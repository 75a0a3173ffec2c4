/** Development accounts by their derivation path. */
import { bytesToHex } from '@noble/hashes/utils.js'
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady, decodeAddress, encodeAddress } from '@polkadot/util-crypto'

export type Names = {
  /** `//Alice`, or the address of an account without a name. */
  nameOf(account: string): string
  /** From `//Alice`, `@//Alice` or an address. */
  accountOf(name: string): string
}

/** Derives every path that occurs in a text. */
export async function namesIn(text: string): Promise<Names> {
  await cryptoWaitReady()
  const keyring = new Keyring({ type: 'sr25519' })
  const byName = new Map<string, string>()
  const byAccount = new Map<string, string>()
  for (const [path] of text.matchAll(/(?:\/\/[A-Za-z0-9_-]+)+/g)) {
    if (byName.has(path)) continue
    const account = `0x${bytesToHex(keyring.createFromUri(path).publicKey)}`
    byName.set(path, account)
    byAccount.set(account, path)
  }
  return {
    nameOf: (account) => byAccount.get(account) ?? encodeAddress(account, 42),
    accountOf(name) {
      const path = name.replace(/^@/, '')
      return byName.get(path) ?? `0x${bytesToHex(decodeAddress(path))}`
    },
  }
}
