/**
 * What this client builds and reads, held to every runtime that there is metadata of, from March 2023 to V16, and to one
 * of July 2023 put together from its description: calls encode and read back, storage keys are those of real chains, and
 * every recorded answer of a runtime API decodes to its last byte.
 */
import { describe, expect, test } from 'vitest'
import { callableMethods, callMethod } from '../../../src/core/chain/apiCall.js'
import * as calls from '../../../src/core/chain/calls.js'
import { decodeAny } from '../../../src/core/chain/decodeAny.js'
import {
  capabilitiesOf,
  type Description,
  eraOfDescription,
  type RuntimeVersion,
} from '../../../src/core/chain/description.js'
import { storageKey } from '../../../src/core/chain/storageKey.js'
import type { TypeDef } from '../../../src/core/chain/typeDef.js'
import type { Call, ChainClient, Hex } from '../../../src/core/chain/types.js'
import { BittensorError } from '../../../src/core/errors.js'
import { fromHex } from '../../../src/core/keys/hex.js'
import type { Ss58 } from '../../../src/core/keys/ss58.js'
import { rao } from '../../../src/core/units.js'
import { july2023 } from '../../support/synthetic.js'
import { descriptionOf, recordedChain, vectorJson, vectorText, versionOf } from './recordedChain.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' as Ss58
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' as Ss58

const RUNTIMES: readonly (readonly [spec: number, description: () => Description])[] = [
  [103, () => descriptionOf('spec-103.v14')],
  [127, july2023],
  [143, () => descriptionOf('spec-143.v14')],
  [218, () => descriptionOf('spec-218.v15')],
  [343, () => descriptionOf('spec-343.v15')],
  [365, () => descriptionOf('spec-365.v16')],
]

/** As much of a client as building calls takes. */
function clientOf(specVersion: number, description: Description): ChainClient {
  const version = { ...versionOf('143'), specVersion } as RuntimeVersion
  const runtime = { version, description }
  const era = eraOfDescription(description)
  const client = { ...capabilitiesOf(() => runtime), runtime, specVersion, era }
  return client as unknown as ChainClient
}

/** Every builder of calls, and the specs that have the call. */
type Build = (client: ChainClient, netuid: number | undefined) => Call
const senate: readonly number[] = [127, 143, 218]
const BUILDERS: Readonly<Record<string, readonly [specs: 'all' | readonly number[], Build]>> = {
  transfer: ['all', (c) => calls.transferCall(c, { dest: BOB, amount: rao(1n) })],
  transferKeepAlive: [
    'all',
    (c) => calls.transferCall(c, { dest: BOB, amount: rao(1n), keepAlive: true }),
  ],
  transferAll: ['all', (c) => calls.transferAllCall(c, { dest: BOB, keepAlive: true })],
  stake: ['all', (c, netuid) => calls.stakeCall(c, { hotkey: BOB, amount: 1n, netuid })],
  unstake: ['all', (c, netuid) => calls.unstakeCall(c, { hotkey: BOB, amount: 1n, netuid })],
  register: [
    'all',
    (c) =>
      calls.registerCall(c, {
        netuid: 1,
        blockNumber: 7,
        nonce: 2n ** 63n,
        work: new Uint8Array(32).fill(1),
        hotkey: BOB,
        coldkey: ALICE,
      }),
  ],
  burnedRegister: ['all', (c) => calls.burnedRegisterCall(c, { netuid: 1, hotkey: BOB })],
  setWeights: [
    'all',
    (c) => calls.setWeightsCall(c, { netuid: 1, uids: [0, 1], weights: [1, 2], versionKey: 0n }),
  ],
  serveAxon: [
    'all',
    (c) =>
      calls.serveAxonCall(c, {
        netuid: 1,
        version: 531,
        ip: 2n ** 32n + 1n,
        port: 8091,
        ipType: 6,
        protocol: 4,
      }),
  ],
  servePrometheus: [
    'all',
    (c) => calls.servePrometheusCall(c, { netuid: 1, version: 531, ip: 1n, port: 8091, ipType: 4 }),
  ],
  nominate: [[103, 127, 143, 218], (c) => calls.nominateCall(c, { hotkey: BOB })],
  joinSenate: [[127], (c) => calls.joinSenateCall(c, { hotkey: BOB })],
  leaveSenate: [[127], (c) => calls.leaveSenateCall(c, { hotkey: BOB })],
  adjustSenate: [[218], (c) => calls.adjustSenateCall(c, { hotkey: BOB })],
  vote: [
    senate,
    (c) =>
      calls.voteCall(c, {
        hotkey: BOB,
        proposal: `0x${'11'.repeat(32)}` as Hex,
        index: 3,
        approve: true,
      }),
  ],
  rootRegister: [[143, 218, 343, 365], (c) => calls.rootRegisterCall(c, { hotkey: BOB })],
  registerNetwork: [[143, 218, 343, 365], (c) => calls.registerNetworkCall(c, { hotkey: BOB })],
  swapHotkey: [
    [143, 218, 343, 365],
    (c) => calls.swapHotkeyCall(c, { hotkey: BOB, newHotkey: ALICE }),
  ],
}

describe.each(RUNTIMES)('spec %d', (spec, describeIt) => {
  const description = describeIt()
  const client = clientOf(spec, description)
  const netuid = client.era === 'dtao' ? 1 : undefined

  test('is of its era', () => {
    expect(client.era).toBe(spec < 218 ? 'classic' : 'dtao')
  })

  test.each(Object.entries(BUILDERS))('%s', (_, [specs, build]) => {
    if (specs !== 'all' && !specs.includes(spec)) {
      expect(() => build(client, netuid)).toThrow(BittensorError)
      expect(() => build(client, netuid)).toThrow(`(spec ${spec})`)
      return
    }
    const call = build(client, netuid)
    const read = decodeAny(description, fromHex(call.data)!)
    expect(read).toMatchObject({ kind: 'call', call: { pallet: call.pallet, name: call.name } })
    expect(calls.buildCall(client, call.pallet, call.name, call.args).data).toBe(call.data)
  })

  test('every storage item has a key of its own, and its default decodes', () => {
    const { types, pallets } = description
    const seen = new Set<string>()
    for (const { storage } of Object.values(pallets)) {
      for (const [name, item] of Object.entries(storage)) {
        const prefix = storageKey(types, item, [])
        expect(prefix, name).toMatch(/^0x[0-9a-f]{64}$/)
        expect(seen.has(prefix), name).toBe(false)
        seen.add(prefix)
      }
    }
    expect(seen.size).toBeGreaterThan(70)
  })
})

describe('storage keys', () => {
  type Reads = { readonly reads: readonly { forQuery: string; key: Hex; value: Hex | null }[] }
  const { reads } = vectorJson<Reads>('storage-recorded.json')

  test.each(reads.map((one) => [one.forQuery, one] as const))(
    'of %s is that of the real chain',
    (_, { key }) => {
      const description = descriptionOf('spec-343.v15')
      const found = decodeAny(description, fromHex(key)!)
      if (found.kind !== 'key') throw new Error(`${key} is no key of spec 343`)
      expect(storageKey(description.types, found.description, found.keys)).toBe(key)
    },
  )

  type Written = {
    readonly pallet: string
    readonly item: string
    readonly args: readonly unknown[]
    readonly key: Hex
  }
  const { storage } = vectorJson<{ readonly storage: readonly Written[] }>(
    'runtime-api/spec-103.json',
  )

  test.each(storage.map((one) => [`${one.pallet}.${one.item}`, one] as const))(
    'of %s is the one that the real spec 103 reads',
    (_, { pallet, item, args, key }) => {
      const { types, pallets } = descriptionOf('spec-103.v14')
      const found = pallets[pallet]?.storage[item]
      if (!found) throw new Error(`spec 103 has no ${item}`)
      expect(storageKey(types, found, args)).toBe(key)
    },
  )
})

describe('answers of runtime APIs', () => {
  type Answer = {
    readonly stateCallMethod: string
    readonly stateCallArgs: Hex
    readonly stateCallResult: Hex
  }

  test.each([
    ['103', 'spec-103.v14', undefined],
    ['218', 'spec-218.v14', 'spec-218.v15'],
  ] as const)('of the real spec %s decode', async (spec, metadata, v15) => {
    const { answers } = vectorJson<{ readonly answers: readonly Answer[] }>(
      `runtime-api/spec-${spec}.json`,
    )
    const chain = recordedChain({ spec, metadata, ...(v15 ? { v15 } : {}) })
    const view = await (await chain.connect()).at()
    const methods = callableMethods(view.runtime, view.era, view.hasRuntimeApi)
    let decoded = 0
    for (const { stateCallMethod, stateCallArgs, stateCallResult } of answers) {
      const [trait = '', method = ''] = stateCallMethod.split(/_(.*)/s)
      const known = methods[trait]?.[method]
      if (!known || !stateCallResult?.startsWith('0x')) continue
      const answering = { ...view, callApi: async () => fromHex(stateCallResult)! }
      const args = known.inputs.map(([, type]) => sample(type as TypeDef))
      const { value, type } = await callMethod(answering, trait, method, known, args)
      if (type === undefined) expect(stateCallResult, stateCallArgs).toMatch(/^0x(00|0400)?$/)
      else expect(value, stateCallMethod).toBeDefined()
      decoded++
    }
    expect(decoded).toBeGreaterThan(8)
  })

  const sample = (type: TypeDef): unknown =>
    type.kind === 'uint' ? 0 : type.kind === 'vec' ? [] : new Uint8Array(32)

  test.each([
    ['get_neurons_lite', 'NeuronInfoRuntimeApi', 'get_neurons_lite'],
    ['get_subnet_state', 'SubnetInfoRuntimeApi', 'get_subnet_state'],
    ['get_selective_mechagraph', 'SubnetInfoRuntimeApi', 'get_selective_mechagraph'],
    ['get_subnets_info_v2', 'SubnetInfoRuntimeApi', 'get_subnets_info_v2'],
  ])('%s of a public node in 2025 decodes by the metadata alone', async (file, trait, method) => {
    const raw = fromHex(vectorText(`runtime-api/${file}-recorded.hex`))!
    const chain = recordedChain({ spec: '343', metadata: 'spec-343.v14', v15: 'spec-343.v15' })
    const view = await (await chain.connect()).at()
    const known = callableMethods(view.runtime, view.era, view.hasRuntimeApi)[trait]?.[method]
    expect(known?.output).toBeDefined()
    expect(view.decode(known!.output!, raw)).toBeDefined()
  })

  test('V16 describes the runtime APIs as well', () => {
    const { apis, types } = descriptionOf('spec-365.v16')
    expect(Object.keys(apis)).toContain('SubnetInfoRuntimeApi')
    const { inputs } = apis['NeuronInfoRuntimeApi']!['get_neurons_lite']!
    expect(inputs[0]?.[0]).toBe('netuid')
    expect(types[inputs[0]![1] as number]).toEqual({ kind: 'uint', bytes: 2 })
  })
})
