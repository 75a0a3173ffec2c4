/** Mortal eras: how long a transaction stays valid (substrate, primitives/runtime/src/generic/era.rs). */
import { littleEndian } from './encode.js'
import type { Era } from './types.js'

/**
 * The era of a transaction made at a block: valid from `birth` to `death`, both included.
 * @param period blocks, rounded up to a power of two from 4 to 65536
 * @example
 * mortalEra(1000, 64) // { period: 64, birth: 1000, death: 1063 }
 */
export function mortalEra(block: number, period: number): Era {
  const rounded = 2 ** Math.ceil(Math.log2(Math.min(Math.max(period, 4), 65_536)))
  const phase = quantized(block % rounded, rounded)
  const birth = Math.floor((Math.max(block, phase) - phase) / rounded) * rounded + phase
  return { period: rounded, birth, death: birth + rounded - 1 }
}

/** Two bytes for a mortal era, one zero byte for an immortal one. */
export function encodeEra(era: Era | 'immortal'): Uint8Array {
  if (era === 'immortal') return Uint8Array.of(0)
  const exponent = Math.min(15, Math.max(1, Math.log2(era.period) - 1))
  const phase = (era.birth % era.period) / quantum(era.period)
  return littleEndian(BigInt(exponent | (phase << 4)), 2)
}

/** Long periods keep the phase in steps, so that it fits into 12 bits. */
function quantum(period: number): number {
  return Math.max(period >> 12, 1)
}

function quantized(phase: number, period: number): number {
  return Math.floor(phase / quantum(period)) * quantum(period)
}
