import { describe, expect, it } from 'vitest'
import { globalOptions } from '../../../src/cli/options.js'
import { registry } from '../../../src/cli/registry.js'
import { commandGroups, laterNames, locateCommand } from '../../../src/cli/spelling.js'
import { documentOf, run, splitWords } from '../../support/run.js'

const names = registry.map(({ name }) => name)
const commandOf = (line: string) => locateCommand(splitWords(line), globalOptions, names).name

// Every name that a command of bittensor 5.3.1 has had in 6.x, 7.x, bittensor-cli 9.x and bittensor 11.x.
const LATER: readonly (readonly [command: string, ...later: readonly string[]])[] = [
  ['list', 'wallet list', 'wallets list', 'w list'],
  ['stake', 'stake add', 'st add', 'stakes add'],
  ['unstake', 'stake remove', 'st remove'],
  ['update', 'legacy update', 'l update'],
  ['inspect', 'wallet inspect', 'w inspect'],
  ['overview', 'wallet overview', 'w overview', 'wallet registrations'],
  ['register', 'subnets pow_register', 'subnets pow-register', 's pow-register'],
  [
    'recycle_register',
    'subnets register',
    's register',
    'subnets recycle_register',
    'subnet register',
  ],
  ['transfer', 'wallet transfer', 'w transfer'],
  ['nominate', 'root nominate', 'r nominate'],
  ['new_hotkey', 'wallet new_hotkey', 'wallet new-hotkey', 'w new-hotkey'],
  ['new_coldkey', 'wallet new_coldkey', 'w new-coldkey'],
  ['wallet_create', 'wallet create', 'w create'],
  ['regen_hotkey', 'wallet regen_hotkey', 'wallet regen-hotkey'],
  ['regen_coldkey', 'wallet regen_coldkey', 'wallet regen-coldkey'],
  ['regen_coldkeypub', 'wallet regen_coldkeypub', 'wallet regen-coldkeypub'],
  ['metagraph', 'subnets metagraph', 's metagraph'],
  ['subnet_show', 'subnets show', 'subnet show', 's show'],
  ['set_take', 'root set_take', 'sudo set-take'],
  ['stake_list', 'stake list', 'st list'],
  ['my_delegates', 'root my_delegates', 'root my-delegates'],
  ['list_subnets', 'subnets list', 's list'],
  ['delegate', 'root delegate', 'roots delegate'],
  ['undelegate', 'root undelegate', 'r undelegate'],
  ['list_delegates', 'root list_delegates', 'r list-delegates'],
  ['senate', 'root senate', 'sudo senate', 'su senate'],
  ['proposals', 'root proposals', 'sudo proposals', 'sudos proposals'],
  ['senate_vote', 'root senate_vote', 'sudo senate-vote', 'su senate_vote'],
  ['weights', 'misc weights', 'wt show'],
  ['root_list', 'root list', 'r list'],
  ['root_register', 'root register'],
  ['root_weights', 'root get_weights', 'root get-weights', 'root weights'],
  ['set_weights', 'weights set'],
  ['hyperparameters', 'subnets hyperparameters', 'sudo get'],
  ['balance', 'wallet balance', 'w balance'],
  ['faucet', 'wallet faucet'],
  ['swap_hotkey', 'wallet swap_hotkey', 'wallet swap-hotkey'],
  ['history', 'wallet history'],
  ['sign', 'wallet sign'],
  ['verify', 'wallet verify'],
  ['completion', 'info autocomplete', 'i autocomplete'],
  ['config', 'conf', 'c'],
  ['address', 'addr'],
]

describe('names of later versions', () => {
  it.each(LATER)('%s', (command, ...later) => {
    for (const typed of later)
      expect({ typed, is: commandOf(typed) }).toEqual({ typed, is: command })
  })

  it('are in the table above, all of them', () => {
    for (const { names: spellings, words } of commandGroups()) {
      expect(new Set(spellings).size).toBe(spellings.length)
      for (const { command } of words) expect(names).toContain(command)
    }
  })
})

describe('every command and every later name of it', () => {
  const typed = registry.flatMap(({ name }) =>
    [name, ...laterNames(name)].map((line) => [line, name]),
  )

  it.each(typed)('%s: dashes are underscores, in any case', (line = '', name) => {
    expect(commandOf(line.replaceAll('_', '-'))).toBe(name)
    expect(commandOf(line.replaceAll('-', '_').toUpperCase())).toBe(name)
  })

  it.each(typed)(
    '%s: has the same help and knows the same options',
    async (line = '', name = '') => {
      expect((await run(`${line} --help`)).stdout).toBe((await run(`${name} --help`)).stdout)
      // The options of `tx` are the arguments of any call.
      if (name === 'tx') return
      const wrong = await run(`${line} --amuont 5 --json_output`)
      expect(wrong.code).toBe(2)
      expect(documentOf(wrong)).toMatchObject({ command: name, error: { code: 'USAGE' } })
    },
  )
})

describe('spellings of options of later versions', () => {
  const amount = 'transfer --dest 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
  it.each([
    '--wallet.name nobody',
    '--wallet-name nobody',
    '--wallet_name nobody',
    '--wallet-name=nobody',
    '--name nobody',
    '-w nobody',
    '-wnobody',
    '--Wallet_Name nobody',
    '--wallet.n nobody',
  ])('%s', async (option) => {
    const result = await run(`${amount} -a 1 -y --json ${option}`)
    expect(documentOf(result).error).toMatchObject({ code: 'WALLET_NOT_FOUND' })
    expect(documentOf(result).error.message).toContain('nobody')
  })

  it.each([
    '--subtensor.network fineny',
    '--subtensor_network fineny',
    '--network fineny',
    '--chain fineny',
  ])('%s', async (option) => {
    const { openChain } = await import('../../../src/api/openChain.js')
    const result = await run(`list_subnets --json ${option}`, { chain: openChain })
    expect(documentOf(result).error.message).toContain('fineny')
  })

  it.each(['-p /nowhere', '--wallet-path /nowhere', '--wallet.path=/nowhere'])(
    '%s',
    async (option) => {
      expect(documentOf(await run(`w list --json ${option}`)).data.path).toBe('/nowhere')
    },
  )
})

describe('switches of bittensor-cli 9', () => {
  const reached = async (line: string) => documentOf(await run(`${line} -w nobody --json`)).error
  const dest = '--dest 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

  it.each([
    `wallet transfer ${dest} --amount 1 --no-mev-protection --wait-for-inclusion`,
    'stake add -n 1 --stake-all --no-safe-staking --not-partial --no-announce-only',
    'stake add -n 1 --amount 1 --safe-staking --allow-partial-stake --prompt',
    'stake remove -n 1 --unstake-all --hotkey-ss58-address 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    `stake move ${dest.replace('dest', 'dest-ss58')} --origin-netuid 1 --dest-netuid 2 --stake-all`,
  ])('%s', async (line) => {
    expect(await reached(line)).toMatchObject({ code: 'WALLET_NOT_FOUND' })
  })

  it('that ask for what there is not are told so, and only what signs has any', async () => {
    const mev = await reached('stake add -n 1 --amount 1 --mev-protection')
    expect(mev).toMatchObject({ code: 'USAGE', message: expect.stringContaining('not encrypt') })
    expect((await reached('stake add --announce-only')).hint).toContain('Proxy.announce')
    expect((await reached('list --no-mev-protection')).message).toContain('unknown option')
  })
})

describe('help of a group', () => {
  it('lists its words with what they mean', async () => {
    const page = await run('root --help')
    expect(page).toMatchObject({ code: 0, stderr: '' })
    expect(await run('help r')).toEqual(page)
    expect(page.stdout).toContain('root get_weights')
    expect(page.stdout).toContain('(btcli root_weights)')
    for (const line of page.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('is what the group alone shows', async () => {
    expect(await run('wallet')).toEqual(await run('wallet --help'))
  })

  it('is not shown for a wrong word, which is an error that names the words', async () => {
    const result = await run('wallet fly')
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('the group `wallet` has no command `fly`')
    expect(result.stderr).toContain('new_coldkey')
    expect((await run('wallet lits')).stderr).toContain('did you mean `wallet list`?')
    expect((await run('stak')).stderr).toContain('did you mean `stake`?')
    expect((await run('walet list')).stderr).toContain('did you mean `wallet`?')
  })

  it('is found by all words of a command of later versions', async () => {
    expect(await run('help stake list')).toEqual(await run('stake_list --help'))
    expect((await run('stake lisst')).stderr).toContain('did you mean `btcli stake list`?')
  })
})
