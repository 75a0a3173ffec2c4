import { expect, it } from 'vitest'
import { keepSubscribed, newBlocks } from '../../../src/core/chain/heads.js'
import type { ChainClient } from '../../../src/core/chain/types.js'

/** A node that names blocks by their numbers, and is lost when a test says so. */
function fakeNode() {
  const node = {
    push: (_: number) => {},
    lose: () => {},
    client: {
      subscribeHeads: async (onHead, onLost) => {
        node.push = (number) =>
          onHead({ number, hash: `0x${number}`, parentHash: '0x', bringsRuntime: false })
        node.lose = () => onLost?.(new Error('gone'))
        return () => {}
      },
    } as Pick<ChainClient, 'subscribeHeads'> as ChainClient,
  }
  return node
}

it('a lost connection keeps the process alive while it is tried again, and no longer', async () => {
  const node = fakeNode()
  const stop = await keepSubscribed(
    node.client,
    () => {},
    () => {},
  )
  // Timers that do not keep the process alive are not among them.
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  node.lose()
  expect(timers()).toBe(before + 1)
  stop()
  expect(timers()).toBe(before)
})

it('a node that begins again with the block that it was at gives it once', async () => {
  const node = fakeNode()
  const seen: number[] = []
  const reading = (async () => {
    for await (const { number } of newBlocks(node.client)) {
      seen.push(number)
      if (number === 3) return
    }
  })()
  await new Promise((resolve) => setTimeout(resolve))
  for (const number of [1, 2, 2, 3]) node.push(number)
  await reading
  expect(seen).toEqual([1, 2, 3])
})
