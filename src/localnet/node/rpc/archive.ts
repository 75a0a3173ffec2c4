/** `archive_v1_*`: any block by height or hash, as far back as states are kept. */
import { toHex } from '../bytes.js'
import { encodeHeader } from '../header.js'
import type { Node } from '../node.js'
import { runtimeCall } from '../runtimeApis.js'
import type { Block } from '../store/chainStore.js'
import { invalidParams } from './errors.js'
import type { Namespace, Stop } from './methods.js'
import { bytesParam, countParam, given, hashParam, type Params, textParam } from './params.js'
import { type StorageQuery, storageItems, storageQueries } from './storageItems.js'

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
    const value = await runtimeCall(node, { name, input, block: block.header.number })
    return { success: true, value: toHex(value) }
  } catch (error) {
    return { success: false, error: (error as Error).message }
  }
}

type Send = (event: unknown) => void

function startStorage(node: Node, params: Params, send: Send): Stop {
  const block = blockOf(node, params)
  const queries = storageQueries(params, 1)
  if (given(params, 2)) throw invalidParams('this chain has no child tries')
  return stream(send, () => {
    if (!block) throw new Error('Block not found')
    return entriesOf(node, block.header.number, queries)
  })
}

function* entriesOf(node: Node, block: number, queries: readonly StorageQuery[]) {
  for (const item of storageItems(node, block, queries)) yield { event: 'storage', ...item }
}

/** Gives all entries, then the end; or an error in the middle. */
function stream(send: Send, entries: () => Iterable<object>): Stop {
  let stopped = false
  const run = async () => {
    let count = 0
    for (const entry of entries()) {
      if (stopped) return
      send(entry)
      if (++count % 512 === 0) await new Promise(setImmediate)
    }
    if (!stopped) send({ event: 'storageDone' })
  }
  run().catch((error: Error) => send({ event: 'storageError', error: error.message }))
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
  },
}
