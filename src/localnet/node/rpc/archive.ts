/** `archive_v1_*`: any block by height or hash, as far back as states are kept. */
import { toHex } from '../bytes.js'
import { encodeHeader } from '../header.js'
import type { Node } from '../node.js'
import { runtimeCall } from '../runtimeApis.js'
import type { Block } from '../store/chainStore.js'
import { stateOf } from './blocks.js'
import { invalidParams } from './errors.js'
import type { Namespace, Stop } from './methods.js'
import { bytesParam, countParam, given, hashParam, type Params, textParam } from './params.js'
import { diffQueries, storageDiff } from './storageDiff.js'
import { storageItems, storageQueries } from './storageItems.js'

function blockOf(node: Node, params: Params, index = 0): Block | undefined {
  const hash = hashParam(params, index)
  if (hash === undefined) throw invalidParams(`parameter ${index + 1} must be a hash of 32 bytes`)
  return node.chain.find(hash)
}

async function call(node: Node, params: Params): Promise<unknown> {
  const block = blockOf(node, params)
  const name = textParam(params, 1)
  const input = bytesParam(params, 2)
  if (!block) return null
  try {
    const value = await runtimeCall(node, { name, input, block: stateNumber(node, block) })
    return { success: true, value: toHex(value) }
  } catch (error) {
    return { success: false, error: (error as Error).message }
  }
}

type Send = (event: unknown) => void

/** Number of a block whose state is asked for. Throws what becomes the error event. */
function stateNumber(node: Node, block: Block | undefined): number {
  if (!block) throw new Error('Block not found')
  return stateOf(node, { number: block.header.number, hash: block.hash }).number
}

function startStorage(node: Node, params: Params, send: Send): Stop {
  const block = blockOf(node, params)
  const queries = storageQueries(params, 1)
  if (given(params, 2)) throw invalidParams('this chain has no child tries')
  return stream('storage', send, () => storageItems(node, stateNumber(node, block), queries))
}

/** What differs from an earlier block, the parent unless named: entries below some keys, or all. */
function startDiff(node: Node, params: Params, send: Send): Stop {
  const block = blockOf(node, params)
  const queries = diffQueries(params, 1)
  const named = given(params, 2) ? blockOf(node, params, 2) : undefined
  return stream('storageDiff', send, () => {
    const to = stateNumber(node, block)
    const parent = block && node.chain.find(block.header.parentHash)
    const from = given(params, 2) ? named : parent
    return storageDiff(node, { from: stateNumber(node, from), to }, queries)
  })
}

/** Gives all entries, then the end; or an error in the middle. */
function stream(event: string, send: Send, entries: () => Iterable<object>): Stop {
  let stopped = false
  const run = async () => {
    let count = 0
    for (const entry of entries()) {
      if (stopped) return
      send({ event, ...entry })
      if (++count % 512 === 0) await new Promise(setImmediate)
    }
    if (!stopped) send({ event: `${event}Done` })
  }
  run().catch((error: Error) => send({ event: `${event}Error`, error: error.message }))
  return () => {
    stopped = true
  }
}

export const archive: Namespace = {
  methods: {
    archive_v1_genesisHash: (node) => node.chain.genesisHash,
    archive_v1_finalizedHeight: (node) => node.chain.finalized.number,
    archive_v1_hashByHeight(node, params) {
      const hash = node.chain.hashOf(countParam(params, 0))
      return hash === undefined ? [] : [hash]
    },
    archive_v1_header(node, params) {
      const block = blockOf(node, params)
      return block ? toHex(encodeHeader(block.header)) : null
    },
    archive_v1_body: (node, params) => blockOf(node, params)?.extrinsics.map(toHex) ?? null,
    archive_v1_call: call,
  },
  subscriptions: {
    archive_v1_storage: {
      unsubscribe: 'archive_v1_stopStorage',
      notification: 'archive_v1_storageEvent',
      start: startStorage,
    },
    archive_v1_storageDiff: {
      unsubscribe: 'archive_v1_storageDiff_stopStorageDiff',
      notification: 'archive_v1_storageDiffEvent',
      start: startDiff,
    },
  },
  // The name that the specification gives it; nodes have the other.
  aliases: { archive_v1_stopStorageDiff: 'archive_v1_storageDiff_stopStorageDiff' },
}
