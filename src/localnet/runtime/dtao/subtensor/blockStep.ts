/** What happens at the start of every block, before its transactions. */
import type { RuntimeContext } from '../../pallet.js'
import { S } from './storage.js'

/** Lets every position stake again. */
export function blockStep({ state }: RuntimeContext): void {
  for (const [keys] of state.entries(S.StakingOperationRateLimiter)) {
    state.remove(S.StakingOperationRateLimiter, ...keys)
  }
}
