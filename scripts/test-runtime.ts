/**
 * Boots a real Subtensor runtime from a chain spec and runs all of btcli against it. Each command must do what it is for,
 * which the chain is asked about, or say that this runtime has no such thing, if it has not. Chopsticks, which runs the
 * runtime's WebAssembly, is installed into a folder with npm; not part of the tests.
 *
 *   npm run test:runtime -- --chain-spec FILE          a raw chain spec
 *   npm run test:runtime -- --chain-spec FILE --code FILE   … with the runtime of another file, hex or .wasm
 *   npm run test:runtime -- --embedded dtao            the embedded chain instead, which needs no Chopsticks
 *   npm run test:runtime -- --chopsticks DIR           where to install, kept for the next time
 *   npm run test:runtime -- --save                     also writes the table into docs/compatibility.md
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { registry } from '../src/cli/registry.js'
import { connect } from '../src/core/chain/connect.js'
import { Localnet } from '../src/localnet/index.js'
import { installChopsticks, startChopsticks, withCode } from './test-runtime/chopsticks.js'
import { LEFT_OUT } from './test-runtime/steps.js'
import { type Outcome, takeSteps } from './test-runtime/takeSteps.js'

const docs = fileURLToPath(new URL('../docs/compatibility.md', import.meta.url))

const { values } = parseArgs({
  options: {
    'chain-spec': { type: 'string' },
    code: { type: 'string' },
    embedded: { type: 'string' },
    chopsticks: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
})
const folder = await mkdtemp(join(tmpdir(), 'btcli-runtime-'))
async function tryRuntime(endpoint: string): Promise<number> {
  const client = await connect({ network: 'local', endpoint })
  try {
    console.error(`${client.specName} ${client.specVersion} at ${endpoint}`)
    const outcomes = await takeSteps(client, folder, ({ result, line, why }) =>
      console.log(`  ${result.padEnd(8)}btcli ${line}${why ? `\n          ${why}` : ''}`),
    )
    const failed = outcomes.filter(({ result }) => result === 'FAILED').length
    console.log(`${outcomes.length} steps, ${failed} failed`)
    const column = values.embedded ?? `${client.specVersion}`
    if (values.save) await save(column, outcomes)
    return failed === 0 ? 0 : 1
  } finally {
    await client.close()
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
  // Spec versions, then the embedded chains.
  const order = (title: string) => (/^\d+$/.test(title) ? title.padStart(9, '0') : `~${title}`)
  const specs = [...columns.keys()].sort((a, b) => (order(a) < order(b) ? -1 : 1))
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

/** Runs the work with a chain, and ends the chain. */
async function withChain(work: (endpoint: string) => Promise<number>): Promise<number> {
  const { embedded, code, chopsticks, 'chain-spec': spec } = values
  if (embedded === 'dtao' || embedded === 'classic') {
    const localnet = await Localnet.start({ profile: embedded, genesis: 'empty', port: 0 })
    return work(localnet.endpoint).finally(() => localnet.stop())
  }
  if (spec === undefined) {
    console.error('name a raw chain spec: npm run test:runtime -- --chain-spec FILE')
    return 2
  }
  console.error('installing Chopsticks …')
  const program = await installChopsticks(chopsticks ?? join(folder, 'chopsticks'))
  const genesis = code === undefined ? spec : await withCode(spec, code, folder)
  const node = await startChopsticks(program, { genesis })
  return work(node.endpoint).finally(() => node.stop())
}

let status = 1
try {
  status = await withChain(tryRuntime)
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exit(status)
