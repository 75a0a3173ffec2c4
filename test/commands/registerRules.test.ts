/** Which proofs `register` and `faucet` solve on runtimes whose rule is not certain, and what they never send. */
import { describe, expect, it } from 'vitest'
import { RpcError } from '../../src/core/chain/rpc.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { fromHex, toHex } from '../../src/core/keys/hex.js'
import { decodeAddress, type Ss58 } from '../../src/core/keys/ss58.js'
import { meetsDifficulty } from '../../src/core/pow/seal.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { dev, devWorld } from '../support/devAccounts.js'
import { type Pose, posing, watched } from '../support/posing.js'
import { documentOf, run } from '../support/run.js'

const LINE = 'register --netuid 5 -w alice -H fresh -y'
const FRESH = '5DyKbZEmRjohooipt9aD3AcZKUTMUJnM3rwjJPbsWhRK1FN6' as Ss58
const PASSES = '0x0000'
/** `Err(Invalid(AncientBirthBlock))`. */
const ANCIENT = '0x010005'
const TINY = '00'.repeat(16) + 'ff'.repeat(16)
const TINY_LITTLE = 'ff'.repeat(16) + '00'.repeat(16)

/** `Ok(Err(Module { index, error }))` by the error's name. */
function failing({ runtime }: Pick<ChainClient, 'runtime'>, name: string): string {
  const pallet = runtime.description.pallets['SubtensorModule']
  const [number] = Object.entries(pallet?.errors ?? {}).find(([, one]) => one.name === name) ?? []
  if (pallet === undefined || number === undefined) throw new Error(`there is no error ${name}`)
  return `0x${Buffer.from([0, 1, 3, pallet.index, Number(number), 0, 0, 0]).toString('hex')}`
}

/** A chain of spec `specVersion` whose node answers dry runs by `answer`, given the transaction in hex. */
async function worldOf(
  specVersion: number,
  answer?: (
    transaction: string,
    refuse: (name: string) => string,
    method: string,
  ) => string | undefined,
  options: Parameters<typeof devWorld>[0] = {},
) {
  const world = await devWorld(options)
  const view = await world.head()
  const tried: string[] = []
  const pose: Pose = {
    specVersion,
    request: (method, params) => {
      if (params[0] !== 'BlockBuilder_apply_extrinsic' && method !== 'system_dryRun') return
      const transaction = String(params[method === 'state_call' ? 1 : 0])
      tried.push(transaction)
      const answered = answer?.(transaction, (name) => failing(view, name), method)
      return answered === undefined ? undefined : Promise.resolve(answered)
    },
  }
  return { ...world, tried, given: { home: world.home, chain: posing(world.chain, pose) } }
}

const unanswered = () => {
  throw new RpcError(-32601, 'Method not found')
}

describe('on the test builds between two byte orders', () => {
  it('big-endian proofs are solved where dry runs call a little-endian one too large', async () => {
    const { given, localnet, tried } = await worldOf(280)
    const result = await run(`${LINE} --json`, given)
    expect(documentOf(result).data).toMatchObject({ registered: true, uid: 14, attempts: 1 })
    expect(localnet.head.number).toBe(1)
    // Two questions, and the proof itself before it was sent.
    expect(tried).toHaveLength(3)
  })

  it('nodes whose runtime alone does not know the newest block are asked for a dry run', async () => {
    const { given, tried } = await worldOf(280, (_, __, method) =>
      method === 'state_call' ? ANCIENT : undefined,
    )
    expect(documentOf(await run(`${LINE} --json`, given)).data).toMatchObject({ uid: 14 })
    expect(tried).toHaveLength(6)
  })

  it('little-endian proofs are solved where it is the other way round', async () => {
    const { given, tried } = await worldOf(282, (transaction, refuse) => {
      if (transaction.includes(TINY)) return refuse('InvalidDifficulty')
      return transaction.includes(TINY_LITTLE) ? refuse('InvalidSeal') : PASSES
    })
    // The embedded chain reads big-endian numbers, so it will not take the proof in the end.
    const { stderr, code } = await run(`${LINE} --json --max_attempts 1`, {
      ...given,
      filters: false,
    })
    expect(code).toBe(1)
    const found = stderr.split('\n').find((line) => line.includes('"event":"found"')) ?? ''
    const seal = fromHex(JSON.parse(found).seal) ?? new Uint8Array()
    expect(meetsDifficulty(seal, 50_000n, 'le')).toBe(true)
    expect(meetsDifficulty(seal, 50_000n, 'be')).toBe(false)
    expect(tried).toHaveLength(3)
  })

  it.each<[string, NonNullable<Parameters<typeof worldOf>[1]>, string]>([
    ['that answers no dry runs', unanswered, 'Method not found'],
    ['that finds both small enough', (_, refuse) => refuse('InvalidSeal'), 'InvalidSeal'],
    ['that does not look at proofs', () => PASSES, 'passes'],
    ['that would have the pool refuse it', () => '0x010004', 'invalid'],
    ['that answers nonsense', () => '0x77', 'answered a dry run with'],
  ])('nothing is solved with a node %s', async (_, answer, told) => {
    const { given, localnet } = await worldOf(278, answer)
    const { ok, error } = documentOf(await run(`${LINE} --json`, given))
    expect([ok, error.code]).toEqual([false, 'RUNTIME_UNSUPPORTED'])
    expect(error.message).toContain('test builds 278 to 282')
    expect(JSON.stringify(error.details)).toContain(told)
    expect(localnet.head.number).toBe(0)
  })

  it('the faucet asks as well', async () => {
    const { given, tried } = await worldOf(280, undefined, { faucet: true })
    const { ok, data } = documentOf(await run('faucet -w ivan -y --json', given))
    expect([ok, data.gainedRao]).toEqual([true, '100000000000'])
    expect(tried.length).toBeGreaterThanOrEqual(3)
    const closed = await worldOf(280)
    expect(await run('faucet -w ivan -y', closed.given)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('local has no faucet'),
    })
    const silent = await worldOf(280, unanswered, { faucet: true })
    const { error } = documentOf(await run('faucet -w ivan -y --json', silent.given))
    expect(error.code).toBe('RUNTIME_UNSUPPORTED')
  })
})

describe('on versions that nobody has seen', () => {
  it.each([394, 400, 474])(
    'spec %d: proofs are solved if dry runs show that it reads them',
    async (spec) => {
      const { given } = await worldOf(spec)
      expect(documentOf(await run(`${LINE} --json`, given)).data).toMatchObject({ uid: 14 })
    },
  )

  it('nothing is sent if its register asks for money', async () => {
    const { given, localnet, tried } = await worldOf(400, (_, refuse) =>
      refuse('NotEnoughBalanceToStake'),
    )
    const { error } = documentOf(await run(`${LINE} --json`, given))
    expect(error.code).toBe('RUNTIME_UNSUPPORTED')
    expect(error.message).toContain('no rule is known for proofs of work on runtime 400')
    expect(localnet.head.number).toBe(0)
    // Not even the dry runs were made for a key of the wallet.
    const keys = [dev('//Alice'), FRESH].map((address) => toHex(decodeAddress(address)))
    for (const transaction of tried) {
      for (const key of keys) expect(transaction).not.toContain(key.slice(2))
    }
  })
})

it.each([401, 473])(
  'on spec %d, where register burns TAO, it is never sent nor tried: price and recycle_register are offered',
  async (spec) => {
    const { given, localnet, tried } = await worldOf(spec)
    const result = await run(LINE, given)
    expect(result.code).toBe(1)
    expect(result.stderr).toBe(
      `error: runtime ${spec} takes no proof of work; its call register burns TAO of the signer instead
        nothing was sent; a registration by recycling costs τ0.05 now

      hint: btcli recycle_register --netuid 5
`.replace(/^ {6}/gm, ''),
    )
    expect([localnet.head.number, tried.length]).toEqual([0, 0])
  },
)

/** What tells that there is no proof of work any more, with the price. */
const BURNS = {
  code: 'POW_DISABLED',
  message: 'runtime 401 takes no proof of work; its call register burns TAO of the signer instead',
  hint: 'btcli recycle_register --netuid 5',
}

describe('an upgrade to a register that burns TAO', () => {
  it('ends the search', async () => {
    const { home, chain, set, localnet } = await devWorld()
    await set(S.Difficulty, [5], 2n ** 62n)
    const pose = { specVersion: 277 }
    const race = watched(posing(chain, pose))
    const running = run(`${LINE} --json`, { home, chain: race.chain })
    await race.begun
    pose.specVersion = 401
    await set(S.Difficulty, [5], 50_000n)
    expect(documentOf(await running).error).toMatchObject(BURNS)
    expect(localnet.head.number).toBe(2)
  })

  it('keeps a proof from being sent, even between the newest block and the signature', async () => {
    const { home, chain, localnet } = await devWorld()
    let signatures = 0
    const pose = {
      specVersion: 277,
      request(method: string) {
        // The first question is for the fee.
        if (method === 'system_accountNextIndex' && ++signatures === 2) pose.specVersion = 401
        return undefined
      },
    }
    const result = await run(`${LINE} --json`, { home, chain: posing(chain, pose) })
    expect(documentOf(result).error).toMatchObject(BURNS)
    expect(result.stderr).toContain('"event":"submitting"')
    expect([signatures, localnet.head.number]).toEqual([2, 0])
  })
})

describe('a found proof', () => {
  it('is not sent when the chain would refuse it, and another is solved', async () => {
    let refusals = 0
    const { given, localnet } = await worldOf(143, (_, refuse) =>
      refusals++ === 0 ? refuse('InvalidDifficulty') : undefined,
    )
    const result = await run(`${LINE} --json`, given)
    expect(documentOf(result).data).toMatchObject({ uid: 14, attempts: 2 })
    expect(result.stderr).toContain('the chain would refuse: SubtensorModule.InvalidDifficulty')
    expect(localnet.head.number).toBe(1)
  })

  it.each(['TooManyRegistrationsThisBlock', 'InvalidSeal'])(
    'is sent although the state of the last block says %s',
    async (name) => {
      const { given } = await worldOf(143, (_, refuse) => refuse(name))
      expect(documentOf(await run(`${LINE} --json`, given)).data).toMatchObject({ attempts: 1 })
    },
  )

  it('is sent where the node answers no dry runs: its pool judges', async () => {
    const { given } = await worldOf(143, unanswered)
    expect(documentOf(await run(`${LINE} --json`, given)).data).toMatchObject({ uid: 14 })
  })

  it('ends the race when no proof can help', async () => {
    const { given, localnet } = await worldOf(143, (_, refuse) => refuse('NonAssociatedColdKey'))
    const { error } = documentOf(await run(`${LINE} --json`, given))
    expect(error).toMatchObject({
      code: 'EXTRINSIC_FAILED',
      message: expect.stringContaining(
        'the chain would refuse: SubtensorModule.NonAssociatedColdKey',
      ),
    })
    expect(localnet.head.number).toBe(0)
  })

  it('meets a subnet that has closed meanwhile', async () => {
    const { given, set, localnet } = await worldOf(143)
    await set(S.Difficulty, [5], 2n ** 62n)
    const race = watched(given.chain)
    const running = run(`${LINE} --json`, { ...given, chain: race.chain })
    await race.begun
    await set(S.NetworkPowRegistrationAllowed, [5], false)
    await set(S.Difficulty, [5], 50_000n)
    const { error } = documentOf(await running)
    expect(error).toMatchObject({
      code: 'POW_DISABLED',
      hint: 'btcli recycle_register --netuid 5',
    })
    expect(localnet.head.number).toBe(3)
  })

  it('meets an interval whose quota others have used up meanwhile', async () => {
    const { given, set } = await worldOf(143)
    await set(S.Difficulty, [5], 2n ** 62n)
    const race = watched(given.chain)
    const running = run(`${LINE} --json`, { ...given, chain: race.chain })
    await race.begun
    await set(S.RegistrationsThisInterval, [5], 24)
    await set(S.Difficulty, [5], 50_000n)
    expect(documentOf(await running).error).toMatchObject({
      code: 'RATE_LIMITED',
      message: 'subnet 5 has taken all registrations of this interval',
    })
  })
})
