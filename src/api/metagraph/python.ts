/**
 * Metagraphs that the Python package saved: a pickle of arrays, alone (7.x and later without torch) or in the zip file of
 * torch.save. Data is read, code never runs: classes become plain records, unknown functions are not called.
 */
import { BittensorError } from '../../core/errors.js'
import type { AxonInfo } from '../../network/axonInfo.js'
import { type MetagraphColumns, type MetagraphPlace, type SparseColumn, sparseOf } from './data.js'
import { isName, isObject, type Pickled, readPickle } from './pickle.js'
import { readStoredZip } from './zip.js'

/** An array as it was rebuilt: numbers in row order, and its shape. */
type Numbers = {
  readonly kind: 'array'
  readonly values: readonly number[]
  readonly shape: readonly number[]
}

/**
 * The parts of a metagraph in a `.pt` file.
 * @throws {BittensorError} `USAGE` when it is of another form, or a column is missing
 */
export function readPython(
  bytes: Uint8Array,
  place: Pick<MetagraphPlace, 'network' | 'netuid'>,
): { readonly place: MetagraphPlace; readonly columns: MetagraphColumns } {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  const arrays = new Map<Pickled, Numbers>()
  const root = isZip ? readTorch(bytes, arrays) : readPickle(bytes, { functions: numpy(arrays) })
  return columnsOf(new Columns(root, arrays), place)
}

/** Arrays are handed through the pickle as objects and looked up by identity. */
function keep(arrays: Map<Pickled, Numbers>, values: readonly number[], shape: readonly number[]) {
  const handle: Pickled = []
  arrays.set(handle, { kind: 'array', values, shape })
  return handle
}

const TORCH_TYPES: Readonly<Record<string, string>> = {
  'torch.FloatStorage': 'f4',
  'torch.DoubleStorage': 'f8',
  'torch.LongStorage': 'i8',
  'torch.IntStorage': 'i4',
  'torch.ShortStorage': 'i2',
  'torch.CharStorage': 'i1',
  'torch.ByteStorage': 'u1',
  'torch.BoolStorage': 'b1',
}

/** torch.save: `<name>/data.pkl`, and `<name>/data/<key>` with the bytes of each storage, not compressed. */
function readTorch(bytes: Uint8Array, arrays: Map<Pickled, Numbers>): Pickled {
  const files = readStoredZip(bytes)
  const [path] = [...files.keys()].filter((name) => name.endsWith('/data.pkl'))
  const pickle = path === undefined ? undefined : files.get(path)
  if (path === undefined || !pickle) throw notRead('it is a zip file, but not one of torch.save')
  const folder = path.slice(0, -'data.pkl'.length)
  const storages = new Map<Pickled, readonly number[]>()
  return readPickle(pickle, {
    persistent(id) {
      // ('storage', class, key, location, number of elements)
      const [, type, key] = Array.isArray(id) ? id : []
      const name = isName(type) ? type.name : ''
      const data = files.get(`${folder}data/${String(key)}`)
      const kind = TORCH_TYPES[name]
      if (kind === undefined || !data) throw notRead(`a tensor of type ${name}`)
      const handle: Pickled = []
      storages.set(handle, numbersIn(data, kind))
      return handle
    },
    functions: {
      ...numpy(arrays),
      // storage, offset, size, stride, …
      'torch._utils._rebuild_tensor_v2': ([storage, offset, size, stride]) =>
        keep(
          arrays,
          strided(storages.get(storage) ?? [], {
            offset: Number(offset),
            size: integers(size),
            stride: integers(stride),
          }),
          integers(size),
        ),
      'torch._utils._rebuild_parameter': ([tensor]) => tensor,
      'torch._utils._rebuild_parameter_with_state': ([tensor]) => tensor,
    },
  })
}

/** numpy writes an empty array, and the content as the state that follows. */
function numpy(arrays: Map<Pickled, Numbers>) {
  return {
    // Content and type arrive with BUILD, so the object stays and is read later.
    'numpy.core.multiarray.scalar': ([type, data]: readonly Pickled[]) => scalar(type, data),
    'numpy._core.multiarray.scalar': ([type, data]: readonly Pickled[]) => scalar(type, data),
    // Since protocol 5: buffer, type, shape, order.
    'numpy.core.numeric._frombuffer': (args: readonly Pickled[]) => fromBuffer(arrays, args),
    'numpy._core.numeric._frombuffer': (args: readonly Pickled[]) => fromBuffer(arrays, args),
  }
}

function fromBuffer(
  arrays: Map<Pickled, Numbers>,
  [data, type, shape]: readonly Pickled[],
): Pickled {
  if (!(data instanceof Uint8Array)) throw notRead('an array without bytes')
  return keep(arrays, numbersIn(data, dtypeOf(type)), integers(shape))
}

function scalar(type: Pickled, data: Pickled): Pickled {
  if (!(data instanceof Uint8Array)) throw notRead('a number without bytes')
  return numbersIn(data, dtypeOf(type))[0] ?? 0
}

/** `dtype('f4')` was made with `('f4', False, True)`; its state tells the byte order. */
function dtypeOf(type: Pickled): string {
  const name = isObject(type) ? String(type.args[0]) : ''
  const order = isObject(type) && Array.isArray(type.state) ? type.state[1] : '<'
  if (order === '>') throw notRead('an array of a big-endian machine')
  return name
}

type Shape = {
  readonly offset: number
  readonly size: readonly number[]
  readonly stride: readonly number[]
}

function strided(storage: readonly number[], { offset, size, stride }: Shape): number[] {
  const count = size.reduce((product, length) => product * length, 1)
  if (count > storage.length + offset) throw notRead('a tensor larger than its bytes')
  return Array.from({ length: count }, (_, index) => {
    let rest = index
    let at = offset
    for (let axis = size.length - 1; axis >= 0; axis--) {
      const length = size[axis] ?? 1
      at += (rest % length) * (stride[axis] ?? 0)
      rest = Math.floor(rest / length)
    }
    return storage[at] ?? 0
  })
}

const SIZES: Readonly<
  Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>
> = {
  f4: [4, (view, at) => view.getFloat32(at, true)],
  f8: [8, (view, at) => view.getFloat64(at, true)],
  i8: [8, (view, at) => Number(view.getBigInt64(at, true))],
  u8: [8, (view, at) => Number(view.getBigUint64(at, true))],
  i4: [4, (view, at) => view.getInt32(at, true)],
  u4: [4, (view, at) => view.getUint32(at, true)],
  i2: [2, (view, at) => view.getInt16(at, true)],
  u2: [2, (view, at) => view.getUint16(at, true)],
  i1: [1, (view, at) => view.getInt8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  b1: [1, (view, at) => view.getUint8(at)],
}

function numbersIn(bytes: Uint8Array, type: string): number[] {
  const [size, read] = SIZES[type.replace(/^[<|=]/, '')] ?? []
  if (size === undefined || !read) throw notRead(`numbers of type ${type}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => read(view, i * size))
}

function integers(value: Pickled): number[] {
  return Array.isArray(value) ? value.map(Number) : []
}

/** The entries of the saved dict, by the names that its releases used. */
class Columns {
  readonly #fields: Map<Pickled, Pickled>
  readonly #arrays: Map<Pickled, Numbers>

  constructor(root: Pickled, arrays: Map<Pickled, Numbers>) {
    if (!(root instanceof Map)) throw notRead('it holds no dict of columns')
    this.#fields = root
    this.#arrays = arrays
  }

  field(name: string): Pickled {
    return this.#fields.get(name)
  }

  array(...names: readonly string[]): Numbers | undefined {
    for (const name of names) {
      const found = this.#arrayOf(this.#fields.get(name))
      if (found) return found
    }
    return undefined
  }

  #arrayOf(value: Pickled): Numbers | undefined {
    if (value === undefined) return undefined
    const known = this.#arrays.get(value)
    if (known) return known
    if (isObject(value) && Array.isArray(value.state)) return ndarray(value.state)
    if (typeof value === 'number' || typeof value === 'bigint') {
      return { kind: 'array', values: [Number(value)], shape: [] }
    }
    return undefined
  }

  numbers(...names: readonly string[]): readonly number[] {
    const found = this.array(...names)
    if (found) return found.values
    throw notRead(`the column ${names[0]} is missing`)
  }
}

/** State of a numpy array: version, shape, type, order of a matrix, bytes. */
function ndarray([, shape, type, isFortran, data]: readonly Pickled[]): Numbers | undefined {
  if (!(data instanceof Uint8Array)) return undefined
  const size = integers(shape)
  const values = numbersIn(data, dtypeOf(type))
  if (isFortran !== true || size.length < 2) return { kind: 'array', values, shape: size }
  const stride = size.map((_, axis) => size.slice(0, axis).reduce((product, n) => product * n, 1))
  return { kind: 'array', values: strided(values, { offset: 0, size, stride }), shape: size }
}

function columnsOf(
  saved: Columns,
  { network, netuid }: Pick<MetagraphPlace, 'network' | 'netuid'>,
): { readonly place: MetagraphPlace; readonly columns: MetagraphColumns } {
  const uids = saved.numbers('uids')
  const axons = axonsOf(saved.field('axons'))
  if (axons.length !== uids.length) {
    throw notRead(`it has ${uids.length} uids, but ${axons.length} axons`)
  }
  const inRao = (name: string) =>
    BigUint64Array.from(saved.numbers(name), (tao) => BigInt(Math.round(tao * 1e9)))
  const floats = (name: string) => Float32Array.from(saved.numbers(name))
  const columns: MetagraphColumns = {
    uids: Uint16Array.from(uids),
    hotkeys: axons.map(({ hotkey }) => hotkey),
    coldkeys: axons.map(({ coldkey }) => coldkey),
    stake: inRao('stake'),
    ranks: floats('ranks'),
    trust: floats('trust'),
    consensus: floats('consensus'),
    validatorTrust: floats('validator_trust'),
    incentive: floats('incentive'),
    dividends: floats('dividends'),
    emission: inRao('emission'),
    active: Uint8Array.from(saved.numbers('active')),
    validatorPermit: Uint8Array.from(saved.numbers('validator_permit')),
    lastUpdate: Float64Array.from(saved.numbers('last_update')),
    axons,
    weights: rowsOf(saved.array('weights'), uids.length, 'scaled'),
    bonds: rowsOf(saved.array('bonds'), uids.length, 'raw'),
  }
  const [block = 0] = saved.numbers('block')
  const [version = 0] = saved.numbers('version')
  return { place: { network, netuid, block, version }, columns }
}

/** Rows of a dense matrix. Weights were scaled to sum 1 when they were read; the largest of a row is 65535 again. */
function rowsOf(
  matrix: Numbers | undefined,
  n: number,
  how: 'scaled' | 'raw',
): readonly SparseColumn[] | undefined {
  const [rows, width] = matrix?.shape ?? []
  if (!matrix || rows !== n || width === undefined) return undefined
  return Array.from({ length: n }, (_, i) => {
    const row = matrix.values.slice(i * width, (i + 1) * width)
    const largest = how === 'raw' ? 65_535 : Math.max(...row)
    const pairs = row.flatMap((value, uid): (readonly [number, number])[] =>
      value > 0 ? [[uid, Math.round((value / largest) * 65_535)]] : [],
    )
    return sparseOf(pairs)
  })
}

/** Axons are objects of a class of the package; only their attributes are looked at. */
function axonsOf(list: Pickled): AxonInfo[] {
  if (!Array.isArray(list)) throw notRead('its axons are missing')
  return list.map((one) => {
    const state = isObject(one) ? one.state : undefined
    if (!(state instanceof Map)) throw notRead('an axon of an unknown form')
    const number = (name: string) => {
      const value = state.get(name)
      // 5.3.1 made one-element tuples of some by a stray comma.
      return Number(Array.isArray(value) ? value[0] : (value ?? 0))
    }
    const text = (name: string) => String(state.get(name) ?? '')
    return {
      version: number('version'),
      ip: text('ip'),
      port: number('port'),
      ipType: number('ip_type'),
      hotkey: text('hotkey'),
      coldkey: text('coldkey'),
      protocol: number('protocol'),
      placeholder1: number('placeholder1'),
      placeholder2: number('placeholder2'),
    }
  })
}

function notRead(why: string): BittensorError {
  return new BittensorError('USAGE', `this file of the Python package can not be read: ${why}`, {
    hint: 'load it in Python and save its columns as JSON, or sync the block again',
  })
}
