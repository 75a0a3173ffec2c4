import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { readWeightsOf } from '../../src/core/chain/neurons.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { devWorld } from '../support/devAccounts.js'
import { documentOf, run } from '../support/run.js'

const ME = '-w alice -H validator'

describe('btcli set_weights', () => {
  it('scales the largest to 65535, asks once and sets them', async () => {
    const { given, head } = await devWorld()
    const result = await run('set_weights', {
      ...given,
      prompts: [
        ['Enter netuid', '1'],
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'validator'],
        ['Enter uids', '7 8 9, 10'],
        ['Enter weights', '0.4 0.2 .2 0.1'],
        ['Set 4 weights on subnet 1?', true],
      ],
    })
    expect(result.code).toBe(0)
    // An empty line chooses no subnet.
    expect(result.questions[0]).not.toHaveProperty('default')
    expect(result.stderr).toContain('uid 7  44.44 %')
    expect(result.stderr).toContain('--uids 7 8 9 10 --weights 0.4 0.2 .2 0.1\n')
    expect(result.stdout).toContain('Set 4 weights of uid 0 on subnet 1')
    expect(await readWeightsOf(await head(), 1, 0)).toEqual([
      [7, 65_535],
      [8, 32_768],
      [9, 32_768],
      [10, 16_384],
    ])
  })

  it('on root gives to subnets, and is one JSON document', async () => {
    const { given } = await devWorld()
    const line = `set_weights -n 0 ${ME} --uids 1 3 5 --weights 2 1 0`
    const done = documentOf(await run(`${line} -y --json`, given))
    expect(done).toMatchObject({
      ok: true,
      data: {
        netuid: 0,
        uid: 0,
        uids: [1, 3],
        weights: [65_535, 32_768],
        weightsAfter: [
          [1, 65_535],
          [3, 32_768],
        ],
      },
    })
  })

  it('a dry run signs nothing, declining ends with 4', async () => {
    const { given, localnet } = await devWorld()
    const line = `set_weights -n 1 ${ME} --uids 7 8 9 10 --weights 1 1 1 1`
    const dry = await run(`${line} --dry_run`, given)
    expect(dry).toMatchObject({ code: 0, questions: [] })
    expect(dry.stderr).toMatchSnapshot()
    expect(await run(line, { ...given, prompts: [['Set 4 weights', false]] })).toMatchObject({
      code: 4,
    })
    expect(localnet.head.number).toBe(0)
  })

  it.each([
    [`-n 1 ${ME} --uids 7 8 9 --weights 1 1`, 2, 'USAGE', '3 uids but 2 weights'],
    [`-n 1 ${ME} --uids 7 7 8 9 --weights 1 1 1 1`, 2, 'USAGE', 'uid 7 is given twice'],
    [`-n 1 ${ME} --uids 7 8 9 30 --weights 1 1 1 1`, 2, 'USAGE', 'its uids go from 0 to 29'],
    [`-n 0 ${ME} --uids 1 2 --weights 1 1`, 2, 'USAGE', 'there is no subnet 2'],
    [`-n 1 ${ME} --uids 7 8 9 --weights 1 1 1`, 2, 'USAGE', 'no less than 4 weights'],
    [`-n 1 ${ME} --uids 7 8 9 10 --weights 1 1 1 0`, 2, 'USAGE', '3 above zero were given'],
    [`-n 1 ${ME} --uids 7 8 9 10 --weights 0 0 0 0`, 2, 'USAGE', 'all weights are zero'],
    [`-n 1 ${ME} --uids 7 --weights -1`, 2, 'USAGE', 'a weight is a number from 0 on'],
    [`-n 3 ${ME} --uids 5 6 7 8 9 --weights 9 1 1 1 1`, 2, 'USAGE', '25.00 % is the limit'],
    [`-n 9 ${ME} --uids 1 --weights 1`, 1, 'SUBNET_NOT_FOUND', 'there is no subnet 9'],
    [
      '-n 1 -w frank -H hot --uids 7 8 9 10 --weights 1 1 1 1',
      1,
      'NOT_REGISTERED',
      'recycle_register',
    ],
    [
      '-n 1 -w alice -H miner1 --uids 7 8 9 10 --weights 1 1 1 1',
      1,
      'INSUFFICIENT_STAKE',
      'no validator permit',
    ],
    [`-n 1 ${ME} --weights 1`, 2, 'MISSING_INPUT', '--uids is missing'],
  ])('refuses %s before anything is signed', async (words, code, error, text) => {
    const { given, localnet } = await devWorld()
    const result = await run(`set_weights ${words} -y`, given)
    expect(result.stderr).toContain(text)
    const json = await run(`set_weights ${words} -y --json`, given)
    expect(json.code).toBe(code)
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: error } })
    expect(localnet.head.number).toBe(0)
  })

  it('knows the rate limit to the block', async () => {
    const { given, set, localnet, head } = await devWorld()
    const line = `set_weights -n 1 ${ME} --uids 7 8 9 10 --weights 1 1 1 1 -y`
    expect((await run(line, given)).code).toBe(0)
    const last = (await head()).block.number
    await set(S.WeightsSetRateLimit, [1], 5n)
    const early = await run(line, given)
    expect(early.code).toBe(1)
    expect(early.stderr).toContain('the chain allows this in 3 blocks (≈ 36 s)')
    expect(early.stderr).toContain(`weights were set in block ${last}, 5 blocks must pass`)
    await localnet.advance(2)
    expect((await run(line, given)).stderr).toContain('in 1 block (')
    await localnet.advance(1)
    expect((await run(line, given)).code).toBe(0)
  })

  it('sends the version key of the subnet, and refuses an older one', async () => {
    const { given, set } = await devWorld()
    await set(S.WeightsVersionKey, [1], 531n)
    const line = `set_weights -n 1 ${ME} --uids 7 8 9 10 --weights 1 1 1 1 -y --json`
    expect(documentOf(await run(line, given))).toMatchObject({ ok: true })
    const old = documentOf(await run(`${line} --version_key 530`, given))
    expect(old).toMatchObject({ ok: false, error: { code: 'USAGE' } })
  })

  it('a weight to itself needs neither permit nor company', async () => {
    const { given } = await devWorld()
    const line = 'set_weights -n 1 -w alice -H miner1 --uids 6 --weights 1 -y --json'
    expect(documentOf(await run(line, given))).toMatchObject({ ok: true, data: { uid: 6 } })
  })

  it('ends with 3 when the node is not there', async () => {
    const { home } = await devWorld()
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    const line = `set_weights -n 1 ${ME} --uids 7 --weights 1 -y`
    expect(await run(line, { home, chain })).toMatchObject({ code: 3 })
  })
})
