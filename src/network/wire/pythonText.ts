/** How Python prints values: the HTTP protocol of 6.x–10.x hashes `str(value)`. */
import type { JsonNode } from './json.js'

/**
 * Python's `repr` of a float: shortest digits that read back, an exponent below 1e-4 and from 1e16 on.
 * @example
 * floatRepr(1) // '1.0'
 * floatRepr(1e-5) // '1e-05'
 */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  // JavaScript and Python agree on the shortest digits, not on where the exponent form begins.
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const size = Math.abs(exponent).toString().padStart(2, '0')
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`
  }
  return plainDecimal(mantissa, exponent)
}

function plainDecimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const padded = digits.padEnd(exponent + 1, '0')
  return `${sign}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1) || '0'}`
}

/**
 * Python's `str` of a parsed JSON value: strings as they are, everything inside lists and dicts as {@link pythonRepr}.
 * @example
 * pythonStr(['a', 1n, 1, null]) // "['a', 1, 1.0, None]"
 */
export function pythonStr(node: JsonNode): string {
  return typeof node === 'string' ? node : pythonRepr(node)
}

/** Python's `repr` of a parsed JSON value. */
export function pythonRepr(node: JsonNode): string {
  if (node === null) return 'None'
  if (typeof node === 'boolean') return node ? 'True' : 'False'
  if (typeof node === 'bigint') return node.toString()
  if (typeof node === 'number') return floatRepr(node)
  if (typeof node === 'string') return stringRepr(node)
  if (Array.isArray(node)) return `[${node.map(pythonRepr).join(', ')}]`
  const entries = Array.from(node, ([key, value]) => `${stringRepr(key)}: ${pythonRepr(value)}`)
  return `{${entries.join(', ')}}`
}

/** What Python's str.isprintable refuses: the categories Other and Separator, except the ASCII space. */
const ESCAPED = /[\\'\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = text.replace(ESCAPED, (char) => {
    if (char === "'") return quote === "'" ? "\\'" : char
    return escapeChar(char)
  })
  return `${quote}${inner}${quote}`
}

function escapeChar(char: string): string {
  const short = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }[char]
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  if (code < 0x10000) return `\\u${hex.padStart(4, '0')}`
  return `\\U${hex.padStart(8, '0')}`
}
