/**
 * Preset `dev`: a small world worth looking at. Three subnets with validators, miners, axons and weights, six
 * delegates with nominators, a root network and senate, two open proposals; registration open both ways and cheap,
 * no rate limits.
 */

import { DEV_DELEGATES, ownerOf } from './devDelegates.js'
import { type DevPath, devAccount } from './devKeys.js'
import { devSubnets } from './devSubnets.js'
import type { GenesisSpec } from './spec.js'

const TAO = 1_000_000_000n

/** Coldkeys and their free TAO. */
const FUNDS: readonly (readonly [DevPath, bigint])[] = [
  ['//Alice', 100_000n],
  ['//Bob', 50_000n],
  ['//Charlie', 25_000n],
  ['//Dave', 10_000n],
  ['//Eve', 10_000n],
  ['//Ferdie', 10_000n],
  ['//Grace', 2_500n],
  ['//Heidi', 2_500n],
  ['//Ivan', 1_000n],
  ['//Judy', 1_000n],
  ['//One', 5_000n],
  ['//Two', 5_000n],
]

/** Stake in TAO: own and nominated. */
const STAKES: readonly (readonly [hotkey: DevPath, coldkey: DevPath, tao: bigint])[] = [
  ['//Alice//validator', '//Alice', 42_000n],
  ['//Alice//validator', '//One', 6_200n],
  ['//Alice//validator', '//Two', 3_100n],
  ['//Alice//validator', '//Grace', 450n],
  ['//Bob//validator', '//Bob', 27_500n],
  ['//Bob//validator', '//One', 1_250n],
  ['//Bob//validator', '//Ivan', 75n],
  ['//Charlie//validator', '//Charlie', 16_000n],
  ['//Charlie//validator', '//Two', 2_400n],
  ['//Charlie//validator', '//Heidi', 310n],
  ['//Dave//validator', '//Dave', 9_800n],
  ['//Dave//validator', '//Judy', 120n],
  ['//Dave//validator', '//One', 640n],
  ['//Eve//validator', '//Eve', 7_300n],
  ['//Eve//validator', '//Grace', 85n],
  ['//Eve//validator', '//Two', 205n],
  ['//Ferdie//validator', '//Ferdie', 4_100n],
  ['//Ferdie//validator', '//Heidi', 60n],
  ['//Ferdie//validator', '//Judy', 33n],
]

/** Weights of root's members on netuids 1, 3 and 5. Ferdie's delegate is not on root yet. */
const ROOT_WEIGHTS: readonly (readonly [DevPath, readonly [number, number, number]])[] = [
  ['//Alice//validator', [60, 30, 10]],
  ['//Bob//validator', [45, 35, 20]],
  ['//Charlie//validator', [50, 25, 25]],
  ['//Dave//validator', [30, 60, 10]],
  ['//Eve//validator', [70, 20, 10]],
]

const sudoCall = (name: string, args: Record<string, unknown>) => ({
  pallet: 'SubtensorModule',
  name: 'sudo',
  args: { call: { pallet: 'AdminUtils', name, args } },
})

/** Two weeks. */
const VOTING_BLOCKS = 100_800

export function devGenesis(): GenesisSpec {
  const at = devAccount
  return {
    name: 'dev',
    sudo: at('//Alice'),
    balances: FUNDS.map(([path, tao]) => [at(path), tao * TAO]),
    settings: {
      TxRateLimit: 0n,
      NetworkRateLimit: 0n,
      NetworkMinLockCost: 10n * TAO,
      NetworkLastLockCost: 100n * TAO,
      NetworkLockReductionInterval: 1000n,
      NetworkImmunityPeriod: 1000n,
    },
    root: {
      Tempo: 10,
      MaxRegistrationsPerBlock: 4,
      TargetRegistrationsPerInterval: 8,
      WeightsSetRateLimit: 0n,
      ServingRateLimit: 0n,
    },
    triumvirate: [at('//Alice'), at('//Bob'), at('//Charlie')],
    subnets: devSubnets(),
    delegates: DEV_DELEGATES.map(({ path, take }) => ({
      hotkey: at(path),
      coldkey: at(ownerOf(path)),
      take,
    })),
    stakes: STAKES.map(([hotkey, coldkey, tao]) => [at(hotkey), at(coldkey), tao * TAO]),
    rootMembers: ROOT_WEIGHTS.map(([path, [first, second, third]]) => ({
      hotkey: at(path),
      coldkey: at(ownerOf(path)),
      weights: [
        [1, first],
        [3, second],
        [5, third],
      ],
    })),
    proposals: [
      {
        by: at('//Alice'),
        call: sudoCall('sudo_set_tempo', { netuid: 3, tempo: 15 }),
        duration: VOTING_BLOCKS,
        votes: [
          [at('//Alice//validator'), true],
          [at('//Bob//validator'), true],
          [at('//Dave//validator'), false],
        ],
      },
      {
        by: at('//Charlie'),
        call: sudoCall('sudo_set_network_min_lock_cost', { lock_cost: 20n * TAO }),
        duration: VOTING_BLOCKS,
        votes: [[at('//Charlie//validator'), true]],
      },
    ],
    epochs: 12,
  }
}
