/** Sends a transaction once and listens until something decisive happens to it. */
import { BittensorError } from '../errors.js'
import { findTransaction } from './findTransaction.js'
import { reconnectWait } from './reconnect.js'
import { isConnectionFailure, isMethodMissing, RpcError } from './rpc.js'
import type {
  ChainClient,
  Hex,
  SignedTransaction,
  SubmitOptions,
  TransactionFate,
} from './types.js'

/** How listening ended. */
export type Ending =
  | { readonly kind: 'inBlock'; readonly block: Hex }
  | { readonly kind: 'refused'; readonly error: RpcError }
  /** The pool gave it up: dropped, invalid or usurped. */
  | { readonly kind: 'dropped'; readonly status: string }
  /** Found by searching the blocks, or known to be impossible by now. */
  | { readonly kind: 'found'; readonly fate: TransactionFate }
  /** Neither block nor status came for too long. */
  | { readonly kind: 'stalled' }

type Options = Pick<SubmitOptions, 'onPhase' | 'signal' | 'stallMs'>

const LONGEST_WAIT_MS = 8_000
/** How long a lost node is called before giving up. */
const GIVE_UP_MS = 180_000
const LEAST_STALL_MS = 60_000

/**
 * Sends and listens.
 * @throws {BittensorError} `CONNECTION` with `data.opened: false` when nothing was sent; `INTERRUPTED`
 */
export async function watchTransaction(
  client: ChainClient,
  transaction: SignedTransaction,
  options: Options,
): Promise<Ending> {
  const attempt = await sendAndListen(client, transaction, options)
  if (attempt.kind !== 'lost') return attempt
  options.onPhase?.({ phase: 'reconnecting', hash: transaction.hash, reason: attempt.reason })
  return { kind: 'found', fate: await followBlocks(client, transaction, options) }
}

type Lost = { readonly kind: 'lost'; readonly reason: string }

async function sendAndListen(
  client: ChainClient,
  transaction: SignedTransaction,
  options: Options,
): Promise<Ending | Lost> {
  const listening = listen(client, options)
  const stops: (() => void)[] = []
  try {
    const sent = await send(client, transaction, listening)
    if ('kind' in sent) return sent
    options.onPhase?.({ phase: 'accepted', hash: transaction.hash })
    stops.push(sent.stop)
    stops.push(await watchHeads(client, transaction, options, listening))
    return await listening.ended
  } finally {
    listening.stop()
    for (const stop of stops) stop()
  }
}

/** Sends; tells a refusal from a connection that broke while the transaction was on its way. */
async function send(
  client: ChainClient,
  transaction: SignedTransaction,
  listening: Listening,
): Promise<Ending | Lost | { readonly stop: () => void }> {
  const onStatus = (status: unknown) => {
    listening.alive()
    const ending = endingOf(status)
    if (ending) listening.end(ending)
  }
  try {
    const stop = await client.subscribe(
      'author_submitAndWatchExtrinsic',
      [transaction.bytes],
      'author_unwatchExtrinsic',
      onStatus,
      listening.lost,
    )
    return { stop }
  } catch (error) {
    if (isMethodMissing(error)) return sendUnwatched(client, transaction)
    return sendFailure(error)
  }
}

/** Nodes behind some proxies take transactions but do not let anybody watch them. */
async function sendUnwatched(
  client: ChainClient,
  transaction: SignedTransaction,
): Promise<Ending | Lost> {
  try {
    await client.requestOnce('author_submitExtrinsic', [transaction.bytes])
    return { kind: 'lost', reason: 'this node does not report on transactions' }
  } catch (error) {
    return sendFailure(error)
  }
}

/**
 * What a failed send means: refused by the pool, or lost on the way.
 * @throws {BittensorError} `CONNECTION` or `TIMEOUT` with `data.sent: false` when nothing can have left
 */
export function sendFailure(error: unknown): Extract<Ending, { readonly kind: 'refused' }> | Lost {
  if (error instanceof RpcError) return { kind: 'refused', error }
  if (!isConnectionFailure(error)) throw error
  if (error.data?.['opened'] !== false) return { kind: 'lost', reason: error.message }
  // The connection could not even be opened, so nothing can have left.
  throw new BittensorError(error.code, error.message, {
    details: `${error.details ?? 'the connection was lost before'}; nothing was sent`,
    hint: error.hint,
    data: { ...error.data, sent: false },
    cause: error,
  })
}

/** Status of `author_extrinsicUpdate` → how it ends, undefined while it goes on. */
function endingOf(status: unknown): Ending | undefined {
  if (status === 'dropped' || status === 'invalid') return { kind: 'dropped', status }
  if (typeof status !== 'object' || status === null) return undefined
  const { inBlock, finalized, usurped } = status as Readonly<Record<string, unknown>>
  const block = inBlock ?? finalized
  if (typeof block === 'string') return { kind: 'inBlock', block: block as Hex }
  return usurped === undefined ? undefined : { kind: 'dropped', status: 'usurped' }
}

type Listening = {
  readonly ended: Promise<Ending | Lost>
  readonly end: (ending: Ending | Lost) => void
  readonly lost: (error: Error) => void
  /** Something happened: the clock starts again. */
  readonly alive: () => void
  readonly stop: () => void
}

/** A promise that something ends from outside, with a clock that runs out when nothing happens. */
function listen(client: ChainClient, options: Options): Listening {
  const stallMs = stallTime(client, options)
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let end: (ending: Ending | Lost) => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  const ended = new Promise<Ending | Lost>((resolve, reject) => {
    end = resolve
    fail = reject
  })
  // It may fail before anybody waits for it.
  ended.catch(() => undefined)
  const alive = () => {
    clearTimeout(timer)
    // A head may come in after the end; a timer started then would keep the process alive.
    if (stopped) return
    timer = setTimeout(() => end({ kind: 'stalled' }), stallMs)
  }
  const onAbort = () => fail(new BittensorError('INTERRUPTED', 'interrupted'))
  if (options.signal?.aborted) onAbort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  alive()
  return {
    ended,
    end,
    lost: (error) => end({ kind: 'lost', reason: error.message }),
    alive,
    stop: () => {
      stopped = true
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
    },
  }
}

function stallTime(client: ChainClient, options: Options): number {
  return options.stallMs ?? Math.max(LEAST_STALL_MS, client.blockTimeMs * 6)
}

/** Follows new blocks while the pool's word is awaited: shows the block count, and notices the end of the era. */
async function watchHeads(
  client: ChainClient,
  transaction: SignedTransaction,
  options: Options,
  listening: Listening,
): Promise<() => void> {
  const { era, hash } = transaction
  const onHead = (header: unknown) => {
    const block = Number((header as { readonly number?: unknown } | null)?.number)
    listening.alive()
    const blocksLeft = era === 'immortal' ? undefined : era.death - block
    if (blocksLeft === undefined || blocksLeft >= 0) {
      options.onPhase?.({ phase: 'waiting', hash, block, blocksLeft })
      return
    }
    findTransaction(client, transaction).then((fate) => {
      if (fate.fate !== 'unknown') listening.end({ kind: 'found', fate })
    }, listening.lost)
  }
  const method = 'chain_subscribeNewHeads'
  try {
    return await client.subscribe(method, [], 'chain_unsubscribeNewHeads', onHead, listening.lost)
  } catch (error) {
    // It is sent: what fails from here on changes how to look for it, not what became of it.
    if (isConnectionFailure(error)) listening.lost(error)
    else if (!(error instanceof RpcError)) throw error
    return () => undefined
  }
}

/**
 * Looks into every new block until the transaction is found or its era is over, reaching the node again where needed.
 * @returns `unknown` when the chain stands still for too long
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT` when the node stays away; `INTERRUPTED`
 */
export async function followBlocks(
  client: ChainClient,
  transaction: SignedTransaction,
  options: Options,
): Promise<TransactionFate> {
  const { hash } = transaction
  const onBlock = (block: number) => options.onPhase?.({ phase: 'searching', hash, block })
  const patience = options.stallMs ?? GIVE_UP_MS
  const progress: Progress = { from: undefined, failures: 0, looks: 0, since: Date.now() }
  for (;;) {
    const fate = await findTransaction(client, transaction, { from: progress.from, onBlock }).catch(
      (error: unknown) => goOnUnless(error, Date.now() - progress.since > patience),
    )
    if (fate && fate.fate !== 'unknown') return fate
    advance(progress, transaction, fate)
    if (fate && Date.now() - progress.since > stallTime(client, options)) return fate
    const wait = fate
      ? lookWait(progress, client)
      : reconnectWait(progress.failures, LONGEST_WAIT_MS)
    await pause(wait, options.signal)
  }
}

/** Where a search stands: next block, failed attempts in a row, and when the chain last moved. */
type Progress = { from: number | undefined; failures: number; looks: number; since: number }

function advance(
  progress: Progress,
  transaction: SignedTransaction,
  fate: UnknownFate | undefined,
): void {
  progress.failures = fate ? 0 : progress.failures + 1
  progress.looks += 1
  const next = fate && nextBlock(transaction, fate)
  if (next === undefined || next === progress.from) return
  progress.from = next
  progress.since = Date.now()
}

type UnknownFate = Extract<TransactionFate, { fate: 'unknown' }>

/** A search that failed for want of a connection is repeated for a while. */
function goOnUnless(error: unknown, enough: boolean): undefined {
  if (isConnectionFailure(error) && !enough) return undefined
  throw error
}

/** Blocks that were looked at need not be fetched again, but for the newest few, which another branch may replace. */
function nextBlock(transaction: SignedTransaction, fate: UnknownFate): number | undefined {
  if (transaction.era === 'immortal' || fate.blocksLeft === undefined) return undefined
  return Math.max(transaction.era.birth, transaction.era.death - fate.blocksLeft - 3)
}

/** Often at first, when the transaction may already be in a block, then a few times per block. */
function lookWait(progress: Progress, client: ChainClient): number {
  return Math.min(100 * 2 ** Math.min(progress.looks, 8), client.blockTimeMs / 4, 2_000)
}

/** Waits, unless interrupted. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) throw new BittensorError('INTERRUPTED', 'interrupted')
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(new BittensorError('INTERRUPTED', 'interrupted'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
