import { describe, expect, it } from 'vitest'
import { dtaoNode, HOT, TAO } from '../support/dtaoNode.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()
const wallets = {
  alice: {
    uri: '//Alice',
    hotkeys: { validator: '//Alice//validator', idle: '//Alice//nowhere' },
  },
  bob: { uri: '//Bob', hotkeys: { validator: '//Bob//validator' } },
}

describe('overview', () => {
  it('shows the neurons of a wallet, subnet by subnet', async () => {
    const home = await devHome(wallets)
    const line = 'overview --wallet.name alice'
    const result = await run(line, { chain: chain.open, home, tty: true, columns: 200 })
    expect(result).toMatchSnapshot()
  })

  it('fits 80 columns', async () => {
    const home = await devHome(wallets)
    const line = 'overview --wallet.name alice --netuid 1'
    const { stdout } = await run(line, { chain: chain.open, home, tty: true, columns: 80 })
    for (const text of stdout.split('\n')) expect(text.length).toBeLessThanOrEqual(80)
    expect(stdout).toMatchSnapshot()
  })

  it('adds up all wallets, in JSON too', async () => {
    const home = await devHome(wallets)
    const found = documentOf(await run('overview --all --json', { chain: chain.open, home }))
    expect(found.data.wallets.map(({ name }: { name: string }) => name)).toEqual(['alice', 'bob'])
    expect(BigInt(found.data.balanceRao)).toBe(150_000_000_000_000n)
    const [subnet] = found.data.subnets.filter(({ netuid }: { netuid: number }) => netuid === 1)
    expect(subnet.neurons).toMatchObject([
      { coldkeyName: 'alice', hotkeyName: 'validator', uid: 0 },
      { coldkeyName: 'bob', hotkeyName: 'validator', uid: 1 },
    ])
    expect(subnet.neurons[0]).toMatchSnapshot()
  })

  it('selects hotkeys by name and address, and leaves out with --all_hotkeys', async () => {
    const home = await devHome(wallets)
    const names = async (words: string) => {
      const line = `overview --all --netuid 1 --json ${words}`
      const found = documentOf(await run(line, { chain: chain.open, home }))
      const neurons = found.data.subnets.flatMap((subnet: { neurons: unknown[] }) => subnet.neurons)
      return neurons.map(({ coldkeyName }: { coldkeyName: string }) => coldkeyName)
    }
    expect(await names('--hotkeys 5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB')).toEqual([
      'alice',
    ])
    expect(await names('--all_hotkeys --hotkeys validator')).toEqual([])
  })

  it('says so when nothing is registered or there is no such wallet', async () => {
    const home = await devHome({ carol: { uri: '//Carol', hotkeys: { new: '//Carol//new' } } })
    const none = await run('overview --wallet.name carol', { chain: chain.open, home })
    expect(none.code).toBe(0)
    expect(none.stdout).toContain('None of the hotkeys is registered.')
    const missing = await run('overview --wallet.name dora -y', { chain: chain.open, home })
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(missing.stderr).toContain('wallets: carol')
  })

  it('asks for the wallet, and never without a terminal', async () => {
    const home = await devHome(wallets)
    const asked = await run('overview --netuid 3', {
      chain: chain.open,
      home,
      prompts: [['Enter wallet name', 'bob']],
    })
    expect(asked.code).toBe(0)
    expect(asked.stdout).toContain('Wallet - bob')
  })
})

describe('overview of a dTAO chain', () => {
  async function node() {
    const { given, set } = await dtaoNode('343')
    set('Uids', [1, HOT], 3)
    set('Uids', [0, HOT], 1)
    set('TokenSymbol', [1], '0xceb1')
    set('TokenSymbol', [2], '0xceb2')
    set('Emission', [1], [0, 0, 0, 36_000_000])
    set('Emission', [2], [360_000_000])
    return given
  }

  it('counts each subnet in its token, and adds up in τ only', async () => {
    const given = await node()
    const line = 'overview --wallet.name alice'
    const wide = await run(line, { ...given, columns: 200, tty: true })
    expect(wide.stdout).toMatchSnapshot()
    const narrow = await run(line, { ...given, columns: 80, tty: true })
    for (const text of narrow.stdout.split('\n')) expect(text.length).toBeLessThanOrEqual(80)
    expect(narrow.stdout).toMatchSnapshot()
  })

  it('names units in JSON', async () => {
    const { data } = documentOf(await run('overview -w alice --json', await node()))
    const [root, , second] = data.subnets
    expect(root.neurons).toMatchObject([
      { stakeRao: `${20n * TAO}`, alphaStakeRao: null, taoStakeRao: `${20n * TAO}` },
    ])
    expect(second).toMatchObject({ netuid: 2, symbol: 'β', priceRao: `${TAO / 2n}` })
    expect(second.neurons).toMatchObject([
      {
        alphaStakeRao: `${40n * TAO}`,
        stakeRao: `${20n * TAO}`,
        emissionAlphaRao: '360000000',
        emissionAlphaRaoPerBlock: '1000000',
        emissionRaoPerBlock: '500000',
      },
    ])
  })
})
