/** Shows a search for a proof of work: a live panel on a terminal, a line a minute elsewhere, JSON lines with --json. */
import { type PanelView, panelLine, panelLines } from '../core/pow/panel.js'
import type { Context } from './context.js'
import { eventText } from './json.js'

/** Something to look at while a search runs. */
export type SearchDisplay = {
  /** Shows what `view` returns, again and again; undefined shows nothing. */
  watch(view: () => PanelView | undefined): void
  /** A line above the panel; with JSON an event of this name with these fields. */
  note(text: string, event: string, fields?: Readonly<Record<string, unknown>>): void
  /** Takes the panel away until the next `watch`. */
  rest(): void
}

type DisplayOptions = { readonly inPlace: boolean; readonly roundTimes: boolean }

const PANEL_MS = 250
const LINE_MS = 60_000
const JSON_MS = 2000

/**
 * Makes the display that fits the run. Everything goes to stderr, and nothing with --quiet.
 * @example
 * const display = createSearchDisplay(ctx, { inPlace: true, roundTimes: false })
 */
export function createSearchDisplay(ctx: Context, options: DisplayOptions): SearchDisplay {
  if (ctx.settings.json) return jsonLines(ctx)
  if (ctx.settings.spinner && options.inPlace) return livePanel(ctx, options)
  return lines(ctx)
}

/** With --json everything on stderr is JSON, what is said beside a search as well: events of this name. */
export function speaking(ctx: Context, event: string): Context {
  if (!ctx.settings.json) return ctx
  const say = (text: string) => writeEvent(ctx, event, { text })
  return {
    ...ctx,
    say,
    progress(text, work) {
      say(text)
      return work(() => undefined)
    },
  }
}

function writeEvent(ctx: Context, event: string, fields: Readonly<Record<string, unknown>>): void {
  if (!ctx.settings.quiet) ctx.stderr.raw(eventText(event, fields))
}

function lines(ctx: Context): SearchDisplay {
  const timer = repeater(LINE_MS)
  return {
    watch: (view) =>
      timer.start(() => {
        const now = view()
        if (now) ctx.say(panelLine(now))
      }),
    note: (text) => ctx.say(text),
    rest: timer.stop,
  }
}

function jsonLines(ctx: Context): SearchDisplay {
  const timer = repeater(JSON_MS)
  return {
    watch: (view) =>
      timer.start(() => {
        const now = view()
        if (now) writeEvent(ctx, 'progress', progressFields(now))
      }),
    note: (_, event, fields = {}) => writeEvent(ctx, event, fields),
    rest: timer.stop,
  }
}

/** Numbers of a moment, for JSON. */
function progressFields(view: PanelView): Readonly<Record<string, unknown>> {
  const { progress, totalSeconds, blockSeconds } = view
  const { challenge, workers, helpers, hashes, rateNow, rateMean, expected } = progress
  const finite = (value: number) => (Number.isFinite(value) ? value : null)
  return {
    block: blockSeconds === undefined ? null : challenge.blockNumber,
    difficulty: challenge.difficulty,
    workers,
    gpus: helpers,
    hashes,
    seconds: totalSeconds,
    hashesPerSecond: rateNow,
    meanHashesPerSecond: rateMean,
    expectedSeconds50: finite(expected.half),
    expectedSeconds95: finite(expected.most),
  }
}

/** Draws over its own lines; the cursor is hidden meanwhile. */
function livePanel(ctx: Context, { roundTimes }: DisplayOptions): SearchDisplay {
  const { stderr } = ctx
  const timer = repeater(PANEL_MS)
  let drawn: readonly string[] = []
  let isCursorHidden = false
  // To the first column as well: the terminal has written ^C where the cursor stood.
  const up = () => (drawn.length > 0 ? `\r\x1b[${rowsOf(drawn, stderr.columns)}A` : '')
  const erase = () => {
    if (drawn.length > 0) stderr.raw(`${up()}\x1b[0J`)
    drawn = []
  }
  const draw = (view: PanelView | undefined) => {
    if (!view) return
    const style = { verbose: roundTimes, ascii: stderr.style.ascii, columns: stderr.columns - 1 }
    const shown = panelLines(view, style)
    const hide = isCursorHidden ? '' : '\x1b[?25l'
    isCursorHidden = true
    stderr.raw(`${hide}${up()}${shown.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[0J`)
    drawn = shown
  }
  const leave = () => {
    if (isCursorHidden) stderr.raw('\x1b[?25h')
    isCursorHidden = false
    erase()
  }
  const rest = () => {
    timer.stop()
    leave()
  }
  // Whatever ends or suspends the command, the cursor comes back.
  ctx.onClose(rest)
  ctx.onClose(
    ctx.onSuspend(() => {
      leave()
      // The next turn of the clock draws again.
      return () => {}
    }),
  )
  return {
    watch: (view) => timer.start(() => draw(view())),
    note(text) {
      erase()
      ctx.say(text)
    },
    rest,
  }
}

/** Rows that lines take in a window, which may have become narrower than it was when they were written. */
function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, { length }) => rows + Math.max(1, Math.ceil(length / columns)), 0)
}

function repeater(milliseconds: number) {
  let timer: NodeJS.Timeout | undefined
  let work = () => {}
  return {
    // Blocks come faster than minutes: a new one changes what is shown, not when.
    start(next: () => void): void {
      work = next
      timer ??= setInterval(() => work(), milliseconds).unref()
    },
    stop(): void {
      clearInterval(timer)
      timer = undefined
    },
  }
}
