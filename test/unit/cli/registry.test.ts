import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { commandHelp } from '../../../src/cli/help.js'
import { registry } from '../../../src/cli/registry.js'
import { sameName } from '../../../src/core/config.js'
import { VERSION } from '../../../src/core/version.js'
import { run } from '../../support/run.js'

// Order and texts of the README of bittensor 5.3.1 ("its" as the language wants it).
const README = `help Displays the help.
list List wallets.
stake Stake to your hotkey accounts.
update Updates your bittensor installation.
inspect Inspect a wallet cold, hot pair
weights Show the weights from chain.
unstake Unstake from hotkey accounts.
overview Show registered account overview.
register Register a wallet to a network.
transfer Transfer Tao between accounts.
nominate Become a delegate on the network
new_hotkey Creates a new hotkey for running a miner under the specified path.
metagraph Show the network graph.
new_coldkey Creates a new coldkey for containing balance under the specified path.
my_delegates Show all delegates where I am delegating a positive amount of stake.
list_subnets List all subnets on the network.
regen_hotkey Regenerates a hotkey from a passed mnemonic.
regen_coldkey Regenerates a coldkey from a passed value.
delegate Delegate Stake to an account.
undelegate Undelegate Stake from an account.
list_delegates List all delegates on the network.
regen_coldkeypub Regenerates a public coldkey from the public part of the coldkey.
recycle_register Register a wallet to a network.
senate View senate and its members
proposals View active triumvirate proposals and their status
proposal_votes View an active proposal's votes by address.
senate_register Register as a senate member to participate in proposals
senate_leave Discard senate membership in the governance protocol
senate_vote Vote on an active proposal by hash.`.split('\n')

describe('the registry', () => {
  it('lists the README commands in its order and words', () => {
    const ours = registry
      .filter(({ group }) => group === 'commands')
      .map(({ name, summary }) => `${name} ${summary}`)
    expect(ours).toEqual(README.filter((line) => ours.includes(line)))
  })

  it('has an entry for every file of src/commands, and no other', () => {
    const files = readdirSync(new URL('../../../src/commands', import.meta.url))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.slice(0, -3))
    expect(registry.map(({ name }) => name).sort()).toEqual(files.sort())
  })

  describe.each(registry.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
    it('loads, and is what the entry says', async () => {
      const command = await entry.load()
      expect(command).toMatchObject({ name, summary: entry.summary })
    })

    it('has a help page within 80 columns', async () => {
      const page = commandHelp(await entry.load())
      expect(page).toContain(`Usage: btcli ${name}`)
      for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    })

    it('describes every option, once per spelling', async () => {
      const command = await entry.load()
      const own = Object.values(command.options)
      for (const option of own) expect(option.description, option.name).toMatch(/^\S.*[^.]$/s)
      const spellings = own.flatMap((option) =>
        option.spellings.map((s) => (s.startsWith('--') ? `--${sameName(s.slice(2))}` : s)),
      )
      expect(new Set(spellings).size, 'a spelling stands for two options').toBe(spellings.length)
    })

    it('shows the same page in three ways', async () => {
      const page = await run(`${name} --help`)
      expect(page).toMatchObject({ code: 0, stderr: '' })
      expect(await run(`${name} -h`)).toEqual(page)
      expect(await run(`help ${name}`)).toEqual(page)
      expect(await run(`help ${name.replaceAll('_', '-')}`)).toEqual(page)
    })
  })
})

describe('the root help', () => {
  it('is the same however it is asked for', async () => {
    const page = await run('')
    expect(page).toMatchObject({ code: 0, stderr: '' })
    expect(await run('--help')).toEqual(page)
    expect(await run('-h')).toEqual(page)
    expect(await run('help')).toEqual(page)
    expect(await run('--no_version_checking')).toEqual(page)
    for (const line of page.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    for (const { name, summary } of registry) {
      expect(page.stdout.replace(/\s+/g, ' ')).toContain(`${name} ${summary}`)
    }
  })

  it.each(['options', 'environment', 'exit', 'formats', 'units'])(
    'has the topic %s',
    async (topic) => {
      const page = await run(`help ${topic}`)
      expect(page.code).toBe(0)
      for (const line of page.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
      expect(page.stdout).toMatchSnapshot()
    },
  )

  it('suggests for an unknown topic', async () => {
    expect(await run('help enviroment')).toMatchObject({
      code: 2,
      stderr:
        'error: there is no help on `enviroment`\n\nhint: did you mean `btcli help environment`?\n',
    })
  })

  it('knows the version of the package', async () => {
    expect(VERSION).toBe(manifest.version)
    expect((await run('--version')).stdout).toBe(`${VERSION}\n`)
  })
})
