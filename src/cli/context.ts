/** The one object through which a command meets the world, and the world that it is made of. */
import type { ChainClient, ChainView } from '../core/chain/types.js'
import type { Config, Origin } from '../core/config.js'
import type { ProcessProbe } from '../core/processProbe.js'
import type { AnyCommand, Choice } from './define.js'
import type { Detached } from './detach.js'
import type { Guard } from './guard.js'
import type { Style } from './style.js'
import type { View } from './table.js'

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>

/** A stream as the process has it. */
export type Sink = {
  write(text: string): void
  readonly isTTY: boolean
  /** Columns of the terminal; undefined in pipes. */
  readonly columns: number | undefined
  readonly rows?: number | undefined
  /** Calls back when the terminal gets another size. @returns how to stop */
  onResize?(listener: () => void): () => void
  /** Whoever read from it has gone. */
  readonly closed?: boolean
}

/** Standard input. */
export type Source = {
  readonly isTTY: boolean
  /** All of it as text; for commands that document reading stdin, and only for them. */
  readText(): Promise<string>
  /** Each key as it is pressed, Ctrl-C among them, without echo. @returns what gives the keyboard back */
  onKey?(listener: (key: string) => void): () => void
  /** Swallows what is typed, without echo; Ctrl-C interrupts as ever. @returns what gives the keyboard back */
  mute?(): () => void
}

/** Where the chain is and how long to try. */
export type ChainRequest = {
  readonly network: string | undefined
  readonly endpoint: string | undefined
  readonly cacheDir: string
  /** Folder of the embedded chain. */
  readonly localnetDir: string
  readonly timeoutMs: number | undefined
  readonly signal: AbortSignal
  /** Hears when another node is used than the one that was asked for. */
  readonly onNotice?: (text: string) => void
}

/** Everything that varies: streams, questions, time, randomness, the chain, the home directory. Made by the process or by a test. */
export type World = {
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Env
  readonly home: string
  readonly cwd: string
  readonly clock: Clock
  readonly random: Random
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly prompter: Prompter
  /** A moving sign on stderr; returns what stops it. */
  spinner(text: string): Promise<Spinner>
  readonly onSuspend: OnSuspend
  openChain(request: ChainRequest): Promise<ChainClient>
  /** Starts btcli with these words as a process that outlives this one; what it prints goes to the file. */
  detach(words: readonly string[], logFile: string): Promise<Detached>
  /** Stand around every transaction: limits, journal, locks. None by default. */
  readonly guards?: readonly Guard[]
  /** This process among others: with it transactions are written down, limited and locked. Absent in most tests. */
  readonly processes?: ProcessProbe
}

/**
 * Ctrl-Z while something is drawn: `leave` takes it from the terminal, and what it returns draws it again when the process
 * goes on. @returns how to stop hearing of it
 */
export type OnSuspend = (leave: () => () => void) => () => void

export type Clock = { now(): Date; sleep(ms: number, signal?: AbortSignal): Promise<void> }
export type Random = { bytes(length: number): Uint8Array }
export type Spinner = { update(text: string): void; stop(): void }

/** Asks a person. Ctrl-C and Ctrl-D throw `INTERRUPTED`. */
export type Prompter = {
  input(question: InputQuestion): Promise<string>
  /** Not echoed in any form. */
  password(question: { readonly message: string }): Promise<string>
  /** The default is No. */
  confirm(question: ConfirmQuestion): Promise<boolean>
  select(question: SelectQuestion): Promise<string>
}

export type InputQuestion = {
  readonly message: string
  readonly default?: string
  /** What is wrong with an answer, or undefined. */
  readonly problem?: (answer: string) => string | undefined
}

export type ConfirmQuestion = {
  readonly message: string
  readonly default?: boolean
  /** An option that answers this question; then `-y` does not. For `--allow_…` of risky things. */
  readonly onlyBy?: string
}

export type SelectQuestion = {
  readonly message: string
  readonly choices: readonly Choice[]
  readonly default?: string
}

/** A stream for output: text is made safe and fit for the locale before it is written. */
export type Output = {
  /** Writes text as it is, without a line break of its own. */
  write(text: string): void
  /** Writes one line. */
  line(text: string): void
  /** Writes a document for programs, unchanged. */
  raw(text: string): void
  readonly isTTY: boolean
  /** Columns to fill; Infinity in pipes. */
  readonly columns: number
  readonly style: Style
}

/** Where files lie. All are absolute. */
export type Paths = {
  /** Folder of all wallets. */
  readonly wallets: string
  /** Metadata and other things that may be deleted at any time. */
  readonly cache: string
  /** Data of persisted local chains. */
  readonly localnet: string
  /** Journal and other state that should not be deleted. */
  readonly state: string
  readonly home: string
  readonly cwd: string
}

/** The shared options, resolved. */
export type Settings = {
  readonly json: boolean
  /** The answer is comma-separated values. */
  readonly csv: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly debug: boolean
  /** `-y`: confirm without asking. */
  readonly yes: boolean
  /** Questions are possible: a terminal on stdin and stderr, no `-y`, no JSON. */
  readonly interactive: boolean
  readonly wide: boolean
  readonly spinner: boolean
  readonly network: string | undefined
  readonly endpoint: string | undefined
  readonly mockWallet: boolean
  readonly timeoutMs: number | undefined
}

/** What a command gets. Dear things are functions: nothing is opened unless asked. */
export type Context = {
  /** Data only; commands return data and do not write here themselves. */
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: Source
  /** Questions under the rules: `-y` confirms, without a terminal nothing is asked. */
  readonly prompt: Prompter
  readonly config: Config
  readonly settings: Settings
  readonly paths: Paths
  readonly env: Env
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
  readonly guards: readonly Guard[]
  /** Starts btcli with these words as a process of its own. */
  readonly detach: World['detach']
  /** View of stdout, for `emit`. */
  readonly view: View
  /** Name of the command that runs. */
  readonly command: string
  /** Where the value of an option came from; undefined if nobody gave it. By option name: `wallet.name`. */
  origin(option: string): Origin | undefined
  /** Connects on the first call and keeps the connection; closed when the command ends. */
  chain(): Promise<ChainClient>
  /** The chain at one block: that of `--block`, or the head when first called. All reads of one command use it. */
  head(): Promise<ChainView>
  /** Says which block the answer belongs to; `head()` does it by itself. */
  atBlock(block: number): void
  /** Runs work under a spinner, or after a line where stderr is no terminal; nothing with --quiet. */
  progress<T>(text: string, work: (update: (text: string) => void) => Promise<T>): Promise<T>
  /** A line for people on stderr; nothing with --quiet. */
  say(text: string): void
  /** Something the user can act on: on stderr and in `warnings` of JSON, each once. */
  warn(message: string): void
  /** Diagnostics on stderr with --verbose; never a secret. */
  debug(text: string): void
  /** Prints data now, as `run`'s answer would be; for commands that go on, such as --watch. One JSON document per line. */
  emit(data: unknown): Promise<void>
  /** Tells that a transaction is on its way: from here on Ctrl-C says so instead of "nothing was sent"; undefined once its end is known. */
  noteSent(hash: string | undefined): void
  /** Tells what a question of the command itself was answered, so that `commandLine` has it. */
  noteAnswer(option: string, words: readonly string[]): void
  /** This run as a command line that asks nothing, without --dry_run: `btcli transfer --amount 1 -y`. */
  commandLine(): string
  /** Loads every command, for commands that are about the options of others. */
  commands(): Promise<readonly AnyCommand[]>
  /**
   * The name of a command that may be written in any way: `stake add` is `stake`.
   * @throws {BittensorError} `USAGE` with suggestions for an unknown one
   */
  commandNamed(words: string): string
  /** Help of a command or topic; without one the root help. */
  help(topic?: string): Promise<string>
  readonly onSuspend: OnSuspend
  /** Runs when the command ends, whatever the outcome; the last added first. */
  onClose(close: () => Promise<void> | void): void
}
