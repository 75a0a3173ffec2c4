import { beforeAll, describe, expect, it } from 'vitest'
import type { Guard } from '../../src/cli/guard.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'
import { freshChain } from '../support/chain.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

let home = ''
const still = localChain()

beforeAll(async () => {
  home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: { validator: '//Alice//validator', fresh: '//Alice//fresh' },
    },
    thief: {
      uri: '//Ferdie',
      hotkeys: { fresh: '//Ferdie//fresh', borrowed: '//Alice//validator' },
    },
    poor: { uri: '//Poor', hotkeys: { fresh: '//Poor//fresh' } },
  })
})

/** For runs that send nothing: one chain for all of them. */
function setUpStill() {
  return { localnet: still.localnet, given: { home, chain: still.open } }
}

async function setUp() {
  const chain = await freshChain()
  return { chain, localnet: chain.localnet, given: { home, chain: chain.chain } }
}

const LINE = 'recycle_register --netuid 1 -w alice -H fresh'

describe('btcli recycle_register', () => {
  it('shows the cost, asks once, registers and names the uid', async () => {
    const { given } = await setUp()
    const result = await run('recycle_register', {
      ...given,
      prompts: [
        [/Enter netuid \[0\/1\/3\/5\]/, '1'],
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'fresh'],
        ['to register fresh on subnet 1?', true],
      ],
    })
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [
          {
            "kind": "input",
            "message": "Enter netuid [0/1/3/5] (--netuid)",
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
            "message": "Recycle τ0.5 to register fresh on subnet 1?",
          },
        ],
        "stderr": "Register by recycling
        network    local (worthless) · spec 143 · genesis [HASH] · in-process
        from       alice   5Grw vaEF 5zXb 26Fz 9rcQ pDWS 57Ct ERHp NehX CPcN oHGK utQY
        hotkey     fresh   5DyK bZEm Rjoh ooip t9aD 3AcZ KUTM UJnM 3rwj JPbs WhRK 1FN6   new on this chain
        subnet     1
        cost       τ0.500000000   recycled: it is gone for good
        call       SubtensorModule.burned_register(netuid: 1, hotkey: 5DyKbZ…1FN6)
        fee        τ0.000000000   paid by alice
        after      alice, free  τ100000.000000000 ➡ τ99999.500000000
        valid for  64 blocks (≈ 13 min)
      Signing fresh …
      Sending [HASH]
      Valid until block 63
      Waiting for a block (63 left) …
      Waiting for a block (62 left) …
      In block 1
      again: btcli recycle_register --netuid 1 --wallet.name alice --wallet.hotkey fresh
      ",
        "stdout": "✔ Registered fresh on subnet 1 as uid 30 for τ0.5
        Included in block #1, extrinsic 1-1
        block  [HASH]
        hash   [HASH]
        fee    τ0.000000000
        alice, free  τ100000.000000000 ➡ τ99999.500000000
      ",
      }
    `)
  })

  it('is one JSON document', async () => {
    const { given } = await setUp()
    const result = await run(`${LINE} -y --json`, given)
    expect(result.code).toBe(0)
    const { data } = documentOf(result)
    expect(data).toMatchObject({ netuid: 1, alreadyRegistered: false })
    expect(data.uid).toBeTypeOf('number')
    const paid = BigInt(data.balanceBeforeRao) - BigInt(data.balanceAfterRao)
    expect(paid).toBe(BigInt(data.costRao) + BigInt(data.feeRao))
  })

  it('says that it is registered already, without a question, and ends with 0', async () => {
    const { given, localnet } = await setUp()
    const line = 'recycle_register --netuid 1 -w alice -H validator'
    const result = await run(line, given)
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toContain('Already registered:\n  uid ')
    expect(documentOf(await run(`${line} --json`, given)).data).toMatchObject({
      alreadyRegistered: true,
      netuid: 1,
    })
    expect(localnet.head.number).toBe(0)
  })

  it('does not call a hotkey of another coldkey registered by this one', async () => {
    const { given } = setUpStill()
    for (const command of ['recycle_register', 'register']) {
      const result = await run(`${command} --netuid 1 -w thief -H borrowed -y`, given)
      expect(result).toMatchObject({ code: 1, stdout: '' })
      expect(result.stderr).toContain('error: the hotkey belongs to another coldkey')
    }
  })

  it('with --dry_run sends nothing', async () => {
    const { given, localnet } = await setUp()
    const result = documentOf(await run(`${LINE} --dry_run --json`, given))
    expect(result.data).toMatchObject({ dryRun: true, netuid: 1 })
    expect(result.data.preview.calls[0]).toMatchObject({ name: 'burned_register' })
    expect(localnet.head.number).toBe(0)
  })

  it('registers on the root network by the call for it', async () => {
    const { given } = await setUp()
    const result = documentOf(
      await run('recycle_register -n 0 -w alice -H fresh --dry_run --json', given),
    )
    expect(result.data).toMatchObject({
      costRao: '0',
      preview: { calls: [{ name: 'root_register' }] },
    })
  })

  it.each([
    ['recycle_register -n 9 -w alice -H fresh -y', 1, 'SUBNET_NOT_FOUND', 'there is no subnet 9'],
    [`${LINE} --max_burn 0.000000001 -y`, 1, 'SLIPPAGE', '--max_burn is'],
    [
      'recycle_register -n 1 -w poor -H fresh -y',
      1,
      'INSUFFICIENT_BALANCE',
      'poor has τ0.000000000 free',
    ],
    ['recycle_register -n 1 -w alice -H none -y', 1, 'WALLET_NOT_FOUND', 'none'],
    ['recycle_register -n x -w alice -H fresh -y', 2, 'USAGE', 'whole number'],
    ['recycle_register -w alice -H fresh -y', 2, 'MISSING_INPUT', '--netuid'],
    [LINE, 2, 'MISSING_INPUT', '-y confirms it'],
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

  it('notices before paying that the hotkey belongs to another coldkey', async () => {
    const { given, localnet } = await setUp()
    await run('recycle_register -n 1 -w thief -H fresh -y', given)
    const home = await devHome({
      alice: { uri: '//Alice', hotkeys: { foreign: '//Ferdie//fresh' } },
    })
    const before = localnet.head.number
    const result = await run('recycle_register -n 3 -w alice -H foreign -y --json', {
      ...given,
      home,
    })
    expect(result.code).toBe(1)
    expect(documentOf(result).error).toMatchObject({
      code: 'ALREADY_REGISTERED',
      message: 'foreign belongs to another coldkey',
      details: { reason: expect.stringContaining('nothing was sent') },
    })
    expect(localnet.head.number).toBe(before)
  })

  it('stops when the cost rises while the user decides, unless --max_burn allows it', async () => {
    const { given, chain } = await setUp()
    const raise = (cost: bigint): Guard => ({
      // Between the first look and the second one, as if somebody else had registered.
      review: once(() => chain.set(S.Burn, [1], cost)),
    })
    const risen = await run(`${LINE} -y`, { ...given, guards: [raise(7_000_000_000n)] })
    expect(risen.code).toBe(1)
    expect(risen.stderr).toMatch(
      /error: the cost rose from τ[\d.]+ to τ7\.000000000 while you decided\n {2}nothing was sent/,
    )
    const allowed = await run(`${LINE} -y --max_burn 8 --json`, {
      ...given,
      guards: [raise(7_500_000_000n)],
    })
    expect(documentOf(allowed)).toMatchObject({ ok: true, data: { costRao: '7500000000' } })
  })

  it('does not pay while registration is closed', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.NetworkRegistrationAllowed, [1], false)
    const result = await run(`${LINE} -y`, given)
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('registration on subnet 1 is closed')
  })

  it('does not pay the fee of a refusal when the quota of the interval is used up', async () => {
    const { given, chain } = await setUp()
    await chain.set(S.RegistrationsThisInterval, [1], 900)
    const result = await run(`${LINE} -y`, given)
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('subnet 1 has taken all registrations of this interval')
    expect(chain.localnet.head.number).toBe(1)
  })
})

function once(act: () => Promise<void>): () => Promise<readonly string[]> {
  let done = false
  return async () => {
    if (!done) await act()
    done = true
    return []
  }
}
