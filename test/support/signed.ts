/** Transactions signed by hand for the classic profile, with every part open to be wrong. */
import type { KeyringPair } from '@polkadot/keyring/types'
import type { Localnet } from '../../src/localnet/index.js'
import {
  blake256,
  compactBytes,
  concat,
  fromHex,
  type Hex,
  toHex,
  u32Bytes,
} from '../../src/localnet/node/bytes.js'
import { compact, u64 } from '../../src/localnet/runtime/scale.js'

/** `0x5555…`: an account that nobody has. */
export const NOBODY: Hex = `0x${'55'.repeat(32)}`

export type Parts = {
  readonly amount?: bigint
  readonly to?: Hex
  /** The call's bytes, in place of a transfer. */
  readonly call?: Uint8Array
  /** Default: the account's next. */
  readonly nonce?: number
  readonly tip?: bigint
  /** Bytes of the era, and the hash that is signed for it; default immortal. */
  readonly era?: Uint8Array
  readonly eraHash?: string
  readonly specVersion?: number
  readonly transactionVersion?: number
  readonly genesisHash?: string
  /** Changes the signature. */
  readonly spoil?: (signature: Uint8Array) => Uint8Array
  /** Who the transaction says has signed it. */
  readonly signer?: Uint8Array
}

const KINDS: Readonly<Record<string, number>> = { ed25519: 0, sr25519: 1, ecdsa: 2 }

/** A transaction as hex, by default a good one. */
export async function signTransfer(
  chain: Localnet,
  pair: KeyringPair,
  parts: Parts = {},
): Promise<Hex> {
  const amount = compact(u64).codec.enc(parts.amount ?? 1_000_000n)
  const transfer = concat(Uint8Array.of(5, 3, 0), fromHex(parts.to ?? NOBODY), amount)
  const call = parts.call ?? transfer
  const nonce =
    parts.nonce ?? (await chain.request<number>('system_accountNextIndex', [pair.address]))
  const era = parts.era ?? Uint8Array.of(0)
  const extra = concat(era, compactBytes(nonce), compact(u64).codec.enc(parts.tip ?? 0n))
  const genesis = parts.genesisHash ?? chain.genesisHash
  const additional = concat(
    u32Bytes(parts.specVersion ?? 143),
    u32Bytes(parts.transactionVersion ?? 1),
    fromHex(genesis),
    fromHex(parts.eraHash ?? genesis),
  )
  const payload = concat(call, extra, additional)
  const signed = pair.sign(payload.length > 256 ? blake256(payload) : payload)
  const signature = parts.spoil ? parts.spoil(signed) : signed
  const body = concat(
    Uint8Array.of(0x84, 0),
    parts.signer ?? pair.addressRaw,
    Uint8Array.of(KINDS[pair.type] ?? 1),
    signature,
    extra,
    call,
  )
  return toHex(concat(compactBytes(body.length), body))
}
