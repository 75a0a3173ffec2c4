/**
 * Runs the commands of btcli against a real runtime, booted from a chain spec by chopsticks:
 *
 *     npm run test:runtime -- --chain-spec raonet.json [--code runtime.hex] [--chopsticks FOLDER] [--built] [--keep] [--json]
 *
 * `--code` replaces the runtime of the spec (hex text, or a .wasm file). Chopsticks is installed into a temporary folder, or
 * taken from the folder that is named; `--built` uses the build that is there. Prints one row per command: done, refused by a sentence (the runtime has no such
 * thing, or the state does not allow it), or failed. The status is 1 if any failed.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { connect } from '../src/core/chain/connect.js'
import { encode } from '../src/core/chain/encode.js'
import { storageKey } from '../src/core/chain/storageKey.js'
import { toHex } from '../src/core/keys/hex.js'
import { keypairFromUri } from '../src/core/keys/keypair.js'
import { createColdkey, createHotkey } from '../src/core/wallet/create.js'

const CHOPSTICKS = '@acala-network/chopsticks@1.1.0'
const root = fileURLToPath(new URL('..', import.meta.url))

const { values: flags } = parseArgs({
  options: {
    'chain-spec': { type: 'string' },
    code: { type: 'string' },
    chopsticks: { type: 'string' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
  },
})
const specFile = flags['chain-spec']
if (specFile === undefined) throw new Error('say --chain-spec FILE')

const scratch = mkdtempSync(join(tmpdir(), 'btcli-runtime-'))
const home = join(scratch, 'home')
let node: ChildProcess | undefined

/** The folder with chopsticks in its node_modules. */
function chopsticksFolder(): string {
  if (flags.chopsticks !== undefined) return resolve(flags.chopsticks)
  console.error(`installing ${CHOPSTICKS} …`)
  writeFileSync(join(scratch, 'package.json'), '{"private":true}')
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', CHOPSTICKS]
  execFileSync('npm', words, { cwd: scratch, stdio: ['ignore', 'ignore', 'inherit'] })
  return scratch
}

/** The chain spec, with another runtime if one is given. */
function genesisFile(): string {
  if (flags.code === undefined) return resolve(specFile as string)
  const spec = JSON.parse(readFileSync(specFile as string, 'utf8')) as {
    genesis: { raw: { top: Record<string, string> } }
  }
  const content = readFileSync(flags.code)
  const isHex = /^"?(0x)?[0-9a-f]{64}/i.test(content.subarray(0, 80).toString('latin1'))
  const hex = isHex
    ? content.toString('latin1').replace(/[\s"]|^"?0x/g, '')
    : content.toString('hex')
  // `:code`
  spec.genesis.raw.top['0x3a636f6465'] = `0x${hex}`
  const path = join(scratch, 'genesis.json')
  writeFileSync(path, JSON.stringify(spec))
  return path
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}

/** Boots the runtime; blocks are made as transactions come. */
async function boot(): Promise<string> {
  const folder = chopsticksFolder()
  const port = await freePort()
  const config = join(scratch, 'chopsticks.json')
  writeFileSync(
    config,
    JSON.stringify({
      genesis: genesisFile(),
      port,
      host: '127.0.0.1',
      'build-block-mode': 'Instant',
      'mock-signature-host': false,
      db: join(scratch, 'db.sqlite'),
    }),
  )
  const program = join(folder, 'node_modules/@acala-network/chopsticks/chopsticks.cjs')
  node = spawn(process.execPath, [program, '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(join(scratch, 'node.log'))
  const started = new Promise<void>((done, fail) => {
    node?.stdout?.on('data', (text: Buffer) => {
      log.write(text)
      if (/listening on/.test(text.toString())) done()
    })
    node?.stderr?.on('data', (text: Buffer) => log.write(text))
    node?.once('exit', (code) => fail(new Error(`chopsticks ended with status ${code}`)))
  })
  await started
  return `ws://127.0.0.1:${port}`
}

const PEOPLE = ['Alice', 'Bob', 'Charlie'] as const

/** Gives the development accounts τ and makes wallets of them. @returns the spec version */
async function populate(endpoint: string): Promise<number> {
  const client = await connect({ network: 'local', endpoint })
  const { types, pallets } = client.runtime.description
  const item = pallets['System']?.storage['Account']
  if (!item) throw new Error('this runtime has no System.Account')
  const view = await client.at()
  const wallets = join(home, '.bittensor', 'wallets')
  const entries: [string, string][] = []
  for (const name of PEOPLE) {
    const coldkey = await keypairFromUri(`//${name}`)
    const hotkey = await keypairFromUri(`//${name}//hot`)
    await createColdkey({ root: wallets, name }, coldkey)
    await createHotkey({ root: wallets, name, hotkey: 'default' }, hotkey)
    for (const { address } of [coldkey, hotkey]) {
      const account = (await view.read('System', 'Account', address)) as { data: object }
      const value = {
        ...account,
        providers: 1,
        data: { ...account.data, free: 1_000_000n * 10n ** 9n },
      }
      const bytes = encode(types, item.value, value, 'account')
      entries.push([storageKey(types, item, [address]), toHex(bytes)])
    }
  }
  // What the chain limits to one in hours would leave most commands untried.
  for (const name of ['NetworkRateLimit', 'TxRateLimit']) {
    const limit = pallets['SubtensorModule']?.storage[name]
    if (limit) entries.push([limit.prefix, toHex(encode(types, limit.value, 0n, name))])
  }
  await client.request('dev_setStorage', [entries])
  await client.request('dev_newBlock', [{ count: 1 }])
  await client.close()
  return client.specVersion
}

type Row = {
  readonly command: string
  readonly verdict: 'done' | 'refused' | 'failed'
  readonly text: string
}

type Document = {
  readonly ok: boolean
  readonly data?: Record<string, unknown>
  readonly error?: { readonly code: string; readonly message: string }
}

const env = { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8' }

function btcli(words: readonly string[], endpoint: string): Promise<Document> {
  const program = join(root, 'bin', 'btcli.js')
  const argv = [program, ...words, '--subtensor.chain_endpoint', endpoint, '--json_output', '-y']
  return new Promise((done) => {
    execFile(
      process.execPath,
      argv,
      { env, cwd: scratch, timeout: 120_000, maxBuffer: 2 ** 26 },
      (_, stdout, stderr) => {
        try {
          done(JSON.parse(stdout) as Document)
        } catch {
          done({ ok: false, error: { code: 'NO_JSON', message: stderr.slice(-200) } })
        }
      },
    )
  })
}

/** Answers that are no fault of the client: the runtime or the state does not have it, and a sentence says so. */
const REFUSALS: readonly string[] = [
  'RUNTIME_UNSUPPORTED',
  'SUBNET_NOT_FOUND',
  'NOT_REGISTERED',
  'ALREADY_REGISTERED',
  'NOT_DELEGATE',
  'NOT_SENATE_MEMBER',
  'PROPOSAL_NOT_FOUND',
  'INSUFFICIENT_BALANCE',
  'INSUFFICIENT_STAKE',
  'RATE_LIMITED',
  'SLIPPAGE',
  'POW_DISABLED',
  'EXTRINSIC_FAILED',
  'USAGE',
]

function rowOf(command: string, { ok, error }: Document): Row {
  if (ok) return { command, verdict: 'done', text: '' }
  const text = `${error?.code}: ${error?.message}`
  return { command, verdict: REFUSALS.includes(error?.code ?? '') ? 'refused' : 'failed', text }
}

/** Every command that asks or changes a chain, in an order in which one prepares the next. */
function commandLines(netuid: number, spec: number): readonly (readonly string[])[] {
  const subnet = ['--netuid', `${netuid}`]
  // Stake belongs to a subnet since the dTAO preview.
  const stake = spec >= 208 ? subnet : []
  return [
    ['list_subnets'],
    ['balance', '-w', 'Alice'],
    ['transfer', '-w', 'Alice', '--dest', 'wallet:Bob', '--amount', '1.5'],
    ['recycle_register', '-w', 'Alice', '-H', 'default', ...subnet],
    ['root_register', '-w', 'Alice', '-H', 'default'],
    ['stake', '-w', 'Alice', '-H', 'default', '--amount', '0.01', ...stake],
    ['nominate', '-w', 'Alice', '-H', 'default'],
    ['set_weights', '-w', 'Alice', '-H', 'default', ...subnet, '--uids', '0', '--weights', '1'],
    ['overview', '-w', 'Alice'],
    ['inspect', '-w', 'Alice'],
    ['metagraph', ...subnet],
    ['weights', ...subnet],
    ['hyperparameters', ...subnet],
    ['list_delegates', '--no_names'],
    ['my_delegates', '-w', 'Alice', '--no_names'],
    ['root_list', '--no_names'],
    ['root_weights', '--no_names'],
    ['senate', '--no_names'],
    ['proposals', '--no_names'],
    ['stake_list', '-w', 'Alice'],
    ['subnet_show', ...subnet],
    ['children_get', '-w', 'Alice', '-H', 'default', ...subnet],
    ['get_take', '-w', 'Alice', '-H', 'default'],
    ['claim_get', '-w', 'Alice'],
    ['auto_stake_get', '-w', 'Alice'],
    ['proxy_add', '-w', 'Alice', '--delegate', 'wallet:Bob', '--type', 'Transfer'],
    ['proxy_list', '-w', 'Alice'],
    [
      'transfer',
      '-w',
      'Bob',
      '--proxy',
      'wallet:Alice',
      '--dest',
      'wallet:Charlie',
      '--amount',
      '1',
    ],
    ['proxy_remove', '-w', 'Alice', '--delegate', 'wallet:Bob'],
    [
      'unstake',
      '-w',
      'Alice',
      '-H',
      'default',
      ...(spec >= 208 ? ['--amount_alpha', '0.001'] : ['--amount', '0.001']),
      ...stake,
    ],
    ['query', 'System.Account', 'wallet:Alice'],
    ['query', 'SubtensorModule.NetworksAdded'],
    ['const', 'Balances.ExistentialDeposit'],
    ['api', 'AccountNonceApi.account_nonce', 'wallet:Alice'],
    ['tx', 'System.remark', '--remark', 'hello', '-w', 'Alice'],
    ['decode', '0x00001468656c6c6f', '--as', 'call'],
    ['metadata', 'save', 'runtime.scale'],
    ['transfer', '-w', 'Alice', '--dest', 'wallet:Bob', '--amount', '2', '--unsigned', 't.json'],
    ['sign_tx', 't.json', '-w', 'Alice', '--allow_unchecked_metadata'],
    ['submit', 't.signed.json'],
  ]
}

/** Makes a subnet if the runtime lets anybody, and finds one. */
async function subnet(endpoint: string): Promise<number> {
  const network = ['tx', 'SubtensorModule.register_network', '-w', 'Bob']
  const args = JSON.stringify({ hotkey: 'wallet:Bob/default', mechid: 1 })
  const made = await btcli(network, endpoint)
  if (!made.ok) {
    const full = await btcli([...network, '--args', args], endpoint)
    if (!full.ok) {
      const hotkey = JSON.stringify({ hotkey: 'wallet:Bob/default' })
      await btcli([...network, '--args', hotkey], endpoint)
    }
  }
  const { data } = await btcli(['query', 'SubtensorModule.NetworksAdded'], endpoint)
  const entries = (data?.['entries'] ?? []) as readonly { readonly keys: readonly number[] }[]
  return Math.max(0, ...entries.map(({ keys }) => keys[0] ?? 0)) || 1
}

function table(rows: readonly Row[], spec: number): string {
  const width = Math.max(...rows.map(({ command }) => command.length))
  const lines = rows.map(({ command, verdict, text }) =>
    `${command.padEnd(width)}  ${verdict.padEnd(7)}  ${text}`.trimEnd(),
  )
  const count = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict).length
  const sum = `spec ${spec}: ${count('done')} done, ${count('refused')} refused in words, ${count('failed')} failed`
  return [...lines, '', sum].join('\n')
}

let failed = true
try {
  if (!flags.built) {
    execFileSync(process.execPath, [join(root, 'scripts', 'build.js'), '--bundle'], { cwd: root })
  }
  const endpoint = await boot()
  const spec = await populate(endpoint)
  const netuid = await subnet(endpoint)
  const rows: Row[] = []
  for (const words of commandLines(netuid, spec)) {
    const command = words.filter((word, i) => i === 0 || !/^(-w|-H|Alice|Bob|default)$/.test(word))
    rows.push(rowOf(command.join(' '), await btcli(words, endpoint)))
  }
  console.log(flags.json ? JSON.stringify({ spec, rows }) : table(rows, spec))
  failed = rows.some(({ verdict }) => verdict === 'failed')
} finally {
  node?.kill()
  if (flags.keep) console.error(`kept: ${scratch}`)
  else rmSync(scratch, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
