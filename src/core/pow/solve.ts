/** One proof, without a chain. */
import { BittensorError } from '../errors.js'
import type { Challenge, NonceRange, Solution } from './challenge.js'
import { availableCores } from './cores.js'
import { createRateMeter, expectedTime, type Progress, type RateMeter } from './progress.js'
import { createSolver, type Solver, type SolverOptions } from './solver.js'

/** What to solve and how. */
export type SolveOptions = SolverOptions & {
  readonly challenge: Challenge
  /** Search these nonces, all of them, and no others. */
  readonly range?: NonceRange | undefined
  readonly signal?: AbortSignal | undefined
  /** Give up after this time, at most {@link LONGEST_MS}. */
  readonly timeoutMs?: number | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Time between reports of progress, 250 ms by default. */
  readonly progressMs?: number | undefined
}

/** A proof, or the word that the range holds none. `hashes` counts nonces tried in `seconds`. */
export type SolveResult =
  | {
      readonly found: true
      readonly solution: Solution
      readonly hashes: bigint
      readonly seconds: number
    }
  | { readonly found: false; readonly hashes: bigint; readonly seconds: number }

/** The longest time that a timer of the engine can wait, 24.8 days; with more it ends at once. */
export const LONGEST_MS = 2 ** 31 - 1

/**
 * Searches a proof with worker threads.
 * @throws {BittensorError} `USAGE` for a malformed challenge, range or time, `INTERRUPTED` when the signal is aborted, `TIMEOUT`,
 *   `INTERNAL` when the threads keep dying.
 * @example
 * const result = await solve({ challenge: { scheme: 'register-be', blockNumber, blockHash, key, difficulty: 10_000_000n } })
 * if (result.found) console.log(result.solution.nonce)
 */
export async function solve(options: SolveOptions): Promise<SolveResult> {
  if (options.signal?.aborted) throw interrupted()
  checkTimeout(options.timeoutMs)
  const solver = createSolver({ ...options, workers: usefulWorkers(options) })
  const stop = () => void solver.stop()
  options.signal?.addEventListener('abort', stop, { once: true })
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(stop, options.timeoutMs)
  const reports = reportProgress(solver, options)
  try {
    const outcome = await solver.setChallenge(options.challenge, options.range)
    const { hashes, seconds } = solver.stats()
    if (outcome.kind === 'found') {
      return { found: true, solution: outcome.solution, hashes, seconds }
    }
    if (outcome.kind === 'exhausted') return { found: false, hashes: outcome.tried, seconds }
    if (options.signal?.aborted) throw interrupted()
    throw new BittensorError('TIMEOUT', `no proof was found in ${seconds.toFixed(1)} s`, {
      data: { hashes },
    })
  } finally {
    clearInterval(reports)
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
    await solver.stop()
  }
}

/** The moment's progress of a solver; the meter is told first. */
export function progressOf(solver: Solver, meter: RateMeter, challenge: Challenge): Progress {
  const { workers, helpers, hashes, seconds, rate } = solver.stats()
  meter.sample(seconds, hashes)
  const rateNow = meter.now() ?? rate
  return {
    challenge,
    workers,
    helpers,
    hashes,
    seconds,
    rateNow,
    rateMean: rate,
    history: meter.history(),
    expected: expectedTime(challenge.difficulty, rate),
  }
}

/** A short range is over before more threads have started than it keeps busy for some milliseconds. */
function usefulWorkers({ workers, helpers, range, batch }: SolveOptions): number | undefined {
  if (helpers && helpers.length > 0) return workers
  const wanted = workers ?? availableCores()
  if (!range || batch !== undefined || range.count < 1n) return wanted
  const batches = range.count / 16_384n + 1n
  return batches < BigInt(wanted) ? Number(batches) : wanted
}

function reportProgress(
  solver: Solver,
  { onProgress, progressMs, challenge }: SolveOptions,
): NodeJS.Timeout | undefined {
  if (!onProgress) return undefined
  const meter = createRateMeter()
  return setInterval(() => onProgress(progressOf(solver, meter, challenge)), progressMs ?? 250)
}

function checkTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= LONGEST_MS)) return
  throw new BittensorError(
    'USAGE',
    `a time limit is a number of milliseconds up to ${LONGEST_MS}, not ${timeoutMs}`,
  )
}

function interrupted(): BittensorError {
  return new BittensorError('INTERRUPTED', 'the search for a proof was interrupted')
}
