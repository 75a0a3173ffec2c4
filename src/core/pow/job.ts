/** A challenge in the form that the kernels take: see assembly/kernel.as for the layout. */
import { byteOrderOf, type Challenge, messageOf } from './challenge.js'
import { CONTIGUOUS, JOB_WORDS, REGISTER, STRIDED } from './scanner.js'
import { largestSeal } from './seal.js'

/**
 * The job of a challenge. With `contiguous` an index is the nonce itself; without it the kernel may order nonces as is
 * fastest, which for `pow_register` saves hashing a second block for each.
 */
export function jobOf(challenge: Challenge, contiguous: boolean): Uint32Array {
  const words = new Uint32Array(JOB_WORDS)
  words[0] = modeOf(challenge, contiguous)
  words[1] = byteOrderOf(challenge.scheme) === 'le' ? 1 : 0
  // The message has 40 or 131 bytes: one block, or three of which the last comes first in the job.
  const blocks = padded(messageOf(challenge, 0n))
  for (let block = 0; block * 64 < blocks.byteLength; block++) {
    const last = blocks.byteLength / 64 - 1
    for (let i = 0; i < 16; i++) {
      words[4 + (last - block) * 16 + i] = blocks.getUint32(block * 64 + i * 4)
    }
  }
  return withLimit(words, largestSeal(challenge.difficulty) >> 192n)
}

/** The job with another limit for the top 64 bits of a seal. */
export function withLimit(job: Uint32Array, limit: bigint): Uint32Array {
  const words = Uint32Array.from(job)
  words[2] = Number(limit & 0xffff_ffffn)
  words[3] = Number(limit >> 32n)
  return words
}

function modeOf(challenge: Challenge, contiguous: boolean): number {
  if (challenge.scheme !== 'pow_register') return REGISTER
  return contiguous ? CONTIGUOUS : STRIDED
}

/** SHA-256's padding: a one bit, zeros, the length in bits. */
function padded(message: Uint8Array): DataView {
  const view = new DataView(new ArrayBuffer(Math.ceil((message.length + 9) / 64) * 64))
  new Uint8Array(view.buffer).set(message)
  view.setUint8(message.length, 0x80)
  view.setUint32(view.byteLength - 4, message.length * 8)
  return view
}
