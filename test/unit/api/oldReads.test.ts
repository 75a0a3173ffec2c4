/** Reads of what only the first runtimes kept, by their real metadata (spec 103). */
import { expect, test } from 'vitest'
import { Subtensor } from '../../../src/api/subtensor/subtensor.js'
import { recordedChain } from '../chain/recordedChain.js'

test('a connection that nothing is asked for has no requirement, one with 0 has', async () => {
  const chain = recordedChain({ spec: '103', metadata: 'spec-103.v14' })
  chain.set('SubtensorModule', 'NetworkConnect', [3, 1], 6553)
  chain.set('SubtensorModule', 'NetworkConnect', [3, 2], 0)
  const subtensor = new Subtensor(await chain.connect())
  const asked = [1, 2, 4].map((other) => subtensor.getSubnetConnectionRequirement(3, other))
  expect(await Promise.all(asked)).toEqual([6553, 0, undefined])
})
