/** IP addresses as the chain keeps them: a number and a type, 4 or 6. */
import { isIP } from 'node:net'

const IPV4_LIMIT = 1n << 32n

/**
 * The text form: dotted for IPv4, shortened hex groups for IPv6 (RFC 5952). The type decides, unlike in Python, which takes
 * every number below 2³² for IPv4; a number too large for its type is shown as IPv6.
 * @example
 * ipText(16_909_060n, 4) // '1.2.3.4'
 * ipText(1n, 6) // '::1'
 */
export function ipText(ip: bigint, ipType: number): string {
  if (ipType !== 6 && ip < IPV4_LIMIT) {
    return [24n, 16n, 8n, 0n].map((shift) => (ip >> shift) & 0xffn).join('.')
  }
  if (ip >> 32n === 0xffffn) return `::ffff:${ipText(ip % IPV4_LIMIT, 4)}`
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((ip >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  )
  return shorten(groups)
}

/** Replaces the first longest run of at least two zero groups. */
function shorten(groups: readonly string[]): string {
  let best = { start: 0, length: 1 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  if (best.length < 2) return groups.join(':')
  const before = groups.slice(0, best.start).join(':')
  return `${before}::${groups.slice(best.start + best.length).join(':')}`
}

/**
 * Reads an IP address into the chain's number and its type, 4 or 6.
 * @returns undefined when the text is no IP address
 * @example
 * parseIp('1.2.3.4') // { ip: 16909060n, ipType: 4 }
 */
export function parseIp(text: string): { readonly ip: bigint; readonly ipType: 4 | 6 } | undefined {
  const version = isIP(text)
  if (version === 4) return { ip: fold(text.split('.').map(Number), 8n), ipType: 4 }
  if (version !== 6 || text.includes('%')) return undefined
  // The URL parser expands every spelling of IPv6, embedded IPv4 included.
  const [head = '', tail] = new URL(`ws://[${text}]`).hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16))
  return { ip: fold(groups, 16n), ipType: 6 }
}

function fold(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n)
}

/** Addresses that mean another machine in another network, by the IANA registries of special-purpose addresses. */
const NOT_PUBLIC: readonly (readonly [string, number, string])[] = [
  ['127.0.0.0', 8, 'of this machine itself'],
  ['10.0.0.0', 8, 'of a private network'],
  ['172.16.0.0', 12, 'of a private network'],
  ['192.168.0.0', 16, 'of a private network'],
  ['100.64.0.0', 10, 'behind the shared address of a provider'],
  ['169.254.0.0', 16, 'of one cable'],
  ['fc00::', 7, 'of a private network'],
  ['fe80::', 10, 'of one cable'],
]

/**
 * Whose address it is, where it is not one of the public internet: `of a private network`; undefined for all others.
 * @example
 * placeOf('192.168.1.4') // 'of a private network'
 */
export function placeOf(text: string): string | undefined {
  const address = parseIp(text)
  if (!address) return undefined
  const isMapped = address.ipType === 6 && address.ip >> 32n === 0xffffn
  const { ip, ipType } = isMapped ? { ip: address.ip % IPV4_LIMIT, ipType: 4 } : address
  const place = NOT_PUBLIC.find(([start, length]) => {
    const first = parseIp(start)
    const rest = BigInt((ipType === 4 ? 32 : 128) - length)
    return first?.ipType === ipType && first.ip >> rest === ip >> rest
  })
  return place?.[2]
}
