/** What the transaction pool asks the runtime of spec 343. */
import type { CallBook } from '../callBook.js'
import type { Transaction } from '../executor.js'
import type { Call } from '../pallet.js'
import type { Ledger } from '../profile.js'
import type { State } from '../state.js'
import { checkPayment, type Verdict } from '../validity.js'
import { envelopeIn, isCarrier } from './later/envelope.js'
import { Drand } from './pallets/drand.js'
import { type BatchReveal, commitBlock, commitHash, type Reveal } from './subtensor/commits.js'
import { clockAllows, clocks } from './subtensor/limits.js'
import { intervalIsFull } from './subtensor/registration.js'
import { lateness } from './subtensor/schedule.js'
import { type AxonArgs, axonProblem } from './subtensor/serving.js'
import { hasWeightsStake } from './subtensor/stakeWeights.js'
import { S } from './subtensor/storage.js'

/** Numbers of the pool's own errors. */
const SWAP_SCHEDULED = 0
const STAKE_TOO_LOW = 1
const RATE_LIMIT_EXCEEDED = 6
const SERVING_PROBLEMS: Readonly<Record<string, number>> = {
  HotKeyNotRegisteredInNetwork: 10,
  InvalidIpAddress: 11,
  ServingRateLimitExceeded: 12,
  InvalidPort: 13,
}
const ROUND_IS_OLD = 15
const COMMIT_NOT_FOUND = 16
const NOT_IN_REVEAL_RANGE = 17
const LENGTHS_UNEQUAL = 18
const NO_ENVELOPE = 23
const BAD_REQUEST = 255

const U64_MAX = (1n << 64n) - 1n

/** A state, and the block that would be made on it. */
type At = { readonly state: State; readonly block: number }

/** Checks in the order of the runtime's transaction extensions. */
export function validateTransaction(
  book: CallBook,
  ledger: Ledger,
  at: At,
  transaction: Transaction,
): Verdict {
  const payment = checkPayment(book, ledger, at.state, transaction)
  if (!payment.valid) return payment
  const { signer, future } = payment
  const problem = problemOf(at, signer, transaction.call)
  if (problem !== undefined) return { valid: false, reason: problem }
  return { valid: true, priority: transaction.tip, longevity: U64_MAX, future }
}

/** The number of the error that a call would end in before it begins. */
function problemOf(at: At, signer: string, call: Call): number | undefined {
  const { pallet, name, args } = call
  if (isCarrier(call) && !envelopeIn(call)) return NO_ENVELOPE
  const own = pallet === 'SubtensorModule'
  const swapping = own && name === 'schedule_swap_coldkey'
  if (!swapping && at.state.has(S.ColdkeySwapScheduled, signer)) return SWAP_SCHEDULED
  return own ? CHECKS[name]?.(at, signer, args) : undefined
}

type Check = (at: At, signer: string, args: Call['args']) => number | undefined

const registering: Check = ({ state }, _signer, args) =>
  intervalIsFull(state, args['netuid'] as number) ? RATE_LIMIT_EXCEEDED : undefined

/** Setting weights takes stake, and what else the check asks for. */
const weighing =
  (further: Check = () => undefined): Check =>
  (at, signer, args) =>
    hasWeightsStake(at.state, signer, args['netuid'] as number)
      ? further(at, signer, args)
      : STAKE_TOO_LOW

function revealProblem(
  { state, block }: At,
  signer: string,
  netuid: number,
  reveals: readonly Reveal[],
): number | undefined {
  const hashes = reveals.map((reveal) => commitHash(signer, netuid, reveal))
  const blocks = hashes.flatMap((hash) => commitBlock(state, hash) ?? [])
  if (blocks.length < hashes.length) return COMMIT_NOT_FOUND
  const inTime = blocks.every((at) => lateness(state, netuid, at, BigInt(block)) === 0n)
  return inTime ? undefined : NOT_IN_REVEAL_RANGE
}

const revealing: Check = (at, signer, args) =>
  revealProblem(at, signer, args['netuid'] as number, [args as Reveal])

const revealingMany: Check = (at, signer, args) => {
  const { netuid, uids_list, values_list, salts_list, version_keys } = args as BatchReveal
  const count = uids_list.length
  const others = [values_list, salts_list, version_keys]
  if (others.some((list) => list.length !== count)) return LENGTHS_UNEQUAL
  const reveals = uids_list.map((uids, i) => ({
    uids,
    values: values_list[i] ?? [],
    salt: salts_list[i] ?? [],
    version_key: version_keys[i] ?? 0n,
  }))
  return revealProblem(at, signer, netuid, reveals)
}

const serving: Check = ({ state, block }, signer, args) => {
  const problem = axonProblem(state, BigInt(block), signer, args as AxonArgs)
  return problem && (SERVING_PROBLEMS[problem] ?? BAD_REQUEST)
}

const CHECKS: Readonly<Record<string, Check>> = {
  register: registering,
  burned_register: registering,
  register_network(at) {
    const limit = at.state.get(S.NetworkRateLimit)
    return clockAllows(at, clocks.networkRegistered, limit) ? undefined : RATE_LIMIT_EXCEEDED
  },
  set_weights: weighing(),
  commit_weights: weighing(),
  reveal_weights: weighing(revealing),
  batch_reveal_weights: weighing(revealingMany),
  commit_timelocked_weights: weighing(({ state }, _signer, args) =>
    (args['reveal_round'] as bigint) < state.get(Drand.LastStoredRound) ? ROUND_IS_OLD : undefined,
  ),
  serve_axon: serving,
}
