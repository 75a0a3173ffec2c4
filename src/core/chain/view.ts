/** The chain at one block. Reads made in the same turn of the event loop are sent as one request. */
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import { decode, resolve, ScaleError } from './decode.js'
import { capabilitiesOf, type Runtime, type StorageDescription } from './description.js'
import { allKeys } from './keyPages.js'
import { hostOf } from './rpc.js'
import type { Request } from './runtime.js'
import { keysOf, storageKey } from './storageKey.js'
import type { TypeRef } from './typeDef.js'
import type {
  BlockRef,
  Capabilities,
  ChainEra,
  ChainValue,
  ChainView,
  Hex,
  StorageEntry,
} from './types.js'

/** Keys per `state_queryStorageAt`: about 300 kB of request, far below what nodes refuse. */
const KEYS_PER_QUERY = 2000

type ViewOptions = {
  readonly network: string
  readonly endpoint: string
  readonly block: BlockRef
  /** What the storage of the block was written by. */
  readonly runtime: Runtime
  /** What answers questions about the block: a newer runtime where the block brings one. */
  readonly answering: Runtime
  readonly request: Request
}

/** Makes a view; `request` has to map failures. */
export function createView(options: ViewOptions): ChainView {
  const { block, runtime, request, endpoint } = options
  const { types } = runtime.description
  const fetchKey = batched((keys) => queryStorage(request, keys, block.hash))
  const item = (pallet: string, name: string) => itemOf(runtime, pallet, name)

  async function stored(
    pallet: string,
    name: string,
    keys: readonly unknown[],
  ): Promise<Hex | undefined> {
    const found = item(pallet, name)
    if (keys.length !== found.keys.length) {
      throw new RangeError(`${pallet}.${name} has ${found.keys.length} keys, not ${keys.length}`)
    }
    return fetchKey(storageKey(types, found, keys))
  }

  async function pagedKeys(
    pallet: string,
    name: string,
    prefix: readonly unknown[],
  ): Promise<string[]> {
    const found = item(pallet, name)
    return allKeys(request, storageKey(types, found, prefix), block.hash)
  }

  const decodeItem = (pallet: string, name: string, type: TypeRef, hex: Hex): ChainValue =>
    decodeAnswer(() => decode(types, type, hexBytes(hex)), `${pallet}.${name}`, endpoint)

  return {
    ...capabilitiesOf(() => runtime),
    ...apiReads(options),
    network: options.network,
    endpoint,
    block,
    runtime,
    specVersion: runtime.version.specVersion,
    era: eraOf(capabilitiesOf(() => runtime)),

    async read(pallet, name, ...keys) {
      const hex = await stored(pallet, name, keys)
      const { value, optional, fallback } = item(pallet, name)
      if (hex !== undefined) return decodeItem(pallet, name, value, hex)
      return optional ? undefined : decodeItem(pallet, name, value, fallback)
    },

    async readStored(pallet, name, ...keys) {
      const hex = await stored(pallet, name, keys)
      return hex === undefined ? undefined : decodeItem(pallet, name, item(pallet, name).value, hex)
    },

    async entries(pallet, name, ...prefix) {
      const found = item(pallet, name)
      const keys = await pagedKeys(pallet, name, prefix)
      const values = await Promise.all(keys.map((key) => fetchKey(key)))
      return keys.flatMap((key, i): StorageEntry[] => {
        const hex = values[i]
        if (hex === undefined) return []
        const value = decodeItem(pallet, name, found.value, hex)
        return [{ keys: keysOf(types, found, key), value }]
      })
    },

    async keys(pallet, name, ...prefix) {
      const keys = await pagedKeys(pallet, name, prefix)
      return keys.map((key) => keysOf(types, item(pallet, name), key))
    },

    decode(type, bytes) {
      return decodeAnswer(() => decode(types, type, bytes), 'a value', endpoint)
    },

    request: (method, params) => request(method, params),
  }
}

type ApiReads = Pick<ChainView, 'hasRuntimeApi' | 'callApi' | 'decodeOutput' | 'apiOutput'>

function apiReads(options: ViewOptions): ApiReads {
  const { block, request, endpoint } = options
  const apis = apisFor(options)
  const { types } = apis.description
  return {
    hasRuntimeApi: capabilitiesOf(() => apis).hasRuntimeApi,

    async callApi(trait, method, args = new Uint8Array()) {
      const params = [`${trait}_${method}`, toHex(args), block.hash]
      return hexBytes(await request('state_call', params))
    },

    decodeOutput: (type, bytes) =>
      decodeAnswer(() => decode(types, type, bytes), 'a runtime API', endpoint),

    apiOutput(trait, method) {
      const output = apis.description.apis[trait]?.[method]?.output
      return output === undefined ? undefined : resolve(types, output)
    },
  }
}

/**
 * The runtime by whose description runtime APIs are called. One that keeps stake in other tables than those that the block
 * has would answer from empty ones: there storage has to do.
 */
function apisFor({ runtime, answering }: ViewOptions): Runtime {
  const eraOfRuntime = (one: Runtime) => eraOf(capabilitiesOf(() => one))
  if (eraOfRuntime(answering) === eraOfRuntime(runtime)) return answering
  const { version, description } = runtime
  return { version: { ...version, apis: [] }, description: { ...description, apis: {} } }
}

/** The era, by the arguments of `add_stake`. */
export function eraOf(capabilities: Capabilities): ChainEra {
  return capabilities.callArgs('SubtensorModule', 'add_stake')?.includes('netuid')
    ? 'dtao'
    : 'classic'
}

function itemOf(runtime: Runtime, pallet: string, name: string): StorageDescription {
  const found = runtime.description.pallets[pallet]?.storage[name]
  if (found) return found
  const spec = runtime.version.specVersion
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${spec}) does not keep ${pallet}.${name}`,
    { data: { pallet, item: name, specVersion: spec } },
  )
}

/**
 * Collects keys until the event loop turns, then asks for all of them at once. A block never changes, so the same key is
 * asked once per view.
 */
function batched(
  query: (keys: readonly string[]) => Promise<ReadonlyMap<string, Hex>>,
): (key: string) => Promise<Hex | undefined> {
  const known = new Map<string, Promise<Hex | undefined>>()
  let collecting: { readonly keys: string[]; readonly answer: Answer } | undefined
  const collect = (): { readonly keys: string[]; readonly answer: Answer } => {
    const keys: string[] = []
    const answer = new Promise((turned) => setImmediate(turned)).then(() => {
      collecting = undefined
      return query(keys)
    })
    // A failure is not remembered: the next read may find the node in better shape.
    answer.catch(() => {
      for (const key of keys) known.delete(key)
    })
    return { keys, answer }
  }
  return (key) => {
    const seen = known.get(key)
    if (seen) return seen
    collecting ??= collect()
    collecting.keys.push(key)
    const value = collecting.answer.then((values) => values.get(key))
    known.set(key, value)
    return value
  }
}

type Answer = Promise<ReadonlyMap<string, Hex>>

async function queryStorage(
  request: Request,
  keys: readonly string[],
  at: Hex,
): Promise<ReadonlyMap<string, Hex>> {
  const values = new Map<string, Hex>()
  const chunks: (readonly string[])[] = []
  for (let i = 0; i < keys.length; i += KEYS_PER_QUERY)
    chunks.push(keys.slice(i, i + KEYS_PER_QUERY))
  const answers = await Promise.all(chunks.map((chunk) => queryChunk(request, chunk, at)))
  for (const [key, value] of answers.flat()) {
    if (value !== null) values.set(key, value as Hex)
  }
  return values
}

/** One request for all keys, or one each where a node does not offer that. */
async function queryChunk(request: Request, keys: readonly string[], at: Hex): Promise<Changes> {
  try {
    return changesOf(await request('state_queryStorageAt', [keys, at]))
  } catch (error) {
    if (!(error instanceof BittensorError) || error.code !== 'RUNTIME_UNSUPPORTED') throw error
  }
  return Promise.all(
    keys.map(async (key) => {
      const value = await request('state_getStorage', [key, at])
      return [key, typeof value === 'string' ? value : null] as const
    }),
  )
}

type Changes = readonly (readonly [key: string, value: string | null])[]

function changesOf(answer: unknown): Changes {
  const first = Array.isArray(answer)
    ? (answer[0] as { readonly changes?: unknown } | undefined)
    : undefined
  if (!Array.isArray(first?.changes)) {
    throw new BittensorError('CONNECTION', 'the node answered state_queryStorageAt with no changes')
  }
  return first.changes as Changes
}

function hexBytes(answer: unknown): Uint8Array {
  const bytes = typeof answer === 'string' ? fromHex(answer) : undefined
  if (!bytes) throw new BittensorError('CONNECTION', 'the node answered something that is not hex')
  return bytes
}

function decodeAnswer<T>(work: () => T, what: string, endpoint: string): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error
    throw new BittensorError(
      'CONNECTION',
      `${hostOf(endpoint)} answered ${what} with bytes that do not decode`,
      {
        details: error.message,
        data: { endpoint, undecodable: true },
        cause: error,
      },
    )
  }
}
