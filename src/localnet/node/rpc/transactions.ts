/** `transaction_v1_*` and `transactionWatch_v1_*`: handing in transactions, in the words of the newer methods. */
import { randomBytes } from 'node:crypto'
import { type Hex, hashOf } from '../bytes.js'
import type { Node } from '../node.js'
import type { Status } from '../pool/pool.js'
import { RpcError } from './errors.js'
import type { Namespace, Peer, Stop } from './methods.js'
import { bytesParam, type Params, textParam } from './params.js'

/** As real nodes have it, per connection. */
const MAX_BROADCASTS = 16

/** What a watcher is told, undefined where the newer methods say nothing. */
function watchEvent(node: Node, hash: Hex, status: Status): object | undefined {
  if (status === 'ready') return { event: 'validated' }
  if (status === 'future') return undefined
  if (status === 'dropped') {
    return { event: 'dropped', error: 'Extrinsic dropped from the pool due to exceeding limits' }
  }
  if (status === 'invalid') return { event: 'invalid', error: 'Extrinsic marked as invalid' }
  if ('usurped' in status) {
    return { event: 'invalid', error: 'Extrinsic was rendered invalid by another extrinsic' }
  }
  const [event, block] =
    'inBlock' in status
      ? ['bestChainBlockIncluded', status.inBlock]
      : ['finalized', status.finalized]
  return { event, block: { hash: block, index: indexIn(node, block, hash) } }
}

function indexIn(node: Node, block: Hex, hash: Hex): number {
  return node.chain.find(block)?.extrinsics.findIndex((one) => hashOf(one) === hash) ?? -1
}

/** Errors come as events, even for bytes that are no transaction. */
async function startWatch(
  node: Node,
  params: Params,
  send: (event: unknown) => void,
): Promise<Stop> {
  const bytes = bytesParam(params, 0)
  const hash = hashOf(bytes)
  const watcher = (status: Status) => {
    const event = watchEvent(node, hash, status)
    if (event) send(event)
  }
  try {
    await node.submit(bytes, watcher)
    return () => node.pool.unwatch(hash, watcher)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const { message, data } = error
    send({ event: 'invalid', error: data === undefined ? message : `${message}: ${data}` })
    return () => {}
  }
}

/** Hands a transaction in, and again after each block until it is in one or the client stops it. */
function broadcast(node: Node, params: Params, peer: Peer): string | null {
  const bytes = bytesParam(params, 0)
  if (peer.broadcasts.size >= MAX_BROADCASTS) return null
  const id = randomBytes(8).toString('hex')
  const hash = hashOf(bytes)
  const submit = () => {
    node.submit(bytes).catch((error: unknown) => {
      if (!(error instanceof RpcError)) node.onFault(error)
    })
  }
  const end = node.chain.onBlock(({ included }) => {
    if (included.includes(hash)) end()
    else submit()
  })
  peer.broadcasts.set(id, end)
  submit()
  return id
}

export const transactions: Namespace = {
  methods: {
    transaction_v1_broadcast: broadcast,
    transaction_v1_stop(_node, params, peer) {
      const id = textParam(params, 0)
      const stop = peer.broadcasts.get(id)
      if (!stop) throw new RpcError(-32602, 'Invalid operation id')
      stop()
      peer.broadcasts.delete(id)
      return null
    },
  },
  subscriptions: {
    transactionWatch_v1_submitAndWatch: {
      unsubscribe: 'transactionWatch_v1_unwatch',
      notification: 'transactionWatch_v1_watchEvent',
      start: startWatch,
    },
  },
}
