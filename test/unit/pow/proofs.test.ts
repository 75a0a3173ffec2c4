import { describe, expect, it } from 'vitest'
import type { Description } from '../../../src/core/chain/description.js'
import {
  account,
  type TypeDef,
  u16,
  u64,
  type VariantCase,
} from '../../../src/core/chain/typeDef.js'
import type { ChainClient } from '../../../src/core/chain/types.js'
import { BittensorError } from '../../../src/core/errors.js'
import { decodeAddress, type Ss58 } from '../../../src/core/keys/ss58.js'
import { proofCall, verdictOf } from '../../../src/core/plans/proofs.js'
import type { Solution } from '../../../src/core/pow/challenge.js'
import { S } from '../../../src/localnet/runtime/subtensor/storage.js'
import { freshChain } from '../../support/chain.js'
import { dev, devWorld, NOBODY } from '../../support/devAccounts.js'
import { run } from '../../support/run.js'
import { bytes, hex, vectors } from './vectors.js'

const FRESH = '5DyKbZEmRjohooipt9aD3AcZKUTMUJnM3rwjJPbsWhRK1FN6' as Ss58
const who = { netuid: 5, hotkey: FRESH, coldkey: dev('//Alice') }

/** A runtime that has `pow_register` besides its other calls: 152, as in RaoFoundation/subtensor. */
function withPowRegister({ runtime }: ChainClient, fields: VariantCase['fields']): ChainClient {
  const { description } = runtime
  const call = { name: 'pow_register', index: 152, named: true, fields }
  const types = [...description.types]
  const outer = types[description.call as number] as TypeDef & { kind: 'call' }
  const pallet = outer.cases.find(({ name }) => name === 'SubtensorModule')
  const inner = pallet?.fields[0]?.[1] as number
  const variant = types[inner] as TypeDef & { kind: 'variant' }
  types[inner] = { ...variant, cases: [...variant.cases, call] }
  const changed: Description = { ...description, types }
  return {
    specVersion: 475,
    runtime: { ...runtime, description: changed },
    callArgs: (_: string, name: string) =>
      name === 'pow_register' ? fields.map(([field]) => field) : undefined,
  } as unknown as ChainClient
}

const FIELDS: VariantCase['fields'] = [
  ['netuid', u16],
  ['work_block', u64],
  ['nonce', u64],
  ['work', { kind: 'fixedBytes', length: 32 }],
  ['hotkey', account],
]

describe('the call that carries a proof', () => {
  const [vector] = vectors.powRegister
  if (!vector) throw new Error('there are no vectors')
  const solution: Solution = {
    challenge: {
      scheme: 'pow_register',
      blockNumber: 7_000_000,
      blockHash: bytes(vector.blockHash),
      key: decodeAddress(FRESH),
      coldkey: decodeAddress(who.coldkey),
      netuid: 5,
      difficulty: 1n,
    },
    nonce: 2n ** 64n - 2n,
    seal: bytes(vector.seal),
  }

  it('is pow_register with the arguments that the metadata names', async () => {
    const { localnet, chain } = await freshChain()
    const client = await chain({} as never)
    const { data, args } = proofCall(withPowRegister(client, FIELDS), who, solution)
    const { index } = client.runtime.description.pallets['SubtensorModule'] ?? { index: -1 }
    expect(data).toBe(
      `0x${index.toString(16).padStart(2, '0')}98` +
        '0500' +
        'c0cf6a0000000000' +
        'feffffffffffffff' +
        vector.seal.slice(2) +
        hex(decodeAddress(FRESH)).slice(2),
    )
    expect(args['work']).toBe(vector.seal)
    await client.close()
    expect(localnet.head.number).toBe(0)
  })

  it.each<[string, VariantCase['fields']]>([
    ['takes no work_block', FIELDS.filter(([name]) => name !== 'work_block')],
    ['needs salt', [...FIELDS, ['salt', u64]]],
  ])('is not guessed at when the metadata names others: it %s', async (what, fields) => {
    const { chain } = await freshChain()
    const client = await chain({} as never)
    expect(() => proofCall(withPowRegister(client, fields), who, solution)).toThrow(what)
    await client.close()
  })
})

describe('what a refusal by the pool means', () => {
  const refusal = new BittensorError('EXTRINSIC_FAILED', 'not accepted', {
    data: { rpcCode: 1010, sent: false },
  })

  async function setUp() {
    const world = await devWorld()
    const client = await world.chain({} as never)
    const verdict = (error = refusal, hotkey = NOBODY) =>
      verdictOf({ client, who: { ...who, hotkey } }, error)
    return { ...world, client, verdict }
  }

  it('is read from the state of the chain', async () => {
    const { client, given, set, verdict } = await setUp()
    expect(await verdict()).toEqual({ kind: 'refused', reason: 'not accepted' })
    expect(await verdict(refusal, dev('//Alice//validator'))).toEqual({ kind: 'already' })
    await set(S.MaxRegistrationsPerBlock, [5], 1)
    expect((await run('recycle_register --netuid 5 -w alice -H fresh -y', given)).code).toBe(0)
    expect(await verdict()).toMatchObject({ kind: 'resend' })
    await set(S.NetworkPowRegistrationAllowed, [5], false)
    await expect(verdict()).rejects.toMatchObject({ code: 'POW_DISABLED' })
    await client.close()
  })

  it('is final when the subnet has no uid to give', async () => {
    const { client, verdict } = await setUp()
    const full = new BittensorError('EXTRINSIC_FAILED', 'the chain refused', {
      data: { name: 'NoNeuronIdAvailable' },
    })
    await expect(verdict(full)).rejects.toMatchObject({
      code: 'POW_DISABLED',
      message: 'subnet 5 has no uid to give',
    })
    await client.close()
  })
})
