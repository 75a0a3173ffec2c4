/**
 * Runs other people's clients, unchanged, against fresh embedded chains, and prints which of their steps passed.
 * Installs them with pip and npm into a folder, so it needs both indexes; not part of the tests.
 *
 *   npm run test:clients                        all of them
 *   npm run test:clients -- --only papi         those whose name contains a word
 *   npm run test:clients -- --folder DIR        where to install, kept for the next time
 *   npm run test:clients -- --save              also writes the table of all into docs/compatibility.md
 */
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { Localnet, type LocalnetOptions } from '../src/localnet/index.js'

const run = promisify(execFile)
const drivers = fileURLToPath(new URL('test-clients', import.meta.url))
const docs = fileURLToPath(new URL('../docs/compatibility.md', import.meta.url))

type Profile = NonNullable<LocalnetOptions['profile']>

/** A client, how to install it, and the program that drives it. */
type Client = {
  readonly name: string
  readonly profile: Profile
  readonly packages: readonly string[]
  /** Installs into the folder, and gives the command line of the driver for an endpoint. */
  prepare(folder: string, endpoint: string): Promise<readonly string[]>
}

/** What a driver says about one step. */
type Step = { readonly step: string; readonly ok: boolean; readonly why?: string }

function python(name: string, profile: Profile, packages: string[], driver: string): Client {
  return {
    name,
    profile,
    packages,
    async prepare(folder, endpoint) {
      const home = join(folder, 'home')
      const binary = join(folder, 'venv', 'bin', 'python')
      if (!existsSync(binary)) {
        await run('python3', ['-m', 'venv', join(folder, 'venv')])
        await run(binary, ['-m', 'pip', 'install', '--quiet', ...packages])
      }
      // The clients ask PyTorch only whether there is a GPU; it would be a download of gigabytes.
      const [site = ''] = await readdir(join(folder, 'venv', 'lib'))
      const stand = 'class cuda:\n    is_available = staticmethod(lambda: False)\n'
      await writeFile(join(folder, 'venv', 'lib', site, 'site-packages', 'torch.py'), stand)
      await rm(home, { recursive: true, force: true })
      await mkdir(home, { recursive: true })
      return [binary, join(drivers, driver), endpoint, home]
    },
  }
}

function node(name: string, profile: Profile, packages: string[], driver: string): Client {
  return {
    name,
    profile,
    packages,
    async prepare(folder, endpoint) {
      const options = { cwd: folder, env: NODE_ENVIRONMENT }
      if (!existsSync(join(folder, 'node_modules'))) {
        await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
        await run(
          'npm',
          ['install', '--save-exact', '--no-audit', '--no-fund', ...packages],
          options,
        )
      }
      if (driver === 'papi.mjs') {
        await rm(join(folder, '.papi'), { recursive: true, force: true })
        await run('npx', ['papi', 'add', 'chain', '-w', endpoint], options)
      }
      for (const file of ['step.mjs', driver]) await cp(join(drivers, file), join(folder, file))
      const metadata = profile === 'classic' ? '14' : '15'
      return [process.execPath, join(folder, driver), endpoint, metadata]
    },
  }
}

/** polkadot-api wants a WebSocket in the language itself, which Node 20 has behind a flag. */
const NODE_ENVIRONMENT = { ...process.env, NODE_OPTIONS: '--experimental-websocket --no-warnings' }

const POLKADOT = ['@polkadot/api@16.5.6']
const PAPI = ['polkadot-api@2.2.2', '@polkadot/keyring@14.0.3', '@polkadot/util-crypto@14.0.3']

const CLIENTS: readonly Client[] = [
  python('bittensor 7.4.0', 'classic', ['bittensor==7.4.0'], 'bittensor7.py'),
  python('bittensor-cli 9.23.2', 'dtao', ['bittensor-cli==9.23.2'], 'bittensor9.py'),
  python('bittensor 11.3.0', 'dtao', ['bittensor==11.3.0'], 'bittensor11.py'),
  node('@polkadot/api 16.5.6', 'classic', POLKADOT, 'polkadot.mjs'),
  node('@polkadot/api 16.5.6', 'dtao', POLKADOT, 'polkadot.mjs'),
  node('polkadot-api 2.2.2', 'classic', PAPI, 'papi.mjs'),
  node('polkadot-api 2.2.2', 'dtao', PAPI, 'papi.mjs'),
]

/** Runs a driver to its end; what it prints besides its steps goes to stderr. */
async function drive([program = '', ...words]: readonly string[], folder: string): Promise<Step[]> {
  const steps: Step[] = []
  const child = spawn(program, words, {
    cwd: folder,
    env: NODE_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (data) => {
    complaints = `${complaints}${data}`.slice(-2000)
  })
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"step"')) continue
    const step = JSON.parse(line) as Step
    console.log(`  ${step.ok ? 'ok  ' : 'FAIL'} ${step.step}${step.why ? `: ${step.why}` : ''}`)
    steps.push(step)
  }
  const status = await closed
  if (status === 0 && steps.length > 0) return steps
  return [...steps, { step: 'the driver ends', ok: false, why: `status ${status}: ${complaints}` }]
}

async function tryClient(client: Client, folder: string): Promise<Step[]> {
  const { profile } = client
  const chain = await Localnet.start({ profile, port: 0, onFault: (error) => console.error(error) })
  try {
    await mkdir(folder, { recursive: true })
    return await drive(await client.prepare(folder, chain.endpoint), folder)
  } catch (error) {
    return [{ step: 'install', ok: false, why: (error as Error).message }]
  } finally {
    await chain.stop()
  }
}

type Row = { readonly client: Client; readonly steps: readonly Step[] }

function table(rows: readonly Row[]): string {
  const head = ['| client | profile | passed | steps |', '|---|---|---|---|']
  const lines = rows.map(({ client, steps }) => {
    const passed = steps.filter(({ ok }) => ok).length
    const names = steps.map(({ step, ok }) => (ok ? step : `**${step}: failed**`)).join('; ')
    return `| ${client.name} | ${client.profile} | ${passed} of ${steps.length} | ${names} |`
  })
  return [...head, ...lines].join('\n')
}

const BEGIN = '<!-- test:clients writes the table below -->'

async function save(text: string): Promise<void> {
  const page = await readFile(docs, 'utf8')
  const at = page.indexOf(BEGIN)
  if (at < 0) throw new Error(`${docs} has no place for the table`)
  const day = new Date().toISOString().slice(0, 10)
  const facts = `Run on ${day}, Node ${process.versions.node}, ${process.platform} ${process.arch}.`
  await writeFile(docs, `${page.slice(0, at)}${BEGIN}\n\n${facts}\n\n${text}\n`)
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    folder: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
})
if (values.save && values.only !== '') throw new Error('only a run of all clients is saved')
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'btcli-clients-')))
const rows: Row[] = []
for (const client of CLIENTS) {
  const name = `${client.name} ${client.profile}`
  if (!name.includes(values.only)) continue
  console.log(`${client.name} on ${client.profile}`)
  const own = join(folder, name.replace(/[^\w.]+/g, '-'))
  rows.push({ client, steps: await tryClient(client, own) })
}
console.log(`\n${table(rows)}`)
if (values.save) await save(table(rows))
if (values.folder === undefined) await rm(folder, { recursive: true, force: true })
process.exitCode = rows.every(({ steps }) => steps.every(({ ok }) => ok)) ? 0 : 1
