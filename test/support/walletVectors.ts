import { readFileSync } from 'node:fs'

/** The parts of test/vectors/wallets/vectors.json that tests of keys and wallets read. */
export type WalletVectors = {
  readonly passwords: Readonly<Record<'main' | 'alt' | 'locked' | 'json', string>>
  readonly keys: Readonly<Record<string, KeyVector>>
  readonly files: readonly FileVector[]
  readonly listing: {
    readonly wallets: readonly {
      name: string
      hide: boolean
      expected_coldkey: string
      hotkeys: readonly { name: string; hide: boolean }[]
    }[]
  }
  readonly kdf: {
    readonly nacl: readonly { password: string; key: string }[]
    readonly naclEncryptVector: { password: string; nonce: string; plaintext: string; file: string }
    readonly ansible: { file: string; password: string; salt: string }
  }
  readonly polkadotJson: readonly {
    path: string
    password: string | null
    key: string
    cryptoType: 'sr25519' | 'ed25519'
    ss58Address: string
  }[]
  readonly uris: readonly {
    uri: string
    publicKey: string
    ss58Address: string
    ed25519Error?: boolean
    ed25519Ss58Address?: string
  }[]
  readonly invalidMnemonics: readonly { mnemonic: string; why: string }[]
  readonly ss58: {
    readonly valid: readonly { address: string; format: number; publicKey: string }[]
    readonly invalid: readonly { address: string; why: string }[]
  }
  readonly signatures: Readonly<Record<'verify' | 'reject', readonly SignatureVector[]>>
  readonly passwordPolicy: readonly {
    password: string
    accepted_5_3_1: boolean
    entropyBits: number | null
    strength: number | null
  }[]
  readonly environmentPasswords: {
    readonly rust_3_0_4_and_later: readonly {
      path: string
      password: string
      variable: string
      value: string
    }[]
  }
}

type KeyVector = {
  readonly words: number
  readonly mnemonic: string | null
  readonly secretSeed: string | null
  readonly publicKey: string
  readonly ss58Address: string
  readonly privateKey: string
  readonly polkadotJsSecretKey: string
  readonly ed25519: { publicKey: string; ss58Address: string } | undefined
}

export type FileVector = {
  readonly path: string
  readonly size: number
  readonly sha256: string
  readonly format: 'plain' | 'nacl' | 'ansible' | 'fernet'
  readonly password?: string
  readonly key?: string
  readonly cryptoType?: 'sr25519' | 'ed25519'
  readonly expect: {
    readonly result: 'signs' | 'public' | 'error' | 'not-a-key' | 'ignored'
    readonly ss58Address?: string
    readonly reason?: string
    readonly optional?: boolean
    readonly mustNotSign?: boolean
    readonly why?: string
  }
}

type SignatureVector = {
  readonly note: string
  readonly messageHex: string
  readonly signature: string
  readonly publicKey: string
}

/** Folder of the recorded wallets. */
export const WALLET_VECTORS = new URL('../vectors/wallets/', import.meta.url).pathname

export const vectors: WalletVectors = JSON.parse(
  readFileSync(`${WALLET_VECTORS}vectors.json`, 'utf8'),
)
