import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Guard } from '../../src/cli/guard.js'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { connect } from '../../src/core/chain/connect.js'
import { encodeAddress, parseAccount, type Ss58 } from '../../src/core/keys/ss58.js'
import { devAccount } from '../../src/localnet/genesis/devKeys.js'
import { Localnet } from '../../src/localnet/index.js'
import { freshChain } from '../support/chain.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'
import { homeWith, knownKey } from '../support/walletHome.js'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' as Ss58
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' as Ss58
/** An account that the chain does not know. */
const NOBODY = encodeAddress(new Uint8Array(32).fill(7))
const HOTKEY_OF_BOB = parseAccount(devAccount('//Bob//validator')).address

let home = ''
const still = localChain()

beforeAll(async () => {
  home = await devHome({
    alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } },
  })
})

/** For runs that send nothing: one chain for all of them. */
function setUpStill() {
  return { localnet: still.localnet, given: { home, chain: still.open } }
}

async function setUp() {
  const { chain, head, localnet } = await freshChain()
  const free = async (address: Ss58) => readFreeBalance(await head(), address)
  return { home, localnet, free, given: { home, chain } }
}

/** A wallet with an encrypted coldkey that opens quickly, and some τ. */
async function setUpLocked() {
  const { home } = homeWith('ansible_v5')
  const { chain, localnet } = await freshChain()
  await localnet.fund(knownKey('ansible').address, 10_000_000_000n)
  return { localnet, block: localnet.head.number, given: { home, chain } }
}

describe('btcli transfer', () => {
  it('shows everything, asks once, sends, and reads before and after at the block', async () => {
    const { given } = await setUp()
    const result = await run(`transfer -w alice --dest ${BOB} --amount 1.001`, {
      ...given,
      prompts: [['Send τ1.001 to 5FHneW…94ty?', true]],
    })
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [
          {
            "default": false,
            "kind": "confirm",
            "message": "Send τ1.001 to 5FHneW…94ty?",
          },
        ],
        "stderr": "Transfer
        network    local (worthless) · spec 143 · genesis [HASH] · in-process
        from       alice   5Grw vaEF 5zXb 26Fz 9rcQ pDWS 57Ct ERHp NehX CPcN oHGK utQY
        to                 5FHn eW46 xGXg s5mU iveU 4sbT yGBz mstU spZC 92Uh jJM6 94ty
                   new: never paid from this machine
        amount     τ1.001000000
        call       Balances.transfer_keep_alive(dest: 5FHneW…94ty, value: τ1.001)
        fee        τ0.000000144   paid by alice
        after      alice        τ100000.000000000 ➡ τ99998.998999856
                   5FHneW…94ty   τ50000.000000000 ➡ τ50001.001000000
        valid for  64 blocks (≈ 13 min)
      Signing τ1.001 to 5FHneW…94ty …
      Sending [HASH]
      Valid until block 63
      Waiting for a block (63 left) …
      Waiting for a block (62 left) …
      In block 1
      ",
        "stdout": "✔ Sent τ1.001 to 5FHneW…94ty
        Included in block #1, extrinsic 1-1
        block  [HASH]
        hash   [HASH]
        fee    τ0.000000144
        alice        τ100000.000000000 ➡ τ99998.998999856
        5FHneW…94ty   τ50000.000000000 ➡ τ50001.094386737
      ",
      }
    `)
  })

  it('asks for what is missing, the balance before the amount', async () => {
    const { given } = await setUp()
    const result = await run('transfer', {
      ...given,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter destination', 'nonsense'],
        ['Enter destination', BOB],
        ['Enter TAO amount to transfer, "all" for all of τ100000.000000000 (--amount)', '2,5'],
        ['Enter TAO amount to transfer', '2.5'],
        ['Send τ2.5 to', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain(
      `again: btcli transfer --wallet.name alice --dest ${BOB} --amount 2.5`,
    )
  })

  it('is one JSON document with exact amounts', async () => {
    const { given } = await setUp()
    const result = await run(`transfer -w alice -d ${BOB} -a 1.001 -y --json_output`, given)
    expect(result.code).toBe(0)
    expect(documentOf(result)).toMatchObject({
      ok: true,
      command: 'transfer',
      network: 'local',
      specVersion: 143,
      block: 1,
      data: {
        from: ALICE,
        to: BOB,
        amountRao: '1001000000',
        feeRao: '144',
        blockNumber: 1,
        finalized: false,
        balanceBeforeRao: '100000000000000',
        balanceAfterRao: '99998998999856',
        preview: { spendRao: '1001000000', violations: [], validForBlocks: 64 },
      },
      warnings: [],
    })
  })

  it('with --dry_run shows and stops: no question, no password, nothing sent', async () => {
    const { given, localnet, block } = await setUpLocked()
    const line = `transfer -w ansible_v5 -d ${BOB} -a 2 --dry_run`
    const result = await run(line, given)
    expect(result).toMatchObject({ code: 0, questions: [] })
    expect(result.stdout).toBe(
      `Dry run: nothing was sent. To do it:\n  btcli transfer --wallet.name ansible_v5 --dest ${BOB} --amount 2\n`,
    )
    expect(result.stderr).toContain('amount     τ2.000000000')
    expect(documentOf(await run(`${line} --json`, given))).toMatchObject({
      ok: true,
      data: {
        dryRun: true,
        feeRao: '145',
        preview: { calls: [{ pallet: 'Balances', name: 'transfer_keep_alive' }] },
      },
    })
    expect(localnet.head.number).toBe(block)
  })

  it('declined sends nothing and ends with 4', async () => {
    const { given, localnet } = await setUp()
    const result = await run(`transfer -w alice -d ${BOB} -a 1`, {
      ...given,
      prompts: [['Send τ1', false]],
    })
    expect(result.code).toBe(4)
    expect(result.stderr).toMatch(/Declined, nothing was sent\.\n$/)
    expect(localnet.head.number).toBe(0)
  })

  it('asks for the password after the confirmation, three times at most', async () => {
    const { given, localnet, block } = await setUpLocked()
    const line = `transfer -w ansible_v5 -d ${BOB} -a 1`
    const password = 'password to unlock coldkey of wallet ansible_v5'
    const result = await run(line, {
      ...given,
      prompts: [
        ['Send τ1', true],
        [password, 'a'],
        [password, 'b'],
        [password, 'c'],
      ],
    })
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('Wrong password for coldkey of wallet ansible_v5 (2 of 3)')
    expect(result.stderr).toContain('nothing was sent')
    expect(localnet.head.number).toBe(block)
    const second = await run(line, {
      ...given,
      prompts: [
        ['Send τ1', true],
        [password, 'a'],
        [password, 'testing123!'],
      ],
    })
    expect(second.code).toBe(0)
    const env = { BT_WALLET_PASSWORD: 'testing123!' }
    expect(await run(`${line} -y`, { ...given, env })).toMatchObject({ code: 0, questions: [] })
  })

  it('without a terminal needs the password from the environment', async () => {
    const { given } = await setUpLocked()
    const result = await run(`transfer -w ansible_v5 -d ${BOB} -a 1 -y`, given)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('BT_WALLET_PASSWORD_FILE')
    const wrong = await run(`transfer -w ansible_v5 -d ${BOB} -a 1 -y --json`, {
      ...given,
      env: { BT_WALLET_PASSWORD: 'wrong secret' },
    })
    expect(wrong.code).toBe(1)
    expect(documentOf(wrong).error).toMatchObject({ code: 'BAD_PASSWORD' })
    expect(wrong.stdout + wrong.stderr).not.toContain('wrong secret')
  })

  it('says when network or wallet come from the environment', async () => {
    const { given } = setUpStill()
    const env = { BT_WALLET_NAME: 'alice', BT_NETWORK: 'local' }
    const result = await run(`transfer -d ${BOB} -a 1 --dry_run`, { ...given, env })
    expect(result.stderr).toContain('network    local (from BT_NETWORK) (worthless)')
    expect(result.stderr).toMatch(/from {7}alice {3}5Grw\w+ {3}\(from BT_WALLET_NAME\)/)
  })

  it('with --all leaves the existential deposit, or what --keep says', async () => {
    const { given, free } = await setUp()
    const all = documentOf(
      await run(`transfer -w alice -d ${BOB} --all --keep 0.01 -y --json`, given),
    )
    expect(all).toMatchObject({ ok: true, data: { balanceAfterRao: '10000000' } })
    const rest = documentOf(await run(`transfer -w alice -d ${BOB} -a all -y --json`, given))
    expect(rest).toMatchObject({ ok: true, data: { balanceAfterRao: '500' } })
    expect(rest.data.preview.notes).toEqual([
      'nothing is left for a next fee; --keep 0.01 would leave some',
    ])
    expect(await free(ALICE)).toBe(500n)
  })

  it('with --all --allow_death empties the account and says so', async () => {
    const { given, free } = await setUp()
    const result = await run(`transfer -w alice -d ${BOB} --all --allow_death -y --json`, given)
    expect(documentOf(result)).toMatchObject({
      ok: true,
      data: { balanceAfterRao: '0', preview: { spendRao: null, spendUnbounded: true } },
    })
    expect(documentOf(result).data.preview.notes[0]).toContain('the account will be removed')
    expect(await free(ALICE)).toBe(0n)
  })

  it.each([
    ['classic', ''],
    ['dtao', ' --no_wait'],
  ] as const)(
    'of all is written down with what the chain has moved, and counts for a day: %s%s',
    async (profile, noWait) => {
      const home = await devHome({ alice: { uri: '//Alice' } })
      const localnet = await Localnet.start({ profile, blocks: 'instant' })
      onTestFinished(() => localnet.stop())
      const chain = () => connect({ provider: localnet.provider(), network: 'local' })
      const given = { home, chain, safe: true }
      const line = `transfer -w alice -d ${NOBODY} --all --allow_death -y${noWait}`
      expect(await run(line, given)).toMatchObject({ code: 0 })
      if (noWait) expect(await run('history settle', given)).toMatchObject({ code: 0 })
      const client = await chain()
      const got = await readFreeBalance(await client.at(), NOBODY)
      await client.close()
      const { data } = documentOf(await run('history --json', given))
      expect(data.entries[0]).toMatchObject({
        spendRao: `${got}`,
        destinations: [{ address: NOBODY, amountRao: `${got}` }],
        outcome: { outcome: 'included', spentRao: `${got}` },
      })
      await run('policy set max_per_day=2000000 -y', given)
      await localnet.fund(ALICE, 10_000_000_000n)
      const next = await run(`transfer -w alice -d ${BOB} -a 1 --dry_run --json`, given)
      expect(documentOf(next).data.preview.violations).toEqual([])
    },
  )

  it('to an own wallet, by its name', async () => {
    const home = await devHome({ alice: { uri: '//Alice' }, bob: { uri: '//Bob' } })
    const { chain } = await freshChain()
    const result = await run('transfer -w alice -d wallet:bob -a 1 -y --json', { home, chain })
    expect(documentOf(result).data).toMatchObject({ to: BOB })
  })

  it('to itself says that only the fee is paid', async () => {
    const { given } = await setUp()
    const result = documentOf(await run(`transfer -w alice -d ${ALICE} -a 1 -y --json`, given))
    expect(result.data).toMatchObject({ balanceAfterRao: '99999999999856' })
    expect(result.data.preview.notes[0]).toContain('the destination is the sender')
  })

  it('to a hotkey asks on its own; -y does not answer that', async () => {
    const { given, localnet } = await setUp()
    const line = `transfer -w alice -d ${HOTKEY_OF_BOB} -a 1`
    const refused = await run(`${line} -y`, given)
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain('--allow_hotkey_dest confirms it; -y alone does not')
    expect(localnet.head.number).toBe(0)
    const asked = await run(line, {
      ...given,
      prompts: [['The destination is a hotkey, owned by', false]],
    })
    expect(asked.code).toBe(4)
    expect(await run(`${line} -y --allow_hotkey_dest`, given)).toMatchObject({ code: 0 })
  })

  it.each([
    ['--amount 100000', 1, 'INSUFFICIENT_BALANCE', 'send less: --amount 99999.999999353'],
    ['--amount 99999.9999996', 1, 'INSUFFICIENT_BALANCE', '--allow_death'],
    ['--amount 0', 2, 'BAD_AMOUNT', 'more than zero'],
    ['--amount -1', 2, 'BAD_AMOUNT', 'plain decimal number'],
    ['--amount 1e3', 2, 'BAD_AMOUNT', 'plain decimal number'],
    ['--amount 0.0000000001', 2, 'BAD_AMOUNT', '9 decimals'],
  ])('refuses %s before anything is asked', async (amount, code, error, words) => {
    const { given, localnet } = setUpStill()
    const result = await run(`transfer -w alice --dest ${BOB} ${amount} -y`, given)
    expect(result.code).toBe(code)
    expect(result.stderr).toMatch(new RegExp(words))
    const json = await run(`transfer -w alice --dest ${BOB} ${amount} -y --json`, given)
    expect(json).toMatchObject({ code, stderr: '' })
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: error } })
    expect(localnet.head.number).toBe(0)
  })

  it('refuses too little for a new account, and opens one with enough', async () => {
    const { given } = await setUp()
    const little = await run(`transfer -w alice -d ${NOBODY} -a 499rao -y`, given)
    expect(little).toMatchObject({ code: 2 })
    expect(little.stderr).toContain('too little for a new account')
    const enough = documentOf(
      await run(`transfer -w alice -d ${NOBODY} -a 500rao -y --json`, given),
    )
    expect(enough.data.preview.effects[1]).toMatchObject({ afterRao: '500', note: 'new account' })
  })

  it.each([
    ['5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694tx', 'checksum'],
    ['15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5', 'another network'],
    ['0x1234', '64 hex digits'],
    ['8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48', 'not a Bittensor address'],
    ['wallet:nobody', 'nobody'],
    ['@nobody', 'address book'],
  ])('refuses the destination %s', async (dest, words) => {
    const { given } = setUpStill()
    const result = await run(
      ['transfer', '-w', 'alice', '--dest', dest, '--amount', '1', '-y'],
      given,
    )
    expect(result.code).toBe(dest.startsWith('wallet:') ? 1 : 2)
    expect(result.stderr).toContain(words)
  })

  it('says which wallet is missing, and ends with 1', async () => {
    const { given } = await setUp()
    const result = await run(`transfer -w carol -d ${BOB} -a 1 -y`, given)
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain('carol')
  })

  it('names everything missing without a terminal, before any connection', async () => {
    expect(await run('transfer -w alice')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('these are missing: --dest, --amount'),
    })
  })

  it('without a terminal and -y does not sign', async () => {
    const { given, localnet } = await setUp()
    const result = await run(`transfer -w alice -d ${BOB} -a 1`, given)
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('hint: -y confirms it')
    expect(localnet.head.number).toBe(0)
  })

  it('ends with 3 when the node is not there, and says that nothing was sent', async () => {
    const { home } = await setUp()
    const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
    const result = await run(`transfer -w alice -d ${BOB} -a 1 -y --json`, { home, chain })
    expect(result.code).toBe(3)
    expect(documentOf(result)).toMatchObject({ ok: false, error: { code: 'CONNECTION' } })
  })

  it('with --no_wait gives the hash only', async () => {
    const { given } = await setUp()
    const result = documentOf(
      await run(`transfer -w alice -d ${BOB} -a 1 -y --no_wait --json`, given),
    )
    expect(result.data).toMatchObject({ blockHash: null, blockNumber: null, balanceAfterRao: null })
    expect(result.data.extrinsicHash).toBe('[HASH]')
  })

  it('with --wait_for_finalization says so', async () => {
    const { given } = await setUp()
    const result = await run(`transfer -w alice -d ${BOB} -a 1 -y --wait_for_finalization`, given)
    expect(result.stdout).toContain('Finalized in block #1')
  })

  it('writes nothing but the metadata cache', async () => {
    const { home, given } = await setUp()
    await run(`transfer -w alice -d ${BOB} -a 1 -y`, given)
    expect(readdirSync(home)).toEqual(['.bittensor'])
    expect(readdirSync(join(home, '.bittensor'))).toEqual(['wallets'])
  })
})

describe('Ctrl-C', () => {
  it('before sending: nothing was sent', async () => {
    const { given, localnet } = await setUp()
    const stop = new AbortController()
    stop.abort()
    const result = await run(`transfer -w alice -d ${BOB} -a 1 -y`, {
      ...given,
      signal: stop.signal,
    })
    expect(result.code).toBe(130)
    expect(result.stderr).toMatch(/nothing was sent\.\n$/)
    expect(localnet.head.number).toBe(0)
  })

  it('after sending: says so, with the hash, and that it may still be included', async () => {
    const home = await devHome({ alice: { uri: '//Alice' } })
    const { chain, localnet } = await freshChain({ blocks: 'manual' })
    const stop = new AbortController()
    const options = { home, chain, signal: stop.signal, filters: false }
    const running = run(`transfer -w alice -d ${BOB} -a 1 -y --json`, options)
    await expect.poll(() => localnet.request('author_pendingExtrinsics')).toHaveLength(1)
    stop.abort()
    const result = await running
    expect(result.code).toBe(130)
    const { error } = documentOf(result)
    expect(error).toMatchObject({ code: 'INTERRUPTED', details: { hash: expect.any(String) } })
    expect(error.details.hash).toMatch(/^0x[0-9a-f]{64}$/)
    expect(result.stderr).toContain(`Sending ${error.details.hash}`)
    expect(JSON.stringify(error)).not.toContain('nothing was sent')
  })
})

describe('guards of transactions', () => {
  it('can forbid, and see everything before it is sent and how it ended', async () => {
    const { given, localnet } = await setUp()
    const seen: string[] = []
    const guard: Guard = {
      review: async ([one]) => {
        seen.push(`review ${one?.spendRao} ${one?.feeRao}`)
        return (one?.spendRao ?? 0n) > 5_000_000_000n ? ['more than τ5 at once'] : []
      },
      enter: async () => {
        seen.push('enter')
        return async () => void seen.push('leave')
      },
      beforeSend: async (_, { hash, nonce }) => {
        seen.push(`send ${hash.length} ${nonce}`)
      },
      ended: async (_, ending) => {
        seen.push(`ended ${ending.ok}`)
      },
    }
    const options = { ...given, guards: [guard] }
    const refused = await run(`transfer -w alice -d ${BOB} -a 6 -y`, options)
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.stderr).toContain('forbidden  more than τ5 at once')
    expect(refused.stderr).toContain('error: your policy forbids this')
    const dry = documentOf(await run(`transfer -w alice -d ${BOB} -a 6 --dry_run --json`, options))
    expect(dry.data.preview.violations).toEqual(['more than τ5 at once'])
    expect(localnet.head.number).toBe(0)
    seen.length = 0
    expect(await run(`transfer -w alice -d ${BOB} -a 5 -y`, options)).toMatchObject({ code: 0 })
    expect(seen).toEqual(['review 5000000000 146', 'enter', 'send 66 0', 'ended true', 'leave'])
  })
})
