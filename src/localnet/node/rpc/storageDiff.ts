/** What changed between the states of two blocks, for `archive_v1_storageDiff`. */
import { type Hex, hashOf, toHex } from '../bytes.js'
import type { Node } from '../node.js'
import type { ChainStore } from '../store/chainStore.js'
import { invalidParams } from './errors.js'
import { given, hexOf, listParam, type Params } from './params.js'

/** Entries below a key (hex without `0x`), with their values or the hashes of these. */
type DiffQuery = { readonly key: string; readonly returns: 'value' | 'hash' }

/** An entry that is new, has another value, or is gone; of one that is gone the value that it had. */
type Difference = {
  readonly key: Hex
  readonly value?: Hex
  readonly hash?: Hex
  readonly type: 'added' | 'modified' | 'deleted'
}

/** The list of queries in a parameter; without any, all entries with their values. */
export function diffQueries(params: Params, index: number): DiffQuery[] {
  const list = given(params, index) ? listParam(params, index) : []
  if (list.length === 0) return [{ key: '', returns: 'value' }]
  const queries = list.map((item): DiffQuery => {
    const { key, returnType, childTrieKey } = (item ?? {}) as Readonly<Record<string, unknown>>
    if (returnType !== 'value' && returnType !== 'hash') {
      throw invalidParams('the returnType of a query must be value or hash')
    }
    if (childTrieKey !== undefined && childTrieKey !== null) {
      throw invalidParams('this chain has no child tries')
    }
    const prefix = key === undefined || key === null ? '' : hexOf(key, 'the key of a query')
    return { key: prefix, returns: returnType }
  })
  // An entry is told once: what lies below a shorter key belongs to that one.
  return queries.sort((a, b) => a.key.length - b.key.length)
}

type Span = { readonly from: number; readonly to: number }

/** The differences, by key. */
export function* storageDiff(
  { chain: { store } }: Node,
  span: Span,
  queries: readonly DiffQuery[],
): Iterable<Difference> {
  for (const [key, { returns }] of keysOf(store, span, queries)) {
    const [before, after] = [store.value(key, span.from), store.value(key, span.to)]
    const type = changeOf(before, after)
    const value = after ?? before
    if (!type || !value) continue
    const shown = returns === 'hash' ? { hash: hashOf(value) } : { value: toHex(value) }
    yield { key: `0x${key}`, ...shown, type }
  }
}

/** The keys that are in either state, in order, each with the first query that it belongs to. */
function keysOf(
  store: ChainStore,
  { from, to }: Span,
  queries: readonly DiffQuery[],
): [string, DiffQuery][] {
  const keys = new Map<string, DiffQuery>()
  for (const query of queries) {
    for (const block of [from, to]) {
      for (const key of store.keys(query.key, block)) if (!keys.has(key)) keys.set(key, query)
    }
  }
  return [...keys].sort(([a], [b]) => (a < b ? -1 : 1))
}

type Value = Uint8Array | undefined

function changeOf(before: Value, after: Value): Difference['type'] | undefined {
  if (!before || !after) return after ? 'added' : 'deleted'
  return toHex(before) === toHex(after) ? undefined : 'modified'
}
