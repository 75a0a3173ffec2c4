import { describe, expect, it } from 'vitest'
import { globalOptions } from '../../../src/cli/options.js'
import { parseArguments } from '../../../src/cli/parse.js'
import { locateCommand } from '../../../src/cli/spelling.js'
import { splitWords } from '../../support/run.js'
import { echo, fail } from './demo.js'

function parse(line: string): Record<string, readonly string[]> {
  return Object.fromEntries(parseArguments(splitWords(line), echo).texts)
}

describe('spellings of options', () => {
  it.each([
    ['--wallet.name alice'],
    ['--wallet.name=alice'],
    ['--wallet-name alice'],
    ['--wallet_name=alice'],
    ['--name alice'],
    ['--wallet.n alice'],
    ['--wallet.na=alice'],
    ['-w alice'],
    ['-walice'],
    ['-w=alice'],
    ['--wallet.name bob --wallet.name alice'],
  ])('%s', (line) => {
    expect(parse(line)).toEqual({ 'wallet.name': ['alice'] })
  })

  it.each([
    ['-H h', 'wallet.hotkey', ['h']],
    ['--hotkey h', 'wallet.hotkey', ['h']],
    ['-p /x', 'wallet.path', ['/x']],
    ['--network test', 'subtensor.network', ['test']],
    ['--chain test', 'subtensor.network', ['test']],
    ['--subtensor.n test', 'subtensor.network', ['test']],
    ['--subtensor-chain-endpoint ws://x', 'subtensor.chain_endpoint', ['ws://x']],
    ['-y', 'no_prompt', ['true']],
    ['--yes', 'no_prompt', ['true']],
    ['--no-prompt', 'no_prompt', ['true']],
    ['--no_p', 'no_prompt', ['true']],
    ['--json-output', 'json_output', ['true']],
    ['--json_out', 'json_output', ['true']],
    ['--json f.json', 'json', ['f.json']],
    ['--amount -5', 'amount', ['-5']],
    ['--amount -.5', 'amount', ['-.5']],
    ['-a 5', 'amount', ['5']],
    ['-n 4', 'subtensor.register.num_processes', ['4']],
    ['--netuid 4', 'netuid', ['4']],
    ['--exclude-hotkeys a b', 'hotkeys', ['a', 'b']],
    ['--hotkeys a --hotkeys=b', 'hotkeys', ['a', 'b']],
    ['--strict', 'strict', ['true']],
    ['--config "a b.yml"', 'config', ['a b.yml']],
  ])('%s', (line, name, texts) => {
    expect(parse(line)).toEqual({ [name]: texts })
  })

  it('takes several switches in one word', () => {
    expect(parse('-yq')).toEqual({ no_prompt: ['true'], quiet: ['true'] })
  })

  it('ends a list at the next option', () => {
    expect(parse('--hotkeys a b c --all')).toEqual({ hotkeys: ['a', 'b', 'c'], all: ['true'] })
  })
})

describe('usage errors', () => {
  it.each([
    ['--amuont 5', 'unknown option `--amuont`', 'did you mean --amount?'],
    ['--mnemonik=cat', 'unknown option `--mnemonik`', 'did you mean --mnemonic?'],
    ['-amount 5', 'unknown option `-amount`', 'did you mean --amount?'],
    ['-amount=5', 'unknown option `-amount`', 'did you mean --amount?'],
    ['--no 5', 'ambiguous option `--no`', 'write more letters of it'],
    ['--amount', 'option `--amount` needs a value', undefined],
    ['--amount --all', 'option `--amount` needs a value', undefined],
    ['--hotkeys', 'option `--hotkeys` needs a value', undefined],
    [
      '--all --amount 5',
      'option `--all` cannot be used with option `--amount`',
      'see the options: btcli echo --help',
    ],
    [
      '--verbose --quiet',
      'option `--verbose` cannot be used with option `--quiet`',
      'see the options: btcli echo --help',
    ],
    [
      'cat dog',
      '`btcli echo` got words that belong to no option',
      'see the options: btcli echo --help',
    ],
    ['--all=1', 'option `--all` takes no value', undefined],
    ['-z', 'unknown option `-z`', 'see the options: btcli echo --help'],
  ])('%s', (line, message, hint) => {
    expect(() => parse(line)).toThrow(expect.objectContaining({ code: 'USAGE', message, hint }))
  })

  it('never repeats a value, which may be a secret', () => {
    for (const line of ['cat dog', '--mnemonik=cat', '--mnemonik cat', '--all=cat']) {
      try {
        parse(line)
        expect.unreachable()
      } catch (error) {
        expect(`${JSON.stringify(error)} ${error}`).not.toMatch(/cat/)
      }
    }
  })

  it('wants the words a command needs', () => {
    expect(() => parseArguments([], fail)).toThrow(expect.objectContaining({ code: 'USAGE' }))
    expect(parseArguments(['bug'], fail).words).toEqual(['bug'])
  })
})

describe('finding the command', () => {
  const names = [
    'list',
    'stake',
    'unstake',
    'stake_list',
    'list_subnets',
    'recycle_register',
    'register',
    'new_coldkey',
    'metagraph',
    'subnet_show',
    'senate',
    'help',
  ]
  it.each([
    ['list', 'list', []],
    ['--config f.yml --strict list', 'list', ['--config', 'f.yml', '--strict']],
    ['--wallet.name list stake --all', 'stake', ['--wallet.name', 'list', '--all']],
    ['-w list stake', 'stake', ['-w', 'list']],
    ['new-coldkey', 'new_coldkey', []],
    ['wallet list', 'list', []],
    ['w new-coldkey --x', 'new_coldkey', ['--x']],
    ['stake add --amount 5', 'stake', ['--amount', '5']],
    ['st remove', 'unstake', []],
    ['stake list', 'stake_list', []],
    ['stake --amount 5', 'stake', ['--amount', '5']],
    ['subnets list', 'list_subnets', []],
    ['s register', 'recycle_register', []],
    ['subnets pow_register', 'register', []],
    ['subnet show', 'subnet_show', []],
    ['root senate', 'senate', []],
  ])('%s', (line, name, rest) => {
    expect(locateCommand(splitWords(line), globalOptions, names)).toMatchObject({ name, rest })
  })

  it.each([['wallet'], ['wallet fly'], ['lst'], ['root nominate']])('%s is unknown', (line) => {
    expect(locateCommand(splitWords(line), globalOptions, names).name).toBeUndefined()
  })
})
