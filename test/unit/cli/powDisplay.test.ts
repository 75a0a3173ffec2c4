import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSearchDisplay } from '../../../src/cli/powDisplay.js'
import type { PanelView } from '../../../src/core/pow/panel.js'
import { expectedTime } from '../../../src/core/pow/progress.js'
import { testContext } from '../../support/context.js'

const VIEW: PanelView = {
  progress: {
    challenge: {
      scheme: 'register-be',
      blockNumber: 12,
      blockHash: new Uint8Array(32),
      key: new Uint8Array(32),
      difficulty: 10_000_000n,
    },
    workers: 2,
    helpers: [],
    hashes: 10n,
    seconds: 1,
    rateNow: 7.6e6,
    rateMean: 7.6e6,
    history: [1],
    expected: expectedTime(10_000_000n, 7.6e6),
  },
  totalSeconds: 83,
  roundSeconds: 2,
  rounds: 1,
  blockSeconds: 12,
}
const ERASE = '\r\x1b\\[9A\x1b\\[0J'
const SHOW_CURSOR = '\x1b\\[\\?25h'
const PLACED = { inPlace: true, roundTimes: false }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a search is shown', () => {
  it('by one line a minute without a terminal', async () => {
    const { ctx, stderr } = await testContext()
    const display = createSearchDisplay(ctx, PLACED)
    display.watch(() => VIEW)
    vi.advanceTimersByTime(59_999)
    expect(stderr()).toBe('')
    vi.advanceTimersByTime(60_001)
    display.rest()
    vi.advanceTimersByTime(600_000)
    const line =
      'block 12, difficulty 10.00 M, 7.6MH/s, 0:01:23 so far, 50 % within 0.9 s, 95 % within 3.9 s\n'
    expect(stderr()).toBe(line.repeat(2))
  })

  it.each([
    ['a line a minute', {}, 60_000, 2],
    ['a panel', { tty: true, env: { BTCLI_NO_SPINNER: '' } }, 250, 480],
    ['JSON lines', { settings: { json_output: true } }, 2000, 60],
  ] as const)('by %s however fast blocks bring new challenges', async (_, world, every, times) => {
    const { ctx, stderr } = await testContext(world)
    const display = createSearchDisplay(ctx, PLACED)
    for (let passed = 0; passed < 120_000; passed += 200) {
      display.watch(() => VIEW)
      vi.advanceTimersByTime(200)
    }
    display.rest()
    expect(stderr().match(/expectedSeconds50|95 % within/g), `${every} ms`).toHaveLength(times)
  })

  it('by a panel that is drawn over itself four times a second on a terminal', async () => {
    const { ctx, stderr } = await testContext({ tty: true, env: { BTCLI_NO_SPINNER: '' } })
    const display = createSearchDisplay(ctx, PLACED)
    display.watch(() => VIEW)
    vi.advanceTimersByTime(1000)
    expect(stderr().match(/Solving/g)).toHaveLength(4)
    display.note('Submitting POW...', 'submitting')
    display.rest()
    // The cursor comes back although the panel was gone before the end.
    expect(stderr()).toMatch(new RegExp(`${ERASE}Submitting POW...\n${SHOW_CURSOR}$`))
  })

  it('by a panel that leaves with its cursor at Ctrl-Z, and is drawn anew when the process goes on', async () => {
    const { ctx, stderr } = await testContext({ tty: true, env: { BTCLI_NO_SPINNER: '' } })
    let suspend = () => () => {}
    const onSuspend = (leave: typeof suspend) => {
      suspend = leave
      return () => {}
    }
    const display = createSearchDisplay({ ...ctx, onSuspend }, PLACED)
    display.watch(() => VIEW)
    vi.advanceTimersByTime(250)
    const comeBack = suspend()
    expect(stderr()).toMatch(new RegExp(`${SHOW_CURSOR}${ERASE}$`))
    const before = stderr().length
    comeBack()
    vi.advanceTimersByTime(250)
    // Below what the shell has written meanwhile: nothing of it is drawn over.
    expect(stderr().slice(before).startsWith('\x1b[?25l\x1b[2KSolving\n')).toBe(true)
    display.rest()
  })

  it('by a panel that fits a window which becomes narrower', async () => {
    const { ctx, world, stderr } = await testContext({
      tty: true,
      columns: 80,
      env: { BTCLI_NO_SPINNER: '' },
    })
    const display = createSearchDisplay(ctx, PLACED)
    display.watch(() => VIEW)
    vi.advanceTimersByTime(250)
    Object.assign(world.stderr, { columns: 40 })
    const before = stderr().length
    vi.advanceTimersByTime(250)
    const drawn = stderr().slice(before)
    // Two of the nine lines, the hash and the times, have wrapped.
    expect(drawn.startsWith('\r\x1b[11A\x1b[2KSolving\n')).toBe(true)
    const lines = drawn.split('\n').map((line) => line.replace('\x1b[2K', ''))
    expect(Math.max(...lines.slice(1).map((line) => line.length))).toBe(39)
    display.rest()
    expect(stderr().endsWith('\x1b[?25h\r\x1b[9A\x1b[0J')).toBe(true)
  })

  it('by JSON lines with --json, and not at all with --quiet', async () => {
    for (const [settings, events] of [
      [{ json_output: true }, ['progress', 'progress', 'found']],
      [{ json_output: true, quiet: true }, []],
    ] as const) {
      const { ctx, stderr } = await testContext({ settings })
      const display = createSearchDisplay(ctx, PLACED)
      display.watch(() => VIEW)
      vi.advanceTimersByTime(4000)
      display.note('Solved', 'found', { nonce: 2n ** 64n - 1n })
      display.rest()
      const lines = stderr().split('\n').filter(Boolean)
      expect(lines.map((line) => JSON.parse(line).event)).toEqual(events)
    }
  })
})
