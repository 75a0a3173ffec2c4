/**
 * Preset `large`: 32 subnets of 256 neurons and one, netuid 33, of 4096, for measuring clients and the chain itself.
 * Its neurons are made up: nobody has their keys. The development accounts are funded and own the subnets.
 */
import { createHash } from 'node:crypto'
import { devAccount } from './devKeys.js'
import type { GenesisSpec, NeuronSpec, SubnetSpec, WeightsSpec } from './spec.js'

const TAO = 1_000_000_000n
const PEOPLE = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie'] as const

const SMALL = { count: 32, neurons: 256, validators: 16 }
/** netuid 33. */
const BIG = { neurons: 4096, validators: 64 }

const account = (what: string) => `0x${createHash('sha256').update(`large:${what}`).digest('hex')}`

export function largeGenesis(): GenesisSpec {
  const subnets = Array.from({ length: SMALL.count }, (_, i) => subnet(i + 1, SMALL))
  subnets.push(subnet(SMALL.count + 1, BIG))
  return {
    name: 'large',
    sudo: devAccount('//Alice'),
    balances: PEOPLE.map((path) => [devAccount(path), 100_000n * TAO]),
    settings: { TxRateLimit: 0n, SubnetLimit: 64 },
    subnets,
    stakes: subnets.flatMap(({ netuid, neurons, weights }) =>
      weights.map(({ hotkey }, uid): [string, string, bigint] => [
        hotkey,
        neurons[uid]?.coldkey ?? hotkey,
        TAO * BigInt(1000 + ((netuid * 37 + uid * 101) % 900)),
      ]),
    ),
  }
}

type Size = { readonly neurons: number; readonly validators: number }

function subnet(netuid: number, { neurons, validators }: Size): SubnetSpec {
  const members = Array.from({ length: neurons }, (_, uid) => neuron(netuid, uid))
  const weights = members.slice(0, validators).map(({ hotkey }, uid): WeightsSpec => {
    const row = members
      .slice(validators)
      .map((_, miner): [number, number] => [validators + miner, weight(uid, miner)])
    return { hotkey, weights: row }
  })
  return {
    netuid,
    owner: devAccount(PEOPLE[netuid % PEOPLE.length] ?? '//Alice'),
    lock: 100n * TAO,
    settings: {
      Tempo: 99,
      MaxAllowedUids: neurons,
      MaxAllowedValidators: validators,
      NetworkRegistrationAllowed: true,
      WeightsSetRateLimit: 0n,
      ServingRateLimit: 0n,
    },
    neurons: members,
    weights,
  }
}

/** A handful of neurons to each coldkey. */
function neuron(netuid: number, uid: number): NeuronSpec {
  return {
    hotkey: account(`hotkey ${netuid} ${uid}`),
    coldkey: account(`coldkey ${netuid} ${uid >> 3}`),
    axon: { ip: 0xcb00_7100n + BigInt(uid & 0xff), ipType: 4, port: 8091, version: 531 },
  }
}

/** What a validator gives a miner: a quality that every validator measures a little differently. */
function weight(validator: number, miner: number): number {
  const quality = 1 + (Math.imul(miner, 0x9e37_79b1) >>> 20)
  return quality + (Math.imul(validator * 4096 + miner, 0x85eb_ca6b) >>> 24)
}
