/** Protocol Buffers, as much of them as eight small messages need. */

export type ScalarType = 'int32' | 'enum' | 'bool' | 'int64' | 'float' | 'string' | 'bytes'

/** One field: its number, its type, whether it repeats. */
export type FieldSpec = { readonly no: number; readonly type: ScalarType; readonly repeated?: true }
export type MessageSpec = Readonly<Record<string, FieldSpec>>

type Scalar<T extends ScalarType> = T extends 'string'
  ? string
  : T extends 'bytes'
    ? Uint8Array
    : T extends 'bool'
      ? boolean
      : number

/** The values of a message; what is not on the wire has the default of its type. */
export type Message<M extends MessageSpec> = {
  [K in keyof M]: M[K] extends { repeated: true }
    ? readonly Scalar<M[K]['type']>[]
    : Scalar<M[K]['type']>
}

type Value = string | number | boolean | Uint8Array

/** Bytes that are no such message. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError'
}

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2
const FIXED32 = 5

const WIRE_TYPE: Readonly<Record<ScalarType, number>> = {
  int32: VARINT,
  enum: VARINT,
  bool: VARINT,
  int64: VARINT,
  float: FIXED32,
  string: LENGTH,
  bytes: LENGTH,
}

/**
 * Writes a message; values equal to the default of their type are left out, as proto3 does.
 * @param message left-out fields have their default
 */
export function encodeMessage<M extends MessageSpec>(
  spec: M,
  message: Partial<Message<M>>,
): Buffer {
  const fields = Object.entries(spec).sort(([, a], [, b]) => a.no - b.no)
  return Buffer.concat(
    fields.flatMap(([name, field]) => {
      const value = message[name] as Value | readonly Value[] | undefined
      if (value === undefined) return []
      return field.repeated
        ? encodeList(field, value as readonly Value[])
        : encodeOne(field, value as Value)
    }),
  )
}

function encodeOne(field: FieldSpec, value: Value): Buffer[] {
  const isDefault =
    value === '' ||
    value === false ||
    Object.is(value, 0) ||
    (value instanceof Uint8Array && value.length === 0)
  return isDefault ? [] : [tag(field), scalarBytes(field.type, value)]
}

function encodeList(field: FieldSpec, values: readonly Value[]): Buffer[] {
  if (values.length === 0) return []
  if (WIRE_TYPE[field.type] === LENGTH) {
    return values.flatMap((value) => [tag(field), scalarBytes(field.type, value)])
  }
  const packed = Buffer.concat(values.map((value) => scalarBytes(field.type, value)))
  return [varint(BigInt((field.no << 3) | LENGTH)), varint(BigInt(packed.length)), packed]
}

function tag(field: FieldSpec): Buffer {
  return varint(BigInt((field.no << 3) | WIRE_TYPE[field.type]))
}

function scalarBytes(type: ScalarType, value: Value): Buffer {
  if (type === 'float') {
    const bytes = Buffer.alloc(4)
    bytes.writeFloatLE(Number(value))
    return bytes
  }
  if (type === 'string' || type === 'bytes') {
    const bytes = Buffer.from(value as string & Uint8Array)
    return Buffer.concat([varint(BigInt(bytes.length)), bytes])
  }
  // Negative numbers take ten bytes: two's complement of 64 bits, for int32 too.
  return varint(BigInt.asUintN(64, BigInt(value as number | boolean)))
}

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

type Cursor = { readonly bytes: Buffer; at: number }

/**
 * Reads a message; unknown fields are skipped.
 * @throws {ProtobufError} for bytes that are no message of this form.
 */
export function decodeMessage<M extends MessageSpec>(spec: M, bytes: Uint8Array): Message<M> {
  const byNumber = new Map(Object.entries(spec).map(([name, field]) => [field.no, { name, field }]))
  const result: Record<string, Value | Value[]> = {}
  for (const [name, field] of Object.entries(spec)) result[name] = defaultOf(field)
  const cursor: Cursor = {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at: 0,
  }
  while (cursor.at < cursor.bytes.length) {
    const key = Number(readVarint(cursor))
    const known = byNumber.get(Math.floor(key / 8))
    if (known) readField(cursor, key & 7, known.field, known.name, result)
    else skip(cursor, key & 7)
  }
  return result as Message<M>
}

function defaultOf(field: FieldSpec): Value | Value[] {
  if (field.repeated) return []
  if (field.type === 'string') return ''
  if (field.type === 'bytes') return new Uint8Array()
  return field.type === 'bool' ? false : 0
}

function readField(
  cursor: Cursor,
  wireType: number,
  field: FieldSpec,
  name: string,
  result: Record<string, Value | Value[]>,
): void {
  const expected = WIRE_TYPE[field.type]
  const list = result[name]
  if (Array.isArray(list) && wireType === LENGTH && expected !== LENGTH) {
    const inner: Cursor = { bytes: readChunk(cursor), at: 0 }
    while (inner.at < inner.bytes.length) list.push(readScalar(inner, field.type))
    return
  }
  if (wireType !== expected) throw new ProtobufError(`field ${field.no} has an unexpected form`)
  const value = readScalar(cursor, field.type)
  if (Array.isArray(list)) list.push(value)
  else result[name] = value
}

function readScalar(cursor: Cursor, type: ScalarType): Value {
  switch (type) {
    case 'float':
      return readFixed(cursor, 4).readFloatLE()
    case 'string':
      return readText(cursor)
    case 'bytes':
      return new Uint8Array(readChunk(cursor))
    case 'bool':
      return readVarint(cursor) !== 0n
    case 'int64':
      return Number(BigInt.asIntN(64, readVarint(cursor)))
    default:
      return Number(BigInt.asIntN(32, readVarint(cursor)))
  }
}

function readText(cursor: Cursor): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readChunk(cursor))
  } catch (error) {
    if (error instanceof ProtobufError) throw error
    throw new ProtobufError('a text is not UTF-8')
  }
}

function readVarint(cursor: Cursor): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.bytes[cursor.at]
    if (byte === undefined) throw new ProtobufError('the message ends within a number')
    cursor.at++
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return BigInt.asUintN(64, value)
  }
  throw new ProtobufError('a number is longer than ten bytes')
}

function readChunk(cursor: Cursor): Buffer {
  const length = readVarint(cursor)
  if (length > BigInt(cursor.bytes.length - cursor.at)) {
    throw new ProtobufError('the message ends within a field')
  }
  return readFixed(cursor, Number(length))
}

function readFixed(cursor: Cursor, length: number): Buffer {
  const end = cursor.at + length
  if (end > cursor.bytes.length) throw new ProtobufError('the message ends within a field')
  const chunk = cursor.bytes.subarray(cursor.at, end)
  cursor.at = end
  return chunk
}

function skip(cursor: Cursor, wireType: number): void {
  if (wireType === VARINT) readVarint(cursor)
  else if (wireType === FIXED64) readFixed(cursor, 8)
  else if (wireType === LENGTH) readChunk(cursor)
  else if (wireType === FIXED32) readFixed(cursor, 4)
  else throw new ProtobufError('a field has an unknown form')
}
