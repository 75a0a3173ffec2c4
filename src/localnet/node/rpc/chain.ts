/** `chain_*`: headers, blocks, hashes and the heads as they come. */
import { toHex } from '../bytes.js'
import { headerJson } from '../header.js'
import type { Node } from '../node.js'
import type { Block } from '../store/chainStore.js'
import type { Namespace } from './methods.js'
import { countOf, given, hashParam, type Params } from './params.js'

/** The block of a hash, the newest when none is given, undefined when there is no such block. */
function blockOf(node: Node, params: Params): Block | undefined {
  return node.chain.find(hashParam(params, 0) ?? node.chain.head.hash)
}

function blockHash(node: Node, params: Params): unknown {
  if (!given(params, 0)) return node.chain.head.hash
  const [wanted] = params
  const hashOf = (number: unknown) =>
    number === null
      ? node.chain.head.hash
      : (node.chain.hashOf(countOf(number, 'the block number')) ?? null)
  return Array.isArray(wanted) ? wanted.map(hashOf) : hashOf(wanted)
}

function headerOf(node: Node, hash: string): unknown {
  const block = node.chain.find(hash)
  return block ? headerJson(block.header) : null
}

export const chain: Namespace = {
  methods: {
    chain_getHeader(node, params) {
      const block = blockOf(node, params)
      return block ? headerJson(block.header) : null
    },
    chain_getBlock(node, params) {
      const block = blockOf(node, params)
      if (!block) return null
      const extrinsics = block.extrinsics.map(toHex)
      return { block: { header: headerJson(block.header), extrinsics }, justifications: null }
    },
    chain_getBlockHash: blockHash,
    chain_getFinalizedHead: (node) => node.chain.finalized.hash,
  },
  subscriptions: {
    chain_subscribeNewHeads: {
      unsubscribe: 'chain_unsubscribeNewHeads',
      notification: 'chain_newHead',
      start: startHeads,
    },
    chain_subscribeAllHeads: {
      unsubscribe: 'chain_unsubscribeAllHeads',
      notification: 'chain_allHead',
      start: startHeads,
    },
    chain_subscribeFinalizedHeads: {
      unsubscribe: 'chain_unsubscribeFinalizedHeads',
      notification: 'chain_finalizedHead',
      start(node, _params, send) {
        send(headerOf(node, node.chain.finalized.hash))
        return node.chain.onFinalized(({ hash }) => send(headerOf(node, hash)))
      },
    },
  },
  aliases: {
    chain_getHead: 'chain_getBlockHash',
    chain_getFinalisedHead: 'chain_getFinalizedHead',
    chain_subscribeNewHead: 'chain_subscribeNewHeads',
    chain_unsubscribeNewHead: 'chain_unsubscribeNewHeads',
    subscribe_newHead: 'chain_subscribeNewHeads',
    unsubscribe_newHead: 'chain_unsubscribeNewHeads',
    chain_subscribeFinalisedHeads: 'chain_subscribeFinalizedHeads',
    chain_unsubscribeFinalisedHeads: 'chain_unsubscribeFinalizedHeads',
  },
}

/** The newest head at once, then each as it comes: without forks all heads are new heads. */
function startHeads(node: Node, _params: Params, send: (result: unknown) => void) {
  send(headerOf(node, node.chain.head.hash))
  return node.chain.onBlock(({ block }) => send(headerJson(block.header)))
}
