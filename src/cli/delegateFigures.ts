/** What a delegate earns and gives on, from its daily return and its take. */

import type { Delegate } from '../core/chain/types.js'
import { takeText } from '../core/plans/texts.js'
import { RAO_PER_TAO, U16_MAX } from '../core/units.js'
import type { Cell } from './table.js'

const WHOLE = BigInt(U16_MAX)

/** RAO per day that go to the owner before the rest is shared out by stake. */
export function takeDaily({ totalDailyReturn, take }: Delegate): bigint {
  return (totalDailyReturn * BigInt(take)) / WHOLE
}

/** RAO per day for a stake of so many RAO, the take subtracted; 0 where nothing is staked. */
export function nominatorDaily(delegate: Delegate, stake: bigint): bigint {
  const { totalDailyReturn, totalStake, take } = delegate
  if (totalStake === 0n) return 0n
  return (totalDailyReturn * stake * (WHOLE - BigInt(take))) / (totalStake * WHOLE)
}

/** RAO per day for a stake of 1000 TAO, the take subtracted; undefined where nothing is staked. */
export function dailyPerKtao(delegate: Delegate): bigint | undefined {
  return delegate.totalStake === 0n ? undefined : nominatorDaily(delegate, 1000n * RAO_PER_TAO)
}

/** What the owner has staked itself. */
export function ownerStake({ owner, nominators }: Delegate): bigint {
  return nominators.find(([coldkey]) => coldkey === owner)?.[1] ?? 0n
}

/** {@link takeText} as a cell. */
export function takeCell(take: number): Cell {
  return { text: takeText(take), exact: take / U16_MAX }
}

/** By how much a stake grew, as a fraction; 1 from nothing, undefined where it was not there before. */
export function changeOf(now: bigint, before: bigint | undefined): number | undefined {
  if (before === undefined) return undefined
  if (before === 0n) return now === 0n ? 0 : 1
  return Number(((now - before) * 1_000_000n) / before) / 1_000_000
}

/** The change as a percentage, green up and red down. */
export function changeCell(change: number | undefined): Cell {
  if (change === undefined) return { text: 'NA', paint: 'dim', exact: null }
  if (change === 0) return { text: '0%', paint: 'dim', exact: 0 }
  const paint = change > 0 ? 'green' : 'red'
  return { text: `${(change * 100).toFixed(2)}%`, paint, exact: change }
}
