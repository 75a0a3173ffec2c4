import { describe, expect, it } from 'vitest'
import { parseDestination } from '../../src/cli/destination.js'
import { registry } from '../../src/cli/registry.js'
import { freshChain, roundGenesis } from '../support/chain.js'
import { devHome } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const wallets = { alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } } }

/** A home whose address book knows Bob and the hotkey `//Bob//validator`. */
async function homeWithBook() {
  const home = await devHome(wallets)
  const { chain } = await freshChain({ genesis: roundGenesis })
  const graph = documentOf(await run('metagraph --netuid 1 --json', { chain, home }))
  const hotkey: string = graph.data.neurons[2].hotkey
  await run(`address add bob ${BOB}`, { home })
  await run(`address add borealis ${hotkey}`, { home })
  return { home, chain, hotkey }
}

describe('names of the address book stand for addresses', () => {
  it('in options that take one or several', async () => {
    const { home, chain, hotkey } = await homeWithBook()
    const json = async (line: string) =>
      documentOf(await run(`${line} --json`, { chain, home })).data
    const [account] = (await json('balance --ss58 @bob')).accounts
    expect(account.coldkey).toBe(BOB)
    const two = (await json(`balance --ss58 @bob,${hotkey} @BOREALIS`)).accounts
    expect(new Set(two.map((one: { coldkey: string }) => one.coldkey))).toEqual(
      new Set([BOB, hotkey]),
    )
    const { neurons } = await json('metagraph --netuid 1 --hotkey @borealis')
    expect(neurons).toMatchObject([{ uid: 2, hotkey }])
    expect((await json('weights --netuid 1 --hotkeys @borealis')).weights).toMatchObject([
      { hotkey },
    ])
  })

  it('in a command that pays, which shows the whole address before it asks', async () => {
    const { home, chain, hotkey } = await homeWithBook()
    const line = 'delegate --wallet.name alice --delegate_ss58key @borealis --amount 1 -y'
    const result = await run(line, { chain, home })
    expect(result.code).toBe(0)
    expect(result.stderr.replaceAll(' ', '')).toContain(hotkey)
  })

  it('as an answer to a question', async () => {
    const { home, chain } = await homeWithBook()
    const result = await run('transfer --wallet.name alice', {
      chain,
      home,
      prompts: [
        ['destination', '@bob'],
        ['amount', '1'],
        ['Send', true],
      ],
    })
    expect(result.code).toBe(0)
  })

  it('a name that is not in the book is a bad address, told with those that are', async () => {
    const { home, chain } = await homeWithBook()
    for (const line of ['balance --ss58 @bib', 'metagraph --netuid 1 --hotkey @bib']) {
      const result = await run(line, { chain, home })
      expect(result.code).toBe(2)
      expect(result.stderr).toContain('there is no name @bib in the address book')
      expect(result.stderr).toContain('@bob, @borealis')
    }
  })

  it('in every option that asks for an address', async () => {
    for (const { load } of registry) {
      const { name, options } = await load()
      for (const option of Object.values(options)) {
        if (!/<[^>]*ss58/.test(option.placeholder)) continue
        // A destination has names of its own beside these: wallet:bob.
        const isDestination = option.name.startsWith('dest') || option.parse === parseDestination
        const isMarked = option.address || isDestination
        expect(isMarked, `${name} --${option.name}`).toBe(true)
      }
    }
  })
})
