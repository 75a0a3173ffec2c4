import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { documentOf, run as runLine } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'

let home: string
const run = (line: string, options: Parameters<typeof runLine>[1] = {}) =>
  runLine(line, { home, ...options })
const path = () => join(home, '.bittensor', 'config.yml')
const file = () => readFileSync(path(), 'utf8')
function write(text: string): void {
  mkdirSync(join(home, '.bittensor'), { recursive: true })
  writeFileSync(path(), text)
}
beforeEach(() => {
  home = tempFolder()
})

describe('config list', () => {
  it('tells what is set and where', async () => {
    expect((await run('config', { env: { BTCLI_NO_SPINNER: '' } })).stdout).toBe(
      'Nothing is set; everything has its default. File: [HOME]/.bittensor/config.yml\n',
    )
    write('wallet_name: alice\nsubtensor:\n  network: test\nuse_cache: true\n')
    const env = { BT_WALLET_HOTKEY: 'miner1', BT_WALLET_NAME: 'bob' }
    expect(await run('config list', { env, tty: true })).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "NAME           VALUE   FROM
      wallet_name    bob     BT_WALLET_NAME
      wallet_hotkey  miner1  BT_WALLET_HOTKEY
      network        test    ~/.bittensor/config.yml
      no_spinner     1       BTCLI_NO_SPINNER
      4 values · set more: btcli config set NAME VALUE
      ",
      }
    `)
    expect(documentOf(await run('config --json', { env })).data.values).toEqual([
      { name: 'wallet_name', value: 'bob', layer: 'environment', source: 'BT_WALLET_NAME' },
      { name: 'wallet_hotkey', value: 'miner1', layer: 'environment', source: 'BT_WALLET_HOTKEY' },
      {
        name: 'network',
        value: 'test',
        layer: 'user file',
        source: '[HOME]/.bittensor/config.yml',
      },
      { name: 'no_spinner', value: '1', layer: 'environment', source: 'BTCLI_NO_SPINNER' },
    ])
  })

  it('with --all shows defaults as well, and values of commands', async () => {
    const { values } = documentOf(await run('config list --all --json')).data
    const rows = new Map(values.map((row: { name: string }) => [row.name, row]))
    expect(rows.get('network')).toMatchObject({ value: 'finney', layer: 'default', source: null })
    expect(rows.get('wallet_path')).toMatchObject({ value: '[HOME]/.bittensor/wallets' })
    expect(rows.get('quiet')).toMatchObject({ value: 'false' })
    expect(rows.has('limit')).toBe(true)
    expect(rows.has('config')).toBe(false)
  })
})

describe('config get', () => {
  it('prints the value that holds', async () => {
    write('network: test\n')
    expect(await run('config get network')).toMatchObject({ code: 0, stdout: 'test\n' })
    expect((await run('config get subtensor-network')).stdout).toBe('test\n')
    expect((await run('config get --no_config network')).stdout).toBe('finney\n')
    expect((await run('config get network', { env: { BT_NETWORK: 'local' } })).stdout).toBe(
      'local\n',
    )
    expect(documentOf(await run('config get network --json')).data).toEqual({
      name: 'network',
      value: 'test',
      layer: 'user file',
      source: '[HOME]/.bittensor/config.yml',
    })
  })

  it('reads the file that was named', async () => {
    write('network: test\n')
    writeFileSync(join(home, 'c.yml'), 'network: local\n')
    expect((await run('config get network --config c.yml')).stdout).toBe('local\n')
    expect((await run('config get netuid --config c.yml')).stdout).toBe('')
  })
})

describe('config set', () => {
  it('makes a private file, and tells old and new', async () => {
    expect(await run('config set network test')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "✔ network: default ➡ test
      ",
      }
    `)
    expect((await run('config set network local')).stdout).toBe('✔ network: test ➡ local\n')
    expect(file()).toBe('network: local\n')
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    const hidden = await run('config set network local', { env: { BT_NETWORK: 'test' } })
    expect(hidden.stderr).toBe('warning: BT_NETWORK is set to test and counts before the file\n')
    expect(documentOf(await run('config set network test --json')).data).toEqual({
      path: '[HOME]/.bittensor/config.yml',
      name: 'network',
      before: 'local',
      after: 'test',
    })
  })

  it('keeps comments and the keys of other programs', async () => {
    write(
      '# bittensor-cli 9\nuse_cache: true\nwallet:\n  name: alice # mine\nmetagraph_cols:\n  UID: true\n',
    )
    await run('config set wallet_name bob')
    await run('config set subtensor.network test')
    expect(file()).toMatchInlineSnapshot(`
      "# bittensor-cli 9
      use_cache: true
      wallet:
        name: bob # mine
      metagraph_cols:
        UID: true
      network: test
      "
    `)
  })

  it('writes the file that was named', async () => {
    writeFileSync(join(home, 'c.yml'), '')
    await run('config set network test --config c.yml')
    await run('config set wallet_name bob', { env: { BTCLI_CONFIG_PATH: join(home, 'c.yml') } })
    expect(readFileSync(join(home, 'c.yml'), 'utf8')).toBe('network: test\nwallet_name: bob\n')
    expect(existsSync(path())).toBe(false)
  })

  it('writes switches and lists as what they are', async () => {
    await run('config set quiet yes')
    await run('config set limit 5')
    expect(file()).toBe('quiet: true\nlimit: "5"\n')
    expect((await run('history')).code).toBe(0)
  })

  it.each([
    ['config set', 'the name of the option is missing'],
    ['config set network', 'the value of network is missing'],
    ['config set netwrok test', 'there is no option `netwrok`'],
    ['config set frobnicate 1', 'there is no option `frobnicate`'],
    ['config set network nowhere', 'unknown network `nowhere`'],
    ['config set chain_endpoint http://x', 'is not an endpoint'],
    ['config set wallet_name a/b', 'cannot be the name of a wallet'],
    ['config set quiet perhaps', 'quiet: write yes or no'],
    ['config set width 5', 'width: must be from 20'],
    ['config set color pink', 'color: must be one of'],
    ['config get', 'the name of the option is missing'],
    ['config get frobnicate', 'there is no option'],
    ['config forget network', 'the action must be one of'],
  ])('%s is refused', async (line, words) => {
    const result = await run(line)
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain(words)
    expect(existsSync(path())).toBe(false)
  })

  it('suggests what was meant', async () => {
    expect((await run('config get netwrok')).stderr).toContain('did you mean `network`?')
  })

  it('does not touch a file that is malformed', async () => {
    write('network: [test\n')
    expect(await run('config set network local')).toMatchObject({ code: 2 })
    expect(await run('config set network local --no_config')).toMatchObject({ code: 2 })
    expect(file()).toBe('network: [test\n')
  })
})

describe('config unset', () => {
  it('removes a value, also one that is not ours', async () => {
    write('# mine\n\nnetwork: test\nuse_cache: true\nfrob: 1\n')
    expect((await run('config unset network')).stdout).toBe('✔ network: test ➡ default\n')
    expect((await run('config unset frob')).stdout).toBe('✔ frob: 1 ➡ default\n')
    expect((await run('config unset network')).stdout).toContain('was not set in')
    expect(file()).toBe('# mine\n\nuse_cache: true\n')
  })
})

describe('config path', () => {
  it('names the file that `set` writes, and the others that are read', async () => {
    expect((await run('config path')).stdout).toBe(
      '[HOME]/.bittensor/config.yml (does not exist yet)\n',
    )
    write('network: test\n')
    writeFileSync(join(home, 'c.yml'), 'wallet_name: bob\n')
    expect((await run('config path --config c.yml')).stdout).toBe(
      '[HOME]/c.yml\n[HOME]/.bittensor/config.yml (read as well)\n',
    )
    expect(documentOf(await run('config path --json')).data).toEqual({
      path: '[HOME]/.bittensor/config.yml',
      read: [{ path: '[HOME]/.bittensor/config.yml', layer: 'user file' }],
    })
  })
})
