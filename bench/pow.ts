/**
 * The speed of the proof-of-work search against other implementations on the same machine, in one run.
 *
 *   npx tsx bench/pow.ts [--python PATH] [--rounds 5] [--seconds 1]
 *
 * Each round measures all of them one after another, so that all see the same machine; what counts is the median of the
 * rounds. Rates are hashes per second of CPU time, which other processes hardly disturb, and of wall time. Baselines are
 * run where their tools are at hand: gcc or cc, a Python with pycryptodome, a Python with bittensor 11.3.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Challenge } from '../src/core/pow/challenge.js'
import { jobOf } from '../src/core/pow/job.js'
import { type KernelName, loadKernel, scannerOf } from '../src/core/pow/kernel.js'
import { createSolver } from '../src/core/pow/solver.js'

type Sample = { readonly hashes: number; readonly seconds: number; readonly cpuSeconds: number }
type Contestant = { readonly name: string; readonly run: () => Promise<Sample> | Sample }

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
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

const NEVER = new Int32Array(new SharedArrayBuffer(4))

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
  report(samples)
  await reportLatency()
}

/** One kernel call after another in this thread: no worker, no shared memory. */
function kernels(): Contestant[] {
  const bare = (
    label: string,
    kernel: KernelName,
    scheme: Challenge['scheme'],
    contiguous: boolean,
  ): Contestant => {
    const scanner = scannerOf(loadKernel(kernel))
    const job = jobOf({ ...HOPELESS, scheme }, contiguous)
    const { batch } = loadKernel(kernel)
    let index = 0n
    return {
      name: label,
      run() {
        scanner.setJob(job)
        return timed(() => {
          scanner.scan(index, batch)
          index += BigInt(batch)
          return batch
        })
      },
    }
  }
  return [
    bare('kernel simd', 'simd', 'register-be', true),
    bare('kernel simd, little-endian', 'simd', 'register-le', true),
    bare('kernel simd, pow_register', 'simd', 'pow_register', false),
    bare('kernel simd, pow_register in a range', 'simd', 'pow_register', true),
    bare('kernel scalar', 'scalar', 'register-be', true),
    bare('kernel js', 'js', 'register-be', true),
  ]
}

function timed(work: () => number): Sample {
  work()
  const started = performance.now()
  const cpu = process.cpuUsage()
  let hashes = 0
  while (performance.now() - started < seconds * 1000) hashes += work()
  const { user, system } = process.cpuUsage(cpu)
  return {
    hashes,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
  }
}

/** The whole thing: threads, shared memory, chunks. */
function solvers(): Contestant[] {
  return [1, 2].map((workers) => ({
    name: `solver, ${workers} thread${workers > 1 ? 's' : ''}`,
    async run() {
      const solver = createSolver({ workers })
      await solver.start()
      void solver.setChallenge(HOPELESS)
      await delay(300)
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
  const binary = join(folder, 'scalar')
  const compiled = ['gcc', 'cc', 'clang'].some((compiler) =>
    works(compiler, ['-O3', '-march=native', '-o', binary, join(here, 'pow-scalar.c')]),
  )
  const script = join(here, 'pow-baseline.py')
  const python = (name: string, kind: string): Contestant[] =>
    works(values.python, [script, kind, '0.01'])
      ? [{ name, run: () => parsed(values.python, [script, kind, `${seconds}`]) }]
      : []
  return [
    ...(compiled
      ? [{ name: 'C, scalar', run: () => parsed(binary, [`${Math.round(1e6 * seconds)}`]) }]
      : []),
    ...python('Python, bittensor 5.3.1', 'classic'),
    ...python('Python, without the hex detour', 'plain'),
    ...python('Rust, bittensor 11.3', 'rust'),
  ]
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
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

function report(samples: ReadonlyMap<string, readonly Sample[]>): void {
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
  const ratio = (label: string, ours: string, theirs: string, aim: number) => {
    const [a, b] = [cpu.get(ours), cpu.get(theirs)]
    const text = a && b ? (a / b).toFixed(2) : 'not measured: its tools are not at hand'
    console.log(`${label.padEnd(44)} ${text.padStart(6)}   aim ${aim}`)
  }
  ratio('simd / Python 5.3.1', 'kernel simd', 'Python, bittensor 5.3.1', 40)
  ratio('simd / Python plain', 'kernel simd', 'Python, without the hex detour', 18)
  ratio('simd / C scalar', 'kernel simd', 'C, scalar', 1.2)
  ratio('pow_register / Rust 11.3', 'kernel simd, pow_register', 'Rust, bittensor 11.3', 1.7)
  ratio('solver / bare kernel', 'solver, 1 thread', 'kernel simd', 0.99)
  const [one, two] = ['solver, 1 thread', 'solver, 2 threads']
  const scale = (rates: ReadonlyMap<string, number>, factor: number) =>
    (((rates.get(two) ?? 0) * factor) / (rates.get(one) ?? Number.NaN)).toFixed(2)
  console.log(`two threads / one, wall (needs two free cores)  ${scale(wall, 1)}   aim 1.9`)
  console.log(`two threads / one, by CPU time                  ${scale(cpu, 2)}   aim 1.9`)
}

/** How soon every thread works on a new challenge, and how soon all are gone. */
async function reportLatency(): Promise<void> {
  const switches: number[] = []
  const stops: number[] = []
  for (let round = 0; round < rounds; round++) {
    const solver = createSolver({ workers: 2 })
    await solver.start()
    void solver.setChallenge(HOPELESS)
    await delay(300)
    for (let i = 0; i < 20; i++) {
      const started = performance.now()
      void solver.setChallenge({ ...HOPELESS, blockNumber: i })
      // Asleep in between, as the command is: a loop would take a processor from the threads.
      while (!solver.isCaughtUp()) Atomics.wait(NEVER, 0, 0, 0.1)
      switches.push(performance.now() - started)
      await delay(7)
    }
    const started = performance.now()
    await solver.stop()
    stops.push(performance.now() - started)
  }
  const worst = (numbers: readonly number[]) => Math.max(...numbers).toFixed(1)
  console.log(
    `\nnew challenge in all of 2 threads: median ${median(switches).toFixed(1)} ms, worst of ${switches.length} ${worst(switches)} ms   aim 5`,
  )
  console.log(
    `stop of 2 threads: median ${median(stops).toFixed(1)} ms, worst of ${stops.length} ${worst(stops)} ms   aim 10`,
  )
}
