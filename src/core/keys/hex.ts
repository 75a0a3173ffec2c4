/** Bytes to hex text and back: by Node where there is Node, metadata has half a million digits. */

/**
 * Lower-case hex with `0x`.
 * @example
 * toHex(new Uint8Array([1, 255])) // '0x01ff'
 */
export function toHex(bytes: Uint8Array): string {
  if (typeof Buffer === 'undefined') {
    return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  }
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

/**
 * Reads hex with or without `0x`, in any case.
 * @returns undefined when the text is not hex of whole bytes, or not of `length` bytes where that is given.
 * @example
 * fromHex('0x01ff', 2) // Uint8Array [1, 255]
 */
export function fromHex(text: string, length?: number): Uint8Array | undefined {
  const digits = /^0x/i.test(text) ? text.slice(2) : text
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined
  if (length !== undefined && digits.length !== length * 2) return undefined
  if (typeof Buffer === 'undefined') {
    return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
      Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
    )
  }
  return new Uint8Array(Buffer.from(digits, 'hex'))
}
