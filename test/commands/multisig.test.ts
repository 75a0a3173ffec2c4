/** multisig_approve, multisig_execute, multisig_cancel and multisig_list on the metadata of real runtimes. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKeyMulti, encodeAddress } from '@polkadot/util-crypto'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { multisigAddress } from '../../src/core/chain/multisigs.js'
import type { Ss58 } from '../../src/core/keys/ss58.js'
import { DEV, dryChain } from '../support/dryChain.js'
import { devHome } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

let home = ''
beforeAll(async () => {
  home = await devHome({ alice: { uri: '//Alice' }, bob: { uri: '//Bob' } })
})

const ALL = [DEV.alice, DEV.bob, DEV.charlie] as unknown as readonly Ss58[]
const OURS = multisigAddress(ALL, 2)
const CALL = `Balances.transfer_keep_alive --dest ${DEV.charlie} --value 5tao`
const WHO = `--threshold 2 --signatories ${DEV.charlie} wallet:bob wallet:alice`
/** blake2b-256 of the call on spec 343, by Python's hashlib. */
const HASH = '0x87d986479447cacc9c32a5df57bb91682911cee4aeacaede97e0478342fdb7f8'

type Spec = '143' | '218' | '343'

/** Alice and Bob have money; who approved the call already. */
function setUp(
  approvals: readonly string[] = [],
  spec: Spec = '343',
  callHash = HASH,
  multisigTao = 100,
) {
  const chain = dryChain(spec)
  chain.give(DEV.alice, 100)
  chain.give(DEV.bob, 100)
  chain.give(OURS, multisigTao)
  chain.give(multisigAddress(ALL.slice(0, 2), 1), 100)
  if (approvals.length > 0) {
    chain.set('Multisig', 'Multisigs', [OURS, callHash], {
      when: { height: 77, index: 3 },
      deposit: 196_000_000,
      depositor: approvals[0],
      approvals,
    })
  }
  return { home, chain: chain.open, filters: false }
}

const callOf = (document: { data: { preview: { calls: unknown[] } } }) =>
  document.data.preview.calls[0]

describe('the address of a multisig', () => {
  it.each([1, 2, 3])('with threshold %i is that of @polkadot/util-crypto', (threshold) => {
    const theirs = encodeAddress(createKeyMulti([...ALL], threshold), 42)
    expect(multisigAddress(ALL, threshold)).toBe(theirs)
    expect(multisigAddress(ALL.toReversed(), threshold)).toBe(theirs)
  })
})

describe('btcli multisig_approve', () => {
  it('shows who has to agree, to what, and the deposit', async () => {
    const result = await run(`multisig approve ${CALL} -w alice ${WHO} --dry_run`, setUp())
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toMatchInlineSnapshot(`
      "Approve a call of a multisig
        network    local (worthless) · spec 343 · genesis 0x22222222…22222222 · in-process
        from       alice   5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
        multisig           5DjYJStmdZ2rcqXbXGX7TW85JsrW6uG4y9MUcLq2BoPMpRA7   2 of 3
        signers            5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y   not yet
                   bob     5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty   not yet
                   alice   5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY   not yet
        call       Balances.transfer_keep_alive
        dest       5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y
        value      τ5
        call hash  0x87d986479447cacc9c32a5df57bb91682911cee4aeacaede97e0478342fdb7f8
        approvals  0 of 2 so far
        deposit    τ0.196   reserved until the call is made or cancelled
        call       Multisig.approve_as_multi(threshold: 2, other_signatories: [5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty, 5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y], maybe_timepoint: none, call_hash: 0x87d986479447cacc9c32a5df57bb91682911cee4aea… (-v: whole)
        fee        τ0.000001000   paid by alice
        after      alice, free  τ100.000000000 ➡ τ99.803999000
        valid for  64 blocks (≈ 13 min)
        note       nothing happens until enough signatories approved and one of them makes the call
      "
    `)
  })

  it.each<Spec>(['143', '218', '343'])('is encoded for spec %s', async (spec) => {
    const line = `multisig_approve ${CALL} -w alice ${WHO} --dry_run --json`
    const first = documentOf(await run(line, setUp([], spec)))
    expect(callOf(first)).toMatchObject({
      name: 'approve_as_multi',
      args: {
        threshold: 2,
        other_signatories: [DEV.bob, DEV.charlie],
        call_hash: first.data.callHash,
      },
    })
    const callHash = first.data.callHash
    const next = documentOf(await run(line, setUp([DEV.bob], spec, callHash)))
    expect(callOf(next)).toMatchObject({ args: { maybe_timepoint: { height: 77, index: 3 } } })
    expect(next.data).toMatchObject({ multisig: OURS, approvalsBefore: [DEV.bob] })
  })

  it('takes a hash or bytes for the call', async () => {
    const line = `multisig_approve ${CALL} -w alice ${WHO} --dry_run --json`
    const { data } = documentOf(await run(line, setUp()))
    expect(data.callHash).toBe(HASH)
    const bytes = documentOf(await run(line.replace(CALL, data.callData), setUp()))
    expect(bytes.data).toMatchObject({ call: data.call, callHash: data.callHash })
    const hash = documentOf(await run(line.replace(CALL, data.callHash), setUp()))
    expect(hash.data).toMatchObject({ call: null, callHash: data.callHash })
    expect(hash.data.preview.calls).toEqual(data.preview.calls)
  })

  it.each([
    [
      `${CALL} --threshold 4 --signatories wallet:bob ${DEV.charlie}`,
      '4 approvals of 3 signatories',
    ],
    [`${CALL} --threshold 1 --signatories wallet:bob`, 'one signatory is enough'],
    [`${CALL} --threshold 2 --signatories wallet:bob wallet:bob`, 'given twice'],
    [`${CALL} --threshold 1 --signatories wallet:alice`, 'at least two signatories'],
    [`0x0102030405 ${WHO}`, 'are no call'],
    [`0xabc ${WHO}`, 'is no hex'],
    [`${CALL} --dust 3 ${WHO}`, 'takes no --dust'],
    [`${CALL} --threshold 2`, '--signatories is missing'],
  ])('%s is refused', async (words, message) => {
    const result = await run(`multisig_approve ${words} -w alice -y`, setUp())
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(message)
  })

  it('says that the wallet counts as well where it was not named', async () => {
    const line = `multisig_approve ${CALL} -w alice --threshold 2 --dry_run --signatories`
    const others = await run(`${line} wallet:bob ${DEV.charlie}`, setUp())
    expect(others.stderr).toContain(
      'alice is not among the signatories that are given and counts as one more: 3 in all',
    )
    const all = await run(`${line} wallet:alice wallet:bob ${DEV.charlie}`, setUp())
    expect(all.stderr).not.toContain('is not among')
  })

  it('says that the multisig lacks what the call takes', async () => {
    const line = `multisig_approve ${CALL} -w alice ${WHO} --dry_run`
    const { code, stderr } = await run(line, setUp([], '343', HASH, 5))
    expect(code).toBe(0)
    expect(stderr).toContain(
      'the multisig 5DjYJS…pRA7 has τ5 free, and the call takes τ5 and leaves τ0.0000005; send it that much',
    )
  })

  it('asks for what is missing, and again for a slip', async () => {
    const given = setUp()
    const result = await run('multisig_approve Balances.transfer_keep_alive -w alice --dry_run', {
      ...given,
      prompts: [
        ['Enter how many signatories must agree (--threshold)', '2'],
        [
          'Enter signatories, separated by spaces (--signatories)',
          `wallet:alice wallet:bob, ${DEV.charlie}`,
        ],
        ['dest, Address', DEV.charlie.replace('5FL', '5FM')],
        ['dest, Address', DEV.charlie],
        ['value', '5tao'],
      ],
    })
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toContain('is not a Bittensor address')
    expect(result.stderr).toContain(HASH)
    expect(result.stdout.replaceAll(/ \\\n */g, ' ')).toContain(
      `--threshold 2 --signatories wallet:alice wallet:bob ${DEV.charlie} --dest ${DEV.charlie} --value 5tao\n`,
    )
  })

  it('is not done twice', async () => {
    const line = `multisig_approve ${CALL} -w alice ${WHO} -y --json`
    const result = await run(line, setUp([DEV.alice]))
    expect(result.code).toBe(0)
    expect(documentOf(result).data.reason).toBe('alice has approved this already')
  })
})

describe('btcli multisig_execute', () => {
  const line = `multisig execute ${CALL} -w alice ${WHO}`

  it('makes the call with the weight that the node tells', async () => {
    const document = documentOf(await run(`${line} --dry_run --json`, setUp([DEV.bob])))
    expect(callOf(document)).toMatchObject({
      name: 'as_multi',
      args: {
        threshold: 2,
        other_signatories: [DEV.bob, DEV.charlie],
        maybe_timepoint: { height: 77, index: 3 },
        call: { pallet: 'Balances', args: { dest: DEV.charlie, value: '5000000000' } },
        max_weight: { ref_time: '20', proof_size: '5' },
      },
    })
  })

  it('gives the deposit back to who paid it', async () => {
    const approved = [DEV.alice, DEV.bob]
    const { data } = documentOf(await run(`${line} --dry_run --json`, setUp(approved)))
    expect(data.preview.effects[0]).toMatchObject({
      beforeRao: '100000000000',
      afterRao: `${100_000_000_000 + 196_000_000 - 1000}`,
    })
  })

  it('is refused while the multisig can not pay: a call that fails uses up the approvals', async () => {
    const poor = setUp([DEV.bob], '343', HASH, 5)
    const { error } = documentOf(await run(`${line} -y --json`, poor))
    expect(error).toMatchObject({
      code: 'INSUFFICIENT_BALANCE',
      message: 'the multisig can not pay for this call',
      hint: `send it more first: btcli transfer --dest ${OURS} --amount 0.0000005`,
      details: { freeRao: '5000000000', shortRao: '500' },
    })
    const rich = documentOf(await run(`${line} --dry_run --json`, setUp([DEV.bob])))
    expect(rich.data.preview.effects[1]).toMatchObject({
      label: 'multisig, free',
      beforeRao: '100000000000',
      afterRao: '95000000000',
    })
  })

  it('needs enough approvals and the whole call', async () => {
    const early = documentOf(await run(`${line} -y --json`, setUp()))
    expect(early.error.message).toBe('1 more signatory must approve first')
    const hash = documentOf(await run(`${line.replace(CALL, HASH)} -y --json`, setUp([DEV.bob])))
    expect(hash.error.message).toBe('the whole call is needed, a hash is not enough')
  })

  it('with threshold 1 needs nobody else', async () => {
    const alone = `multisig_execute ${CALL} -w alice --threshold 1 --signatories wallet:bob`
    const document = documentOf(await run(`${alone} --dry_run --json`, setUp()))
    expect(callOf(document)).toMatchObject({
      name: 'as_multi_threshold_1',
      args: { other_signatories: [DEV.bob] },
    })
  })
})

describe('btcli multisig_cancel', () => {
  const line = `multisig_cancel ${HASH} ${WHO}`

  it('gives the deposit back, to the first only', async () => {
    const mine = documentOf(await run(`${line} -w alice --dry_run --json`, setUp([DEV.alice])))
    expect(callOf(mine)).toMatchObject({
      name: 'cancel_as_multi',
      args: { timepoint: { height: 77, index: 3 }, call_hash: HASH },
    })
    const other = documentOf(await run(`${line} -w bob -y --json`, setUp([DEV.alice])))
    expect(other.error.message).toBe('only who approved it first can cancel it')
    const none = documentOf(await run(`${line} -w bob -y --json`, setUp()))
    expect(none.error.message).toBe('no such call waits for approvals')
  })
})

describe('btcli multisig_list', () => {
  it('lists what waits', async () => {
    const given = setUp([DEV.bob])
    const result = await run(`multisig list ${WHO}`, given)
    expect(result.stdout).toMatch(
      new RegExp(`${HASH} +1 of 2 +77 +0\\.196000000 +${DEV.bob}\n1 call of ${OURS}`),
    )
    const { data } = documentOf(await run(`multisig_list --account ${OURS} --json`, given))
    expect(data).toMatchObject({
      multisig: OURS,
      threshold: null,
      calls: [{ callHash: HASH, sinceBlock: 77, depositRao: '196000000', approvals: [DEV.bob] }],
    })
    const csv = await run(`multisig_list --account ${OURS} --csv`, given)
    expect(csv.stdout.split('\n')[1]).toBe(`${HASH},1,77,196000000,0.196,${DEV.bob}`)
    const empty = await run(`multisig_list --account ${DEV.bob}`, given)
    expect(empty.stdout).toContain('Nothing waits for approvals')
  })

  it('wants to know whose', async () => {
    const result = await run('multisig_list', setUp())
    expect(result).toMatchObject({ code: 2 })
    expect(result.stderr).toContain('--account is missing')
  })
})

describe('a policy', () => {
  const line = (what: string) => `multisig approve ${what} -w alice ${WHO} --dry_run`
  const policy = (text: string) => {
    mkdirSync(join(home, '.bittensor'), { recursive: true })
    writeFileSync(join(home, '.bittensor', 'policy.yml'), text)
  }
  const forbidden = async (what: string) => {
    const { violations } = documentOf(await run(`${line(what)} --json`, { ...setUp(), safe: true }))
      .data.preview
    return violations
  }
  afterEach(() => rmSync(join(home, '.bittensor', 'policy.yml')))

  it('judges the call that is approved, and forbids one of which only the hash is known', async () => {
    policy('allowed_calls: [Multisig.approve_as_multi, Balances.transfer_keep_alive]\n')
    expect(await forbidden(CALL)).toEqual([])
    expect(await forbidden('System.remark --remark 0x01')).toEqual([
      'System.remark is not in the list (allowed_calls)',
    ])
    expect(await forbidden(HASH)).toEqual([
      'a call of which only the hash is known is not in the list (allowed_calls)',
    ])
  })

  it('knows neither subnet nor destination of a hash', async () => {
    policy(`allowed_netuids: [1]\nallowed_destinations: ['${DEV.bob}']\n`)
    expect(await forbidden(HASH)).toEqual([
      'the destination is not known (allowed_destinations)',
      'the subnet is not known (allowed_netuids)',
    ])
    expect(await forbidden(CALL)).toEqual([
      `${DEV.charlie} is not in the list (allowed_destinations)`,
    ])
  })
})
