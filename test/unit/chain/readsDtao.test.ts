/** Reads of the dTAO preview: what its runtime APIs answered and what its storage held must say the same. */
import { beforeAll, describe, expect, test } from 'vitest'
import { readDelegate, readDelegated, readDelegates } from '../../../src/core/chain/delegates.js'
import { readDynamicSubnets } from '../../../src/core/chain/dynamic.js'
import {
  readNeuron,
  readNeurons,
  readNeuronsOfHotkeys,
  readRegistrations,
} from '../../../src/core/chain/neurons.js'
import { readStakesOfColdkey } from '../../../src/core/chain/stake.js'
import { readStakeWeights, weighStakes } from '../../../src/core/chain/stakeWeights.js'
import {
  readHyperparameters,
  readLockCost,
  readSubnet,
  readSubnets,
} from '../../../src/core/chain/subnets.js'
import type { ChainView, Hex } from '../../../src/core/chain/types.js'
import type { Ss58 } from '../../../src/core/keys/ss58.js'
import { type RecordedChain, recordedChain, vectorJson } from './recordedChain.js'

type Populated = {
  readonly block: number
  readonly addresses: Record<string, string>
  readonly runtimeApis: { method: string; data: string; result?: Hex; account?: string }[]
  readonly storage: Record<string, [unknown[], unknown][] | unknown>
}

let chain: RecordedChain
let byApi: ChainView
let byStorage: ChainView
const recorded = vectorJson<Populated>('runtime-api/spec-218-populated.json')
const addressOf = (name: string) =>
  Object.entries(recorded.addresses).find(([, one]) => one === name)?.[0] as Ss58

beforeAll(async () => {
  chain = recordedChain({
    spec: '218',
    metadata: 'spec-218.v14',
    v15: 'spec-218.v15',
    block: recorded.block,
  })
  for (const { method, data, result } of recorded.runtimeApis) {
    if (result) chain.calls.set(`${method}:${data}`, result)
  }
  for (const [item, entries] of Object.entries(recorded.storage)) {
    const keyed = chain.description.pallets['SubtensorModule']?.storage[item]?.keys.length ?? 0
    if (keyed === 0) chain.set('SubtensorModule', item, [], entries)
    else
      for (const [keys, value] of entries as [unknown[], unknown][]) {
        chain.set('SubtensorModule', item, keys, value)
      }
  }
  byApi = await (await chain.connect()).at()
  byStorage = { ...byApi, hasRuntimeApi: () => false }
})

describe('spec 218: runtime APIs and storage agree', () => {
  test('on all subnets', async () => {
    const subnets = await readSubnets(byApi)
    expect(subnets.map(({ netuid, n, owner }) => ({ netuid, n, owner }))).toMatchInlineSnapshot(`
      [
        {
          "n": 3,
          "netuid": 0,
          "owner": undefined,
        },
        {
          "n": 1,
          "netuid": 1,
          "owner": undefined,
        },
        {
          "n": 6,
          "netuid": 2,
          "owner": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        },
        {
          "n": 1,
          "netuid": 3,
          "owner": "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
        },
      ]
    `)
    expect(await readSubnets(byStorage)).toEqual(subnets)
  })

  test('on one subnet', async () => {
    expect(await readSubnet(byApi, 2)).toEqual(await readSubnet(byStorage, 2))
    for (const view of [byApi, byStorage]) {
      await expect(readSubnet(view, 9)).rejects.toMatchObject({
        code: 'SUBNET_NOT_FOUND',
        details: 'there are 0–3',
      })
    }
  })

  test.each([0, 2, 3])('on the neurons of subnet %d', async (netuid) => {
    const neurons = await readNeurons(byApi, netuid)
    expect(neurons.length).toBeGreaterThan(0)
    expect(await readNeurons(byStorage, netuid)).toEqual(neurons)
  })

  test('on one neuron', async () => {
    const neuron = await readNeuron(byApi, 2, 0)
    expect(neuron).toMatchInlineSnapshot(`
      {
        "active": true,
        "axon": undefined,
        "coldkey": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        "consensus": 0,
        "dividends": 0,
        "emission": 68504131n,
        "hotkey": "5G6Fyo6U2fDhJXDJGp4Dr6XViVCdPcryiyLBDsusguSRcYvJ",
        "incentive": 0,
        "lastUpdate": 48,
        "netuid": 2,
        "prometheus": undefined,
        "pruningScore": 4933,
        "rank": 0,
        "stake": 37123118622n,
        "trust": 0,
        "uid": 0,
        "validatorPermit": true,
        "validatorTrust": 0,
      }
    `)
    expect(await readNeuron(byStorage, 2, 0)).toEqual(neuron)
    expect(await readNeuron(byStorage, 2, 99)).toBeUndefined()
  })

  test('on the neurons of some hotkeys', async () => {
    const hotkeys = [addressOf('//Alice//hot'), addressOf('//Bob//hot')]
    const all = [
      ...(await readNeurons(byApi, 0)),
      ...(await readNeurons(byApi, 2)),
      ...(await readNeurons(byApi, 3)),
    ]
    expect(await readNeuronsOfHotkeys(byApi, hotkeys)).toEqual(
      all.filter(({ hotkey }) => hotkeys.includes(hotkey)),
    )
    expect(await readRegistrations(byApi, [addressOf('//Alice')])).toEqual([])
  })

  test('on delegates', async () => {
    const sorted = async (view: ChainView) =>
      (await readDelegates(view)).sort((a, b) => (a.hotkey < b.hotkey ? -1 : 1))
    const delegates = await sorted(byApi)
    expect(delegates.length).toBe(3)
    expect(await sorted(byStorage)).toEqual(delegates)
    expect(delegates.some(({ totalDailyReturn }) => totalDailyReturn > 0n)).toBe(true)
    expect(await readDelegate(byApi, addressOf('//Alice//hot'))).toEqual(
      delegates.find(({ hotkey }) => hotkey === addressOf('//Alice//hot')),
    )
    expect(await readDelegate(byApi, addressOf('//Eve//hot'))).toBeUndefined()
    expect(await readDelegated(byApi, addressOf('//Alice'))).toEqual(
      await readDelegated(byStorage, addressOf('//Alice')),
    )
  })

  test.each(['//Alice', '//Eve'])('on the stake of %s', async (name) => {
    const positions = await readStakesOfColdkey(byApi, addressOf(name))
    expect(positions.length).toBeGreaterThan(0)
    expect(byPlace(await readStakesOfColdkey(byStorage, addressOf(name)))).toEqual(
      byPlace(positions),
    )
  })

  test('on pools, whose prices come from storage', async () => {
    const subnets = await readDynamicSubnets(byApi)
    expect(
      subnets.map(({ netuid, symbol, taoIn, price }) => [netuid, symbol, taoIn, price]),
    ).toEqual([
      [0, '𝜏', 15_050_000_000_000n, { tao: 1n, alpha: 1n }],
      [1, '𝜏', 105_579_640_459n, { tao: 105_579_640_459n, alpha: 1n }],
      [2, 'β', 11n, { tao: 11n, alpha: 44_911_988_395n }],
      [3, 'γ', 1n, { tao: 1n, alpha: 46_436_907_562n }],
    ])
    const weights = await readStakeWeights(byApi, 2)
    const neurons = await readNeurons(byApi, 2)
    expect(weights.map(({ uid, hotkey }) => ({ uid, hotkey }))).toEqual(
      neurons.map(({ uid, hotkey }) => ({ uid, hotkey })),
    )
    expect(weights.some(({ totalStake }) => totalStake > 0n)).toBe(true)
  })

  test.each([0, 2, 3])(
    'on stake as it weighs on subnet %d, with children and parents',
    async (netuid) => {
      const weights = await readStakeWeights(byApi, netuid)
      expect(await readStakeWeights(byStorage, netuid)).toEqual(weights)
      expect(await weighStakes(byStorage, [])).toEqual([])
    },
  )

  test('on settings and the price of a subnet', async () => {
    const settings = await readHyperparameters(byApi, 2)
    expect(settings).toMatchObject(await readHyperparameters(byStorage, 2))
    expect(settings['liquid_alpha_enabled']).toBe(false)
    expect(await readLockCost(byApi)).toBe(3_846_729_882n)
  })
})

function byPlace<T extends { hotkey: string; netuid: number | undefined }>(
  positions: readonly T[],
): T[] {
  return [...positions].sort((a, b) =>
    `${a.hotkey}${a.netuid}`.localeCompare(`${b.hotkey}${b.netuid}`),
  )
}
