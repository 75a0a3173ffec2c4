/** Bytes from anywhere, read by the metadata: transactions, calls, storage keys, and values of a named type. */
import { BittensorError } from '../errors.js'
import { toHex } from '../keys/hex.js'
import type { Ss58 } from '../keys/ss58.js'
import { decode, decodeFrom, type Reader, reader, ScaleError } from './decode.js'
import type { Description, StorageDescription } from './description.js'
import { extrinsicHash } from './extrinsic.js'
import { keysOf } from './storageKey.js'
import { account, bool, bytes as bytesType, type TypeDef, type TypeRef } from './typeDef.js'
import type { ChainValue, DecodedCall, Hex } from './types.js'

/** What bytes turned out to be. */
export type Decoded =
  | { readonly kind: 'extrinsic'; readonly extrinsic: DecodedExtrinsic }
  | { readonly kind: 'call'; readonly call: DecodedCall }
  | {
      readonly kind: 'key'
      readonly pallet: string
      readonly item: string
      readonly keys: readonly ChainValue[]
      readonly description: StorageDescription
    }
  | { readonly kind: 'value'; readonly type: TypeRef; readonly value: ChainValue }

/** A transaction taken apart. Unsigned ones have no signer. */
export type DecodedExtrinsic = {
  readonly hash: Hex
  readonly format: number
  readonly signer: Ss58 | undefined
  readonly signature: Hex | undefined
  /** By the names of the runtime's signed extensions; those that add no bytes are left out. */
  readonly extensions: Readonly<Record<string, ChainValue>>
  readonly extensionTypes: Readonly<Record<string, TypeRef>>
  readonly call: DecodedCall
}

/** Bytes that can be several things are taken for the first that fits to the last byte. */
export function decodeAny(description: Description, bytes: Uint8Array): Decoded {
  const found =
    attempt(() => ({ kind: 'extrinsic' as const, extrinsic: readExtrinsic(description, bytes) })) ??
    attempt(() => ({ kind: 'call' as const, call: readCall(description, bytes) })) ??
    readKey(description, bytes)
  if (found) return found
  throw new BittensorError('USAGE', 'these bytes are no transaction, call or storage key', {
    details: 'of this runtime; they may be those of another one',
    hint: 'say what they are: --as Pallet.Item for a stored value, or --as and a type such as u64',
  })
}

/**
 * Bytes as what they are said to be: `extrinsic`, `call`, `key`, `Pallet.Item` for a stored value, or a type.
 * @throws {BittensorError} `USAGE` when they are not
 */
export function decodeAs(description: Description, bytes: Uint8Array, as: string): Decoded {
  try {
    if (as === 'extrinsic') {
      return { kind: 'extrinsic', extrinsic: readExtrinsic(description, bytes) }
    }
    if (as === 'call') return { kind: 'call', call: readCall(description, bytes) }
    if (as === 'key') {
      const key = readKey(description, bytes)
      if (key) return key
      throw new ScaleError('no storage item of this runtime has such keys')
    }
    const type = typeNamed(description, as)
    return { kind: 'value', type, value: decode(description.types, type, bytes) }
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error
    throw new BittensorError('USAGE', `these bytes are no ${as}`, { details: error.message })
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof ScaleError) return undefined
    throw error
  }
}

function readCall({ types, call }: Description, bytes: Uint8Array): DecodedCall {
  return decode(types, call, bytes) as unknown as DecodedCall
}

/** With or without the length in front. */
function readExtrinsic(description: Description, bytes: Uint8Array): DecodedExtrinsic {
  const from = reader(bytes)
  const length = decodeFrom([], { kind: 'compact', bytes: 4 }, from)
  const isPrefixed = length === bytes.length - from.at
  if (!isPrefixed) from.at = 0
  const extrinsic = readBody(description, from)
  if (from.at !== bytes.length)
    throw new ScaleError(`${bytes.length - from.at} bytes are left over`)
  // The hash by which a transaction is known covers its length.
  return isPrefixed ? { ...extrinsic, hash: extrinsicHash(bytes) } : extrinsic
}

const SIGNED_4 = 0x84
const SIGNATURE_BYTES = [64, 64, 65]

function readBody(description: Description, from: Reader): DecodedExtrinsic {
  const { types, call: callType, extensions: known } = description
  const format = byte(from)
  // Without a length in front, one byte 4 or 5 would be too little to tell a transaction from a call.
  const isBare = (format === 4 || format === 5) && from.at > 1
  if (format !== SIGNED_4 && !isBare) {
    throw new ScaleError(`${format} is no format of a transaction`)
  }
  const signed = format === SIGNED_4
  if (signed && byte(from) !== 0) throw new ScaleError('the signer is no account')
  const signer = signed ? (decodeFrom([], account, from) as Ss58) : undefined
  const signature = signed ? readSignature(from) : undefined
  const extensions: Record<string, ChainValue> = {}
  const extensionTypes: Record<string, TypeRef> = {}
  for (const { name, extra } of signed ? known : []) {
    const before = from.at
    const value = decodeFrom(types, extra, from)
    if (from.at === before) continue
    extensions[name] = value
    extensionTypes[name] = extra
  }
  const call = decodeFrom(types, callType, from) as unknown as DecodedCall
  const hash = extrinsicHash(from.bytes)
  return { hash, format: format & 0x7f, signer, signature, extensions, extensionTypes, call }
}

function readSignature(from: Reader): Hex {
  const length = SIGNATURE_BYTES[byte(from)]
  if (length === undefined) throw new ScaleError('the signature is of no known kind')
  return decodeFrom([], { kind: 'fixedBytes', length }, from) as Hex
}

function byte(from: Reader): number {
  return decodeFrom([], { kind: 'uint', bytes: 1 }, from) as number
}

/** The storage item that a raw key belongs to. */
function readKey(description: Description, bytes: Uint8Array): Decoded | undefined {
  const hex = toHex(bytes)
  for (const [pallet, { storage }] of Object.entries(description.pallets)) {
    for (const [item, found] of Object.entries(storage)) {
      if (!hex.startsWith(found.prefix)) continue
      const keys = attempt(() => keysOf(description.types, found, hex))
      if (keys) return { kind: 'key', pallet, item, keys, description: found }
    }
  }
  return undefined
}

const PLAIN: Readonly<Record<string, TypeDef>> = {
  bool,
  str: { kind: 'str' },
  bytes: bytesType,
  'vec<u8>': bytesType,
  accountid: account,
  accountid32: account,
  h256: { kind: 'fixedBytes', length: 32 },
}

/** `u64`, `Compact<u32>`, `Vec<AccountId>`, `Option<…>`, `Pallet.Item`, or a struct or enum of the runtime by name. */
function typeNamed(description: Description, text: string): TypeRef {
  const plain = PLAIN[text.toLowerCase()]
  if (plain) return plain
  const [, sign, bits] = /^([ui])(8|16|32|64|128|256)$/.exec(text) ?? []
  if (bits !== undefined) return { kind: sign === 'u' ? 'uint' : 'int', bytes: Number(bits) / 8 }
  const compactBits = /^Compact<u(8|16|32|64|128)>$/i.exec(text)?.[1]
  if (compactBits !== undefined) return { kind: 'compact', bytes: Number(compactBits) / 8 }
  const [, outer, inner] = /^(Vec|Option)<(.+)>$/i.exec(text) ?? []
  if (outer !== undefined && inner !== undefined) {
    return {
      kind: outer.toLowerCase() === 'vec' ? 'vec' : 'option',
      of: typeNamed(description, inner),
    }
  }
  const [pallet = '', item = ''] = text.split('.')
  const stored = description.pallets[pallet]?.storage[item]
  if (stored) return stored.value
  const index = description.types.findIndex(
    (def) => (def.kind === 'struct' || def.kind === 'variant') && def.name === text,
  )
  if (index >= 0) return index
  throw new BittensorError('USAGE', `this runtime has no type or storage item ${text}`, {
    hint: 'write u64, AccountId, Vec<u16>, Pallet.Item, or the name of a struct of the runtime',
  })
}
