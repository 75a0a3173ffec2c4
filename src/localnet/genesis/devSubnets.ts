/** The subnets of preset `dev`. */
import { ownerOf } from './devDelegates.js'
import { type DevPath, devAccount } from './devKeys.js'
import type { NeuronSpec, SubnetSettings, SubnetSpec, WeightsSpec } from './spec.js'

const TAO = 1_000_000_000n

/** Registration open both ways and cheap, no waiting. */
const OPEN: SubnetSettings = {
  NetworkRegistrationAllowed: true,
  NetworkPowRegistrationAllowed: true,
  MaxRegistrationsPerBlock: 4,
  TargetRegistrationsPerInterval: 8,
  AdjustmentInterval: 100,
  MinBurn: 1_000_000n,
  MaxBurn: 100n * TAO,
  Difficulty: 100_000n,
  MinDifficulty: 10_000n,
  MaxDifficulty: 10_000_000n,
  WeightsSetRateLimit: 0n,
  ServingRateLimit: 0n,
  ActivityCutoff: 5000,
}

type Plan = {
  readonly netuid: number
  readonly owner: DevPath
  readonly lock: bigint
  readonly settings: SubnetSettings
  readonly validators: readonly DevPath[]
  readonly miners: readonly DevPath[]
}

const miners = (count: number, ...people: readonly string[]): DevPath[] =>
  people.flatMap((person) =>
    Array.from({ length: count }, (_, i) => `//${person}//miner${i + 1}` as DevPath),
  )

const PLANS: readonly Plan[] = [
  {
    netuid: 1,
    owner: '//Bob',
    lock: 100n * TAO,
    settings: {
      Tempo: 10,
      MaxAllowedUids: 64,
      MaxAllowedValidators: 8,
      MinAllowedWeights: 4,
      ImmunityPeriod: 200,
      Burn: 500_000_000n,
    },
    validators: [
      '//Alice//validator',
      '//Bob//validator',
      '//Charlie//validator',
      '//Dave//validator',
      '//Eve//validator',
      '//Ferdie//validator',
    ],
    miners: miners(4, 'Alice', 'Bob', 'Charlie', 'Grace', 'Heidi', 'Ivan'),
  },
  {
    netuid: 3,
    owner: '//Dave',
    lock: 150n * TAO,
    settings: {
      Tempo: 20,
      MaxAllowedUids: 32,
      MaxAllowedValidators: 5,
      MinAllowedWeights: 5,
      MaxWeightsLimit: 16_383,
      Kappa: 39_321,
      ImmunityPeriod: 100,
      Burn: 100_000_000n,
    },
    validators: [
      '//Dave//validator',
      '//Alice//validator',
      '//Bob//validator',
      '//Charlie//validator',
      '//Eve//validator',
    ],
    miners: [...miners(4, 'Dave', 'Eve', 'Judy'), ...miners(3, 'Ferdie')],
  },
  {
    netuid: 5,
    owner: '//Eve',
    lock: 80n * TAO,
    settings: {
      Tempo: 15,
      MaxAllowedUids: 16,
      MaxAllowedValidators: 4,
      MinAllowedWeights: 1,
      BondsMovingAverage: 500_000n,
      ImmunityPeriod: 50,
      Burn: 50_000_000n,
      Difficulty: 50_000n,
    },
    validators: [
      '//Bob//validator',
      '//Charlie//validator',
      '//Alice//validator',
      '//Ferdie//validator',
    ],
    miners: [...miners(2, 'Grace', 'Heidi', 'Ivan', 'Judy'), ...miners(1, 'Alice', 'Dave')],
  },
]

export function devSubnets(): SubnetSpec[] {
  return PLANS.map((plan) => ({
    netuid: plan.netuid,
    owner: devAccount(plan.owner),
    lock: plan.lock,
    settings: { ...OPEN, ...plan.settings },
    neurons: [...plan.validators, ...plan.miners].map((path, uid) => neuron(plan, path, uid)),
    weights: plan.validators.map((path, uid) => weightsOf(plan, path, uid)),
  }))
}

const PORT = 8091
/** Client version 5.3.1. */
const VERSION = 531
/** 203.0.113.0 and 2001:db8::, both set aside for documentation. */
const NET4 = 0xcb00_7100n
const NET6 = 0x2001_0db8n << 96n

/** Most neurons serve; every seventh does not, every ninth has an IPv6 address only. */
function neuron(plan: Plan, path: DevPath, uid: number): NeuronSpec {
  const keys = { hotkey: devAccount(path), coldkey: devAccount(ownerOf(path)) }
  if (uid % 7 === 6) return keys
  const host = BigInt(16 * plan.netuid + uid + 1)
  const v6 = uid % 9 === 8
  const address = { ip: (v6 ? NET6 : NET4) + host, ipType: v6 ? 6 : 4, version: VERSION } as const
  const axon = { ...address, port: PORT + uid }
  return uid < plan.validators.length
    ? { ...keys, axon, prometheus: { ...address, port: 9090 } }
    : { ...keys, axon }
}

/**
 * What a validator thinks of the miners: each has a quality that falls with its uid, which every validator measures a
 * little differently. The last two miners are found useless by all but the last validator.
 */
function weightsOf(plan: Plan, path: DevPath, validator: number): WeightsSpec {
  const first = plan.validators.length
  const count = plan.miners.length
  const outsider = validator === first - 1
  const weights = plan.miners.map((_, miner): [number, number] => {
    const quality = 1 - miner / (count + 4)
    const noise = 0.92 + 0.16 * hash01(plan.netuid, validator, miner)
    const useless = miner >= count - 2 && !outsider
    return [first + miner, useless ? 0 : Math.round(1000 * quality * noise)]
  })
  return { hotkey: devAccount(path), weights: weights.filter(([, weight]) => weight > 0) }
}

/** A number in [0, 1) that looks random but is the same on every start. */
function hash01(...parts: readonly number[]): number {
  const mixed = parts.reduce(
    (h, part) => Math.imul(h ^ part, 0x9e37_79b1) ^ (h >>> 13),
    0x1234_5678,
  )
  return (mixed >>> 0) / 2 ** 32
}
