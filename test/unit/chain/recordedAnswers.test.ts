/** What answers recorded from public nodes say: storage, a metagraph, a neuron, a delegate. */
import { describe, expect, test } from 'vitest'
import { decode } from '../../../src/core/chain/decode.js'
import { delegateInfo } from '../../../src/core/chain/layouts.js'
import { callDecoded } from '../../../src/core/chain/runtimeApi.js'
import type { Hex } from '../../../src/core/chain/types.js'
import { asList, asRecord } from '../../../src/core/chain/values.js'
import { fromHex } from '../../../src/core/keys/hex.js'
import { descriptionOf, recordedChain, vectorJson, vectorText } from './recordedChain.js'

const { reads } = vectorJson<{
  reads: { forQuery: string; key: string; value: string | null }[]
}>('storage-recorded.json')

const { answers } = vectorJson<{
  answers: {
    stateCallMethod?: string
    jsonRpcMethod?: string
    stateCallArgs?: string
    result?: Hex
    resultHex?: Hex
    decoded?: Record<string, unknown>
  }[]
}>('runtime-api/mainnet-2025-recorded.json')

const runtime = descriptionOf('spec-343.v15')

function itemOf(key: string) {
  for (const [pallet, { storage }] of Object.entries(runtime.pallets)) {
    for (const [name, item] of Object.entries(storage)) {
      if (key.startsWith(item.prefix)) return { name: `${pallet}.${name}`, item }
    }
  }
  return undefined
}

describe('storage that was read from mainnet', () => {
  const known = reads.flatMap((read) => {
    const found = itemOf(read.key)
    return found ? [{ ...read, ...found }] : []
  })

  test('decodes to the last byte', () => {
    expect(known.length).toBe(reads.length)
    for (const { value, item } of known) {
      if (value !== null) decode(runtime.types, item.value, fromHex(value)!)
    }
  })

  test.each([
    ['SubtensorModule.Difficulty', 10_000_000n],
    ['SubtensorModule.Tempo', 1_000],
    ['SubtensorModule.TotalNetworks', 247],
    ['SubtensorModule.ImmunityPeriod', 5_000],
    ['SubtensorModule.Delegates', 11_796],
    ['SubtensorModule.SubnetworkN', 1_024],
    ['SubtensorModule.MaxWeightsLimit', 65_535],
    ['SubtensorModule.Burn', 1n],
  ])('%s is %s', (name, expected) => {
    const read = known.find((one) => one.name === name)
    expect(decode(runtime.types, read!.item.value, fromHex(read!.value!)!)).toEqual(expected)
  })
})

const answered = (method: string) =>
  answers.find((one) => one.stateCallMethod === method || one.jsonRpcMethod === method)!

test('a metagraph of 1024 neurons, with all parts selected, decodes by the metadata', async () => {
  const chain = recordedChain({ spec: '343', metadata: 'spec-343.v14', v15: 'spec-343.v15' })
  const method = 'get_selective_mechagraph'
  const args = answered(`SubnetInfoRuntimeApi_${method}`).stateCallArgs!
  chain.calls.set(
    `SubnetInfoRuntimeApi_${method}:0x${args}`,
    vectorText(`runtime-api/${method}-recorded.hex`) as Hex,
  )
  const view = await (await chain.connect()).at()
  const bytes = fromHex(`0x${args}`)!
  const graph = asRecord(await callDecoded(view, 'SubnetInfoRuntimeApi', method, bytes, []))
  expect(graph['netuid']).toBe(1)
  expect(Buffer.from(asList(graph['name']).map(Number)).toString()).toBe('Apex')
  for (const column of ['hotkeys', 'coldkeys', 'axons', 'incentives', 'total_stake']) {
    expect([column, asList(graph[column]).length]).toEqual([column, 1024])
  }
  expect(Object.keys(graph)).toContain('commitments')
})

test('a single neuron of mainnet', async () => {
  const chain = recordedChain({ spec: '343', metadata: 'spec-343.v14', v15: 'spec-343.v15' })
  const recorded = answered('NeuronInfoRuntimeApi_get_neuron')
  chain.calls.set(`NeuronInfoRuntimeApi_get_neuron:0x${recorded.stateCallArgs}`, recorded.result!)
  const view = await (await chain.connect()).at()
  const args = fromHex(`0x${recorded.stateCallArgs}`)!
  const neuron = asRecord(await callDecoded(view, 'NeuronInfoRuntimeApi', 'get_neuron', args, []))
  expect([neuron['hotkey'], neuron['coldkey']]).toEqual([
    recorded.decoded!['hotkey'],
    recorded.decoded!['coldkey'],
  ])
})

test('a delegate as the custom RPC answered it in 2024', () => {
  const recorded = answered('delegateInfo_getDelegate')
  const delegate = asRecord(decode([], delegateInfo, fromHex(recorded.resultHex!)!))
  const expected = recorded.decoded!
  expect(delegate['delegate_ss58']).toBe(expected['delegate_ss58'])
  expect(delegate['take']).toBe(expected['take'])
  expect(asList(delegate['nominators'])).toHaveLength((expected['nominators'] as unknown[]).length)
})
