/** How much stake a transaction has really moved: one with a limit on the price may fill in part. */
import type { Ss58 } from '../keys/ss58.js'
import type { ChainEvent } from './types.js'
import { asBigint } from './values.js'

/** RAO that were paid, and alpha of the subnet that was got or given. */
export type Moved = { readonly tao: bigint; readonly alpha: bigint }

/**
 * What came to a hotkey on a subnet, or was taken from it, by the event of the runtime (`StakeAdded`, `StakeRemoved` of
 * dTAO chains: coldkey, hotkey, TAO, alpha, netuid). Undefined where it raised none of that form.
 */
export function movedStake(
  events: readonly ChainEvent[],
  name: 'StakeAdded' | 'StakeRemoved',
  { hotkey, netuid }: { readonly hotkey: Ss58; readonly netuid: number },
): Moved | undefined {
  for (const event of events) {
    if (event.pallet !== 'SubtensorModule' || event.name !== name) continue
    const [, who, tao, alpha, where] = Array.isArray(event.data) ? event.data : []
    if (who !== hotkey || Number(where) !== netuid) continue
    if (tao === undefined || alpha === undefined) continue
    return { tao: asBigint(tao), alpha: asBigint(alpha) }
  }
  return undefined
}
