/** Text as a terminal sees it: how wide it is, what must never reach it, how to wrap it. */

/**
 * Makes text from the chain or from files safe to show: control characters (escape sequences, line breaks,
 * carriage returns) and invisible direction marks are removed, so that a name cannot move the cursor or pose as other text.
 * @example
 * safe('Yuma\x1b[2J') // 'Yuma[2J'
 */
export function safe(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the purpose
  return text.replace(/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, '')
}

/** Like {@link safe}, but keeps line breaks and our own colours: the last guard before a stream. */
export function safeLines(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the purpose
    /(\x1b\[[\d;]*m)|[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/gu,
    (_, colour: string | undefined) => colour ?? '',
  )
}

/** `0x2f0555cc…5ab36c03`: enough of a hash to tell it from any other. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 10)}…${hash.slice(-8)}`
}

/** Removes colours. */
export function uncoloured(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  return text.replace(/\x1b\[[\d;]*m/g, '')
}

/** Columns that a text takes on a terminal: wide characters count two, combining ones none. */
export function widthOf(text: string): number {
  const plain = uncoloured(text)
  if (NARROW.test(plain)) return plain.length
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  let width = 0
  for (const { segment } of graphemes.segment(plain)) {
    const point = segment.codePointAt(0) ?? 0
    if (/^\p{Mark}/u.test(segment)) continue
    width += isWide(point) || /\p{Emoji_Presentation}|\ufe0f/u.test(segment) ? 2 : 1
  }
  return width
}

// Nearly all text: one column per character. The segmenter costs more to make than a whole help page.
const NARROW = /^[ -~\u00a1-\u02ff\u0370-\u03ff\u2010-\u2027\u2190-\u21ff\u2500-\u257f]*$/
let graphemes: Intl.Segmenter | undefined

// Unicode East Asian Width, classes W and F, in coarse blocks.
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
]

function isWide(point: number): boolean {
  return WIDE.some(([from, to]) => point >= from && point <= to)
}

/** Wraps a paragraph at spaces; later lines get `indent` spaces. */
export function wrap(text: string, width: number, indent = 0): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const limit = lines.length === 0 ? width : width - indent
    // What fits no line is broken by the terminal wherever it starts.
    const fits = widthOf(line) + 1 + widthOf(word) <= limit || widthOf(word) > width - indent
    if (line !== '' && !fits) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}

/** Lines of prose for a terminal: each is wrapped at spaces under its own indentation. In a pipe (`Infinity`) as they are. */
export function prose(text: string, columns: number): string {
  if (!Number.isFinite(columns)) return text
  return text
    .split('\n')
    .map((line) => {
      const indent = line.length - line.trimStart().length
      return `${' '.repeat(indent)}${wrap(line.slice(indent), columns - indent, indent)}`
    })
    .join('\n')
}

/** A line that is nothing but a command, with its indentation: no words after a value, but for numbers and accounts. */
const COMMAND =
  /^ *btcli( [\w.:@/]+)+( --?[\w.]+( (?!-)('[^']*'|[^\s']+))?( (\d[\d.]*|5\w{47}|0x\w+|@[\w.-]+|wallet:[\w./-]+|'[^']*'))*)+$/

/** As {@link prose}; a command that takes several lines is still one for a shell. */
export function fitted(text: string, columns: number): string {
  if (!Number.isFinite(columns)) return text
  return text
    .split('\n')
    .map((line) => (COMMAND.test(line) ? wrapCommand(line, columns) : prose(line, columns)))
    .join('\n')
}

function wrapCommand(line: string, columns: number): string {
  const indent = line.length - line.trimStart().length
  const room = columns - indent - '   \\'.length
  // A space within quotes is no place for a break, nor is that between an option and its value.
  const words = line.trim().match(/('[^']*'|[^\s'])+/g) ?? []
  const glued = words
    .map((word) => word.replaceAll(' ', '\0'))
    .join(' ')
    .replace(/(?<= )(--?[\w.]+) (?!-)(\S+)/g, (pair, option, value) =>
      widthOf(pair) > room ? pair : `${option}\0${value}`,
    )
  const wrapped = wrap(glued, room)
  const margin = ' '.repeat(indent)
  return `${margin}${wrapped.replaceAll('\0', ' ').replaceAll('\n', ` \\\n${margin}  `)}`
}

/** `1 hotkey`, `2 hotkeys`. */
export function count(n: number | bigint, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 || n === 1n ? one : many}`
}
