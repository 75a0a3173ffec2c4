/** What happens at the start of every block, before its transactions. */
import type { RuntimeContext } from '../../pallet.js'
import { adjustRegistrations } from './adjustment.js'
import { applyPendingChildren } from './children.js'
import { swapDueColdkeys } from './coldkeySwap.js'
import { runCoinbase } from './emission.js'
import { allNetuids } from './keys.js'
import { claimInTurn } from './rootClaims.js'
import { epochIsDue } from './schedule.js'
import { S } from './storage.js'

export function blockStep(context: RuntimeContext): void {
  const { state, block } = context
  for (const [keys] of state.entries(S.StakingOperationRateLimiter)) {
    state.remove(S.StakingOperationRateLimiter, ...keys)
  }
  swapDueColdkeys(context)
  adjustRegistrations(context)
  runCoinbase(context)
  for (const netuid of allNetuids(state)) {
    if (epochIsDue(state, netuid, BigInt(block))) applyPendingChildren(context, netuid)
  }
  claimInTurn(context)
}
