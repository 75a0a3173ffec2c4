/** The state around an epoch: what it reads and what it leaves. */
import type { State } from '../state.js'
import { type EpochResult, type StoredRow, yuma } from './epoch.js'
import { S } from './storage.js'

/** What each hotkey earned as server and as validator, RAO, by uid. */
export type EmissionTuple = [hotkey: string, server: bigint, validator: bigint]

/** Runs the epoch of a subnet and stores its results; the emission is returned, not paid. */
export function runEpoch(
  state: State,
  netuid: number,
  block: number,
  emission: bigint,
): EmissionTuple[] {
  const n = state.get(S.SubnetworkN, netuid)
  const keys = state.entries(S.Keys, netuid).filter(([[, uid]]) => uid < n)
  const permits = state.get(S.ValidatorPermit, netuid)
  const stakes = new Array<bigint>(n).fill(0n)
  const registeredAt = new Array<bigint>(n).fill(0n)
  for (const [[, uid], hotkey] of keys) {
    stakes[uid] = state.get(S.TotalHotkeyStake, hotkey)
    registeredAt[uid] = state.get(S.BlockAtRegistration, netuid, uid)
  }
  const result = yuma({
    block,
    stakes,
    registeredAt,
    lastUpdate: state.get(S.LastUpdate, netuid),
    permits,
    weights: rowsOf(state, S.Weights, netuid, n),
    bonds: rowsOf(state, S.Bonds, netuid, n),
    activityCutoff: state.get(S.ActivityCutoff, netuid),
    maxValidators: state.get(S.MaxAllowedValidators, netuid),
    kappa: state.get(S.Kappa, netuid),
    bondsMovingAverage: state.get(S.BondsMovingAverage, netuid),
    emission,
  })
  store(state, netuid, result)
  storeBonds(state, netuid, permits, result)
  return keys.map(([[, uid], hotkey]) => [
    hotkey,
    result.serverEmission[uid] ?? 0n,
    result.validatorEmission[uid] ?? 0n,
  ])
}

function rowsOf(
  state: State,
  item: typeof S.Weights | typeof S.Bonds,
  netuid: number,
  n: number,
): StoredRow[] {
  const rows = new Array<StoredRow>(n).fill([])
  for (const [[, uid], row] of state.entries(item, netuid)) if (uid < n) rows[uid] = row
  return rows
}

function store(state: State, netuid: number, result: EpochResult): void {
  state.set(S.Active, [netuid], result.active)
  state.set(S.Emission, [netuid], result.emission)
  state.set(S.Rank, [netuid], result.rank)
  state.set(S.Trust, [netuid], result.trust)
  state.set(S.Consensus, [netuid], result.consensus)
  state.set(S.Incentive, [netuid], result.incentive)
  state.set(S.Dividends, [netuid], result.dividends)
  state.set(S.PruningScores, [netuid], result.pruningScores)
  state.set(S.ValidatorTrust, [netuid], result.validatorTrust)
  state.set(S.ValidatorPermit, [netuid], result.permits)
}

/** Rows of validators with a permit are stored, those of validators that lost theirs emptied. */
function storeBonds(
  state: State,
  netuid: number,
  before: readonly boolean[],
  { permits, bonds }: EpochResult,
): void {
  for (const [uid, permit] of permits.entries()) {
    if (permit) state.set(S.Bonds, [netuid, uid], bonds[uid] ?? [])
    else if (before[uid]) state.set(S.Bonds, [netuid, uid], [])
  }
}
