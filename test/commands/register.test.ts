import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { main } from '../../src/cli/main.js'
import { readUid } from '../../src/core/chain/neurons.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import type { Ss58 } from '../../src/core/keys/ss58.js'
import type { LocalnetOptions } from '../../src/localnet/index.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { type FreshChain, freshChain } from '../support/chain.js'
import { testWorld } from '../support/context.js'
import { devHome } from '../support/localnet.js'
import { lock } from '../support/lock.js'
import { watched } from '../support/posing.js'
import { documentOf, eventsOf, run } from '../support/run.js'

const FRESH = '5DyKbZEmRjohooipt9aD3AcZKUTMUJnM3rwjJPbsWhRK1FN6' as Ss58
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const LINE = 'register --netuid 5 -w alice -H fresh'
const HOPELESS = 2n ** 62n

async function setUp(options: LocalnetOptions = {}) {
  const home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: {
        validator: '//Alice//validator',
        fresh: '//Alice//fresh',
        other: '//Alice//other',
      },
    },
    thief: { uri: '//Ferdie', hotkeys: { stolen: '//Alice//miner1' } },
    hot: { uri: '//Alice//fresh', hotkeys: { unused: '//Alice//unused' } },
    bob: { uri: '//Bob', hotkeys: { taken: '//Alice//fresh' } },
  })
  const chain = await freshChain(options)
  return { chain, localnet: chain.localnet, given: { home, chain: chain.chain } }
}

/** Without what chance decides. */
function steady<T extends { readonly stderr: string }>(result: T): T {
  return {
    ...result,
    stderr: result.stderr
      .replace(/nonce \d+/g, 'nonce [NONCE]')
      .replace(/"nonce":"\d+"/g, '"nonce":"[NONCE]"'),
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(condition, { interval: 5 }).toBe(true)
}

describe('btcli register', () => {
  it('shows the facts, asks once, solves, signs with the hotkey, and tells the uid', async () => {
    const { chain, given } = await setUp()
    const result = await run('register', {
      ...given,
      prompts: [
        [/Enter netuid \[1\/3\/5\]/, '5'],
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'fresh'],
        ['Continue Registration?', true],
      ],
    })
    expect(steady(result)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [
          {
            "default": "1",
            "kind": "input",
            "message": "Enter netuid [1/3/5] (--netuid)",
          },
          {
            "default": "default",
            "kind": "input",
            "message": "Enter wallet name (--wallet.name)",
          },
          {
            "default": "default",
            "kind": "input",
            "message": "Enter hotkey name (--wallet.hotkey)",
          },
          {
            "default": false,
            "kind": "confirm",
            "message": "Continue Registration?",
          },
        ],
        "stderr": "Register by proof of work
        network     local (worthless) · spec 143 · genesis [HASH] · in-process
        signed by   alice/fresh   5DyK bZEm Rjoh ooip t9aD 3AcZ KUTM UJnM 3rwj JPbs WhRK 1FN6
        subnet      5
        hotkey      alice/fresh   5DyK bZEm Rjoh ooip t9aD 3AcZ KUTM UJnM 3rwj JPbs WhRK 1FN6
        coldkey     alice         5Grw vaEF 5zXb 26Fz 9rcQ pDWS 57Ct ERHp NehX CPcN oHGK utQY
        difficulty  50.00 K (so many hashes on average)
        fee         τ0.000000000   paid by alice/fresh
        valid for   2 blocks (≈ 24 s)
      Registering... (1/3)
      Solved block 0: nonce [NONCE]
      Submitting POW...
      Signing the proof of block 0 …
      Sending [HASH]
      Valid until block 3
      Waiting for a block (3 left) …
      Waiting for a block (2 left) …
      In block 1
      again: btcli register --netuid 5 --wallet.name alice --wallet.hotkey fresh
      ",
        "stdout": "✔ Registered: uid 14 on subnet 5
        Included in block #1, extrinsic 1-1
        block  [HASH]
        hash   [HASH]
        fee    τ0.000000000
      ",
      }
    `)
    expect(await readUid(await chain.head(), 5, FRESH)).toBe(14)
  })

  it('says so in JSON, with what happens as JSON lines on stderr', async () => {
    const { given } = await setUp()
    const result = await run(`${LINE} -n 1 -y --json`, given)
    expect(steady(result).stderr).toMatchInlineSnapshot(`
      "{"event":"attempt","attempt":1}
      {"event":"found","block":0,"nonce":"[NONCE]","seal":"[HASH]"}
      {"event":"submitting","attempt":1,"of":3}
      {"event":"transaction","text":"Signing the proof of block 0 …"}
      {"event":"transaction","text":"Sending [HASH]"}
      {"event":"transaction","text":"Valid until block 3"}
      {"event":"transaction","text":"Waiting for a block (3 left) …"}
      {"event":"transaction","text":"Waiting for a block (2 left) …"}
      {"event":"transaction","text":"In block 1"}
      "
    `)
    const document = documentOf(result)
    expect(Number(document.data.hashes)).toBeGreaterThan(0)
    expect(document.data.seconds).toBeGreaterThan(0)
    expect({ ...document.data, hashes: '[N]', seconds: 0 }).toMatchInlineSnapshot(`
      {
        "alreadyRegistered": false,
        "attempts": 1,
        "blockHash": "[HASH]",
        "blockNumber": 1,
        "coldkey": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
        "extrinsicHash": "[HASH]",
        "extrinsicIndex": 1,
        "finalized": false,
        "hashes": "[N]",
        "hotkey": "5DyKbZEmRjohooipt9aD3AcZKUTMUJnM3rwjJPbsWhRK1FN6",
        "netuid": 5,
        "registered": true,
        "seconds": 0,
        "stale": 0,
        "uid": 14,
      }
    `)
  })

  it('warns and tells the details in JSON lines as well', async () => {
    const { given } = await setUp()
    const config = join(given.home, 'config.yml')
    writeFileSync(config, 'wallet:\n  nam: alice\n')
    const result = await run(`${LINE} -n 1 -y --json --verbose --config ${config}`, given)
    const reason = expect.stringContaining('unknown key `wallet.nam` at line 2 of')
    expect(documentOf(result).warnings).toEqual([reason])
    const said = eventsOf(result)
    expect(said).toContainEqual({ event: 'warning', reason })
    expect(said).toContainEqual({ event: 'debug', text: expect.stringContaining('runtime') })
    expect(said.map(({ event }) => event)).toContain('found')
  })

  it('is content with a hotkey that is registered already', async () => {
    const { given } = await setUp()
    const line = 'register --netuid 5 -w alice -H validator'
    const text = await run(line, given)
    expect(text).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "✔ Already Registered:
      uid: 2
      netuid: 5
      hotkey: 5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB
      coldkey: 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
      ",
      }
    `)
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data).toMatchObject({ registered: true, alreadyRegistered: true, uid: 2, netuid: 5 })
  })

  it('solves and sends nothing on a dry run, nor when declined', async () => {
    const { given, localnet } = await setUp()
    const result = await run(`${LINE} --dry_run`, given)
    expect(result.code).toBe(0)
    expect(result.stdout).toMatchInlineSnapshot(`
      "Dry run: nothing was solved or sent. To do it:
        btcli register --netuid 5 --wallet.name alice --wallet.hotkey fresh
      "
    `)
    const { data } = documentOf(await run(`${LINE} --dry_run --json`, given))
    expect(data).toMatchObject({ dryRun: true, netuid: 5, preview: { spendRao: '0' } })
    const declined = await run(LINE, { ...given, prompts: [['Continue Registration?', false]] })
    expect([declined.code, declined.stderr.split('\n').at(-2)]).toEqual([
      4,
      'Declined, nothing was sent.',
    ])
    expect(localnet.head.number).toBe(0)
  })
})

describe('what stands in the way is told before anything is solved', () => {
  it('a wrong password', async () => {
    const { given, localnet } = await setUp()
    lock(given.home)
    const env = { BT_WALLET_PASSWORD: 'not this one' }
    const result = await run(`${LINE} -y --json`, { ...given, env })
    expect(result).toMatchObject({ code: 1, stderr: '' })
    expect(documentOf(result)).toMatchObject({ ok: false, error: { code: 'BAD_PASSWORD' } })
    expect(localnet.head.number).toBe(0)
  })

  it.each<[string, string, number]>([
    ['register --netuid 0 -w alice -H fresh -y', 'the root network takes no proof of work', 2],
    ['register --netuid 9 -w alice -H fresh -y', 'there is no subnet 9', 1],
    ['register --netuid 3 -w thief -H stolen -y', 'the hotkey belongs to another coldkey', 1],
    ['register --netuid 5 -w nobody -H fresh -y', 'nobody', 1],
    ['register --netuid 5 -w alice -H nobody -y', 'nobody', 1],
    ['register -w alice -H fresh -y', '--netuid', 2],
    ['register --netuid 5 -w alice -H fresh', 'this needs a confirmation', 2],
    ['register --netuid 5 -w alice -H fresh -n 0 -y', 'must be from 1 to 1024', 2],
    ['register --netuid 5 -w alice -H fresh --nice 20 -y', 'must be from 0 to 19', 2],
    ['register --netuid 5 -w alice -H fresh --timeout 2147484 -y', 'must be from 1 to 2147483', 2],
  ])('%s: %s', async (line, message, code) => {
    const { given, localnet } = await setUp()
    const result = await run(line, given)
    expect(result.stderr).toContain(message)
    expect(result.code).toBe(code)
    expect(localnet.head.number).toBe(0)
  })

  it('a subnet that is closed to proofs, with the price of the other way', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.NetworkPowRegistrationAllowed, [5], false)
    const result = await run(`${LINE} -y`, given)
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 1,
        "questions": [],
        "stderr": "error: subnet 5 takes no registrations by proof of work
        a registration by recycling costs τ0.05 now

      hint: btcli recycle_register --netuid 5
      ",
        "stdout": "",
      }
    `)
    await chain.set(S.NetworkRegistrationAllowed, [5], false)
    expect((await run(`${LINE} -y`, given)).stderr).toContain('nor any other registrations now')
  })

  it('a quota per interval that is used up, with the blocks until the next', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.RegistrationsThisInterval, [5], 24)
    const { ok, error } = documentOf(await run(`${LINE} -y --json`, given))
    expect({ ok, error }).toMatchInlineSnapshot(`
      {
        "error": {
          "code": "RATE_LIMITED",
          "details": {
            "blocksLeft": 99,
            "netuid": 5,
            "reason": "the next interval begins in 99 blocks (≈ 20 min)",
          },
          "hint": "try again then; another block alone does not help",
          "message": "subnet 5 has taken all registrations of this interval",
        },
        "ok": false,
      }
    `)
  })

  it('a quota of no registration per block', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.MaxRegistrationsPerBlock, [5], 0)
    const result = await run(`${LINE} -y`, given)
    expect([result.code, result.stderr]).toEqual([
      1,
      expect.stringContaining('subnet 5 takes no registration in any block'),
    ])
  })

  it('a policy that forbids it', async () => {
    const { given, localnet } = await setUp()
    const guards = [{ review: async () => ['not on this subnet'] }]
    const result = await run(`${LINE} -y`, { ...given, guards })
    expect([result.code, result.stderr]).toEqual([1, expect.stringContaining('not on this subnet')])
    expect(localnet.head.number).toBe(0)
  })
})

describe('the race', () => {
  it('goes on when the difficulty changes: a new block carries a new challenge', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.Difficulty, [5], HOPELESS)
    const race = watched(given.chain)
    const running = run(`${LINE} -y`, { ...given, chain: race.chain })
    await race.begun
    await chain.set(S.Difficulty, [5], 50_000n)
    const result = await running
    expect([result.code, result.stdout]).toEqual([0, expect.stringContaining('Registered: uid 14')])
  })

  it('says once when it is hopeless, and what can be done instead', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.Difficulty, [5], HOPELESS)
    const made = testWorld(given)
    const running = main(`${LINE} -y`.split(' '), () => made.world)
    let difficulty = HOPELESS
    const block = async () => {
      await chain.set(S.Difficulty, [5], --difficulty)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    // It takes a second of searching to know the rate.
    await until(async () => {
      await block()
      return made.stderr().includes('warning: ')
    })
    for (let more = 0; more < 3; more++) await block()
    await chain.set(S.Difficulty, [5], 50_000n)
    expect(await running).toBe(0)
    expect(made.stderr().match(/^warning: .*$/gm)).toEqual([
      expect.stringMatching(
        /^warning: at [\d.]+[KM]H\/s half of all searches take more than [\d.,]+ years; without a proof: btcli recycle_register --netuid 5$/,
      ),
    ])
  })

  it('ends well when somebody else registers the hotkey', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.Difficulty, [5], HOPELESS)
    const race = watched(given.chain)
    const running = run(`${LINE} -y --json`, { ...given, chain: race.chain })
    await race.begun
    const other = await run('recycle_register --netuid 5 -w alice -H fresh -y', given)
    expect(other.code).toBe(0)
    const { data } = documentOf(await running)
    expect(data).toMatchObject({
      registered: true,
      alreadyRegistered: true,
      uid: 14,
      attempts: 0,
      extrinsicHash: null,
    })
  })

  it('ends with an error when the hotkey now belongs to another coldkey', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.Difficulty, [5], HOPELESS)
    const race = watched(given.chain)
    const running = run(`${LINE} -y --json`, { ...given, chain: race.chain })
    await race.begun
    const other = await run('recycle_register --netuid 5 -w bob -H taken -y', given)
    expect(other.code).toBe(0)
    expect(documentOf(await running).error).toMatchObject({
      code: 'ALREADY_REGISTERED',
      message: 'the hotkey belongs to another coldkey',
    })
  })

  it('ends when the chain is upgraded to another rule, and sends nothing by the old one', async () => {
    const { given, chain, localnet } = await setUp()
    await chain.set(S.Difficulty, [5], HOPELESS)
    const race = watched(given.chain)
    const running = run(`${LINE} -y --json`, { ...given, chain: race.chain })
    await race.begun
    await localnet.upgrade()
    const { error } = documentOf(await running)
    expect(error).toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: 'the chain was upgraded from spec 143 to 343, which reads proofs by another rule',
      hint: 'run it again: it then follows the new rule',
    })
  })

  it('sends the same proof again when the block had no room for it', async () => {
    const { given, chain, localnet } = await setUp({ blocks: 'manual' })
    await chain.set(S.MaxRegistrationsPerBlock, [5], 1)
    const pending = async () =>
      (await localnet.request<readonly string[]>('author_pendingExtrinsics')).length
    const first = run('recycle_register --netuid 5 -w alice -H other -y', given)
    await until(async () => (await pending()) === 1)
    const running = run(`${LINE} -y --json`, given)
    await until(async () => (await pending()) === 2)
    await localnet.advance()
    expect((await first).code).toBe(0)
    await until(async () => (await pending()) === 1)
    await localnet.advance()
    const result = await running
    expect(documentOf(result).data).toMatchObject({ uid: 15, attempts: 1, stale: 0 })
    expect(result.stderr.match(/"event":"attempt"/g)).toHaveLength(1)
    expect(result.stderr).toContain('this block has no room for another registration')
  })

  it.each<[string, string, (world: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>]>([
    ['raises the difficulty', 'difficulty', ({ chain }) => chain.set(S.Difficulty, [5], 500_000n)],
    ['makes it too old', 'old', ({ localnet }) => localnet.advance(2)],
  ])('holds a proof back when a block that comes before it is sent %s', async (_, why, happen) => {
    const world = await setUp()
    const { given, localnet } = world
    // So low that no proof meets the higher one by chance.
    await world.chain.set(S.Difficulty, [5], 10n)
    const read: number[] = []
    const sent: unknown[] = []
    let isFirst = true
    const chain: FreshChain['chain'] = async (request) => {
      const client = await given.chain(request)
      const told: Pick<ChainClient, 'readHead' | 'request' | 'subscribe'> = {
        async readHead(head, work) {
          const answer = await client.readHead(head, work)
          read.push(head.number)
          return answer
        },
        async request(method, params) {
          const isTrial = params?.[0] === 'BlockBuilder_apply_extrinsic'
          if (isTrial && isFirst) {
            isFirst = false
            await happen(world)
            await until(() => read.includes(localnet.head.number))
          }
          return client.request(method, params)
        },
        subscribe(method, ...rest) {
          if (method.startsWith('author_')) sent.push(method)
          return client.subscribe(method, ...rest)
        },
      }
      return new Proxy(client, {
        get(target, key) {
          const value: unknown = Reflect.get(key in told ? told : target, key)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    }
    const result = await run(`${LINE} -y --json`, { ...given, chain })
    expect(documentOf(result).data).toMatchObject({ registered: true, attempts: 1, stale: 1 })
    expect(sent).toHaveLength(1)
    const said = eventsOf(result).filter(({ event }) => event !== 'transaction')
    expect(said).toMatchObject([
      { event: 'attempt', attempt: 1 },
      { event: 'found' },
      { event: 'submitting', attempt: 1 },
      { event: 'stale', why, stale: 1 },
      { event: 'found' },
      { event: 'submitting', attempt: 1 },
    ])
  })

  it('solves again when the pool gave a proof up and its short life is over', async () => {
    const { given, localnet } = await setUp({ blocks: 'manual' })
    const snapshot = await localnet.advance(2)
    const pending = async () =>
      (await localnet.request<readonly string[]>('author_pendingExtrinsics')).length
    const running = run(`${LINE} -y --json`, given)
    await until(async () => (await pending()) === 1)
    await localnet.restore(snapshot)
    await localnet.advance(6)
    await until(async () => (await pending()) === 1)
    await localnet.advance()
    const result = await running
    const { uid, attempts } = documentOf(result).data
    expect(uid).toBe(14)
    // Blocks so fast may outrun a further proof.
    expect(attempts).toBeGreaterThan(1)
    // From the block before the newest on: four blocks.
    expect(result.stderr).toContain('Valid until block 4"')
  })

  it('ends as soon as the subnet closes', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.Difficulty, [5], HOPELESS)
    const race = watched(given.chain)
    const running = run(`${LINE} -y --json`, { ...given, chain: race.chain })
    await race.begun
    await chain.set(S.NetworkPowRegistrationAllowed, [5], false)
    const { error } = documentOf(await running)
    expect(error).toMatchObject({ code: 'POW_DISABLED', hint: 'btcli recycle_register --netuid 5' })
  })

  it('waits for a proof that is on its way, whatever else would end the race', async () => {
    const { given, chain, localnet } = await setUp({ blocks: 'manual', finalityLag: 2 })
    const running = run(`${LINE} -y --json --wait_for_finalization`, given)
    await until(
      async () =>
        (await localnet.request<readonly string[]>('author_pendingExtrinsics')).length === 1,
    )
    await localnet.advance()
    await chain.set(S.NetworkPowRegistrationAllowed, [5], false)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await localnet.advance(2)
    expect(documentOf(await running).data).toMatchObject({ uid: 14, attempts: 1, finalized: true })
  })

  it('tells the guards of every transaction', async () => {
    const { given } = await setUp()
    const heard: string[] = []
    const guards = [
      {
        enter: async () => {
          heard.push('enter')
          return async () => void heard.push('leave')
        },
        beforeSend: async ({ command, netuids }: { command: string; netuids: readonly number[] }) =>
          void heard.push(`${command} ${netuids.join()}`),
        ended: async (_: unknown, { ok }: { ok: boolean }) => void heard.push(`ok: ${ok}`),
      },
    ]
    expect((await run(`${LINE} -y`, { ...given, guards })).code).toBe(0)
    expect(heard).toEqual(['enter', 'register 5', 'ok: true', 'leave'])
  })
})

describe('an end before the end', () => {
  afterEach(() => void vi.useRealTimers())

  it('by Ctrl-C leaves the terminal as it was', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.Difficulty, [5], HOPELESS)
    const controller = new AbortController()
    const made = testWorld({
      ...given,
      tty: true,
      env: { BTCLI_NO_SPINNER: '' },
      signal: controller.signal,
    })
    const running = main(`${LINE} -y`.split(' '), () => made.world)
    await until(() => made.stderr().includes('Registration Difficulty: 4611686.02 T\n'))
    // It ends in its own way: the clock that would end it otherwise stands.
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    controller.abort()
    expect(await running).toBe(130)
    const stderr = made.stderr()
    const [hide, show] = ['\x1b[?25l', '\x1b[?25h'].map((sequence) => stderr.lastIndexOf(sequence))
    expect(hide).toBeGreaterThan(0)
    expect(show).toBeGreaterThan(hide ?? 0)
    // The panel is taken away before the last word.
    expect(stderr.slice(show)).toBe('\x1b[?25h\r\x1b[9A\x1b[0JCancelled, nothing was sent.\n')
  })

  it('by the time limit', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.Difficulty, [5], HOPELESS)
    const result = await run(`${LINE} -y --pow-timeout 1 --pow-workers 1 --nice 19 -u 1000`, given)
    expect(result.code).toBe(3)
    expect(result.stderr).toContain('not registered within 1 s')
  })
})

describe('btcli register where a proof costs a fee', () => {
  const line = 'register --netuid 1 -w alice -H fresh -n 1 -y'

  it('is refused before a proof is searched when the hotkey can not pay, and says what it needs', async () => {
    const { given } = await setUp({ profile: 'dtao' })
    const result = await run(line, given)
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatchInlineSnapshot(`
      "error: the hotkey can not pay the fee of a proof
        it signs, and has τ0.000000000 free; fee τ0.000164275 + existential deposit τ0.0000005 needed; nothing was sent

      hint: btcli transfer --dest 5DyKbZEmRjohooipt9aD3AcZKUTMUJnM3rwjJPbsWhRK1FN6 --amount 0.000164775
      "
    `)
  })

  it('ends the race when the hotkey can not pay any more: another proof would cost the same', async () => {
    const { chain, given } = await setUp({ profile: 'dtao' })
    await chain.localnet.fund(FRESH, 1_000_000_000n)
    await chain.set(S.Difficulty, [1], HOPELESS)
    const race = watched(given.chain)
    const running = run(`${line} --json`, { ...given, chain: race.chain })
    await race.begun
    const gone = await run(`transfer --dest ${BOB} --all --allow_death -w hot -y`, given)
    expect(gone.code).toBe(0)
    await chain.set(S.Difficulty, [1], 50_000n)
    const result = await running
    expect(documentOf(result).error.code).toBe('INSUFFICIENT_BALANCE')
    expect(result.stderr.match(/"event":"submitting"/g)).toHaveLength(1)
  })

  it('shows and pays it', async () => {
    const { chain, given } = await setUp({ profile: 'dtao' })
    await chain.localnet.fund(FRESH, 1_000_000_000n)
    const result = await run(line, given)
    expect(result.stderr).toContain('paid by alice/fresh')
    expect(result.stderr).not.toContain('τ0.000000000   paid')
    expect(result.code).toBe(0)
    expect(await readUid(await chain.head(), 1, FRESH)).toBeDefined()
  })
})
