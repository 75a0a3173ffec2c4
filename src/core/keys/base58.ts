/** Base58 with the Bitcoin alphabet, for the few dozen bytes of an address. */

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const DIGITS: ReadonlyMap<string, number> = new Map(
  [...ALPHABET].map((character, value) => [character, value]),
)

/** Bytes to base58 text; leading zero bytes become leading `1`s. */
export function encodeBase58(bytes: Uint8Array): string {
  // Little-endian base-58 digits of the number that the bytes spell.
  const digits: number[] = []
  for (const byte of bytes) {
    let carry = byte
    for (let i = 0; i < digits.length; i++) {
      carry += (digits[i] ?? 0) << 8
      digits[i] = carry % 58
      carry = Math.floor(carry / 58)
    }
    while (carry > 0) {
      digits.push(carry % 58)
      carry = Math.floor(carry / 58)
    }
  }
  let text = ''
  for (let i = 0; i < bytes.length && bytes[i] === 0; i++) text += ALPHABET.charAt(0)
  for (let i = digits.length - 1; i >= 0; i--) text += ALPHABET.charAt(digits[i] ?? 0)
  return text
}

/** Base58 text to bytes; undefined when a character is not of the alphabet. */
export function decodeBase58(text: string): Uint8Array | undefined {
  const bytes: number[] = []
  for (const character of text) {
    let carry = DIGITS.get(character)
    if (carry === undefined) return undefined
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] ?? 0) * 58
      bytes[i] = carry & 0xff
      carry >>= 8
    }
    while (carry > 0) {
      bytes.push(carry & 0xff)
      carry >>= 8
    }
  }
  for (let i = 0; i < text.length && text.charAt(i) === ALPHABET.charAt(0); i++) bytes.push(0)
  return new Uint8Array(bytes.reverse())
}
