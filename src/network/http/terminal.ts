/** The two ends of an exchange as the HTTP protocol writes them down: in headers, and as objects in the body. */
import type { JsonMap, JsonNode } from '../wire/json.js'
import { floatRepr } from '../wire/pythonText.js'

/** One end (Python: TerminalInfo). */
export type Terminal = {
  readonly statusCode?: number | undefined
  readonly statusMessage?: string | undefined
  /** seconds */
  readonly processTime?: number | undefined
  readonly ip?: string | undefined
  readonly port?: number | undefined
  readonly version?: number | undefined
  readonly nonce?: bigint | undefined
  readonly uuid?: string | undefined
  readonly hotkey?: string | undefined
  readonly signature?: string | undefined
}

/** Properties and wire names in the order of Python's class. */
const NAMES: readonly (readonly [keyof Terminal, string])[] = [
  ['statusCode', 'status_code'],
  ['statusMessage', 'status_message'],
  ['processTime', 'process_time'],
  ['ip', 'ip'],
  ['port', 'port'],
  ['version', 'version'],
  ['nonce', 'nonce'],
  ['uuid', 'uuid'],
  ['hotkey', 'hotkey'],
  ['signature', 'signature'],
]

/** The headers of one end; what is unknown is left out. */
export function terminalHeaders(side: 'axon' | 'dendrite', end: Terminal): [string, string][] {
  return NAMES.flatMap(([key, name]): [string, string][] => {
    const value = end[key]
    if (value === undefined) return []
    const text = key === 'processTime' ? floatRepr(Number(value)) : String(value)
    return [[`bt_header_${side}_${name}`, cleanHeader(text)]]
  })
}

/** The object of one end in a body; what is unknown is null. */
export function terminalNode(end: Terminal): JsonMap {
  return new Map(NAMES.map(([key, name]) => [name, nodeOf(key, end[key])]))
}

function nodeOf(key: keyof Terminal, value: string | number | bigint | undefined): JsonNode {
  if (value === undefined) return null
  return typeof value === 'number' && key !== 'processTime' ? BigInt(value) : value
}

/** Reads the object of one end out of a body. What has an unexpected type counts as unknown. */
export function terminalOfNode(node: JsonNode | undefined): Terminal {
  if (!(node instanceof Map)) return {}
  const text = (name: string) => {
    const value = node.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const whole = (name: string) => {
    const value = node.get(name)
    return typeof value === 'bigint' ? value : undefined
  }
  const small = (name: string) => {
    const value = Number(whole(name))
    return Number.isSafeInteger(value) ? value : undefined
  }
  const time = node.get('process_time')
  return {
    statusCode: small('status_code'),
    statusMessage: text('status_message'),
    processTime: typeof time === 'number' ? time : undefined,
    ip: text('ip'),
    port: small('port'),
    version: small('version'),
    nonce: whole('nonce'),
    uuid: text('uuid'),
    hotkey: text('hotkey'),
    signature: text('signature'),
  }
}

const LONGEST_HEADER = 1024

/** Text that can stand in a header: printable ASCII on one line. */
export function cleanHeader(text: string): string {
  return text.slice(0, LONGEST_HEADER).replace(/[^\x20-\x7e]/g, '?')
}
