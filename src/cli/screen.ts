/** The screen of `--watch` on a terminal: a page of its own that is drawn in place and leaves no trace. */
import { markChanges } from './changes.js'
import { asciiOnly, columnsOf } from './settings.js'
import { toAscii } from './style.js'
import { type Block, listed, renderBlocks } from './table.js'
import { safeLines } from './text.js'
import type { Screen, Watch } from './watch.js'

const ESC = '\x1b['
/** Another page, no cursor, long lines cut at the edge. */
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`
const HOME = `${ESC}H`
const REST_OF_LINE = `${ESC}K`
const REST_OF_PAGE = `${ESC}J`

/** What a terminal has that does not tell. */
const ROWS = 24

type Shown = {
  readonly blocks: readonly Block[]
  readonly before: readonly Block[] | undefined
  readonly block: number | null
  /** When it was read, in milliseconds since 1970. */
  readonly at: number
}

/** Takes over the terminal until `close`. Warnings stand above the footer. */
export function openScreen(
  { command, run, world, shared, seconds }: Watch,
  warnings: ReadonlySet<string>,
): Screen {
  const { ctx } = run
  const { style } = ctx.stdout
  const ascii = asciiOnly(world.env)
  let shown: Shown | undefined
  let trouble: Error | undefined

  const draw = async () => {
    if (!shown) return
    const width = columnsOf(world.stdout, world.env, shared)
    const view = { ...ctx.view, width }
    const { blocks, words } = markChanges(shown.blocks, shown.before, style)
    const text = await renderBlocks(blocks, view)
    const foot = style.dim(footer(shown, words))
    const warned = [...warnings].map((one) => `${style.yellow('warning:')} ${safeLines(one)}`)
    const room = (world.stdout.rows ?? ROWS) - 2 - warned.length
    const lines = fitted(safeLines(text).trimEnd().split('\n'), room)
    const page = [...lines, '', ...warned, foot]
      .map((line) => `${line}${REST_OF_LINE}`)
      .join('\r\n')
    world.stdout.write(`${HOME}${ascii ? toAscii(page) : page}${REST_OF_PAGE}`)
  }

  const footer = ({ block, at }: Shown, words: string): string => {
    const { dot, ellipsis } = style.sign
    const age = Math.round((ctx.clock.now().getTime() - at) / 1000)
    const pace = seconds === 0 ? 'every block' : `every ${seconds} s`
    // What does not fit is cut off at the end.
    const parts = trouble
      ? [
          `block ${block}, ${age} s old`,
          `reconnecting ${ellipsis}`,
          'q quits',
          safeLines(trouble.message),
        ]
      : [`block ${block}`, words || 'no change', pace, 'q quits']
    return parts.join(` ${dot} `)
  }

  world.stdout.write(ENTER)
  const stopHearing = world.onSuspend(() => {
    world.stdout.write(LEAVE)
    return () => {
      world.stdout.write(ENTER)
      void draw()
    }
  })
  const stopResizing = world.stdout.onResize?.(() => void draw())
  return {
    async show(data) {
      const table = command.render.table(data as never, ctx.view)
      const { block } = run.facts()
      const at = ctx.clock.now().getTime()
      shown = { blocks: listed(table), before: shown?.blocks, block, at }
      trouble = undefined
      await draw()
    },
    async lost(error) {
      trouble = error
      await draw()
    },
    close() {
      stopHearing()
      stopResizing?.()
      world.stdout.write(LEAVE)
    },
  }
}

/** As many lines as there is room for, and how many are missing. */
function fitted(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines
  const kept = Math.max(1, room - 1)
  return [...lines.slice(0, kept), `(${lines.length - kept} more lines)`]
}
