import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { completionText } from '../../../src/cli/complete.js'
import { completionScript, SHELLS } from '../../../src/cli/completionScripts.js'
import { defineCommand, flag, list, option } from '../../../src/cli/define.js'
import { netuid, oneOf, walletHotkey, walletName } from '../../../src/cli/options.js'
import type { Entry } from '../../../src/cli/registry.js'
import { registry } from '../../../src/cli/registry.js'
import { readSeenNetuids, rememberNetuids } from '../../../src/cli/seenNetuids.js'
import { addName } from '../../../src/core/addressBook.js'
import { splitWords } from '../../support/run.js'
import { tempFolder } from '../../support/tempFolder.js'

const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

const transfer = defineCommand({
  name: 'transfer',
  summary: 'Transfer Tao.',
  options: {
    walletName,
    walletHotkey,
    netuid,
    dest: option({ flags: '-d, --dest <ss58>', description: 'account that receives' }),
    mode: option({
      flags: '--mode <fast|slow>',
      description: 'speed',
      parse: (text) => oneOf(text, ['fast', 'slow']),
    }),
    key: option({ flags: '--key <file>', description: 'a file' }),
    hotkeys: list({ flags: '--hotkeys <names...>', description: 'some hotkeys' }),
    all: flag({ flags: '--all', description: 'everything\tand more' }),
    ghost: flag({ flags: '--ghost', description: 'hidden', hidden: true }),
  },
  positionals: [
    { name: 'action', description: '', choices: ['now', 'later'] },
    { name: 'other', description: '' },
  ],
  run: async () => ({}),
  render: { table: () => '', json: (data) => data },
})

const entries: readonly Entry[] = [
  ...['transfer', 'list', 'list_subnets', 'stake', 'help', 'policy', 'address', 'config'].map(
    (name) => ({
      name,
      summary: `Does ${name}.`,
      group: 'commands' as const,
      load: async () =>
        registry.find((one) => one.name === name && name !== 'transfer')?.load() ?? transfer,
    }),
  ),
]

let home: string
beforeEach(() => {
  home = tempFolder()
  for (const [wallet, hotkeys] of [
    ['alice', ['miner1', 'miner2', 'miner1pub.txt']],
    ['bob', ['validator']],
    ['.hidden', []],
  ] as const) {
    mkdirSync(join(home, '.bittensor', 'wallets', wallet, 'hotkeys'), { recursive: true })
    for (const name of hotkeys) {
      writeFileSync(join(home, '.bittensor', 'wallets', wallet, 'hotkeys', name), '{}')
    }
  }
})

/** Suggestions for a line; `_` is the empty word that is being typed. */
async function complete(line: string, env = {}, among = entries): Promise<string[]> {
  const words = splitWords(line).map((word) => (word === '_' ? '' : word))
  const text = await completionText(words, { entries: among, world: { env, home, cwd: home } })
  return text
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => one.split('\t')[0] ?? '')
}

describe('completion of commands', () => {
  it('offers all, then those that fit', async () => {
    expect(await complete('_')).toEqual(entries.map(({ name }) => name))
    expect(await complete('li')).toEqual(['list', 'list_subnets'])
    expect(await complete('list-s')).toEqual(['list-subnets'])
    expect(await complete('LI')).toEqual(['LIst', 'LIst_subnets'])
    expect(await complete('nothing')).toEqual([])
  })

  it('tells what each is for', async () => {
    const world = { env: {}, home, cwd: home }
    expect(await completionText(['trans'], { entries, world })).toBe('transfer\tDoes transfer.\n')
    expect(await completionText(['transfer', '--al'], { entries, world })).toBe(
      '--all\teverything and more\n',
    )
  })

  it('offers the words of a group', async () => {
    expect(await complete('st _')).toEqual(expect.arrayContaining(['add', 'remove']))
    expect(await complete('wallet new_')).toEqual(['new_hotkey', 'new_coldkey'])
  })

  it('sees through options before the command', async () => {
    expect(await complete('--network test tr')).toEqual(['transfer'])
    expect(await complete('--quiet tr')).toEqual(['transfer'])
  })
})

describe('completion of options', () => {
  it("offers the command's own first, the shared ones when something is typed", async () => {
    expect(await complete('transfer --')).toEqual([
      '--wallet.name',
      '--wallet.hotkey',
      '--netuid',
      '--dest',
      '--mode',
      '--key',
      '--hotkeys',
      '--all',
    ])
    expect(await complete('transfer --wallet-')).toEqual([
      '--wallet-name',
      '--wallet-hotkey',
      '--wallet-path',
    ])
    expect(await complete('transfer --q')).toEqual(['--quiet'])
    expect(await complete('list --json')).toContain('--json_output')
  })

  it('does not offer one twice, but lists again', async () => {
    const found = await complete('transfer --all --hotkeys a --mode=fast --')
    expect(found).not.toContain('--all')
    expect(found).not.toContain('--mode')
    expect(found).toContain('--hotkeys')
  })
})

describe('completion of values', () => {
  it.each([
    ['transfer --wallet.name _', ['alice', 'bob']],
    ['transfer --wallet-name a', ['alice']],
    ['transfer --wallet.name=a', ['--wallet.name=alice']],
    ['transfer --wallet.name = a', ['--wallet.name=alice']],
    ['transfer --wallet.name =', ['--wallet.name=alice', '--wallet.name=bob']],
    ['transfer --wallet.hotkey _', ['miner1', 'miner2', 'validator']],
    ['transfer --wallet.name bob --wallet.hotkey _', ['validator']],
    ['transfer --wallet.name=alice --hotkeys miner1 m', ['miner1', 'miner2']],
    ['transfer --network lo', ['local']],
    ['transfer --subtensor.net lo', ['local']],
    ['transfer --chain=lo', ['--chain=local']],
    ['transfer -H v', ['validator']],
    ['transfer --mode _', ['fast', 'slow']],
    ['transfer --color _', ['auto', 'always', 'never']],
    ['transfer --key _', [':files']],
    ['transfer --config _', [':files']],
    ['transfer --wallet.path _', [':files']],
    ['transfer --dest _', []],
    ['transfer --netuid _', []],
    ['transfer _', ['now', 'later']],
    ['transfer --all l', ['later']],
    ['transfer --netuid 1 _', ['now', 'later']],
    ['transfer now _', []],
    ['help li', ['list', 'list_subnets']],
    ['policy s', ['show', 'set']],
    ['policy set max_p', ['max_per_transaction', 'max_per_day', 'max_per_destination']],
    ['config get netw', ['network']],
    ['unknown _', []],
    ['unknown --wallet.name _', ['alice', 'bob']],
  ])('%s', async (line, expected) => {
    expect(await complete(line)).toEqual(expected)
  })

  it('offers the address book', async () => {
    await addName(join(home, '.bittensor', 'addresses.json'), { name: 'exchange', address: BOB })
    expect(await complete('transfer --dest _')).toEqual(['@exchange'])
    expect(await complete('transfer -d @e')).toEqual(['@exchange'])
    expect(await complete('address remove _')).toEqual(['exchange'])
  })

  it('offers the subnets seen last', async () => {
    const cache = join(home, '.cache', 'btcli')
    await rememberNetuids(cache, [0, 1, 12])
    expect(await complete('transfer --netuid 1')).toEqual(['1', '12'])
    writeFileSync(join(cache, 'netuids.json'), '[1,"x"')
    expect(await readSeenNetuids(cache)).toEqual([])
    writeFileSync(join(cache, 'netuids.json'), '[1,"x",2.5]')
    expect(await readSeenNetuids(cache)).toEqual([1])
  })

  it('looks where the wallets are', async () => {
    const other = join(home, 'other')
    mkdirSync(join(other, 'carol'), { recursive: true })
    expect(await complete(`transfer --wallet.path ${other} --wallet.name _`)).toEqual(['carol'])
    expect(await complete('transfer --wallet.name _', { BT_WALLET_PATH: '~/other' })).toEqual([
      'carol',
    ])
    writeFileSync(join(home, '.bittensor', 'config.yml'), 'wallet_path: ~/other\n')
    expect(await complete('transfer --wallet.name _')).toEqual(['carol'])
    writeFileSync(join(home, '.bittensor', 'config.yml'), 'wallet_path: [\n')
    expect(await complete('transfer --wallet.name _')).toEqual(['alice', 'bob'])
  })
})

describe('completion never fails', () => {
  it('on a damaged book or command', async () => {
    writeFileSync(join(home, '.bittensor', 'addresses.json'), '{')
    expect(await complete('transfer --dest _')).toEqual([])
    const broken = [
      { name: 'x', summary: '', group: 'tools', load: async () => Promise.reject(new Error('no')) },
    ] as const
    expect(await complete('x _', {}, broken)).toEqual([])
    expect(await complete('')).toEqual(await complete('_'))
  })

  it('whatever is typed', async () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('transfer', '--wallet.name', '=', '--', '-d', 'st', ''),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (words) => {
        const world = { env: {}, home, cwd: home }
        expect(await completionText(words, { entries, world })).toMatch(/^$|\n$/)
      }),
    )
  })
})

describe('the scripts', () => {
  it('of all shells are plain text that calls btcli __complete', () => {
    for (const shell of SHELLS) expect(completionScript(shell)).toContain('btcli __complete')
  })

  it('of bash completes words, words after `=`, names with blanks, and files', () => {
    const answer = (line: string) => `case "$*" in ${line} *) ;; esac`
    const fake = answer(
      `'__complete tr') printf 'transfer\\tDoes it.\\n';;
       '__complete --wallet.name = a') printf -- '--wallet.name=alice\\n';;
       '__complete --name m') printf 'my wallet\\n';;
       '__complete --key ') printf ':files\\n';;`,
    )
    const script = `
      btcli() { ${fake}; }
      ${completionScript('bash')}
      try() { COMP_WORDS=(btcli "$@"); COMP_CWORD=$#; _btcli; echo "$\{COMPREPLY[*]}"; }
      try tr; try --wallet.name = a; try --name m; try --key ''; try none`
    const out = execFileSync('bash', ['-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(out.split('\n')).toEqual(['transfer', 'alice', 'my\\ wallet', '', '', ''])
  })
})
