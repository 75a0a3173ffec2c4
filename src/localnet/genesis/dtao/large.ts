/**
 * Preset `large` of profile `dtao`: the subnets and neurons of the classic one, each subnet with a pool, its owner's
 * hotkey as the first validator, and validators with stake in its alpha.
 */
import { largeGenesis } from '../large.js'
import type { DtaoGenesisSpec, DtaoSubnetSpec } from './spec.js'

const TAO = 1_000_000_000n
/** Reserves of every pool: a price of a third of a TAO, far above what validators stake. */
const POOL = { tao: 1_000_000n * TAO, alpha: 3_000_000n * TAO }

export function dtaoLargeGenesis(): DtaoGenesisSpec {
  const { name, sudo, balances, subnets = [], stakes = [] } = largeGenesis()
  const owners = new Map<string, string>()
  const netuids = new Map<string, number>()
  const own = subnets.map(({ netuid, owner, lock, settings, neurons, weights }): DtaoSubnetSpec => {
    for (const { hotkey } of weights) netuids.set(hotkey, netuid)
    const [first, ...others] = neurons
    if (!first) throw new Error(`subnet ${netuid} has no neuron`)
    owners.set(first.hotkey, owner)
    return {
      netuid,
      owner,
      ownerHotkey: first.hotkey,
      lock,
      pool: POOL,
      settings: { ...settings, CommitRevealWeightsEnabled: false },
      neurons: [{ ...first, coldkey: owner }, ...others],
      weights,
    }
  })
  return {
    profile: 'dtao',
    name,
    sudo,
    balances,
    settings: { SubnetLimit: 64, NetworkRateLimit: 0n, TxRateLimit: 0n },
    subnets: own,
    stakes: stakes.map(([hotkey, coldkey, tao]) => ({
      hotkey,
      coldkey: owners.get(hotkey) ?? coldkey,
      netuid: netuids.get(hotkey) ?? 0,
      tao,
    })),
  }
}
