/** Genesis files: YAML or JSON that says what a chain begins with. docs/localnet-genesis.md describes the format. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { BittensorError, fileReason } from '../../../core/errors.js'
import { S as DtaoS } from '../../runtime/dtao/subtensor/storage.js'
import type { ProfileName } from '../../runtime/profile.js'
import { S } from '../../runtime/subtensor/storage.js'
import { devAccount } from '../devKeys.js'
import type { DtaoGenesisSpec, DtaoSubnetSpec } from '../dtao/spec.js'
import type { AnyGenesisSpec, Endpoint, GenesisSpec, NeuronSpec, SubnetSpec } from '../spec.js'
import {
  account,
  type Field,
  isGiven,
  list,
  mapping,
  part,
  record,
  tao,
  whole,
  wrong,
} from './field.js'
import { settings } from './settings.js'

/**
 * Reads a genesis file, for the profile that is asked for or the one it names (classic when it names none).
 * @throws {BittensorError} `USAGE` when it cannot be read, or breaks the format: the message names the place.
 */
export async function readGenesisFile(
  path: string,
  profile: ProfileName | undefined,
): Promise<AnyGenesisSpec> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BittensorError(
      'USAGE',
      `the genesis file ${path} cannot be read: ${fileReason(cause)}`,
      { cause },
    )
  })
  const { parse } = await import('../../../core/yaml.js')
  let value: unknown
  try {
    value = parse(text)
  } catch (cause) {
    const [line = ''] = (cause as Error).message.split('\n')
    throw new BittensorError('USAGE', `the genesis file ${path} is no YAML: ${line}`, { cause })
  }
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return genesisOf({ value, path: '' }, profile, `file-${digest}`)
}

const TOP = [
  'name',
  'profile',
  'sudo',
  'accounts',
  'settings',
  'root',
  'subnets',
  'delegates',
  'stakes',
  'triumvirate',
  'epochs',
] as const

async function genesisOf(
  field: Field,
  wanted: ProfileName | undefined,
  digest: string,
): Promise<AnyGenesisSpec> {
  if (!isGiven(field)) throw wrong(field, 'the file is empty')
  const top = record(field, TOP)
  const profile = isGiven(top.profile) ? profileIn(top.profile) : (wanted ?? 'classic')
  if (wanted !== undefined && profile !== wanted) {
    throw wrong(top.profile, `the file is for ${profile}, but ${wanted} was asked for`)
  }
  const name = isGiven(top.name) ? `${top.name.value}` : digest
  const sudo = isGiven(top.sudo) ? await account(top.sudo) : devAccount('//Alice')
  const balances = await accounts(top.accounts)
  const base = { name, sudo, balances }
  return profile === 'classic' ? classic(top, base) : dtao(top, base)
}

function profileIn(field: Field): ProfileName {
  const { value } = field
  if (value === 'classic' || value === 'dtao') return value
  throw wrong(field, 'it must be classic or dtao')
}

type Top = { readonly [N in (typeof TOP)[number]]: Field }
type Base = Pick<GenesisSpec, 'name' | 'sudo' | 'balances'>

async function accounts(field: Field): Promise<[string, bigint][]> {
  const found: [string, bigint][] = []
  for (const [key, amount] of mapping(field)) {
    found.push([await account({ value: key, path: amount.path }), tao(amount)])
  }
  return found
}

async function classic(top: Top, base: Base): Promise<GenesisSpec> {
  const root = record(top.root, ['hyperparameters', 'members'])
  const subnets = await each(top.subnets, classicSubnet)
  const delegates = await each(top.delegates, delegate)
  const stakes = await each(top.stakes, async (field): Promise<[string, string, bigint]> => {
    const one = record(field, ['hotkey', 'coldkey', 'amount'])
    return [await account(one.hotkey), await account(one.coldkey), tao(one.amount)]
  })
  unique(top.subnets, subnets)
  const own = subnets.flatMap(({ parts }) => parts)
  return {
    ...base,
    settings: settings(top.settings, S, false),
    root: settings(root.hyperparameters, S, true),
    subnets: subnets.map(({ spec }) => spec),
    delegates: [...own.flatMap(({ delegate }) => delegate ?? []), ...delegates],
    stakes: [...own.flatMap(({ stake }) => (stake ? [stake] : [])), ...stakes],
    rootMembers: await each(root.members, async (field) => {
      const one = record(field, ['hotkey', 'coldkey', 'weights'])
      const keys = { hotkey: await account(one.hotkey), coldkey: await account(one.coldkey) }
      return { ...keys, weights: weightRow(one.weights) }
    }),
    triumvirate: await each(top.triumvirate, account),
    epochs: isGiven(top.epochs) ? whole(top.epochs, 0, 1000) : 0,
  }
}

async function dtao(top: Top, base: Base): Promise<DtaoGenesisSpec> {
  for (const field of [top.triumvirate, top.epochs]) {
    if (isGiven(field)) throw wrong(field, 'profile dtao has no such field')
  }
  const root = record(top.root, ['hyperparameters', 'members'])
  const subnets = await each(top.subnets, dtaoSubnet)
  const delegates = await each(top.delegates, delegate)
  const stakes = await each(top.stakes, async (field) => {
    const one = record(field, ['hotkey', 'coldkey', 'netuid', 'amount'])
    const netuid = isGiven(one.netuid) ? whole(one.netuid, 0, 65_535) : 0
    const keys = { hotkey: await account(one.hotkey), coldkey: await account(one.coldkey) }
    return { ...keys, netuid, tao: tao(one.amount) }
  })
  unique(top.subnets, subnets)
  const own = subnets.flatMap(({ spec, parts }) =>
    parts.map((one) => ({ ...one, netuid: spec.netuid })),
  )
  return {
    profile: 'dtao',
    ...base,
    settings: settings(top.settings, DtaoS, false),
    root: settings(root.hyperparameters, DtaoS, true),
    subnets: subnets.map(({ spec }) => spec),
    delegates: [...own.flatMap((one) => one.delegate ?? []), ...delegates],
    stakes: [
      ...own.flatMap(({ stake, netuid }) =>
        stake ? [{ hotkey: stake[0], coldkey: stake[1], netuid, tao: stake[2] }] : [],
      ),
      ...stakes,
    ],
    rootMembers: await each(root.members, async (field) => {
      const one = record(field, ['hotkey', 'coldkey'])
      return { hotkey: await account(one.hotkey), coldkey: await account(one.coldkey) }
    }),
  }
}

async function each<T>(field: Field, read: (one: Field) => Promise<T>): Promise<T[]> {
  const found: T[] = []
  for (const one of list(field)) found.push(await read(one))
  return found
}

function unique(field: Field, subnets: readonly { spec: { netuid: number } }[]): void {
  const seen = new Set<number>()
  for (const { spec } of subnets) {
    if (seen.has(spec.netuid)) throw wrong(field, `netuid ${spec.netuid} stands there twice`)
    seen.add(spec.netuid)
  }
}

async function delegate(field: Field) {
  const one = record(field, ['hotkey', 'coldkey', 'take'])
  const keys = { hotkey: await account(one.hotkey), coldkey: await account(one.coldkey) }
  return { ...keys, take: isGiven(one.take) ? part(one.take) : 11_796 }
}

const SUBNET = ['netuid', 'owner', 'lock', 'hyperparameters', 'neurons', 'weights'] as const

/** A neuron and what its line says about its hotkey elsewhere. */
type Parts = {
  readonly neuron: NeuronSpec
  readonly stake: [string, string, bigint] | undefined
  readonly delegate: { hotkey: string; coldkey: string; take: number } | undefined
}

type Read<T> = { readonly spec: T; readonly parts: readonly Parts[] }

type SubnetFields = { readonly [N in (typeof SUBNET)[number]]: Field }

async function subnetBase(fields: SubnetFields) {
  const parts = await each(fields.neurons, neuron)
  const hotkeys = new Set(parts.map((one) => one.neuron.hotkey))
  if (hotkeys.size < parts.length) throw wrong(fields.neurons, 'a hotkey stands there twice')
  const weights = []
  for (const [key, row] of mapping(fields.weights)) {
    weights.push({ hotkey: await account({ value: key, path: row.path }), weights: weightRow(row) })
  }
  const base = {
    netuid: whole(fields.netuid, 1, 65_535),
    owner: await account(fields.owner),
    lock: isGiven(fields.lock) ? tao(fields.lock) : 0n,
    neurons: parts.map((one) => one.neuron),
    weights,
  }
  return { base, parts }
}

async function classicSubnet(field: Field): Promise<Read<SubnetSpec>> {
  const fields = record(field, SUBNET)
  const { base, parts } = await subnetBase(fields)
  return { spec: { ...base, settings: settings(fields.hyperparameters, S, true) }, parts }
}

async function dtaoSubnet(field: Field): Promise<Read<DtaoSubnetSpec>> {
  const fields = record(field, [...SUBNET, 'owner_hotkey', 'pool', 'identity', 'started'])
  const { base, parts } = await subnetBase(fields)
  const pool = record(fields.pool, ['tao', 'alpha'])
  const ownerHotkey = await account(fields.owner_hotkey)
  if (base.neurons.length > 0 && base.neurons[0]?.hotkey !== ownerHotkey) {
    throw wrong(fields.neurons, "the first neuron of a subnet is its owner's hotkey")
  }
  const spec = {
    ...base,
    ownerHotkey,
    pool: { tao: tao(pool.tao), alpha: tao(pool.alpha) },
    settings: settings(fields.hyperparameters, DtaoS, true),
    ...(isGiven(fields.identity) ? { identity: texts(fields.identity) } : {}),
    ...(isGiven(fields.started) ? { started: fields.started.value === true } : {}),
  }
  return { spec, parts }
}

function texts(field: Field): Record<string, string> {
  return Object.fromEntries([...mapping(field)].map(([key, { value }]) => [key, `${value}`]))
}

async function neuron(field: Field): Promise<Parts> {
  const one = record(field, ['hotkey', 'coldkey', 'stake', 'take', 'axon', 'prometheus'])
  const keys = { hotkey: await account(one.hotkey), coldkey: await account(one.coldkey) }
  return {
    neuron: {
      ...keys,
      ...(isGiven(one.axon) ? { axon: endpoint(one.axon) } : {}),
      ...(isGiven(one.prometheus) ? { prometheus: endpoint(one.prometheus) } : {}),
    },
    stake: isGiven(one.stake) ? [keys.hotkey, keys.coldkey, tao(one.stake)] : undefined,
    delegate: isGiven(one.take) ? { ...keys, take: part(one.take) } : undefined,
  }
}

/** `203.0.113.7:8091` */
function endpoint(field: Field): Endpoint {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3}):(\d{1,5})$/.exec(`${field.value}`)
  const [a, b, c, d, port] = (match ?? []).slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  if (!match || Math.max(a, b, c, d) > 255 || port < 1 || port > 65_535) {
    throw wrong(field, 'it must be an IPv4 address with a port, 203.0.113.7:8091')
  }
  const ip = BigInt(((a * 256 + b) * 256 + c) * 256 + d)
  return { ip, ipType: 4, port, version: 531 }
}

/** Weights by uid (by netuid on root), any scale. */
function weightRow(field: Field): [number, number][] {
  return [...mapping(field)].map(([key, weight]) => [
    whole({ value: Number(key), path: weight.path }, 0, 65_535),
    whole(weight, 0, 65_535),
  ])
}
