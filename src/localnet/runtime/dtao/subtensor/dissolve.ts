/** The end of a subnet: its TAO goes to those who hold its alpha, and nothing of it stays. */
import type { RuntimeContext, StorageItem } from '../../pallet.js'
import type { State } from '../../state.js'
import { fromFixed32, less, mul32, shareOfU16, toFixed32 } from '../fixed.js'
import { clearCommitments } from '../pallets/commitments.js'
import { alphaPrice } from '../swap/engine.js'
import { clearLiquidity } from '../swap/liquidity.js'
import { ensure } from './errors.js'
import { indexesOf } from './mechanisms.js'
import { addTotalStake, payOut, ROOT } from './pool.js'
import { stakeOf } from './shares.js'
import { S } from './storage.js'

type Context = Pick<RuntimeContext, 'state' | 'block' | 'emit'>

/** Removes a subnet. Raises NetworkRemoved. */
export function dissolve(context: Context, netuid: number): void {
  const { state } = context
  ensure(state.get(S.NetworksAdded, netuid) && netuid !== ROOT, 'SubnetNotExists')
  forgetRootClaims(state, netuid)
  payHolders(context, netuid)
  clearLiquidity(state, netuid)
  clearCommitments(state, netuid)
  removeNetwork(context, netuid)
  context.emit('SubtensorModule', 'NetworkRemoved', netuid)
}

function forgetRootClaims(state: State, netuid: number): void {
  for (const [keys, rates] of state.entries(S.RootClaimable)) {
    const left = rates.filter(([one]) => one !== netuid)
    if (left.length < rates.length) state.set(S.RootClaimable, keys, left)
  }
  for (const [keys] of state.entries(S.RootClaimed, netuid)) state.remove(S.RootClaimed, ...keys)
}

type Holding = { readonly hotkey: string; readonly coldkey: string; readonly alpha: bigint }

/** Shares the pool's TAO out by alpha, the largest remainders getting what is left over. */
function payHolders(context: Context, netuid: number): void {
  const { state } = context
  const refund = lockRefund(state, netuid)
  const holdings = holdingsOn(state, netuid)
  const pot = state.get(S.SubnetTAO, netuid)
  if (pot > 0n) {
    state.remove(S.SubnetTAO, netuid)
    addTotalStake(state, -pot)
  }
  const total = holdings.reduce((sum, { alpha }) => sum + alpha, 0n)
  if (pot > 0n && total > 0n) {
    for (const [{ coldkey }, tao] of portions(holdings, pot, total)) {
      if (tao > 0n) payOut(context, coldkey, tao)
    }
  }
  for (const { hotkey, coldkey } of holdings) {
    state.remove(S.Alpha, hotkey, coldkey, netuid)
    state.remove(S.TotalHotkeyAlpha, hotkey, netuid)
    state.remove(S.TotalHotkeyShares, hotkey, netuid)
  }
  for (const item of [S.SubnetAlphaIn, S.SubnetAlphaInProvided, S.SubnetAlphaOut]) {
    state.remove(item, netuid)
  }
  state.set(S.SubnetLocked, [netuid], 0n)
  if (refund > 0n) payOut(context, state.get(S.SubnetOwner, netuid), refund)
}

function holdingsOn(state: State, netuid: number): Holding[] {
  return state
    .entries(S.Alpha)
    .filter(([[, , one]]) => one === netuid)
    .map(([[hotkey, coldkey], shares]) => {
      const alpha = stakeOf(state, hotkey, coldkey, netuid)
      return { hotkey, coldkey, alpha: alpha === 0n ? shares >> 64n : alpha }
    })
}

function portions(
  holdings: readonly Holding[],
  pot: bigint,
  total: bigint,
): [Holding, tao: bigint][] {
  const parts = holdings.map((holding) => ({
    holding,
    tao: (pot * holding.alpha) / total,
    rest: (pot * holding.alpha) % total,
  }))
  const leftOver = Number(
    less(
      pot,
      parts.reduce((sum, { tao }) => sum + tao, 0n),
    ),
  )
  const byRest = [...parts].sort((a, b) => (a.rest < b.rest ? 1 : a.rest > b.rest ? -1 : 0))
  const lucky = new Set(byRest.slice(0, leftOver))
  return parts.map((part) => [part.holding, part.tao + (lucky.has(part) ? 1n : 0n)])
}

/** Owners of subnets from before the present rules get back what they did not earn of their lock. */
function lockRefund(state: State, netuid: number): bigint {
  const legacy =
    state.get(S.NetworkRegisteredAt, netuid) < state.get(S.NetworkRegistrationStartBlock)
  if (!legacy) return 0n
  const issued = state.get(S.SubnetAlphaIn, netuid) + state.get(S.SubnetAlphaOut, netuid)
  const cut = shareOfU16(state.get(S.SubnetOwnerCut))
  const earned = fromFixed32(mul32(toFixed32(issued), cut))
  const worth = fromFixed32(mul32(toFixed32(earned), alphaPrice(state, netuid)))
  return less(state.get(S.SubnetLocked, netuid), worth)
}

type ByNetuid = StorageItem<[number], never>

/** Everything kept under the netuid alone. */
const PLAIN = [
  'SubnetOwner',
  'SubnetworkN',
  'NetworksAdded',
  'NetworkRegisteredAt',
  'Rank',
  'Trust',
  'Active',
  'Emission',
  'Consensus',
  'Dividends',
  'PruningScores',
  'ValidatorPermit',
  'ValidatorTrust',
  'Tempo',
  'Kappa',
  'Difficulty',
  'MaxAllowedUids',
  'ImmunityPeriod',
  'ActivityCutoff',
  'MinAllowedWeights',
  'RegistrationsThisInterval',
  'POWRegistrationsThisInterval',
  'BurnRegistrationsThisInterval',
  'SubnetAlphaInEmission',
  'SubnetAlphaOutEmission',
  'SubnetTaoInEmission',
  'SubnetVolume',
  'SubnetMovingPrice',
  'SubnetTaoProvided',
  'TokenSymbol',
  'SubnetMechanism',
  'SubnetOwnerHotkey',
  'NetworkRegistrationAllowed',
  'NetworkPowRegistrationAllowed',
  'TransferToggle',
  'SubnetLocked',
  'LargestLocked',
  'FirstEmissionBlockNumber',
  'PendingValidatorEmission',
  'PendingServerEmission',
  'PendingRootAlphaDivs',
  'PendingOwnerCut',
  'BlocksSinceLastStep',
  'LastMechansimStepBlock',
  'LastAdjustmentBlock',
  'ServingRateLimit',
  'Rho',
  'AlphaSigmoidSteepness',
  'MaxAllowedValidators',
  'AdjustmentInterval',
  'BondsMovingAverage',
  'BondsPenalty',
  'BondsResetOn',
  'WeightsSetRateLimit',
  'ValidatorPruneLen',
  'ScalingLawPower',
  'TargetRegistrationsPerInterval',
  'AdjustmentAlpha',
  'CommitRevealWeightsEnabled',
  'Burn',
  'MinBurn',
  'MaxBurn',
  'MinDifficulty',
  'MaxDifficulty',
  'RegistrationsThisBlock',
  'EMAPriceHalvingBlocks',
  'RAORecycledForRegistration',
  'MaxRegistrationsPerBlock',
  'WeightsVersionKey',
  'LiquidAlphaOn',
  'Yuma3On',
  'AlphaValues',
  'SubtokenEnabled',
  'ImmuneOwnerUidsLimit',
  'StakeWeight',
  'LoadedEmission',
  'RevealPeriodEpochs',
  'MechanismCountCurrent',
  'MechanismEmissionSplit',
  'SubnetIdentities',
  'SubnetIdentitiesV2',
] as const satisfies readonly (keyof typeof S)[]

/** Maps whose first key is the netuid. */
const BY_PREFIX = [
  S.Uids,
  S.Keys,
  S.BlockAtRegistration,
  S.Axons,
  S.NeuronCertificates,
  S.Prometheus,
  S.AlphaDividendsPerSubnet,
  S.PendingChildKeys,
  S.AssociatedEvmAddress,
  S.LastHotkeySwapOnNetuid,
] as const

/** Maps by mechanism. */
const BY_INDEX = [
  S.Bonds,
  S.Weights,
  S.WeightCommits,
  S.TimelockedWeightCommits,
  S.CRV3WeightCommits,
  S.CRV3WeightCommitsV2,
] as const

/** Maps whose second key is the netuid. */
const BY_SECOND = [
  S.ChildkeyTake,
  S.ChildKeys,
  S.ParentKeys,
  S.LastHotkeyEmissionOnNetuid,
  S.TotalHotkeyAlphaLastEpoch,
  S.IsNetworkMember,
  S.TransactionKeyLastBlock,
] as const

type AnyMap = StorageItem<[number, never], unknown>

function clearPrefix(state: State, item: unknown, first: number): void {
  const map = item as AnyMap
  for (const [keys] of state.entries(map, first)) state.remove(map, ...keys)
}

/** Removes the entries whose keys meet a condition. */
function clearWhere(
  state: State,
  item: unknown,
  matches: (keys: readonly unknown[]) => boolean,
): void {
  const map = item as StorageItem<[never, never], unknown>
  for (const [keys] of state.entries(map)) if (matches(keys)) state.remove(map, ...keys)
}

function removeNetwork(context: Context, netuid: number): void {
  const { state } = context
  for (const index of indexesOf(state, netuid)) {
    state.remove(S.LastUpdate, index)
    state.remove(S.Incentive, index)
    for (const item of BY_INDEX) clearPrefix(state, item, index)
  }
  for (const item of BY_SECOND) clearWhere(state, item, (keys) => keys[1] === netuid)
  clearWhere(state, S.StakingOperationRateLimiter, (keys) => keys[2] === netuid)
  for (const item of BY_PREFIX) clearPrefix(state, item, netuid)
  for (const name of PLAIN) state.remove(S[name] as unknown as ByNetuid, netuid)
  state.set(S.TotalNetworks, [], Math.max(0, state.get(S.TotalNetworks) - 1))
  if (!state.has(S.SubnetIdentitiesV3, netuid)) return
  state.remove(S.SubnetIdentitiesV3, netuid)
  context.emit('SubtensorModule', 'SubnetIdentityRemoved', netuid)
}
