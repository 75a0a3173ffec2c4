/** `state_*`: storage at any block, runtime calls, metadata and versions. */
import { type Hex, hashOf, toHex } from '../bytes.js'
import type { Node } from '../node.js'
import { runtimeCall } from '../runtimeApis.js'
import { blockParam } from './blocks.js'
import { invalidParams, RpcError, stateError } from './errors.js'
import type { Namespace, Stop } from './methods.js'
import {
  countParam,
  given,
  hexOf,
  hexParam,
  listParam,
  type Params,
  plainBytesParam,
  textParam,
} from './params.js'

/** Most keys that one page may hold. */
const MAX_PAGE = 1000

const hexOrNull = (value: Uint8Array | undefined): Hex | null => (value ? toHex(value) : null)

async function call(node: Node, params: Params): Promise<Hex> {
  const name = textParam(params, 0)
  const input = plainBytesParam(params, 1)
  const { number } = blockParam(node, params, 2)
  try {
    return toHex(await runtimeCall(node, { name, input, block: number }))
  } catch (error) {
    if (error instanceof RpcError) throw error
    throw stateError((error as Error).message)
  }
}

function storageSize(node: Node, params: Params): number | null {
  const key = hexParam(params, 0)
  const { number } = blockParam(node, params, 1)
  const own = node.chain.store.value(key, number)
  if (own) return own.length
  let sum = 0
  for (const each of node.chain.store.keys(key, number)) {
    sum += node.chain.store.value(each, number)?.length ?? 0
  }
  return sum === 0 ? null : sum
}

function keysPaged(node: Node, params: Params): Hex[] {
  const prefix = given(params, 0) ? hexParam(params, 0) : ''
  const count = countParam(params, 1)
  if (count > MAX_PAGE) {
    throw new RpcError(4002, `count exceeds maximum value. value: ${count}, max: ${MAX_PAGE}`)
  }
  const after = given(params, 2) ? hexParam(params, 2) : undefined
  const { number } = blockParam(node, params, 3)
  const page: Hex[] = []
  for (const key of node.chain.store.keys(prefix, number, after)) {
    if (page.length === count) break
    page.push(`0x${key}`)
  }
  return page
}

type ChangeSet = { block: string; changes: [Hex, Hex | null][] }

function keyList(params: Params, index: number): string[] {
  return listParam(params, index).map((key) => hexOf(key, 'a key'))
}

function changesAt(
  node: Node,
  block: { readonly number: number; readonly hash: string },
  keys: readonly string[],
): ChangeSet {
  const changes = keys.map((key): [Hex, Hex | null] => [
    `0x${key}`,
    hexOrNull(node.chain.store.value(key, block.number)),
  ])
  return { block: block.hash, changes }
}

/** All values at the first block, then what changed in each block after it. */
function queryStorage(node: Node, params: Params): ChangeSet[] {
  const keys = keyList(params, 0)
  if (!given(params, 1)) throw invalidParams('parameter 2 must be a hash of 32 bytes')
  const from = blockParam(node, params, 1)
  const to = blockParam(node, params, 2)
  if (from.number > to.number) {
    throw new RpcError(
      4001,
      `Cannot resolve a block range ['${from.hash}' ... '${to.hash}']. from is after to`,
    )
  }
  const sets = [changesAt(node, from, keys)]
  for (let number = from.number + 1; number <= to.number; number++) {
    const changes = keys
      .filter((key) => !same(node.chain.store, key, number))
      .map((key): [Hex, Hex | null] => [`0x${key}`, hexOrNull(node.chain.store.value(key, number))])
    const hash = node.chain.hashOf(number)
    if (changes.length > 0 && hash) sets.push({ block: hash, changes })
  }
  return sets
}

/** Whether a key has the same value after a block as before it. */
function same(store: Node['chain']['store'], key: string, block: number): boolean {
  const [before, after] = [store.value(key, block - 1), store.value(key, block)]
  return hexOrNull(before) === hexOrNull(after)
}

/** The values at once, then those that change with each block; without keys all changes. */
function startStorage(node: Node, params: Params, send: (result: unknown) => void): Stop {
  const keys = given(params, 0) ? new Set(keyList(params, 0)) : undefined
  if (keys) send(changesAt(node, node.chain.head, [...keys]))
  return node.chain.onBlock((sealed) => {
    const changes: ChangeSet['changes'] = []
    for (const [key, value] of sealed.changes) {
      if (!keys || keys.has(key)) changes.push([`0x${key}`, hexOrNull(value ?? undefined)])
    }
    if (changes.length > 0) send({ block: sealed.block.hash, changes })
  })
}

const versionAt = ({ chain }: Node, block: number) => chain.engineAt(block).runtime.version

/** The version at once, then each that takes its place, also when the chain goes back. */
function startVersions(node: Node, _params: Params, send: (result: unknown) => void): Stop {
  const { chain } = node
  let told = versionAt(node, chain.head.number)
  send(told)
  const tell = () => {
    const now = versionAt(node, chain.head.number)
    if (now === told) return
    told = now
    send(now)
  }
  const ends = [chain.onBlock(tell), chain.onRevert(tell)]
  return () => {
    for (const end of ends) end()
  }
}

export const state: Namespace = {
  methods: {
    state_call: call,
    async state_getMetadata(node, params) {
      const { number } = blockParam(node, params, 0)
      return toHex(await node.chain.engineAt(number).metadata(14))
    },
    state_getRuntimeVersion(node, params) {
      return versionAt(node, blockParam(node, params, 0).number)
    },
    state_getStorage(node, params) {
      const { number } = blockParam(node, params, 1)
      return hexOrNull(node.chain.store.value(hexParam(params, 0), number))
    },
    state_getStorageHash(node, params) {
      const { number } = blockParam(node, params, 1)
      const value = node.chain.store.value(hexParam(params, 0), number)
      return value ? hashOf(value) : null
    },
    state_getStorageSize: storageSize,
    state_getKeys(node, params) {
      const { number } = blockParam(node, params, 1)
      return [...node.chain.store.keys(hexParam(params, 0), number)].map((key) => `0x${key}`)
    },
    state_getPairs(node, params) {
      const { number } = blockParam(node, params, 1)
      const keys = [...node.chain.store.keys(hexParam(params, 0), number)]
      return changesAt(node, { number, hash: '' }, keys).changes
    },
    state_getKeysPaged: keysPaged,
    state_queryStorage: queryStorage,
    state_queryStorageAt: (node, params) => [
      changesAt(node, blockParam(node, params, 1), keyList(params, 0)),
    ],
  },
  subscriptions: {
    state_subscribeStorage: {
      unsubscribe: 'state_unsubscribeStorage',
      notification: 'state_storage',
      start: startStorage,
    },
    state_subscribeRuntimeVersion: {
      unsubscribe: 'state_unsubscribeRuntimeVersion',
      notification: 'state_runtimeVersion',
      start: startVersions,
    },
  },
  aliases: {
    state_callAt: 'state_call',
    state_getStorageAt: 'state_getStorage',
    state_getStorageHashAt: 'state_getStorageHash',
    state_getStorageSizeAt: 'state_getStorageSize',
    state_getKeysPagedAt: 'state_getKeysPaged',
    chain_getRuntimeVersion: 'state_getRuntimeVersion',
    chain_subscribeRuntimeVersion: 'state_subscribeRuntimeVersion',
    chain_unsubscribeRuntimeVersion: 'state_unsubscribeRuntimeVersion',
  },
  unsafe: ['state_getPairs', 'state_queryStorage'],
}
