import { describe, expect, it } from 'vitest'
import { freshChain, roundGenesis } from '../support/chain.js'
import { ALICE, dtaoNode, FOREIGN, HOT } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe.each(['218', '343', '365'] as const)('coldkey swaps on spec %s', (spec) => {
  it('are scheduled, after which the chain carries them out', async () => {
    const { given } = await dtaoNode(spec)
    const line = `swap_coldkey announce -w alice --new ${FOREIGN} --dry_run`
    const result = await run(line, given)
    expect(result.stderr).toContain('by the chain itself   after 36000 blocks, ≈ ')
    expect(result.stderr).toMatch(/costs +τ[\d.]+ +paid then/)
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data.preview.spendRao).toBe('0')
    expect(data.preview.calls[0]).toMatchObject({
      name: 'schedule_swap_coldkey',
      args: { new_coldkey: FOREIGN },
    })
  })

  it('ask for the new coldkey', async () => {
    const { given } = await dtaoNode(spec)
    const asked = await run('swap_coldkey announce -w alice --dry_run', {
      ...given,
      prompts: [['Enter the new coldkey', FOREIGN]],
    })
    expect(asked).toMatchObject({ code: 0 })
    const clear = await run('swap_coldkey clear -w alice', { ...given, prompts: [] })
    expect(clear).toMatchObject({ code: 1 })
  })

  it.each([
    ['announce --new wallet:alice', 2, 'USAGE'],
    [`announce --new ${HOT}`, 2, 'USAGE'],
    ['announce', 2, 'MISSING_INPUT'],
    [`execute --new ${FOREIGN}`, 1, 'RUNTIME_UNSUPPORTED'],
    ['clear', 1, 'RUNTIME_UNSUPPORTED'],
    ['later', 2, 'USAGE'],
  ])('%s is refused', async (words, code, error) => {
    const { given } = await dtaoNode(spec)
    const result = await run(`swap_coldkey ${words} -w alice -y --json`, given)
    expect(result.code).toBe(code)
    expect(documentOf(result).error.code).toBe(error)
  })
})

it('swap_check shows those that wait', async () => {
  const { given, set } = await dtaoNode('343')
  const none = await run('swap_check -w alice', given)
  expect(none.stdout).toBe('No swap waits for this coldkey.\n')
  set('ColdkeySwapScheduled', [ALICE], [700, FOREIGN])
  const result = await run('wallet swap-check -w alice', given)
  expect(result.stdout).toContain('in 600 blocks (≈ 2 h)')
  const { data } = documentOf(await run(`swap_check --ss58 ${ALICE} --json`, given))
  expect(data.swaps).toEqual([
    { coldkey: ALICE, newColdkey: FOREIGN, newColdkeyHash: null, block: 700, disputed: false },
  ])
  const again = await run(`swap_coldkey announce -w alice --new ${FOREIGN} -y --json`, given)
  expect(documentOf(again).error.message).toContain('scheduled already')
})

it('on a classic chain there are none', async () => {
  const { home } = await dtaoNode('343')
  const { chain } = await freshChain({ genesis: roundGenesis })
  const line = `swap_coldkey announce -w alice --new ${FOREIGN} -y --json`
  expect(documentOf(await run(line, { home, chain })).error.code).toBe('RUNTIME_UNSUPPORTED')
})
