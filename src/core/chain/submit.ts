/** Sends a signed call and follows it to its end. After sending, every failure names the hash. */
import { BittensorError } from '../errors.js'
import {
  findDropped,
  findTransaction,
  indexInBlock,
  outcomeIn,
  refused,
} from './findTransaction.js'
import { explainPoolError, mayBeKnown } from './poolError.js'
import type { RpcError } from './rpc.js'
import { signTransaction } from './sign.js'
import type {
  ChainClient,
  Hex,
  Receipt,
  Sent,
  SignedTransaction,
  SubmitOptions,
  TransactionFate,
} from './types.js'
import { type Ending, followBlocks, pause, sendFailure, watchTransaction } from './watch.js'

/**
 * Signs a call, sends it and waits until it is in a block (or final).
 *
 * A transaction is sent once. When the connection breaks afterwards, the blocks are searched for its hash until it is
 * found or its era is over.
 * @throws {BittensorError} `EXTRINSIC_FAILED` refused by the chain or the pool; `INSUFFICIENT_BALANCE`, `RATE_LIMITED`
 * and their like refused by the pool; `CONNECTION`, `RUNTIME_UNSUPPORTED` nothing was sent; `TIMEOUT` not included and
 * its era is over; `UNKNOWN_OUTCOME` may still be included; `INTERRUPTED`, with `data.sent` telling which
 * @example
 * const receipt = await submit(chain, { call: stakeCall(chain, { hotkey, amount }), signer: coldkey })
 */
export async function submit(
  client: ChainClient,
  options: SubmitOptions & { readonly wait: 'none' },
): Promise<Sent>
export async function submit(client: ChainClient, options: SubmitOptions): Promise<Receipt>
export async function submit(client: ChainClient, options: SubmitOptions): Promise<Receipt | Sent> {
  const transaction = await prepare(client, options)
  return submitSigned(client, transaction, options)
}

/** What of {@link SubmitOptions} concerns a transaction that is signed already. */
export type FollowOptions = Pick<SubmitOptions, 'wait' | 'onPhase' | 'signal' | 'stallMs'>

/**
 * Sends what was signed before, here or elsewhere, once, and waits as {@link submit} does.
 * @throws {BittensorError} as {@link submit}
 */
export async function submitSigned(
  client: ChainClient,
  transaction: SignedTransaction,
  options: FollowOptions,
): Promise<Receipt | Sent> {
  const { hash } = transaction
  options.onPhase?.({ phase: 'sending', hash })
  try {
    if (options.wait === 'none') return await sendOnly(client, transaction)
    const ending = await watchTransaction(client, transaction, options)
    const fate = await fateOf(client, transaction, ending, options)
    const receipt = receiptOf(transaction, fate)
    const block = { number: receipt.blockNumber, hash: receipt.blockHash }
    options.onPhase?.({ phase: 'included', hash, block })
    if (options.wait !== 'finalization') return receipt
    return await finalized(client, receipt, options)
  } catch (error) {
    throw afterSending(error, transaction)
  }
}

async function prepare(client: ChainClient, options: SubmitOptions): Promise<SignedTransaction> {
  try {
    stopIfAborted(options)
    options.onPhase?.({ phase: 'signing' })
    const transaction = await signTransaction(client, options)
    await options.beforeSend?.(transaction)
    stopIfAborted(options)
    return transaction
  } catch (error) {
    if (!(error instanceof BittensorError) || error.code !== 'INTERRUPTED') throw error
    throw new BittensorError('INTERRUPTED', 'interrupted, nothing was sent', {
      data: { sent: false },
    })
  }
}

function stopIfAborted(options: SubmitOptions): void {
  if (options.signal?.aborted) throw new BittensorError('INTERRUPTED', 'interrupted')
}

async function sendOnly(client: ChainClient, transaction: SignedTransaction): Promise<Sent> {
  const { hash, bytes } = transaction
  try {
    await client.requestOnce('author_submitExtrinsic', [bytes])
  } catch (error) {
    const ending = sendFailure(error)
    if (ending.kind !== 'refused') throw error
    if (ending.error.code !== 1013) throw explainPoolError(client, ending.error, hash)
  }
  return { hash, outcome: 'sent', transaction }
}

/** What a way of ending means for the transaction. */
async function fateOf(
  client: ChainClient,
  transaction: SignedTransaction,
  ending: Ending,
  options: FollowOptions,
): Promise<TransactionFate> {
  switch (ending.kind) {
    case 'inBlock':
      return inBlock(client, transaction, ending.block)
    case 'refused':
      return poolFate(client, transaction, ending.error, options)
    case 'dropped':
      return droppedFate(client, transaction, options)
    case 'found':
      return ending.fate
    case 'stalled':
      return findTransaction(client, transaction)
  }
}

/** Blocks for which one waits to know what became of a transaction that the pool gave up. */
const SOON = 8

/** What the pool gave up other nodes may still have: until its era ends, which may be soon. */
async function droppedFate(
  client: ChainClient,
  transaction: SignedTransaction,
  options: FollowOptions,
): Promise<TransactionFate> {
  const fate = await findDropped(client, transaction)
  const isOpen = fate.fate === 'unknown' && fate.blocksLeft !== undefined
  return isOpen && fate.blocksLeft <= SOON ? followBlocks(client, transaction, options) : fate
}

async function inBlock(
  client: ChainClient,
  transaction: SignedTransaction,
  hash: Hex,
): Promise<TransactionFate> {
  const [view, index] = await Promise.all([
    client.at(hash),
    indexInBlock(client, transaction.hash, hash),
  ])
  // A node that names a block without the transaction is not believed.
  if (index === undefined) return findTransaction(client, transaction)
  return outcomeIn(view, transaction, index)
}

/** Banned, already imported or outdated may mean that this very transaction was sent before: the blocks decide. */
async function poolFate(
  client: ChainClient,
  transaction: SignedTransaction,
  error: RpcError,
  options: FollowOptions,
): Promise<TransactionFate> {
  const refusal = explainPoolError(client, error, transaction.hash)
  if (!mayBeKnown(error)) throw refusal
  const fate = await findTransaction(client, transaction)
  if (fate.fate !== 'unknown') return fate
  if (error.code === 1013) return followBlocks(client, transaction, options)
  throw refusal
}

function receiptOf(transaction: SignedTransaction, fate: TransactionFate): Receipt {
  switch (fate.fate) {
    case 'included':
      return fate.receipt
    case 'failed':
      throw refused(transaction.hash, fate.block, fate.error)
    case 'expired':
      throw expired(transaction, fate.reason)
    case 'unknown':
      throw unknownOutcome(transaction, fate.blocksLeft)
  }
}

/** Waits until the block is final; should another branch win, looks for the transaction there. */
async function finalized(
  client: ChainClient,
  receipt: Receipt,
  options: FollowOptions,
): Promise<Receipt> {
  const stallMs = options.stallMs ?? Math.max(60_000, client.blockTimeMs * 10)
  let current = receipt
  let last = { number: -1, since: Date.now() }
  for (;;) {
    const head = await client.finalizedHead()
    if (head.number > last.number) last = { number: head.number, since: Date.now() }
    else if (Date.now() - last.since > stallMs) throw notFinal(current)
    if (head.number >= current.blockNumber) {
      const hash = await client.request('chain_getBlockHash', [current.blockNumber])
      if (hash === current.blockHash) break
      const fate = await findTransaction(client, current.transaction)
      current = receiptOf(current.transaction, fate)
    }
    await pause(Math.min(client.blockTimeMs / 4, 2_000), options.signal)
  }
  const block = { number: current.blockNumber, hash: current.blockHash }
  options.onPhase?.({ phase: 'finalized', hash: current.hash, block })
  return { ...current, outcome: 'finalized' }
}

function notFinal(receipt: Receipt): BittensorError {
  const { hash, blockHash, blockNumber } = receipt
  const what = `included in block ${blockNumber}, but the chain does not make it final`
  return new BittensorError('TIMEOUT', what, {
    details: `block ${blockHash}, transaction ${hash}`,
    hint: 'the transaction took effect; look at the block again later',
    data: { hash, sent: true, included: true, blockHash, blockNumber },
  })
}

/** Whatever fails after the sending and is no verdict yet means: it may or may not be in a block. */
function afterSending(error: unknown, transaction: SignedTransaction): BittensorError {
  const { hash } = transaction
  const known = error instanceof BittensorError ? error : undefined
  if (known?.code === 'INTERRUPTED') {
    return new BittensorError('INTERRUPTED', `interrupted after sending ${hash}`, {
      details: mayStill(transaction),
      hint: 'before trying again see what became of it: btcli history settle',
      data: { hash, sent: true, lastBlock: lastBlock(transaction) },
    })
  }
  if (known && (known.data?.['sent'] === false || known.data?.['hash'] === hash)) return known
  return unknownOutcome(transaction, undefined, error)
}

function expired(transaction: SignedTransaction, reason: 'era' | 'nonce'): BittensorError {
  const { hash } = transaction
  const why =
    reason === 'era'
      ? `no block took it up to block ${lastBlock(transaction)}, where its validity ends`
      : 'another transaction of this account took its place'
  return new BittensorError('TIMEOUT', 'not included, and can not be any more', {
    details: `${why}; transaction ${hash}`,
    hint: 'it is safe to try again',
    data: { hash, sent: true, included: false, reason },
  })
}

function unknownOutcome(
  transaction: SignedTransaction,
  blocksLeft: number | undefined,
  cause?: unknown,
): BittensorError {
  const { hash } = transaction
  const why = cause instanceof Error ? `${cause.message}; ` : ''
  return new BittensorError('UNKNOWN_OUTCOME', `sent as ${hash}, outcome unknown`, {
    details: why + mayStill(transaction),
    hint: 'before trying again see what became of it: btcli history settle',
    data: { hash, sent: true, lastBlock: lastBlock(transaction), blocksLeft },
    cause,
  })
}

function lastBlock(transaction: SignedTransaction): number | undefined {
  return transaction.era === 'immortal' ? undefined : transaction.era.death
}

function mayStill(transaction: SignedTransaction): string {
  const last = lastBlock(transaction)
  return last === undefined
    ? 'it may still be included at any time'
    : `it may still be included until block ${last}`
}
