/**
 * The speed of the proof-of-work search against other implementations on the same machine, in one run.
 *
 *   npx tsx bench/pow.ts [--python PATH] [--rounds 5] [--seconds 1] [--gpu]
 *
 * Each round measures all of them one after another, so that all see the same machine; what counts is the median of the
 * rounds. Rates are hashes per second of CPU time, which other processes hardly disturb, and of wall time. Baselines are
 * run where their tools are at hand: gcc or cc, processors with AVX2 and AVX-512, a Python with pycryptodome, a Python with
 * bittensor 11.3. After that: how soon threads hear of news, and what the panel costs. GPUs are measured when asked for.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Challenge } from '../src/core/pow/challenge.js'
import { availableCores } from '../src/core/pow/cores.js'
import type { Helper } from '../src/core/pow/helpers.js'
import { jobOf } from '../src/core/pow/job.js'
import { type KernelName, loadKernel } from '../src/core/pow/kernel.js'
import { panelLines } from '../src/core/pow/panel.js'
import { createRateMeter } from '../src/core/pow/progress.js'
import { progressOf } from '../src/core/pow/solve.js'
import { createSolver, type Solver } from '../src/core/pow/solver.js'

type Sample = { readonly hashes: number; readonly seconds: number; readonly cpuSeconds: number }
type Contestant = { readonly name: string; readonly run: () => Promise<Sample> | Sample }

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    gpu: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pow-bench-'))

const HOPELESS: Challenge = {
  scheme: 'register-be',
  blockNumber: 1,
  blockHash: new Uint8Array(32).fill(1),
  key: new Uint8Array(32).fill(2),
  coldkey: new Uint8Array(32).fill(3),
  netuid: 1,
  difficulty: 2n ** 64n - 1n,
}

/** A thread that calls a kernel again and again: one of its functions, or what it settles for when it has tried all. */
const BARE = `
const { parentPort, workerData } = require('node:worker_threads')
const { url, module, which, job, batch, seconds } = workerData
import(url).then(({ createScanner, createScanners, createFallbackScanner }) => {
  const scanner = !module
    ? createFallbackScanner()
    : which === undefined ? createScanner(module) : createScanners(module)[which]
  scanner.setJob(job)
  for (let i = 0; i < (module ? 600 : 1); i++) scanner.scan(0n, batch)
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  let hashes = 0
  for (; performance.now() - started < seconds * 1000; hashes += batch) scanner.scan(BigInt(hashes), batch)
  const { user, system } = process.cpuUsage(cpu)
  const elapsed = (performance.now() - started) / 1000
  parentPort.postMessage({ hashes, seconds: elapsed, cpuSeconds: (user + system) / 1e6 })
})`

/** A thread that does nothing but read the clock, for ten seconds: how often and for how long it is stopped. */
const CLOCK = `
const { parentPort } = require('node:worker_threads')
const gaps = []
const end = performance.now() + 10_000
for (let last = performance.now(); last < end; ) {
  const now = performance.now()
  if (now - last > 1) gaps.push(now - last)
  last = now
}
parentPort.postMessage(gaps)`

/** As src/cli/powDisplay.ts draws it. */
const PANEL_MS = 250

try {
  await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const contestants = [...kernels(), ...solvers(), ...(await baselines())]
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of contestants) samples.get(name)?.push(await run())
  }
  const rate = report(samples)
  await reportLatency(rate)
  await reportPanel()
  if (values.gpu) await reportGpus()
}

/**
 * One kernel call after another in a thread of its own: no shared memory. Not in this thread, where it is a fifth slower in
 * some runs: chance decides where the stack of a main thread lies, and it may get in the way of the kernel's memory.
 */
function kernels(): Contestant[] {
  const bare = (
    name: string,
    kernel: KernelName,
    scheme: Challenge['scheme'],
    contiguous: boolean,
    which?: number,
  ): Contestant => {
    const { batch, module } = loadKernel(kernel)
    const file = module ? 'scanner' : 'fallback'
    const url = new URL(`../src/core/pow/${file}.js`, import.meta.url).href
    const job = jobOf({ ...HOPELESS, scheme }, contiguous)
    return { name, run: () => sampleOf({ url, module, which, job, batch, seconds }) }
  }
  return [
    bare('kernel simd', 'simd', 'register-be', true),
    bare('kernel simd, vectors alone', 'simd', 'register-be', true, 0),
    bare('kernel simd, woven', 'simd', 'register-be', true, 1),
    bare('kernel simd, little-endian', 'simd', 'register-le', true),
    bare('kernel simd, pow_register', 'simd', 'pow_register', false),
    bare('kernel simd, pow_register in a range', 'simd', 'pow_register', true),
    bare('kernel scalar', 'scalar', 'register-be', true),
    bare('kernel js', 'js', 'register-be', true),
  ]
}

async function sampleOf(workerData: Readonly<Record<string, unknown>>): Promise<Sample> {
  const thread = new Worker(BARE, { eval: true, execArgv: [], workerData })
  const [sample] = await once(thread, 'message')
  await thread.terminate()
  return sample
}

/** The whole thing: threads, shared memory, chunks. */
function solvers(): Contestant[] {
  return [1, 2].map((workers) => ({
    name: `solver, ${workers} thread${workers > 1 ? 's' : ''}`,
    async run() {
      const solver = createSolver({ workers })
      await solver.start()
      void solver.setChallenge(HOPELESS)
      // Until all is compiled and the threads have settled for the faster function.
      await delay(1000)
      const before = solver.stats().hashes
      const started = performance.now()
      const cpu = process.cpuUsage()
      await delay(seconds * 1000)
      const hashes = Number(solver.stats().hashes - before)
      const { user, system } = process.cpuUsage(cpu)
      const elapsed = (performance.now() - started) / 1000
      await solver.stop()
      return { hashes, seconds: elapsed, cpuSeconds: (user + system) / 1e6 }
    },
  }))
}

async function baselines(): Promise<Contestant[]> {
  const script = join(here, 'pow-baseline.py')
  const python = (name: string, kind: string): Contestant[] =>
    works(values.python, [script, kind, '0.01'])
      ? [{ name, run: () => parsed(values.python, [script, kind, `${seconds}`]) }]
      : []
  return [
    ...native('C, scalar', ['-mno-avx512f'], 1e6),
    ...native('C, AVX2', ['-mno-avx512f', '-DBYTES=32'], 4e6),
    ...native('C, AVX-512', ['-DBYTES=64'], 1e7),
    ...python('Python, bittensor 5.3.1', 'classic'),
    ...python('Python, without the hex detour', 'plain'),
    ...python('Rust, bittensor 11.3', 'rust'),
  ]
}

/** Compiled here; left out where there is no compiler, or no such processor. */
function native(name: string, flags: readonly string[], perSecond: number): Contestant[] {
  const binary = join(folder, name.replaceAll(/\W/g, ''))
  const source = join(here, 'pow-native.c')
  const compiled = ['gcc', 'cc', 'clang'].some((compiler) =>
    works(compiler, ['-O3', '-march=native', ...flags, '-o', binary, source]),
  )
  const runs = compiled && works(binary, ['64'])
  const count = `${Math.round(perSecond * seconds)}`
  return runs ? [{ name, run: () => parsed(binary, [count]) }] : []
}

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function parsed(command: string, args: readonly string[]): Sample {
  return JSON.parse(execFileSync(command, args, { encoding: 'utf8' }))
}

function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
}

/** Returns the hashes per second of one thread's CPU time. */
function report(samples: ReadonlyMap<string, readonly Sample[]>): number {
  const cpu = new Map<string, number>()
  const wall = new Map<string, number>()
  for (const [name, list] of samples) {
    cpu.set(name, median(list.map(({ hashes, cpuSeconds }) => hashes / cpuSeconds / 1e6)))
    wall.set(name, median(list.map((sample) => sample.hashes / sample.seconds / 1e6)))
  }
  console.log(`medians of ${rounds} rounds, MH/s      CPU     wall`)
  for (const name of samples.keys()) {
    const [byCpu, byWall] = [cpu.get(name) ?? 0, wall.get(name) ?? 0]
    console.log(
      `${name.padEnd(36)}${byCpu.toFixed(3).padStart(8)} ${byWall.toFixed(3).padStart(8)}`,
    )
  }
  console.log('\nratios of CPU time, one thread each')
  const ratio = (label: string, ours: string, theirs: string, aim?: number) => {
    const [a, b] = [cpu.get(ours), cpu.get(theirs)]
    const text = a && b ? (a / b).toFixed(2) : 'not measured: its tools are not at hand'
    console.log(
      `${label.padEnd(44)} ${text.padStart(6)}${aim === undefined ? '' : `   aim ${aim}`}`,
    )
  }
  ratio('simd / Python 5.3.1', 'kernel simd', 'Python, bittensor 5.3.1', 40)
  ratio('simd / Python plain', 'kernel simd', 'Python, without the hex detour', 18)
  ratio('simd / C scalar', 'kernel simd', 'C, scalar', 1.2)
  ratio('simd / C with AVX2', 'kernel simd', 'C, AVX2', 0.45)
  ratio('simd / C with AVX-512', 'kernel simd', 'C, AVX-512')
  ratio('woven / vectors alone', 'kernel simd, woven', 'kernel simd, vectors alone')
  ratio('pow_register / Rust 11.3', 'kernel simd, pow_register', 'Rust, bittensor 11.3', 1.7)
  ratio('solver / bare kernel', 'solver, 1 thread', 'kernel simd', 0.99)
  const [one, two] = ['solver, 1 thread', 'solver, 2 threads']
  const scale = (rates: ReadonlyMap<string, number>, factor: number) =>
    (((rates.get(two) ?? 0) * factor) / (rates.get(one) ?? Number.NaN)).toFixed(2)
  console.log(`two threads / one, wall (needs two free cores)  ${scale(wall, 1)}   aim 1.9`)
  console.log(`two threads / one, by CPU time                  ${scale(cpu, 2)}   aim 1.9`)
  return (cpu.get(one) ?? Number.NaN) * 1e6
}

/**
 * How soon every thread works on a new challenge by its own clock, while this one sleeps, and how soon all are gone. A round
 * is twenty challenges, of which the slowest counts. No thread can do anything while the system or the host of a virtual
 * machine has taken its processor away: how often the host says that it did is told, and for how long threads are stopped
 * that only read the clock.
 */
async function reportLatency(rate: number): Promise<void> {
  const solver = createSolver({ workers: 2 })
  await solver.start()
  // In the first seconds V8 compiles what turns out to be hot, in threads of its own that want the processors as well.
  await reactionsOf(solver, 300, 10)
  const stolen = stolenTicks()
  const all: number[] = []
  const worst: number[] = []
  for (let round = 0; round < rounds * 5; round++) {
    const reactions = await reactionsOf(solver, 20, 30)
    all.push(...reactions)
    worst.push(Math.max(...reactions))
  }
  const taken = (stolenTicks() - stolen) * 10
  await solver.stop()
  const stops: number[] = []
  for (let round = 0; round < rounds * 4; round++) stops.push(await stopOf(2))
  console.log()
  const within = worst.filter((milliseconds) => milliseconds <= 5).length
  console.log(
    `new challenge in all of 2 threads, worst of 20: median ${median(worst).toFixed(1)} ms; within 5 ms in ${within} of ${worst.length} rounds   aim 5`,
  )
  console.log(
    `  all ${all.length}: median ${median(all).toFixed(1)} ms, 99 % within ${quantile(all, 0.99).toFixed(1)} ms, worst ${Math.max(...all).toFixed(1)} ms; the host took ${taken} ms of the processors meanwhile`,
  )
  console.log(
    `stop of 2 threads, worst of ${stops.length}: ${Math.max(...stops).toFixed(1)} ms, median ${median(stops).toFixed(1)} ms   aim 10`,
  )
  const gaps = (await Promise.all([gapsOfClock(), gapsOfClock()])).flat()
  console.log(
    `2 threads that only read the clock: stopped ${gaps.length} times in 10 s for more than 1 ms, ${gaps.filter((gap) => gap > 5).length} times for more than 5 ms, at most ${Math.max(0, ...gaps).toFixed(1)} ms`,
  )
  const chunk = (loadKernel().batch / rate) * 1000
  console.log(`processor time of a chunk, the most that a thread is deaf: ${chunk.toFixed(2)} ms`)
}

/** Milliseconds until the last thread has taken up each of so many challenges, which come every so many milliseconds. */
async function reactionsOf(
  solver: Solver,
  count: number,
  milliseconds: number,
): Promise<readonly number[]> {
  const reactions: number[] = []
  for (let i = 0; i < count; i++) {
    void solver.setChallenge({ ...HOPELESS, blockNumber: i })
    let reaction: number | undefined
    while (reaction === undefined) {
      await delay(milliseconds)
      reaction = solver.reaction()
    }
    reactions.push(reaction)
  }
  return reactions
}

/** Milliseconds until so many threads at work have ended. */
async function stopOf(workers: number): Promise<number> {
  const solver = createSolver({ workers })
  await solver.start()
  void solver.setChallenge(HOPELESS)
  await delay(300)
  const started = performance.now()
  await solver.stop()
  return performance.now() - started
}

async function gapsOfClock(): Promise<readonly number[]> {
  const thread = new Worker(CLOCK, { eval: true, execArgv: [] })
  const [gaps] = await once(thread, 'message')
  await thread.terminate()
  return gaps
}

/** Hundredths of a second that the host of a virtual machine has kept its processors; 0 where nobody tells. */
function stolenTicks(): number {
  try {
    return Number(/^cpu +(?:\d+ ){7}(\d+)/.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** The share of one processor that the main thread needs to keep the panel going; the threads have the rest. */
async function reportPanel(): Promise<void> {
  const sink = openSync('/dev/null', 'w')
  const workers = availableCores()
  const solver = createSolver({ workers })
  await solver.start()
  void solver.setChallenge(HOPELESS)
  const meter = createRateMeter()
  const timer = setInterval(() => {
    const progress = progressOf(solver, meter, HOPELESS)
    const view = { progress, totalSeconds: 1, roundSeconds: 1, rounds: 1, blockSeconds: 12 }
    writeSync(sink, panelLines(view, { verbose: true, ascii: false, columns: 80 }).join('\n'))
  }, PANEL_MS)
  // The first drawings are compiled as they run.
  await delay(2000)
  const before = performance.eventLoopUtilization()
  await delay(4000)
  const { active } = performance.eventLoopUtilization(before)
  clearInterval(timer)
  await solver.stop()
  const percent = (active / 4000 / workers) * 100
  console.log(`panel, of the hash rate of ${workers} threads: ${percent.toFixed(3)} %   aim 1`)
}

/** Each GPU alone: its rate, and how long its pieces take once they have found their size. */
async function reportGpus(): Promise<void> {
  const { loadWebGpu } = await import('../src/core/pow/gpu/webgpu.js')
  const { listGpus, openGpu } = await import('../src/core/pow/gpu/device.js')
  const webgpu = await loadWebGpu(process.env['BTCLI_WEBGPU'])
  for (const info of await listGpus(webgpu)) {
    const device = await openGpu(webgpu, info)
    const pieces: { readonly count: number; readonly milliseconds: number }[] = []
    const timed: Helper = {
      name: device.name,
      close: () => device.close(),
      async scan(job, first, count) {
        const started = performance.now()
        const hits = await device.scan(job, first, count)
        pieces.push({ count, milliseconds: performance.now() - started })
        return hits
      },
    }
    const solver = createSolver({ helpers: [timed] })
    void solver.setChallenge(HOPELESS)
    await delay(2000)
    pieces.length = 0
    const before = solver.stats().hashes
    const cpu = process.cpuUsage()
    const started = performance.now()
    await delay(seconds * 3000)
    const span = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(cpu)
    const hashes = Number(solver.stats().hashes - before)
    await solver.stop()
    // Two pieces are in flight, so each waits for the other.
    const times = pieces.map(({ milliseconds }) => milliseconds / 2)
    console.log(
      `${info.name}: ${(hashes / span / 1e6).toFixed(2)} MH/s, ${(hashes / (user + system)).toFixed(2)} of CPU time; dispatches of ${median(pieces.map(({ count }) => count))} nonces, median ${median(times).toFixed(1)} ms, worst of ${times.length} ${Math.max(...times).toFixed(1)} ms   aim 50`,
    )
  }
}
