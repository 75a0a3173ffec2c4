/** Looks for a transaction in blocks, and says what became of it. */
import { blake2b } from '@noble/hashes/blake2.js'
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import { rao } from '../units.js'
import { readBalance } from './balances.js'
import { failureIn } from './dispatchError.js'
import { readEvents } from './events.js'
import type {
  BlockRef,
  ChainClient,
  ChainEvent,
  ChainValue,
  ChainView,
  DispatchFailure,
  Hex,
  Receipt,
  SignedTransaction,
  TransactionFate,
} from './types.js'
import { asRao, asRecord } from './values.js'

/** Blocks fetched at the same time. */
const AT_ONCE = 8
/** Chains that never make blocks final (some development nodes) are taken as settled this deep. */
const DEEP = 256
/** How far back an immortal transaction is looked for. */
const IMMORTAL_SEARCH = 256

/** Where a transaction stands in the chain. */
export type Location = { readonly block: BlockRef; readonly index: number }

/** How a search goes on. */
export type SearchOptions = {
  /** First block to look at; the birth of the transaction by default. */
  readonly from?: number | undefined
  readonly onBlock?: ((block: number) => void) | undefined
}

/**
 * What became of a transaction that was sent earlier; looks once and does not wait.
 * @param transaction as it came from `beforeSend`, or from a journal
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function findTransaction(
  client: ChainClient,
  transaction: SignedTransaction,
  options: SearchOptions = {},
): Promise<TransactionFate> {
  const { era, hash } = transaction
  const head = await client.head()
  const last = era === 'immortal' ? head.number : Math.min(era.death, head.number)
  const birth = era === 'immortal' ? Math.max(0, head.number - IMMORTAL_SEARCH) : era.birth
  const found = await searchBlocks(client, transaction, options.from ?? birth, last, options)
  if (found) return outcomeIn(await client.at(found.block.hash), transaction, found.index)
  if (era !== 'immortal' && head.number > era.death && (await solidBlock(client)) >= era.death) {
    return { fate: 'expired', hash, reason: 'era' }
  }
  const blocksLeft = era === 'immortal' ? undefined : Math.max(0, era.death - head.number)
  return { fate: 'unknown', hash, blocksLeft }
}

/** The last block that no other branch of the chain can replace. */
export async function solidBlock(client: ChainClient): Promise<number> {
  const [final, best] = await Promise.all([client.finalizedHead(), client.head()])
  return Math.max(final.number, best.number - DEEP)
}

/**
 * As {@link findTransaction}, for a transaction that the pool gave up: when the account's nonce has moved past it and it
 * is in no block, another transaction took its place.
 */
export async function findDropped(
  client: ChainClient,
  transaction: SignedTransaction,
): Promise<TransactionFate> {
  const fate = await findTransaction(client, transaction)
  if (fate.fate !== 'unknown') return fate
  const { nonce } = await readBalance(await client.at(), transaction.from)
  // Between the two reads it may have been included, so the blocks are looked at once more.
  if (nonce <= transaction.nonce) return fate
  const again = await findTransaction(client, transaction)
  return again.fate === 'unknown'
    ? { fate: 'expired', hash: transaction.hash, reason: 'nonce' }
    : again
}

async function searchBlocks(
  client: ChainClient,
  transaction: SignedTransaction,
  first: number,
  last: number,
  options: SearchOptions,
): Promise<Location | undefined> {
  for (let from = first; from <= last; from += AT_ONCE) {
    options.onBlock?.(from)
    const numbers = Array.from({ length: Math.min(AT_ONCE, last - from + 1) }, (_, i) => from + i)
    const found = await Promise.all(
      numbers.map((number) => locateInBlock(client, transaction, number)),
    )
    const location = found.find((one) => one !== undefined)
    if (location) return location
  }
  return undefined
}

async function locateInBlock(
  client: ChainClient,
  transaction: SignedTransaction,
  number: number,
): Promise<Location | undefined> {
  const block = await blockAt(client, number)
  const index = await indexInBlock(client, transaction.hash, block.hash)
  return index === undefined ? undefined : { block, index }
}

/**
 * A block of the past. A node that began with a snapshot, or that is behind, may not have it: that says nothing about
 * what is in it.
 * @throws {BittensorError} `CONNECTION`
 */
export async function blockAt(client: ChainClient, number: number): Promise<BlockRef> {
  const hash = await client.request('chain_getBlockHash', [number])
  if (typeof hash === 'string') return { number, hash: hash as Hex }
  throw new BittensorError('CONNECTION', `the node does not show block ${number}`, {
    hint: 'ask a node that has it, such as --subtensor.network archive',
  })
}

/** Position of a transaction in a block, undefined when it is not there. */
export async function indexInBlock(
  client: ChainClient,
  hash: Hex,
  block: Hex,
): Promise<number | undefined> {
  const answer = await client.request('chain_getBlock', [block])
  const body = (answer as { readonly block?: { readonly extrinsics?: unknown } } | null)?.block
  if (!Array.isArray(body?.extrinsics)) {
    throw new BittensorError('CONNECTION', `the node does not show block ${block}`, {
      hint: 'ask a node that has it, such as --subtensor.network archive',
    })
  }
  const index = body.extrinsics.findIndex((one) => hashOf(String(one)) === hash)
  return index === -1 ? undefined : index
}

function hashOf(extrinsic: string): string {
  return toHex(blake2b(fromHex(extrinsic) ?? new Uint8Array(), { dkLen: 32 }))
}

/** The outcome of a transaction that stands in a block, from the block's events. */
export async function outcomeIn(
  view: ChainView,
  transaction: SignedTransaction,
  index: number,
): Promise<Extract<TransactionFate, { fate: 'included' | 'failed' }>> {
  const { block } = view
  const { description } = view.runtime
  const all = await readEvents(view, description)
  const events = all.filter(({ extrinsicIndex }) => extrinsicIndex === index)
  const failure = failureIn(description, events)
  if (failure) return { fate: 'failed', hash: transaction.hash, block, error: failure }
  const receipt: Receipt = {
    hash: transaction.hash,
    outcome: 'included',
    blockHash: block.hash,
    blockNumber: block.number,
    extrinsicIndex: index,
    events,
    fee: feeIn(events),
    transaction,
  }
  return { fate: 'included', receipt }
}

function feeIn(events: readonly ChainEvent[]): Receipt['fee'] {
  const paid = events.find(
    ({ pallet, name }) => pallet === 'TransactionPayment' && name === 'TransactionFeePaid',
  )
  if (!paid) return undefined
  const fee: ChainValue = Array.isArray(paid.data)
    ? paid.data[1]
    : asRecord(paid.data as ChainValue)['actual_fee']
  return fee === undefined ? undefined : rao(asRao(fee))
}

/**
 * The failure to throw for a transaction that the chain refused.
 * @param error as decoded from the block's events
 */
export function refused(hash: Hex, block: BlockRef, error: DispatchFailure): BittensorError {
  const { pallet, name, docs, remedy, wrapper } = error
  const where = `in block ${block.number} (${block.hash}), transaction ${hash}`
  const inside = wrapper === undefined ? '' : `${INSIDE[wrapper] ?? 'a call inside failed'}; `
  return new BittensorError('EXTRINSIC_FAILED', `the chain refused: ${pallet}.${name} — ${docs}`, {
    details: inside + where,
    hint: remedy,
    data: { pallet, name, docs, hash, blockHash: block.hash, blockNumber: block.number, wrapper },
  })
}

/** What the failure of a wrapped call leaves behind. */
const INSIDE: Readonly<Record<string, string>> = {
  'Utility.BatchInterrupted': 'a call of the batch failed, those before it took effect',
  'Proxy.ProxyExecuted': 'the call was made for the other account, and failed there',
  'Multisig.MultisigExecuted':
    'the call was made as the multisig, with its money, and failed; the approvals are used up',
  'Utility.ItemFailed': 'a call of the batch failed, the others were made all the same',
}
