/**
 * `--watch`: the answer is made anew with each block or every so many seconds, until q or Ctrl-C. On a terminal it is
 * redrawn in place with marks on what changed; elsewhere each answer is one JSON document on a line of its own. A node
 * that goes away is called until it is back. A command gets all this by the option `watch`.
 */
import { isConnectionFailure } from '../core/chain/rpc.js'
import { pause } from '../core/chain/watch.js'
import type { Context, World } from './context.js'
import type { Run } from './createContext.js'
import type { AnyCommand } from './define.js'
import { openScreen } from './screen.js'
import type { SharedValues } from './settings.js'

/** What is watched and where. */
export type Watch = {
  readonly command: AnyCommand
  readonly run: Run
  readonly world: World
  readonly shared: SharedValues
  /** 0: with each block. */
  readonly seconds: number
  /** Runs the command once. */
  readonly once: (ctx: Context) => Promise<unknown>
}

/** Where answers go. */
export type Screen = {
  show(data: unknown): Promise<void>
  /** The connection is lost; what was shown is getting old. */
  lost(error: Error): Promise<void>
  /** Ends it; nothing of it stays. */
  close(): void
}

/** Waits before the node is called again; the last one repeats. */
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000]

/**
 * Shows it again and again.
 * @returns 0 after q or when nobody reads any more, 130 after Ctrl-C
 * @throws what the first run throws, and later whatever is no matter of the connection
 */
export async function watch(watched: Watch): Promise<number> {
  const { run, world } = watched
  const stop = new AbortController()
  const end = () => stop.abort()
  world.signal.addEventListener('abort', end, { once: true })
  if (world.signal.aborted) end()
  const keys = { interrupted: false }
  // The first answer comes before anything moves on the screen: a mistake is told as without --watch.
  const first = await untilAborted(watched.once(run.ctx), stop.signal)
  if (stop.signal.aborted) return 130
  const giveBack = listenToKeys(watched, (key) => {
    if (key === '\x03') keys.interrupted = true
    if (key === 'q' || key === '\x03') end()
  })
  const warnings = new Set<string>()
  const screen = isDrawn(watched) ? openScreen(watched, warnings) : lineScreen(run)
  try {
    await screen.show(first)
    await repeat(watched, { screen, ctx: quietly(watched, warnings) }, stop.signal)
  } finally {
    screen.close()
    giveBack()
  }
  return keys.interrupted || world.signal.aborted ? 130 : 0
}

function isDrawn({ run, world }: Watch): boolean {
  return !run.ctx.settings.json && world.stdout.isTTY && world.env['TERM'] !== 'dumb'
}

function listenToKeys(watched: Watch, onKey: (key: string) => void): () => void {
  const { stdin } = watched.world
  if (!isDrawn(watched) || !stdin.isTTY || !stdin.onKey) return () => undefined
  return stdin.onKey(onKey)
}

/** A document per line, or a table below the other on a terminal that cannot move its cursor. */
function lineScreen({ ctx }: Run): Screen {
  let away = false
  return {
    async show(data) {
      if (away) ctx.say('connected again')
      away = false
      await ctx.emit(data)
    },
    async lost(error) {
      if (!away) ctx.say(`${error.message}; reconnecting …`)
      away = true
    },
    close: () => undefined,
  }
}

/** What goes on in the meantime is said by the next answer, not by lines in between. */
function quietly(watched: Watch, warnings: Set<string>): Context {
  const { ctx } = watched.run
  const quiet = { ...ctx, progress: silently, say: () => undefined, debug: () => undefined }
  return isDrawn(watched) ? { ...quiet, warn: (message) => void warnings.add(message) } : quiet
}

async function repeat(
  watched: Watch,
  { screen, ctx }: { readonly screen: Screen; readonly ctx: Context },
  stop: AbortSignal,
): Promise<void> {
  const { run, world } = watched
  const pace = createPace(run, watched.seconds, stop)
  let failures = 0
  try {
    while (!stop.aborted && !world.stdout.closed) {
      try {
        await pace.next()
        run.renew()
        const data = await untilAborted(watched.once(ctx), stop)
        if (!stop.aborted) await screen.show(data)
        failures = 0
      } catch (error) {
        if (stop.aborted) return
        if (!isConnectionFailure(error)) throw error
        pace.lost()
        await screen.lost(error)
        await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? 0, stop).catch(() => {})
      }
    }
  } finally {
    pace.end()
  }
}

async function silently<T>(_: string, work: (update: () => void) => Promise<T>): Promise<T> {
  return work(() => undefined)
}

/** When the next answer is due. */
type Pace = { next(): Promise<void>; lost(): void; end(): void }

/** A node that says nothing for so long is asked whether it is still there. */
const SILENCE_MS = 60_000

function createPace(run: Run, seconds: number, stop: AbortSignal): Pace {
  let newest: number | undefined
  let unsubscribe: (() => void) | undefined
  let isLost = false
  let wake: () => void = () => undefined
  const follow = async () => {
    const client = await run.ctx.chain()
    unsubscribe = await client.subscribeHeads(
      ({ number }) => {
        newest = number
        wake()
      },
      () => {
        unsubscribe = undefined
        isLost = true
        wake()
      },
    )
  }
  const onAbort = () => wake()
  stop.addEventListener('abort', onAbort, { once: true })
  return {
    async next() {
      const isBack = isLost
      isLost = false
      if (seconds === 0 && !unsubscribe) await untilAborted(follow(), stop)
      const isDue = () => isBack || isLost || (newest !== undefined && newest !== run.facts().block)
      if (stop.aborted || (isDue() && seconds === 0) || isBack) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, seconds === 0 ? SILENCE_MS : seconds * 1000)
        wake = () => {
          if (!stop.aborted && (seconds > 0 || !isDue())) return
          clearTimeout(timer)
          resolve()
        }
      })
    },
    lost() {
      isLost = true
    },
    end() {
      stop.removeEventListener('abort', onAbort)
      unsubscribe?.()
    },
  }
}

/** The result, or undefined as soon as it is no longer wanted. */
async function untilAborted<T>(work: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  // Whichever loses the race must not count as an unhandled rejection.
  work.catch(() => undefined)
  let onAbort: () => void = () => undefined
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined)
    if (stop.aborted) onAbort()
    stop.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    stop.removeEventListener('abort', onAbort)
  }
}
