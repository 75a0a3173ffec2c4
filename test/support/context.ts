/** A world for tests: buffers for streams, scripted answers, a fixed clock, seeded randomness, no network. */
import { onTestFinished } from 'vitest'
import type { ChainRequest, Context, Env, Prompter, Sink, World } from '../../src/cli/context.js'
import { createRun } from '../../src/cli/createContext.js'
import type { Choice } from '../../src/cli/define.js'
import type { Guard } from '../../src/cli/guard.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { createConfig } from '../../src/core/config.js'
import { BittensorError } from '../../src/core/errors.js'
import { processProbe } from '../../src/core/processProbe.js'
import { tempFolder } from './tempFolder.js'

/** An expected question (part of its text) and its answer: text, yes or no, or `'^C'` for Ctrl-C. */
export type Answer = readonly [question: string | RegExp, answer: string | boolean]

/** What a test says about the world. */
export type WorldOptions = {
  /** Both ends are a terminal: questions are possible. Implied by `prompts`. */
  readonly tty?: boolean
  readonly columns?: number
  readonly env?: Env
  readonly home?: string
  readonly stdin?: string
  readonly prompts?: readonly Answer[]
  /** The chain to use, or what opens it. Without it any connection fails the test. */
  readonly chain?: ChainClient | ((request: ChainRequest) => Promise<ChainClient>)
  readonly signal?: AbortSignal
  readonly guards?: readonly Guard[]
  /** Journal, policy and locks stand around transactions as they do for users, in the home folder. */
  readonly safe?: boolean
  /** Milliseconds since 1970 at which the clock stands; sleeping moves it. */
  readonly now?: number
}

/** A question that was asked. */
export type Asked = {
  readonly kind: 'input' | 'password' | 'confirm' | 'select'
  readonly message: string
  readonly choices?: readonly Choice[]
  readonly default?: string | boolean
}

/** A world and what was written to it. */
export type TestWorld = {
  readonly world: World
  stdout(): string
  stderr(): string
  readonly questions: Asked[]
  /** Throws if an answer was not used. */
  verify(): void
}

/** Builds a world over buffers. */
export function testWorld(options: WorldOptions = {}): TestWorld {
  const tty = options.tty ?? options.prompts !== undefined
  const out: string[] = []
  const err: string[] = []
  const questions: Asked[] = []
  const script = [...(options.prompts ?? [])]
  let now = options.now ?? Date.UTC(2023, 6, 1, 12)
  const home = options.home ?? tempFolder()
  const world: World = {
    stdin: { isTTY: tty, readText: async () => options.stdin ?? '' },
    stdout: sink(out, tty, options.columns ?? 100),
    stderr: sink(err, tty, options.columns ?? 100),
    env: { LANG: 'C.UTF-8', NO_COLOR: '1', BTCLI_NO_SPINNER: '1', ...options.env },
    home,
    cwd: home,
    clock: {
      now: () => new Date(now),
      sleep: async (ms) => {
        now += ms
      },
    },
    random: { bytes: seededBytes(1) },
    signal: options.signal ?? new AbortController().signal,
    prompter: scriptedPrompter(script, questions),
    ...(options.guards ? { guards: options.guards } : {}),
    ...(options.safe
      ? { processes: processProbe({ pid: process.pid, isAlive: (pid) => pid === process.pid }) }
      : {}),
    spinner: async () => {
      throw new Error('a spinner was started although BTCLI_NO_SPINNER is set')
    },
    onSuspend: () => () => undefined,
    detach: () => Promise.reject(new Error('this test starts no process')),
    openChain: async (request) => {
      const { chain } = options
      if (!chain) throw new Error('this test gave no chain, yet the command connects')
      return typeof chain === 'function' ? chain(request) : chain
    },
  }
  return {
    world,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    questions,
    verify() {
      if (script.length > 0) throw new Error(`not asked: ${script.map(([q]) => q).join('; ')}`)
    },
  }
}

/** A context for testing a function directly; `settings` by shared option name: `{ json_output: true }`. */
export async function testContext(
  options: WorldOptions & { readonly settings?: Readonly<Record<string, unknown>> } = {},
): Promise<TestWorld & { readonly ctx: Context }> {
  const made = testWorld(options)
  const run = await createRun(made.world, {
    command: 'test',
    shared: options.settings ?? {},
    config: createConfig(made.world.env, []),
    origins: new Map(),
    print: async () => undefined,
    catalog: {
      help: async () => '',
      commands: async () => [],
      commandNamed: (words) => words,
    },
    noteAnswer: () => undefined,
    commandLine: () => 'btcli test -y',
  })
  onTestFinished(() => run.close())
  return { ...made, ctx: run.ctx }
}

function sink(chunks: string[], isTTY: boolean, columns: number): Sink {
  return { write: (text) => void chunks.push(text), isTTY, columns: isTTY ? columns : undefined }
}

function scriptedPrompter(script: Answer[], asked: Asked[]): Prompter {
  const next = (question: Asked) => {
    asked.push(question)
    const [expected, answer] = script.shift() ?? []
    const fits =
      typeof expected === 'string'
        ? question.message.includes(expected)
        : (expected?.test(question.message) ?? false)
    if (!fits || answer === undefined) {
      throw new Error(`unexpected question: ${question.message}; expected: ${expected ?? 'none'}`)
    }
    if (answer === '^C') throw interrupted()
    return answer
  }
  return {
    async input({ message, problem, default: fallback }) {
      for (;;) {
        const given = `${next({ kind: 'input', message, ...(fallback === undefined ? {} : { default: fallback }) })}`
        const answer = given === '' && fallback !== undefined ? fallback : given
        if (problem?.(answer) === undefined) return answer
      }
    },
    password: async ({ message }) => `${next({ kind: 'password', message })}`,
    confirm: async ({ message, default: fallback }) => {
      const answer = next({ kind: 'confirm', message, default: fallback ?? false })
      return answer === '' ? (fallback ?? false) : answer === true || answer === 'y'
    },
    select: async ({ message, choices }) => `${next({ kind: 'select', message, choices })}`,
  }
}

/** What the terminal prompter throws at Ctrl-C. */
function interrupted(): Error {
  return new BittensorError('INTERRUPTED', 'cancelled')
}

/** Bytes that are the same in each run (xorshift32). */
function seededBytes(seed: number): (length: number) => Uint8Array {
  let state = seed
  return (length) =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state & 0xff
    })
}
