/** Tensors as the HTTP and gRPC protocols carry them: numpy arrays in msgpack with binary keys, in base64. */
import { BittensorError } from '../../core/errors.js'
import { fromFloat16, toFloat16 } from './float16.js'
import type { JsonMap, JsonNode } from './json.js'

/** Element types that peers accept. */
export type TensorDtype =
  | 'float16'
  | 'float32'
  | 'float64'
  | 'uint8'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'bool'

/** The elements, row by row: `float16` as 32-bit floats, `int64` as bigints, `bool` as 0 and 1. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array

/** An array of numbers with a shape. */
export type Tensor = {
  readonly dtype: TensorDtype
  /** empty for a single number */
  readonly shape: readonly number[]
  readonly data: TensorData
}

type Layout = {
  readonly numpy: string
  readonly bytes: number
  readonly read: (view: DataView) => TensorData
  readonly write: (data: TensorData, view: DataView) => void
}

const MAX_DIMENSIONS = 32

function layout<A extends TensorData>(
  numpy: string,
  bytes: number,
  create: (length: number) => A,
  get: (view: DataView, at: number) => A[number],
  put: (view: DataView, at: number, value: A[number]) => void,
): Layout {
  return {
    numpy,
    bytes,
    read(view) {
      const data = create(view.byteLength / bytes)
      for (let i = 0; i < data.length; i++) data[i] = get(view, i * bytes)
      return data
    },
    write(data, view) {
      for (let i = 0; i < data.length; i++) put(view, i * bytes, data[i] as A[number])
    },
  }
}

const LAYOUTS: Readonly<Record<TensorDtype, Layout>> = {
  float16: layout(
    '<f2',
    2,
    (n) => new Float32Array(n),
    (view, at) => fromFloat16(view.getUint16(at, true)),
    (view, at, value) => view.setUint16(at, toFloat16(value), true),
  ),
  float32: layout(
    '<f4',
    4,
    (n) => new Float32Array(n),
    (view, at) => view.getFloat32(at, true),
    (view, at, value) => view.setFloat32(at, value, true),
  ),
  float64: layout(
    '<f8',
    8,
    (n) => new Float64Array(n),
    (view, at) => view.getFloat64(at, true),
    (view, at, value) => view.setFloat64(at, value, true),
  ),
  uint8: layout(
    '|u1',
    1,
    (n) => new Uint8Array(n),
    (view, at) => view.getUint8(at),
    (view, at, value) => view.setUint8(at, value),
  ),
  int8: layout(
    '|i1',
    1,
    (n) => new Int8Array(n),
    (view, at) => view.getInt8(at),
    (view, at, value) => view.setInt8(at, value),
  ),
  int16: layout(
    '<i2',
    2,
    (n) => new Int16Array(n),
    (view, at) => view.getInt16(at, true),
    (view, at, value) => view.setInt16(at, value, true),
  ),
  int32: layout(
    '<i4',
    4,
    (n) => new Int32Array(n),
    (view, at) => view.getInt32(at, true),
    (view, at, value) => view.setInt32(at, value, true),
  ),
  int64: layout(
    '<i8',
    8,
    (n) => new BigInt64Array(n),
    (view, at) => view.getBigInt64(at, true),
    (view, at, value) => view.setBigInt64(at, value, true),
  ),
  bool: layout(
    '|b1',
    1,
    (n) => new Uint8Array(n),
    (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
    (view, at, value) => view.setUint8(at, value === 0 ? 0 : 1),
  ),
}
const DTYPES = Object.keys(LAYOUTS) as TensorDtype[]

/**
 * A tensor of numbers.
 * @param shape absent: one dimension; `[]` for a single number
 * @throws {BittensorError} `USAGE` when the shape does not hold that many elements, or a value does not fit.
 * @example
 * tensor('float32', [1, 2, 3, 4], [2, 2])
 */
export function tensor(
  dtype: TensorDtype,
  values: Iterable<number | bigint | boolean>,
  shape?: readonly number[],
): Tensor {
  const list = [...values]
  const data = createData(dtype, list)
  const finalShape = shape ?? [list.length]
  checkShape(finalShape, list.length)
  return { dtype, shape: finalShape, data }
}

function createData(
  dtype: TensorDtype,
  values: readonly (number | bigint | boolean)[],
): TensorData {
  const { bytes, read } = LAYOUTS[dtype]
  const data = read(new DataView(new ArrayBuffer(values.length * bytes)))
  for (const [i, value] of values.entries()) {
    data[i] = data instanceof BigInt64Array ? BigInt(value) : Number(value)
  }
  return data
}

function checkShape(shape: readonly number[], elements: number): void {
  if (shape.length > MAX_DIMENSIONS || shape.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new BittensorError('USAGE', 'the shape of the tensor is not a list of sizes')
  }
  const expected = shape.reduce((product, size) => product * size, 1)
  if (expected !== elements) {
    throw new BittensorError(
      'USAGE',
      `a tensor of shape [${shape.join(', ')}] has ${expected} elements, not ${elements}`,
    )
  }
}

/** Whether a value is a {@link Tensor}: a check of form, not of origin. */
export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null) return false
  const { dtype, shape, data } = value as Partial<Tensor>
  if (!DTYPES.includes(dtype as TensorDtype) || !Array.isArray(shape)) return false
  return ArrayBuffer.isView(data) && !(data instanceof DataView)
}

/** The msgpack bytes of a tensor, as msgpack-numpy writes them. */
export function packTensor({ dtype, shape, data }: Tensor): Uint8Array {
  const { numpy, bytes, write } = LAYOUTS[dtype]
  checkShape(shape, data.length)
  const raw = Buffer.alloc(data.length * bytes)
  write(data, new DataView(raw.buffer, raw.byteOffset, raw.length))
  return Buffer.concat([
    Buffer.from([0x85]),
    binary(Buffer.from('nd')),
    Buffer.from([0xc3]),
    binary(Buffer.from('type')),
    Buffer.from([0xa0 | numpy.length]),
    Buffer.from(numpy),
    binary(Buffer.from('kind')),
    binary(Buffer.alloc(0)),
    binary(Buffer.from('shape')),
    packShape(shape),
    binary(Buffer.from('data')),
    binary(raw),
  ])
}

function binary(bytes: Buffer): Buffer {
  if (bytes.length < 0x100) return Buffer.concat([Buffer.from([0xc4, bytes.length]), bytes])
  const head = Buffer.alloc(bytes.length < 0x10000 ? 3 : 5)
  head[0] = bytes.length < 0x10000 ? 0xc5 : 0xc6
  if (head.length === 3) head.writeUInt16BE(bytes.length, 1)
  else head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

function packShape(shape: readonly number[]): Buffer {
  const head = shape.length < 16 ? [0x90 | shape.length] : [0xdc, 0, shape.length]
  return Buffer.concat([Buffer.from(head), ...shape.map(packSize)])
}

function packSize(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size])
  if (size < 0x100) return Buffer.from([0xcc, size])
  const head = Buffer.alloc(size < 0x10000 ? 3 : 5)
  head[0] = size < 0x10000 ? 0xcd : 0xce
  if (head.length === 3) head.writeUInt16BE(size, 1)
  else head.writeUInt32BE(size, 1)
  return head
}

/**
 * Reads the msgpack bytes of a tensor. The element type, shape and data inside decide; they must agree with each other.
 * @throws {BittensorError} `USAGE` for anything that is not such an array.
 */
export function unpackTensor(bytes: Uint8Array): Tensor {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { numpy, shape, data } = readArray({ buffer, at: 0 })
  const dtype = DTYPES.find((name) => LAYOUTS[name].numpy === numpy)
  if (!dtype) throw malformed('its element type is not supported')
  const size = LAYOUTS[dtype].bytes
  if (data.length % size !== 0) throw malformed('its data ends within an element')
  checkShape(shape, data.length / size)
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  return { dtype, shape, data: LAYOUTS[dtype].read(view) }
}

type Cursor = { readonly buffer: Buffer; at: number }
type RawArray = { numpy: string; shape: number[]; data: Buffer }

function readArray(cursor: Cursor): RawArray {
  const head = readByte(cursor)
  if (head !== 0x85) throw malformed('it is not a map of five entries')
  const found: Partial<RawArray> & { isArray?: boolean } = {}
  for (let i = 0; i < 5; i++) {
    const key = readBinary(cursor).toString('latin1')
    if (key === 'nd') found.isArray = readByte(cursor) === 0xc3
    else if (key === 'type') found.numpy = readBinary(cursor).toString('latin1')
    else if (key === 'kind') readBinary(cursor)
    else if (key === 'shape') found.shape = readShape(cursor)
    else if (key === 'data') found.data = readBinary(cursor)
    else throw malformed('it has an unknown entry')
  }
  const { isArray, numpy, shape, data } = found
  if (!isArray || numpy === undefined || !shape || !data || cursor.at !== cursor.buffer.length) {
    throw malformed('it is not a whole array')
  }
  return { numpy, shape, data }
}

function readByte(cursor: Cursor): number {
  const byte = cursor.buffer[cursor.at]
  if (byte === undefined) throw malformed('it ends too early')
  cursor.at++
  return byte
}

function readUint(cursor: Cursor, bytes: number): number {
  let value = 0
  for (let i = 0; i < bytes; i++) value = value * 256 + readByte(cursor)
  return value
}

/** Binary data, or text: older writers use either. */
function readBinary(cursor: Cursor): Buffer {
  const length = binaryLength(cursor, readByte(cursor))
  const end = cursor.at + length
  if (end > cursor.buffer.length) throw malformed('it ends too early')
  const slice = cursor.buffer.subarray(cursor.at, end)
  cursor.at = end
  return slice
}

function binaryLength(cursor: Cursor, head: number): number {
  if (head >> 5 === 0b101) return head & 0x1f
  if (head === 0xc4 || head === 0xd9) return readUint(cursor, 1)
  if (head === 0xc5 || head === 0xda) return readUint(cursor, 2)
  if (head === 0xc6 || head === 0xdb) return readUint(cursor, 4)
  throw malformed('it has a value of an unknown kind')
}

function readShape(cursor: Cursor): number[] {
  const head = readByte(cursor)
  const length = head >> 4 === 0b1001 ? head & 0x0f : head === 0xdc ? readUint(cursor, 2) : -1
  if (length < 0 || length > MAX_DIMENSIONS) throw malformed('its shape is not a short list')
  return Array.from({ length }, () => readSize(cursor))
}

function readSize(cursor: Cursor): number {
  const head = readByte(cursor)
  if (head < 0x80) return head
  const bytes = { 204: 1, 205: 2, 206: 4 }[head]
  if (bytes === undefined) throw malformed('its shape holds something else than sizes')
  return readUint(cursor, bytes)
}

function malformed(why: string): BittensorError {
  return new BittensorError('USAGE', `the tensor is malformed: ${why}`)
}

/** The JSON form: base64 of the packed array, the element type, the shape (`[0]` for a single number, as numpy peers write). */
export function tensorToJson(value: Tensor): JsonMap {
  const shape = value.shape.length === 0 ? [0n] : value.shape.map(BigInt)
  return new Map<string, JsonNode>([
    ['buffer', Buffer.from(packTensor(value)).toString('base64')],
    ['dtype', value.dtype],
    ['shape', shape],
  ])
}

/**
 * Reads the JSON form. The type named outside (numpy's or torch's name) is what the elements are cast to.
 * @throws {BittensorError} `USAGE` for anything malformed.
 */
export function tensorFromJson(node: JsonNode): Tensor {
  const buffer = node instanceof Map ? node.get('buffer') : undefined
  const name = node instanceof Map ? node.get('dtype') : undefined
  if (typeof buffer !== 'string' || typeof name !== 'string') {
    throw malformed('it needs a buffer, a dtype and a shape')
  }
  const dtype = DTYPES.find((known) => known === name.replace(/^torch\./, ''))
  if (!dtype) throw malformed('its element type is not supported')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(buffer)) throw malformed('its buffer is not base64')
  const inner = unpackTensor(Buffer.from(buffer, 'base64'))
  if (inner.dtype === dtype) return inner
  return tensor(dtype, castable(inner.data, dtype), inner.shape)
}

function castable(data: TensorData, dtype: TensorDtype): Iterable<number | bigint> {
  if (dtype !== 'int64' || data instanceof BigInt64Array) return data
  return Array.from(data as Float64Array, (value) => {
    if (!Number.isFinite(value)) throw malformed('a value does not fit its element type')
    return BigInt(Math.trunc(value))
  })
}
