/** Reads of the first runtime (spec 103): its own answers, and the storage they were computed from. */
import { beforeAll, describe, expect, test } from 'vitest'
import { readDelegate, readDelegated, readDelegates } from '../../../src/core/chain/delegates.js'
import { readDynamicSubnets } from '../../../src/core/chain/dynamic.js'
import {
  isRegisteredAnywhere,
  readNeuron,
  readNeurons,
  readNeuronsOfHotkeys,
  readNeuronsOfSubnets,
  readWeights,
} from '../../../src/core/chain/neurons.js'
import { readSenateMembers } from '../../../src/core/chain/senate.js'
import { readStakesOfColdkey, readTotalStake } from '../../../src/core/chain/stake.js'
import { readNetuids, readSubnet, readSubnets } from '../../../src/core/chain/subnets.js'
import type { ChainView, Hex } from '../../../src/core/chain/types.js'
import type { Ss58 } from '../../../src/core/keys/ss58.js'
import { type RecordedChain, recordedChain, vectorJson } from './recordedChain.js'

type Row = Record<string, unknown>
type Recorded = {
  readonly accounts: Record<'alice' | 'bob' | 'charlie' | 'dave', Ss58>
  readonly answers: {
    readonly stateCallMethod: string
    readonly stateCallArgs: string
    readonly stateCallResult: Hex
    readonly decoded: unknown
  }[]
  readonly storage: { pallet: string; item: string; args: unknown[]; key: Hex; value: Hex }[]
}

const recorded = vectorJson<Recorded>('runtime-api/spec-103.json')
const { alice, bob, charlie, dave } = recorded.accounts
const answerTo = (method: string, args: string) =>
  recorded.answers.find((one) => one.stateCallMethod === method && one.stateCallArgs === args)
    ?.decoded as Row[]

let chain: RecordedChain
let byApi: ChainView
let byStorage: ChainView

beforeAll(async () => {
  chain = recordedChain({ spec: '103', metadata: 'spec-103.v14' })
  for (const { stateCallMethod, stateCallArgs, stateCallResult } of recorded.answers) {
    chain.calls.set(`${stateCallMethod}:${stateCallArgs}`, stateCallResult)
  }
  rebuildStorage()
  byApi = await (await chain.connect()).at()
  byStorage = { ...byApi, hasRuntimeApi: () => false }
})

/** The vectors list some of the storage behind the answers; the rest is written from the decoded answers. */
function rebuildStorage(): void {
  const set = (item: string, keys: unknown[], value: unknown) =>
    chain.set('SubtensorModule', item, keys, value)
  const items: Record<string, string> = {
    rho: 'Rho',
    kappa: 'Kappa',
    difficulty: 'Difficulty',
    immunity_period: 'ImmunityPeriod',
    max_allowed_validators: 'MaxAllowedValidators',
    subnetwork_n: 'SubnetworkN',
    max_allowed_uids: 'MaxAllowedUids',
    tempo: 'Tempo',
    network_modality: 'NetworkModality',
    emission_values: 'EmissionValues',
    burn: 'Burn',
  }
  for (const subnet of answerTo('SubnetInfoRuntimeApi_get_subnets_info', '0x')) {
    const netuid = subnet['netuid']
    set('NetworksAdded', [netuid], true)
    for (const [field, item] of Object.entries(items)) set(item, [netuid], subnet[field])
    for (const [other, share] of subnet['network_connect'] as number[][]) {
      set('NetworkConnect', [netuid, other], share)
    }
  }
  const neurons = answerTo('NeuronInfoRuntimeApi_get_neurons_lite', '0x0300')
  const columns: Record<string, string> = {
    active: 'Active',
    rank: 'Rank',
    emission: 'Emission',
    incentive: 'Incentive',
    consensus: 'Consensus',
    trust: 'Trust',
    validator_trust: 'ValidatorTrust',
    dividends: 'Dividends',
    last_update: 'LastUpdate',
    validator_permit: 'ValidatorPermit',
    pruning_score: 'PruningScores',
  }
  for (const [field, item] of Object.entries(columns)) {
    set(
      item,
      [3],
      neurons.map((neuron) => neuron[field]),
    )
  }
  for (const { hotkey, coldkey, uid, stake, axon_info, prometheus_info } of neurons) {
    set('Keys', [3, uid], hotkey)
    set('Uids', [3, hotkey], uid)
    set('Owner', [hotkey], coldkey)
    for (const [owner, amount] of stake as unknown[][]) set('Stake', [hotkey, owner], amount)
    if ((axon_info as Row)['port'] !== 0) {
      set('Axons', [3, hotkey], axon_info)
      set('Prometheus', [3, hotkey], prometheus_info)
    }
  }
  for (const { key, value } of recorded.storage) {
    const written = chain.storage.get(key)
    if (written !== undefined && written !== value) throw new Error(`${key} differs`)
    chain.storage.set(key, value)
  }
}

test('storage keys are those of the real runtime', () => {
  const written = recordedChain({ spec: '103', metadata: 'spec-103.v14' })
  for (const { item, args, key } of recorded.storage) {
    const type = written.description.pallets['SubtensorModule']!.storage[item]!
    expect(type.prefix.length).toBe(66)
    // Any value will do: only the key is compared, and the set above compared the values.
    written.set('SubtensorModule', item, args, sample(item))
    expect([...written.storage.keys()]).toContain(key)
  }
})

function sample(item: string): unknown {
  if (item === 'Owner' || item === 'Keys') return alice
  if (item === 'Weights') return [[0, 0]]
  if (item === 'Emission') return [0]
  if (item === 'IsNetworkMember') return true
  if (item === 'Axons') {
    return {
      block: 0,
      version: 0,
      ip: 0,
      port: 0,
      ip_type: 4,
      protocol: 0,
      placeholder1: 0,
      placeholder2: 0,
    }
  }
  return 0
}

describe('spec 103: runtime APIs and storage agree', () => {
  test('on subnets', async () => {
    const subnets = await readSubnets(byApi)
    expect(subnets).toMatchObject([
      { netuid: 1, n: 0, connect: [], burn: 1_000_000_000n, owner: undefined },
      {
        netuid: 3,
        n: 2,
        connect: [[1, 32767]],
        difficulty: 26_843_545n,
        emission: 600_000_000n,
        burn: 1_234_567_890n,
        registrationAllowed: undefined,
      },
    ])
    expect(await readSubnets(byStorage)).toEqual(subnets)
    expect(await readSubnet(byApi, 3)).toEqual(await readSubnet(byStorage, 3))
    await expect(readSubnet(byApi, 2)).rejects.toMatchObject({ code: 'SUBNET_NOT_FOUND' })
    expect(await readNetuids(byApi)).toEqual([1, 3])
  })

  test('on neurons', async () => {
    const neurons = await readNeurons(byApi, 3, { stakes: true })
    expect(neurons[0]).toMatchObject({
      uid: 0,
      hotkey: bob,
      coldkey: alice,
      stake: 125_000_000_005n,
      stakes: [
        [dave, 25_000_000_005n],
        [alice, 100_000_000_000n],
      ],
      emission: 20_500_000_000n,
      axon: { block: 4321, version: 531, ip: '192.103.225.0', port: 8091, ipType: 4, protocol: 4 },
      prometheus: { port: 7091 },
    })
    expect(neurons[1]).toMatchObject({ axon: undefined, prometheus: undefined, stakes: [] })
    expect(await readNeurons(byStorage, 3, { stakes: true })).toEqual(neurons)
    expect(await readNeuron(byApi, 3, 1, { stakes: true })).toEqual(neurons[1])
    expect(await readNeuron(byStorage, 3, 1, { stakes: true })).toEqual(neurons[1])
    expect(await readNeurons(byApi, 7)).toEqual([])
    expect(await readNeurons(byStorage, 7)).toEqual([])
    expect(await readNeuronsOfSubnets(byStorage, [1, 3])).toEqual(
      new Map([
        [1, []],
        [3, await readNeurons(byApi, 3)],
      ]),
    )
    expect(await readNeuronsOfHotkeys(byApi, [charlie], {})).toEqual(
      (await readNeurons(byApi, 3)).slice(1),
    )
    expect(await isRegisteredAnywhere(byApi, charlie)).toBe(true)
    expect(await isRegisteredAnywhere(byApi, alice)).toBe(false)
    expect(await readWeights(byApi, 3)).toEqual(
      new Map([
        [
          0,
          [
            [0, 0],
            [1, 65535],
          ],
        ],
      ]),
    )
  })

  test('on delegates', async () => {
    const delegates = await readDelegates(byApi)
    expect(delegates).toEqual([
      {
        hotkey: bob,
        owner: alice,
        take: 11796,
        nominators: [
          [dave, 25_000_000_005n],
          [alice, 100_000_000_000n],
        ],
        totalStake: 125_000_000_005n,
        registrations: [3],
        validatorPermits: [3],
        totalDailyReturn: 1_490_909_090_909n,
      },
    ])
    expect(await readDelegates(byStorage)).toEqual(delegates)
    for (const view of [byApi, byStorage]) {
      expect(await readDelegate(view, bob)).toEqual(delegates[0])
      expect(await readDelegate(view, charlie)).toBeUndefined()
      expect(await readDelegated(view, dave)).toEqual([
        { delegate: delegates[0], stake: 25_000_000_005n },
      ])
    }
  })

  test('on stake, which this runtime tells by storage only', async () => {
    expect(await readTotalStake(byApi, bob)).toBe(125_000_000_005n)
    expect(await readStakesOfColdkey(byApi, dave)).toEqual([
      { hotkey: bob, coldkey: dave, stake: 25_000_000_005n, netuid: undefined, alpha: undefined },
    ])
  })
})

test('pools belong to another era', async () => {
  await expect(readDynamicSubnets(byApi)).rejects.toMatchObject({
    code: 'RUNTIME_UNSUPPORTED',
    message: 'subnets of this chain (spec 103) have no tokens',
  })
  await expect(readSenateMembers(byApi)).rejects.toMatchObject({
    code: 'RUNTIME_UNSUPPORTED',
    message: 'this chain (spec 103) has no senate',
  })
})

describe('requests', () => {
  /** Requests on a view that has read nothing before. */
  async function countOf(way: 'api' | 'storage', work: (view: ChainView) => Promise<unknown>) {
    const view = await (await chain.connect()).at()
    const before = chain.requests.length
    await work(way === 'api' ? view : { ...view, hasRuntimeApi: () => false })
    return chain.requests.slice(before)
  }

  test('are few for the tables of classic chains', async () => {
    expect(await countOf('api', readSubnets)).toEqual(['state_call'])
    expect(await countOf('api', (view) => readNeurons(view, 3))).toEqual(['state_call'])
    expect(await countOf('storage', (view) => readNeurons(view, 3))).toHaveLength(3)
    // Two more for the connections between subnets, which only this runtime knows.
    expect(await countOf('storage', readSubnets)).toHaveLength(4)
    expect(await countOf('storage', (view) => readNeuronsOfSubnets(view, [1, 3]))).toHaveLength(3)
    const hotkeys = [bob, charlie]
    expect(await countOf('storage', (view) => readNeuronsOfHotkeys(view, hotkeys))).toHaveLength(3)
  })
})
