/** What owners of neurons and of subnets say of themselves on chain; runtimes since late 2024 keep it. */
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import type { ChainValue, ChainView, Identity } from './types.js'
import { asRecord } from './values.js'

const MODULE = 'SubtensorModule'
/** The newest form first. */
const ITEMS = ['IdentitiesV2', 'Identities']
const SUBNET_ITEMS = ['SubnetIdentitiesV3', 'SubnetIdentitiesV2', 'SubnetIdentities']

/** What the owner of a subnet says of it; what a runtime does not have, or nobody filled in, is undefined. */
export type SubnetIdentity = {
  readonly name: string | undefined
  readonly githubRepo: string | undefined
  readonly contact: string | undefined
  readonly url: string | undefined
  readonly discord: string | undefined
  readonly description: string | undefined
  readonly logoUrl: string | undefined
  readonly additional: string | undefined
}

/**
 * Identities of coldkeys; those without one are absent, all of them on runtimes that keep none.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readIdentities(
  view: ChainView,
  coldkeys: readonly Ss58[],
): Promise<ReadonlyMap<Ss58, Identity>> {
  return readNewest(view, ITEMS, coldkeys, identityOf)
}

/**
 * Identities of subnets; those without one are absent, all of them on runtimes that keep none.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readSubnetIdentities(
  view: ChainView,
  netuids: readonly number[],
): Promise<ReadonlyMap<number, SubnetIdentity>> {
  return readNewest(view, SUBNET_ITEMS, netuids, subnetIdentityOf)
}

/** @throws {BittensorError} `RUNTIME_UNSUPPORTED` where the chain keeps no identities of coldkeys, or of subnets */
export function requireIdentities(view: ChainView, whose: 'coldkeys' | 'subnets'): void {
  const items = whose === 'coldkeys' ? ITEMS : SUBNET_ITEMS
  if (items.some((item) => view.hasStorage(MODULE, item))) return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${view.specVersion}) keeps no identities of ${whose}`,
    { details: 'they came in late 2024', data: { specVersion: view.specVersion } },
  )
}

/** Reads the newest of several forms that the runtime has. */
async function readNewest<Key, Found>(
  view: ChainView,
  items: readonly string[],
  keys: readonly Key[],
  as: (value: ChainValue) => Found,
): Promise<ReadonlyMap<Key, Found>> {
  const item = items.find((name) => view.hasStorage(MODULE, name))
  if (item === undefined) return new Map()
  const values = await Promise.all(keys.map((key) => view.readStored(MODULE, item, key)))
  return new Map(
    keys.flatMap((key, i) => (values[i] === undefined ? [] : [[key, as(values[i])] as const])),
  )
}

function identityOf(value: ChainValue): Identity {
  const fields = asRecord(value)
  return {
    name: textOf(fields['name']),
    url: textOf(fields['url']),
    githubRepo: textOf(fields['github_repo']),
    image: textOf(fields['image']),
    discord: textOf(fields['discord']),
    description: textOf(fields['description']),
    additional: textOf(fields['additional']),
  }
}

/** A subnet's identity in any of its forms. */
export function subnetIdentityOf(value: ChainValue): SubnetIdentity {
  const fields = asRecord(value)
  return {
    name: textOf(fields['subnet_name']),
    githubRepo: textOf(fields['github_repo']),
    contact: textOf(fields['subnet_contact']),
    url: textOf(fields['subnet_url']),
    discord: textOf(fields['discord']),
    description: textOf(fields['description']),
    logoUrl: textOf(fields['logo_url']),
    additional: textOf(fields['additional']),
  }
}

/** Bytes that should be UTF-8; anyone can store any. */
function textOf(value: ChainValue): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.startsWith('0x')
    ? new TextDecoder().decode(Buffer.from(value.slice(2), 'hex'))
    : value
  return text === '' ? undefined : text
}
