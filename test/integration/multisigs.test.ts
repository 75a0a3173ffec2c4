/** Accounts of several signatories from the first approval to the call that they agreed on, on the embedded chain. */
import { describe, expect, it } from 'vitest'
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { sortSignatories } from '../../src/core/chain/multisigs.js'
import type { Ss58 } from '../../src/core/keys/ss58.js'
import { dev, NOBODY } from '../support/devAccounts.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { documentOf, run, splitWords } from '../support/run.js'

const DEST = dev('//Ferdie')
const WHO = '--threshold 2 --signatories wallet:alice wallet:bob wallet:dave'
const CALL = `Balances.transfer_keep_alive --dest ${DEST} --value 5tao`
const DEPOSIT = 196_000_000n

/** A chain on which the multisig of alice, bob and dave has τ100; `ask` runs a command without questions. */
async function setUp(who = WHO) {
  const world = await dtaoChain()
  const given = { ...world.given, safe: true, filters: false }
  const ask = async (line: string | readonly string[]) => {
    const words = typeof line === 'string' ? splitWords(line) : line
    return documentOf(await run([...words, '-y', '--json'], given))
  }
  const { multisig } = (await ask(`multisig_list ${who}`)).data as { readonly multisig: Ss58 }
  await ask(`transfer -w alice --dest ${multisig} --amount 100`)
  const free = async (account: string) => readFreeBalance(await world.head(), account as Ss58)
  const waiting = async () => (await ask(`multisig_list ${who}`)).data.calls
  return { given, ask, multisig, free, waiting }
}

describe('a multisig of two out of three', () => {
  it('makes a call when two have agreed, and gives the deposit back', async () => {
    const { ask, multisig, free, waiting, given } = await setUp()
    const before = await free(DEST)
    const first = await run(`multisig_approve ${CALL} -w alice ${WHO} -y`, given)
    expect(first.code).toBe(0)
    expect(first.stdout.split('\n')[0]).toContain('Approved Balances.transfer_keep_alive: 1 of 2')
    const [open] = await waiting()
    expect(open).toMatchObject({ depositRao: `${DEPOSIT}`, depositor: dev('//Alice') })

    const again = await ask(`multisig_approve ${open.callHash} -w alice ${WHO}`)
    expect(again).toMatchObject({
      ok: true,
      data: { unchanged: true, reason: 'alice has approved this already', extrinsicHash: null },
    })
    const alone = await ask(`multisig_execute ${CALL} -w alice ${WHO}`)
    expect(alone.error.message).toBe('1 more signatory must approve first')
    const otherAmount = CALL.replace('5tao', '6tao')
    const other = await ask(`multisig_execute ${otherAmount} -w bob ${WHO}`)
    expect(other.error.message).toBe('1 more signatory must approve first')

    const held = await free(dev('//Alice'))
    const made = await ask(`multisig_execute ${CALL} -w bob ${WHO}`)
    expect(made).toMatchObject({
      ok: true,
      data: { multisig, approvalsBefore: [dev('//Alice')], approvalsAfter: null },
    })
    expect(await free(DEST)).toBe(before + 5_000_000_000n)
    expect(await free(multisig)).toBe(95_000_000_000n)
    expect(await free(dev('//Alice'))).toBe(held + DEPOSIT)
    expect(await waiting()).toEqual([])
  })

  it('writes every step down, with who got what', async () => {
    const { ask } = await setUp()
    await ask(`multisig_approve ${CALL} -w alice ${WHO}`)
    await ask(`multisig_execute ${CALL} -w dave ${WHO}`)
    const { data } = await ask('history')
    expect(data.entries).toMatchObject([
      {
        command: 'multisig_execute',
        account: dev('//Dave'),
        call: { name: 'Multisig.as_multi' },
        destinations: [{ address: DEST, amountRao: '5000000000' }],
        outcome: { outcome: 'included' },
      },
      {
        command: 'multisig_approve',
        account: dev('//Alice'),
        call: { name: 'Multisig.approve_as_multi' },
        spendRao: `${DEPOSIT}`,
        outcome: { outcome: 'included' },
      },
      { command: 'transfer' },
    ])
  })

  it('takes all three, and the one who paid the deposit may be the last', async () => {
    const { ask, free, waiting } = await setUp(WHO.replace('2', '3'))
    const who = WHO.replace('2', '3')
    const before = await free(DEST)
    await ask(`multisig_approve ${CALL} -w alice ${who}`)
    const early = await ask(`multisig_execute ${CALL} -w dave ${who}`)
    expect(early.error.message).toBe('1 more signatory must approve first')
    await ask(`multisig_approve ${CALL} -w bob ${who}`)
    expect((await waiting())[0].approvals).toHaveLength(2)
    await ask(`multisig_approve ${CALL} -w dave ${who}`)
    const made = await ask(`multisig_execute ${CALL} -w alice ${who}`)
    expect(made).toMatchObject({ ok: true })
    expect(await free(DEST)).toBe(before + 5_000_000_000n)
  })

  it('is another account with another threshold', async () => {
    const { ask } = await setUp()
    await ask(`multisig_approve ${CALL} -w alice ${WHO}`)
    const { error } = await ask(`multisig_execute ${CALL} -w bob ${WHO.replace('2', '3')}`)
    expect(error).toMatchObject({ code: 'USAGE', message: '2 more signatories must approve first' })
  })

  it('keeps the approvals of a call that it can not pay for', async () => {
    const { ask, waiting } = await setUp()
    const call = CALL.replace('5tao', '500tao')
    const first = await ask(`multisig_approve ${call} -w alice ${WHO}`)
    expect(first.data.preview.notes[0]).toMatch(/has τ100 free, and the call takes τ500/)
    const { error } = await ask(`multisig_execute ${call} -w bob ${WHO}`)
    expect(error).toMatchObject({ code: 'INSUFFICIENT_BALANCE' })
    expect(await waiting()).toHaveLength(1)
  })

  it('tells of a call that fails in the name of the multisig', async () => {
    const { ask, waiting } = await setUp()
    const call = CALL.replace(DEST, NOBODY).replace('5tao', '1rao')
    await ask(`multisig_approve ${call} -w alice ${WHO}`)
    const { error } = await ask(`multisig_execute ${call} -w bob ${WHO}`)
    expect(error).toMatchObject({
      code: 'EXTRINSIC_FAILED',
      message: expect.stringContaining('the chain refused: Token.BelowMinimum'),
      details: {
        wrapper: 'Multisig.MultisigExecuted',
        reason: expect.stringContaining('made as the multisig, with its money, and failed'),
      },
    })
    // The approvals are used up all the same.
    expect(await waiting()).toEqual([])
  })

  it('is cancelled by who approved first, and by nobody else', async () => {
    const { ask, free, waiting } = await setUp()
    const before = await free(dev('//Alice'))
    const approved = await ask(`multisig_approve ${CALL} -w alice ${WHO}`)
    const { callHash } = approved.data
    const other = await ask(`multisig_cancel ${callHash} -w bob ${WHO}`)
    expect(other.error.message).toBe('only who approved it first can cancel it')
    const done = await ask(`multisig_cancel ${callHash} -w alice ${WHO}`)
    expect(done).toMatchObject({ ok: true, data: { callHash, approvalsAfter: null } })
    expect(await waiting()).toEqual([])
    const paid = before - (await free(dev('//Alice')))
    expect(paid).toBe(
      [approved, done].reduce((sum, { data }) => sum + BigInt(data.feeRao ?? 0), 0n),
    )
    const none = await ask(`multisig_cancel ${callHash} -w alice ${WHO}`)
    expect(none.error.message).toBe('no such call waits for approvals')
  })
})

it('one signatory of two is enough where the threshold is one', async () => {
  const who = '--threshold 1 --signatories wallet:alice wallet:bob'
  const { ask, free } = await setUp(who)
  const before = await free(DEST)
  const made = await ask(`multisig_execute ${CALL} -w bob ${who}`)
  expect(made).toMatchObject({ ok: true })
  expect(await free(DEST)).toBe(before + 5_000_000_000n)
})

it.each([
  ['none', 'NoTimepoint'],
  [{ height: 1, index: 9 }, 'WrongTimepoint'],
])('a second approval with timepoint %o is refused by the chain: %s', async (when, name) => {
  const { ask } = await setUp()
  const { data } = await ask(`multisig_approve ${CALL} -w alice ${WHO}`)
  const args = {
    threshold: 2,
    other_signatories: sortSignatories([dev('//Alice'), dev('//Dave')]),
    maybe_timepoint: when,
    call: data.callData,
    max_weight: { ref_time: '1000000000', proof_size: '10000' },
  }
  const words = ['tx', 'Multisig.as_multi', '-w', 'bob', '--args', JSON.stringify(args)]
  expect((await ask(words)).error).toMatchObject({
    code: 'EXTRINSIC_FAILED',
    message: expect.stringContaining(`Multisig.${name}`),
  })
})

it('shows what is about to be approved, and asks once', async () => {
  const { given, waiting } = await setUp()
  const prompts = [['Approve Balances.transfer_keep_alive for', false]] as const
  const no = await run(`multisig_approve ${CALL} -w alice ${WHO}`, { ...given, prompts })
  expect(no.code).toBe(4)
  expect(no.stderr).toMatch(/signers +alice .* not yet/)
  expect(no.stderr).toContain('deposit    τ0.196   reserved until the call is made or cancelled')
  expect(await waiting()).toEqual([])
})
