/**
 * JSON without loss: integers stay integers of any size, floats stay floats, keys keep their order. Body hashes of the HTTP
 * protocol are made of Python's view of the text, in which `1` and `1.0` differ; `JSON.parse` cannot tell them apart.
 */
import { floatRepr } from './pythonText.js'

/** A parsed value: `bigint` is a JSON integer, `number` a JSON float. */
export type JsonNode = null | boolean | string | bigint | number | JsonNode[] | JsonMap
/** An object with its keys in the order of the text; a repeated key keeps its first place and its last value. */
export type JsonMap = Map<string, JsonNode>

/** Text that is not JSON, or JSON beyond the limits. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
}

/** Python refuses longer integers too (sys.set_int_max_str_digits): turning them into numbers takes quadratic time. */
const MAX_INTEGER_DIGITS = 4300
const MAX_DEPTH = 100

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const BLANKS = /[ \t\n\r]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
const CONTROL = /[\u0000-\u001f]/

const WORDS: readonly (readonly [string, JsonNode])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  // Python's json module writes and reads these bare words.
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]

/**
 * Reads JSON text.
 * @throws {JsonError} for anything that is not JSON, nests deeper than 100 or holds an integer of more than 4300 digits.
 * @example
 * parseJson('[1, 1.0]') // [1n, 1]
 */
export function parseJson(text: string): JsonNode {
  const reader: Reader = { text, at: 0 }
  skipBlanks(reader)
  const node = readValue(reader, 0)
  skipBlanks(reader)
  if (reader.at !== text.length) throw unexpected(reader)
  return node
}

type Reader = { readonly text: string; at: number }

function readValue(reader: Reader, depth: number): JsonNode {
  switch (reader.text[reader.at]) {
    case '"':
      return readString(reader)
    case '{':
      return readObject(reader, depth + 1)
    case '[':
      return readArray(reader, depth + 1)
    default:
      return readWord(reader)
  }
}

function readWord(reader: Reader): JsonNode {
  const first = reader.text[reader.at]
  if (first !== undefined && (first >= 'A' || reader.text[reader.at + 1] === 'I')) {
    for (const [word, value] of WORDS) {
      if (reader.text.startsWith(word, reader.at)) {
        reader.at += word.length
        return value
      }
    }
  }
  return readNumber(reader)
}

function readNumber(reader: Reader): JsonNode {
  NUMBER.lastIndex = reader.at
  const match = NUMBER.exec(reader.text)
  if (!match) throw unexpected(reader)
  const [digits, fraction, exponent] = match
  reader.at += digits.length
  if (fraction !== undefined || exponent !== undefined) return Number(digits)
  if (digits.length > MAX_INTEGER_DIGITS) throw new JsonError('an integer has too many digits')
  return BigInt(digits)
}

function readString(reader: Reader): string {
  const start = reader.at
  let end = start
  do {
    end = reader.text.indexOf('"', end + 1)
    if (end < 0) throw new JsonError('a string has no end')
  } while (isEscaped(reader.text, end))
  reader.at = end + 1
  const inner = reader.text.slice(start + 1, end)
  if (CONTROL.test(inner)) throw new JsonError('a string holds a control character')
  if (!inner.includes('\\')) return inner
  try {
    return JSON.parse(reader.text.slice(start, end + 1)) as string
  } catch {
    throw new JsonError('a string holds an unknown escape')
  }
}

/** Whether the quote at this place follows an odd number of backslashes. */
function isEscaped(text: string, quote: number): boolean {
  let first = quote
  while (text[first - 1] === '\\') first--
  return (quote - first) % 2 === 1
}

function readArray(reader: Reader, depth: number): JsonNode[] {
  enter(reader, depth)
  const items: JsonNode[] = []
  if (closes(reader, ']')) return items
  for (;;) {
    items.push(readValue(reader, depth))
    if (closes(reader, ']')) return items
    expect(reader, ',')
  }
}

function readObject(reader: Reader, depth: number): JsonMap {
  enter(reader, depth)
  const map: JsonMap = new Map()
  if (closes(reader, '}')) return map
  for (;;) {
    if (reader.text[reader.at] !== '"') throw unexpected(reader)
    const key = readString(reader)
    skipBlanks(reader)
    expect(reader, ':')
    map.set(key, readValue(reader, depth))
    if (closes(reader, '}')) return map
    expect(reader, ',')
  }
}

function enter(reader: Reader, depth: number): void {
  if (depth > MAX_DEPTH) throw new JsonError('the text nests too deep')
  reader.at++
}

function closes(reader: Reader, bracket: string): boolean {
  skipBlanks(reader)
  if (reader.text[reader.at] !== bracket) return false
  reader.at++
  return true
}

function expect(reader: Reader, sign: string): void {
  if (reader.text[reader.at] !== sign) throw unexpected(reader)
  reader.at++
  skipBlanks(reader)
}

function skipBlanks(reader: Reader): void {
  BLANKS.lastIndex = reader.at
  BLANKS.exec(reader.text)
  reader.at = BLANKS.lastIndex
}

function unexpected(reader: Reader): JsonError {
  return new JsonError(`unexpected text at position ${reader.at}`)
}

/** How to write: as Python's `json.dumps` does by default, or without blanks and with raw Unicode as web servers do. */
export type JsonStyle = 'python' | 'compact'

/**
 * Writes JSON text.
 * @throws {JsonError} in the compact style for NaN and infinities, which no other reader than Python's would take.
 * @example
 * printJson([1n, 1], 'python') // '[1, 1.0]'
 */
export function printJson(node: JsonNode, style: JsonStyle): string {
  if (node === null || typeof node === 'boolean') return String(node)
  if (typeof node === 'bigint') return node.toString()
  if (typeof node === 'string') return style === 'python' ? asciiString(node) : JSON.stringify(node)
  if (typeof node === 'number') return printFloat(node, style)
  const [comma, colon] = style === 'python' ? [', ', ': '] : [',', ':']
  if (Array.isArray(node)) return `[${node.map((item) => printJson(item, style)).join(comma)}]`
  const entries = Array.from(node, ([key, value]) => {
    return `${printJson(key, style)}${colon}${printJson(value, style)}`
  })
  return `{${entries.join(comma)}}`
}

function printFloat(value: number, style: JsonStyle): string {
  if (Number.isFinite(value)) return floatRepr(value)
  if (style === 'compact') throw new JsonError('JSON has no NaN and no infinity')
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? 'Infinity' : '-Infinity'
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) =>
    unit === '\u007f' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
