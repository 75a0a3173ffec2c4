/** Storage to set on a test chain, as people write it, in the bytes that `dev_setStorage` takes everywhere. */
import { decode, resolve } from '../../src/core/chain/decode.js'
import type { Description, StorageDescription } from '../../src/core/chain/description.js'
import { encode } from '../../src/core/chain/encode.js'
import { storageKey } from '../../src/core/chain/storageKey.js'
import type { TypeDef, TypeRef } from '../../src/core/chain/typeDef.js'
import type { Hex } from '../../src/core/chain/types.js'
import { fromHex, toHex } from '../../src/core/keys/hex.js'

/**
 * Pallet, item, and its value, or the entries of a map as `[keys, value]`. Numbers too large for JavaScript are digits;
 * fields of a struct that are left out are as in the item's default.
 */
export type Changes = { readonly [pallet: string]: { readonly [item: string]: unknown } }

/** Keys and values, leaving out what this runtime does not keep. */
export function rawChanges(
  { types, pallets }: Description,
  changes: Changes,
): readonly (readonly [key: Hex, value: Hex])[] {
  return Object.entries(changes).flatMap(([pallet, items]) =>
    Object.entries(items).flatMap(([name, content]) => {
      const item = pallets[pallet]?.storage[name]
      if (!item) return []
      const entries =
        item.keys.length === 0 ? [[[], content] as const] : (content as [unknown[], unknown][])
      return entries.map(
        ([keys, value]) => [storageKey(types, item, keys), bytesOf(types, item, value)] as const,
      )
    }),
  )
}

function bytesOf(types: readonly TypeDef[], item: StorageDescription, value: unknown): Hex {
  const fallback = fromHex(item.fallback)
  const missing = item.optional || !fallback ? undefined : decode(types, item.value, fallback)
  return toHex(encode(types, item.value, written(types, item.value, value, missing), '')) as Hex
}

function written(
  types: readonly TypeDef[],
  type: TypeRef,
  value: unknown,
  fallback: unknown,
): unknown {
  const def = resolve(types, type)
  if (/^(uint|int|compact)$/.test(def.kind)) return BigInt(value as string)
  if (def.kind !== 'struct') return value
  const given = value as Readonly<Record<string, unknown>>
  const rest = fallback as Readonly<Record<string, unknown>> | undefined
  return Object.fromEntries(
    def.fields.map(([name, field]) => [
      name,
      Object.hasOwn(given, name) ? written(types, field, given[name], rest?.[name]) : rest?.[name],
    ]),
  )
}
