/** Neurons of subnets, where hotkeys are registered, and the weights they set. */
import type { Ss58 } from '../keys/ss58.js'
import { type Rao, rao } from '../units.js'
import { ipText } from './ip.js'
import { neuronLite } from './layouts.js'
import { mechanismIndex } from './mechanisms.js'
import { callDecoded, isWrapped, preferApi, u16Arguments } from './runtimeApi.js'
import { vec } from './typeDef.js'
import type {
  AxonInfo,
  ChainValue,
  ChainView,
  Neuron,
  PrometheusInfo,
  Registration,
} from './types.js'
import {
  asAddress,
  asBigint,
  asBoolean,
  asList,
  asNumber,
  asRao,
  asRecord,
  fieldOf,
} from './values.js'

const MODULE = 'SubtensorModule'
const API = 'NeuronInfoRuntimeApi'

/** What to read of neurons besides the usual. */
export type NeuronOptions = {
  /** Also the stake of each coldkey, which takes a request per neuron on runtimes without the runtime APIs. */
  readonly stakes?: boolean
}

/**
 * All neurons of a subnet by uid; none for a netuid that is no subnet.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readNeurons(
  view: ChainView,
  netuid: number,
  options: NeuronOptions = {},
): Promise<Neuron[]> {
  const method = 'get_neurons_lite'
  return preferApi(
    view,
    API,
    method,
    async () => {
      const args = u16Arguments(netuid)
      const list = await callDecoded(view, API, method, args, [vec(neuronLite)])
      const neurons = asList(list ?? []).map((row) => neuronOf(row, options))
      return Promise.all(neurons.map((neuron) => withAlpha(view, neuron)))
    },
    async () => (await neuronsByStorage(view, [netuid], options)).get(netuid) ?? [],
  )
}

/** Neurons of several subnets by netuid: one request per subnet with runtime APIs, three in all without. */
export async function readNeuronsOfSubnets(
  view: ChainView,
  netuids: readonly number[],
  options: NeuronOptions = {},
): Promise<ReadonlyMap<number, readonly Neuron[]>> {
  if (!view.hasRuntimeApi(API, 'get_neurons_lite')) return neuronsByStorage(view, netuids, options)
  const lists = await Promise.all(netuids.map((netuid) => readNeurons(view, netuid, options)))
  return new Map(netuids.map((netuid, i) => [netuid, lists[i] ?? []]))
}

/** One neuron, undefined when the uid is not taken. */
export async function readNeuron(
  view: ChainView,
  netuid: number,
  uid: number,
  options: NeuronOptions = {},
): Promise<Neuron | undefined> {
  const method = 'get_neuron_lite'
  return preferApi(
    view,
    API,
    method,
    async () => {
      const row = await callDecoded(view, API, method, u16Arguments(netuid, uid), [neuronLite])
      return row === undefined ? undefined : withAlpha(view, neuronOf(row, options))
    },
    async () => {
      const [columns, hotkey] = await Promise.all([
        readColumns(view, netuid),
        view.readStored(MODULE, 'Keys', netuid, uid),
      ])
      if (hotkey === undefined) return undefined
      const registration = { netuid, uid, hotkey: asAddress(hotkey) }
      return assemble(
        columns,
        registration,
        await readParts(view, netuid, registration.hotkey, options),
      )
    },
  )
}

/** The uid of a hotkey on a subnet, undefined when it is not registered there. */
export async function readUid(
  view: ChainView,
  netuid: number,
  hotkey: Ss58,
): Promise<number | undefined> {
  const uid = await view.read(MODULE, 'Uids', netuid, hotkey)
  return uid === undefined ? undefined : asNumber(uid)
}

/** Every registration of the given hotkeys, ascending by netuid, then by uid. */
export async function readRegistrations(
  view: ChainView,
  hotkeys: readonly Ss58[],
  netuids?: readonly number[],
): Promise<Registration[]> {
  const subnets = netuids ?? (await readNetuidKeys(view))
  const pairs = subnets.flatMap((netuid) => hotkeys.map((hotkey) => ({ netuid, hotkey })))
  const uids = await Promise.all(pairs.map(({ netuid, hotkey }) => readUid(view, netuid, hotkey)))
  return pairs
    .flatMap((pair, i) => {
      const uid = uids[i]
      return uid === undefined ? [] : [{ ...pair, uid }]
    })
    .sort((a, b) => a.netuid - b.netuid || a.uid - b.uid)
}

/** Netuids of subnets, those of dissolved ones among them, which have no uids. */
export async function readNetuidKeys(view: ChainView): Promise<number[]> {
  return (await view.keys(MODULE, 'NetworksAdded')).map(([key]) => asNumber(key))
}

/** Whether a hotkey is registered on any subnet. */
export async function isRegisteredAnywhere(view: ChainView, hotkey: Ss58): Promise<boolean> {
  return (await readRegistrations(view, [hotkey])).length > 0
}

/**
 * The neurons of the given hotkeys on all subnets, or on `netuids`, ascending by netuid and uid. Three requests however
 * many there are, because it reads whole columns of the subnets concerned.
 */
export async function readNeuronsOfHotkeys(
  view: ChainView,
  hotkeys: readonly Ss58[],
  options: NeuronOptions & { readonly netuids?: readonly number[] } = {},
): Promise<Neuron[]> {
  return readRegistered(view, await readRegistrations(view, hotkeys, options.netuids), options)
}

/** The neurons of registrations, in their order, with one request. */
export async function readRegistered(
  view: ChainView,
  registrations: readonly Registration[],
  options: NeuronOptions = {},
): Promise<Neuron[]> {
  const netuids = [...new Set(registrations.map(({ netuid }) => netuid))]
  const [columns, parts] = await Promise.all([
    Promise.all(netuids.map((netuid) => readColumns(view, netuid))),
    Promise.all(
      registrations.map(({ netuid, hotkey }) => readParts(view, netuid, hotkey, options)),
    ),
  ])
  return registrations.flatMap((registration, i) => {
    const own = parts[i]
    const column = columns[netuids.indexOf(registration.netuid)]
    return own && column ? [assemble(column, registration, own)] : []
  })
}

/** The endpoint that a hotkey has announced on a subnet, undefined without one. */
export async function readAxon(
  view: ChainView,
  netuid: number,
  hotkey: Ss58,
): Promise<AxonInfo | undefined> {
  return axonOf(await view.read(MODULE, 'Axons', netuid, hotkey))
}

/** The prometheus endpoint that a hotkey has announced on a subnet, undefined without one. */
export async function readPrometheus(
  view: ChainView,
  netuid: number,
  hotkey: Ss58,
): Promise<PrometheusInfo | undefined> {
  return prometheusOf(await view.read(MODULE, 'Prometheus', netuid, hotkey))
}

/** Rows of a sparse matrix by uid: pairs of another uid and a u16 value. */
export type SparseRows = ReadonlyMap<number, readonly (readonly [number, number])[]>

/**
 * Weights that the neurons of a subnet have set for one of its mechanisms: uid → [uid, weight u16]; on root the first number
 * is a netuid.
 */
export function readWeights(view: ChainView, netuid: number, mechanism = 0): Promise<SparseRows> {
  return readRows(view, 'Weights', mechanismIndex(netuid, mechanism))
}

/** Bonds that the validators of a subnet hold by one of its mechanisms: uid → [uid, bond u16]. */
export function readBonds(view: ChainView, netuid: number, mechanism = 0): Promise<SparseRows> {
  return readRows(view, 'Bonds', mechanismIndex(netuid, mechanism))
}

async function readRows(view: ChainView, item: string, index: number): Promise<SparseRows> {
  const entries = await view.entries(MODULE, item, index)
  const rows = entries.map(({ keys, value }) => [asNumber(keys[1]), pairsOf(value)] as const)
  return new Map(rows.sort(([a], [b]) => a - b))
}

/** Weights that one neuron has set, empty when it has set none. */
export async function readWeightsOf(
  view: ChainView,
  netuid: number,
  uid: number,
): Promise<readonly (readonly [number, number])[]> {
  return pairsOf(await view.read(MODULE, 'Weights', netuid, uid))
}

function pairsOf(value: ChainValue): readonly (readonly [number, number])[] {
  return asList(value).map((pair) => {
    const [first, second] = asList(pair)
    return [asNumber(first), asNumber(second)] as const
  })
}

/** A neuron from the runtime's NeuronInfoLite, whose field names all eras share. */
function neuronOf(row: ChainValue, options: NeuronOptions): Neuron {
  const info = asRecord(row)
  const number = (field: string) => asNumber(info[field])
  const stakes = asList(info['stake']).map((pair) => {
    const [coldkey, stake] = asList(pair)
    return [asAddress(coldkey), rao(asBigint(stake))] as const
  })
  return {
    netuid: number('netuid'),
    uid: number('uid'),
    hotkey: asAddress(info['hotkey']),
    coldkey: asAddress(info['coldkey']),
    active: asBoolean(info['active']),
    stake: rao(stakes.reduce((sum, [, stake]) => sum + stake, 0n)),
    ...(options.stakes ? { stakes: stakes.filter(([, stake]) => stake > 0n) } : {}),
    rank: number('rank'),
    trust: number('trust'),
    consensus: number('consensus'),
    incentive: number('incentive'),
    dividends: number('dividends'),
    validatorTrust: number('validator_trust'),
    emission: asBigint(info['emission']),
    lastUpdate: number('last_update'),
    validatorPermit: asBoolean(info['validator_permit']),
    pruningScore: number('pruning_score'),
    axon: axonOf(info['axon_info']),
    prometheus: prometheusOf(info['prometheus_info']),
  }
}

/** Storage items that hold one value per uid. */
const COLUMNS = [
  'Active',
  'Rank',
  'Trust',
  'Consensus',
  'Incentive',
  'Dividends',
  'ValidatorTrust',
  'Emission',
  'LastUpdate',
  'ValidatorPermit',
  'PruningScores',
] as const

type Columns = ReadonlyMap<(typeof COLUMNS)[number], readonly ChainValue[]>

async function readColumns(view: ChainView, netuid: number): Promise<Columns> {
  const present = COLUMNS.filter((item) => view.hasStorage(MODULE, item))
  const values = await Promise.all(present.map((item) => view.read(MODULE, item, netuid)))
  return new Map(present.map((item, i) => [item, asList(values[i])]))
}

async function neuronsByStorage(
  view: ChainView,
  netuids: readonly number[],
  options: NeuronOptions,
): Promise<Map<number, Neuron[]>> {
  const lists = await Promise.all(netuids.map((netuid) => neuronsByKeys(view, netuid, options)))
  return new Map(netuids.map((netuid, i) => [netuid, lists[i] ?? []]))
}

/** Reads the hotkeys uid by uid: three round trips for however many neurons and subnets, where walking keys takes one per thousand. */
async function neuronsByKeys(
  view: ChainView,
  netuid: number,
  options: NeuronOptions,
): Promise<Neuron[]> {
  const [columns, size] = await Promise.all([
    readColumns(view, netuid),
    view.read(MODULE, 'SubnetworkN', netuid),
  ])
  const uids = Array.from({ length: asNumber(size) }, (_, uid) => uid)
  return Promise.all(
    uids.map(async (uid) => {
      const hotkey = asAddress(await view.read(MODULE, 'Keys', netuid, uid))
      const parts = await readParts(view, netuid, hotkey, options)
      return assemble(columns, { netuid, uid, hotkey }, parts)
    }),
  )
}

/** What is kept of a neuron by its hotkey. */
type Parts = Pick<Neuron, 'coldkey' | 'stake' | 'stakes' | 'axon' | 'prometheus'>

async function readParts(
  view: ChainView,
  netuid: number,
  hotkey: Ss58,
  options: NeuronOptions,
): Promise<Parts> {
  const [coldkey, axon, prometheus, stakes, stake] = await Promise.all([
    view.read(MODULE, 'Owner', hotkey),
    view.read(MODULE, 'Axons', netuid, hotkey),
    view.read(MODULE, 'Prometheus', netuid, hotkey),
    options.stakes ? stakesOf(view, hotkey) : undefined,
    hotkeyStake(view, netuid, hotkey),
  ])
  return {
    coldkey: asAddress(coldkey),
    stake,
    ...(stakes ? { stakes } : {}),
    axon: axonOf(axon),
    prometheus: prometheusOf(prometheus),
  }
}

function assemble(columns: Columns, registration: Registration, parts: Parts): Neuron {
  const at = (item: (typeof COLUMNS)[number]) => columns.get(item)?.[registration.uid] ?? 0
  return {
    ...registration,
    ...parts,
    active: at('Active') === true,
    rank: asNumber(at('Rank')),
    trust: asNumber(at('Trust')),
    consensus: asNumber(at('Consensus')),
    incentive: asNumber(at('Incentive')),
    dividends: asNumber(at('Dividends')),
    validatorTrust: asNumber(at('ValidatorTrust')),
    emission: asBigint(at('Emission')),
    lastUpdate: asNumber(at('LastUpdate')),
    validatorPermit: at('ValidatorPermit') === true,
    pruningScore: asNumber(at('PruningScores')),
  }
}

/** Stake behind a hotkey on a subnet: classic stake is the same on all of them, alpha is kept per subnet. */
export async function hotkeyStake(view: ChainView, netuid: number, hotkey: Ss58): Promise<Rao> {
  return asRao(
    view.hasStorage(MODULE, 'TotalHotkeyStake')
      ? await view.read(MODULE, 'TotalHotkeyStake', hotkey)
      : await view.read(MODULE, 'TotalHotkeyAlpha', hotkey, netuid),
  )
}

/** The dTAO preview answers stake from a map that was dead by then (opentensor/subtensor 7dcb6a7c5, neuron_info.rs). */
async function withAlpha(view: ChainView, neuron: Neuron): Promise<Neuron> {
  if (view.era === 'classic' || !isWrapped(view, API, 'get_neurons_lite')) return neuron
  return { ...neuron, stake: await hotkeyStake(view, neuron.netuid, neuron.hotkey) }
}

async function stakesOf(view: ChainView, hotkey: Ss58): Promise<readonly (readonly [Ss58, Rao])[]> {
  if (!view.hasStorage(MODULE, 'TotalHotkeyStake')) return []
  const entries = await view.entries(MODULE, 'Stake', hotkey)
  return entries
    .map(({ keys, value }) => [asAddress(keys[1]), rao(asBigint(value))] as const)
    .filter(([, stake]) => stake > 0n)
}

/** The runtime APIs write zeros for a hotkey that announced nothing. */
function isAnnounced(info: ChainValue): boolean {
  return info !== undefined && (fieldOf(info, 'ip') !== 0n || fieldOf(info, 'port') !== 0)
}

/** An endpoint as the runtime keeps it; undefined for one of zeros. */
export function axonOf(info: ChainValue): AxonInfo | undefined {
  const prometheus = prometheusOf(info)
  return prometheus && { ...prometheus, protocol: asNumber(fieldOf(info, 'protocol')) }
}

function prometheusOf(info: ChainValue): PrometheusInfo | undefined {
  if (!isAnnounced(info)) return undefined
  const ipType = asNumber(fieldOf(info, 'ip_type'))
  return {
    block: asNumber(fieldOf(info, 'block')),
    version: asNumber(fieldOf(info, 'version')),
    ip: ipText(asBigint(fieldOf(info, 'ip')), ipType),
    port: asNumber(fieldOf(info, 'port')),
    ipType,
  }
}
