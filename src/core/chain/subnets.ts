/** Subnets: which exist, what registration costs, and how they are set. */
import { BittensorError } from '../errors.js'
import { type Rao, rao } from '../units.js'
import { hyperparameterLayouts, subnetInfoLayouts } from './layouts.js'
import { callDecoded, preferApi, u16Arguments } from './runtimeApi.js'
import { option, vec } from './typeDef.js'
import type { ChainValue, ChainView, Hyperparameters, StorageEntry, SubnetInfo } from './types.js'
import {
  asBigint,
  asBoolean,
  asList,
  asNumber,
  asOwner,
  asRao,
  asRecord,
  asText,
} from './values.js'

const MODULE = 'SubtensorModule'
const API = 'SubnetInfoRuntimeApi'

/** Netuids of all subnets, ascending; root (0) is one of them where it exists. */
export async function readNetuids(view: ChainView): Promise<number[]> {
  const entries = await view.entries(MODULE, 'NetworksAdded')
  const added = entries.filter(({ value }) => value === true)
  return added.map(({ keys }) => asNumber(keys[0])).sort((a, b) => a - b)
}

/** Whether a subnet exists. */
export async function subnetExists(view: ChainView, netuid: number): Promise<boolean> {
  return (await view.read(MODULE, 'NetworksAdded', netuid)) === true
}

/**
 * All subnets, ascending by netuid.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readSubnets(view: ChainView): Promise<SubnetInfo[]> {
  const rows = await preferApi(
    view,
    API,
    'get_subnets_info',
    () => subnetsByApi(view),
    () => subnetsByStorage(view),
  )
  const infos = await Promise.all(rows.map((row) => completeSubnet(view, row)))
  return infos.sort((a, b) => a.netuid - b.netuid)
}

/**
 * One subnet.
 * @throws {BittensorError} `SUBNET_NOT_FOUND` naming those that exist
 */
export async function readSubnet(view: ChainView, netuid: number): Promise<SubnetInfo> {
  const row = await preferApi(
    view,
    API,
    'get_subnet_info',
    () =>
      callDecoded(
        view,
        API,
        'get_subnet_info',
        u16Arguments(netuid),
        subnetInfoLayouts(view.specVersion),
      ),
    () => subnetByStorage(view, netuid),
  )
  if (row === undefined) throw await subnetNotFound(view, netuid)
  return completeSubnet(view, row)
}

/** The failure for a netuid that is no subnet, naming those that are; for root on a runtime without it, that. */
export async function subnetNotFound(view: ChainView, netuid: number): Promise<BittensorError> {
  const netuids = await readNetuids(view)
  if (netuid === 0 && !view.hasCall(MODULE, 'root_register')) {
    return new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `this chain (spec ${view.specVersion}) has no root network`,
      { details: 'it came in October 2023', data: { specVersion: view.specVersion } },
    )
  }
  const known = netuids.length === 0 ? 'this chain has no subnet' : `there are ${spans(netuids)}`
  return new BittensorError('SUBNET_NOT_FOUND', `there is no subnet ${netuid}`, {
    details: known,
    hint: 'btcli list_subnets shows them all',
    data: { netuid, netuids },
  })
}

/** @throws {BittensorError} `SUBNET_NOT_FOUND`, naming the subnets that exist; `RUNTIME_UNSUPPORTED` for root before there was one */
export async function existingSubnet(view: ChainView, netuid: number): Promise<void> {
  if (!(await subnetExists(view, netuid))) throw await subnetNotFound(view, netuid)
}

/** Numbers as text, runs shortened: `0–3, 11`. */
export function spans(numbers: readonly number[]): string {
  const runs: [number, number][] = []
  for (const number of numbers) {
    const run = runs.at(-1)
    if (run && run[1] === number - 1) run[1] = number
    else runs.push([number, number])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

async function subnetsByApi(view: ChainView): Promise<readonly ChainValue[]> {
  const layouts = subnetInfoLayouts(view.specVersion).map((layout) => vec(option(layout)))
  const list = await callDecoded(view, API, 'get_subnets_info', new Uint8Array(), layouts)
  return asList(list ?? []).filter((row) => row !== undefined)
}

/** Rows are asked for together with the proof that the subnets exist: two requests in all. */
async function subnetsByStorage(view: ChainView): Promise<readonly ChainValue[]> {
  const [keys, connections] = await Promise.all([
    view.keys(MODULE, 'NetworksAdded'),
    readConnections(view),
  ])
  const rows = await Promise.all(
    keys.map(async ([netuid]) => {
      const [exists, row] = await Promise.all([
        subnetExists(view, asNumber(netuid)),
        subnetRow(view, asNumber(netuid), connections),
      ])
      return exists ? [row] : []
    }),
  )
  return rows.flat()
}

async function subnetByStorage(view: ChainView, netuid: number): Promise<ChainValue> {
  const [exists, connections] = await Promise.all([
    subnetExists(view, netuid),
    readConnections(view),
  ])
  return exists ? subnetRow(view, netuid, connections) : undefined
}

/** Requirements between subnets, which only runtimes before October 2023 know. */
async function readConnections(view: ChainView): Promise<readonly StorageEntry[]> {
  return view.hasStorage(MODULE, 'NetworkConnect') ? view.entries(MODULE, 'NetworkConnect') : []
}

/** What is not part of the runtime's SubnetInfo. */
const MORE_ITEMS = {
  registration_allowed: 'NetworkRegistrationAllowed',
  pow_registration_allowed: 'NetworkPowRegistrationAllowed',
  mechanisms: 'MechanismCountCurrent',
} as const

/** Fields of the runtime's SubnetInfo and the storage items they come from. */
const SUBNET_ITEMS: Readonly<Record<string, string>> = {
  rho: 'Rho',
  kappa: 'Kappa',
  difficulty: 'Difficulty',
  immunity_period: 'ImmunityPeriod',
  max_allowed_validators: 'MaxAllowedValidators',
  min_allowed_weights: 'MinAllowedWeights',
  max_weights_limit: 'MaxWeightsLimit',
  scaling_law_power: 'ScalingLawPower',
  subnetwork_n: 'SubnetworkN',
  max_allowed_uids: 'MaxAllowedUids',
  blocks_since_last_step: 'BlocksSinceLastStep',
  tempo: 'Tempo',
  network_modality: 'NetworkModality',
  emission_values: 'EmissionValues',
  burn: 'Burn',
  owner: 'SubnetOwner',
  ...MORE_ITEMS,
}

/** A subnet in the form of the runtime's SubnetInfo, from storage. */
async function subnetRow(
  view: ChainView,
  netuid: number,
  connections: readonly StorageEntry[],
): Promise<ChainValue> {
  const present = Object.entries(SUBNET_ITEMS).filter(([, item]) => view.hasStorage(MODULE, item))
  const values = await Promise.all(present.map(([, item]) => view.read(MODULE, item, netuid)))
  const own = connections.filter(({ keys }) => keys[0] === netuid)
  return {
    netuid,
    ...Object.fromEntries(present.map(([field], i) => [field, values[i]])),
    network_connect: own.map(({ keys, value }): ChainValue => [keys[1], value]),
  }
}

/** Adds what the runtime API leaves out. */
async function completeSubnet(view: ChainView, row: ChainValue): Promise<SubnetInfo> {
  const info = asRecord(row)
  const missing = Object.entries(MORE_ITEMS).filter(
    ([field, item]) => info[field] === undefined && view.hasStorage(MODULE, item),
  )
  const netuid = asNumber(info['netuid'])
  const values = await Promise.all(missing.map(([, item]) => view.read(MODULE, item, netuid)))
  return subnetOf({
    ...info,
    ...Object.fromEntries(missing.map(([field], i) => [field, values[i]])),
  })
}

function subnetOf(info: { readonly [field: string]: ChainValue }): SubnetInfo {
  const number = (field: string) => asNumber(info[field] ?? 0)
  const flag = (field: string) => (info[field] === undefined ? undefined : asBoolean(info[field]))
  return {
    netuid: number('netuid'),
    n: number('subnetwork_n'),
    maxN: number('max_allowed_uids'),
    difficulty: asBigint(info['difficulty']),
    tempo: number('tempo'),
    emission: asBigint(info['emission_values'] ?? 0),
    burn: rao(asBigint(info['burn'])),
    owner: asOwner(info['owner']),
    immunityPeriod: number('immunity_period'),
    rho: number('rho'),
    kappa: number('kappa'),
    maxAllowedValidators: number('max_allowed_validators'),
    minAllowedWeights: number('min_allowed_weights'),
    maxWeightsLimit: number('max_weights_limit'),
    scalingLawPower: number('scaling_law_power'),
    modality: number('network_modality'),
    blocksSinceLastStep: number('blocks_since_last_step'),
    connect: asList(info['network_connect'] ?? []).map((pair) => {
      const [other, requirement] = asList(pair)
      return [asNumber(other), asNumber(requirement)] as const
    }),
    registrationAllowed: flag('registration_allowed'),
    powRegistrationAllowed: flag('pow_registration_allowed'),
    mechanisms: info['mechanisms'] === undefined ? 1 : number('mechanisms'),
  }
}

/** POW difficulty of a subnet: a seal passes when seal × difficulty < 2²⁵⁶. */
export async function readDifficulty(view: ChainView, netuid: number): Promise<bigint> {
  return asBigint(await view.read(MODULE, 'Difficulty', netuid))
}

/** Price of a registration by recycling, in RAO. */
export async function readBurn(view: ChainView, netuid: number): Promise<Rao> {
  return asRao(await view.read(MODULE, 'Burn', netuid))
}

/** Tempo of a subnet: an epoch runs every tempo + 1 blocks. */
export async function readTempo(view: ChainView, netuid: number): Promise<number> {
  return asNumber(await view.read(MODULE, 'Tempo', netuid))
}

/** Names of the settings and the storage items that hold them. */
const HYPERPARAMETER_ITEMS: Readonly<Record<string, string>> = {
  rho: 'Rho',
  kappa: 'Kappa',
  immunity_period: 'ImmunityPeriod',
  min_allowed_weights: 'MinAllowedWeights',
  max_weights_limit: 'MaxWeightsLimit',
  tempo: 'Tempo',
  min_difficulty: 'MinDifficulty',
  max_difficulty: 'MaxDifficulty',
  weights_version: 'WeightsVersionKey',
  weights_rate_limit: 'WeightsSetRateLimit',
  adjustment_interval: 'AdjustmentInterval',
  activity_cutoff: 'ActivityCutoff',
  registration_allowed: 'NetworkRegistrationAllowed',
  target_regs_per_interval: 'TargetRegistrationsPerInterval',
  min_burn: 'MinBurn',
  max_burn: 'MaxBurn',
  bonds_moving_avg: 'BondsMovingAverage',
  max_regs_per_block: 'MaxRegistrationsPerBlock',
  serving_rate_limit: 'ServingRateLimit',
  max_validators: 'MaxAllowedValidators',
  adjustment_alpha: 'AdjustmentAlpha',
  difficulty: 'Difficulty',
  commit_reveal_period: 'RevealPeriodEpochs',
  commit_reveal_weights_enabled: 'CommitRevealWeightsEnabled',
  liquid_alpha_enabled: 'LiquidAlphaOn',
  alpha_sigmoid_steepness: 'AlphaSigmoidSteepness',
  yuma3_enabled: 'Yuma3On',
  subtoken_enabled: 'SubtokenEnabled',
  transfers_enabled: 'TransferToggle',
  bonds_reset_enabled: 'BondsResetOn',
  bonds_penalty: 'BondsPenalty',
}

/**
 * Adjustable settings of a subnet under the runtime's own names; those a runtime does not have are absent.
 * @throws {BittensorError} `SUBNET_NOT_FOUND`
 */
export async function readHyperparameters(
  view: ChainView,
  netuid: number,
): Promise<Hyperparameters> {
  if (!(await subnetExists(view, netuid))) throw await subnetNotFound(view, netuid)
  const method = hyperparameterMethod(view)
  const value = await preferApi(
    view,
    API,
    method,
    () => callDecoded(view, API, method, u16Arguments(netuid), hyperparameterLayouts),
    () => hyperparametersByStorage(view, netuid),
  )
  return Object.fromEntries(entriesOf(value).map(([name, one]) => [name, settingOf(one)]))
}

/** The later forms have more settings; only runtimes that describe them have them. */
function hyperparameterMethod(view: ChainView): string {
  const later = ['get_subnet_hyperparams_v3', 'get_subnet_hyperparams_v2']
  return later.find((name) => view.apiOutput(API, name)) ?? 'get_subnet_hyperparams'
}

/** A struct of settings, or since 2026 a list of names and values. */
function entriesOf(value: ChainValue): readonly (readonly [name: string, value: ChainValue])[] {
  if (!Array.isArray(value)) return Object.entries(asRecord(value))
  return asList(value).map((entry) => {
    const { name, value: tagged } = asRecord(entry)
    return [Buffer.from(asText(name).slice(2), 'hex').toString('utf8'), asRecord(tagged)['value']]
  })
}

/** Fixed-point settings (I32F32) as numbers; all others are plain. */
function settingOf(value: ChainValue): Hyperparameters[string] {
  if (typeof value === 'object') return Number(asBigint(value)) / 2 ** 32
  return value as Hyperparameters[string]
}

async function hyperparametersByStorage(view: ChainView, netuid: number): Promise<ChainValue> {
  const items = Object.entries(HYPERPARAMETER_ITEMS).filter(([, item]) =>
    view.hasStorage(MODULE, item),
  )
  const [values, alpha] = await Promise.all([
    Promise.all(items.map(([, item]) => view.read(MODULE, item, netuid))),
    view.hasStorage(MODULE, 'AlphaValues') ? view.read(MODULE, 'AlphaValues', netuid) : undefined,
  ])
  const [low, high] = alpha === undefined ? [] : asList(alpha)
  return {
    ...Object.fromEntries(items.map(([name], i) => [name, values[i]])),
    ...(alpha === undefined ? {} : { alpha_low: low, alpha_high: high }),
  }
}

/**
 * Price of creating a subnet now, in RAO.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes where subnets can not be bought
 */
export async function readLockCost(view: ChainView): Promise<Rao> {
  const trait = 'SubnetRegistrationRuntimeApi'
  const method = 'get_network_registration_cost'
  return preferApi(
    view,
    trait,
    method,
    async () => {
      // A bare u64 in every era, unlike the results of the other APIs.
      const answer = await view.callApi(trait, method)
      return asRao(view.decode({ kind: 'uint', bytes: 8 }, answer))
    },
    () => lockCostByStorage(view),
  )
}

/** opentensor/subtensor, pallets/subtensor/src/root.rs at spec 143: get_network_lock_cost. */
async function lockCostByStorage(view: ChainView): Promise<Rao> {
  const [last, least, interval, registered] = await Promise.all([
    ...['NetworkLastLockCost', 'NetworkMinLockCost', 'NetworkLockReductionInterval'].map(
      async (item) => asBigint(await view.read(MODULE, item)),
    ),
    lastRegistered(view),
  ])
  return rao(
    lockCost({
      last: last ?? 0n,
      least: least ?? 0n,
      registered: registered ?? 0n,
      interval: interval ?? 0n,
      now: BigInt(view.block.number),
    }),
  )
}

/** Block in which the last subnet was created; since late 2025 it stands among the rate limits. */
async function lastRegistered(view: ChainView): Promise<bigint> {
  if (view.hasStorage(MODULE, 'NetworkLastRegistered')) {
    return asBigint(await view.read(MODULE, 'NetworkLastRegistered'))
  }
  const key = { type: 'NetworkLastRegistered' }
  return asBigint(await view.read(MODULE, 'LastRateLimitedBlock', key))
}

/** The cost doubles with each subnet made and falls linearly back to the minimum. */
function lockCost(terms: {
  readonly last: bigint
  readonly least: bigint
  readonly registered: bigint
  readonly interval: bigint
  readonly now: bigint
}): bigint {
  const { last, least, registered, interval, now } = terms
  const factor = registered === 0n ? 1n : 2n
  const perBlock = interval === 0n ? 0n : last / interval
  const since = now > registered ? now - registered : 0n
  const cost = last * factor - perBlock * since
  return cost > least ? cost : least
}
