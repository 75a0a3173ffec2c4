/** A real runtime under Chopsticks, which runs its WebAssembly and makes a block for each transaction. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PACKAGE = '@acala-network/chopsticks'
const VERSION = '1.1.0'

/** A node that is running. */
export type Chopsticks = { readonly endpoint: string; stop(): Promise<void> }

/** Puts Chopsticks into a folder of its own, if it is not there yet. @returns its program */
export async function installChopsticks(folder: string): Promise<string> {
  const program = join(folder, 'node_modules', PACKAGE, 'chopsticks.cjs')
  if (existsSync(program)) return program
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const words = ['install', '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund']
  await promisify(execFile)('npm', [...words, `${PACKAGE}@${VERSION}`], { cwd: folder })
  return program
}

/**
 * A raw chain spec with the runtime of another file in it: bytes, or hex.
 * @returns the file to boot
 */
export async function withCode(spec: string, code: string, folder: string): Promise<string> {
  const content = JSON.parse(await readFile(spec, 'utf8'))
  const bytes = await readFile(code)
  const text = bytes.toString('latin1').trim().replace(/^0x/, '')
  const hex = /^([0-9a-f]{2})+$/i.test(text) ? text : bytes.toString('hex')
  const top = content?.genesis?.raw?.top
  if (typeof top !== 'object')
    throw new Error(`${spec} is no raw chain spec: it has no genesis.raw`)
  top[CODE_KEY] = `0x${hex}`
  const file = join(folder, 'chain-spec.json')
  await writeFile(file, JSON.stringify(content))
  return file
}

/** `:code`. */
const CODE_KEY = '0x3a636f6465'

/** Boots a chain spec, or forks the chain behind an endpoint. Signatures are checked as on a real chain. */
export async function startChopsticks(
  program: string,
  source: { readonly genesis: string } | { readonly endpoint: string },
): Promise<Chopsticks> {
  const port = await freePort()
  const words = [program, '--host', '127.0.0.1', '--port', `${port}`]
  const [[name, value] = ['', '']] = Object.entries(source)
  words.push(`--${name}`, value, '--build-block-mode', 'Instant', '--mock-signature-host', 'false')
  // Runtimes built for measuring import functions that no node but theirs has, and call none of them.
  words.push('--allow-unresolved-imports')
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  await listening(child)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    endpoint: `ws://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGKILL')
      await closed
    },
  }
}

function listening(child: ChildProcess): Promise<void> {
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (data: Buffer) => {
      output = `${output}${data}`.slice(-4000)
      if (output.includes('listening on')) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('close', (status) =>
      reject(new Error(`Chopsticks ended with status ${status}:\n${output}`)),
    )
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
