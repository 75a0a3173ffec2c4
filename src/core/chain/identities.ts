/** What owners of neurons and of subnets say of themselves on chain: in pallet Registry since early 2024, in SubtensorModule since late 2024. */
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
  if (!isRegistered(view)) return readNewest(view, ITEMS, coldkeys, identityOf)
  const stored = await Promise.all(
    coldkeys.map((account) => view.read('Registry', 'IdentityOf', account)),
  )
  return new Map(
    coldkeys.flatMap((account, i) => {
      const registration = stored[i]
      return registration === undefined ? [] : [[account, registeredOf(registration)] as const]
    }),
  )
}

/** Identities of delegates by hotkey: that of the owner, and in pallet Registry one of the hotkey itself before it. */
export async function readDelegateIdentities(
  view: ChainView,
  delegates: readonly { readonly hotkey: Ss58; readonly owner: Ss58 | undefined }[],
): Promise<ReadonlyMap<Ss58, Identity>> {
  const owners = delegates.flatMap(({ owner }) => owner ?? [])
  const hotkeys = isRegistered(view) ? delegates.map(({ hotkey }) => hotkey) : []
  const found = await readIdentities(view, [...new Set([...owners, ...hotkeys])])
  return new Map(
    delegates.flatMap(({ hotkey, owner }) => {
      const identity = found.get(hotkey) ?? (owner && found.get(owner))
      return identity === undefined ? [] : [[hotkey, identity] as const]
    }),
  )
}

/** Whether identities are kept by pallet Registry, which stays behind empty on later runtimes. */
function isRegistered(view: ChainView): boolean {
  const isLater = ITEMS.some((item) => view.hasStorage(MODULE, item))
  return !isLater && view.hasStorage('Registry', 'IdentityOf')
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
  if (whose === 'coldkeys' && isRegistered(view)) return
  const items = whose === 'coldkeys' ? ITEMS : SUBNET_ITEMS
  if (items.some((item) => view.hasStorage(MODULE, item))) return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${view.specVersion}) keeps no identities of ${whose}`,
    {
      details: `they came in ${whose === 'coldkeys' ? 'early' : 'late'} 2024`,
      data: { specVersion: view.specVersion },
    },
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

/** The fields of pallet Registry, those that have no place of their own together. */
function registeredOf(registration: ChainValue): Identity {
  const fields = asRecord(asRecord(registration)['info'] ?? {})
  const more = ['legal', 'riot', 'email', 'twitter'].flatMap((name) => {
    const text = dataText(fields[name])
    return text === undefined ? [] : [`${name}: ${text}`]
  })
  return {
    name: dataText(fields['display']),
    url: dataText(fields['web']),
    githubRepo: undefined,
    image: dataText(fields['image']),
    discord: undefined,
    description: undefined,
    additional: more.length === 0 ? undefined : more.join('; '),
  }
}

/** Text of a `Data`, which has a variant for each length; hashes say nothing. */
function dataText(data: ChainValue): string | undefined {
  const { type, value } = asRecord(data ?? {})
  return typeof type === 'string' && type.startsWith('Raw') ? textOf(value) : undefined
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
