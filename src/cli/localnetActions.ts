/** What `btcli localnet` does: a chain in this process, one in the background, or one that runs somewhere already. */
import { mkdir, readFile } from 'node:fs/promises'
import { BittensorError } from '../core/errors.js'
import type { Party } from '../core/plans/plan.js'
import { parseTao, type Rao } from '../core/units.js'
import { VERSION } from '../core/version.js'
import type { ChainStatus } from '../localnet/node/control.js'
import type { Fault } from '../localnet/node/faults.js'
import { bookAddress } from './bookNames.js'
import type { Context } from './context.js'
import { parseDestination, resolveDestination } from './destination.js'
import { count } from './text.js'

/** How a chain is to be started. */
export type StartValues = {
  readonly port: number
  readonly host: string
  readonly blocks: ChainStatus['blocks']
  readonly genesis: string | undefined
  /** Undefined keeps the profile that the directory has, classic for a new one. */
  readonly profile: 'classic' | 'dtao' | undefined
  /** Offer `join_senate` and `leave_senate` while it runs. */
  readonly senateCalls: boolean
  /** Let the faucet pay while it runs. */
  readonly faucet: boolean
  /** What goes wrong while it runs. */
  readonly faults: readonly Fault[]
  /** Of how many blocks the state is kept while it runs. */
  readonly history: number | 'all'
  readonly detach: boolean
}

/** The state of a chain as `start` and `status` tell it. */
export type LocalnetState = {
  readonly kind: 'start' | 'status'
  readonly running: boolean
  readonly endpoint: string | null
  readonly directory: string
  /** Undefined where no chain is. */
  readonly chain: ChainStatus | undefined
}

/** The answer of an action. */
export type LocalnetData =
  | LocalnetState
  | { readonly kind: 'stop'; readonly directory: string; readonly endpoint: string }
  | { readonly kind: 'reset'; readonly directory: string; readonly removed: boolean }
  | {
      readonly kind: 'fund'
      readonly address: string
      readonly amount: Rao
      readonly free: bigint
      readonly head: ChainStatus['head']
    }
  | { readonly kind: 'advance'; readonly blocks: number; readonly head: ChainStatus['head'] }
  | {
      readonly kind: 'upgrade'
      /** The runtime of the newest block. */
      readonly profile: string
      /** The block that is to bring the next runtime; null when it came at once. */
      readonly at: number | null
      readonly head: ChainStatus['head']
    }

const load = () => import('../localnet/node/control.js')

/**
 * Starts the chain of a directory, here until Ctrl-C or in the background.
 * @throws {BittensorError} `LOCALNET` when it runs already, the address is in use, or it does not start.
 */
export async function start(
  ctx: Context,
  values: StartValues,
  directory: string,
): Promise<LocalnetData> {
  const { findRunning } = await load()
  const running = await findRunning(directory)
  if (running) {
    const where = running.note.endpoint
    throw new BittensorError(
      'LOCALNET',
      `the local chain in ${directory} runs already on ${where}`,
      {
        hint: 'btcli localnet status, btcli localnet stop',
        data: { directory, endpoint: where },
      },
    )
  }
  return values.detach
    ? startInBackground(ctx, values, directory)
    : startHere(ctx, values, directory)
}

/** Serves until Ctrl-C, or until a client asks for the end. */
async function startHere(
  ctx: Context,
  { port, host, blocks, genesis, profile, senateCalls, faucet, faults, history }: StartValues,
  directory: string,
): Promise<LocalnetData> {
  const { Localnet } = await import('../localnet/node/localnet.js')
  const { promise: end, resolve: onStop } = deferred()
  const chain = await Localnet.start({
    directory,
    port,
    host,
    blocks,
    profile,
    senateCalls,
    faucet,
    faults,
    history,
    ...(genesis === undefined ? {} : { genesis }),
    softwareVersion: VERSION,
    onStop,
    onFault: (error) => ctx.warn(`the local chain: ${(error as Error).message}`),
  })
  ctx.onClose(() => chain.stop())
  ctx.signal.addEventListener('abort', onStop, { once: true })
  if (ctx.signal.aborted) onStop()
  const state = await chain.request<ChainStatus>('dev_status')
  const { endpoint } = chain
  await ctx.emit({ kind: 'start', running: true, endpoint, directory, chain: state })
  ctx.say('Ctrl-C ends it.')
  await end
  await chain.stop()
  return { kind: 'stop', directory, endpoint }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** How long a chain in the background may take until it answers. */
const START_MS = 15_000
const PAUSE_MS = 50

async function startInBackground(
  ctx: Context,
  values: StartValues,
  directory: string,
): Promise<LocalnetData> {
  const { findRunning } = await load()
  const { logFileOf } = await import('../localnet/node/directory.js')
  const log = logFileOf(directory)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const child = await ctx.detach(wordsOf(values, directory), log)
  const until = ctx.clock.now().getTime() + START_MS
  while (!child.ended && ctx.clock.now().getTime() < until) {
    const running = await findRunning(directory)
    if (running) {
      const { note, status: chain } = running
      return { kind: 'start', running: true, endpoint: note.endpoint, directory, chain }
    }
    await ctx.clock.sleep(PAUSE_MS, ctx.signal)
  }
  throw await startFailure(log)
}

function wordsOf(
  { port, host, blocks, genesis, profile, senateCalls, faucet, faults, history }: StartValues,
  directory: string,
): string[] {
  const words = ['localnet', 'start', '--directory', directory, '--port', `${port}`]
  words.push('--host', host, '--blocks', `${blocks}`, '--json')
  if (history !== 'all') words.push('--history', `${history}`)
  if (senateCalls) words.push('--senate_calls')
  if (faucet) words.push('--faucet')
  for (const fault of faults) words.push(...wordsOfFault(fault))
  if (genesis !== undefined) words.push('--genesis', genesis)
  if (profile !== undefined) words.push('--profile', profile)
  return words
}

function wordsOfFault(fault: Fault): string[] {
  const words = ['--fault', fault.kind]
  if (fault.kind !== 'runtime-upgrade') return [...words, '--rate', `${fault.rate}`]
  return fault.at === undefined ? words : [...words, '--at', `${fault.at}`]
}

type Failure = { error?: { code?: string; message?: string; hint?: string } }

/** What the background process said before it ended, in its JSON. */
async function startFailure(log: string): Promise<BittensorError> {
  const text = await readFile(log, 'utf8').catch(() => '')
  const document = text.split('\n').findLast((line) => line.startsWith('{'))
  try {
    const { error } = JSON.parse(document ?? '') as Failure
    if (error?.message !== undefined) {
      return new BittensorError(error.code === 'USAGE' ? 'USAGE' : 'LOCALNET', error.message, {
        hint: error.hint,
      })
    }
  } catch {
    // Not the document that was expected: the file itself says more.
  }
  return new BittensorError('LOCALNET', 'the local chain did not start', { hint: `see ${log}` })
}

/** Tells whether the chain runs, and what it holds. */
export async function status(directory: string): Promise<LocalnetData> {
  const { findRunning, reachChain } = await load()
  const running = await findRunning(directory)
  if (running) {
    const { note, status: chain } = running
    return { kind: 'status', running: true, endpoint: note.endpoint, directory, chain }
  }
  const idle = { kind: 'status', running: false, endpoint: null, directory } as const
  const { holdsChain } = await import('../localnet/node/directory.js')
  if (!(await holdsChain(directory))) return { ...idle, chain: undefined }
  const chain = await reachChain(directory)
  try {
    return { ...idle, chain: await chain.request<ChainStatus>('dev_status') }
  } finally {
    await chain.close()
  }
}

/**
 * Ends the process that serves the chain.
 * @throws {BittensorError} `LOCALNET` when none does.
 */
export async function stop(ctx: Context, directory: string): Promise<LocalnetData> {
  const { findRunning, reachChain } = await load()
  const running = await findRunning(directory)
  if (!running) {
    throw new BittensorError('LOCALNET', `no local chain runs in ${directory}`, {
      hint: 'start one with `btcli localnet start`',
      data: { directory },
    })
  }
  const { endpoint } = running.note
  await (await reachChain(directory)).request('dev_stop')
  const until = ctx.clock.now().getTime() + START_MS
  while (await findRunning(directory)) {
    if (ctx.clock.now().getTime() > until) {
      throw new BittensorError('LOCALNET', `the local chain on ${endpoint} does not end`)
    }
    await ctx.clock.sleep(PAUSE_MS, ctx.signal)
  }
  return { kind: 'stop', directory, endpoint }
}

/**
 * Deletes the chain of a directory, after a question.
 * @throws {BittensorError} `LOCALNET` while it runs, `DECLINED`
 */
export async function reset(ctx: Context, directory: string): Promise<LocalnetData> {
  const { findRunning } = await load()
  const { holdsChain, removeChain } = await import('../localnet/node/directory.js')
  const running = await findRunning(directory)
  if (running) {
    throw new BittensorError('LOCALNET', `the local chain runs on ${running.note.endpoint}`, {
      hint: 'end it first with `btcli localnet stop`',
    })
  }
  if (!(await holdsChain(directory))) return { kind: 'reset', directory, removed: false }
  const sure = await ctx.prompt.confirm({
    message: `Delete the local chain in ${directory} with all its blocks?`,
  })
  if (!sure) throw new BittensorError('DECLINED', 'cancelled, nothing was deleted')
  await removeChain(directory)
  return { kind: 'reset', directory, removed: true }
}

/**
 * Gives an account new τ. The account may be written as any destination; a bare word is a wallet's name.
 * @throws {BittensorError} `BAD_ADDRESS`, `BAD_AMOUNT`, `WALLET_NOT_FOUND`, `LOCALNET`
 */
export async function fund(
  ctx: Context,
  directory: string,
  target: string | undefined,
  text: string | undefined,
): Promise<LocalnetData> {
  if (target === undefined || text === undefined) {
    throw new BittensorError('MISSING_INPUT', 'the account or the amount is missing', {
      hint: 'btcli localnet fund ADDRESS TAO',
    })
  }
  const { address } = await fundedAccount(ctx, target)
  const amount = parseTao(text)
  if (amount === 0n) throw new BittensorError('BAD_AMOUNT', 'the amount must be more than 0')
  return withChain(directory, async (request) => {
    const free = BigInt(await request<string>('dev_fund', [address, `${amount}`]))
    const { head } = await request<ChainStatus>('dev_status')
    return { kind: 'fund', address, amount, free, head }
  })
}

/** On a chain of one's own people type the wallet's name alone. What starts like an address is one, or is mistyped. */
async function fundedAccount(ctx: Context, target: string): Promise<Pick<Party, 'address'>> {
  if (/^(5|0x|@|wallet:)/.test(target)) return resolveDestination(ctx, parseDestination(target))
  try {
    return await resolveDestination(ctx, parseDestination(`wallet:${target}`))
  } catch (error) {
    const address = await bookAddress(ctx, target)
    if (address) return { address }
    throw error
  }
}

/** Blocks of one request: thousands take longer than a request may. */
const AT_ONCE = 500

/**
 * Makes blocks.
 * @throws {BittensorError} `USAGE`, `LOCALNET`
 */
export async function advance(
  ctx: Context,
  directory: string,
  target = '1',
): Promise<LocalnetData> {
  const blocks = Number(target)
  if (!/^\d{1,6}$/.test(target) || blocks < 1 || blocks > 100_000) {
    throw new BittensorError('USAGE', 'the number of blocks must be from 1 to 100000')
  }
  return withChain(directory, async (request) => {
    await ctx.progress(`Making ${count(blocks, 'block')}`, async (update) => {
      for (let made = 0; made < blocks && !ctx.signal.aborted; made += AT_ONCE) {
        update(`Making ${count(blocks, 'block')}, ${made} so far`)
        await request('dev_newBlock', [Math.min(AT_ONCE, blocks - made)])
      }
    })
    const { head } = await request<ChainStatus>('dev_status')
    return { kind: 'advance', blocks, head }
  })
}

/**
 * Upgrades a classic chain to dtao, now or in a block to come.
 * @throws {BittensorError} `USAGE`, `LOCALNET`
 */
export async function upgrade(
  directory: string,
  target: string | undefined,
): Promise<LocalnetData> {
  const at = target === undefined ? null : Number(target)
  if (target !== undefined && !/^\d{1,9}$/.test(target)) {
    throw new BittensorError('USAGE', `\`${target}\` is no block`, {
      hint: 'write the number of a block to come, or nothing for now',
    })
  }
  return withChain(directory, async (request, running) => {
    if (at !== null && !running) {
      throw new BittensorError('LOCALNET', 'only a running chain can be upgraded later', {
        hint: 'start it with `btcli localnet start`, or leave out the block',
      })
    }
    await request('dev_upgrade', at === null ? [] : [at])
    const { profile, head } = await request<ChainStatus>('dev_status')
    return { kind: 'upgrade', profile, at, head }
  })
}

type RequestOf = <T>(method: string, params?: readonly unknown[]) => Promise<T>

async function withChain(
  directory: string,
  work: (request: RequestOf, running: boolean) => Promise<LocalnetData>,
): Promise<LocalnetData> {
  const chain = await (await load()).reachChain(directory)
  try {
    return await work(chain.request, chain.endpoint !== undefined)
  } finally {
    await chain.close()
  }
}
