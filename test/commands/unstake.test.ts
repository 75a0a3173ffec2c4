import { beforeAll, describe, expect, it } from 'vitest'
import { parseAccount } from '../../src/core/keys/ss58.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { freshChain, roundGenesis } from '../support/chain.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const VALIDATOR = parseAccount(devAccount('//Alice//validator')).address
const MINER_OF_BOB = parseAccount(devAccount('//Bob//miner1')).address

let home = ''
const still = localChain({ genesis: roundGenesis })

beforeAll(async () => {
  home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: { validator: '//Alice//validator', miner1: '//Alice//miner1' },
    },
    one: { uri: '//One' },
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

describe('btcli unstake', () => {
  it('shows what it does, asks once, and shows both sides before and after', async () => {
    const { given } = await setUp()
    const result = await run('unstake -w alice', {
      ...given,
      prompts: [
        ['Enter hotkey name', 'validator'],
        ['Enter Tao amount to unstake, "all" for all of τ', '1.001'],
        ['Unstake τ1.001000000 from validator (', true],
      ],
    })
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [
          {
            "default": "default",
            "kind": "input",
            "message": "Enter hotkey name (--wallet.hotkey)",
          },
          {
            "kind": "input",
            "message": "Enter Tao amount to unstake, "all" for all of τ42000.000000000 (--amount)",
          },
          {
            "default": false,
            "kind": "confirm",
            "message": "Unstake τ1.001000000 from validator (5HavK3…BhCB)?",
          },
        ],
        "stderr": "Unstake
        network    local (worthless) · spec 143 · genesis [HASH] · in-process
        from       alice       5Grw vaEF 5zXb 26Fz 9rcQ pDWS 57Ct ERHp NehX CPcN oHGK utQY
        hotkey     validator   5Hav K3Wj XJvq 2m6q uTLB pd7N utX9 7nhp kBU2 QraT FsSm BhCB   τ1.001000000
        call       SubtensorModule.remove_stake(hotkey: 5HavK3…BhCB, amount_unstaked: τ1.001)
        fee        τ0.000000000   paid by alice
        after      alice, free         τ100000.000000000 ➡ τ100001.001000000
                   stake on validator   τ42000.000000000 ➡  τ41998.999000000
        valid for  64 blocks (≈ 13 min)
      Signing validator …
      Sending [HASH]
      Valid until block 63
      Waiting for a block (63 left) …
      Waiting for a block (62 left) …
      In block 1
      again: btcli unstake --wallet.name alice --wallet.hotkey validator --amount 1.001
      ",
        "stdout": "✔ Unstaked τ1.001000000 from validator (5HavK3…BhCB)
        Included in block #1, extrinsic 1-1
        block  [HASH]
        hash   [HASH]
        fee    τ0.000000000
        alice, free         τ100000.000000000 ➡ τ100001.001000000
        stake on validator   τ42000.000000000 ➡  τ41998.999000000
      ",
      }
    `)
  })

  it('takes all of it back, to the last RAO', async () => {
    const { given } = await setUp()
    const result = documentOf(await run('unstake -w alice -H validator --all -y --json', given))
    expect(result).toMatchObject({
      ok: true,
      data: {
        results: [
          { amountRao: '42000000000000', stakeBeforeRao: '42000000000000', stakeAfterRao: '0' },
        ],
      },
    })
  })

  it('of a delegation, by the address of the hotkey and without asking for one', async () => {
    const { given } = await setUp()
    const result = await run(`unstake -w one --hotkey_ss58address ${VALIDATOR} --amount 200`, {
      ...given,
      prompts: [['Unstake τ200.000000000 from', true]],
    })
    expect(result.code).toBe(0)
  })

  it('leaves at most --max_stake on each', async () => {
    const { given } = await setUp()
    const line = 'unstake -w alice --all_hotkeys --max_stake 40000 -y --json'
    const result = documentOf(await run(line, given))
    expect(result).toMatchObject({ ok: true })
    expect(result.data.results).toMatchObject([
      { hotkeyName: 'validator', amountRao: '2000000000000', stakeAfterRao: '40000000000000' },
      { hotkeyName: 'miner1', skipped: true, code: 'INSUFFICIENT_STAKE' },
    ])
  })

  it('reports what it leaves out and goes on', async () => {
    const { given } = await setUp()
    const result = await run('unstake -w alice --all_hotkeys --amount 5 -y', given)
    expect(result.code).toBe(0)
    expect(result.stdout).toMatchInlineSnapshot(`
      "HOTKEY     ADDRESS                                                 AMOUNT                                STAKE  RESULT                            BLOCK
      validator  5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB  τ5.000000000  τ42000.000000000 ➡ τ41995.000000000  included                              1
      miner1     5HWVrf8tPjBzaTgeGD4YpjEdgLVzGoswqw7cW6FcXwwBevjk                                                     skipped: you have no stake there
      1 unstaked, 1 skipped
      Balance: τ100000.000000000 ➡ τ100005.000000000
      "
    `)
  })

  it('with --dry_run sends nothing', async () => {
    const { given, localnet } = await setUp()
    const result = await run('unstake -w alice -H validator --all --dry_run --json', given)
    expect(documentOf(result).data).toMatchObject({
      dryRun: true,
      results: [{ stakeAfterRao: '0' }],
      preview: { spendRao: '0', calls: [{ name: 'remove_stake' }] },
    })
    expect(localnet.head.number).toBe(0)
  })

  it.each([
    [
      'unstake -w alice -H validator -a 42001 -y',
      1,
      'INSUFFICIENT_STAKE',
      'your stake there is τ42000',
    ],
    ['unstake -w alice -H miner1 -a 1 -y', 1, 'INSUFFICIENT_STAKE', 'you have no stake there'],
    [
      `unstake -w alice --hotkey_ss58address ${MINER_OF_BOB} -a 1 -y`,
      1,
      'INSUFFICIENT_STAKE',
      'no stake there',
    ],
    [
      'unstake -w alice --hotkey_ss58address 5Bad -a 1 -y',
      2,
      'BAD_ADDRESS',
      'not a Bittensor address',
    ],
    ['unstake -w alice -H validator --amount_alpha 1 -y', 2, 'USAGE', 'use --amount'],
    ['unstake -w alice -H validator -a 1 --amount_alpha 1 -y', 2, 'USAGE', 'cannot be used with'],
    [
      'unstake -w alice -H validator -n 1 -a 1 -y',
      1,
      'RUNTIME_UNSUPPORTED',
      'belongs to no subnet',
    ],
    ['unstake -w alice -H validator -y', 2, 'MISSING_INPUT', '--amount'],
    ['unstake -w alice -H validator -a 1', 2, 'MISSING_INPUT', '-y confirms it'],
  ])('%s', async (line, code, error, words) => {
    const { given, localnet } = setUpStill()
    const result = await run(line, given)
    expect(result.stderr).toContain(words)
    expect(result.code).toBe(code)
    const json = await run(`${line} --json`, given)
    expect(json).toMatchObject({ code, stderr: '' })
    expect(documentOf(json).error.code).toBe(error)
    expect(localnet.head.number).toBe(0)
  })
})
