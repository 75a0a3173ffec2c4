/** The live panel of a registration, as text: pure, so that it can be drawn anywhere and tested. */
import { chanceWithin, type ExpectedTime, type Progress } from './progress.js'

/** What the panel shows besides the search itself. */
export type PanelView = {
  readonly progress: Progress
  /** Since the start, waiting included, in seconds. */
  readonly totalSeconds: number
  /** Since the last challenge, in seconds. */
  readonly roundSeconds: number
  /** Challenges so far. */
  readonly rounds: number
  /** Seconds between blocks, for the chance per block; undefined where no chain is followed and the block has no number. */
  readonly blockSeconds?: number
}

/** How to draw it. */
export type PanelStyle = {
  /** The times of the rounds as well. */
  readonly verbose: boolean
  /** Without block characters. */
  readonly ascii: boolean
  readonly columns: number
}

/**
 * The panel's lines: those of bittensor 5.3.1, then the rate over time and the expected time.
 * @example
 * panelLines(view, { verbose: false, ascii: false, columns: 80 }).join('\n')
 */
export function panelLines(view: PanelView, style: PanelStyle): readonly string[] {
  const { progress, totalSeconds, roundSeconds, rounds } = view
  const { challenge, rateNow, rateMean, history } = progress
  const average = totalSeconds / Math.max(1, rounds)
  const lines = [
    'Solving',
    `Time Spent (total): ${clockTime(totalSeconds)}`,
    ...(style.verbose
      ? [
          `Time Spent This Round: ${clockTime(roundSeconds)}`,
          `Time Spent Average: ${clockTime(average)}`,
        ]
      : []),
    `Registration Difficulty: ${millify(challenge.difficulty)}`,
    `Iters (Inst/Perp): ${hashRate(rateNow)}/s / ${hashRate(rateMean)}/s`,
    ...(view.blockSeconds === undefined ? [] : [`Block Number: ${challenge.blockNumber}`]),
    `Block Hash: 0x${Buffer.from(challenge.blockHash).toString('hex')}`,
    `Hash Rate: ${sparkline(history, style)} ${searchers(progress)}`,
    `Expected Time: ${within(progress.expected)}`,
    ...chance(view),
  ]
  return lines.map((line) => cut(line, style.columns))
}

/**
 * The same in one line, for logs.
 * @example
 * panelLine(view) // 'block 12, difficulty 10.00 M, 7.6MH/s, 0:01:23 so far, 50 % within 0.9 s, 95 % within 3.9 s'
 */
export function panelLine(view: PanelView): string {
  const { progress, totalSeconds } = view
  const { challenge, rateMean, expected } = progress
  return [
    ...(view.blockSeconds === undefined ? [] : [`block ${challenge.blockNumber}`]),
    `difficulty ${millify(challenge.difficulty)}`,
    `${hashRate(rateMean)}/s`,
    `${clockTime(totalSeconds).replace(/\.\d+$/, '')} so far`,
    within(expected),
  ].join(', ')
}

/** `2 threads`, `1 GPU`, `2 threads, 2 GPUs`. */
function searchers({ workers, helpers }: Progress): string {
  const counted = (count: number, name: string) =>
    count > 0 ? [`${count} ${name}${count > 1 ? 's' : ''}`] : []
  return [...counted(workers, 'thread'), ...counted(helpers.length, 'GPU')].join(', ')
}

function chance({ progress, blockSeconds }: PanelView): readonly string[] {
  const { challenge, rateMean } = progress
  if (blockSeconds === undefined) return []
  if (rateMean === 0) return ['Chance Per Block: unknown']
  const found = chanceWithin(blockSeconds, challenge.difficulty, rateMean)
  return [`Chance Per Block: ${percent(found)} %`]
}

/** Nothing is certain, nor out of the question. */
function percent(share: number): string {
  if (share < 0.0001) return 'under 0.01'
  if (share > 0.99) return 'over 99'
  return (share * 100).toFixed(share < 0.1 ? 2 : 0)
}

function within({ half, most }: ExpectedTime): string {
  if (!Number.isFinite(most)) return 'unknown before the first nonces are tried'
  return `50 % within ${duration(half)}, 95 % within ${duration(most)}`
}

/** `H:MM:SS.ffffff`, as Python writes a timedelta; days in front from the first one on. */
function clockTime(seconds: number): string {
  const micros = Math.round(seconds * 1e6)
  const whole = Math.floor(micros / 1e6)
  const days = Math.floor(whole / 86_400)
  const [hours, minutes, rest] = [whole / 3600, whole / 60, whole].map(Math.floor) as [
    number,
    number,
    number,
  ]
  const two = (value: number) => `${value % 60}`.padStart(2, '0')
  const fraction = micros % 1e6
  const prefix = days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''
  const suffix = fraction > 0 ? `.${`${fraction}`.padStart(6, '0')}` : ''
  return `${prefix}${hours % 24}:${two(minutes)}:${two(rest)}${suffix}`
}

const UNITS = [
  ['years', 365.25 * 86_400],
  ['days', 86_400],
  ['h', 3600],
  ['min', 60],
] as const

/**
 * A time as people say it: `17 ms`, `0.9 s`, `2.3 min`, `about 3 years`.
 * @example
 * duration(140) // '2.3 min'
 */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'an endless time'
  if (seconds < 0.0995) return `${Math.ceil(seconds * 1000)} ms`
  const unit = UNITS.find(([, length]) => seconds >= length)
  if (!unit) return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`
  const value = seconds / unit[1]
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US')} ${unit[0]}`
}

/**
 * A number with two decimals and K, M, B or T, as bittensor 5.3.1 shows difficulties.
 * @example
 * millify(198_080_000_000_000n) // '198.08 T'
 */
export function millify(value: bigint): string {
  const suffixes = ['', ' K', ' M', ' B', ' T']
  const digits = value.toString().length
  const step = Math.min(suffixes.length - 1, Math.floor((digits - 1) / 3))
  return `${(Number(value) / 1000 ** step).toFixed(2)}${suffixes[step]}`
}

/**
 * Hashes with one decimal and a prefix, as bittensor 5.3.1 shows rates.
 * @example
 * hashRate(123_400) // '123.4KH'
 */
export function hashRate(rate: number): string {
  const prefixes = ['', 'K', 'M', 'G', 'T', 'P', 'E', 'Z']
  let step = 0
  let value = rate
  while (value >= 1000 && step < prefixes.length - 1) {
    value /= 1000
    step++
  }
  return `${value.toFixed(1)}${prefixes[step]}H`
}

const BARS = { blocks: '▁▂▃▄▅▆▇█', ascii: '_.-=+*#@' }

/** Values as bars between 0 and the largest; the newest at the right. */
export function sparkline(
  values: readonly number[],
  { ascii, columns }: Pick<PanelStyle, 'ascii' | 'columns'>,
): string {
  const bars = ascii ? BARS.ascii : BARS.blocks
  const shown = values.slice(-Math.max(1, Math.min(40, columns - 12)))
  const most = Math.max(...shown)
  return shown
    .map((value) => bars[most > 0 ? Math.min(7, Math.floor((value / most) * 8)) : 0])
    .join('')
}

function cut(line: string, columns: number): string {
  return line.length > columns ? line.slice(0, Math.max(0, columns)) : line
}
