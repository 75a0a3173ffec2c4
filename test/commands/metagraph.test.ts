import { describe, expect, it } from 'vitest'
import { dev } from '../support/devAccounts.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { dtaoNode, HOT, TAO } from '../support/dtaoNode.js'
import { localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const chain = localChain()

describe('metagraph', () => {
  it('shows the neurons of a subnet', async () => {
    const line = 'metagraph --netuid 5'
    expect(await run(line, { chain: chain.open, tty: true, columns: 200 })).toMatchSnapshot()
  })

  it('fits 80 columns', async () => {
    const line = 'metagraph --netuid 5 --limit 3'
    const { stdout } = await run(line, { chain: chain.open, tty: true, columns: 80 })
    for (const text of stdout.split('\n')) expect(text.length).toBeLessThanOrEqual(80)
    expect(stdout).toMatchSnapshot()
  })

  it('asks for the subnet with those that exist', async () => {
    const { code, questions } = await run('metagraph --limit 1', {
      chain: chain.open,
      prompts: [['Enter netuid [0/1/3/5]', '3']],
    })
    expect(code).toBe(0)
    expect(questions).toMatchObject([{ kind: 'input', default: '0' }])
    const blind = await run('metagraph', { chain: chain.open })
    expect(blind).toMatchObject({ code: 2, stdout: '' })
    expect(blind.stderr).toContain('--netuid')
  })

  it('filters, sorts and cuts', async () => {
    const uids = async (words: string) => {
      const found = documentOf(
        await run(`metagraph --netuid 1 --json ${words}`, { chain: chain.open }),
      )
      return found.data.neurons.map(({ uid }: { uid: number }) => uid)
    }
    expect(await uids('--uid 3 7')).toEqual([3, 7])
    expect(await uids('--sort_by incentive --sort_order desc --limit 2')).toEqual([6, 7])
    const hotkey = '5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB'
    expect(await uids(`--hotkey ${hotkey}`)).toEqual([0])
  })

  it('is JSON with amounts as strings and ratios from 0 to 1', async () => {
    const found = documentOf(
      await run('metagraph --netuid 1 --uid 0 --json', { chain: chain.open }),
    )
    expect(found.data).toMatchSnapshot()
    const { totalStakeRao, n } = found.data
    const all = documentOf(await run('metagraph --netuid 1 --json', { chain: chain.open }))
    const stakes = all.data.neurons.map(({ stakeRao }: { stakeRao: string }) => BigInt(stakeRao))
    expect(stakes).toHaveLength(n)
    expect(`${stakes.reduce((sum: bigint, stake: bigint) => sum + stake, 0n)}`).toBe(totalStakeRao)
  })

  it('reads an old block, and says when there is none', async () => {
    await chain.localnet.advance(3)
    const at = async (block: number) =>
      documentOf(await run(`metagraph --netuid 1 --block ${block} --json`, { chain: chain.open }))
    expect(await at(1)).toMatchObject({ ok: true, block: 1, data: { block: 1 } })
    expect(await at(99)).toMatchObject({ ok: false, error: { code: 'USAGE' } })
  })

  it.each([
    ['--netuid 2', 1, 'there is no subnet 2'],
    ['--netuid x', 2, 'whole number'],
    ['--netuid -1', 2, 'from 0 to 65535'],
    ['--netuid 70000', 2, 'from 0 to 65535'],
    ['--netuid 1 --uid x', 2, 'whole number'],
    ['--netuid 1 --limit 0', 2, 'from 1'],
  ])('refuses %s', async (words, code, text) => {
    const result = await run(`metagraph ${words}`, { chain: chain.open })
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(text)
  })
})

describe('metagraph of a dTAO chain', () => {
  async function node() {
    const { given, set } = await dtaoNode('365')
    set('TokenSymbol', [2], '0xceb2')
    set('Emission', [2], [360_000_000])
    set('AlphaDividendsPerSubnet', [2, HOT], 100_000_000)
    set('RootAlphaDividendsPerSubnet', [2, HOT], 20_000_000)
    set('TaoWeight', [], ((1n << 64n) - 1n) / 2n)
    // A quarter of what the hotkey has goes to a child.
    set('ChildKeys', [HOT, 2], [[((1n << 64n) - 1n) / 4n, dev('//Bob//validator')]])
    return { given, set }
  }

  it('counts stake and emission in the token, and τ on root', async () => {
    const { given } = await node()
    const wide = await run('metagraph --netuid 2', { ...given, columns: 200, tty: true })
    expect(wide.stdout).toMatchSnapshot()
    const narrow = await run('metagraph --netuid 2', { ...given, columns: 80, tty: true })
    for (const text of narrow.stdout.split('\n')) expect(text.length).toBeLessThanOrEqual(80)
    expect(narrow.stdout).toMatchSnapshot()
  })

  it('names units in JSON: alpha, its value in τ, and what counts', async () => {
    const { given } = await node()
    const { data } = documentOf(await run('metagraph --netuid 2 --json', given))
    expect(data).toMatchObject({
      symbol: 'β',
      priceRao: `${TAO / 2n}`,
      // The runtime reckons shares in 2⁻³², so that a little more than three quarters is left.
      totalStakeRao: '15000000004',
      totalAlphaStakeRao: '30000000009',
    })
    expect(data.neurons).toMatchObject([
      {
        alphaStakeRao: '30000000009',
        taoStakeRao: '15000000004',
        stakeRao: '15000000004',
        // Half of the τ on root counts.
        stakeWeightRao: '37500000007',
        emissionAlphaRao: '360000000',
        emissionRao: '180000000',
        dividendsAlphaRao: '100000000',
        rootDividendsAlphaRao: '20000000',
      },
    ])
  })

  it('names the token by its subnet where its symbol passes for τ', async () => {
    const { given, set } = await node()
    set('TokenSymbol', [2], '0xf09d9c8f')
    const { stdout } = await run('metagraph --netuid 2', given)
    expect(stdout).toContain('ALPHA(SN2)')
    expect(stdout).toContain('stake: 30.000000009 SN2 ≈ τ15.000000004')
  })

  it('of another mechanism has its incentives and updates, and refuses one that is not there', async () => {
    const { given, set } = await node()
    set('MechanismCountCurrent', [2], 2)
    set('Incentive', [2], [100])
    set('Incentive', [2 + 4096], [65_535])
    set('LastUpdate', [2 + 4096], [90])
    set('Weights', [2 + 4096, 0], [[0, 77]])
    const neuron = async (words: string) => {
      const { data } = documentOf(await run(`metagraph --netuid 2 --json ${words}`, given))
      return { mechid: data.mechid, ...data.neurons[0] }
    }
    expect(await neuron('')).toMatchObject({ mechid: 0, incentive: 100 / 65_535, lastUpdate: 0 })
    expect(await neuron('--mech-id 1')).toMatchObject({ mechid: 1, incentive: 1, lastUpdate: 90 })
    const weights = documentOf(await run('weights --netuid 2 --mechid 1 --json', given))
    expect(weights.data).toMatchObject({ mechid: 1, weights: [{ uid: 0, weights: [[0, 77]] }] })
    const third = await run('metagraph --netuid 2 --mechanism_id 2 --json', given)
    expect(documentOf(third).error).toMatchObject({
      code: 'USAGE',
      message: 'subnet 2 has no mechanism 2',
    })
    const classic = await run('metagraph --netuid 1 --mechid 1 --json', { chain: chain.open })
    expect(documentOf(classic).error.code).toBe('RUNTIME_UNSUPPORTED')
  })

  it('agrees with subnet_show, which sorts by stake', async () => {
    const { given } = await dtaoChain()
    const read = async (line: string) => documentOf(await run(`${line} -n 3 --json`, given)).data
    const byStake = (await read('subnet_show')).neurons
    const { neurons } = await read('metagraph')
    const plain = byStake.map(({ identity: _, ...neuron }: { identity: unknown }) => neuron)
    expect(plain.toSorted((a: { uid: number }, b: { uid: number }) => a.uid - b.uid)).toEqual(
      neurons,
    )
  })
})
