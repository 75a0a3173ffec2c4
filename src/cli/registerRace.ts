/** Registers a hotkey by proof of work on a chain: solves on the newest block, signs, sends, and reads the uid. */
import { readUid } from '../core/chain/neurons.js'
import type { Receipt } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { toHex } from '../core/keys/hex.js'
import { decodeAddress } from '../core/keys/ss58.js'
import { followHeads, type HeadSource } from '../core/plans/powHeads.js'
import type { Challenge, PowScheme } from '../core/pow/challenge.js'
import { createRateMeter } from '../core/pow/progress.js'
import { type RaceEvent, type RaceResult, race } from '../core/pow/race.js'
import { progressOf } from '../core/pow/solve.js'
import { createSolver, type Solver, type SolverOptions } from '../core/pow/solver.js'
import type { Context } from './context.js'
import { type SubmitTerms, submitProof } from './registerSubmit.js'

/** Everything that is settled before the race. */
export type RegisterTerms = SubmitTerms & {
  readonly scheme: PowScheme
  readonly solver: SolverOptions
  readonly maxAttempts: number
  readonly maxStale: number | undefined
  readonly signal: AbortSignal
}

/** What came of it. `receipt` is absent when somebody else registered the hotkey. */
export type Registered = {
  readonly uid: number
  readonly attempts: number
  readonly stale: number
  readonly hashes: bigint
  /** Searching, without waiting for the chain. */
  readonly seconds: number
  readonly receipt: Receipt | undefined
}

/**
 * Runs the race.
 * @throws {BittensorError} `POW_STALE`, `EXTRINSIC_FAILED` when all attempts are used up; `POW_DISABLED`, `RATE_LIMITED`
 * when the subnet closed meanwhile; `INTERRUPTED`, `TIMEOUT`, `CONNECTION`, `UNKNOWN_OUTCOME`
 */
export async function runRegisterRace(ctx: Context, terms: RegisterTerms): Promise<Registered> {
  const { client, who, scheme, display } = terms
  const solver = createSolver(terms.solver)
  let source: HeadSource | undefined
  let sent = 0
  try {
    const [followed] = await Promise.all([
      followHeads(client, { netuid: who.netuid, hotkey: who.hotkey, scheme }),
      solver.start(),
    ])
    source = followed
    let receipt: Receipt | undefined
    const result = await race({
      scheme,
      key: decodeAddress(who.hotkey),
      netuid: who.netuid,
      coldkey: decodeAddress(who.coldkey),
      heads: followed.heads,
      solver,
      submit: async (solution) => {
        display.rest()
        sent++
        const answer = await submitProof(ctx, terms, solution)
        if ('receipt' in answer) receipt = answer.receipt
        return answer
      },
      latest: followed.latest,
      isRegistered: async () => followed.uid() !== undefined,
      maxAttempts: terms.maxAttempts,
      ...(terms.maxStale === undefined ? {} : { maxStale: terms.maxStale }),
      onEvent: eventShower(solver, terms),
      signal: terms.signal,
    })
    return await registered(terms, result, solver, receipt)
  } catch (error) {
    throw sent > 0 ? withoutPromise(error, sent) : error
  } finally {
    display.rest()
    source?.stop()
    await solver.stop()
  }
}

/** "Nothing was sent" would not be true after a proof that was refused. */
function withoutPromise(error: unknown, sent: number): unknown {
  const isPlain = error instanceof BittensorError && error.data?.['sent'] === undefined
  if (!isPlain || error.code !== 'INTERRUPTED') return error
  return new BittensorError('INTERRUPTED', `cancelled; none of ${sent} proofs was accepted`)
}

async function registered(
  { client, who }: RegisterTerms,
  result: RaceResult,
  solver: Solver,
  receipt: Receipt | undefined,
): Promise<Registered> {
  const { attempts, stale } = result
  if (result.kind === 'gave up') throw gaveUp(result)
  const view = await client.at(receipt?.blockHash)
  const uid = await readUid(view, who.netuid, who.hotkey)
  if (uid === undefined) {
    throw new BittensorError('NOT_REGISTERED', 'the hotkey was registered, but is not any more', {
      hint: 'btcli register again',
    })
  }
  const { hashes, seconds } = solver.stats()
  return { uid, attempts, stale, hashes, seconds, receipt }
}

function gaveUp({ attempts, stale, reason }: RaceResult): BittensorError {
  const code = attempts === 0 ? 'POW_STALE' : 'EXTRINSIC_FAILED'
  return new BittensorError(code, 'no more attempts', {
    details: `${reason ?? 'no proof was accepted'}; ${attempts} sent, ${stale} too old to be sent`,
    hint: 'run it again; --max_attempts allows more',
    data: { attempts, stale },
  })
}

/** Turns what happens into lines, and keeps the panel going. */
function eventShower(solver: Solver, { client, display, maxAttempts }: RegisterTerms) {
  const started = performance.now()
  const meter = createRateMeter()
  let challenge: Challenge | undefined
  let round = started
  let rounds = 0
  let attempt = 0
  const seconds = (since: number) => (performance.now() - since) / 1000
  const watch = () =>
    display.watch(
      () =>
        challenge && {
          progress: progressOf(solver, meter, challenge),
          totalSeconds: seconds(started),
          roundSeconds: seconds(round),
          rounds,
          blockSeconds: client.blockTimeMs / 1000,
        },
    )
  const begin = (next: Challenge) => {
    const isFirst = challenge === undefined
    challenge = next
    round = performance.now()
    rounds++
    if (isFirst) display.note(`Registering... (1/${maxAttempts})`, 'attempt', { attempt: 1 })
    watch()
  }
  return (event: RaceEvent): void => {
    if (event.kind === 'challenge') {
      begin(event.challenge)
      return
    }
    if (event.kind === 'submitting') attempt = event.attempt
    const [text, fields] = describe(event, maxAttempts)
    display.note(text, event.kind, fields)
    if (event.kind === 'failed' && attempt < maxAttempts) {
      const next = attempt + 1
      display.note(`Registering... (${next}/${maxAttempts})`, 'attempt', { attempt: next })
    }
  }
}

const STALE_TEXTS = {
  old: 'its block is too old',
  reorganised: 'its block is not part of the chain any more',
  difficulty: 'the difficulty has risen',
} as const

function describe(
  event: Exclude<RaceEvent, { readonly kind: 'challenge' }>,
  maxAttempts: number,
): readonly [text: string, fields: Readonly<Record<string, unknown>>] {
  switch (event.kind) {
    case 'found': {
      const { challenge, nonce, seal } = event.solution
      const block = challenge.blockNumber
      return [`Solved block ${block}: nonce ${nonce}`, { block, nonce, seal: toHex(seal) }]
    }
    case 'submitting':
      return ['Submitting POW...', { attempt: event.attempt, of: maxAttempts }]
    case 'stale':
      return [`POW is stale: ${STALE_TEXTS[event.why]}`, { why: event.why, stale: event.stale }]
    case 'failed':
      return [`Failed: ${event.reason}`, { reason: event.reason, attempt: event.attempt }]
    case 'warning':
      return [`warning: ${event.reason}`, { reason: event.reason }]
  }
}
