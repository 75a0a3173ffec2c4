/** Reads SCALE bytes from front to back, for layouts of which only the end is a declared type. */

/** The bytes are not what they claim to be. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  /** Not even the length in front is right. */
  readonly envelope: boolean

  constructor(message: string, options: { readonly envelope?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.envelope = options.envelope ?? false
  }
}

/** A position in bytes; every read moves it, and throws {@link FormatError} at the end. */
export type Reader = {
  byte(): number
  take(length: number): Uint8Array
  /** A compact integer; longer spellings than needed are refused, as the chain refuses them. */
  compact(): bigint
  /** What is not read yet, without moving. */
  rest(): Uint8Array
}

/** A reader at the start of the bytes. */
export function readerOf(bytes: Uint8Array): Reader {
  let at = 0

  function take(length: number): Uint8Array {
    if (at + length > bytes.length) throw new FormatError('Not enough data to fill buffer')
    at += length
    return bytes.slice(at - length, at)
  }
  const byte = () => take(1)[0] ?? 0

  function compact(): bigint {
    const first = byte()
    const mode = first & 3
    if (mode === 0) return BigInt(first >> 2)
    const length = mode === 3 ? (first >> 2) + 4 : mode === 2 ? 3 : 1
    const value = littleEndian(take(length))
    return minimal(mode === 3 ? value : (value << 6n) | BigInt(first >> 2), mode, length)
  }

  return { byte, take, compact, rest: () => bytes.slice(at) }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte)
  return value
}

function minimal(value: bigint, mode: number, length: number): bigint {
  const smallest =
    mode === 3 ? 1n << BigInt(Math.max(30, 8 * (length - 1))) : 1n << (mode === 1 ? 6n : 14n)
  if (value < smallest) throw new FormatError('out of range decoding Compact')
  return value
}
