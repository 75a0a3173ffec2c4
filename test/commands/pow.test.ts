import { describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.js'
import { availableCores } from '../../src/core/pow/cores.js'
import { freshChain } from '../support/chain.js'
import { testWorld } from '../support/context.js'
import { documentOf, eventsOf, run, splitWords } from '../support/run.js'

const HASH = '0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const SOLVE = `pow solve --block_hash ${HASH} --hotkey ${BOB}`

describe('btcli pow solve', () => {
  it('finds the first proof of a range, offline', async () => {
    const result = await run(`${SOLVE} --difficulty 1000 --nonce_count 4078 -n 1`, {
      filters: false,
    })
    const steady = { ...result, stdout: result.stdout.replace(/in .*$/m, 'in [TIME]') }
    expect(steady).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "nonce  4077
      work   0x002995f7d20fa4e69621962506e8461e570026df1fb3500a7e5486dec07f5661
      4078 hashes in [TIME]
      ",
      }
    `)
  })

  it('tells the whole proof in JSON', async () => {
    const line = `${SOLVE} --difficulty 10000 --nonce_start 21386 --nonce_count 1 --json`
    const { ok, data } = documentOf(await run(line, { filters: false }))
    expect(ok).toBe(true)
    expect({ ...data, seconds: 0 }).toMatchInlineSnapshot(`
      {
        "blockHash": "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "coldkey": null,
        "difficulty": "10000",
        "found": true,
        "hashes": "1",
        "hotkey": "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
        "netuid": null,
        "nonce": "21386",
        "nonceCount": "1",
        "nonceStart": "21386",
        "scheme": "register-be",
        "seconds": 0,
        "work": "0x00028a9b4bb89be4602a4b7a2b41aaa2a889ee55c379ce8be7c2a46cb1e7b100",
      }
    `)
  })

  it('takes hex keys and the newest scheme', async () => {
    const coldkey = `0x${'03'.repeat(32)}`
    const line = `pow solve --block_hash 0x${'01'.repeat(32)} --hotkey 0x${'02'.repeat(32)} --coldkey ${coldkey}`
    const { data } = documentOf(
      await run(
        `${line} --netuid 1 --scheme pow_register --difficulty 1 --nonce_start 18446744073709551615 --json`,
        { filters: false },
      ),
    )
    // Published self-test of RaoFoundation/subtensor's miner: the last nonce.
    expect(data).toMatchObject({
      found: true,
      nonce: '18446744073709551615',
      work: '0x69f1aef50783893195365b4fb62a4745085c31fee525a0984bc20301ab377aaf',
      nonceCount: '1',
    })
  })

  it('searches a range to its end: status 1, and how many were tried', async () => {
    const line = `${SOLVE} --difficulty 10000 --nonce_start 0 --nonce_count 21386`
    const text = await run(line, { filters: false })
    expect(text).toMatchInlineSnapshot(`
      {
        "code": 1,
        "questions": [],
        "stderr": "error: the range holds no proof
        21386 nonces from 0 on tried, the whole range

      hint: search another range
      ",
        "stdout": "",
      }
    `)
    const json = await run(`${line} --json`, { filters: false })
    expect(json.code).toBe(1)
    const { ok, error, data } = documentOf(json)
    expect([ok, error.code, data.found, data.hashes]).toEqual([
      false,
      'POW_NOT_FOUND',
      false,
      '21386',
    ])
  })

  it.each<[string, string, number]>([
    ['pow solve', 'missing: --block_hash, --hotkey, --difficulty', 2],
    ['pow', 'what to do is missing', 2],
    [`${SOLVE} --difficulty -1`, '--difficulty: must be a whole number from 0 to 2^64-1', 2],
    [`${SOLVE} --difficulty 18446744073709551616`, 'from 0 to 2^64-1', 2],
    [`${SOLVE} --difficulty 1 --nonce_count 0`, '--nonce_count: must be a whole number from 1', 2],
    [`${SOLVE} --difficulty 1 --nonce_count 18446744073709551617`, 'from 1 to 2^64', 2],
    [`${SOLVE} --difficulty ${2n ** 64n - 1n} --nonce_start ${2n ** 64n - 1n}`, '1 nonce from', 1],
    [`${SOLVE} --difficulty 1 --nonce_start 18446744073709551616`, 'from 0 to 2^64-1', 2],
    [`${SOLVE} --difficulty 1 --nonce_start 2 --nonce_count 18446744073709551615`, 'go past', 2],
    [`${SOLVE} --difficulty 1 --scheme pow_register`, 'needs a netuid', 2],
    [`${SOLVE} --difficulty 1 --scheme other`, 'must be one of register-be', 2],
    [`pow solve --block_hash 0x12 --hotkey ${BOB} --difficulty 1`, 'must be 32 bytes', 2],
    [`pow solve --block_hash ${HASH} --hotkey 5abc --difficulty 1`, 'hotkey', 2],
    [`pow solve --block_hash ${HASH} --hotkey ${'8e'.repeat(32)} --difficulty 1`, 'with 0x', 2],
    [
      `${SOLVE} --difficulty 1 --coldkey ${BOB}`,
      'a proof for register-be holds for any coldkey',
      2,
    ],
    // Timers end at once when they are given more than 24.8 days.
    [`${SOLVE} --difficulty 1 --timeout 2147484`, '--timeout: must be a number of seconds from', 2],
    ['pow bench --seconds 2147484', '--seconds: must be a number of seconds from', 2],
    [`${SOLVE} --difficulty ${2n ** 63n} --timeout 0.2 -n 1`, 'no proof was found in', 3],
  ])('%s: %s', async (line, message, code) => {
    const result = await run(line, { filters: false })
    expect(result.stderr).toContain(message)
    expect(result.code).toBe(code)
    expect(result.stdout).toBe('')
  })

  it.runIf(availableCores() < 32)('takes no more threads than a machine can start', async () => {
    const threads = availableCores() * 32 + 1
    const { code, stderr } = await run(`${SOLVE} --difficulty 1 -n ${threads}`)
    expect(stderr).toContain(`--num_processes: at most ${threads - 1} threads make sense with`)
    expect(code).toBe(2)
  })

  it('takes a scheme with other dashes', async () => {
    const line = `${SOLVE} --difficulty 1 -n 1 --nonce_start 0 --scheme Register_LE --json`
    const { data } = documentOf(await run(line, { filters: false }))
    expect(data).toMatchObject({ scheme: 'register-le', nonce: '0' })
  })

  it('tells how it goes as JSON lines', async () => {
    const controller = new AbortController()
    const made = testWorld({ signal: controller.signal })
    const line = `${SOLVE} --difficulty ${2n ** 63n} -n 1 --json`
    const running = main(splitWords(line), () => made.world)
    type Expected = { readonly expectedSeconds50: number; readonly expectedSeconds95: number }
    // Nothing is expected before something is searched.
    const measured = () =>
      eventsOf({ stderr: made.stderr() }).find(
        (event): event is typeof event & Expected =>
          'expectedSeconds50' in event && event.expectedSeconds50 !== null,
      )
    await expect.poll(measured).toBeDefined()
    controller.abort()
    expect(await running).toBe(130)
    const event = measured()!
    expect(event).toMatchObject({
      event: 'progress',
      difficulty: `${2n ** 63n}`,
      workers: 1,
      gpus: [],
    })
    expect(event.expectedSeconds95 / event.expectedSeconds50).toBeCloseTo(Math.log2(20), 6)
  })

  it('stops at Ctrl-C', async () => {
    const controller = new AbortController()
    const running = run(`${SOLVE} --difficulty ${2n ** 63n} -n 1`, { signal: controller.signal })
    setTimeout(() => controller.abort(), 200)
    expect((await running).code).toBe(130)
  })
})

describe('btcli pow bench', () => {
  it('measures one thread and all of them, and says what that means for a subnet', async () => {
    const { chain } = await freshChain()
    const result = await run('pow bench --seconds 0.2 -n 2 --netuid 5 --json', { chain })
    const { data } = documentOf(result)
    expect(data.kernel).toBe('simd')
    expect(data.results.map(({ workers }: { workers: number }) => workers)).toEqual([1, 2])
    for (const { hashesPerSecond } of data.results) expect(hashesPerSecond).toBeGreaterThan(10_000)
    expect(data.difficulty).toBe('50000')
    const [, all] = data.results
    expect(data.expectedSeconds50).toBeCloseTo((50_000 / all.hashesPerSecond) * Math.LN2, 6)
  })

  it('reckons with a difficulty without a chain', async () => {
    const line = 'pow bench --seconds 0.1 -n 1 --difficulty 10000000 --netuid 1'
    const { stdout } = await run(line)
    expect(stdout).toMatch(/^Difficulty 10\.00 M: 50 % within [\d.]+ \w+, 95 % within [\d.]+ \w+$/m)
    const { data } = documentOf(await run(`${line} --json`))
    expect(data).toMatchObject({ netuid: null, difficulty: '10000000' })
    const [{ hashesPerSecond }] = data.results
    expect(data.expectedSeconds95).toBeCloseTo((1e7 / hashesPerSecond) * Math.log(20), 6)
  })

  it('warns where a subnet takes no proofs', async () => {
    const { chain } = await freshChain()
    const result = await run('pow bench --seconds 0.1 -n 1 --netuid 0 --json', { chain })
    const reason = 'the root network takes no proof of work'
    expect(documentOf(result).warnings).toEqual([reason])
    expect(eventsOf(result)).toEqual([
      { event: 'warning', reason },
      { event: 'measuring', text: 'Measuring 1 thread for 0.1 s …' },
    ])
  })

  it('needs no chain without a subnet', async () => {
    const { code, stdout, stderr } = await run('pow bench --seconds 0.1 -n 1')
    expect([code, stderr]).toEqual([0, 'Measuring 1 thread for 0.1 s …\n'])
    expect(stdout).toMatch(/^Kernel simd\n1 thread: [\d.]+[KM]H\/s\n$/)
  })

  it('stops at Ctrl-C', async () => {
    const controller = new AbortController()
    const running = run('pow bench --seconds 100 -n 1', { signal: controller.signal })
    setTimeout(() => controller.abort(), 200)
    expect((await running).code).toBe(130)
  })
})
