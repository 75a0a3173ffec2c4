/**
 * Reading commands of the built binary against embedded chains behind a slow line: round trips, requests, bytes, and wall
 * time from start to end of the process. Needs `npm run build`.
 *
 *     npx tsx bench/reads.ts [--latency 20] [--runs 5]
 *
 * The latency is added in each direction, so that a round trip takes twice as much. The chains and the line are a process of
 * their own. The first run of each command, which loads the metadata, is not counted.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { WebSocket, WebSocketServer } from 'ws'
import { parseAccount } from '../src/core/keys/ss58.js'
import { devAccount } from '../src/localnet/genesis/devKeys.js'
import { largeGenesis } from '../src/localnet/genesis/large.js'
import { Localnet } from '../src/localnet/index.js'

const { values: flags } = parseArgs({
  options: {
    latency: { type: 'string', default: '20' },
    runs: { type: 'string', default: '5' },
    role: { type: 'string' },
  },
})
const LATENCY_MS = Number(flags.latency)
const HOTKEYS = 200
/** netuid of 4096 neurons in preset `large`. */
const BIG = 33

type Counts = { trips: number; requests: number; up: number; down: number }

/**
 * Passes messages on after the latency. A request is one round trip after the last answer that its sender had when it sent
 * it; opening the connection is the first.
 */
async function slowLine(target: string, counts: Counts): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
  server.on('connection', (client) => {
    const upstream = new WebSocket(target, { perMessageDeflate: false, maxPayload: 2 ** 30 })
    const ready = once(upstream, 'open')
    const asked = new Map<number, number>()
    counts.trips = 1
    let answered = 1
    client.on('message', async (data) => {
      const text = data.toString()
      counts.requests++
      counts.up += text.length
      asked.set(idOf(text), answered + 1)
      await ready
      setTimeout(() => upstream.send(text), LATENCY_MS)
    })
    upstream.on('message', (data) => {
      const text = data.toString()
      counts.down += text.length
      setTimeout(() => {
        answered = Math.max(answered, asked.get(idOf(text)) ?? 0)
        counts.trips = Math.max(counts.trips, answered)
        client.send(text)
      }, LATENCY_MS)
    })
    client.on('close', () => upstream.close())
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The id stands at either end of a message; answers are too long to be parsed for it. */
function idOf(text: string): number {
  const ends = `${text.slice(0, 60)} ${text.slice(-40)}`
  return Number(/"id":(\d+)/.exec(ends)?.[1])
}

async function serve(): Promise<void> {
  const counts: Counts = { trips: 0, requests: 0, up: 0, down: 0 }
  const lines = []
  for (const chain of [
    await Localnet.start({ genesis: 'large', blocks: 'manual', port: 0 }),
    await Localnet.start({ profile: 'dtao', blocks: 'manual', port: 0 }),
  ]) {
    lines.push(await slowLine(chain.endpoint, counts))
  }
  process.on('message', () => {
    process.send?.({ ...counts })
    Object.assign(counts, { trips: 0, requests: 0, up: 0, down: 0 })
  })
  process.send?.(lines)
}

/** A home with wallet `large` that has the hotkeys of 200 neurons, eight on each subnet, and Alice as wallet `alice`. */
function homeOf(): string {
  const home = mkdtempSync(join(tmpdir(), 'btcli-bench-'))
  const write = (file: string, account: string) => {
    const path = join(home, '.bittensor/wallets', file)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const ss58Address = parseAccount(account).address
    const key = { accountId: account, publicKey: account, ss58Address }
    writeFileSync(path, JSON.stringify(key), { mode: 0o600 })
  }
  write('alice/coldkeypub.txt', devAccount('//Alice'))
  write('large/coldkeypub.txt', devAccount('//Bob'))
  const some = (largeGenesis().subnets ?? []).flatMap(({ neurons }) => neurons.slice(0, 8))
  for (const [i, { hotkey }] of some.slice(0, HOTKEYS).entries()) {
    write(`large/hotkeys/h${i}`, hotkey)
  }
  return home
}

async function btcli(home: string, endpoint: string, words: readonly string[]): Promise<number> {
  const bin = fileURLToPath(new URL('../bin/btcli.js', import.meta.url))
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [bin, ...words, '--subtensor.chain_endpoint', endpoint, '--json'],
    { env: { PATH: process.env['PATH'], HOME: home }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let errors = ''
  child.stderr.on('data', (data) => {
    errors += data
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`btcli ${words.join(' ')} ended with ${code}: ${errors}`)
  return performance.now() - started
}

async function measure(): Promise<void> {
  const server = fork(
    fileURLToPath(import.meta.url),
    ['--role', 'node', '--latency', flags.latency],
    {
      execArgv: ['--import', 'tsx'],
    },
  )
  const home = homeOf()
  try {
    const [[large, dtao]] = (await once(server, 'message')) as [[string, string]]
    console.log(`${LATENCY_MS} ms each way, fastest of ${flags.runs}, Node ${process.version}`)
    console.log(line(['', 'round trips', 'requests', 'kB up', 'kB down', 'ms']))
    for (const [name, endpoint, command] of [
      ['list_subnets, 33 subnets', large, 'list_subnets'],
      ['list_subnets, dTAO', dtao, 'list_subnets'],
      ['metagraph, 4096 neurons', large, `metagraph --netuid ${BIG}`],
      [`overview, ${HOTKEYS} hotkeys`, large, 'overview -w large'],
      ['stake_list, classic', large, 'stake_list -w alice'],
      ['stake_list, dTAO', dtao, 'stake_list -w alice'],
      ['balance, dTAO', dtao, 'balance -w alice'],
    ] as const) {
      const words = command.split(' ')
      const report = async () => {
        server.send('report')
        const [counts] = (await once(server, 'message')) as [Counts]
        return counts
      }
      await btcli(home, endpoint, words)
      const times: number[] = []
      let counts = await report()
      for (let i = 0; i < Number(flags.runs); i++) {
        times.push(await btcli(home, endpoint, words))
        counts = await report()
      }
      const kB = (bytes: number) => (bytes / 1000).toFixed(1)
      const { trips, requests, up, down } = counts
      const ms = Math.min(...times).toFixed(0)
      console.log(line([name, `${trips}`, `${requests}`, kB(up), kB(down), ms]))
    }
  } finally {
    server.kill()
    rmSync(home, { recursive: true })
  }
}

function line([name = '', ...cells]: readonly string[]): string {
  return [name.padEnd(26), ...cells.map((cell) => cell.padStart(12))].join('')
}

if (flags.role === 'node') await serve()
else await measure()
