import { beforeAll, describe, expect, it } from 'vitest'
import { parseAccount } from '../../src/core/keys/ss58.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { freshChain, roundGenesis } from '../support/chain.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const VALIDATOR_OF_BOB = parseAccount(devAccount('//Bob//validator')).address
const MINER_OF_BOB = parseAccount(devAccount('//Bob//miner1')).address

let home = ''
const still = localChain({ genesis: roundGenesis })

beforeAll(async () => {
  home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: {
        validator: '//Alice//validator',
        miner1: '//Alice//miner1',
        nowhere: '//Alice//nowhere',
      },
    },
    empty: { uri: '//Nobody', hotkeys: {} },
  })
})

/** For runs that send nothing: one chain for all of them. */
function setUpStill() {
  return { localnet: still.localnet, given: { home, chain: still.open } }
}

async function setUp() {
  const chain = await freshChain({ genesis: roundGenesis })
  return { ...chain, given: { home, chain: chain.chain } }
}

describe('btcli stake', () => {
  it('shows what it does, asks once, and shows both sides before and after', async () => {
    const { given } = await setUp()
    const result = await run('stake', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'miner1'],
        ['Enter Tao amount to stake, "all" for all of τ100000.000000000', '1.001'],
        ['Stake τ1.001 to miner1 (', true],
      ],
    })
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [
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
            "kind": "input",
            "message": "Enter Tao amount to stake, "all" for all of τ100000.000000000 (--amount)",
          },
          {
            "default": false,
            "kind": "confirm",
            "message": "Stake τ1.001 to miner1 (5HWVrf…evjk)?",
          },
        ],
        "stderr": "Stake
        network    local (worthless) · spec 143 · genesis [HASH] · in-process
        from       alice    5Grw vaEF 5zXb 26Fz 9rcQ pDWS 57Ct ERHp NehX CPcN oHGK utQY
        to         miner1   5HWV rf8t PjBz aTge GD4Y pjEd gLVz Gosw qw7c W6Fc XwwB evjk
                   τ1.001000000   your own hotkey
        call       SubtensorModule.add_stake(hotkey: 5HWVrf…evjk, amount_staked: τ1.001)
        fee        τ0.000000000   paid by alice
        after      alice, free      τ100000.000000000 ➡ τ99998.999000000
                   stake on miner1       τ0.000000000 ➡     τ1.001000000
        valid for  64 blocks (≈ 13 min)
      Signing miner1 …
      Sending [HASH]
      Valid until block 63
      Waiting for a block (63 left) …
      Waiting for a block (62 left) …
      In block 1
      again: btcli stake --wallet.name alice --wallet.hotkey miner1 --amount 1.001
      ",
        "stdout": "✔ Staked τ1.001000000 to miner1 (5HWVrf…evjk)
        Included in block #1, extrinsic 1-1
        block  [HASH]
        hash   [HASH]
        fee    τ0.000000000
        alice, free      τ100000.000000000 ➡ τ99998.999000000
        stake on miner1       τ0.000000000 ➡     τ1.001000000
      ",
      }
    `)
  })

  it('stakes to several hotkeys, leaves the unregistered out, and says so', async () => {
    const { given } = await setUp()
    const result = await run('stake -w alice --all_hotkeys --amount 2 -y', given)
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "Stake
        network    local (worthless) · spec 143 · genesis [HASH] · in-process
        from       alice       5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        to         miner1      5HWVrf8tPjBzaTgeGD4YpjEdgLVzGoswqw7cW6FcXwwBevjk   τ2.000000000   your own hotkey
        to         validator   5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB   τ2.000000000   your own hotkey
        skipped    nowhere     5GHqbebWH7xpwXUoQR3nyY2QHLEQJnj59hKwfu6N9g6CHRc1   the hotkey is not registered on any subnet
        call       SubtensorModule.add_stake, 2 times
        fee        τ0.000000000   paid by alice
        after      alice, free         τ100000.000000000 ➡ τ99996.000000000
                   stake on miner1          τ0.000000000 ➡     τ2.000000000
                   stake on validator   τ42000.000000000 ➡ τ42002.000000000
        valid for  64 blocks (≈ 13 min)
      Signing miner1 (1/2) …
      Sending [HASH]
      Valid until block 63
      Waiting for a block (63 left) …
      Waiting for a block (62 left) …
      In block 1
      Signing validator (2/2) …
      Sending [HASH]
      Valid until block 64
      Waiting for a block (63 left) …
      Waiting for a block (62 left) …
      In block 2
      ",
        "stdout": "HOTKEY     ADDRESS                                                 AMOUNT                                STAKE  RESULT                                               BLOCK
      miner1     5HWVrf8tPjBzaTgeGD4YpjEdgLVzGoswqw7cW6FcXwwBevjk  τ2.000000000          τ0.000000000 ➡ τ2.000000000  included                                                 1
      validator  5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB  τ2.000000000  τ42000.000000000 ➡ τ42002.000000000  included                                                 2
      nowhere    5GHqbebWH7xpwXUoQR3nyY2QHLEQJnj59hKwfu6N9g6CHRc1                                                     skipped: the hotkey is not registered on any subnet
      2 staked, 1 skipped
      Balance: τ100000.000000000 ➡ τ99996.000000000
      ",
      }
    `)
  })

  it('gives programs a result for each hotkey', async () => {
    const { given } = await setUp()
    const result = await run('stake -w alice --hotkeys miner1 nowhere --amount 2 -y --json', given)
    expect(result.code).toBe(0)
    expect(documentOf(result)).toMatchObject({
      ok: true,
      data: {
        results: [
          {
            ok: true,
            success: true,
            hotkeyName: 'miner1',
            netuid: null,
            amountRao: '2000000000',
            stakeBeforeRao: '0',
            stakeAfterRao: '2000000000',
            error: null,
          },
          {
            ok: true,
            success: false,
            skipped: true,
            hotkeyName: 'nowhere',
            code: 'NOT_REGISTERED',
          },
        ],
        balanceBeforeRao: '100000000000000',
      },
    })
  })

  it('excludes with --all_hotkeys those of --hotkeys, without asking for a hotkey', async () => {
    const { given } = await setUp()
    const result = await run(
      'stake -w alice --all_hotkeys --hotkeys nowhere validator --amount 2',
      { ...given, prompts: [['Stake τ2 to miner1', true]] },
    )
    expect(result.code).toBe(0)
  })

  it('fills up to --max_stake, and does nothing where that is reached', async () => {
    const { given } = await setUp()
    const line = 'stake -w alice --hotkeys miner1 validator --max_stake 10 -y'
    const first = documentOf(await run(`${line} --json`, given))
    expect(first.data.results).toMatchObject([
      { hotkeyName: 'miner1', amountRao: '10000000000', stakeAfterRao: '10000000000' },
      { ok: true, skipped: true, hotkeyName: 'validator', code: null },
    ])
    const again = await run(line, given)
    expect(again).toMatchObject({ code: 0, questions: [] })
    expect(again.stdout).toContain('2 skipped')
  })

  it('with --all leaves the existential deposit, exactly', async () => {
    const { given } = await setUp()
    const result = documentOf(await run('stake -w alice -H miner1 --all -y --json', given))
    expect(result.data).toMatchObject({ balanceAfterRao: '500' })
    expect(result.data.results[0].amountRao).toBe('99999999999500')
  })

  it('with --all and several hotkeys wants to know how, and divides with --split', async () => {
    const { given } = await setUp()
    const line = 'stake -w alice --hotkeys miner1 validator --all'
    expect(await run(`${line} -y`, given)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--split'),
    })
    const split = documentOf(await run(`${line} --split --keep 1 -y --json`, given))
    expect(split.data.results.map((one: { amountRao: string }) => one.amountRao)).toEqual([
      '49999500000000',
      '49999500000000',
    ])
    expect(split.data.balanceAfterRao).toBe('1000000000')
  })

  it('stakes to the delegate of somebody else, naming owner and take', async () => {
    const { given } = await setUp()
    const result = await run(`stake -w alice -H ${VALIDATOR_OF_BOB} -a 3 -y`, given)
    expect(result.code).toBe(0)
    expect(result.stderr).toMatch(/owned by 5FHneW\w+, takes [\d.]+ %/)
  })

  it('in one transaction with --batch', async () => {
    const { given, localnet } = await setUp()
    const line = 'stake -w alice --hotkeys miner1 validator -a 2 -y --batch --json'
    const result = documentOf(await run(line, given))
    expect(result).toMatchObject({ ok: true })
    const [first, second] = result.data.results
    expect(first.blockNumber).toBe(1)
    expect(second).toMatchObject({ blockNumber: 1, extrinsicIndex: first.extrinsicIndex })
    expect(localnet.head.number).toBe(1)
  })

  it('with --dry_run sends nothing', async () => {
    const { given, localnet } = await setUp()
    const result = await run('stake -w alice -H miner1 -a 5 --dry_run --json', given)
    expect(documentOf(result).data).toMatchObject({
      dryRun: true,
      commandLine: 'btcli stake --wallet.name alice --wallet.hotkey miner1 --amount 5',
      results: [{ hotkeyName: 'miner1', amountRao: '5000000000', stakeAfterRao: '5000000000' }],
      preview: { spendRao: '5000000000', calls: [{ name: 'add_stake' }] },
    })
    expect(localnet.head.number).toBe(0)
  })

  it('waits out the rate limit between two, and refuses to start within one', async () => {
    const { given, set, localnet } = await setUp()
    await set(S.TxRateLimit, [], 2n)
    const ticking = setInterval(() => void localnet.advance(1), 100)
    try {
      const line = 'stake -w alice --hotkeys miner1 validator -a 2 -y'
      const both = await run(`${line} --json`, given)
      expect(documentOf(both)).toMatchObject({ ok: true })
      expect(both.stderr).toContain('Waiting for the rate limit: 2 blocks')
    } finally {
      clearInterval(ticking)
    }
    await set(S.TxRateLimit, [], 1000n)
    const soon = await run('stake -w alice -H miner1 -a 2 -y --json', given)
    expect(soon.code).toBe(1)
    expect(documentOf(soon).error).toMatchObject({
      code: 'RATE_LIMITED',
      details: { blocksLeft: expect.any(Number), opens: expect.stringMatching(/^2023-07-01T/) },
    })
    // Nobody confirms or unlocks what is refused anyway, and of several none is sent.
    const line = 'stake -w alice --hotkeys miner1 validator -a 2'
    const asked = await run(line, { ...given, prompts: [] })
    expect(asked.code).toBe(1)
    const wait = /the chain allows the next transaction of this kind in 99\d blocks \(≈ 3\.3 h\)/
    expect(asked.stderr).toMatch(wait)
    const dry = documentOf(await run(`${line} --dry_run --json`, given))
    expect(dry.data.preview.notes).toEqual([expect.stringMatching(wait)])
    const batch = await run('stake -w alice --hotkeys miner1 validator -a 2 -y --batch', given)
    expect(batch).toMatchObject({ code: 1 })
    expect(batch.stderr).toContain('leave out --batch')
  })

  it('goes on after one failed, and ends with 1', async () => {
    const { given, set } = await setUp()
    const guards = [
      {
        // The second hotkey vanishes after it was looked at.
        beforeSend: async ({ call }: { readonly call: { readonly data: string } }) => {
          if (call.data.includes(MINER_HEX.slice(2))) await set(S.Owner, [MINER_HEX], NO_ONE)
        },
      },
    ]
    const result = await run('stake -w alice --hotkeys miner1 validator -a 2 -y', {
      ...given,
      guards,
    })
    expect(result.code).toBe(1)
    expect(result.stdout).toMatch(/miner1 .* failed: /)
    expect(result.stdout).toContain('1 staked, 1 failed')
    expect(result.stderr).toContain('error: 1 of 2 failed')
  })

  it.each([
    ['stake -w alice -H nowhere -a 1 -y', 1, 'NOT_REGISTERED', 'btcli recycle_register'],
    [`stake -w alice -H ${MINER_OF_BOB} -a 1 -y`, 1, 'NOT_DELEGATE', 'is no delegate'],
    ['stake -w alice -H miner1 -a 100000 -y', 1, 'INSUFFICIENT_BALANCE', '--amount 99999.9999995'],
    ['stake -w alice --hotkeys miner1 validator -a 60000 -y', 1, 'INSUFFICIENT_BALANCE', 'τ120000'],
    ['stake -w alice -H miner1 -a 1.0000000001 -y', 2, 'BAD_AMOUNT', '9 decimals'],
    ['stake -w alice -H miner1 -a 1 --all -y', 2, 'USAGE', 'cannot be used with'],
    ['stake -w alice -H miner1 -a 1 -n 1 -y', 1, 'RUNTIME_UNSUPPORTED', 'belongs to no subnet'],
    ['stake -w alice -H none -a 1 -y', 1, 'WALLET_NOT_FOUND', 'none'],
    ['stake -w empty --all_hotkeys -a 1 -y', 1, 'WALLET_NOT_FOUND', 'has no hotkeys'],
    [
      'stake -w alice -H 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694tx -a 1 -y',
      2,
      'BAD_ADDRESS',
      'checksum',
    ],
    ['stake -w alice -H miner1 -y', 2, 'MISSING_INPUT', '--amount is missing'],
    ['stake -w alice -H miner1 -a 1', 2, 'MISSING_INPUT', '-y confirms it'],
  ])('%s', async (line, code, error, words) => {
    const { given, localnet } = setUpStill()
    const result = await run(line, given)
    expect(result.code).toBe(code)
    expect(result.stderr).toContain(words)
    const json = await run(`${line} --json`, given)
    expect(json).toMatchObject({ code, stderr: '' })
    expect(documentOf(json).error.code).toBe(error)
    expect(localnet.head.number).toBe(0)
  })

  it('declined sends nothing', async () => {
    const { given, localnet } = await setUp()
    const result = await run('stake -w alice -H miner1 -a 1', {
      ...given,
      prompts: [['Stake τ1', false]],
    })
    expect(result.code).toBe(4)
    expect(localnet.head.number).toBe(0)
  })
})

const MINER_HEX = devAccount('//Alice//miner1')
const NO_ONE = `0x${'00'.repeat(32)}`
