/** Things that may fail without the block failing. */
import { DispatchFailure } from '../../failure.js'
import type { State } from '../../state.js'
import { buyAlpha, sellAlpha } from './pool.js'

/** Runs something in a layer of its own; undefined, and nothing done, when it fails. */
export function attempt<T>(state: State, work: () => T): T | undefined {
  state.begin()
  try {
    const result = work()
    state.commit()
    return result
  } catch (error) {
    state.rollback()
    if (error instanceof DispatchFailure) return undefined
    throw error
  }
}

/** Buys alpha without a fee; undefined where the pool does not allow it. */
export const tryBuy = (state: State, netuid: number, tao: bigint): bigint | undefined =>
  attempt(state, () => buyAlpha(state, netuid, tao, { dropFees: true }).paidOut)

/** Sells alpha without a fee; undefined where the pool does not allow it. */
export const trySell = (state: State, netuid: number, alpha: bigint): bigint | undefined =>
  attempt(state, () => sellAlpha(state, netuid, alpha, { dropFees: true }).paidOut)
