/** Makes the context of one command run, and what is known of the run when it ends. */
import type { ChainClient, ChainView } from '../core/chain/types.js'
import type { Config, Origin } from '../core/config.js'
import { BittensorError } from '../core/errors.js'
import type { Context, Output, Prompter, Settings, Sink, Spinner, World } from './context.js'
import { whyNotAsked } from './gather.js'
import type { Guard } from './guard.js'
import { eventText } from './json.js'
import { resolvePaths } from './paths.js'
import { lazySafety } from './safety.js'
import type { SharedValues } from './settings.js'
import { asciiOnly, colorLevel, columnsOf, settingsOf } from './settings.js'
import { createStyle, toAscii } from './style.js'
import { prose, safe, safeLines } from './text.js'

/** What a run is made of. */
export type RunOptions = {
  readonly command: string
  readonly shared: SharedValues
  readonly config: Config
  readonly origins: ReadonlyMap<string, Origin>
  /** With --json what is said on stderr are JSON lines. */
  readonly streams?: boolean | undefined
  /** Prints data of the running command; used by `emit`. */
  readonly print: (data: unknown) => Promise<void>
  /** About all commands. */
  readonly catalog: Pick<Context, 'help' | 'commands' | 'commandNamed'>
  readonly commandLine: () => string
  readonly noteAnswer: (option: string, words: readonly string[]) => void
  /** What Ctrl-C at a question means for this run. */
  readonly cancelled?: () => BittensorError
}

/** What the JSON envelope says about the chain, and warnings so far. */
export type RunFacts = {
  readonly network: string | null
  readonly endpoint: string | null
  readonly specVersion: number | null
  readonly block: number | null
  readonly warnings: readonly string[]
}

/** A context with its end: facts for the envelope, and closing. */
export type Run = {
  readonly ctx: Context
  facts(): RunFacts
  /** Lets `head()` look for the newest block again. */
  renew(): void
  /** Hash of the transaction that is on its way, if one is. */
  sent(): string | undefined
  close(): Promise<void>
}

/** Builds the context; opens nothing. */
export async function createRun(world: World, options: RunOptions): Promise<Run> {
  const { shared, origins } = options
  const settings = settingsOf(world, shared)
  const stdout = await createOutput(world.stdout, world, shared)
  const stderr = await createOutput(world.stderr, world, shared)
  const paths = resolvePaths(world, stringOr(shared['wallet.path']))
  const past = typeof shared['block'] === 'number' ? shared['block'] : undefined
  const warnings: string[] = []
  const speak = settings.json && options.streams ? events(stderr) : prosaic(stderr)
  const voice = measured(speak, settings, warnings)
  const chain = chainSlot(world, { settings, paths, past, ...voice })
  let sent: string | undefined
  const closers: (() => Promise<void> | void)[] = []
  const guards: Guard[] = [...(world.guards ?? [])]
  const ctx: Context = {
    stdout,
    stderr,
    stdin: world.stdin,
    prompt: guardedPrompter(telling(world.prompter, options.cancelled), {
      settings,
      stdin: world.stdin,
      stderr: world.stderr,
    }),
    config: options.config,
    settings,
    paths,
    env: world.env,
    clock: world.clock,
    random: world.random,
    signal: world.signal,
    guards,
    detach: world.detach,
    view: { style: stdout.style, width: stdout.columns, wide: settings.wide },
    command: options.command,
    origin: (name) => origins.get(name),
    chain: chain.client,
    head: chain.head,
    atBlock: chain.atBlock,
    progress: (text, work) => progress(world, { settings, say: voice.say }, text, work),
    ...voice,
    emit: options.print,
    noteSent(hash) {
      sent = hash
    },
    noteAnswer: options.noteAnswer,
    commandLine: options.commandLine,
    ...options.catalog,
    onSuspend: world.onSuspend,
    onClose: (close) => void closers.push(close),
  }
  if (world.processes) guards.push(lazySafety(ctx, world.processes))
  return {
    ctx,
    facts: () => ({ ...chain.facts(), warnings }),
    renew: chain.renew,
    sent: () => sent,
    async close() {
      for (const close of closers.reverse()) await close()
      await chain.close()
    },
  }
}

type Voice = Pick<Context, 'say' | 'warn' | 'debug'>

/** No more than is wanted, and each warning once, also for the JSON document. */
function measured(speak: Voice, { quiet, verbose }: Settings, warnings: string[]): Voice {
  return {
    say(text) {
      if (!quiet) speak.say(text)
    },
    warn(message) {
      if (warnings.includes(message)) return
      warnings.push(message)
      speak.warn(message)
    },
    debug(text) {
      if (verbose) speak.debug(text)
    },
  }
}

/** For people. */
function prosaic(stderr: Output): Voice {
  const line = (text: string) => stderr.line(prose(text, stderr.columns))
  const { style } = stderr
  return {
    say: line,
    warn: (message) => line(`${style.yellow('warning:')} ${safe(message)}`),
    debug: (text) => stderr.line(style.dim(safe(text))),
  }
}

/** For programs that read along. */
function events(stderr: Output): Voice {
  const tell = (event: string, fields: object) => stderr.raw(eventText(event, fields))
  return {
    say: (text) => tell('info', { text }),
    warn: (reason) => tell('warning', { reason }),
    debug: (text) => tell('debug', { text }),
  }
}

async function createOutput(sink: Sink, world: World, shared: SharedValues): Promise<Output> {
  const ascii = asciiOnly(world.env)
  const style = await createStyle(colorLevel(sink, world.env, shared), ascii)
  const write = (text: string) => {
    const shown = safeLines(text)
    sink.write(ascii ? toAscii(shown) : shown)
  }
  return {
    write,
    line: (text) => write(`${text}\n`),
    raw: (text) => sink.write(text),
    isTTY: sink.isTTY,
    // Asked each time: a window changes its size while something runs.
    get columns() {
      return columnsOf(sink, world.env, shared)
    },
    style,
  }
}

function stringOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

type ChainSlot = {
  client(): Promise<ChainClient>
  head(): Promise<ChainView>
  atBlock(block: number): void
  renew(): void
  facts(): Omit<RunFacts, 'warnings'>
  close(): Promise<void>
}

function chainSlot(
  world: World,
  {
    settings,
    paths,
    debug,
    past,
    warn,
  }: Pick<Context, 'settings' | 'paths' | 'debug' | 'warn'> & { readonly past: number | undefined },
): ChainSlot {
  let opening: Promise<ChainClient> | undefined
  let view: Promise<ChainView> | undefined
  let opened: ChainClient | undefined
  let block: number | null = null
  let spec: number | undefined
  const request = {
    network: settings.network,
    endpoint: settings.endpoint,
    cacheDir: paths.cache,
    localnetDir: paths.localnet,
    timeoutMs: settings.timeoutMs,
    onNotice: warn,
    signal: world.signal,
  }
  const open = async () => {
    const name = settings.endpoint ?? settings.network ?? 'finney'
    const since = world.clock.now().getTime()
    opened = await spinning(world, settings, `Connecting to ${safe(name)} …`, () =>
      world.openChain(request),
    )
    const { network, endpoint, specName, specVersion, genesisHash } = opened
    const time = world.clock.now().getTime() - since
    debug(`connected to ${network} at ${endpoint} in ${time} ms`)
    debug(`runtime ${specName} ${specVersion}, genesis ${genesisHash}`)
    return opened
  }
  const client = () => {
    opening ??= open()
    return opening
  }
  const firstHead = async () => {
    const found = await (await client()).at(past)
    block ??= found.block.number
    spec = found.specVersion
    return found
  }
  return {
    client,
    head() {
      view ??= firstHead()
      return view
    },
    atBlock(number) {
      block = number
    },
    renew() {
      view = undefined
      block = null
    },
    facts: () => ({
      network: opened?.network ?? null,
      endpoint: opened?.endpoint ?? null,
      specVersion: spec ?? opened?.specVersion ?? null,
      block,
    }),
    async close() {
      const ended = opening?.then(
        (chain) => chain.close(),
        () => undefined,
      )
      // After Ctrl-C a connection that is still being opened is not waited for.
      if (opened || !world.signal.aborted) await ended
    },
  }
}

/** Says what Ctrl-C at a question has prevented, which only the run knows. */
function telling(prompter: Prompter, cancelled: (() => BittensorError) | undefined): Prompter {
  const told = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer
    } catch (error) {
      const isCancelled = error instanceof BittensorError && error.code === 'INTERRUPTED'
      throw isCancelled && cancelled ? cancelled() : error
    }
  }
  return {
    input: (question) => told(prompter.input(question)),
    password: (question) => told(prompter.password(question)),
    confirm: (question) => told(prompter.confirm(question)),
    select: (question) => told(prompter.select(question)),
  }
}

/** The rules of asking: `-y` confirms, JSON and pipes never ask, a risky question wants its own option. */
function guardedPrompter(
  prompter: Prompter,
  ctx: Pick<Context, 'settings' | 'stdin'> & { readonly stderr: Sink },
): Prompter {
  const { settings } = ctx
  const refuse = (message: string, hint: string): never => {
    throw new BittensorError('MISSING_INPUT', `${whyNotAsked(ctx)} and ${message}`, { hint })
  }
  const needTerminal = (what: string) => {
    if (!settings.interactive)
      refuse(`this must be answered: ${safe(what)}`, 'give it on the command line')
  }
  return {
    async input(question) {
      needTerminal(question.message)
      return prompter.input(question)
    },
    async select(question) {
      needTerminal(question.message)
      return prompter.select(question)
    },
    async password(question) {
      if (!ctx.stdin.isTTY || !ctx.stderr.isTTY || settings.json) {
        refuse('a password is needed', 'set BT_WALLET_PASSWORD_FILE or BT_WALLET_PASSWORD')
      }
      return prompter.password(question)
    },
    async confirm(question) {
      if (settings.yes && question.onlyBy === undefined) return true
      if (!settings.interactive) {
        const by = question.onlyBy
        refuse(
          `this needs a confirmation: ${safe(question.message)}`,
          by === undefined ? '-y confirms it' : `${by} confirms it; -y alone does not`,
        )
      }
      return prompter.confirm(question)
    },
  }
}

const SPINNER_DELAY_MS = 200

async function progress<T>(
  world: World,
  { settings, say }: Pick<Context, 'settings' | 'say'>,
  text: string,
  work: (update: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (!settings.spinner) say(safe(text))
  return spinning(world, settings, text, work)
}

/** Runs work under a spinner if there is to be one; a quick one shows nothing. */
async function spinning<T>(
  world: World,
  settings: Context['settings'],
  text: string,
  work: (update: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (!settings.spinner) return work(() => undefined)
  let shown = safe(text)
  let stopped = false
  let spinner: Spinner | undefined
  const stop = () => {
    stopped = true
    clearTimeout(timer)
    spinner?.stop()
  }
  const timer = setTimeout(() => {
    void world.spinner(shown).then((started) => {
      spinner = started
      started.update(shown)
      if (stopped) started.stop()
    })
  }, SPINNER_DELAY_MS)
  // After Ctrl-C the run ends, while work that cannot be stopped goes on for a moment.
  world.signal.addEventListener('abort', stop, { once: true })
  try {
    return await work((next) => {
      shown = safe(next)
      spinner?.update(shown)
    })
  } finally {
    world.signal.removeEventListener('abort', stop)
    stop()
  }
}
