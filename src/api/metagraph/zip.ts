/** Zip files whose entries are stored as they are, such as torch.save writes. */
import { BittensorError } from '../../core/errors.js'

const END = 0x06054b50
const END64 = 0x06064b50
const ENTRY = 0x02014b50

/**
 * The files in a zip, by path.
 * @throws {BittensorError} `USAGE` when it is none, is damaged, or has a compressed entry
 */
export function readStoredZip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return new Map(entries(view, bytes))
  } catch (error) {
    if (error instanceof BittensorError) throw error
    throw new BittensorError('USAGE', 'the zip file is damaged', { cause: error })
  }
}

function* entries(view: DataView, bytes: Uint8Array): Generator<[string, Uint8Array]> {
  const { count, start } = directory(view)
  let at = start
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== ENTRY) throw damaged()
    const method = view.getUint16(at + 10, true)
    const size = view.getUint32(at + 24, true)
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const commentLength = view.getUint16(at + 32, true)
    const header = view.getUint32(at + 42, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    if (method !== 0) throw new BittensorError('USAGE', `${name} is compressed in the zip file`)
    const data = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true)
    if (data + size > bytes.length) throw damaged()
    yield [name, bytes.subarray(data, data + size)]
    at += 46 + nameLength + extraLength + commentLength
  }
}

/** The directory stands at the end, before a comment of up to 64 KiB. */
function directory(view: DataView): { readonly count: number; readonly start: number } {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff)
  for (let at = view.byteLength - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) !== END) continue
    const count = view.getUint16(at + 10, true)
    const start = view.getUint32(at + 16, true)
    // torch writes the 64-bit form as well; its record stands right before the locator.
    if (count === 0xffff || start === 0xffff_ffff) return directory64(view, at)
    return { count, start }
  }
  throw damaged()
}

function directory64(
  view: DataView,
  end: number,
): { readonly count: number; readonly start: number } {
  const at = Number(view.getBigUint64(end - 20 + 8, true))
  if (view.getUint32(at, true) !== END64) throw damaged()
  return {
    count: Number(view.getBigUint64(at + 32, true)),
    start: Number(view.getBigUint64(at + 48, true)),
  }
}

function damaged(): BittensorError {
  return new BittensorError('USAGE', 'the zip file is damaged')
}
