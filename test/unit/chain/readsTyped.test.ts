/** Reads of runtimes that describe their APIs (V15): answers recorded from public nodes in 2025. */
import { expect, test } from 'vitest'

import { neuronLite } from '../../../src/core/chain/layouts.js'
import { readNeurons } from '../../../src/core/chain/neurons.js'
import { callDecoded, isWrapped, u16Arguments } from '../../../src/core/chain/runtimeApi.js'
import { readStakesOfHotkey, readTotalStake } from '../../../src/core/chain/stake.js'
import { readStakeWeights } from '../../../src/core/chain/stakeWeights.js'
import { readHyperparameters, readLockCost } from '../../../src/core/chain/subnets.js'
import { vec } from '../../../src/core/chain/typeDef.js'
import type { Hex } from '../../../src/core/chain/types.js'
import { asList, asRecord, fieldOf } from '../../../src/core/chain/values.js'
import type { Ss58 } from '../../../src/core/keys/ss58.js'
import { recordedChain, vectorJson, vectorText } from './recordedChain.js'

type Answers = {
  readonly answers: {
    stateCallMethod?: string
    stateCallArgs?: string
    result?: Hex
    type?: string
    decoded?: Record<string, unknown>
  }[]
}
const { answers } = vectorJson<Answers>('runtime-api/mainnet-2025-recorded.json')
const file = (name: string) => vectorText(`runtime-api/${name}-recorded.hex`) as Hex

function mainnet() {
  const chain = recordedChain({ spec: '343', metadata: 'spec-343.v14', v15: 'spec-343.v15' })
  chain.calls.set('NeuronInfoRuntimeApi_get_neurons_lite:0x0100', file('get_neurons_lite'))
  chain.calls.set('SubnetInfoRuntimeApi_get_subnets_info_v2:0x', file('get_subnets_info_v2'))
  chain.calls.set('SubnetInfoRuntimeApi_get_subnet_state:0x0100', file('get_subnet_state'))
  chain.calls.set(
    'SubnetRegistrationRuntimeApi_get_network_registration_cost:0x',
    '0x40d48b5800000000',
  )
  return chain
}

test('metadata of version 15 is fetched where the runtime has it, and its APIs are known', async () => {
  const chain = mainnet()
  const client = await chain.connect()
  expect(chain.requests).toEqual(['chain_getBlockHash', 'state_getRuntimeVersion', 'state_call'])
  expect(client.era).toBe('dtao')
  expect(client.hasRuntimeApi('SwapRuntimeApi', 'current_alpha_price')).toBe(true)
  expect(client.hasRuntimeApi('SwapRuntimeApi', 'future_price')).toBe(false)
  expect(client.hasPallet('Triumvirate')).toBe(false)
  expect(client.callArgs('SubtensorModule', 'become_delegate')).toBeUndefined()
})

test('1024 neurons of mainnet subnet 1', async () => {
  const view = await (await mainnet().connect()).at()
  const neurons = await readNeurons(view, 1)
  expect(neurons).toHaveLength(1024)
  expect(neurons.reduce((sum, { emission }) => sum + emission, 0n)).toBe(82_000_457_507n)
  expect(neurons.filter(({ validatorPermit }) => validatorPermit)).toHaveLength(12)
  expect(neurons.at(-1)?.uid).toBe(1023)
  expect(neurons[0]).toMatchObject({
    hotkey: '5DkMmXtWf16RNdusZGCrJ7ca7ADPgRnZLVWCWbgA7s7sy1AQ',
    coldkey: '5EhQWxcFdYAk7B9tNdQnJQFzww5N3964rbsMk55SujcX3PwM',
    netuid: 1,
  })
})

test('subnets and a subnet state decode to the last byte', async () => {
  const view = await (await mainnet().connect()).at()
  const api = 'SubnetInfoRuntimeApi'
  const subnets = await callDecoded(view, api, 'get_subnets_info_v2', new Uint8Array(), [])
  expect(asList(subnets)).toHaveLength(129)
  expect(fieldOf(asList(subnets)[0], 'difficulty')).toBe(0x3fffffffffffffffn)
  const state = await callDecoded(view, api, 'get_subnet_state', u16Arguments(1), [])
  expect(asList(fieldOf(state, 'hotkeys'))).toHaveLength(1024)
  const weights = await readStakeWeights(view, 1)
  expect(weights).toHaveLength(1024)
  expect(weights[0]?.hotkey).toBe('5DkMmXtWf16RNdusZGCrJ7ca7ADPgRnZLVWCWbgA7s7sy1AQ')
  expect(await readLockCost(view)).toBe(1_485_558_848n)
})

test('shares with a fraction become alpha, and alpha TAO at the price of the pool', async () => {
  const chain = mainnet()
  const [hotkey, coldkey] = [
    '5DkMmXtWf16RNdusZGCrJ7ca7ADPgRnZLVWCWbgA7s7sy1AQ',
    '5EhQWxcFdYAk7B9tNdQnJQFzww5N3964rbsMk55SujcX3PwM',
  ] as Ss58[]
  const fixed = (value: bigint) => ({ bits: `${value << 64n}` })
  chain.set('SubtensorModule', 'Alpha', [hotkey, coldkey, 7], fixed(250n))
  chain.set('SubtensorModule', 'TotalHotkeyShares', [hotkey, 7], fixed(1_000n))
  chain.set('SubtensorModule', 'TotalHotkeyAlpha', [hotkey, 7], 4_000_000_000n)
  chain.set('SubtensorModule', 'SubnetMechanism', [7], 1)
  // The root of a price of 0.25 TAO per alpha.
  chain.set('Swap', 'AlphaSqrtPrice', [7], { bits: `${1n << 63n}` })
  const view = await (await chain.connect()).at()
  expect(await readStakesOfHotkey(view, hotkey!)).toEqual([
    { hotkey, coldkey, netuid: 7, alpha: 1_000_000_000n, stake: 250_000_000n },
  ])
  expect(await readTotalStake(view, hotkey!)).toBe(1_000_000_000n)
})

const recordedIn2024 = (method: string) =>
  answers.find(({ stateCallMethod, type }) => stateCallMethod === method && type !== undefined)

test('an answer of the older kind is told apart by version, not by trial', async () => {
  const chain = recordedChain({ spec: '208', metadata: 'spec-218.v14' })
  const recorded = recordedIn2024('SubnetInfoRuntimeApi_get_subnet_hyperparams')
  chain.calls.set('SubnetInfoRuntimeApi_get_subnet_hyperparams:0x1700', recorded!.result!)
  chain.set('SubtensorModule', 'NetworksAdded', [23], true)
  const view = await (await chain.connect()).at()
  expect(isWrapped(view, 'SubnetInfoRuntimeApi', 'get_subnet_hyperparams')).toBe(true)
  const settings = await readHyperparameters(view, 23)
  // The recording calls one field by the name it had in that version's sources.
  const names: Record<string, string> = { commit_reveal_weights_interval: 'commit_reveal_period' }
  for (const [name, value] of Object.entries(recorded!.decoded!)) {
    const ours = settings[names[name] ?? name]
    expect([name, ours]).toEqual([name, typeof ours === 'bigint' ? BigInt(`${value}`) : value])
  }
})

test('neurons recorded in 2024 from a wrapping runtime', async () => {
  const chain = recordedChain({ spec: '208', metadata: 'spec-218.v14' })
  const recorded = recordedIn2024('NeuronInfoRuntimeApi_get_neurons_lite')
  const method = 'get_neurons_lite'
  chain.calls.set(`NeuronInfoRuntimeApi_${method}:0x1700`, recorded!.result!)
  const view = await (await chain.connect()).at()
  const layouts = [vec(neuronLite)]
  const list = await callDecoded(view, 'NeuronInfoRuntimeApi', method, u16Arguments(23), layouts)
  const expected = recorded!.decoded as unknown as Record<string, unknown>[]
  expect(asList(list)).toHaveLength(expected.length)
  asList(list).forEach((neuron, i) => {
    const { hotkey, coldkey, uid, emission } = asRecord(neuron)
    expect({ hotkey, coldkey, uid, emission: Number(emission) }).toEqual({
      hotkey: expected[i]!['hotkey'],
      coldkey: expected[i]!['coldkey'],
      uid: expected[i]!['uid'],
      emission: expected[i]!['emission'],
    })
  })
})
