import { type SpawnOptions, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
let folder = ''

/** The command line as a process of its own: what bin/btcli.js does, in one bundle made for this test. */
beforeAll(async () => {
  // Below the packages: the native ones are not bundled and must be found from there.
  folder = mkdtempSync(join(root, 'node_modules', '.btcli-process-'))
  await bundle(
    join(folder, 'cli.mjs'),
    "import { main } from './src/cli/main.ts'\n" +
      'const status = await main(process.argv.slice(2))\n' +
      'process.exitCode = status\n' +
      'if (status === 130) setTimeout(() => process.exit(), 500).unref()',
  )
}, 60_000)

async function bundle(outfile: string, contents: string): Promise<void> {
  await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['classic-level', 'sodium-native', '@polkadot/*'],
    banner: {
      js: "import{createRequire as __r}from'node:module';globalThis.require=__r(import.meta.url);",
    },
    logLevel: 'error',
  })
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(folder, 'cli.mjs'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8', ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, ended }
}

/** `T`: stopped. */
function stateOf(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2]
  return spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).stdout[0]
}

describe('the process', () => {
  it('ends by itself with the status, and reads no answer from a pipe', async () => {
    const { child, ended } = start(['transfer'])
    child.stdin.write('alice\nbob\n1\ny\n')
    const { code, stdout, stderr } = await ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('stdin is not a terminal and these are missing: --dest, --amount')
  })

  it('says nothing when the reader of its output goes away', async () => {
    const { child, ended } = start(['--help'])
    child.stdout.destroy()
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
  })

  it.runIf(existsSync('/dev/full'))('fails when the disk is full and its result is lost', () => {
    const full = openSync('/dev/full', 'w')
    const ask = (words: readonly string[], stdio: StdioOptions) =>
      spawnSync(process.execPath, [join(folder, 'cli.mjs'), ...words], { stdio, encoding: 'utf8' })
    const lost = ask(['help', 'units'], ['ignore', full, 'pipe'])
    expect(lost.status).toBe(1)
    expect(lost.stderr).toMatch(/^error: the result cannot be written: ENOSPC.*\n$/)
    // What is said on stderr is lost; the status stays that of the command.
    expect(ask(['transfer'], ['ignore', 'pipe', full]).status).toBe(2)
    closeSync(full)
  })

  it('works without HOME and locale', async () => {
    const { code, stdout } = await start(['help', 'units'], { HOME: undefined, LANG: undefined })
      .ended
    expect(code).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the claim
    expect(stdout).toMatch(/^[\x00-\x7f]+$/)
  })

  it('names the config file that it cannot read', async () => {
    writeFileSync(join(folder, 'bad.yml'), 'wallet.name: [\n')
    const { code, stderr } = await start(['list', '--config', 'bad.yml']).ended
    expect(code).toBe(2)
    expect(stderr).toContain(`${join(folder, 'bad.yml')} is malformed at line`)
  })

  describe.skipIf(process.platform === 'win32')('Ctrl-Z while something is drawn', () => {
    let script = ''
    beforeAll(async () => {
      script = join(folder, 'suspended.mjs')
      await bundle(
        script,
        `import { processWorld } from './src/cli/processContext.ts'
        const { onSuspend } = processWorld()
        const ends = ['one', 'two'].map((name) =>
          onSuspend(() => {
            console.log('without', name)
            return () => console.log('with', name)
          }),
        )
        process.on('SIGUSR2', () => {
          for (const end of ends) end()
          console.log('nothing drawn')
        })
        setInterval(() => {}, 1000)
        console.log(process.pid)`,
      )
    })

    /** The script's process, started by a command line; what it says is forgotten once it was waited for. */
    async function drawing(command: string, args: readonly string[], options: SpawnOptions) {
      let said = ''
      const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      const heard = async (text: string | RegExp) => {
        await expect.poll(() => said).toMatch(text)
        const all = said
        said = ''
        return all
      }
      const pid = Number(await heard(/^\d+\n$/))
      onTestFinished(() => {
        process.kill(pid, 'SIGKILL')
        child.kill()
      })
      const kill = (signal: NodeJS.Signals) => process.kill(pid, signal)
      return { kill, heard, state: () => stateOf(pid) }
    }

    it('leaves the terminal before it stops the process, and comes back when it goes on', async () => {
      // As a job of a shell, wherever the tests run: what no shell could let go on is not stopped.
      const line = 'set -m; "$0" "$1" < /dev/null & cat'
      const { kill, heard, state } = await drawing(
        'bash',
        ['-c', line, process.execPath, script],
        {},
      )
      kill('SIGTSTP')
      expect(await heard(/two\n$/)).toBe('without one\nwithout two\n')
      await expect.poll(state).toBe('T')
      kill('SIGCONT')
      expect(await heard(/two\n$/)).toBe('with one\nwith two\n')
      kill('SIGUSR2')
      await heard('nothing drawn\n')
      kill('SIGTSTP')
      await expect.poll(state).toBe('T')
    })

    it('draws again at once where no shell could let the process go on', async () => {
      const { kill, heard, state } = await drawing(process.execPath, [script], { detached: true })
      kill('SIGTSTP')
      expect(await heard(/with two\n$/)).toBe('without one\nwithout two\nwith one\nwith two\n')
      expect(state()).not.toBe('T')
      kill('SIGTSTP')
      await heard(/with two\n$/)
    })
  })

  it.skipIf(process.platform === 'win32')('asks a question anew after Ctrl-Z', async () => {
    const script = join(folder, 'asked.mjs')
    await bundle(
      script,
      `import { terminalPrompter } from './src/cli/prompts.ts'
      console.log(process.pid)
      const prompter = terminalPrompter(new AbortController().signal)
      console.log(await prompter.input({ message: 'Who are you?' }))`,
    )
    // As a job of a shell: what no shell could let go on is not stopped.
    const line = 'set -m; "$0" "$1" <&3 & cat'
    const stdio = ['pipe', 'pipe', 'pipe', 'pipe'] as const
    const child = spawn('bash', ['-c', line, process.execPath, script], { stdio: [...stdio] })
    let [answers, asked] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      answers += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      asked += text
    })
    const keys = child.stdio[3] as Writable
    await expect.poll(() => answers).toMatch(/^\d+\n$/)
    const pid = Number(answers)
    onTestFinished(() => {
      if (answers === `${pid}\n`) process.kill(pid, 'SIGKILL')
      child.kill()
    })
    await expect.poll(() => asked).toContain('Who are you?')
    keys.write('ali\x1a')
    await expect.poll(() => stateOf(pid)).toBe('T')
    asked = ''
    process.kill(pid, 'SIGCONT')
    await expect.poll(() => asked).toContain('Who are you?')
    keys.write('bob\n')
    await expect.poll(() => answers).toBe(`${pid}\nbob\n`)
  })

  describe('waiting for a node that never answers', () => {
    let server: Server
    let endpoint = ''

    beforeAll(async () => {
      server = createServer(() => undefined)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = server.address()
      endpoint = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
      mkdirSync(join(folder, '.bittensor'), { recursive: true })
    })

    afterAll(() => {
      server.close()
    })

    it('ends at Ctrl-C, with 130', async () => {
      // It would wait longer than a test may take.
      const patience = ['--timeout', '3600']
      const args = ['list_subnets', '--subtensor.chain_endpoint', endpoint, ...patience]
      const { child, ended } = start(args)
      await new Promise((resolve) => server.once('connection', resolve))
      child.kill('SIGINT')
      const { code, stdout, stderr } = await ended
      expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
      expect(stderr).toMatch(/Cancelled\.\n$/)
    })

    it('gives up with 3', async () => {
      const args = [
        'list_subnets',
        '--subtensor.chain_endpoint',
        endpoint,
        '--timeout',
        '1',
        '--json',
      ]
      const { code, stdout } = await start(args).ended
      expect(code).toBe(3)
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, command: 'list_subnets' })
    })
  })
})
