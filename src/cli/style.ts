/** Colours and signs for one stream. Without colour nothing is loaded. */

/** The colours that output uses; each repeats what words or signs already say. */
export type Paint =
  | 'bold'
  | 'dim'
  | 'italic'
  | 'red'
  | 'green'
  | 'yellow'
  | 'blue'
  | 'magenta'
  | 'cyan'
  | 'white'

/** Paints text for a given stream and knows the signs that its locale can show. */
export type Style = { readonly [P in Paint]: (text: string) => string } & {
  /** True if the stream can only show ASCII. */
  readonly ascii: boolean
  readonly sign: Signs
}

export type Signs = {
  readonly ok: string
  readonly fail: string
  readonly warn: string
  readonly arrow: string
  readonly tao: string
  readonly ellipsis: string
  readonly dot: string
  /** What has grown, shrunk or become another since it was shown before. */
  readonly up: string
  readonly down: string
  readonly other: string
}

const UNICODE: Signs = {
  ok: '✔',
  fail: '✖',
  warn: '!',
  arrow: '➡',
  tao: 'τ',
  ellipsis: '…',
  dot: '·',
  up: '▲',
  down: '▼',
  other: '•',
}
const ASCII: Signs = {
  ok: 'OK',
  fail: 'FAIL',
  warn: '!',
  arrow: '->',
  tao: 'TAO',
  ellipsis: '...',
  dot: '-',
  up: '^',
  down: 'v',
  other: '*',
}

const PAINTS: readonly Paint[] = [
  'bold',
  'dim',
  'italic',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
]

/** Colour levels as chalk counts them: 0 none, 1 the 16 named colours, 2 256, 3 millions. */
export type ColorLevel = 0 | 1 | 2 | 3

/** A style that leaves text as it is. */
export function plainStyle(ascii = false): Style {
  const paints = Object.fromEntries(PAINTS.map((paint) => [paint, (text: string) => text]))
  return { ...(paints as Record<Paint, (text: string) => string>), ascii, sign: signs(ascii) }
}

/** The style of a stream; loads chalk only if there is colour. */
export async function createStyle(level: ColorLevel, ascii: boolean): Promise<Style> {
  if (level === 0) return plainStyle(ascii)
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level })
  const paints = Object.fromEntries(
    PAINTS.map((paint) => [paint, (text: string) => chalk[paint](text)]),
  )
  return { ...(paints as Record<Paint, (text: string) => string>), ascii, sign: signs(ascii) }
}

function signs(ascii: boolean): Signs {
  return ascii ? ASCII : UNICODE
}

const ASCII_OF: Readonly<Record<string, string>> = {
  τ: 'TAO',
  α: 'alpha',
  ρ: 'rao',
  '✔': 'OK',
  '✅': 'OK',
  '✖': 'FAIL',
  '❌': 'FAIL',
  '➡': '->',
  '→': '->',
  '…': '...',
  '·': '-',
  '▲': '^',
  '▼': 'v',
  '•': '*',
  '≈': '~',
  '≥': '>=',
  '≤': '<=',
  '×': 'x',
  '⁹': '^9',
  '\u202f': ' ',
  '📡': '',
  '⚠': '!',
  '├': '|',
  '└': '`',
  '│': '|',
  '─': '-',
}

/** Text for a stream that shows ASCII only: known signs become words, other characters `?`. */
export function toAscii(text: string): string {
  return text
    .replace(/[ταρ](?=\d)/gu, '$& ')
    .replace(/[^\0-\x7f]/gu, (character) => ASCII_OF[character] ?? '?')
}
