/** The seam between the network and the keys: anything with these functions can sign and check requests. */

import { BittensorError } from '../../core/errors.js'

/** The two signature schemes of accounts. */
export type SignatureScheme = 'sr25519' | 'ed25519'

/** Signs for one account; a `Keypair` is one, and so is a hardware key or a remote signer. */
export type Signer = {
  /** ss58 address, prefix 42 */
  readonly address: string
  /** absent: sr25519 */
  readonly cryptoType?: SignatureScheme | undefined
  /** 64 bytes over exactly these bytes */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** What has a hotkey to sign with, such as the `Wallet` of this package. */
export type HotkeyWallet = {
  /** Opens the hotkey; later calls give the same key. */
  unlockHotkey(): Promise<Signer>
}

/** Who acts: a hotkey, or a wallet whose hotkey is opened when it is first needed. */
export type Identity = {
  readonly signer?: Signer | undefined
  readonly wallet?: HotkeyWallet | undefined
}

/**
 * How to get at the hotkey.
 * @throws {BittensorError} `USAGE` when there is neither a key nor a wallet, or both.
 */
export function signerSource({ signer, wallet }: Identity): () => Promise<Signer> {
  if (signer && !wallet) return async () => signer
  if (wallet && !signer) return () => wallet.unlockHotkey()
  throw new BittensorError('USAGE', 'give either a wallet or a signer')
}

/** A signature to check: raw bytes throughout, nothing hashed or wrapped before. */
export type SignatureClaim = {
  readonly message: Uint8Array
  /** 64 bytes; anything else is not valid */
  readonly signature: Uint8Array
  /** 32 bytes */
  readonly publicKey: Uint8Array
  readonly scheme: SignatureScheme
}

/** Tells whether a signature holds. Never throws for a malformed one. */
export type Verifier = (claim: SignatureClaim) => boolean | Promise<boolean>

/**
 * The bytes that Python signs for a text: text that begins with `0x` is taken for hex, any other is UTF-8.
 * @example
 * signedBytes('0xdead') // Uint8Array [0xde, 0xad]
 */
export function signedBytes(text: string): Uint8Array {
  if (/^0x([0-9a-fA-F]{2})*$/.test(text)) return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
  return new TextEncoder().encode(text)
}

/** The same claim with the message wrapped as browser wallets wrap what they sign. */
export function wrapped(claim: SignatureClaim): SignatureClaim {
  const message = Buffer.concat([Buffer.from('<Bytes>'), claim.message, Buffer.from('</Bytes>')])
  return { ...claim, message: new Uint8Array(message) }
}
