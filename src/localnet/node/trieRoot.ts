/** The root of the base-16 trie over a list, as headers commit to their extrinsics (state version 1). */
import { blake256, compactBytes, concat } from './bytes.js'

type Item = { readonly nibbles: readonly number[]; readonly value: Uint8Array }

/** Kinds of node by their first byte's top bits, and how many bits of it are left for the length of the partial key. */
const LEAF = { mark: 0b01_000000, bits: 6 }
const BRANCH = { mark: 0b10_000000, bits: 6 }
const BRANCH_WITH_VALUE = { mark: 0b11_000000, bits: 6 }
const LEAF_WITH_HASH = { mark: 0b001_00000, bits: 5 }
const BRANCH_WITH_HASH = { mark: 0b0001_0000, bits: 4 }
const EMPTY = Uint8Array.of(0)

/** Root of the trie whose keys are the compact-encoded positions of the values. */
export function orderedTrieRoot(values: readonly Uint8Array[]): Uint8Array {
  const items = values.map((value, index) => ({ nibbles: nibblesOf(compactBytes(index)), value }))
  items.sort((a, b) => compareNibbles(a.nibbles, b.nibbles))
  return blake256(items.length === 0 ? EMPTY : node(items, 0))
}

/** Encodes the node above all `items`, which agree in their first `depth` nibbles. */
function node(items: readonly Item[], depth: number): Uint8Array {
  const [first] = items
  const last = items.at(-1)
  if (!first || !last) return EMPTY
  if (items.length === 1) return leaf(first.nibbles.slice(depth), first.value)
  let end = depth
  while (first.nibbles[end] !== undefined && first.nibbles[end] === last.nibbles[end]) end++
  const own = first.nibbles.length === end ? first.value : undefined
  const below = own ? items.slice(1) : items
  return branch(first.nibbles.slice(depth, end), own, below, end)
}

function leaf(partial: readonly number[], value: Uint8Array): Uint8Array {
  const hashed = value.length > 32
  return concat(head(hashed ? LEAF_WITH_HASH : LEAF, partial), stored(value))
}

function branch(
  partial: readonly number[],
  own: Uint8Array | undefined,
  below: readonly Item[],
  depth: number,
): Uint8Array {
  let bitmap = 0
  const children: Uint8Array[] = []
  for (let nibble = 0; nibble < 16; nibble++) {
    const items = below.filter((item) => item.nibbles[depth] === nibble)
    if (items.length === 0) continue
    bitmap |= 1 << nibble
    const encoded = node(items, depth + 1)
    const reference = encoded.length < 32 ? encoded : blake256(encoded)
    children.push(compactBytes(reference.length), reference)
  }
  const kind = own === undefined ? BRANCH : own.length > 32 ? BRANCH_WITH_HASH : BRANCH_WITH_VALUE
  const value = own === undefined ? new Uint8Array() : stored(own)
  return concat(head(kind, partial), Uint8Array.of(bitmap & 0xff, bitmap >> 8), value, ...children)
}

/** A value inside a node: long ones by their hash. */
function stored(value: Uint8Array): Uint8Array {
  return value.length > 32 ? blake256(value) : concat(compactBytes(value.length), value)
}

function head(kind: { mark: number; bits: number }, partial: readonly number[]): Uint8Array {
  const room = (1 << kind.bits) - 1
  const bytes: number[] = []
  if (partial.length < room) bytes.push(kind.mark | partial.length)
  else {
    bytes.push(kind.mark | room)
    let rest = partial.length - room
    for (; rest >= 255; rest -= 255) bytes.push(255)
    bytes.push(rest)
  }
  if (partial.length % 2 === 1) bytes.push(partial[0] ?? 0)
  for (let i = partial.length % 2; i < partial.length; i += 2) {
    bytes.push(((partial[i] ?? 0) << 4) | (partial[i + 1] ?? 0))
  }
  return Uint8Array.from(bytes)
}

function nibblesOf(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15])
}

function compareNibbles(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
