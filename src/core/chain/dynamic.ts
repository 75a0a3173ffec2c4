/** What dTAO added to subnets: pools with prices, and stake that weighs differently on each subnet. */
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type AlphaRao, alphaRao, type Rao, rao } from '../units.js'
import { dynamicInfoPreview, subnetStatePreview } from './layouts.js'
import { type Price, readPrices } from './prices.js'
import { callDecoded, u16Arguments } from './runtimeApi.js'
import { option, vec } from './typeDef.js'
import type { ChainValue, ChainView } from './types.js'
import { asAddress, asBigint, asList, asNumber, asOwner, asRecord, asText } from './values.js'

const API = 'SubnetInfoRuntimeApi'

/** A subnet's token and pool. */
export type DynamicSubnet = {
  readonly netuid: number
  /** Empty where the runtime keeps no name. */
  readonly name: string
  /** Symbol of the token; empty where the runtime keeps none. */
  readonly symbol: string
  readonly owner: Ss58 | undefined
  /** An epoch runs every tempo + 1 blocks. */
  readonly tempo: number
  /** What the subnet receives per block, RAO. */
  readonly emission: bigint
  /** TAO in the pool. */
  readonly taoIn: Rao
  /** Alpha in the pool, and outside of it. */
  readonly alphaIn: AlphaRao
  readonly alphaOut: AlphaRao
  /** TAO per alpha, an exact fraction. */
  readonly price: Price
}

/** How a neuron's stake weighs on its subnet. */
export type StakeWeight = {
  readonly uid: number
  readonly hotkey: Ss58
  readonly alphaStake: AlphaRao
  /** Root stake of the hotkey before it is weighed. */
  readonly taoStake: Rao
  /** Alpha and weighed root stake together: what counts for permits and dividends. */
  readonly totalStake: bigint
}

/**
 * Tokens and pools of all subnets, ascending by netuid.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on classic runtimes
 */
export async function readDynamicSubnets(view: ChainView): Promise<DynamicSubnet[]> {
  requireDtao(view)
  const method = 'get_all_dynamic_info'
  const layouts = [vec(option(dynamicInfoPreview))]
  const list = await callDecoded(view, API, method, new Uint8Array(), layouts)
  const rows = asList(list ?? []).filter((row) => row !== undefined)
  const prices = await readPrices(
    view,
    rows.map((row) => asNumber(asRecord(row)['netuid'])),
  )
  const symbols = await Promise.all(rows.map((row) => symbolOf(view, asRecord(row))))
  return rows
    .map((row, i) => dynamicOf(asRecord(row), symbols[i] ?? '', prices))
    .sort((a, b) => a.netuid - b.netuid)
}

/**
 * Stake of every neuron of a subnet as its epoch weighs it, by uid.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on classic runtimes
 */
export async function readStakeWeights(view: ChainView, netuid: number): Promise<StakeWeight[]> {
  requireDtao(view)
  const layouts = [option(subnetStatePreview)]
  const args = u16Arguments(netuid)
  const state = await callDecoded(view, API, 'get_subnet_state', args, layouts)
  if (state === undefined) return []
  const column = (name: string) => asList(asRecord(state)[name])
  const [alpha, tao, total] = [column('alpha_stake'), column('tao_stake'), column('total_stake')]
  return column('hotkeys').map((hotkey, uid) => ({
    uid,
    hotkey: asAddress(hotkey),
    alphaStake: alphaRao(asBigint(alpha[uid] ?? 0)),
    taoStake: rao(asBigint(tao[uid] ?? 0)),
    totalStake: asBigint(total[uid] ?? 0),
  }))
}

function requireDtao(view: ChainView): void {
  if (view.era === 'dtao') return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `subnets of this chain (spec ${view.specVersion}) have no tokens`,
    { details: 'those came with dTAO in February 2025', data: { specVersion: view.specVersion } },
  )
}

type Info = { readonly [field: string]: ChainValue }

function dynamicOf(info: Info, symbol: string, prices: ReadonlyMap<number, Price>): DynamicSubnet {
  const netuid = asNumber(info['netuid'])
  return {
    netuid,
    name: textOf(info['subnet_name']),
    symbol,
    owner: asOwner(info['owner_coldkey'] ?? info['owner']),
    tempo: asNumber(info['tempo']),
    emission: asBigint(info['emission']),
    taoIn: rao(asBigint(info['tao_in'])),
    alphaIn: alphaRao(asBigint(info['alpha_in'])),
    alphaOut: alphaRao(asBigint(info['alpha_out'])),
    price: prices.get(netuid) ?? { tao: 0n, alpha: 1n },
  }
}

/** The preview keeps symbols in storage only. */
async function symbolOf(view: ChainView, info: Info): Promise<string> {
  if (info['token_symbol'] !== undefined) return textOf(info['token_symbol'])
  const hex = asText(await view.read('SubtensorModule', 'TokenSymbol', asNumber(info['netuid'])))
  return Buffer.from(hex.slice(2), 'hex').toString('utf8')
}

/** Texts arrive as a list of compact bytes. */
function textOf(value: ChainValue): string {
  if (value === undefined) return ''
  return Buffer.from(asList(value).map(asNumber)).toString('utf8')
}
