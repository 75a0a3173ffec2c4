/** What the transaction pool asks the runtime of spec 343. */
import type { CallBook } from '../callBook.js'
import type { Transaction } from '../executor.js'
import type { Call } from '../pallet.js'
import { System } from '../pallets/system.js'
import type { Ledger } from '../profile.js'
import type { State } from '../state.js'
import { checkPayment, type Verdict } from '../validity.js'
import { clockAllows, clocks } from './subtensor/limits.js'
import { intervalIsFull } from './subtensor/registration.js'
import { S } from './subtensor/storage.js'

/** Numbers of the pool's own errors. */
const SWAP_SCHEDULED = 0
const RATE_LIMIT_EXCEEDED = 6

const U64_MAX = (1n << 64n) - 1n

/** Checks in the order of the runtime's transaction extensions. */
export function validateTransaction(
  book: CallBook,
  ledger: Ledger,
  state: State,
  transaction: Transaction,
): Verdict {
  const payment = checkPayment(book, ledger, state, transaction)
  if (!payment.valid) return payment
  const { signer, future } = payment
  const problem = problemOf(state, signer, transaction.call)
  if (problem !== undefined) return { valid: false, reason: problem }
  return { valid: true, priority: transaction.tip, longevity: U64_MAX, future }
}

/** The number of the error that a call would end in before it begins. */
function problemOf(state: State, signer: string, { pallet, name, args }: Call): number | undefined {
  const own = pallet === 'SubtensorModule'
  const swapping = own && name === 'schedule_swap_coldkey'
  if (!swapping && state.has(S.ColdkeySwapScheduled, signer)) return SWAP_SCHEDULED
  return own ? CHECKS[name]?.(state, signer, args) : undefined
}

type Check = (state: State, signer: string, args: Call['args']) => number | undefined

const registering: Check = (state, _signer, args) =>
  intervalIsFull(state, args['netuid'] as number) ? RATE_LIMIT_EXCEEDED : undefined

const CHECKS: Readonly<Record<string, Check>> = {
  register: registering,
  burned_register: registering,
  register_network(state) {
    const context = { state, block: state.get(System.Number) }
    const limit = state.get(S.NetworkRateLimit)
    return clockAllows(context, clocks.networkRegistered, limit) ? undefined : RATE_LIMIT_EXCEEDED
  },
}
