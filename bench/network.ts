/**
 * Neurons on loopback with signatures on: requests per second and latency of axon and dendrite, memory of an axon with 1,000
 * requests at once, and 256 axons asked at once.
 *
 *     npx tsx bench/network.ts [--python <interpreter with bittensor 6–10>] [--requests 2000] [--at-once 32]
 *
 * With an interpreter the same load also runs against and from Python's neurons. Axon and dendrite are processes of their
 * own; ours answer 500 requests before they are measured. Besides the wall clock, which depends on what else the machine
 * does, each row has the processor time that one request costs on either side (from /proc, so on Linux): its inverse is what
 * one core can do.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { keypairFromUri } from '../src/core/keys/keypair.js'
import { Axon } from '../src/network/axon.js'
import type { ProtocolName } from '../src/network/call.js'
import { Dendrite } from '../src/network/dendrite.js'
import { attachRecorded } from '../test/integration/network/support.js'
import { Custom, TextEcho } from '../test/unit/network/synapses.js'

const self = fileURLToPath(import.meta.url)
const peerScript = fileURLToPath(new URL('../scripts/interop-neurons.py', import.meta.url))

const { values: flags } = parseArgs({
  options: {
    python: { type: 'string' },
    requests: { type: 'string', default: '1000' },
    'at-once': { type: 'string', default: '32' },
    role: { type: 'string' },
    count: { type: 'string', default: '1' },
  },
})

const alice = await keypairFromUri('//Alice')
const bob = await keypairFromUri('//Bob')
const MIB = 2 ** 20
const WARM_UP = 500

/** Runs in the child: axons that answer TextEcho, and Custom only when all expected callers have come. */
async function serve(count: number): Promise<void> {
  const waits: (() => void)[] = []
  const axons = Array.from({ length: count }, () => {
    const axon = new Axon({
      signer: bob,
      port: 0,
      host: '127.0.0.1',
      limits: { maxRunning: 1000 },
      nonceRules: { legacy: true },
    })
    attachRecorded(axon)
    return axon.attach(Custom, {
      forward: () => new Promise<undefined>((resolve) => waits.push(() => resolve(undefined))),
    })
  })
  for (const axon of axons) await axon.start()
  process.send?.(axons.map((axon) => axon.port))
  process.on('message', (message) => {
    if (message === 'report') {
      ;(globalThis as { gc?: () => void }).gc?.()
      const { rss, heapUsed } = process.memoryUsage()
      process.send?.({ waiting: waits.length, rss, heapUsed })
    }
    if (message === 'go') for (const resolve of waits.splice(0)) resolve()
  })
}

async function startOurs(count: number): Promise<{ child: ChildProcess; ports: number[] }> {
  const child = fork(self, ['--role', 'axon', '--count', String(count)], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  })
  const [ports] = (await once(child, 'message')) as [number[]]
  return { child, ports }
}

const targetAt = (port: number) => ({ hotkey: bob.address, ip: '127.0.0.1', port })

/** Processor time of a process so far, in milliseconds; NaN where the system does not tell. */
function cpuMs(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}

/** Runs a load and adds what it cost the axon. */
async function measured(
  name: string,
  axonPid: number | undefined,
  run: () => Promise<Load>,
): Promise<Load & { readonly axonCpu: number }> {
  const before = cpuMs(axonPid)
  const result = await run()
  const axonCpu = (cpuMs(axonPid) - before) / result.requests
  const { perSecond, p50, p99, failed } = result
  show(
    name,
    `${perSecond.toFixed(0).padStart(5)}/s  p50 ${p50.toFixed(0).padStart(5)} ms  p99 ${p99.toFixed(0).padStart(5)} ms  cpu per request: dendrite ${result.cpu.toFixed(2)} ms, axon ${axonCpu.toFixed(2)} ms${failed > 0 ? `  FAILED ${failed}` : ''}`,
  )
  return { ...result, axonCpu }
}

type Load = {
  requests: number
  perSecond: number
  p50: number
  p99: number
  failed: number
  cpu: number
}

async function load(port: number, protocol: ProtocolName): Promise<Load> {
  const dendrite = new Dendrite({ signer: alice, protocol })
  const ask = () =>
    dendrite.call(targetAt(port), TextEcho, { prompt: 'hello', count: 2, tags: ['a'] })
  const total = Number(flags.requests)
  const took: number[] = []
  let failed = 0
  const run = async (requests: number) => {
    let left = requests
    const worker = async () => {
      while (left-- > 0) {
        const result = await ask()
        took.push(result.elapsedMs)
        if (!result.ok) failed++
      }
    }
    await Promise.all(Array.from({ length: Number(flags['at-once']) }, worker))
  }
  // Both ends compile what they run often during the first few hundred requests, which are several times as slow.
  await run(WARM_UP)
  took.length = 0
  const cpu = cpuMs(process.pid)
  const started = performance.now()
  await run(total)
  const seconds = (performance.now() - started) / 1000
  dendrite.close()
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.floor((took.length - 1) * share)] ?? 0
  return {
    requests: total,
    perSecond: total / seconds,
    p50: at(0.5),
    p99: at(0.99),
    failed,
    cpu: (cpuMs(process.pid) - cpu) / total,
  }
}

function show(name: string, value: string): void {
  console.log(`${name.padEnd(40)} ${value}`)
}

async function throughput(): Promise<void> {
  const ours = await startOurs(1)
  const port = ours.ports[0] ?? 0
  const { pid } = ours.child
  const btauth = await measured('our dendrite → our axon, btauth', pid, () => load(port, 'btauth'))
  const http = await measured('our dendrite → our axon, http', pid, () => load(port, 'http'))
  const { python } = flags
  if (python) {
    await measured('Python dendrite → our axon', pid, () => pythonLoad(python, port))
    const peer = spawn(python, [peerScript, 'axon'], { stdio: ['pipe', 'pipe', 'ignore'] })
    const [first] = (await once(createInterface({ input: peer.stdout }), 'line')) as [string]
    const { port: pythonPort } = JSON.parse(first) as { port: number }
    await measured('our dendrite → Python axon', peer.pid, () => load(pythonPort, 'http'))
    const theirs = await measured('Python dendrite → Python axon', peer.pid, () =>
      pythonLoad(python, pythonPort),
    )
    for (const [name, ours] of Object.entries({ btauth, http })) {
      const times = (ratio: number) => `${ratio.toFixed(1)} times`
      const cpu = (theirs.cpu + theirs.axonCpu) / (ours.cpu + ours.axonCpu)
      show(
        `our pair, ${name}, against Python's`,
        `${times(ours.perSecond / theirs.perSecond)} the requests per second, ${times(theirs.p99 / ours.p99)} as quick at p99, ${times(cpu)} less processor time`,
      )
    }
    peer.stdin.end()
    setTimeout(() => peer.kill(), 3000).unref()
  }
  ours.child.kill()
}

async function pythonLoad(python: string, port: number): Promise<Load> {
  const total = Math.min(Number(flags.requests), 500)
  const args = [peerScript, 'load', String(port), String(total), flags['at-once']]
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const text of createInterface({ input: child.stdout })) {
    if (!text.startsWith('{')) continue
    const row = JSON.parse(text) as Record<
      'requests' | 'per_second' | 'p50_ms' | 'p99_ms' | 'failed' | 'cpu_ms',
      number
    >
    return {
      requests: row.requests,
      perSecond: row.per_second,
      p50: row.p50_ms,
      p99: row.p99_ms,
      failed: row.failed,
      cpu: row.cpu_ms,
    }
  }
  throw new Error('the Python dendrite gave no result')
}

type Report = { waiting: number; rss: number; heapUsed: number }

async function ask(child: ChildProcess): Promise<Report> {
  child.send('report')
  const [report] = (await once(child, 'message')) as [Report]
  return report
}

async function memory(): Promise<void> {
  const { child, ports } = await startOurs(1)
  const dendrite = new Dendrite({ signer: alice, maxConnectionsPerAxon: 1000 })
  await dendrite.call(targetAt(ports[0] ?? 0), TextEcho, { prompt: 'x' })
  const idle = await ask(child)
  const calls = Promise.all(
    Array.from({ length: 1000 }, () =>
      dendrite.call(
        targetAt(ports[0] ?? 0),
        Custom,
        { q: 'x'.repeat(1000) },
        { timeoutMs: 60_000 },
      ),
    ),
  )
  let busy = await ask(child)
  while (busy.waiting < 1000) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    busy = await ask(child)
  }
  child.send('go')
  const ok = (await calls).filter((result) => result.ok).length
  const after = await ask(child)
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`
  show('axon idle', `rss ${mib(idle.rss)}, heap ${mib(idle.heapUsed)}`)
  show(
    'axon with 1,000 requests of 1 KB running',
    `rss ${mib(busy.rss)}, heap ${mib(busy.heapUsed)}; ${ok} answered`,
  )
  show('axon afterwards', `rss ${mib(after.rss)}, heap ${mib(after.heapUsed)}`)
  dendrite.close()
  child.kill()
}

async function manyAxons(): Promise<void> {
  const { child, ports } = await startOurs(256)
  const dendrite = new Dendrite({ signer: alice })
  for (const round of [
    '256 axons at once, new connections',
    '256 axons at once, kept connections',
  ]) {
    const started = performance.now()
    const results = await dendrite.query(
      ports.map(targetAt),
      TextEcho,
      { prompt: 'hello' },
      { timeoutMs: 12_000 },
    )
    const ok = results.filter((result) => result.ok).length
    const slowest = Math.max(...results.map((result) => result.elapsedMs))
    show(
      round,
      `${(performance.now() - started).toFixed(0)} ms in all, slowest ${slowest.toFixed(0)} ms, ${ok} answered`,
    )
  }
  dendrite.close()
  child.kill()
}

if (flags.role === 'axon') {
  await serve(Number(flags.count))
} else {
  console.log(`${flags.requests} requests, ${flags['at-once']} at once, Node ${process.version}`)
  await throughput()
  await memory()
  await manyAxons()
  process.exit(0)
}
