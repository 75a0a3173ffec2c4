/** `chainHead_v1_*` and `chainSpec_v1_*`: following the chain and asking about the blocks just heard of. */
import { toHex } from '../bytes.js'
import { encodeHeader } from '../header.js'
import type { Node } from '../node.js'
import { runtimeCall } from '../runtimeApis.js'
import { invalidParams, RpcError } from './errors.js'
import { Follow } from './follow.js'
import type { Handler, Namespace, Peer, Stop } from './methods.js'
import { bytesParam, given, hashParam, type Params, textParam } from './params.js'
import { storageItems, storageQueries } from './storageItems.js'
import { CHAIN_NAME, PROPERTIES } from './system.js'

/** As real nodes have it, per connection. */
const MAX_FOLLOWS = 4
/** Entries in one message. */
const PAGE = 512

/** What a method answers about a subscription that has ended, or never was. */
const LIMIT_REACHED = { result: 'limitReached' }

function startFollow(
  node: Node,
  params: Params,
  send: (result: unknown) => void,
  { id, peer }: { readonly id: string; readonly peer: Peer },
): Stop {
  const [withRuntime] = params
  if (typeof withRuntime !== 'boolean') throw invalidParams('parameter 1 must be true or false')
  if (peer.follows.size >= MAX_FOLLOWS) {
    throw new RpcError(-32800, 'Maximum number of chainHead_v1_follow has been reached')
  }
  const follow = new Follow(node, withRuntime, send)
  peer.follows.set(id, follow)
  follow.start()
  return () => {
    follow.stop()
    peer.follows.delete(id)
  }
}

/** The subscription that a parameter names. */
function followOf(peer: Peer, params: Params): Follow | undefined {
  return peer.follows.get(textParam(params, 0))
}

function pinnedHash(params: Params): string {
  const hash = hashParam(params, 1)
  if (hash === undefined) throw invalidParams('parameter 2 must be a hash of 32 bytes')
  return hash
}

const body: Handler = (_node, params, peer) => {
  const hash = pinnedHash(params)
  const follow = followOf(peer, params)
  if (!follow) return LIMIT_REACHED
  const { extrinsics } = follow.block(hash)
  return follow.operate(async (send) =>
    send({ event: 'operationBodyDone', value: extrinsics.map(toHex) }),
  )
}

const call: Handler = (node, params, peer) => {
  const hash = pinnedHash(params)
  const name = textParam(params, 2)
  const input = bytesParam(params, 3)
  const follow = followOf(peer, params)
  if (!follow) return LIMIT_REACHED
  const block = follow.block(hash).header.number
  return follow.operate(async (send) => {
    if (block < node.chain.store.firstState) return send({ event: 'operationInaccessible' })
    const output = await runtimeCall(node, { name, input, block })
    send({ event: 'operationCallDone', output: toHex(output) })
  })
}

const storage: Handler = (node, params, peer) => {
  const hash = pinnedHash(params)
  const queries = storageQueries(params, 2)
  if (given(params, 3)) throw invalidParams('this chain has no child tries')
  const follow = followOf(peer, params)
  if (!follow) return LIMIT_REACHED
  const block = follow.block(hash).header.number
  const started = follow.operate(async (send, stopped) => {
    if (block < node.chain.store.firstState) return send({ event: 'operationInaccessible' })
    let items: unknown[] = []
    const flush = () => {
      if (items.length > 0) send({ event: 'operationStorageItems', items })
      items = []
    }
    for (const item of storageItems(node, block, queries)) {
      if (stopped()) return
      if (items.push(item) < PAGE) continue
      flush()
      // Whoever walks a big map must not hold up everybody else.
      await new Promise(setImmediate)
    }
    flush()
    send({ event: 'operationStorageDone' })
  })
  return started.result === 'started' ? { ...started, discardedItems: 0 } : started
}

const unpin: Handler = (_node, params, peer) => {
  const [, which] = params
  const list: readonly unknown[] = Array.isArray(which) ? which : [which]
  const hashes = list.map((_, i) => hashParam(list, i) ?? '')
  followOf(peer, params)?.unpin(hashes)
  return null
}

export const chainHead: Namespace = {
  methods: {
    chainHead_v1_header(_node, params, peer) {
      const hash = pinnedHash(params)
      const follow = followOf(peer, params)
      return follow ? toHex(encodeHeader(follow.block(hash).header)) : null
    },
    chainHead_v1_body: body,
    chainHead_v1_call: call,
    chainHead_v1_storage: storage,
    chainHead_v1_unpin: unpin,
    // Nothing is ever held back for a client to ask for more.
    chainHead_v1_continue: () => null,
    chainHead_v1_stopOperation(_node, params, peer) {
      followOf(peer, params)?.stopOperation(textParam(params, 1))
      return null
    },
    chainSpec_v1_chainName: () => CHAIN_NAME,
    chainSpec_v1_genesisHash: (node) => node.chain.genesisHash,
    chainSpec_v1_properties: () => PROPERTIES,
  },
  subscriptions: {
    chainHead_v1_follow: {
      unsubscribe: 'chainHead_v1_unfollow',
      notification: 'chainHead_v1_followEvent',
      start: startFollow,
    },
  },
}
