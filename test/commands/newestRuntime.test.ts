/** What changed its meaning in the runtimes of 2026: everything up to signing. */
import { describe, expect, it } from 'vitest'
import { dtaoNode, TAO } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe('pools whose sides have weights', () => {
  /** A quarter of the weight lies on τ: 100 τ and 200 alpha make τ1.5 per alpha. */
  async function weighted() {
    const world = await dtaoNode('470')
    world.chain.set('Swap', 'SwapBalancer', [2], { quote: 10n ** 18n / 4n })
    return world
  }

  it('have the price that the chain holds limits against', async () => {
    const { given } = await weighted()
    const line = 'stake -w alice -H validator -n 2 -a 1 --dry_run --json --allow_partial'
    const { data } = documentOf(await run(line, given))
    expect(data.preview.calls[0]).toMatchObject({
      name: 'add_stake_limit',
      args: { limit_price: '1507500000' },
    })
    const prices = documentOf(await run('subnet_price -n 2 --json', given)).data
    expect(JSON.stringify(prices)).toContain('1500000000')
  })

  it('are priced by their reserves while nothing has moved the weights', async () => {
    const { given } = await dtaoNode('470')
    const line = 'unstake -w alice -H validator -n 2 --amount_alpha 1 --dry_run --json --allow_partial'
    const { data } = documentOf(await run(line, given))
    expect(data.preview.calls[0].args).toMatchObject({ limit_price: '497500000' })
    expect(data.preview.calls[0].args.amount_unstaked).toBe(`${TAO}`)
  })
})
