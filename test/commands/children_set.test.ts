/** `children_get`, `children_set`, `children_revoke` and `children_take` on the metadata of real runtimes. */
import { describe, expect, it } from 'vitest'
import { BOB_HOT, type DtaoSpec, dtaoNode, FOREIGN, HOT } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

const HALF = '9223372036854775807'

describe.each<DtaoSpec>(['218', '343', '365'])('children on spec %s', (spec) => {
  it('are set with exact proportions', async () => {
    const { given } = await dtaoNode(spec)
    const line = `children_set -w alice -H validator -n 2 --children ${BOB_HOT} ${FOREIGN} --prop 50% 0.5`
    const { data } = documentOf(await run(`${line} --dry_run --json`, given))
    expect(data.preview.calls).toMatchObject([
      {
        name: 'set_children',
        args: {
          hotkey: HOT,
          netuid: 2,
          children: [
            [HALF, BOB_HOT],
            [HALF, FOREIGN],
          ],
        },
      },
    ])
  })

  it('are taken back, and their take is set', async () => {
    const { given, set } = await dtaoNode(spec)
    set('ChildKeys', [HOT, 2], [[HALF, BOB_HOT]])
    const revoke = await run('st child revoke -w alice -H validator -n 2 --dry_run --json', given)
    expect(documentOf(revoke).data.preview.calls[0].args).toMatchObject({ children: [] })
    const none = await run('st child revoke -w alice -H validator -n 1 --dry_run', given)
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no children on subnet 1'),
    })
    const take = await run('st child take -w alice -H validator -n 2 -t 9 --dry_run --json', given)
    expect(documentOf(take).data.preview.calls[0]).toMatchObject({
      name: 'set_childkey_take',
      args: { take: 5_898 },
    })
  })

  it.each([
    ['children_set -n 2 -c validator --prop 0.5', 2, 'USAGE', 'its own child'],
    [`children_set -n 2 -c ${BOB_HOT} ${BOB_HOT} --prop 0.1 0.1`, 2, 'USAGE', 'given twice'],
    [`children_set -n 2 -c ${BOB_HOT} ${FOREIGN} --prop 0.6 0.6`, 2, 'USAGE', 'more than 1'],
    [`children_set -n 2 -c ${BOB_HOT} --prop 0.6 0.1`, 2, 'USAGE', '2 proportions'],
    [`children_set -n 2 -c ${BOB_HOT} --prop 1.1`, 2, 'USAGE', 'a share from 0 to 1'],
    [`children_set -n 0 -c ${BOB_HOT} --prop 0.1`, 2, 'USAGE', 'no children on root'],
    [`children_set -n 9 -c ${BOB_HOT} --prop 0.1`, 1, 'SUBNET_NOT_FOUND', 'no subnet 9'],
    ['children_take -n 2 -t 19', 2, 'USAGE', 'from 0.00 % to 18.00 %'],
    ['children_take -n 2 -t 0.12', 2, 'USAGE', 'write 0.12% or 12%'],
  ])('%s is refused', async (line, code, error, message) => {
    const { given } = await dtaoNode(spec)
    const result = await run(`${line} -w alice -H validator -y --json`, given)
    expect(result.code).toBe(code)
    expect(documentOf(result).error).toMatchObject({ code: error })
    expect(documentOf(result).error.message).toContain(message)
  })
})

describe('children_get', () => {
  it('shows children, those that wait, parents and the take', async () => {
    const { given, set } = await dtaoNode('343')
    set('ChildKeys', [HOT, 2], [[HALF, BOB_HOT]])
    set('ParentKeys', [HOT, 1], [['4611686018427387903', FOREIGN]])
    set('PendingChildKeys', [2, HOT], [[[HALF, FOREIGN]], 700])
    set('ChildkeyTake', [HOT, 1], 5_898)
    const result = await run('children_get -w alice -H validator', given)
    expect(result.stdout).toMatchInlineSnapshot(`
      "Children of validator
      NETUID  RELATION       HOTKEY                                            PROPORTION  CHILD TAKE  FROM BLOCK
           1  parent         5CGYyLcrWUfBDKExbvRjDQinEoCZWQmD6SjaXBLhny6A2wjE     25.00 %      9.00 %
           2  child          5FRjui8zwLQSFMm6domc8q6cpCYXAizAjXenQyzdhN9w5xqH     50.00 %      0.00 %
           2  pending child  5CGYyLcrWUfBDKExbvRjDQinEoCZWQmD6SjaXBLhny6A2wjE     50.00 %      0.00 %         700
      local · block 100
      "
    `)
    set('PendingChildKeys', [2, HOT], [[], 700])
    const revoked = await run('children_get -w alice -H validator -n 2', given)
    expect(revoked.stdout).toMatch(/^ +2 {2}pending none .* 700$/m)
    set('PendingChildKeys', [2, HOT], [[[HALF, FOREIGN]], 700])
    const { data } = documentOf(await run(`stake get_children -H ${HOT} -n 2 --json`, given))
    expect(data.subnets).toMatchObject([
      { netuid: 2, children: [{ hotkey: BOB_HOT, proportion: 0.5 }], pending: { block: 700 } },
    ])
  })

  it('warns of the wait, and of too little stake', async () => {
    const { given, set } = await dtaoNode('343')
    set('PendingChildKeyCooldown', [], 7200)
    const line = `children_set -w alice -H validator -n 2 -c ${BOB_HOT} --prop 0.1`
    const result = await run(`${line} --dry_run`, given)
    expect(result.stderr).toContain('with the first epoch after block 7301, ≈ 24 h')
    set('StakeThreshold', [], 1_000_000_000_000n)
    set('SubnetOwnerHotkey', [2], BOB_HOT)
    const poor = await run(`${line} -y --json`, given)
    expect(documentOf(poor).error).toMatchObject({ code: 'INSUFFICIENT_STAKE' })
  })

  it('knows the rate limit of children', async () => {
    const { given, set } = await dtaoNode('343', { block: 1000 })
    set('TransactionKeyLastBlock', [HOT, 2, 0], 900)
    const line = `children_set -w alice -H validator -n 2 -c ${BOB_HOT} --prop 0.1`
    expect(documentOf(await run(`${line} -y --json`, given)).error).toMatchObject({
      code: 'RATE_LIMITED',
      details: {
        blocksLeft: 49,
        reason: expect.stringContaining('the children were changed in block 900'),
      },
    })
  })

  it('are asked for on a terminal, and named together without one', async () => {
    const { given } = await dtaoNode('343')
    const line = 'children_set -w alice -H validator -n 2 --dry_run'
    const asked = await run(line, {
      ...given,
      prompts: [
        ['Enter children', `${BOB_HOT} ${FOREIGN}`],
        ['Enter proportions', '10% 0.2'],
      ],
    })
    expect(asked.code).toBe(0)
    expect(asked.stdout.replaceAll(/\s*\\\n\s*/g, ' ')).toContain(
      `--children ${BOB_HOT} ${FOREIGN} --proportions 10% 0.2`,
    )
    const piped = await run(`${line} --json`, given)
    expect(documentOf(piped).error).toMatchObject({
      code: 'MISSING_INPUT',
      details: { missing: ['--children', '--proportions'] },
    })
  })

  it('knows the rate limit of the take', async () => {
    const { given, set } = await dtaoNode('343', { block: 1000 })
    set('TransactionKeyLastBlock', [HOT, 2, 1], 900)
    const line = 'children_take -w alice -H validator -n 2 -t 9'
    expect(documentOf(await run(`${line} -y --json`, given)).error).toMatchObject({
      code: 'RATE_LIMITED',
      details: { blocksLeft: 215_899 },
    })
  })
})
