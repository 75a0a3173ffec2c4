/**
 * Boots a real Subtensor runtime from a chain spec and runs all of btcli against it. Each command must do what it is for,
 * which the chain is asked about, or say that this runtime has no such thing, if it has not. Chopsticks, which runs the
 * runtime's WebAssembly, is installed into a folder with npm; not part of the tests.
 *
 *   npm run test:runtime -- --chain-spec FILE          a raw chain spec
 *   npm run test:runtime -- --chain-spec FILE --code FILE   … with the runtime of another file, hex or .wasm
 *   npm run test:runtime -- --chopsticks DIR           where to install, kept for the next time
 *   npm run test:runtime -- --save                     also writes the table into docs/compatibility.md
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { World } from '../src/cli/context.js'
import { main } from '../src/cli/main.js'
import { processWorld } from '../src/cli/processContext.js'
import { registry } from '../src/cli/registry.js'
import { connect } from '../src/core/chain/connect.js'
import type { ChainClient } from '../src/core/chain/types.js'
import { keypairFromUri } from '../src/core/keys/keypair.js'
import { installChopsticks, startChopsticks, withCode } from './test-runtime/chopsticks.js'
import { type Changes, type Facts, LEFT_OUT, type Step, steps } from './test-runtime/steps.js'

const docs = fileURLToPath(new URL('../docs/compatibility.md', import.meta.url))

/** `absent`: the runtime has no such thing, and the command has said so. */
type Outcome = {
  readonly command: string
  readonly line: string
  readonly result: 'ok' | 'absent' | 'refused' | 'FAILED'
  readonly why: string
}

const { values } = parseArgs({
  options: {
    'chain-spec': { type: 'string' },
    code: { type: 'string' },
    chopsticks: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
})
const folder = await mkdtemp(join(tmpdir(), 'btcli-runtime-'))
const processes = processWorld()

async function tryRuntime(endpoint: string): Promise<number> {
  const client = await connect({ network: 'local', endpoint })
  const outcomes: Outcome[] = []
  try {
    console.error(`${client.specName} ${client.specVersion} at ${endpoint}`)
    let facts = await prepare(client)
    for (const step of steps) {
      const [outcome, learnt] = await take(step, facts, client)
      facts = { ...facts, ...learnt }
      const { result, line, why } = outcome
      console.log(`  ${result.padEnd(8)}btcli ${line}${why ? `\n          ${why}` : ''}`)
      outcomes.push(outcome)
    }
  } finally {
    await client.close()
  }
  const ran = new Set(outcomes.map(({ command }) => command))
  const forgotten = registry.filter(({ name }) => !ran.has(name) && LEFT_OUT[name] === undefined)
  for (const { name } of forgotten) console.log(`  FAILED  btcli ${name} is in no step`)
  const failed = outcomes.filter(({ result }) => result === 'FAILED').length + forgotten.length
  console.log(`${outcomes.length} steps, ${failed} failed`)
  if (values.save) await save(`${client.specVersion}`, outcomes)
  return failed === 0 ? 0 : 1
}

/** Accounts with funds, a sudo key, and no waiting between transactions. */
async function prepare(client: ChainClient): Promise<Facts> {
  const address = async (uri: string) => (await keypairFromUri(uri)).address
  const alice = await address('//Alice')
  const bob = await address('//Bob')
  const account = (who: string) => [[who], { providers: 1, data: { free: '100000000000000' } }]
  await change(client, {
    System: { Account: [account(alice), account(bob)] },
    Sudo: { Key: alice },
    SubtensorModule: {
      TxRateLimit: 0,
      NetworkRateLimit: 0,
      TxDelegateTakeRateLimit: 0,
      TxChildkeyTakeRateLimit: 0,
      WeightsMinStake: 0,
    },
  })
  return {
    alice,
    bob,
    miner: await address('//Alice//miner'),
    racer: await address('//Alice//racer'),
    spare: await address('//Alice//spare'),
    fresh: await address('//Alice//fresh'),
    dtao: client.era === 'dtao',
    netuid: 0,
    second: 0,
    proposal: '0',
    folder,
    last: undefined,
  }
}

/** Sets storage as Chopsticks encodes it, leaving out what this runtime does not have. */
async function change(client: ChainClient, changes: Changes): Promise<void> {
  const known = Object.entries(changes).map(([pallet, items]) => [
    pallet,
    Object.fromEntries(
      Object.entries(items)
        .filter(([item]) => client.hasStorage(pallet, item))
        .map(([item, value]) => [item, stored(value)]),
    ),
  ])
  const present = known.filter(([, items]) => Object.keys(items ?? {}).length > 0)
  await client.request('dev_setStorage', [Object.fromEntries(present)])
  await client.request('dev_newBlock', [{ count: 1 }])
}

/** Chopsticks takes zero and false for a removal, but not as text. */
function stored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stored)
  if (value === false) return '0x00'
  return typeof value === 'number' ? `${value}` : value
}

async function take(
  step: Step,
  facts: Facts,
  client: ChainClient,
): Promise<readonly [Outcome, Partial<Facts>]> {
  const line = typeof step.line === 'string' ? step.line : step.line(facts)
  const words = line.match(/'[^']*'|\S+/g)?.map((word) => word.replace(/^'|'$/g, '')) ?? []
  const [command = ''] = words
  const outcome = (result: Outcome['result'], why = '') => ({ command, line, result, why })
  if (step.before) await change(client, step.before(facts))
  const old = await client.at()
  const answer = await run([...words, '-y', '--json_output'], client.endpoint)
  const view = await client.at()
  const isHere = !step.needs || step.needs.some((path) => has(view, path))
  if (answer.status !== 0) {
    const { code = '', message = answer.stderr } = answer.error
    const why = `${code}: ${message}`
    const saysSo = code === 'RUNTIME_UNSUPPORTED' || code === 'POW_DISABLED'
    if (!isHere && saysSo) return [outcome('absent', message), {}]
    const { orRefused } = step
    const mayRefuse = orRefused && has(view, orRefused.where) && orRefused.why.test(message)
    if (mayRefuse) return [outcome('refused', message), {}]
    return [outcome('FAILED', why), {}]
  }
  if (!isHere) return [outcome('FAILED', 'the runtime has no such thing, yet it went through'), {}]
  const now = { ...facts, last: answer.data }
  if (step.holds && !(await step.holds(view, now, old))) {
    return [outcome('FAILED', 'the chain does not show what this should have done'), {}]
  }
  return [outcome('ok'), { last: answer.data, ...(await step.learn?.(view, now)) }]
}

function has(view: Awaited<ReturnType<ChainClient['at']>>, path: string): boolean {
  const [pallet = '', name = ''] = path.split('.')
  const isListed = view.apiOutput(pallet, name) !== undefined
  return view.hasCall(pallet, name) || view.hasStorage(pallet, name) || isListed
}

/** Runs the real `main` in a home of its own. */
async function run(words: readonly string[], endpoint: string) {
  const written = { stdout: '', stderr: '' }
  const sink = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
    },
    isTTY: false,
    columns: undefined,
  })
  const world: World = {
    ...processes,
    home: folder,
    cwd: folder,
    stdin: { isTTY: false, readText: async () => '' },
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {
      ...processes.env,
      BT_WALLET_PATH: join(folder, 'wallets'),
      BT_SUBTENSOR_CHAIN_ENDPOINT: endpoint,
      BTCLI_NO_SPINNER: '1',
    },
  }
  const status = await main([...words], () => world)
  const document = parse(written.stdout)
  return { status, data: document?.data, error: document?.error ?? {}, ...written }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const BEGIN = '<!-- test:runtime writes the table below, a column each time -->\n'
const END = '\n<!-- end of that table -->'

/** Puts the column of this runtime into the table of docs/compatibility.md. */
async function save(specVersion: string, outcomes: readonly Outcome[]): Promise<void> {
  const page = await readFile(docs, 'utf8')
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before < 0 || after < before) throw new Error(`${docs} has no place for the table`)
  const [head = [], , ...rows] = cellsOf(page.slice(before + BEGIN.length, after))
  const columns = new Map(
    head.map((title, i) => [title, new Map(rows.map((row) => [row[0] ?? '', row[i] ?? '']))]),
  )
  const now = new Map(registry.map(({ name }) => [name, summary(name, outcomes)]))
  now.set('*run on*', new Date().toISOString().slice(0, 10))
  columns.set(specVersion, now)
  columns.delete('command')
  const specs = [...columns.keys()].sort((a, b) => Number(a) - Number(b))
  const names = ['*run on*', ...registry.map(({ name }) => name)]
  const table = [
    ['command', ...specs],
    ['---', ...specs.map(() => '---')],
    ...names.map((name) => [name, ...specs.map((one) => columns.get(one)?.get(name) ?? '')]),
  ]
  const text = table.map((row) => `| ${row.join(' | ')} |`).join('\n')
  await writeFile(docs, `${page.slice(0, before)}${BEGIN}${text}${page.slice(after)}`)
}

function cellsOf(table: string): string[][] {
  const lines = table.split('\n').filter((line) => line.startsWith('|'))
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** All steps of a command in a word. */
function summary(command: string, outcomes: readonly Outcome[]): string {
  if (LEFT_OUT[command] !== undefined) return 'left out'
  const results = outcomes.filter((one) => one.command === command).map(({ result }) => result)
  if (results.length === 0 || results.includes('FAILED')) return '**failed**'
  if (results.includes('ok')) return 'ok'
  return results.includes('refused') ? 'refused' : '–'
}

const spec = values['chain-spec']
if (spec === undefined) {
  console.error('name a raw chain spec: npm run test:runtime -- --chain-spec FILE')
  process.exit(2)
}
let status = 1
try {
  console.error('installing Chopsticks …')
  const program = await installChopsticks(values.chopsticks ?? join(folder, 'chopsticks'))
  const genesis = values.code === undefined ? spec : await withCode(spec, values.code, folder)
  const node = await startChopsticks(program, { genesis })
  try {
    status = await tryRuntime(node.endpoint)
  } finally {
    await node.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exit(status)
