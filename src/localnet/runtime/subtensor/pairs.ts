/** `Vec<(u16, u16)>`: weights and bonds, the largest values there are, with a codec of their own for whole values. */
import { type ScaleCodec, type ScaleType, tuple, u16, vec } from '../scale.js'

type Pairs = [number, number][]

const general: ScaleType<Pairs> = vec(tuple(u16, u16))

/** Bytes of the compact length in front, by how many pairs there are. */
function lengthBytes(count: number): number {
  if (count < 64) return 1
  return count < 2 ** 14 ? 2 : 4
}

function readLength(view: DataView, mode: number): number {
  if (mode === 0) return view.byteLength > 0 ? view.getUint8(0) >> 2 : -1
  if (mode === 1) return view.byteLength > 1 ? view.getUint16(0, true) >> 2 : -1
  return view.byteLength > 3 ? view.getUint32(0, true) >>> 2 : -1
}

const codec: ScaleCodec<Pairs> = {
  enc(pairs) {
    const start = lengthBytes(pairs.length)
    const view = new DataView(new ArrayBuffer(start + 4 * pairs.length))
    if (start === 1) view.setUint8(0, pairs.length << 2)
    else if (start === 2) view.setUint16(0, (pairs.length << 2) | 1, true)
    else view.setUint32(0, (pairs.length << 2) | 2, true)
    for (const [i, [first, second]] of pairs.entries()) {
      view.setUint16(start + 4 * i, first, true)
      view.setUint16(start + 4 * i + 2, second, true)
    }
    return new Uint8Array(view.buffer)
  },
  dec(source) {
    if (!(source instanceof Uint8Array)) return general.codec.dec(source)
    const mode = (source[0] ?? 0) & 3
    const start = [1, 2, 4][mode] ?? 0
    const count = (source.length - start) / 4
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength)
    if (!Number.isInteger(count) || readLength(view, mode) !== count) {
      return general.codec.dec(source)
    }
    return Array.from({ length: count }, (_, i): [number, number] => [
      view.getUint16(start + 4 * i, true),
      view.getUint16(start + 4 * i + 2, true),
    ])
  },
}

/** Pairs of a uid (a netuid on root) and a value. */
export const uidPairs: ScaleType<Pairs> = { ...general, codec }
