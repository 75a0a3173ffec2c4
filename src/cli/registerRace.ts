/** Registers a hotkey by proof of work, and shows how the race goes. */
import { toHex } from '../core/keys/hex.js'
import type { Registered, RegistrationTerms } from '../core/plans/registration.js'
import { raceToRegister } from '../core/plans/registration.js'
import type { Challenge } from '../core/pow/challenge.js'
import { duration, hashRate } from '../core/pow/panel.js'
import { chanceWithin, createRateMeter, expectedTime } from '../core/pow/progress.js'
import type { RaceEvent } from '../core/pow/race.js'
import { progressOf } from '../core/pow/solve.js'
import type { Solver } from '../core/pow/solver.js'
import type { Context } from './context.js'
import { type SubmitTerms, submitProof } from './registerSubmit.js'

/** Everything that is settled before the race. */
export type RegisterTerms = SubmitTerms &
  Pick<RegistrationTerms, 'solver' | 'maxAttempts' | 'maxStale'> & {
    readonly signal: AbortSignal
  }

/**
 * Runs the race.
 * @throws {BittensorError} as {@link raceToRegister}; `POW_DISABLED`, `RATE_LIMITED` when the subnet closed meanwhile;
 * `UNKNOWN_OUTCOME`
 */
export async function runRegisterRace(ctx: Context, terms: RegisterTerms): Promise<Registered> {
  const { client, who, rule, solver, maxAttempts, maxStale, signal, display } = terms
  try {
    return await raceToRegister({
      client,
      who,
      rule,
      solver,
      maxAttempts,
      maxStale,
      signal,
      submit: (solution, head) => {
        display.rest()
        return submitProof(ctx, terms, solution, head)
      },
      onEvent: eventShower(terms),
    })
  } finally {
    display.rest()
  }
}

/** A chance per block window that is none. */
const HOPELESS = 0.001

/** Turns what happens into lines, and keeps the panel going. */
function eventShower({ client, display, maxAttempts, who }: RegisterTerms) {
  const started = performance.now()
  const meter = createRateMeter()
  let challenge: Challenge | undefined
  let round = started
  let rounds = 0
  let attempt = 0
  let announced = 0
  let isJudged = false
  const seconds = (since: number) => (performance.now() - since) / 1000
  const watch = (solver: Solver) =>
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
  const judge = ({ difficulty }: Challenge, solver: Solver) => {
    const { rate, seconds: searched } = solver.stats()
    if (isJudged || searched < 1) return
    isJudged = true
    if (chanceWithin(2 * (client.blockTimeMs / 1000), difficulty, rate) > HOPELESS) return
    const { half } = expectedTime(difficulty, rate)
    display.note(
      `warning: at ${hashRate(rate)}/s half of all searches take more than ${duration(half)}; without a proof: btcli recycle_register --netuid ${who.netuid}`,
      'hopeless',
      { hashesPerSecond: rate, expectedSeconds50: half },
    )
  }
  const begin = (next: Challenge, solver: Solver) => {
    challenge = next
    round = performance.now()
    rounds++
    // A proof that is sent again is no further attempt, nor is one that became stale before it was sent.
    if (attempt + 1 > announced && attempt < maxAttempts) {
      announced = attempt + 1
      display.note(`Registering... (${announced}/${maxAttempts})`, 'attempt', {
        attempt: announced,
      })
    }
    judge(next, solver)
    watch(solver)
  }
  return (event: RaceEvent, solver: Solver): void => {
    if (event.kind === 'challenge') {
      begin(event.challenge, solver)
      return
    }
    if ('attempt' in event) attempt = event.attempt
    const [text, fields] = describe(event, maxAttempts)
    display.note(text, event.kind, fields)
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
