/** The world of this process: its streams, signals, clock and home. */
import { homedir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { processProbe } from '../core/processProbe.js'
import type { Env, OnSuspend, Prompter, Sink, Source, World } from './context.js'

/** Builds the world of this process. Called once: it starts listening for Ctrl-C. */
export function processWorld(): World {
  const signal = interruptSignal()
  return {
    // Opening it takes a tenth of what a help page takes.
    stdin: stdinOf(() => process.stdin),
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    env: environment(),
    home: homedir(),
    cwd: process.cwd(),
    clock: {
      now: () => new Date(),
      sleep: (ms, stop) => delay(ms, undefined, { signal: stop ?? signal }),
    },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    signal,
    prompter: lazyPrompter(signal),
    async spinner(text) {
      return (await import('./spinner.js')).startSpinner(process.stderr, text, onSuspend)
    },
    onSuspend,
    async openChain(request) {
      return (await import('../api/openChain.js')).openChain(request)
    },
    processes: processProbe({ pid: process.pid, isAlive }),
    async detach(words, logFile) {
      const { execPath, execArgv, argv, env } = process
      const command = [execPath, ...execArgv, argv[1] ?? '']
      return (await import('./detach.js')).startDetached({ command, env }, words, logFile)
    },
  }
}

/** Signal 0 reaches every living process; those of other users refuse it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A copy. Windows terminals show Unicode but have no locale variables. */
function environment(): Env {
  const locale = process.platform === 'win32' ? { LANG: 'C.UTF-8' } : {}
  return { ...locale, ...process.env }
}

/** A reader that closes its end early (`| head`) is no failure: what comes after is dropped. */
function sinkOf(stream: NodeJS.WriteStream): Sink {
  let closed = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed = true
    // Nobody is hurt by a lost line of progress; a lost result is a failure, whatever was done.
    if (error.code !== 'EPIPE' && stream === process.stdout) failAtEnd(error)
  })
  return {
    write(text) {
      if (!closed) stream.write(text)
    },
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns
    },
    get rows() {
      return stream.rows
    },
    get closed() {
      return closed
    },
    onResize(listener) {
      stream.on('resize', listener)
      return () => stream.off('resize', listener)
    },
  }
}

/** The work itself goes on to its end: a transaction may be on its way. */
function failAtEnd({ message }: Error): void {
  process.stderr.write(`error: the result cannot be written: ${message}\n`)
  process.once('exit', () => {
    process.exitCode ||= 1
  })
}

function stdinOf(stream: () => NodeJS.ReadStream): Source {
  const onKey = (listener: (key: string) => void) => {
    const onData = (data: Buffer) => {
      for (const key of data.toString('utf8')) {
        // The terminal makes no signal of it now.
        if (key === CTRL_Z) suspend()
        else listener(key)
      }
    }
    const keys = stream()
    const unhear = onSuspend(() => {
      keys.setRawMode(false)
      return () => keys.setRawMode(true)
    })
    keys.setRawMode(true)
    keys.on('data', onData)
    // A question that came before has paused it.
    keys.resume()
    return () => {
      unhear()
      keys.off('data', onData)
      keys.setRawMode(false)
      keys.pause()
    }
  }
  return {
    get isTTY() {
      return stream().isTTY === true
    },
    async readText() {
      const chunks: Buffer[] = []
      for await (const chunk of stream()) chunks.push(Buffer.from(chunk))
      return Buffer.concat(chunks).toString('utf8')
    },
    onKey,
    mute: () =>
      onKey((key) => {
        // The terminal makes no signal of it now.
        if (key === CTRL_C) process.emit('SIGINT')
      }),
  }
}

const CTRL_C = '\x03'
const CTRL_Z = '\x1a'

/** What has to leave the terminal before the process is suspended. Without anything, Ctrl-Z is not our matter. */
const drawn = new Set<() => () => void>()

const onSuspend: OnSuspend = (leave) => {
  if (drawn.size === 0) process.on('SIGTSTP', suspend)
  drawn.add(leave)
  return () => {
    drawn.delete(leave)
    if (drawn.size === 0) process.off('SIGTSTP', suspend)
  }
}

function suspend(): void {
  const returns = [...drawn].map((leave) => leave())
  // As the terminal's own signal it stops the process here; but not where no shell could let it go on.
  process.off('SIGTSTP', suspend)
  process.kill(process.pid, 'SIGTSTP')
  process.on('SIGTSTP', suspend)
  for (const comeBack of returns) comeBack()
}

/** The first Ctrl-C asks everything to stop; a second one ends the process at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) {
      restoreTerminal()
      process.exit(130)
    }
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}

/** Leaves a screen of our own, shows the cursor and echoes keys again, whatever was on the screen. */
function restoreTerminal(): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(false)
  if (process.stderr.isTTY) process.stderr.write('\x1b[?7h\x1b[?1049l\x1b[?25h')
}

function lazyPrompter(signal: AbortSignal): Prompter {
  const load = async () => (await import('./prompts.js')).terminalPrompter(signal)
  return {
    input: async (question) => (await load()).input(question),
    password: async (question) => (await load()).password(question),
    confirm: async (question) => (await load()).confirm(question),
    select: async (question) => (await load()).select(question),
  }
}
