/** Storage queries of `chainHead_v1` and `archive_v1`: values, hashes and whole subtrees of a block's state. */
import { createHash } from 'node:crypto'
import { type Hex, hashOf, toHex } from '../bytes.js'
import type { Node } from '../node.js'
import { invalidParams } from './errors.js'
import { hexOf, listParam, type Params } from './params.js'

const KINDS = [
  'value',
  'hash',
  'closestDescendantMerkleValue',
  'descendantsValues',
  'descendantsHashes',
] as const

/** What is asked of one key (hex without `0x`). */
export type StorageQuery = { readonly key: string; readonly type: (typeof KINDS)[number] }

/** One answer. */
export type StorageItemResult = {
  readonly key: Hex
  readonly value?: Hex
  readonly hash?: Hex
  readonly closestDescendantMerkleValue?: Hex
}

/** The list of queries in a parameter. */
export function storageQueries(params: Params, index: number): StorageQuery[] {
  return listParam(params, index).map((item) => {
    const { key, type } = (item ?? {}) as { key?: unknown; type?: unknown }
    const kind = KINDS.find((one) => one === type)
    if (!kind) throw invalidParams(`the type of a query must be one of ${KINDS.join(', ')}`)
    return { key: hexOf(key, 'the key of a query'), type: kind }
  })
}

/** The answers to queries about the state of a block, one after the other. */
export function* storageItems(
  node: Node,
  block: number,
  queries: readonly StorageQuery[],
): Iterable<StorageItemResult> {
  for (const query of queries) {
    if (query.type === 'closestDescendantMerkleValue') yield* subtree(node, block, query.key)
    else yield* entries(node, block, query)
  }
}

function* entries(
  { chain: { store } }: Node,
  block: number,
  { key, type }: StorageQuery,
): Iterable<StorageItemResult> {
  const hashed = type === 'hash' || type === 'descendantsHashes'
  const keys = type.startsWith('descendants') ? store.keys(key, block) : [key]
  for (const one of keys) {
    const value = store.value(one, block)
    if (!value) continue
    yield { key: `0x${one}`, ...(hashed ? { hash: hashOf(value) } : { value: toHex(value) }) }
  }
}

/**
 * What stands for the entries under a key and changes exactly when one of them does. This chain has no trie whose
 * inner values it could tell, and clients only compare them.
 */
function* subtree(node: Node, block: number, key: string): Iterable<StorageItemResult> {
  const hash = createHash('sha256')
  let count = 0
  for (const one of node.chain.store.keys(key, block)) {
    hash.update(`${one}:`).update(node.chain.store.value(one, block) ?? '')
    count++
  }
  if (count === 0) return
  yield { key: `0x${key}`, closestDescendantMerkleValue: `0x${hash.digest('hex')}` }
}
