/** Weights and bonds of a subnet, neuron by neuron. */
import { readBonds, readWeights } from '../core/chain/neurons.js'
import { readNetuids } from '../core/chain/subnets.js'
import type { ChainView } from '../core/chain/types.js'
import type { Ss58 } from '../core/keys/ss58.js'

/** What one neuron has set: pairs of target and value of 65535. On root targets are netuids, elsewhere uids. */
export type WeightRow = {
  readonly uid: number
  readonly hotkey: Ss58
  readonly weights: readonly (readonly [target: number, value: number])[]
}

const MODULE = 'SubtensorModule'

/** All neurons of a subnet in the order of uids, with all targets that there can be. */
export async function weightRowsOf(
  view: ChainView,
  netuid: number,
  what: 'Weights' | 'Bonds',
  mechanism = 0,
): Promise<{ readonly rows: readonly WeightRow[]; readonly targets: readonly number[] }> {
  const [keys, set, netuids] = await Promise.all([
    view.entries(MODULE, 'Keys', netuid),
    (what === 'Weights' ? readWeights : readBonds)(view, netuid, mechanism),
    netuid === 0 ? readNetuids(view) : [],
  ])
  const rows = keys
    .map(({ keys: [, uid], value }) => ({
      uid: Number(uid),
      hotkey: String(value) as Ss58,
      weights: set.get(Number(uid)) ?? [],
    }))
    .toSorted((a, b) => a.uid - b.uid)
  const targets = netuid === 0 ? netuids.filter((one) => one !== 0) : rows.map(({ uid }) => uid)
  return { rows, targets }
}
