/** What dTAO added to subnets: tokens, and pools with prices. */
import type { Ss58 } from '../keys/ss58.js'
import { type AlphaRao, alphaRao, type Rao, rao } from '../units.js'
import { readSubnetIdentities, type SubnetIdentity, subnetIdentityOf } from './identities.js'
import { dynamicInfoPreview } from './layouts.js'
import { type Price, readPrices } from './prices.js'
import { callDecoded, preferApi, u16Arguments } from './runtimeApi.js'
import { requireDtao } from './stakeWeights.js'
import { readNetuids } from './subnets.js'
import { option, vec } from './typeDef.js'
import type { ChainValue, ChainView } from './types.js'
import { asBigint, asList, asNumber, asOwner, asRecord, asText } from './values.js'

const MODULE = 'SubtensorModule'
const API = 'SubnetInfoRuntimeApi'

/** A subnet's token and pool. */
export type DynamicSubnet = {
  readonly netuid: number
  /** Empty where nobody gave one. */
  readonly name: string
  /** Symbol of the token; empty where the runtime keeps none. */
  readonly symbol: string
  /** The owner's coldkey. */
  readonly owner: Ss58 | undefined
  readonly ownerHotkey: Ss58 | undefined
  /** An epoch runs every tempo + 1 blocks. */
  readonly tempo: number
  readonly blocksSinceLastStep: number
  /** TAO that went into the pool in the last block, RAO. */
  readonly emission: bigint
  /** TAO in the pool. */
  readonly taoIn: Rao
  /** Alpha in the pool, and outside of it. */
  readonly alphaIn: AlphaRao
  readonly alphaOut: AlphaRao
  /** TAO per alpha, an exact fraction. */
  readonly price: Price
  /** The price as a moving average, TAO per alpha as I96F32 bits; undefined where the runtime keeps none. */
  readonly movingPrice: bigint | undefined
  /** TAO traded since the beginning, RAO; undefined where the runtime does not count it. */
  readonly volume: bigint | undefined
  /** Block in which the subnet was created; undefined where the runtime does not tell. */
  readonly registeredAt: number | undefined
  readonly identity: SubnetIdentity | undefined
}

/**
 * Tokens and pools of all subnets, ascending by netuid: by the runtime API, else from storage.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on classic runtimes
 */
export async function readDynamicSubnets(view: ChainView): Promise<DynamicSubnet[]> {
  requireDtao(view)
  const method = 'get_all_dynamic_info'
  const rows = await preferApi(
    view,
    API,
    method,
    async () => {
      const layouts = [vec(option(dynamicInfoPreview))]
      const list = asList((await callDecoded(view, API, method, new Uint8Array(), layouts)) ?? [])
      return list.filter((row) => row !== undefined).map(asRecord)
    },
    async () => Promise.all((await readNetuids(view)).map((netuid) => dynamicRow(view, netuid))),
  )
  return completed(view, rows)
}

/**
 * Token and pool of one subnet, undefined when there is no such subnet.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on classic runtimes
 */
export async function readDynamicSubnet(
  view: ChainView,
  netuid: number,
): Promise<DynamicSubnet | undefined> {
  requireDtao(view)
  const method = 'get_dynamic_info'
  const row = await preferApi(
    view,
    API,
    method,
    async () => {
      const layouts = [option(dynamicInfoPreview)]
      return callDecoded(view, API, method, u16Arguments(netuid), layouts)
    },
    async () =>
      (await view.read(MODULE, 'NetworksAdded', netuid)) === true
        ? dynamicRow(view, netuid)
        : undefined,
  )
  return row === undefined ? undefined : (await completed(view, [asRecord(row)]))[0]
}

/** A subnet's token. */
export type Token = Pick<DynamicSubnet, 'netuid' | 'name' | 'symbol' | 'price'>

/** Tokens of the given subnets, with one request; none of them on classic runtimes. */
export async function readTokens(
  view: ChainView,
  netuids: readonly number[],
): Promise<ReadonlyMap<number, Token>> {
  if (view.era === 'classic') return new Map()
  const [prices, symbols, identities] = await Promise.all([
    readPrices(view, netuids),
    Promise.all(netuids.map((netuid) => symbolOf(view, { netuid }))),
    readSubnetIdentities(view, netuids),
  ])
  return new Map(
    netuids.map((netuid, i) => {
      const name = identities.get(netuid)?.name ?? ''
      const price = prices.get(netuid) ?? { tao: 0n, alpha: 1n }
      return [netuid, { netuid, name, symbol: symbols[i] ?? '', price }]
    }),
  )
}

type Info = { readonly [field: string]: ChainValue }

/** Fields of the runtime's DynamicInfo and the storage items they come from. */
const ITEMS: Readonly<Record<string, string>> = {
  owner_coldkey: 'SubnetOwner',
  owner_hotkey: 'SubnetOwnerHotkey',
  tempo: 'Tempo',
  blocks_since_last_step: 'BlocksSinceLastStep',
  tao_in: 'SubnetTAO',
  alpha_in: 'SubnetAlphaIn',
  alpha_out: 'SubnetAlphaOut',
  tao_in_emission: 'SubnetTaoInEmission',
  emission: 'EmissionValues',
  moving_price: 'SubnetMovingPrice',
  subnet_volume: 'SubnetVolume',
  network_registered_at: 'NetworkRegisteredAt',
}

async function dynamicRow(view: ChainView, netuid: number): Promise<Info> {
  const present = Object.entries(ITEMS).filter(([, item]) => view.hasStorage(MODULE, item))
  const values = await Promise.all(present.map(([, item]) => view.read(MODULE, item, netuid)))
  return { netuid, ...Object.fromEntries(present.map(([field], i) => [field, values[i]])) }
}

/** Adds prices, and the symbols and names that some runtimes keep in storage only. */
async function completed(view: ChainView, rows: readonly Info[]): Promise<DynamicSubnet[]> {
  const netuids = rows.map((row) => asNumber(row['netuid']))
  const unnamed = rows.filter((row) => row['subnet_name'] === undefined)
  const [prices, symbols, identities] = await Promise.all([
    readPrices(view, netuids),
    Promise.all(rows.map((row) => symbolOf(view, row))),
    readSubnetIdentities(
      view,
      unnamed.map((row) => asNumber(row['netuid'])),
    ),
  ])
  return rows
    .map((row, i) => {
      const netuid = asNumber(row['netuid'])
      const price = prices.get(netuid) ?? { tao: 0n, alpha: 1n }
      return dynamicOf(row, { symbol: symbols[i] ?? '', price, identity: identities.get(netuid) })
    })
    .sort((a, b) => a.netuid - b.netuid)
}

function dynamicOf(
  info: Info,
  more: {
    readonly symbol: string
    readonly price: Price
    readonly identity: SubnetIdentity | undefined
  },
): DynamicSubnet {
  const described = info['subnet_identity']
  const identity = described === undefined ? more.identity : subnetIdentityOf(described)
  const optional = <T>(field: string, as: (value: ChainValue) => T) =>
    info[field] === undefined ? undefined : as(info[field])
  return {
    netuid: asNumber(info['netuid']),
    name: textOf(info['subnet_name']) || (identity?.name ?? ''),
    symbol: more.symbol,
    owner: asOwner(info['owner_coldkey'] ?? info['owner']),
    ownerHotkey: asOwner(info['owner_hotkey']),
    tempo: asNumber(info['tempo']),
    blocksSinceLastStep: asNumber(info['blocks_since_last_step']),
    // Since 2025 `emission` is always 0, and what goes into the pool is told apart.
    emission: asBigint(info['tao_in_emission'] ?? info['emission'] ?? 0),
    taoIn: rao(asBigint(info['tao_in'])),
    alphaIn: alphaRao(asBigint(info['alpha_in'])),
    alphaOut: alphaRao(asBigint(info['alpha_out'])),
    price: more.price,
    movingPrice: optional('moving_price', asBigint),
    volume: optional('subnet_volume', asBigint),
    registeredAt: optional('network_registered_at', asNumber),
    identity,
  }
}

/** The preview keeps symbols in storage only. */
async function symbolOf(view: ChainView, info: Info): Promise<string> {
  if (info['token_symbol'] !== undefined) return textOf(info['token_symbol'])
  if (!view.hasStorage(MODULE, 'TokenSymbol')) return ''
  const hex = asText(await view.read(MODULE, 'TokenSymbol', asNumber(info['netuid'])))
  return Buffer.from(hex.slice(2), 'hex').toString('utf8')
}

/** Texts arrive as a list of compact bytes. */
function textOf(value: ChainValue): string {
  if (value === undefined) return ''
  return Buffer.from(asList(value).map(asNumber)).toString('utf8')
}
