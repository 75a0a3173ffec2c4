import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'
import { recordedChain, vectorJson } from '../unit/chain/recordedChain.js'

type Recorded = {
  readonly answers: readonly {
    readonly stateCallMethod: string
    readonly stateCallArgs: `0x${string}`
    readonly stateCallResult: `0x${string}`
  }[]
}

/** A chain that answers as the real runtime of a spec did. */
function chainOf(spec: '103' | '218') {
  const chain = recordedChain({
    spec,
    metadata: `spec-${spec}.v14`,
    ...(spec === '218' ? { v15: 'spec-218.v15' } : {}),
  })
  for (const one of vectorJson<Recorded>(`runtime-api/spec-${spec}.json`).answers) {
    chain.calls.set(`${one.stateCallMethod}:${one.stateCallArgs}`, one.stateCallResult)
  }
  return { chain: () => chain.connect() }
}

const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

describe('btcli api', () => {
  it('decodes answers that the metadata of an old runtime does not describe', async () => {
    const result = await run('api NeuronInfoRuntimeApi.get_neurons_lite 3 --json', chainOf('103'))
    const { value } = documentOf(result).data
    expect(value.map((one: { hotkey: string }) => one.hotkey)).toContain(BOB)
  })

  it('takes accounts by address where the runtime wants bytes', async () => {
    const result = await run(`api DelegateInfoRuntimeApi.get_delegate ${BOB}`, chainOf('103'))
    expect(result.code).toBe(0)
    expect(JSON.parse(result.stdout)).toMatchObject({ delegate_ss58: BOB })
  })

  it('says none for what is not there, and shows amounts in their unit', async () => {
    const line = 'api SubnetRegistrationRuntimeApi.get_network_registration_cost'
    expect((await run(line, chainOf('218'))).stdout).toBe('τ1\n')
  })

  it('lists functions, explains one, and says how many arguments there are', async () => {
    const given = chainOf('103')
    expect((await run('api', given)).stdout).toContain(
      'NeuronInfoRuntimeApi.get_neuron(netuid: u16, uid: u16)',
    )
    const few = await run('api NeuronInfoRuntimeApi.get_neuron 1', given)
    expect(few).toMatchObject({ code: 2 })
    expect(few.stderr).toContain('takes 2 arguments')
    const page = await run('api NeuronInfoRuntimeApi.get_neuron --help', given)
    expect(page.stdout).toContain('btcli api NeuronInfoRuntimeApi.get_neuron <netuid> <uid>')
  })

  it('calls whatever is named with encoded bytes', async () => {
    const result = await run(
      'api NeuronInfoRuntimeApi.get_neurons_lite 0x0300 --raw',
      chainOf('103'),
    )
    expect(result.stdout).toMatch(/^0x[0-9a-f]+\n$/)
  })
})
