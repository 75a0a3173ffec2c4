/** Blocks and state together: what a chain is made of, kept so that a crash leaves the last durable block. */
import type { Backend } from '../../runtime/state.js'
import { concat, type Hex, hashOf, u32Bytes } from '../bytes.js'
import { readerOf } from '../extrinsic/reader.js'
import { decodeHeader, encodeHeader, type Header } from '../header.js'
import type { KeyValue } from './keyValue.js'
import { openVersions, type Versions } from './versions.js'

/** A block as it is kept. */
export type Block = {
  readonly hash: Hex
  readonly header: Header
  readonly extrinsics: readonly Uint8Array[]
}

/** State changes by raw key (hex without `0x`); null removes. */
export type Changes = ReadonlyMap<string, Uint8Array | null>

/** What a directory remembers besides blocks. */
export type ChainFacts = {
  /** Layout of the directory. */
  readonly format: number
  readonly profile: string
  /** Digest of what the genesis was made from. */
  readonly genesis: string
}

/** Number of the newest block and of the last final one. */
export type Progress = { readonly head: number; readonly finalized: number }

/** How many blocks before the last final one keep their state, as a real node's `--state-pruning`. */
export type History = number | 'all'

export type ChainStore = {
  /** Undefined before the first block is put. */
  readonly facts: ChainFacts | undefined
  readonly progress: Progress | undefined
  /** The first block whose state is kept. */
  readonly firstState: number
  /** State as of a block from {@link firstState} on, or the newest one. */
  value(key: string, block?: number): Uint8Array | undefined
  keys(prefix: string, block: number, after?: string): Iterable<string>
  /** The newest state, or that of a block, for the runtime to run on. */
  backend(block?: number): Backend
  block(number: number): Block | undefined
  /** Number of the block with that hash. */
  numberOf(hash: string): number | undefined
  begin(facts: ChainFacts): void
  put(block: Block, changes: Changes, progress: Progress): void
  /** Makes a block the newest again; those after it are forgotten. */
  revert(number: number): void
  /** Makes the blocks put so far durable. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Opens the chain kept in a {@link KeyValue}. */
export async function openChainStore(kv: KeyValue, history: History = 'all'): Promise<ChainStore> {
  const versions: Versions = await openVersions(kv, history !== 'all')
  const state = {
    facts: readJson<ChainFacts>(kv, 'm:facts'),
    progress: readJson<Progress>(kv, 'm:progress'),
    firstState: readJson<number>(kv, 'm:first') ?? 0,
  }

  function prune({ finalized }: Progress): void {
    if (history === 'all') return
    const first = finalized - history
    if (first <= state.firstState) return
    // One block more: which runtime a block had is a question about its parent.
    versions.prune(first - 1)
    kv.put('m:first', json(first))
    state.firstState = first
  }

  function put(block: Block, changes: Changes, progress: Progress): void {
    const { number } = block.header
    versions.put(number, changes)
    kv.put(blockKey(number), encodeBlock(block))
    kv.put(`n:${block.hash}`, u32Bytes(number))
    kv.put('m:progress', json(progress))
    state.progress = progress
    prune(progress)
  }

  return {
    get facts() {
      return state.facts
    },
    get progress() {
      return state.progress
    },
    get firstState() {
      return state.firstState
    },
    value: (key, block) => (block === undefined ? versions.head(key) : versions.at(key, block)),
    keys: (prefix, block, after) => versions.keys(prefix, block, after),
    backend(block) {
      if (block !== undefined) {
        return {
          get: (key) => versions.at(key, block),
          keys: (prefix) => versions.keys(prefix, block),
        }
      }
      const newest = Number.MAX_SAFE_INTEGER
      return { get: (key) => versions.head(key), keys: (prefix) => versions.keys(prefix, newest) }
    },
    block(number) {
      const bytes = kv.get(blockKey(number))
      return bytes && decodeBlock(bytes)
    },
    numberOf(hash) {
      const bytes = kv.get(`n:${hash}`)
      return bytes && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
    },
    begin(facts) {
      state.facts = facts
      kv.put('m:facts', json(facts))
    },
    put,
    revert(number) {
      versions.revert(number)
      const progress = { head: number, finalized: number }
      for (let gone = number + 1; gone <= (state.progress?.head ?? 0); gone++) {
        const bytes = kv.get(blockKey(gone))
        if (bytes) kv.put(`n:${decodeBlock(bytes).hash}`, undefined)
        kv.put(blockKey(gone), undefined)
      }
      kv.put('m:progress', json(progress))
      state.progress = progress
    },
    flush: () => kv.flush(),
    close: () => kv.close(),
  }
}

function blockKey(number: number): string {
  return `b:${number.toString(16).padStart(8, '0')}`
}

function encodeBlock(block: Block): Uint8Array {
  const parts = [encodeHeader(block.header), ...block.extrinsics]
  return concat(...parts.flatMap((part) => [u32Bytes(part.length), part]))
}

function decodeBlock(bytes: Uint8Array): Block {
  const reader = readerOf(bytes)
  const parts: Uint8Array[] = []
  while (reader.rest().length > 0) {
    const length = new DataView(reader.take(4).buffer).getUint32(0, true)
    parts.push(reader.take(length))
  }
  const [head = new Uint8Array(), ...extrinsics] = parts
  return { hash: hashOf(head), header: decodeHeader(head), extrinsics }
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function readJson<T>(kv: KeyValue, key: string): T | undefined {
  const bytes = kv.get(key)
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T)
}
