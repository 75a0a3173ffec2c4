/** Blocks as parameters name them: by hash, or the newest one. */
import type { BlockRef } from '../chain/chain.js'
import type { Node } from '../node.js'
import { discardedState, unknownBlock } from './errors.js'
import { hashParam, type Params } from './params.js'

/**
 * The block whose state a parameter names by its hash, the newest one when it is missing. Throws for an unknown hash, and for
 * a block whose state is pruned.
 */
export function blockParam(node: Node, params: Params, index: number): BlockRef {
  const hash = hashParam(params, index)
  if (hash === undefined) return node.chain.head
  const block = node.chain.find(hash)
  if (!block) throw unknownBlock(hash)
  return stateOf(node, { number: block.header.number, hash: block.hash })
}

/** A block, if its state is still there. Throws when it is pruned. */
export function stateOf(node: Node, block: BlockRef): BlockRef {
  if (block.number < node.chain.store.firstState) throw discardedState(block.hash)
  return block
}
