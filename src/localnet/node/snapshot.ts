/** Going back to an earlier block. */
import { BittensorError } from '../../core/errors.js'
import type { BlockRef } from './chain/chain.js'
import type { Node } from './node.js'

/**
 * Makes the block of a snapshot the newest again.
 * @throws {BittensorError} `LOCALNET` when it is no longer on the chain.
 */
export async function restoreSnapshot(
  node: Node,
  { number, hash }: Pick<BlockRef, 'number' | 'hash'>,
): Promise<void> {
  if (node.chain.hashOf(number) !== hash) {
    throw new BittensorError(
      'LOCALNET',
      `block ${number} of the snapshot is no longer on the chain`,
    )
  }
  if (number < node.chain.store.firstState) {
    throw new BittensorError('LOCALNET', `the state of block ${number} is no longer kept`, {
      hint: 'start the chain with a longer history',
    })
  }
  await node.revert(number)
}
