/** What `btcli pow` does. */
import { setTimeout as delay } from 'node:timers/promises'
import { existingSubnet } from '../core/chain/subnets.js'
import { BittensorError } from '../core/errors.js'
import { readEffectiveDifficulty } from '../core/plans/powHeads.js'
import { whyNoProofs } from '../core/plans/registerChecks.js'
import type { Challenge, NonceRange, PowScheme } from '../core/pow/challenge.js'
import { availableCores } from '../core/pow/cores.js'
import type { Helper } from '../core/pow/helpers.js'
import { type KernelName, loadKernel } from '../core/pow/kernel.js'
import { type ExpectedTime, expectedTime, type Progress } from '../core/pow/progress.js'
import { chooseScheme } from '../core/pow/scheme.js'
import { type SolveResult, solve } from '../core/pow/solve.js'
import { createSolver, type SolverOptions } from '../core/pow/solver.js'
import type { Context } from './context.js'
import { type GpuValues, openGpus } from './gpus.js'
import { createSearchDisplay, speaking } from './powDisplay.js'

/** Values of the options that say how to search. */
export type SearchValues = GpuValues & {
  readonly processes: number | undefined
  readonly nice: number | undefined
  readonly updateInterval: number | undefined
}

/** Values of `pow solve`. */
export type SolveValues = SearchValues & {
  readonly blockHash: Uint8Array | undefined
  readonly hotkey: Uint8Array | undefined
  readonly difficulty: bigint | undefined
  readonly scheme: PowScheme
  readonly coldkey: Uint8Array | undefined
  readonly netuid: number | undefined
  readonly nonceStart: bigint | undefined
  readonly nonceCount: bigint | undefined
  readonly timeout: number | undefined
  readonly noOutputInPlace: boolean
  readonly roundTimes: boolean
}

export type SolveData = {
  readonly kind: 'solve'
  readonly challenge: Challenge
  readonly range: NonceRange | undefined
  readonly result: SolveResult
}

/** Values of `pow bench`. */
export type BenchValues = SearchValues & {
  readonly netuid: number | undefined
  readonly difficulty: bigint | undefined
  readonly seconds: number
}

/** A measurement: hashes per second of threads, or of one GPU (`workers` 0). */
export type Rate = {
  readonly label: string
  readonly workers: number
  readonly rate: number
  readonly seconds: number
}

export type BenchData = {
  readonly kind: 'bench'
  readonly kernel: KernelName
  readonly rates: readonly Rate[]
  readonly target:
    | {
        /** Undefined where the difficulty itself was given. */
        readonly netuid: number | undefined
        readonly difficulty: bigint
        /** With all that a search with these options would use. */
        readonly expected: ExpectedTime
      }
    | undefined
}

export type PowData = SolveData | BenchData

/**
 * Solves one challenge without a chain.
 * @throws {BittensorError} `MISSING_INPUT`, `USAGE`, `TIMEOUT`, `INTERRUPTED`
 */
export async function runSolve(ctx: Context, values: SolveValues): Promise<SolveData> {
  const challenge = challengeOf(values)
  const range = rangeOf(values)
  const options = await solverOptions(ctx, values)
  const display = createSearchDisplay(ctx, {
    inPlace: !values.noOutputInPlace,
    roundTimes: values.roundTimes,
  })
  let latest: Progress | undefined
  const started = performance.now()
  display.watch(() => {
    const totalSeconds = (performance.now() - started) / 1000
    return (
      latest && {
        progress: latest,
        totalSeconds,
        roundSeconds: totalSeconds,
        rounds: 1,
      }
    )
  })
  try {
    const result = await solve({
      ...options,
      challenge,
      range,
      signal: ctx.signal,
      timeoutMs: values.timeout === undefined ? undefined : values.timeout * 1000,
      onProgress: (progress) => {
        latest = progress
      },
    })
    return { kind: 'solve', challenge, range, result }
  } finally {
    display.rest()
  }
}

function challengeOf(values: SolveValues): Challenge {
  const { blockHash, hotkey, difficulty, scheme, netuid, coldkey } = values
  const missing = [
    blockHash ? '' : '--block_hash',
    hotkey ? '' : '--hotkey',
    difficulty === undefined ? '--difficulty' : '',
  ].filter(Boolean)
  if (!blockHash || !hotkey || difficulty === undefined) {
    throw new BittensorError('MISSING_INPUT', `missing: ${missing.join(', ')}`, {
      hint: 'btcli pow solve --block_hash 0x… --hotkey 5F… --difficulty N',
      data: { missing },
    })
  }
  if (coldkey && scheme !== 'pow_register') {
    throw new BittensorError('USAGE', `a proof for ${scheme} holds for any coldkey`, {
      hint: '--scheme pow_register, for runtimes from spec 475 on; or leave --coldkey out',
    })
  }
  return {
    scheme,
    blockNumber: 0,
    blockHash,
    key: hotkey,
    difficulty,
    ...(netuid === undefined ? {} : { netuid }),
    ...(coldkey === undefined ? {} : { coldkey }),
  }
}

/** One end of a range is enough: it then begins at 0, or goes to the last nonce. */
function rangeOf({ nonceStart, nonceCount }: SolveValues): NonceRange | undefined {
  if (nonceStart === undefined && nonceCount === undefined) return undefined
  const start = nonceStart ?? 0n
  return { start, count: nonceCount ?? (1n << 64n) - start }
}

/**
 * Measures one thread, all threads, and each GPU that is asked for.
 * @throws {BittensorError} `INTERRUPTED`; with a netuid what reading its difficulty throws
 */
export async function runBench(ctx: Context, values: BenchValues): Promise<BenchData> {
  const { difficulty: given } = values
  // What is given counts, so that no chain is needed where a file sets the netuid of every day.
  const netuid = given === undefined ? values.netuid : undefined
  const difficulty = netuid === undefined ? given : await difficultyOf(ctx, netuid)
  const all = values.processes ?? availableCores()
  const { helpers = [], ...options } = await solverOptions(ctx, values)
  const rounds: readonly Round[] = [
    { label: '1 thread', workers: 1, helpers: [] },
    ...(all > 1 ? [{ label: `${all} threads`, workers: all, helpers: [] }] : []),
    ...helpers.map((helper) => ({ label: helper.name, workers: 0, helpers: [helper] })),
  ]
  const rates: Rate[] = []
  let kernel: KernelName = 'js'
  for (const { label, workers, helpers: used } of rounds) {
    const measured = await speaking(ctx, 'measuring').progress(
      `Measuring ${label} for ${values.seconds} s …`,
      () => measure({ ...options, workers, helpers: used }, values.seconds, ctx.signal),
    )
    rates.push({ label, workers, rate: measured.rate, seconds: measured.seconds })
    kernel = measured.kernel
  }
  const [threads, gpus] = [rates.filter(({ workers }) => workers > 0), rates.filter(isGpu)]
  // As a search would go: with all threads, with the GPUs, or with -n and GPUs with both.
  const isBeside = gpus.length === 0 || values.processes !== undefined
  const used = [...gpus, ...(isBeside ? threads.slice(-1) : [])]
  const rate = used.reduce((sum, one) => sum + one.rate, 0)
  return {
    kind: 'bench',
    kernel,
    rates,
    target:
      difficulty === undefined
        ? undefined
        : { netuid, difficulty, expected: expectedTime(difficulty, rate) },
  }
}

type Round = {
  readonly label: string
  readonly workers: number
  readonly helpers: readonly Helper[]
}

function isGpu({ workers }: Rate): boolean {
  return workers === 0
}

async function difficultyOf(ctx: Context, netuid: number): Promise<bigint> {
  const view = await ctx.head()
  await existingSubnet(view, netuid)
  const reason = await whyNoProofs(view, netuid)
  if (reason !== undefined) ctx.warn(reason)
  const choice = chooseScheme(view)
  const scheme = choice.kind === 'solve' ? choice.scheme : 'register-be'
  return readEffectiveDifficulty(view, { netuid, scheme })
}

/** Time for threads to start and for the engine to compile the kernel at its best. */
const WARM_UP_MS = 400

async function measure(options: SolverOptions, seconds: number, signal: AbortSignal) {
  const solver = createSolver(options)
  try {
    await solver.start()
    const search = solver.setChallenge({
      scheme: 'register-be',
      blockNumber: 0,
      blockHash: new Uint8Array(32),
      key: new Uint8Array(32),
      difficulty: (1n << 64n) - 1n,
    })
    const running = async () => {
      await delay(WARM_UP_MS, undefined, { signal })
      const before = solver.stats()
      let after = before
      // Longer where nothing was counted in that time: threads were held up, or a piece of a GPU takes longer.
      while (after.hashes === before.hashes) {
        await delay(seconds * 1000, undefined, { signal })
        after = solver.stats()
      }
      const span = after.seconds - before.seconds
      return {
        kernel: after.kernel,
        seconds: span,
        rate: Number(after.hashes - before.hashes) / span,
      }
    }
    // The search does not end by itself; it is here for its failures.
    return await Promise.race([running(), search.then(unexpected)])
  } catch (error) {
    if (!signal.aborted) throw error
    throw new BittensorError('INTERRUPTED', 'cancelled')
  } finally {
    await solver.stop()
  }
}

function unexpected(): never {
  throw new BittensorError('INTERNAL', 'the measurement ended by itself')
}

/** Options of a solver for the options of a command; GPUs among them are open. */
export async function solverOptions(ctx: Context, values: SearchValues): Promise<SolverOptions> {
  if (loadKernel().name === 'js') {
    ctx.warn('WebAssembly does not run here: threads search some 30 times slower without it')
  }
  const helpers = await openGpus(speaking(ctx, 'gpu'), values)
  return {
    workers: values.processes,
    nice: values.nice,
    batch: values.updateInterval,
    helpers,
    onWarning: ctx.warn,
  }
}
