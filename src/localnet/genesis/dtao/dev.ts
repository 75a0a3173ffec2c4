/**
 * Preset `dev` of profile `dtao`: three subnets with pools, names, validators, miners, axons and weights, two that are
 * not started yet, six delegates with stake on root and in alpha, identities, a child key; registration open both ways
 * and cheap, no rate limits. Netuids have no gaps, as on the real chain: clients count on it.
 */
import { DEV_DELEGATES, ownerOf } from '../devDelegates.js'
import { type DevPath, devAccount } from '../devKeys.js'
import { devSubnets } from '../devSubnets.js'
import type { NeuronSpec } from '../spec.js'
import type { DtaoGenesisSpec, DtaoSubnetSettings, DtaoSubnetSpec, IdentitySpec } from './spec.js'

const TAO = 1_000_000_000n
const at = devAccount

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

/** Stake by what was paid for it, in TAO: own and nominated, on root and in alpha. */
const STAKES: readonly (readonly [DevPath, DevPath, netuid: number, tao: bigint])[] = [
  ['//Alice//validator', '//Alice', 0, 42_000n],
  ['//Alice//validator', '//One', 0, 6_200n],
  ['//Alice//validator', '//Two', 0, 3_100n],
  ['//Bob//validator', '//Bob', 0, 27_500n],
  ['//Bob//validator', '//One', 0, 1_250n],
  ['//Charlie//validator', '//Charlie', 0, 16_000n],
  ['//Charlie//validator', '//Heidi', 0, 310n],
  ['//Dave//validator', '//Dave', 0, 9_800n],
  ['//Eve//validator', '//Eve', 0, 7_300n],
  ['//Alice//validator', '//Alice', 1, 1_200n],
  ['//Alice//validator', '//Grace', 1, 45n],
  ['//Bob//validator', '//Bob', 1, 800n],
  ['//Charlie//validator', '//Charlie', 1, 450n],
  ['//Dave//validator', '//Dave', 1, 220n],
  ['//Eve//validator', '//Two', 1, 60n],
  ['//Ferdie//validator', '//Ferdie', 1, 30n],
  ['//Dave//validator', '//Dave', 3, 500n],
  ['//Alice//validator', '//Alice', 3, 320n],
  ['//Bob//validator', '//Judy', 3, 12n],
  ['//Eve//validator', '//Eve', 3, 95n],
  ['//Bob//validator', '//Bob', 5, 90n],
  ['//Charlie//validator', '//Charlie', 5, 40n],
  ['//Ferdie//validator', '//Heidi', 5, 8n],
]

/** Root's members; Ferdie's delegate is not on root yet. */
const ROOT_MEMBERS: readonly DevPath[] = [
  '//Alice//validator',
  '//Bob//validator',
  '//Charlie//validator',
  '//Dave//validator',
  '//Eve//validator',
]

type Market = {
  readonly owner: DevPath
  readonly ownerHotkey: DevPath
  /** Reserves in TAO and alpha. */
  readonly pool: readonly [tao: bigint, alpha: bigint]
  readonly identity: IdentitySpec
}

/**
 * Prices above 1 TAO in all: otherwise nothing is set aside for root. Pools are deep enough that some ten TAO do not
 * move a price by as much as staking tolerates.
 */
const MARKETS: Readonly<Record<number, Market>> = {
  1: {
    owner: '//Bob',
    ownerHotkey: '//Bob//validator',
    pool: [120_000n, 160_000n],
    identity: {
      subnet_name: 'Lumen',
      github_repo: 'https://github.example/lumen',
      subnet_contact: 'hello@lumen.example',
      subnet_url: 'https://lumen.example',
      discord: 'lumen',
      description: 'Answers in text, ranked by how useful they are.',
      logo_url: 'https://lumen.example/logo.png',
    },
  },
  3: {
    owner: '//Dave',
    ownerHotkey: '//Dave//validator',
    pool: [45_000n, 150_000n],
    identity: {
      subnet_name: 'Granary',
      subnet_url: 'https://granary.example',
      description: 'Stores files and proves that they are still there.',
    },
  },
  5: {
    owner: '//Ferdie',
    ownerHotkey: '//Ferdie//validator',
    pool: [20_000n, 400_000n],
    identity: { subnet_name: 'Kite', description: 'Weather of the next hours.' },
  },
}

/** Subnets that their owners may start, with nobody but the owner's hotkey. */
const WAITING: readonly (Market & { readonly netuid: number })[] = [
  {
    netuid: 2,
    owner: '//Grace',
    ownerHotkey: '//Grace//miner1',
    pool: [100n, 10_000n],
    identity: { subnet_name: 'Loom', description: 'Weaves pictures from words.' },
  },
  {
    netuid: 4,
    owner: '//Heidi',
    ownerHotkey: '//Heidi//miner1',
    pool: [100n, 10_000n],
    identity: { subnet_name: 'Quarry', description: 'Digs through the web on request.' },
  },
]

/** What differs from a classic subnet: weights are set openly, so that they can be tried. */
const OPEN: DtaoSubnetSettings = { CommitRevealWeightsEnabled: false }

/** What a market says of a subnet. */
const marketOf = ({ owner, ownerHotkey, pool, identity }: Market) => ({
  owner: at(owner),
  ownerHotkey: at(ownerHotkey),
  pool: { tao: pool[0] * TAO, alpha: pool[1] * TAO },
  identity,
})

/** Settings of the classic preset that spec 343 no longer has are left out. */
function subnets(): DtaoSubnetSpec[] {
  const running = devSubnets().flatMap(({ netuid, lock, settings, neurons, weights }) => {
    const market = MARKETS[netuid]
    if (!market) return []
    // The owner's hotkey gets the first uid; validators stand before the miners, whose uids stay.
    const isFirst = ({ hotkey }: NeuronSpec) => hotkey === at(market.ownerHotkey)
    const inOrder = [...neurons].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)))
    const common = { netuid, lock, settings: { ...settings, ...OPEN }, neurons: inOrder, weights }
    return { ...common, ...marketOf(market) }
  })
  const waiting = WAITING.map(({ netuid, ...market }) => ({
    netuid,
    lock: market.pool[0] * TAO,
    settings: { ...running[0]?.settings, ...OPEN },
    neurons: [{ hotkey: at(market.ownerHotkey), coldkey: at(market.owner) }],
    weights: [],
    started: false,
    ...marketOf(market),
  }))
  return [...running, ...waiting].sort((a, b) => a.netuid - b.netuid)
}

const PARTS = (1n << 64n) - 1n

export function dtaoDevGenesis(): DtaoGenesisSpec {
  return {
    profile: 'dtao',
    name: 'dev',
    sudo: at('//Alice'),
    balances: FUNDS.map(([path, tao]) => [at(path), tao * TAO]),
    settings: {
      TxRateLimit: 0n,
      AdminFreezeWindow: 0,
      OwnerHyperparamRateLimit: 0,
      NetworkRateLimit: 0n,
      NetworkMinLockCost: 10n * TAO,
      NetworkLastLockCost: 100n * TAO,
      NetworkLockReductionInterval: 1000n,
      NetworkImmunityPeriod: 1000n,
      TxDelegateTakeRateLimit: 0n,
      TxChildkeyTakeRateLimit: 0n,
    },
    root: {
      MaxRegistrationsPerBlock: 4,
      TargetRegistrationsPerInterval: 8,
      ServingRateLimit: 0n,
    },
    subnets: subnets(),
    delegates: DEV_DELEGATES.map(({ path, take }) => ({
      hotkey: at(path),
      coldkey: at(ownerOf(path)),
      take,
    })),
    stakes: STAKES.map(([hotkey, coldkey, netuid, tao]) => ({
      hotkey: at(hotkey),
      coldkey: at(coldkey),
      netuid,
      tao: tao * TAO,
    })),
    rootMembers: ROOT_MEMBERS.map((path) => ({ hotkey: at(path), coldkey: at(ownerOf(path)) })),
    children: [
      {
        hotkey: at('//Alice//validator'),
        netuid: 3,
        children: [[PARTS / 4n, at('//Dave//validator')]],
      },
    ],
    warmUp: 3,
    identities: DEV_DELEGATES.map(({ path, name, url, description }) => [
      at(ownerOf(path)),
      { name, url, description },
    ]),
  }
}
