import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RunChild } from '../../src/cli/childProcess.js'
import { updateCommand } from '../../src/commands/update.js'
import { VERSION } from '../../src/core/version.js'
import { documentOf, run as runLine } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'

const GLOBAL = '/usr/lib/node_modules/bittensor/dist/bin/main.js'
const SOURCE = '/home/a/bittensor/src/commands/update.ts'
const view = (version: string) => ({
  code: 0,
  stdout: JSON.stringify({ version, bin: { btcli: 'bin/btcli.js' } }),
})

let ran: string[]
let answers: { code: number | null; stdout: string }[]
const fake: RunChild = async (command, args) => {
  ran.push([command, ...args].join(' '))
  return answers.shift() ?? { code: 1, stdout: '' }
}
beforeEach(() => {
  ran = []
  answers = []
})

async function run(line: string, options: Parameters<typeof runLine>[1] = {}, path = GLOBAL) {
  const command = updateCommand(path, fake)
  const { name, summary } = command
  const entries = [{ name, summary, group: 'commands' as const, load: async () => command }]
  const result = await runLine(line, { ...options, entries })
  const known = (text: string) => text.replaceAll(VERSION, '[VERSION]')
  return { ...result, stdout: known(result.stdout), stderr: known(result.stderr) }
}

describe('update', () => {
  it('says when there is nothing newer, and runs nothing', async () => {
    answers = [view(VERSION)]
    expect(await run('update')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "Asking the package registry
      ",
        "stdout": "installed  [VERSION]
      available  [VERSION]
      ✔ This is the newest version.
      ",
      }
    `)
    expect(ran).toEqual([
      'npm view bittensor version bin --json --fetch-retries=0 --fetch-timeout=10000',
    ])
    answers = [view('0.0.1')]
    expect((await run('update -y')).stdout).toContain('newest')
    expect(ran).toHaveLength(2)
  })

  it.each(['update --check', 'update', 'update --check -y', 'update --json'])(
    '%s shows the command where nobody was asked, and does not run it',
    async (line) => {
      answers = [view('99.0.0')]
      const result = await run(line)
      expect(result.code).toBe(0)
      expect(result.stdout).toContain('npm install -g bittensor@99.0.0')
      expect(ran).toHaveLength(1)
    },
  )

  it('tells both versions and the exact command', async () => {
    answers = [view('99.0.0'), view('99.0.0')]
    expect((await run('update --check')).stdout).toMatchInlineSnapshot(`
      "installed  [VERSION]
      available  99.0.0
      update     npm install -g bittensor@99.0.0
      "
    `)
    expect(documentOf(await run('update --check --json')).data).toEqual({
      installed: '[VERSION]',
      available: '99.0.0',
      outdated: true,
      kind: 'npm-global',
      command: 'npm install -g bittensor@99.0.0',
      directory: null,
      updated: false,
    })
  })

  it('runs it after a question, or with -y', async () => {
    answers = [view('99.0.0'), { code: 0, stdout: '' }]
    const asked = await run('update', { prompts: [['Update from', true]] })
    expect(asked).toMatchObject({ code: 0, stdout: '✔ Updated from [VERSION] to 99.0.0.\n' })
    expect(ran[1]).toBe('npm install -g bittensor@99.0.0')
    answers = [view('99.0.0'), { code: 0, stdout: '' }]
    expect(documentOf(await run('update -y --json')).data.updated).toBe(true)
  })

  it('changes nothing on No', async () => {
    answers = [view('99.0.0')]
    expect(await run('update', { prompts: [['Update from', false]] })).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('Nothing was changed.'),
    })
    expect(ran).toHaveLength(1)
  })

  it('passes on the exit status of the program', async () => {
    answers = [view('99.0.0'), { code: 243, stdout: '' }]
    const failed = await run('update -y')
    expect(failed.code).toBe(243)
    expect(failed.stderr).toContain('its exit status is 243')
    answers = [view('99.0.0'), { code: null, stdout: '' }]
    expect(await run('update -y')).toMatchObject({ code: 1 })
  })

  it('never runs anything for a copy that npm did not install globally', async () => {
    answers = [view('99.0.0')]
    const result = await run('update -y', {}, SOURCE)
    expect(result.stdout).toContain('git pull && npm ci && npm run build (in /home/a/bittensor)')
    expect(ran).toHaveLength(1)
  })

  it.each([
    [{ code: 1, stdout: '' }, 'the package registry cannot be reached'],
    [{ code: null, stdout: '' }, 'the package registry cannot be reached'],
    [{ code: 1, stdout: '{"error":{"code":"ENOTFOUND","summary":"no network"}}' }, 'no network'],
    [{ code: 1, stdout: '{"error":{"code":"E404","summary":"x"}}' }, 'the registry has no package'],
    [{ code: 0, stdout: 'not json' }, 'is not this program'],
    [{ code: 0, stdout: '{"version":"99.0.0"}' }, 'is not this program'],
    [{ code: 0, stdout: '{"version":"99; rm -rf","bin":{"btcli":"x"}}' }, 'is not this program'],
  ])('with the answer %j ends with status 1 and a sentence', async (answer, words) => {
    answers = [answer]
    const result = await run('update -y')
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain(words)
    expect(ran).toHaveLength(1)
  })

  it('works with a real program named npm, whose output does not reach stdout', async () => {
    const folder = tempFolder()
    const answer = JSON.stringify({ version: VERSION, bin: { btcli: 'x' } })
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho '${answer}'\n`)
    chmodSync(join(folder, 'npm'), 0o755)
    const result = await runLine('update', { env: { PATH: `${folder}:${process.env['PATH']}` } })
    expect(result).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') })
    expect(result.stdout).toContain('This is the newest version.')
    const without = await runLine('update', { env: { PATH: tempFolder() } })
    expect(without).toMatchObject({ code: 1, stdout: '' })
    expect(without.stderr).toContain('npm cannot be run')
  })
})
