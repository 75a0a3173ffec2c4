import { describe, expect, it } from 'vitest'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()
const constant = (line: string) => run(`const ${line}`, { chain: chain.open })

describe('btcli const', () => {
  it('shows one, exactly in JSON', async () => {
    expect((await constant('Balances.ExistentialDeposit')).stdout).toBe('τ0.0000005\n')
    expect(documentOf(await constant('balances.existentialdeposit --json')).data).toEqual({
      pallet: 'Balances',
      name: 'ExistentialDeposit',
      type: 'u64',
      value: '500',
      human: 'τ0.0000005',
      raw: '0xf401000000000000',
    })
  })

  it('lists those of a pallet, or all', async () => {
    expect((await constant('Balances')).stdout).toMatch(/Balances\.MaxLocks +u32 +50/)
    expect(documentOf(await constant('--json')).data.constants.length).toBeGreaterThan(20)
  })

  it('names what is near', async () => {
    const wrong = await constant('Balances.ExistentialDeposi')
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('did you mean Balances.ExistentialDeposit?')
    expect((await constant('Nothing')).stderr).toContain('has no pallet Nothing\n')
  })
})
