/** The body hash of the HTTP protocol (6.x–10.x): it covers Python's text of chosen fields, not the body. */
import { createHash } from 'node:crypto'
import type { JsonMap } from '../wire/json.js'
import { pythonStr } from '../wire/pythonText.js'

/**
 * SHA3-256 over the hex digests of the hash fields, in their order; 64 lower-case hex digits.
 * @param nodes the fields as they were sent, after they took their declared type
 * @returns undefined when a text holds half a surrogate pair, which Python cannot hash either
 */
export function bodyHash(nodes: JsonMap, hashFields: readonly string[]): string | undefined {
  const texts = hashFields.map((name) => pythonStr(nodes.get(name) ?? null))
  if (texts.some((text) => /\p{Surrogate}/u.test(text))) return undefined
  return sha3(texts.map(sha3).join(''))
}

function sha3(text: string): string {
  return createHash('sha3-256').update(text, 'utf8').digest('hex')
}
