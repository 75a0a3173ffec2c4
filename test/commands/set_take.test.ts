/** `get_take` and `set_take` on the metadata of real runtimes. */
import { describe, expect, it } from 'vitest'
import { freshChain, roundGenesis } from '../support/chain.js'
import { dtaoNode, HOT } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe.each(['218', '343', '365'] as const)('the take on spec %s', (spec) => {
  it('is lowered and raised by the call for it', async () => {
    const { given, set } = await dtaoNode(spec)
    set('Delegates', [HOT], 6_000)
    const lower = await run('sudo set-take -w alice -H validator -t 5 --dry_run --json', given)
    expect(documentOf(lower).data.preview.calls[0]).toMatchObject({
      name: 'decrease_take',
      args: { hotkey: HOT, take: 3_276 },
    })
    const raise = await run('set_take -w alice -H validator -t 18% --dry_run --json', given)
    expect(documentOf(raise).data.preview.calls[0]).toMatchObject({
      name: 'increase_take',
      args: { take: 11_796 },
    })
  })

  it('is shown', async () => {
    const { given, set } = await dtaoNode(spec)
    expect((await run('get_take -w alice -H validator', given)).stdout).toBe(
      'The take of validator is 18.00 %, the default.\n',
    )
    set('Delegates', [HOT], 5_898)
    expect(documentOf(await run(`get_take -H ${HOT} --json`, given)).data).toEqual({
      hotkey: HOT,
      take: 5_898 / 65_535,
      isDefault: false,
    })
  })

  it('can not be raised above the limit, twice in 30 days, or for others', async () => {
    const { given, set } = await dtaoNode(spec, { block: 1000 })
    const failure = async (line: string) =>
      documentOf(await run(`set_take ${line} -y --json`, given)).error
    expect(await failure('-w alice -H validator -t 19')).toMatchObject({ code: 'USAGE' })
    expect(
      await failure('-w bob -H 5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB -t 9'),
    ).toMatchObject({ code: 'KEYFILE' })
    set('Delegates', [HOT], 100)
    set('LastTxBlockDelegateTake', [HOT], 900)
    expect(await failure('-w alice -H validator -t 9')).toMatchObject({ code: 'RATE_LIMITED' })
  })
})

it('on a classic chain one take holds for all', async () => {
  const { home } = await dtaoNode('343')
  const { chain } = await freshChain({ genesis: roundGenesis })
  const result = await run('set_take -w alice -H validator -t 9 -y', { home, chain })
  expect(result).toMatchObject({ code: 1 })
  expect(result.stderr).toContain('has no call SubtensorModule.decrease_take')
  expect(result.stderr).toContain('before, all delegates had one take')
  const shown = await run('get_take -w alice -H validator', { home, chain })
  expect(shown.stdout).toBe('The take of validator is 18.00 %.\n')
})
