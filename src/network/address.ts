/** IP addresses as the chain keeps them, and endpoints as people read them. */
import { isIPv4, isIPv6 } from 'node:net'
import { BittensorError } from '../core/errors.js'

/** An IP address as the chain stores it: a number and a type. */
export type ChainIp = { readonly value: bigint; readonly ipType: 4 | 6 }

/**
 * The number of an IP address, big-endian.
 * @throws {BittensorError} `USAGE` when the text is no IP address.
 * @example
 * encodeIp('127.0.0.1') // { value: 2130706433n, ipType: 4 }
 */
export function encodeIp(text: string): ChainIp {
  if (isIPv4(text)) {
    return {
      value: text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n),
      ipType: 4,
    }
  }
  if (!isIPv6(text) || text.includes('%')) {
    throw new BittensorError('USAGE', `\`${text.slice(0, 60)}\` is not an IP address`)
  }
  const value = ipv6Groups(text).reduce((sum, group) => sum * 65536n + BigInt(group), 0n)
  return { value, ipType: 6 }
}

function ipv6Groups(text: string): number[] {
  const hex = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    return `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`
  })
  const [head = '', tail] = hex.split('::')
  const parse = (part: string) =>
    part === '' ? [] : part.split(':').map((g) => Number.parseInt(g, 16))
  if (tail === undefined) return parse(head)
  const left = parse(head)
  const right = parse(tail)
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
}

/**
 * The text of an IP address on chain. The type decides, unlike in Python, which takes every number below 2³² for IPv4.
 * @throws {BittensorError} `USAGE` when the number does not fit the type, or the type is not 4 or 6.
 * @example
 * decodeIp(1n, 6) // '::1'
 */
export function decodeIp(value: bigint, ipType: number): string {
  const bits = ipType === 4 ? 32n : ipType === 6 ? 128n : 0n
  if (bits === 0n || value < 0n || value >= 1n << bits) {
    throw new BittensorError('USAGE', `${value} is not an IPv${ipType} address`)
  }
  if (ipType === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  }
  if (value >> 32n === 0xffffn) return `::ffff:${decodeIp(value & 0xffffffffn, 4)}`
  return compressIpv6(value)
}

/** RFC 5952: the longest run of two or more zero groups becomes `::`, the first of equal ones. */
function compressIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  )
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  if (best.start < 0) return groups.join(':')
  const end = best.start + best.length
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(end).join(':')}`
}

/**
 * `host:port` for a URL or a socket: IPv6 in brackets.
 * @example
 * hostPort('2001:db8::1', 8091) // '[2001:db8::1]:8091'
 */
export function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

/**
 * The form that metagraphs print: `/ipv4/1.2.3.4:8091` (bittensor 5.3.1, ip_str).
 * @example
 * formatEndpoint({ ip: '1.2.3.4', port: 8091 }) // '/ipv4/1.2.3.4:8091'
 */
export function formatEndpoint(endpoint: { readonly ip: string; readonly port: number }): string {
  const type = endpoint.ip.includes(':') ? 6 : 4
  return `/ipv${type}/${endpoint.ip}:${endpoint.port}`
}
