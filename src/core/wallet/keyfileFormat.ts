/** Which of the formats of all generations a key file is in, told by its first bytes. */

/** `plain` is unencrypted JSON (or anything else); the other three are encrypted JSON. */
export type KeyfileFormat = 'nacl' | 'ansible' | 'fernet' | 'plain'

const MAGIC: readonly (readonly [string, KeyfileFormat])[] = [
  ['$NACL', 'nacl'], // bittensor 6.0 and later
  ['$ANSIBLE_VAULT', 'ansible'], // bittensor 2.1 to 5.3
  ['gAAAAA', 'fernet'], // bittensor 1.x
]

/** The format of a file; every generation looks at offset 0 only, so a file with leading whitespace is not encrypted. */
export function keyfileFormat(bytes: Uint8Array): KeyfileFormat {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  return MAGIC.find(([magic]) => start.startsWith(magic))?.[1] ?? 'plain'
}
