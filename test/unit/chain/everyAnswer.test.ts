/** Every recorded answer of a runtime API, of the real runtimes 103, 143 and 218 and of public nodes, says what it was decoded to. */
import { describe, expect, test } from 'vitest'
import { decode } from '../../../src/core/chain/decode.js'
import { callDecoded } from '../../../src/core/chain/runtimeApi.js'
import type { ChainValue, Hex } from '../../../src/core/chain/types.js'
import { undescribedMethod } from '../../../src/core/chain/wrappedApis.js'
import { fromHex } from '../../../src/core/keys/hex.js'
import { recordedChain, vectorJson, vectorText } from './recordedChain.js'

type Answer = {
  readonly stateCallMethod?: string
  readonly jsonRpcMethod?: string
  readonly stateCallArgs?: string
  readonly stateCallResult?: Hex
  readonly jsonRpcResultBytesHex?: Hex
  readonly result?: Hex
  readonly resultHex?: Hex
  readonly resultFile?: string
  readonly error?: string
  readonly count?: number
  readonly decoded?: unknown
  readonly decodedAbridged?: unknown
  readonly firstDecoded?: unknown
}

const answersIn = (file: string) =>
  vectorJson<{ answers: readonly Answer[] }>(`runtime-api/${file}.json`).answers

/** Names that the recordings take from other versions of the sources. */
const RENAMED: Readonly<Record<string, string>> = {
  commit_reveal_weights_interval: 'commit_reveal_period',
}

/** What differs between a decoded value and a recorded one, by path; recordings have numbers, decimal texts or hex. */
function differences(ours: ChainValue, recorded: unknown, path = ''): string[] {
  const isSame = (same: boolean) =>
    same ? [] : [`${path}: ${show(ours)}, recorded ${show(recorded)}`]
  if (recorded === null || recorded === undefined) return isSame(ours === undefined)
  if (typeof recorded === 'boolean') return isSame(ours === recorded)
  if (typeof ours === 'bigint' || typeof ours === 'number') return isSame(isNumber(ours, recorded))
  if (typeof recorded === 'string') return isSame(ours === recorded)
  if (Array.isArray(recorded)) {
    if (!Array.isArray(ours) || ours.length !== recorded.length) return isSame(false)
    return recorded.flatMap((one, i) => differences(ours[i] as ChainValue, one, `${path}[${i}]`))
  }
  if (Array.isArray(ours)) return abridged(ours, recorded as Record<string, unknown>, path)
  if (typeof ours !== 'object') return isSame(false)
  return Object.entries(recorded as Record<string, unknown>).flatMap(([name, one]) => {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const key = [name, snake, RENAMED[name] ?? ''].find((each) => each in ours)
    if (key === undefined) return one === null ? [] : [`${path}.${name} is missing`]
    return differences((ours as Record<string, ChainValue>)[key], one, `${path}.${name}`)
  })
}

/** A long list as its length and first entries. */
function abridged(ours: readonly ChainValue[], recorded: Record<string, unknown>, path: string) {
  const first = (recorded['first3'] ?? []) as readonly unknown[]
  return [
    ...(ours.length === recorded['length'] ? [] : [`${path} has ${ours.length} entries`]),
    ...first.flatMap((one, i) => differences(ours[i], one, `${path}[${i}]`)),
  ]
}

function isNumber(ours: bigint | number, recorded: unknown): boolean {
  if (typeof recorded !== 'string' && typeof recorded !== 'number') return false
  return BigInt(recorded) === BigInt(ours)
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one))
  return (text ?? 'nothing').slice(0, 80)
}

const hex = (args: string) => (args.startsWith('0x') ? args : `0x${args}`) as Hex

/** Decodes an answer as the reads do. */
async function decoded(answer: Answer, runtime: Parameters<typeof recordedChain>[0]) {
  const chain = recordedChain(runtime)
  const [trait = '', method = ''] = (answer.stateCallMethod ?? '').split(/_(.*)/s)
  const args = hex(answer.stateCallArgs ?? '0x')
  const file = answer.resultFile?.replace(/\.gz$/, '')
  const result = answer.stateCallResult ?? answer.result ?? (file && vectorText(file))
  chain.calls.set(`${trait}_${method}:${args}`, result as Hex)
  const view = await (await chain.connect()).at()
  const layouts = undescribedMethod(trait, method)?.layouts(view.specVersion, view.era) ?? []
  return callDecoded(view, trait, method, fromHex(args) ?? new Uint8Array(), layouts)
}

describe.each([
  ['spec-103', { spec: '103', metadata: 'spec-103.v14' }],
  ['spec-218', { spec: '218', metadata: 'spec-218.v14', v15: 'spec-218.v15' }],
] as const)('%s', (file, runtime) => {
  const answers = answersIn(file).filter(
    ({ stateCallMethod = '' }) => !stateCallMethod.endsWith('_cost'),
  )

  test.each(answers.map((one) => [one.stateCallMethod, one.stateCallArgs, one] as const))(
    '%s(%s)',
    async (_, __, answer) => {
      expect(differences(await decoded(answer, runtime), answer.decoded)).toEqual([])
    },
  )

  test('the custom JSON-RPC methods give the same bytes without their length', () => {
    for (const { stateCallResult, jsonRpcResultBytesHex } of answers) {
      if (jsonRpcResultBytesHex === undefined) continue
      const inner = decode(
        [],
        { kind: 'bytes' },
        fromHex(stateCallResult ?? '') ?? new Uint8Array(),
      )
      expect(inner).toBe(jsonRpcResultBytesHex)
    }
  })
})

test('spec 143 exports none of them, so that storage is read', async () => {
  const chain = recordedChain({ spec: '143', metadata: 'spec-143.v14' })
  const view = await (await chain.connect()).at()
  const answers = answersIn('spec-143')
  expect(answers.every(({ error }) => error !== undefined)).toBe(true)
  for (const { stateCallMethod = '' } of answers) {
    const [trait = '', method = ''] = stateCallMethod.split(/_(.*)/s)
    if (trait !== 'Metadata')
      expect([method, view.hasRuntimeApi(trait, method)]).toEqual([method, false])
  }
  await expect(view.callApi('NeuronInfoRuntimeApi', 'get_neurons_lite')).rejects.toMatchObject({
    code: 'RUNTIME_UNSUPPORTED',
  })
})

describe('recorded from public nodes', () => {
  const typed = { spec: '343', metadata: 'spec-343.v14', v15: 'spec-343.v15' }
  const wrapping = { spec: '208', metadata: 'spec-218.v14' }
  const answers = answersIn('mainnet-2025-recorded')
  const calls = answers.filter(({ stateCallMethod }) => stateCallMethod !== undefined)

  test.each(calls.map((one) => [one.stateCallMethod, one.stateCallArgs, one] as const))(
    '%s(%s)',
    async (_, args, answer) => {
      if (answer.stateCallMethod?.endsWith('_cost')) {
        expect(answer.result).toBe('0x40d48b5800000000')
        return
      }
      const value = await decoded(answer, args === '0x1700' ? wrapping : typed)
      const recorded = answer.decoded ?? answer.decodedAbridged
      if (recorded !== undefined) expect(differences(value, recorded)).toEqual([])
      if (answer.count === undefined) return
      const list = value as readonly ChainValue[]
      expect(list).toHaveLength(answer.count)
      const [first] = [answer.firstDecoded].flat()
      expect(differences(list[0], first)).toEqual([])
    },
  )

  test('by the custom JSON-RPC methods', () => {
    const methods = { delegateInfo_getDelegate: 'DelegateInfo', neuronInfo_getNeuron: 'NeuronInfo' }
    for (const [name, kind] of Object.entries(methods)) {
      const answer = answers.find(({ jsonRpcMethod }) => jsonRpcMethod === name)
      const method = name.replace(/^.*_get(\w+)$/, (_, what: string) => `get_${what.toLowerCase()}`)
      const layouts = undescribedMethod(`${kind}RuntimeApi`, method)?.layouts(208, 'classic') ?? []
      const bytes = fromHex(answer?.resultHex ?? '') ?? new Uint8Array()
      expect(differences(decode([], layouts[0]!, bytes), answer?.decoded)).toEqual([])
    }
  })
})
