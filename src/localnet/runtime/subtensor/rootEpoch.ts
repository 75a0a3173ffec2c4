/** The root network's vote on how the emission is shared among subnets. */
import type { State } from '../state.js'
import { div64, exp64, mul64, normalize64, ONE64 } from './fixed.js'
import { ROOT } from './registration.js'
import { isEpochBlock } from './schedule.js'
import { S } from './storage.js'

/** Shares the emission out anew if this is root's epoch. */
export function rootEpoch(state: State, block: number): void {
  if (isEpochBlock(ROOT, state.get(S.Tempo, ROOT), block)) voteOnEmission(state)
}

/** Writes EmissionValues of every subnet by the weights that root's members have set, if they have stake. */
export function voteOnEmission(state: State): void {
  const netuids = state.entries(S.NetworksAdded).map(([[netuid]]) => netuid)
  const stakes = memberStakes(state)
  if (stakes.length === 0 || netuids.length === 0 || stakes.every((stake) => stake === 0n)) return
  const values = emissionShares(stakes, rootWeights(state, netuids, stakes.length), {
    kappa: BigInt(state.get(S.Kappa, ROOT)),
    rho: BigInt(state.get(S.Rho, ROOT)),
  })
  const perBlock = state.get(S.BlockEmission)
  for (const [i, netuid] of netuids.entries()) {
    state.set(S.EmissionValues, [netuid], ((values[i] ?? 0n) * perBlock) >> 64n)
  }
}

function memberStakes(state: State): bigint[] {
  const stakes = Array.from({ length: state.get(S.SubnetworkN, ROOT) }, () => 0n)
  for (const [[, uid], hotkey] of state.entries(S.Keys, ROOT)) {
    if (uid < stakes.length) stakes[uid] = state.get(S.TotalHotkeyStake, hotkey)
  }
  return stakes
}

/** Rows by member, columns by subnet; weights as the whole numbers stored. */
function rootWeights(state: State, netuids: readonly number[], members: number): bigint[][] {
  const column = new Map(netuids.map((netuid, i) => [netuid, i]))
  const rows = Array.from({ length: members }, () => netuids.map(() => 0n))
  for (const [[, uid], weights] of state.entries(S.Weights, ROOT)) {
    const row = rows[uid]
    for (const [netuid, weight] of weights) {
      const at = column.get(netuid)
      if (row && at !== undefined) row[at] = BigInt(weight)
    }
  }
  return rows
}

/**
 * Shares of the emission per column with 64 fractional bits: stake-weighted weight times a sigmoid of the share of
 * stake that voted for the column at all.
 */
export function emissionShares(
  stakes: readonly bigint[],
  weights: readonly (readonly bigint[])[],
  { kappa, rho }: { kappa: bigint; rho: bigint },
): bigint[] {
  const shares = normalize64(stakes)
  const all = shares.reduce((a, b) => a + b, 0n)
  const columns = weights[0]?.length ?? 0
  const threshold = ((kappa << 32n) / 65_535n) << 32n
  const results: bigint[] = []
  for (let j = 0; j < columns; j++) {
    let rank = 0n
    let voted = 0n
    for (const [i, share] of shares.entries()) {
      const weight = weights[i]?.[j] ?? 0n
      rank += share * weight
      if (weight > 0n) voted += share
    }
    const shifted = (div64(voted, all) - threshold) * rho
    const consensus = div64(ONE64, ONE64 + exp64(-shifted))
    results.push(mul64(consensus, rank))
  }
  return normalize64(results)
}
