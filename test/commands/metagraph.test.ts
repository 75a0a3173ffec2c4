import { describe, expect, it } from 'vitest'
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
    expect(await at(99)).toMatchObject({ ok: false, error: { code: 'CONNECTION' } })
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
