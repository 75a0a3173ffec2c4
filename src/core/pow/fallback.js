// @ts-check
/** The kernel for engines without WebAssembly: the slow path as a scanner. */
import { JOB_WORDS, nonceAt, REGISTER } from './scanner.js'
import { sealOf } from './seal.js'

/**
 * @returns {import('./scanner.js').Scanner}
 */
export function createFallbackScanner() {
  const job = new Uint32Array(JOB_WORDS)
  let message = new DataView(new ArrayBuffer(40))
  return {
    setJob(words) {
      job.set(words)
      message = messageOf(job)
    },
    scan(first, count) {
      const mode = job[0] ?? 0
      const little = job[1] === 1
      const limit = (BigInt(job[3] ?? 0) << 32n) | BigInt(job[2] ?? 0)
      const nonceOffset = mode === REGISTER ? 0 : message.byteLength - 8
      for (let offset = 0; offset < count; offset++) {
        message.setBigUint64(nonceOffset, nonceAt(mode, first + BigInt(offset)), true)
        const seal = sealOf(new Uint8Array(message.buffer))
        const view = new DataView(seal.buffer, seal.byteOffset)
        const top = little ? view.getBigUint64(24, true) : view.getBigUint64(0)
        if (top <= limit) return offset
      }
      return count
    },
  }
}

/**
 * The message without SHA-256's padding; a job holds its blocks last to first.
 * @param {Uint32Array} job
 */
function messageOf(job) {
  const register = job[0] === REGISTER
  const message = new DataView(new ArrayBuffer(register ? 40 : 131))
  const blocks = register ? [4] : [36, 20, 4]
  for (let at = 0; at < message.byteLength; at++) {
    const word = job[(blocks[at >> 6] ?? 0) + ((at & 63) >> 2)] ?? 0
    message.setUint8(at, word >>> (24 - 8 * (at & 3)))
  }
  return message
}
