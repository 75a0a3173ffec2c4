/** How much is made per block. */
import type { State } from '../../state.js'
import { S } from './storage.js'

/** RAO there can ever be, of TAO and of each alpha. */
const TOTAL_SUPPLY = 21_000_000_000_000_000n
/** RAO made per block before any halving. */
export const FULL_EMISSION = 1_000_000_000n

/** RAO made per block at a supply: halved when half of all is there, again when half of the rest is, and so on. */
export function blockEmission(issuance: bigint): bigint {
  if (issuance >= TOTAL_SUPPLY) return 0n
  const left = TOTAL_SUPPLY - issuance
  let emission = FULL_EMISSION
  for (let part = 2n; left * part <= TOTAL_SUPPLY; part *= 2n) emission /= 2n
  return emission
}

/** Notes and returns what is made in this block, RAO. */
export function updateBlockEmission(state: State): bigint {
  const emission = blockEmission(state.get(S.TotalIssuance))
  if (state.get(S.BlockEmission) !== emission) state.set(S.BlockEmission, [], emission)
  return emission
}
