import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BittensorError } from '../../../src/core/errors.js'
import type { WorldOptions } from '../../support/context.js'
import { devHome } from '../../support/localnet.js'
import { documentOf, run as runLine } from '../../support/run.js'
import { tempFolder } from '../../support/tempFolder.js'
import { entries } from './demo.js'

const run = (line: string, options: WorldOptions = {}) => runLine(line, { ...options, entries })

describe('values', () => {
  it('come from the command line before the environment before files', async () => {
    const home = tempFolder()
    mkdirSync(join(home, '.bittensor'))
    writeFileSync(join(home, '.bittensor', 'config.yml'), 'wallet_name: own\namount: 1.001\n')
    writeFileSync(join(home, 'c.yml'), 'wallet:\n  name: nested\n')
    const result = async (line: string, env = {}) =>
      documentOf(await run(`echo --json-output ${line}`, { home, env })).data
    const file = '[HOME]/c.yml'
    const own = '[HOME]/.bittensor/config.yml'
    expect(await result('')).toMatchObject({
      walletName: 'own',
      amount: '1001000000',
      origins: [own, own],
    })
    expect(await result('--config c.yml')).toMatchObject({
      walletName: 'nested',
      origins: [file, own],
    })
    expect(await result(`--config ${join(home, 'c.yml')}`)).toMatchObject({ walletName: 'nested' })
    expect(await result('', { BTCLI_CONFIG_PATH: join(home, 'c.yml') })).toMatchObject({
      walletName: 'nested',
    })
    expect(await result('--config c.yml', { BT_WALLET: 'env' })).toMatchObject({
      walletName: 'env',
      origins: ['BT_WALLET', own],
    })
    expect(await result('--name flag', { BT_WALLET_NAME: 'env' })).toMatchObject({
      walletName: 'flag',
      origins: ['--name', own],
    })
    expect(await result('--no_config --amount 2')).toMatchObject({ walletName: 'default' })
  })

  it('of lower layers are silent when the command line contradicts them', async () => {
    const home = tempFolder()
    mkdirSync(join(home, '.bittensor'))
    writeFileSync(join(home, '.bittensor', 'config.yml'), 'amount: 5\n')
    const result = await run('echo --all --json_output', { home })
    expect(documentOf(result).data).toMatchObject({ all: true, amount: null })
  })

  it('that are wrong are named with the place they came from', async () => {
    expect(await run('echo --amount 1,5')).toMatchInlineSnapshot(`
      {
        "code": 2,
        "questions": [],
        "stderr": "error: --amount: \`1,5\` is not an amount of TAO: write it as a plain decimal number of TAO such as 1.5
      ",
        "stdout": "",
      }
    `)
    expect(
      await run('echo --amount 1', { env: { BT_NO_PROMPT: 'perhaps' } }),
    ).toMatchInlineSnapshot(`
      {
        "code": 2,
        "questions": [],
        "stderr": "error: no_prompt (from BT_NO_PROMPT): write yes or no
      ",
        "stdout": "",
      }
    `)
  })

  it('unknown in a file are warned of, once and with their line', async () => {
    const home = tempFolder()
    const lines =
      'wallet.name: a\nwalet.hotkey: x\nnetuid: 3\ndest: known elsewhere\nuse_cache: true\nnetwork:\n'
    writeFileSync(join(home, 'c.yml'), lines)
    const result = await run('echo --config c.yml --amount 1', { home })
    expect(result.stderr).toBe('warning: unknown key `walet.hotkey` at line 2 of [HOME]/c.yml\n')
  })

  it.each([
    ['missing.yml', undefined, 'does not exist'],
    ['broken.yml', 'a: 1\nb: [1\n', 'malformed at line 3'],
    ['twice.yml', 'a: 1\na: 2\n', 'malformed at line 2'],
    ['list.yml', '- a\n', 'malformed at line 1'],
    ['deep.yml', 'a: 1\nb: [[1]]\n', 'malformed at line 2'],
    ['alias.yml', 'a: &x 1\nb: *x\n', 'malformed at line 2'],
  ])('in the file %s end the run with status 2', async (name, text, words) => {
    const home = tempFolder()
    if (text !== undefined) writeFileSync(join(home, name), text)
    const result = await run(`echo --config ${name}`, { home })
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain(`[HOME]/${name}`)
    expect(result.stderr).toContain(words)
  })
})

describe('questions', () => {
  it('are asked for what is missing, in the order of the options', async () => {
    const result = await run('ask --wallet.hotkey h', {
      prompts: [
        ['Enter netuid (--netuid)', '3'],
        ['Enter wallet name', ''],
        ['Destination after netuid 3', '5Dest'],
        ['Go on?', true],
      ],
    })
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [
          {
            "kind": "input",
            "message": "Enter netuid (--netuid)",
          },
          {
            "default": "default",
            "kind": "input",
            "message": "Enter wallet name (--wallet.name)",
          },
          {
            "kind": "input",
            "message": "Destination after netuid 3 (--dest)",
          },
          {
            "default": false,
            "kind": "confirm",
            "message": "Go on?",
          },
        ],
        "stderr": "again: btcli ask --wallet.hotkey h --netuid 3 --wallet.name default --dest 5Dest -y
      ",
        "stdout": "{"netuid":3,"walletName":"default","walletHotkey":"h","dest":"5Dest"}
      ",
      }
    `)
  })

  it('are repeated for a wrong answer', async () => {
    const result = await run('ask -w a -H b --dest x', {
      prompts: [
        ['Enter netuid', 'one'],
        ['Enter netuid', '1'],
        ['Go on?', true],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stderr).toContain(
      'again: btcli ask --wallet.name a --wallet.hotkey b --dest x --netuid 1 -y',
    )
  })

  it('never happen without a terminal: everything missing is named together', async () => {
    expect(await run('ask')).toMatchInlineSnapshot(`
      {
        "code": 2,
        "questions": [],
        "stderr": "error: stdin is not a terminal and these are missing: --netuid, --dest

      hint: give them on the command line
      ",
        "stdout": "",
      }
    `)
    expect(await run('ask --netuid 1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--dest is missing'),
    })
  })

  it('never happen with -y or JSON, even on a terminal', async () => {
    expect(await run('ask -y', { tty: true })).toMatchObject({ code: 2 })
    const json = await run('ask --netuid 1 --dest x --json', { tty: true })
    expect(json).toMatchObject({ code: 2, stderr: '', questions: [] })
    expect(documentOf(json)).toMatchObject({ ok: false, error: { code: 'MISSING_INPUT' } })
    expect(await run('ask --netuid 1 --dest x --json -y')).toMatchObject({ code: 0 })
  })

  it('declined end with 4, interrupted with 130', async () => {
    const given = 'ask --netuid 1 --dest x -w a -H b'
    expect(await run(given, { prompts: [['Go on?', false]] })).toMatchObject({
      code: 4,
      stderr: 'Nothing was done.\n',
    })
    expect(await run(given, { prompts: [['Go on?', '^C']] })).toMatchObject({
      code: 130,
      stderr: 'Cancelled.\n',
    })
  })

  it.each([
    ['list_subnets', 'Cancelled.\n'],
    ['set_weights -n 1 -w a -H b --uids 1 --weights 1', 'Cancelled, nothing was sent.\n'],
  ])('%s cancelled while it connects says what was sent', async (line, stderr) => {
    const home = await devHome({ a: { uri: '//A', hotkeys: { b: '//B' } } })
    const cancel = new AbortController()
    const result = await runLine(line, {
      home,
      signal: cancel.signal,
      chain() {
        cancel.abort()
        return Promise.reject(new BittensorError('INTERRUPTED', 'interrupted'))
      },
    })
    expect(result).toMatchObject({ code: 130, stderr })
  })

  it('end soon after Ctrl-C while a question waits for the chain', async () => {
    const cancel = new AbortController()
    const result = await runLine('hyperparameters', {
      tty: true,
      signal: cancel.signal,
      chain() {
        cancel.abort()
        return new Promise(() => undefined)
      },
    })
    expect(result).toMatchObject({ code: 130, stderr: 'Cancelled.\n' })
  })
})

describe('failures', () => {
  it('say what, why and what next', async () => {
    expect(await run('fail connection')).toMatchInlineSnapshot(`
      {
        "code": 3,
        "questions": [],
        "stderr": "error: cannot reach the node
        connection refused

      hint: try another
            or wait
      ",
        "stdout": "",
      }
    `)
    expect((await run('fail connection --verbose')).stderr).toMatch(/^code: CONNECTION$/m)
  })

  it('are the one document on stdout with JSON', async () => {
    const result = await run('fail connection --json')
    expect(result).toMatchObject({ code: 3, stderr: '' })
    expect(result.stdout).toMatchInlineSnapshot(`
      "{"ok":false,"command":"fail","network":null,"endpoint":null,"specVersion":null,"block":null,"error":{"code":"CONNECTION","message":"cannot reach the node","hint":"try another\\nor wait","details":{"reason":"connection refused","endpoint":"ws://x","bytes":"5"}}}
      "
    `)
  })

  it('that nobody foresaw ask for a report and keep the stack for --logging.debug', async () => {
    expect(await run('fail bug')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "questions": [],
        "stderr": "error: this is a bug in btcli 0.1.0: x is not a function

      hint: run it again with --logging.debug for the trace, and report it
      ",
        "stdout": "",
      }
    `)
    expect((await run('fail bug --logging.debug')).stderr).toMatch(/TypeError: .*\n {4}at /)
    expect(documentOf(await run('fail bug --json')).error).toEqual({
      code: 'INTERNAL',
      message: 'x is not a function',
      hint: null,
      details: {},
    })
  })

  it('of some of several operations show the others and end with 1', async () => {
    expect(await run('fail partly')).toEqual({
      code: 1,
      stdout: '1 failed\n',
      stderr: 'error: 1 of 2 failed\n',
      questions: [],
    })
    const json = await run('fail partly --json')
    expect(json.code).toBe(1)
    expect(documentOf(json)).toMatchObject({
      ok: false,
      data: { failed: 1 },
      error: { code: 'EXTRINSIC_FAILED' },
    })
  })

  it('in the command line are told in JSON as well', async () => {
    for (const line of [
      '--json fly',
      'ask --output json --amuont 5',
      'fail --json',
      'ask --json --no',
    ]) {
      const result = await run(line)
      expect({ line, code: result.code }).toEqual({ line, code: 2 })
      expect(documentOf(result).ok).toBe(false)
    }
  })
})

describe('output', () => {
  it('warns once, without control characters, and in JSON', async () => {
    expect(await run('fail not')).toMatchObject({
      code: 0,
      stdout: '0 failed\n',
      stderr: 'warning: something [2Jto know\n',
    })
    expect(documentOf(await run('fail not --json')).warnings).toHaveLength(1)
  })

  it('is one JSON document in a fixed order', async () => {
    const { stdout } = await run('fail not --json')
    expect(stdout).toBe(
      '{"ok":true,"command":"fail","network":null,"endpoint":null,"specVersion":null,"block":null,' +
        '"data":{"failed":0},"warnings":["something \\u001b[2Jto know"]}\n',
    )
  })

  it('is ASCII where the locale is not UTF-8', async () => {
    const page = await run('help units', { env: { LANG: 'C' } })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the claim
    expect(page.stderr).toMatch(/^[\x00-\x7f]*$/)
  })

  it('follows groups and names what it does not know', async () => {
    expect((await run('subnets list --amount 1')).stdout).toBe('wallet default\n')
    expect(await run('ehco')).toMatchObject({
      code: 2,
      stderr: 'error: unknown command `ehco`\n\nhint: did you mean `echo`?\n',
    })
  })

  it('has colour when asked for', async () => {
    const result = await run('fail partly --color always', { env: { NO_COLOR: '1' } })
    expect(result.stderr).toContain('\x1b[31merror:\x1b[39m')
    const off = await run('fail partly --color always --no_color', { tty: true })
    expect(off.stderr).not.toContain('\x1b')
    const forced = await run('fail partly', { env: { NO_COLOR: '', FORCE_COLOR: '1' } })
    expect(forced.stderr).toContain('\x1b')
    const dumb = await run('fail partly', { tty: true, env: { NO_COLOR: '', TERM: 'dumb' } })
    expect(dumb.stderr).not.toContain('\x1b')
  })
})
