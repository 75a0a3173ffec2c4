/** The neurons of a subnet with everything that a metagraph shows of them. */
import type { Ss58 } from '../keys/ss58.js'
import { type AlphaRao, alphaRao, rao } from '../units.js'
import { resolve } from './decode.js'
import { compact, concat, littleEndian } from './encode.js'
import { mechanismIndex } from './mechanisms.js'
import {
  axonOf,
  readNetuidKeys,
  readNeurons,
  readRegistered,
  readRegistrations,
} from './neurons.js'
import { callDecoded, preferApi, u16Arguments } from './runtimeApi.js'
import {
  onSubnet,
  readParents,
  readStakeWeights,
  type WeighedStake,
  weighStakes,
} from './stakeWeights.js'
import type { ChainValue, ChainView, Neuron, Registration } from './types.js'
import { asAddress, asBigint, asList, asNumber, asRecord } from './values.js'

const MODULE = 'SubtensorModule'
const API = 'SubnetInfoRuntimeApi'

/** A neuron with its stake as the epoch counts it, and what its stakers got in the last one. */
export type MetagraphNeuron = Neuron & {
  /** Undefined on classic chains, where `stake` is all there is. */
  readonly weighed: WeighedStake | undefined
  /** Dividends of its alpha (`AlphaDividendsPerSubnet`); undefined where the runtime keeps none. */
  readonly alphaDividends: AlphaRao | undefined
  /** Alpha set aside for its stakers on root (`RootAlphaDividendsPerSubnet`); undefined where the runtime keeps none. */
  readonly rootDividends: AlphaRao | undefined
}

/**
 * All neurons of a subnet by uid, with incentives and updates of one of its mechanisms: by `get_selective_mechagraph` or
 * `get_selective_metagraph` where the runtime describes them, else by the older runtime APIs or from storage.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readMetagraph(
  view: ChainView,
  netuid: number,
  mechanism = 0,
): Promise<MetagraphNeuron[]> {
  if (view.era === 'classic') return (await readNeurons(view, netuid)).map(classic)
  const [neurons, alpha, root] = await Promise.all([
    readWeighed(view, netuid, mechanism),
    dividendsOf(view, ALPHA_DIVIDENDS, netuid),
    dividendsOf(view, ROOT_DIVIDENDS, netuid),
  ])
  return neurons.map((neuron) => ({
    ...neuron,
    alphaDividends: alpha && (alpha.get(neuron.hotkey) ?? alphaRao(0n)),
    rootDividends: root && (root.get(neuron.hotkey) ?? alphaRao(0n)),
  }))
}

/** Parents of at most so many hotkeys on subnets are asked for before it is known who is registered. */
const FORESEEN = 1000

/**
 * Registrations of hotkeys as {@link readRegistrations} finds them, for {@link readMetagraphOf}, which then has to wait for
 * the node once only.
 */
export async function readRegistrationsToWeigh(
  view: ChainView,
  hotkeys: readonly Ss58[],
  netuids?: readonly number[],
): Promise<Registration[]> {
  const subnets = netuids ?? (await readNetuidKeys(view))
  if (subnets.length * hotkeys.length > FORESEEN) return readRegistrations(view, hotkeys, subnets)
  const [registrations] = await Promise.all([
    readRegistrations(view, hotkeys, subnets),
    ...subnets.flatMap((netuid) => hotkeys.map((hotkey) => readParents(view, { netuid, hotkey }))),
  ])
  return registrations
}

/** The same of single registrations, in their order, from storage. */
export async function readMetagraphOf(
  view: ChainView,
  registrations: readonly Registration[],
): Promise<MetagraphNeuron[]> {
  if (view.era === 'classic') return (await readRegistered(view, registrations)).map(classic)
  const read = (items: readonly string[]) =>
    Promise.all(registrations.map((one) => dividendOf(view, items, one)))
  const [neurons, weighed, alpha, root] = await Promise.all([
    readRegistered(view, registrations),
    weighStakes(view, registrations),
    read(ALPHA_DIVIDENDS),
    read(ROOT_DIVIDENDS),
  ])
  return neurons.map((neuron, i) => ({
    ...neuron,
    weighed: weighed[i],
    alphaDividends: alpha[i],
    rootDividends: root[i],
  }))
}

function classic(neuron: Neuron): MetagraphNeuron {
  return { ...neuron, weighed: undefined, alphaDividends: undefined, rootDividends: undefined }
}

type WeighedNeuron = Neuron & { readonly weighed: WeighedStake | undefined }

async function readWeighed(
  view: ChainView,
  netuid: number,
  mechanism: number,
): Promise<readonly WeighedNeuron[]> {
  const method = selectiveMethod(view, mechanism)
  const byParts = () => weighedByParts(view, netuid, mechanism)
  if (method === undefined) return byParts()
  return preferApi(view, API, method, () => bySelection(view, method, netuid, mechanism), byParts)
}

/** The runtime API that gives chosen columns; only runtimes that describe their APIs have it. */
function selectiveMethod(view: ChainView, mechanism: number): string | undefined {
  const methods = [
    'get_selective_mechagraph',
    ...(mechanism === 0 ? ['get_selective_metagraph'] : []),
  ]
  return methods.find((method) => columnsOf(view, method).length > 0)
}

/** Names of the columns in the order of the numbers by which they are chosen. */
function columnsOf(view: ChainView, method: string): readonly string[] {
  const { types } = view.runtime.description
  const output = view.apiOutput(API, method)
  if (output?.kind !== 'option') return []
  const graph = resolve(types, output.of)
  return graph.kind === 'struct' ? graph.fields.map(([name]) => name) : []
}

const COLUMNS = [
  'hotkeys',
  'coldkeys',
  'axons',
  'active',
  'validator_permit',
  'pruning_score',
  'last_update',
  'emission',
  'dividends',
  'incentives',
  'consensus',
  'trust',
  'rank',
  'alpha_stake',
  'tao_stake',
  'total_stake',
] as const

async function bySelection(
  view: ChainView,
  method: string,
  netuid: number,
  mechanism: number,
): Promise<readonly WeighedNeuron[]> {
  const names = columnsOf(view, method)
  const wanted = COLUMNS.map((name) => names.indexOf(name)).filter((index) => index >= 0)
  const args = concat([
    u16Arguments(netuid),
    ...(method === 'get_selective_mechagraph' ? [littleEndian(BigInt(mechanism), 1)] : []),
    compact(BigInt(wanted.length)),
    u16Arguments(...wanted),
  ])
  const [answer, validatorTrust] = await Promise.all([
    callDecoded(view, API, method, args, []),
    view.read(MODULE, 'ValidatorTrust', netuid),
  ])
  if (answer === undefined) return []
  const graph: Readonly<Record<string, ChainValue>> = {
    ...asRecord(answer),
    validator_trust: validatorTrust,
  }
  const at = (name: Column, uid: number) => asList(graph[name] ?? [])[uid]
  return asList(graph['hotkeys'] ?? []).map((_, uid) => neuronAt(netuid, uid, at))
}

type Column = (typeof COLUMNS)[number] | 'validator_trust'

function neuronAt(
  netuid: number,
  uid: number,
  at: (name: Column, uid: number) => ChainValue,
): WeighedNeuron {
  const number = (name: Column) => asNumber(at(name, uid) ?? 0)
  const amount = (name: Column) => asBigint(at(name, uid) ?? 0)
  const alphaStake = alphaRao(amount('alpha_stake'))
  const weighed = {
    alphaStake,
    taoStake: rao(amount('tao_stake')),
    totalStake: amount('total_stake'),
  }
  return {
    netuid,
    uid,
    hotkey: asAddress(at('hotkeys', uid)),
    coldkey: asAddress(at('coldkeys', uid)),
    active: at('active', uid) === true,
    stake: rao(alphaStake),
    rank: number('rank'),
    trust: number('trust'),
    consensus: number('consensus'),
    incentive: number('incentives'),
    dividends: number('dividends'),
    validatorTrust: number('validator_trust'),
    emission: amount('emission'),
    lastUpdate: number('last_update'),
    validatorPermit: at('validator_permit', uid) === true,
    pruningScore: number('pruning_score'),
    axon: axonOf(at('axons', uid)),
    prometheus: undefined,
    weighed: onSubnet(netuid, weighed),
  }
}

async function weighedByParts(
  view: ChainView,
  netuid: number,
  mechanism: number,
): Promise<readonly WeighedNeuron[]> {
  const index = mechanismIndex(netuid, mechanism)
  const column = async (item: string) =>
    mechanism === 0 ? undefined : asList(await view.read(MODULE, item, index))
  const [neurons, weights, incentives, updates] = await Promise.all([
    readNeurons(view, netuid),
    readStakeWeights(view, netuid),
    column('Incentive'),
    column('LastUpdate'),
  ])
  return neurons.map((neuron) => {
    const { uid } = neuron
    const weight = weights[uid]
    return {
      ...neuron,
      weighed: weight && onSubnet(netuid, weight),
      ...(incentives ? { incentive: asNumber(incentives[uid] ?? 0) } : {}),
      ...(updates ? { lastUpdate: asNumber(updates[uid] ?? 0) } : {}),
    }
  })
}

const ALPHA_DIVIDENDS = ['AlphaDividendsPerSubnet', 'HotkeyDividendsPerSubnet']
const ROOT_DIVIDENDS = ['RootAlphaDividendsPerSubnet']

async function dividendsOf(
  view: ChainView,
  items: readonly string[],
  netuid: number,
): Promise<ReadonlyMap<string, AlphaRao> | undefined> {
  const item = items.find((name) => view.hasStorage(MODULE, name))
  if (item === undefined) return undefined
  const entries = await view.entries(MODULE, item, netuid)
  return new Map(entries.map(({ keys, value }) => [asAddress(keys[1]), alphaRao(asBigint(value))]))
}

async function dividendOf(
  view: ChainView,
  items: readonly string[],
  { netuid, hotkey }: Registration,
): Promise<AlphaRao | undefined> {
  const item = items.find((name) => view.hasStorage(MODULE, name))
  if (item === undefined) return undefined
  return alphaRao(asBigint(await view.read(MODULE, item, netuid, hotkey)))
}
