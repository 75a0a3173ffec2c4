/** Who may change a setting, and when. */
import type { RuntimeContext } from '../../pallet.js'
import { ensureRoot } from '../../pallets/system.js'
import { ensure } from '../subtensor/errors.js'
import {
  clockAllows,
  clocks,
  type Kind,
  noteUse,
  passesLimit,
  startClock,
} from '../subtensor/limits.js'
import { ensureOwnerOrRoot } from '../subtensor/networks.js'
import { blocksUntilEpoch } from '../subtensor/schedule.js'
import { S } from '../subtensor/storage.js'

/** What an owner's changes are counted by: the name of a hyperparameter, or a kind of transaction. */
export type Limit = { readonly setting: string } | { readonly kind: Kind }

/** Before an epoch nothing may be changed, so that validators know what their weights meet. */
function ensureThawed({ state, block }: RuntimeContext, netuid: number): void {
  const remaining = blocksUntilEpoch(state, netuid, BigInt(block))
  const frozen = remaining !== undefined && remaining < BigInt(state.get(S.AdminFreezeWindow))
  ensure(!frozen, 'AdminActionProhibitedDuringWeightsWindow')
}

export function ensureRootInTime(context: RuntimeContext, netuid: number): void {
  ensureRoot(context.origin)
  ensureThawed(context, netuid)
}

/** Lets root pass, and the subnet's owner if the last such change of the owner is long enough ago. */
export function ensureOwnerInTime(context: RuntimeContext, netuid: number, limit: Limit): void {
  ensureOwnerOrRoot(context, netuid)
  ensureThawed(context, netuid)
  const { origin } = context
  if (origin.kind === 'signed') {
    ensure(isDue(context, netuid, origin.account, limit), 'TxRateLimitExceeded')
  }
}

function isDue(context: RuntimeContext, netuid: number, owner: string, limit: Limit): boolean {
  if ('kind' in limit) return passesLimit(context, limit.kind, owner, netuid)
  const { state } = context
  const blocks = BigInt(state.get(S.Tempo, netuid)) * BigInt(state.get(S.OwnerHyperparamRateLimit))
  return clockAllows(context, clocks.ownerSetting(netuid, limit.setting), blocks)
}

/** Counts a change by the owner. */
export function noteChange(context: RuntimeContext, netuid: number, limit: Limit): void {
  const { origin } = context
  if (origin.kind !== 'signed') return
  if ('kind' in limit) noteUse(context, limit.kind, origin.account, netuid)
  else startClock(context, clocks.ownerSetting(netuid, limit.setting))
}
