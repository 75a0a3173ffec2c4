/**
 * The values of every storage key through all blocks.
 *
 * Each change of a key is a version. It knows the block of the version before it and of one much earlier (a skip
 * pointer), so that the value at any past block is found in a number of steps that grows with the logarithm of the
 * number of versions. The newest versions are in memory, the others in the {@link KeyValue}, until they are pruned: a walk
 * to a block that is kept meets only versions that are kept.
 */
import { concat } from '../bytes.js'
import type { KeyValue } from './keyValue.js'
import { type SortedKeys, sortedKeys } from './sortedKeys.js'
import { createSuperseded } from './superseded.js'

const NONE = 0xffff_ffff

type Version = {
  readonly block: number
  /** How many versions are before this one. */
  readonly depth: number
  /** Block of the version before, or NONE. */
  readonly previous: number
  /** Block of an earlier version, or NONE. */
  readonly skip: number
  /** Undefined when the key was removed. */
  readonly value: Uint8Array | undefined
}

export type Versions = {
  /** The newest value. */
  head(key: string): Uint8Array | undefined
  /** The value as of a block. */
  at(key: string, block: number): Uint8Array | undefined
  /** Keys that have a value as of a block, in byte order. */
  keys(prefix: string, block: number, after?: string): Iterable<string>
  /** Takes the changes of a block; null removes. */
  put(block: number, changes: ReadonlyMap<string, Uint8Array | null>): void
  /** Makes the values as of a block the newest ones again. */
  revert(block: number): void
  /** Forgets what only blocks before this one have. Does nothing unless opened for it. */
  prune(block: number): void
}

/**
 * Opens the versions kept in a {@link KeyValue}.
 * @param prunes whether {@link Versions.prune} will be called
 */
export async function openVersions(kv: KeyValue, prunes = false): Promise<Versions> {
  const heads = new Map<string, Version>()
  for await (const [key, bytes] of kv.scan('h:')) heads.set(key.slice(2), decode(bytes))
  const index: SortedKeys = sortedKeys()
  index.addAll(heads.keys())
  const superseded = createSuperseded(prunes)
  for (const [key, head] of prunes ? heads : []) {
    for (const [by, made] of replaced(head, (block) => find(key, block))) {
      superseded.note(by, key, made)
    }
  }

  function find(key: string, block: number): Version | undefined {
    const head = heads.get(key)
    if (head?.block === block) return head
    const bytes = kv.get(versionKey(key, block))
    return bytes && decode(bytes)
  }

  function load(key: string, block: number): Version {
    const version = find(key, block)
    if (!version) throw new Error(`the version of ${key} made in block ${block} is missing`)
    return version
  }

  function at(key: string, block: number): Uint8Array | undefined {
    return versionAt(key, block)?.value
  }

  function versionAt(key: string, block: number): Version | undefined {
    let version = heads.get(key)
    while (version && version.block > block) {
      const next: number =
        version.skip !== NONE && version.skip > block ? version.skip : version.previous
      version = next === NONE ? undefined : load(key, next)
    }
    return version
  }

  function revert(block: number): void {
    superseded.revert(block)
    for (const [key, head] of heads) {
      if (head.block <= block) continue
      const version = versionAt(key, block)
      if (version) heads.set(key, version)
      else heads.delete(key)
      if (kv.lasting) kv.put(`h:${key}`, version && encode(version))
    }
  }

  function put(block: number, changes: ReadonlyMap<string, Uint8Array | null>): void {
    const fresh: string[] = []
    for (const [key, value] of changes) {
      if (!heads.has(key)) fresh.push(key)
      replace(key, block, value ?? undefined)
    }
    if (fresh.length > 64) index.addAll(fresh)
    else for (const key of fresh) index.add(key)
  }

  function replace(key: string, block: number, value: Uint8Array | undefined): void {
    const head = heads.get(key)
    const before = head && head.block < block ? head : undefined
    if (before) {
      kv.put(versionKey(key, before.block), encode(before))
      superseded.note(block, key, before.block)
    }
    const version = successor({ head, before }, { block, value }, (at) => find(key, at))
    heads.set(key, version)
    if (kv.lasting) kv.put(`h:${key}`, encode(version))
  }

  return {
    head: (key) => heads.get(key)?.value,
    at,
    *keys(prefix, block, after) {
      for (const key of index.from(prefix, after)) if (at(key, block)) yield key
    },
    put,
    revert,
    prune(block) {
      for (const [key, made] of superseded.take(block)) kv.put(versionKey(key, made), undefined)
    },
  }
}

/** Which blocks brought a version and which made the one before it, from the newest back as far as they are there. */
function* replaced(
  head: Version,
  find: (block: number) => Version | undefined,
): Iterable<readonly [by: number, made: number]> {
  for (let version = head; version.previous !== NONE; ) {
    const previous = find(version.previous)
    if (!previous) return
    yield [version.block, previous.block]
    version = previous
  }
}

/** The version that takes the place of the newest; a second change in one block replaces the first. */
function successor(
  { head, before }: { readonly head: Version | undefined; readonly before: Version | undefined },
  change: Pick<Version, 'block' | 'value'>,
  find: (block: number) => Version | undefined,
): Version {
  if (head && !before) return { ...head, value: change.value }
  if (!before) return { ...change, depth: 0, previous: NONE, skip: NONE }
  const skip = skipOf(before, find)
  return { ...change, depth: before.depth + 1, previous: before.block, skip }
}

/**
 * Where the successor of a version skips to: two skips of equal length are followed by one over both, as in a
 * skew-binary counter. There is nothing to skip to where versions are pruned.
 */
function skipOf(before: Version, find: (block: number) => Version | undefined): number {
  const over = (version: Version) =>
    (version.skip === NONE ? undefined : find(version.skip)) ?? version
  const middle = over(before)
  const far = over(middle)
  const equal = before.depth - middle.depth === middle.depth - far.depth
  return equal ? far.block : before.block
}

function versionKey(key: string, block: number): string {
  return `v:${key}:${block.toString(16).padStart(8, '0')}`
}

const HEAD_BYTES = 17

function encode(version: Version): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES)
  const view = new DataView(head.buffer)
  const fields = [version.block, version.depth, version.previous, version.skip]
  fields.forEach((field, i) => {
    view.setUint32(i * 4, field)
  })
  head[16] = version.value ? 1 : 0
  return version.value ? concat(head, version.value) : head
}

function decode(bytes: Uint8Array): Version {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return {
    block: view.getUint32(0),
    depth: view.getUint32(4),
    previous: view.getUint32(8),
    skip: view.getUint32(12),
    value: bytes[16] === 1 ? bytes.slice(HEAD_BYTES) : undefined,
  }
}
