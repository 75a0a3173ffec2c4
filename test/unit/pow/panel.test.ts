import { describe, expect, it } from 'vitest'
import {
  duration,
  hashRate,
  millify,
  type PanelView,
  panelLine,
  panelLines,
  sparkline,
} from '../../../src/core/pow/panel.js'
import { expectedTime } from '../../../src/core/pow/progress.js'

const view: PanelView = {
  progress: {
    challenge: {
      scheme: 'register-be',
      blockNumber: 1_234_567,
      blockHash: new Uint8Array(32).fill(0xab),
      key: new Uint8Array(32),
      difficulty: 10_000_000n,
    },
    workers: 2,
    helpers: [],
    hashes: 630_000_000n,
    seconds: 83,
    rateNow: 7_812_345,
    rateMean: 7_590_361,
    history: [7_000_000, 3_500_000, 7_700_000, 0],
    expected: expectedTime(10_000_000n, 7_590_361),
  },
  totalSeconds: 83.456789,
  roundSeconds: 2.1,
  rounds: 8,
  blockSeconds: 12,
}

describe('panel', () => {
  it('has the lines of the original, the rate over time and the expected time', () => {
    expect(panelLines(view, { verbose: false, ascii: false, columns: 120 })).toMatchInlineSnapshot(`
      [
        "Solving",
        "Time Spent (total): 0:01:23.456789",
        "Registration Difficulty: 10.00 M",
        "Iters (Inst/Perp): 7.8MH/s / 7.6MH/s",
        "Block Number: 1234567",
        "Block Hash: 0xabababababababababababababababababababababababababababababababab",
        "Hash Rate: █▄█▁ 2 threads",
        "Expected Time: 50 % within 0.9 s, 95 % within 3.9 s",
        "Chance Per Block: over 99 %",
      ]
    `)
  })

  it('speaks of no blocks where no chain is followed', () => {
    const { blockSeconds: _, ...offline } = view
    const text = panelLines(offline, { verbose: false, ascii: false, columns: 120 }).join('\n')
    expect(text).not.toMatch(/Block Number|Per Block/)
    expect(panelLine(offline)).toMatch(/^difficulty 10.00 M, /)
  })

  it('adds the rounds when asked to, cuts to the terminal and does without block characters', () => {
    const lines = panelLines(view, { verbose: true, ascii: true, columns: 30 })
    expect(lines).toMatchInlineSnapshot(`
      [
        "Solving",
        "Time Spent (total): 0:01:23.45",
        "Time Spent This Round: 0:00:02",
        "Time Spent Average: 0:00:10.43",
        "Registration Difficulty: 10.00",
        "Iters (Inst/Perp): 7.8MH/s / 7",
        "Block Number: 1234567",
        "Block Hash: 0xabababababababab",
        "Hash Rate: @=@_ 2 threads",
        "Expected Time: 50 % within 0.9",
        "Chance Per Block: over 99 %",
      ]
    `)
  })

  it('fits in one line for logs', () => {
    expect(panelLine(view)).toBe(
      'block 1234567, difficulty 10.00 M, 7.6MH/s, 0:01:23 so far, 50 % within 0.9 s, 95 % within 3.9 s',
    )
  })

  it('does not promise anything without a rate', () => {
    const still = { ...view.progress, rateMean: 0, expected: expectedTime(5n, 0), history: [] }
    const lines = panelLines(
      { ...view, progress: still, totalSeconds: 90_061 },
      { verbose: false, ascii: true, columns: 99 },
    )
    expect(lines.slice(-2)).toEqual([
      'Expected Time: unknown before the first nonces are tried',
      'Chance Per Block: unknown',
    ])
    expect(lines[1]).toBe('Time Spent (total): 1 day, 1:01:01')
  })
})

it.each([
  [60_000n, 'over 99 %'],
  [200_000_000n, '37 %'],
  [2_000_000_000n, '4.45 %'],
  [2n ** 50n, 'under 0.01 %'],
])('the chance per block at difficulty %d fits 79 columns with the times', (difficulty, chance) => {
  const challenge = { ...view.progress.challenge, difficulty }
  const expected = expectedTime(difficulty, view.progress.rateMean)
  const progress = { ...view.progress, challenge, expected }
  const style = { verbose: true, ascii: false, columns: 999 }
  const lines = panelLines({ ...view, progress }, style)
  expect(lines.at(-1)).toBe(`Chance Per Block: ${chance}`)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80)
})

describe('numbers', () => {
  it.each([
    [0n, '0.00'],
    [999n, '999.00'],
    [1024n, '1.02 K'],
    [10_000_000n, '10.00 M'],
    [198_080_000_000_000n, '198.08 T'],
    [2n ** 64n - 1n, '18446744.07 T'],
  ])('%d is shown as %s', (value, text) => {
    expect(millify(value)).toBe(text)
  })

  it.each([
    [0, '0.0H'],
    [999.94, '999.9H'],
    [123_400, '123.4KH'],
    [7_600_000, '7.6MH'],
    [3.2e9, '3.2GH'],
  ])('rate %d is shown as %s', (rate, text) => {
    expect(hashRate(rate)).toBe(text)
  })

  it.each([
    [0.0174, '18 ms'],
    [0.0996, '0.1 s'],
    [0.93, '0.9 s'],
    [59, '59 s'],
    [140, '2.3 min'],
    [7200, '2.0 h'],
    [86_400 * 20, '20 days'],
    [3.2e12, '101,402 years'],
    [Number.POSITIVE_INFINITY, 'an endless time'],
  ])('%d s is said as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
})

describe('sparkline', () => {
  it('shows the newest values only, at most 40', () => {
    const values = Array.from({ length: 60 }, (_, i) => i)
    expect(sparkline(values, { ascii: true, columns: 100 })).toHaveLength(40)
    expect(sparkline(values, { ascii: true, columns: 20 })).toHaveLength(8)
    expect(sparkline([], { ascii: true, columns: 20 })).toBe('')
    expect(sparkline([0, 0], { ascii: false, columns: 20 })).toBe('▁▁')
  })
})
