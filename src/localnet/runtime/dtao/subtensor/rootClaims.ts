/** Paying and claiming root dividends. */
import type { RuntimeContext } from '../../pallet.js'
import { blake256, ensureRoot, signedBy } from '../../pallets/system.js'
import { u32, type Variant } from '../../scale.js'
import type { State } from '../../state.js'
import { U64_MAX } from '../fixed.js'
import { trySell } from './attempt.js'
import { claimableRates, claimedByStaking, listStakingColdkey } from './claims.js'
import { ensure } from './errors.js'
import { ensureOwnerOrRoot } from './networks.js'
import { addRootPool, ROOT } from './pool.js'
import { hotkeyStake, increaseStake, stakeOf } from './shares.js'
import { S } from './storage.js'

/** Lets root stakers of a hotkey claim more alpha of a subnet, in proportion to their stake. */
export function addClaimable(state: State, hotkey: string, netuid: number, amount: bigint): void {
  const total = hotkeyStake(state, hotkey, ROOT)
  if (amount > total) {
    increaseStake(state, hotkey, state.get(S.Owner, hotkey), netuid, amount)
    return
  }
  const added = total === 0n ? 0n : (amount << 32n) / total
  const rates = claimableRates(state, hotkey)
  const at = rates.findIndex(([one]) => one === netuid)
  const rate: [number, bigint] = [netuid, (rates[at]?.[1] ?? 0n) + added]
  const next = at < 0 ? [...rates, rate].sort(([a], [b]) => a - b) : rates.with(at, rate)
  state.set(S.RootClaimable, [hotkey], next)
}

/** Alpha that a coldkey may claim of a subnet through a hotkey, with 32 fractional bits; below 0 when it has too much. */
export function owed(state: State, hotkey: string, coldkey: string, netuid: number): bigint {
  const stake = stakeOf(state, hotkey, coldkey, ROOT)
  const rate = claimableRates(state, hotkey).find(([one]) => one === netuid)?.[1] ?? 0n
  return rate * stake - (state.get(S.RootClaimed, netuid, hotkey, coldkey) << 32n)
}

/** Pays the claims of a coldkey, on the given subnets or all: kept as alpha, or sold for stake on root. */
function claimAll(
  context: Pick<RuntimeContext, 'state' | 'emit'>,
  coldkey: string,
  subnets?: readonly number[],
): void {
  const { state } = context
  for (const hotkey of state.get(S.StakingHotkeys, coldkey)) {
    for (const [netuid] of claimableRates(state, hotkey)) {
      if (!subnets || subnets.includes(netuid)) claimOn(state, hotkey, coldkey, netuid)
    }
  }
  context.emit('SubtensorModule', 'RootClaimed', { coldkey })
}

function claimOn(state: State, hotkey: string, coldkey: string, netuid: number): void {
  const exact = owed(state, hotkey, coldkey, netuid)
  if (exact < state.get(S.RootClaimableThreshold, netuid)) return
  const alpha = exact >> 32n
  if (alpha <= 0n) return
  if (state.get(S.RootClaimType, coldkey).type === 'Keep') {
    increaseStake(state, hotkey, coldkey, netuid, alpha)
  } else {
    const tao = trySell(state, netuid, alpha)
    if (tao === undefined) return
    increaseStake(state, hotkey, coldkey, ROOT, tao)
    addRootPool(state, tao)
    claimedByStaking(state, hotkey, coldkey, tao)
  }
  const claimed = state.get(S.RootClaimed, netuid, hotkey, coldkey) + alpha
  state.set(S.RootClaimed, [netuid, hotkey, coldkey], claimed)
}

/** How many subnets one call may claim on. */
const MAX_SUBNETS = 5

export function claimRoot(context: RuntimeContext, { subnets }: { subnets: number[] }): undefined {
  const coldkey = signedBy(context.origin)
  ensure(subnets.length > 0 && subnets.length <= MAX_SUBNETS, 'InvalidSubnetNumber')
  listStakingColdkey(context.state, coldkey)
  claimAll(context, coldkey, subnets)
}

export function setRootClaimType(
  context: RuntimeContext,
  { new_root_claim_type }: { new_root_claim_type: Variant },
): undefined {
  const coldkey = signedBy(context.origin)
  listStakingColdkey(context.state, coldkey)
  context.state.set(S.RootClaimType, [coldkey], new_root_claim_type)
  const root_claim_type = new_root_claim_type
  context.emit('SubtensorModule', 'RootClaimTypeSet', { coldkey, root_claim_type })
}

/**
 * Claims for a few coldkeys. The real chain lets the hash of the last block pick them, which goes with the random part
 * of signatures; the hash of the number is as arbitrary, and the same steps always come to the same stakes and prices.
 */
export function claimInTurn(context: RuntimeContext): void {
  const { state, block } = context
  const count = state.get(S.NumStakingColdkeys)
  if (count === 0n) return
  const seed = blake256(u32.codec.enc(block))
  for (const index of pickedBy(seed, state.get(S.NumRootClaim), count)) {
    const coldkey = state.get(S.StakingColdkeysByIndex, index)
    if (coldkey !== undefined) claimAll(context, coldkey)
  }
}

/** Up to `times` numbers below `count`, ascending: steps of the hash's four words, big-endian. */
function pickedBy(hash: string, times: bigint, count: bigint): bigint[] {
  const words = [0, 1, 2, 3].map((i) => BigInt(`0x${hash.slice(2 + 16 * i, 18 + 16 * i)}`))
  const picked = new Set<bigint>()
  let at = words[0] ?? 0n
  for (let i = 0; i < times; i++) {
    const sum = at + (words[i % 4] ?? 0n)
    at = (sum > U64_MAX ? U64_MAX : sum) % count
    picked.add(at)
  }
  return [...picked].sort((a, b) => (a < b ? -1 : 1))
}

const MAX_CLAIMS = 50n
const MAX_THRESHOLD = 10_000_000n

export function setNumRootClaims(
  context: RuntimeContext,
  { new_value }: { new_value: bigint },
): undefined {
  ensureRoot(context.origin)
  ensure(new_value <= MAX_CLAIMS, 'InvalidNumRootClaim')
  context.state.set(S.NumRootClaim, [], new_value)
}

export function setRootClaimThreshold(
  context: RuntimeContext,
  { netuid, new_value }: { netuid: number; new_value: bigint },
): undefined {
  ensureOwnerOrRoot(context, netuid)
  ensure(new_value <= MAX_THRESHOLD, 'InvalidRootClaimThreshold')
  context.state.set(S.RootClaimableThreshold, [netuid], new_value << 32n)
}
