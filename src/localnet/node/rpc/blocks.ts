/** Blocks as parameters name them: by hash, or the newest one. */
import type { BlockRef } from '../chain/chain.js'
import type { Node } from '../node.js'
import { unknownBlock } from './errors.js'
import { hashParam, type Params } from './params.js'

/** The block that a parameter names by hash, the newest one when it is missing. Throws for an unknown hash. */
export function blockParam(node: Node, params: Params, index: number): BlockRef {
  const hash = hashParam(params, index)
  if (hash === undefined) return node.chain.head
  const block = node.chain.find(hash)
  if (!block) throw unknownBlock(hash)
  return { number: block.header.number, hash: block.hash }
}
