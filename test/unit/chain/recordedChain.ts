/** A node that answers from recorded data: metadata, storage and runtime API results. Counts what it is asked. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { connect } from '../../../src/core/chain/connect.js'
import { describe as describeRuntime } from '../../../src/core/chain/describe.js'
import type { Description, RuntimeVersion } from '../../../src/core/chain/description.js'
import { encode } from '../../../src/core/chain/encode.js'
import { writeCached } from '../../../src/core/chain/metadataCache.js'
import { type JsonRpcProvider, RpcError } from '../../../src/core/chain/rpc.js'
import { parseVersion } from '../../../src/core/chain/runtime.js'
import { storageKey } from '../../../src/core/chain/storageKey.js'
import type { TypeDef, TypeRef } from '../../../src/core/chain/typeDef.js'
import type { ChainClient, Hex } from '../../../src/core/chain/types.js'
import { fromHex, toHex } from '../../../src/core/keys/hex.js'
import { tempFolder } from '../../support/tempFolder.js'

const folder = new URL('../../vectors/chain/', import.meta.url)

/** A gzip-compressed text vector. */
export function vectorText(path: string): string {
  return gunzipSync(readFileSync(new URL(`${path}.gz`, folder)))
    .toString('utf8')
    .trim()
}

export function vectorJson<T>(path: string): T {
  return JSON.parse(vectorText(path)) as T
}

/** SCALE metadata as hex. */
export function metadataHex(name: string): Hex {
  return vectorText(`metadata/${name}.hex`) as Hex
}

const descriptions = new Map<string, Description>()

export function descriptionOf(name: string): Description {
  const known = descriptions.get(name) ?? describeRuntime(fromHex(metadataHex(name))!)
  descriptions.set(name, known)
  return known
}

/** `state_getRuntimeVersion` of a spec. */
export function versionOf(spec: string): RuntimeVersion {
  const versions = vectorJson<Record<string, RuntimeVersion>>('runtime-versions.json')
  const key = Object.keys(versions).find((one) => one === spec || one.startsWith(`${spec} `))
  return versions[key ?? '']!
}

export type RecordedChain = {
  readonly provider: JsonRpcProvider
  /** Answers that replace the recorded ones, by method. */
  readonly answers: Record<string, (params: unknown[]) => unknown>
  /** Methods in the order they were asked. */
  readonly requests: string[]
  readonly storage: Map<string, Hex>
  /** `method:args` → result. */
  readonly calls: Map<string, Hex>
  readonly description: Description
  set(pallet: string, item: string, keys: readonly unknown[], value: unknown): void
  connect(): Promise<ChainClient>
}

const HASH = `0x${'11'.repeat(32)}` as Hex
const GENESIS = `0x${'22'.repeat(32)}` as Hex

/**
 * @param spec runtime version to announce @param metadata file for V14, and for V15 where the runtime has one
 * @param synthetic a description to read by instead, and the spec version that it is of
 */
export function recordedChain(options: {
  readonly spec: string
  readonly metadata: string
  readonly v15?: string
  readonly block?: number
  readonly synthetic?: { readonly specVersion: number; readonly description: Description }
}): RecordedChain {
  const { synthetic } = options
  const description = synthetic?.description ?? descriptionOf(options.v15 ?? options.metadata)
  const version = {
    ...versionOf(options.spec),
    ...(synthetic ? { specVersion: synthetic.specVersion } : {}),
  }
  const requests: string[] = []
  const storage = new Map<string, Hex>()
  const calls = new Map<string, Hex>()
  const header = {
    parentHash: HASH,
    number: `0x${(options.block ?? 100).toString(16)}`,
    stateRoot: HASH,
    extrinsicsRoot: HASH,
    digest: { logs: [] },
  }
  const v15 = options.v15
  if (v15) {
    const bytes = fromHex(metadataHex(v15))!
    const length = encode([], { kind: 'compact', bytes: 4 }, bytes.length, 'length')
    calls.set(
      'Metadata_metadata_at_version:0x0f000000',
      `0x01${toHex(length).slice(2)}${toHex(bytes).slice(2)}`,
    )
  }
  const answers: Record<string, (params: unknown[]) => unknown> = {
    chain_getBlockHash: ([number]) => (number === 0 ? GENESIS : HASH),
    chain_getHeader: () => header,
    state_getRuntimeVersion: () => version,
    state_getMetadata: () => metadataHex(options.metadata),
    state_queryStorageAt: ([keys]) => [
      {
        block: HASH,
        changes: (keys as string[]).map((key) => [key, storage.get(key) ?? null]),
      },
    ],
    state_getKeysPaged: ([prefix, count, start]) =>
      [...storage.keys()]
        .filter((key) => key.startsWith(String(prefix)) && (start === null || key > String(start)))
        .sort()
        .slice(0, count as number),
    state_call: ([method, args]) => {
      const found = calls.get(`${String(method)}:${String(args)}`)
      if (found === undefined) {
        throw new RpcError(4003, `Exported method ${String(method)} is not found`)
      }
      return found
    },
  }
  const provider: JsonRpcProvider = {
    isConnected: true,
    connect: async () => undefined,
    disconnect: async () => undefined,
    async send(method, params) {
      requests.push(method)
      const answer = answers[method]
      if (!answer) throw new RpcError(-32601, `Method not found: ${method}`)
      return answer(params)
    },
    subscribe: async () => 1,
    unsubscribe: async () => true,
    on: () => () => undefined,
  }
  return {
    provider,
    answers,
    requests,
    storage,
    calls,
    description,
    set(pallet, item, keys, value) {
      const found = description.pallets[pallet]?.storage[item]
      if (!found) throw new Error(`no storage ${pallet}.${item}`)
      const { types } = description
      const typed = keys.map((key, i) => fromJson(types, found.keys[i]!.type, key))
      const bytes = encode(types, found.value, fromJson(types, found.value, value), item)
      storage.set(storageKey(types, found, typed), toHex(bytes) as Hex)
    },
    async connect() {
      if (!synthetic) return connect({ network: 'local', provider })
      // What the cache has is not asked of the node.
      const cacheDir = tempFolder()
      const runtime = { version: parseVersion(version, ''), description }
      await writeCached(cacheDir, GENESIS, runtime)
      return connect({ network: 'local', provider, cacheDir })
    },
  }
}

/** Recorded JSON to values that encode: integers there are numbers, decimal strings or big-endian hex. */
function fromJson(types: readonly TypeDef[], type: TypeRef, value: unknown): unknown {
  const def = typeof type === 'number' ? types[type]! : type
  if (def.kind === 'uint' || def.kind === 'compact' || def.kind === 'int') {
    return BigInt(value as string)
  }
  if (def.kind === 'vec' || def.kind === 'array') {
    return (value as unknown[]).map((one) => fromJson(types, def.of, one))
  }
  if (def.kind === 'tuple') {
    return (value as unknown[]).map((one, i) => fromJson(types, def.of[i]!, one))
  }
  if (def.kind === 'option') {
    return value === null || value === undefined ? undefined : fromJson(types, def.of, value)
  }
  if (def.kind === 'struct') {
    const object = value as Record<string, unknown>
    return Object.fromEntries(
      def.fields.map(([name, field]) => [
        name,
        fromJson(types, field, object[name] ?? object[camel(name)]),
      ]),
    )
  }
  return value
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
