/** A subnet at one block as columns of numbers. Pure: no chain, no files, so it works in a browser as well. */
import { BittensorError } from '../../core/errors.js'
import { formatTao, U16_MAX } from '../../core/units.js'
import { weightsFromChain } from '../../core/weights.js'
import { formatEndpoint } from '../../network/address.js'
import type { AxonInfo } from '../../network/axonInfo.js'

/** Entries of one row of a matrix: other uids (on root netuids) and u16 values as the chain keeps them. */
export type SparseColumn = { readonly uids: Uint16Array; readonly values: Uint16Array }

/** What a metagraph holds: one entry per neuron in every column. */
export type MetagraphColumns = {
  readonly uids: Uint16Array
  readonly hotkeys: readonly string[]
  readonly coldkeys: readonly string[]
  /** All stake behind the hotkey, RAO; on dTAO chains alpha of the subnet. */
  readonly stake: BigUint64Array
  /** Scores from 0 to 1. */
  readonly ranks: Float32Array
  readonly trust: Float32Array
  readonly consensus: Float32Array
  readonly validatorTrust: Float32Array
  readonly incentive: Float32Array
  readonly dividends: Float32Array
  /** RAO (on dTAO chains alpha) per epoch. */
  readonly emission: BigUint64Array
  /** 1 for those that set weights lately. */
  readonly active: Uint8Array
  /** 1 for those that may set weights on others. */
  readonly validatorPermit: Uint8Array
  /** Block of the last set_weights, or of the registration. */
  readonly lastUpdate: Float64Array
  readonly axons: readonly AxonInfo[]
  /** A row per neuron; undefined when synced lite. */
  readonly weights: readonly SparseColumn[] | undefined
  readonly bonds: readonly SparseColumn[] | undefined
}

/** Which subnet, when. */
export type MetagraphPlace = {
  readonly netuid: number
  readonly network: string
  readonly block: number
  /** Version integer of the software that made it. */
  readonly version: number
}

/** One neuron of a metagraph. */
export type MetagraphRow = {
  readonly uid: number
  readonly hotkey: string
  readonly coldkey: string
  /** RAO. */
  readonly stake: bigint
  readonly rank: number
  readonly trust: number
  readonly consensus: number
  readonly validatorTrust: number
  readonly incentive: number
  readonly dividends: number
  readonly emission: bigint
  readonly active: boolean
  readonly validatorPermit: boolean
  readonly lastUpdate: number
  readonly axon: AxonInfo
}

/** A metagraph as JSON: u64 as decimal text, everything else as numbers. */
export type MetagraphJson = MetagraphPlace & {
  readonly format: 'bittensor-metagraph'
  readonly formatVersion: 1
  readonly n: number
  readonly lite: boolean
  readonly uids: readonly number[]
  readonly hotkeys: readonly string[]
  readonly coldkeys: readonly string[]
  readonly stake: readonly string[]
  readonly ranks: readonly number[]
  readonly trust: readonly number[]
  readonly consensus: readonly number[]
  readonly validatorTrust: readonly number[]
  readonly incentive: readonly number[]
  readonly dividends: readonly number[]
  readonly emission: readonly string[]
  readonly active: readonly number[]
  readonly validatorPermit: readonly number[]
  readonly lastUpdate: readonly number[]
  readonly axons: readonly AxonInfo[]
  readonly weights?: readonly (readonly (readonly [number, number])[])[]
  readonly bonds?: readonly (readonly (readonly [number, number])[])[]
}

const FORMAT = 'bittensor-metagraph'

/**
 * The state of a subnet at one block, as columns with one entry per neuron. Long names are the chain's words, the short
 * ones those of the Python package.
 * @example
 * const { incentive, hotkeys } = MetagraphData.fromJSON(await response.json())
 */
export class MetagraphData {
  #place: MetagraphPlace
  #columns: MetagraphColumns

  constructor(place: MetagraphPlace, columns: MetagraphColumns) {
    this.#place = place
    this.#columns = columns
  }

  /** Puts other data in the place of these. */
  protected replace(place: MetagraphPlace, columns: MetagraphColumns): void {
    this.#place = place
    this.#columns = columns
  }

  /** Its columns as one object. */
  get columns(): MetagraphColumns {
    return this.#columns
  }

  get netuid(): number {
    return this.#place.netuid
  }
  get network(): string {
    return this.#place.network
  }
  /** The block that it shows. */
  get block(): number {
    return this.#place.block
  }
  /** Version integer of the software that made it. */
  get version(): number {
    return this.#place.version
  }
  /** Number of neurons. */
  get n(): number {
    return this.#columns.uids.length
  }
  /** Whether it came without weights and bonds. */
  get lite(): boolean {
    return this.#columns.weights === undefined
  }

  get uids(): Uint16Array {
    return this.#columns.uids
  }
  get hotkeys(): readonly string[] {
    return this.#columns.hotkeys
  }
  get coldkeys(): readonly string[] {
    return this.#columns.coldkeys
  }
  /** Where neurons can be asked; 0.0.0.0 for those that announced nothing. */
  get axons(): readonly AxonInfo[] {
    return this.#columns.axons
  }
  /** `/ipv4/1.2.3.4:8091` per neuron. */
  get addresses(): readonly string[] {
    return this.axons.map(formatEndpoint)
  }
  /** All stake behind each hotkey: RAO, on dTAO chains alpha of the subnet. */
  get stake(): BigUint64Array {
    return this.#columns.stake
  }
  get ranks(): Float32Array {
    return this.#columns.ranks
  }
  get trust(): Float32Array {
    return this.#columns.trust
  }
  get consensus(): Float32Array {
    return this.#columns.consensus
  }
  get validatorTrust(): Float32Array {
    return this.#columns.validatorTrust
  }
  get incentive(): Float32Array {
    return this.#columns.incentive
  }
  get dividends(): Float32Array {
    return this.#columns.dividends
  }
  /** RAO (on dTAO chains alpha) per epoch. */
  get emission(): BigUint64Array {
    return this.#columns.emission
  }
  get active(): Uint8Array {
    return this.#columns.active
  }
  get validatorPermit(): Uint8Array {
    return this.#columns.validatorPermit
  }
  get lastUpdate(): Float64Array {
    return this.#columns.lastUpdate
  }
  /** Sparse rows. @throws {BittensorError} `USAGE` when synced lite */
  get weights(): readonly SparseColumn[] {
    return this.#columns.weights ?? missing('weights')
  }
  /** Sparse rows. @throws {BittensorError} `USAGE` when synced lite */
  get bonds(): readonly SparseColumn[] {
    return this.#columns.bonds ?? missing('bonds')
  }

  /** {@link MetagraphData.stake} as floating-point τ. */
  get S(): Float64Array {
    return inTao(this.stake)
  }
  /** {@link MetagraphData.ranks} */
  get R(): Float32Array {
    return this.ranks
  }
  /** {@link MetagraphData.incentive} */
  get I(): Float32Array {
    return this.incentive
  }
  /** {@link MetagraphData.emission} as floating-point τ. */
  get E(): Float64Array {
    return inTao(this.emission)
  }
  /** {@link MetagraphData.consensus} */
  get C(): Float32Array {
    return this.consensus
  }
  /** {@link MetagraphData.trust} */
  get T(): Float32Array {
    return this.trust
  }
  /** {@link MetagraphData.validatorTrust} */
  get Tv(): Float32Array {
    return this.validatorTrust
  }
  /** {@link MetagraphData.dividends} */
  get D(): Float32Array {
    return this.dividends
  }
  /**
   * Bonds as a dense matrix of u16, row by row: `B[i * width + j]`. Made anew at each access: 32 MiB for 4096 neurons.
   * @throws {BittensorError} `USAGE` when synced lite
   */
  get B(): Uint16Array {
    const dense = new Uint16Array(this.n * this.width)
    for (const [i, { uids, values }] of this.bonds.entries()) {
      for (const [k, uid] of uids.entries()) dense[i * this.width + uid] = values[k] ?? 0
    }
    return dense
  }
  /**
   * Weights as a dense matrix, row by row: `W[i * width + j]`. Each row sums to 1, or to 0 without weights. Made anew at
   * each access: 64 MiB for 4096 neurons.
   * @throws {BittensorError} `USAGE` when synced lite
   */
  get W(): Float32Array {
    const dense = new Float32Array(this.n * this.width)
    for (const [i, { uids, values }] of this.weights.entries()) {
      dense.set(weightsFromChain(this.width, [...uids], [...values]), i * this.width)
    }
    return dense
  }
  /** Columns of {@link MetagraphData.W} and {@link MetagraphData.B}: `n`, on root more if there are more subnets. */
  get width(): number {
    const rows = [...(this.#columns.weights ?? []), ...(this.#columns.bonds ?? [])]
    return rows.reduce((width, { uids }) => Math.max(width, (uids.at(-1) ?? -1) + 1), this.n)
  }

  /**
   * One neuron as an object.
   * @throws {BittensorError} `NOT_REGISTERED` when the uid is not taken
   */
  row(uid: number): MetagraphRow {
    const i = this.uids.indexOf(uid)
    if (i >= 0) return this.#rowAt(i)
    throw new BittensorError('NOT_REGISTERED', `subnet ${this.netuid} has no uid ${uid}`)
  }

  /** The neurons as objects, one after another. */
  *[Symbol.iterator](): Generator<MetagraphRow, void, undefined> {
    for (let i = 0; i < this.n; i++) yield this.#rowAt(i)
  }

  /** `Metagraph(netuid:1, n:256, block:123, network:finney)`, as bittensor 5.3.1 prints it. */
  toString(): string {
    const { netuid, n, block, network } = this
    return `Metagraph(netuid:${netuid}, n:${n}, block:${block}, network:${network})`
  }

  /** Which subnet, when. */
  metadata(): MetagraphPlace & { readonly n: number } {
    return { ...this.#place, n: this.n }
  }

  /** Everything, for `JSON.stringify` and {@link MetagraphData.fromJSON}. */
  toJSON(): MetagraphJson {
    const { weights, bonds } = this.#columns
    return {
      format: FORMAT,
      formatVersion: 1,
      ...this.#place,
      n: this.n,
      lite: this.lite,
      uids: [...this.uids],
      hotkeys: this.hotkeys,
      coldkeys: this.coldkeys,
      stake: Array.from(this.stake, String),
      ranks: [...this.ranks],
      trust: [...this.trust],
      consensus: [...this.consensus],
      validatorTrust: [...this.validatorTrust],
      incentive: [...this.incentive],
      dividends: [...this.dividends],
      emission: Array.from(this.emission, String),
      active: [...this.active],
      validatorPermit: [...this.validatorPermit],
      lastUpdate: [...this.lastUpdate],
      axons: this.axons,
      ...(weights ? { weights: weights.map(pairsOf) } : {}),
      ...(bonds ? { bonds: bonds.map(pairsOf) } : {}),
    }
  }

  /**
   * Reads what {@link MetagraphData.toJSON} made.
   * @throws {BittensorError} `USAGE` for anything else, naming what is wrong
   */
  static fromJSON(json: unknown): MetagraphData {
    const { place, columns } = readJson(json)
    return new MetagraphData(place, columns)
  }

  /**
   * A header line and a line per neuron; amounts in RAO and in τ, exactly.
   * @example
   * await writeFile('subnet-1.csv', metagraph.toCSV())
   */
  toCSV(): string {
    return [CSV_HEADER, ...this].map((row) => `${csvLine(row)}\n`).join('')
  }

  #rowAt(i: number): MetagraphRow {
    const columns = this.#columns
    return {
      uid: columns.uids[i] ?? 0,
      hotkey: columns.hotkeys[i] ?? '',
      coldkey: columns.coldkeys[i] ?? '',
      stake: columns.stake[i] ?? 0n,
      rank: columns.ranks[i] ?? 0,
      trust: columns.trust[i] ?? 0,
      consensus: columns.consensus[i] ?? 0,
      validatorTrust: columns.validatorTrust[i] ?? 0,
      incentive: columns.incentive[i] ?? 0,
      dividends: columns.dividends[i] ?? 0,
      emission: columns.emission[i] ?? 0n,
      active: columns.active[i] === 1,
      validatorPermit: columns.validatorPermit[i] === 1,
      lastUpdate: columns.lastUpdate[i] ?? 0,
      axon: columns.axons[i] as AxonInfo,
    }
  }
}

const CSV_HEADER = [
  'uid',
  'hotkey',
  'coldkey',
  'stake_rao',
  'stake_tao',
  'rank',
  'trust',
  'consensus',
  'validator_trust',
  'incentive',
  'dividends',
  'emission_rao',
  'emission_tao',
  'active',
  'validator_permit',
  'last_update',
  'axon',
] as const

function csvLine(row: MetagraphRow | typeof CSV_HEADER): string {
  if (!('uid' in row)) return row.join(',')
  return [
    row.uid,
    row.hotkey,
    row.coldkey,
    row.stake,
    formatTao(row.stake),
    row.rank,
    row.trust,
    row.consensus,
    row.validatorTrust,
    row.incentive,
    row.dividends,
    row.emission,
    formatTao(row.emission),
    row.active,
    row.validatorPermit,
    row.lastUpdate,
    formatEndpoint(row.axon),
  ].join(',')
}

/** A u16 ratio of the chain as float32. */
export function ratios(values: readonly number[]): Float32Array {
  return Float32Array.from(values, (value) => value / U16_MAX)
}

/** Pairs of uid and value as two typed arrays, in the order of the uids. */
export function sparseOf(pairs: readonly (readonly [number, number])[]): SparseColumn {
  const sorted = [...pairs].sort(([a], [b]) => a - b)
  return {
    uids: Uint16Array.from(sorted, ([uid]) => uid),
    values: Uint16Array.from(sorted, ([, value]) => value),
  }
}

function pairsOf({ uids, values }: SparseColumn): (readonly [number, number])[] {
  return Array.from(uids, (uid, i) => [uid, values[i] ?? 0] as const)
}

function inTao(rao: BigUint64Array): Float64Array {
  return Float64Array.from(rao, (amount) => Number(amount) / 1e9)
}

function missing(what: string): never {
  throw new BittensorError('USAGE', `this metagraph has no ${what}: it was synced lite`, {
    hint: 'sync it with { lite: false }',
  })
}

type Fields = Readonly<Record<string, unknown>>

/** The parts of a saved metagraph, all of them checked. */
export function readJson(json: unknown): {
  readonly place: MetagraphPlace
  readonly columns: MetagraphColumns
} {
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Fields
  if (fields['format'] !== FORMAT) throw malformed('it is no metagraph of this package')
  if (fields['formatVersion'] !== 1) {
    throw malformed(`its format version is ${fields['formatVersion']}, this package reads 1`)
  }
  const n = Number(fields['n'])
  const list = (name: string) => {
    const value = fields[name]
    if (Array.isArray(value) && value.length === n) return value as readonly unknown[]
    throw malformed(`\`${name}\` is not a list of ${n}`)
  }
  const numbers = (name: string) => list(name).map(Number)
  const texts = (name: string) => list(name).map(String)
  const amounts = (name: string) => BigUint64Array.from(texts(name), toU64)
  const rows = (name: string) =>
    fields['lite'] === true
      ? undefined
      : list(name).map((row) => sparseOf(row as readonly (readonly [number, number])[]))
  const columns: MetagraphColumns = {
    uids: Uint16Array.from(numbers('uids')),
    hotkeys: texts('hotkeys'),
    coldkeys: texts('coldkeys'),
    stake: amounts('stake'),
    ranks: Float32Array.from(numbers('ranks')),
    trust: Float32Array.from(numbers('trust')),
    consensus: Float32Array.from(numbers('consensus')),
    validatorTrust: Float32Array.from(numbers('validatorTrust')),
    incentive: Float32Array.from(numbers('incentive')),
    dividends: Float32Array.from(numbers('dividends')),
    emission: amounts('emission'),
    active: Uint8Array.from(numbers('active')),
    validatorPermit: Uint8Array.from(numbers('validatorPermit')),
    lastUpdate: Float64Array.from(numbers('lastUpdate')),
    axons: list('axons') as readonly AxonInfo[],
    weights: rows('weights'),
    bonds: rows('bonds'),
  }
  const place = {
    netuid: Number(fields['netuid']),
    network: String(fields['network']),
    block: Number(fields['block']),
    version: Number(fields['version']),
  }
  return { place, columns }
}

function toU64(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) return BigInt(text)
  throw malformed(`\`${text.slice(0, 30)}\` is not an amount in RAO`)
}

function malformed(why: string): BittensorError {
  return new BittensorError('USAGE', `this is not a saved metagraph: ${why}`)
}
