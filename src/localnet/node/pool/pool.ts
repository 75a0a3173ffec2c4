/** Transactions that wait for a block: ready ones in the order in which blocks take them, and those with a nonce gap. */
import type { Runtime } from '../../runtime/runtime.js'
import type { Hex } from '../bytes.js'
import type { Extrinsic } from '../extrinsic/codec.js'
import type { Shielded } from '../shield/shielded.js'
import { TransactionRefused } from './problem.js'

/** A valid transaction, as the runtime judges it. */
export type Candidate = {
  readonly extrinsic: Extrinsic
  readonly signer: Hex
  readonly nonce: number
  readonly priority: bigint
  /** Last block that may hold it; Infinity for immortal ones. */
  readonly validTill: number
  /** Which runtime has judged it: what it signs does not hold for any other. */
  readonly runtime: Runtime
  /** What a carrier of an encrypted transaction has in it. */
  readonly shielded?: Shielded | undefined
}

/** What `author_submitAndWatchExtrinsic` reports. */
export type Status =
  | 'future'
  | 'ready'
  | 'dropped'
  | 'invalid'
  | { readonly inBlock: Hex }
  | { readonly finalized: Hex }
  | { readonly usurped: Hex }

type Watcher = (status: Status) => void
type Entry = Candidate & { readonly order: number }

export type PoolOptions = {
  /** Next nonce of an account by the newest block. */
  nonceOf(signer: Hex): number
  /** Milliseconds, for how long a refused transaction is banned. */
  now(): number
  /** Whether the author of the next block can take a ready transaction. */
  isDue(candidate: Candidate): boolean
  /** Called when a transaction becomes ready. */
  onReady(): void
}

/** Limits of a real node. */
const MAX_READY = 8192
const MAX_FUTURE = 819
const MAX_BYTES = 20 * 1024 * 1024
const BAN_MS = 30 * 60 * 1000
const MAX_BANS = 2 * MAX_READY

/** The transaction pool. */
export class Pool {
  readonly #options: PoolOptions
  readonly #ready = new Map<Hex, Entry>()
  readonly #future = new Map<Hex, Entry>()
  /** Ready transactions by sender and nonce: at most one each. */
  readonly #slots = new Map<string, Entry>()
  readonly #banned = new Map<string, number>()
  readonly #watchers = new Map<Hex, Set<Watcher>>()
  /** In blocks that are built but not yet published. */
  readonly #taken = new Set<Hex>()
  #order = 0
  #bytes = 0

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /**
   * Refuses what need not be looked at again.
   * @throws {TransactionRefused} when the transaction is banned or already here.
   */
  checkKnown(hash: Hex): void {
    const until = this.#banned.get(hash)
    if (until !== undefined && until > this.#options.now()) {
      throw new TransactionRefused({ kind: 'banned' })
    }
    if (this.#ready.has(hash) || this.#future.has(hash)) {
      throw new TransactionRefused({ kind: 'known', hash })
    }
  }

  /** Keeps a transaction out for half an hour: it was invalid, or is in a block. */
  ban(hash: string): void {
    if (this.#banned.size >= MAX_BANS) {
      const [oldest] = this.#banned.keys()
      if (oldest !== undefined) this.#banned.delete(oldest)
    }
    this.#banned.set(hash, this.#options.now() + BAN_MS)
  }

  /**
   * Takes a valid transaction.
   * @throws {TransactionRefused} when another with the same sender and nonce has as high a priority, or the pool is full.
   */
  add(candidate: Candidate, watcher?: Watcher): void {
    const { hash } = candidate.extrinsic
    const ready = this.#isNext(candidate)
    const rival = ready ? this.#slots.get(slotOf(candidate)) : undefined
    if (rival && rival.priority >= candidate.priority) {
      throw new TransactionRefused({
        kind: 'priority',
        old: rival.priority,
        new: candidate.priority,
      })
    }
    if (!rival) this.#makeRoom(candidate, ready)
    if (watcher) this.watch(hash, watcher)
    if (rival) this.#drop(rival, { usurped: hash })
    const entry = { ...candidate, order: this.#order++ }
    this.#bytes += candidate.extrinsic.bytes.length
    if (ready) this.#makeReady(entry)
    else {
      this.#future.set(hash, entry)
      this.#tell(hash, 'future')
    }
  }

  /** Reports what becomes of a transaction until it is final or gone. */
  watch(hash: Hex, watcher: Watcher): void {
    const watchers = this.#watchers.get(hash) ?? new Set()
    watchers.add(watcher)
    this.#watchers.set(hash, watchers)
  }

  /** Ends what {@link watch} began. */
  unwatch(hash: Hex, watcher: Watcher): void {
    const watchers = this.#watchers.get(hash)
    watchers?.delete(watcher)
    if (watchers?.size === 0) this.#watchers.delete(hash)
  }

  /** Ready transactions in the order in which blocks take them: highest priority first, then oldest; nonces in order. */
  ready(): Candidate[] {
    return this.#inOrder(() => true)
  }

  /** The ready ones for the next block: what the author cannot open stays, and holds back what the sender sent after it. */
  due(): Candidate[] {
    return this.#inOrder(this.#options.isDue)
  }

  #inOrder(isWanted: (candidate: Candidate) => boolean): Candidate[] {
    const bySender = new Map<Hex, Entry[]>()
    for (const entry of this.#ready.values()) {
      if (this.#taken.has(entry.extrinsic.hash)) continue
      const list = bySender.get(entry.signer)
      if (list) list.push(entry)
      else bySender.set(entry.signer, [entry])
    }
    for (const queue of bySender.values()) queue.sort((a, b) => b.nonce - a.nonce)
    const ordered: Entry[] = []
    for (;;) {
      const queue = bestQueue(bySender.values())
      const next = queue?.pop()
      if (!next) return ordered
      const wanted = isWanted(next)
      if (wanted) ordered.push(next)
      if (!wanted || queue?.length === 0) bySender.delete(next.signer)
    }
  }

  /** All that wait, ready ones first. */
  all(): Candidate[] {
    return [...this.ready(), ...this.#future.values()]
  }

  /** The nonce that a new transaction of the account should have, those waiting counted. */
  nextNonce(signer: Hex): number {
    let nonce = this.#options.nonceOf(signer)
    while (this.#slots.has(`${signer}:${nonce}`)) nonce++
    return nonce
  }

  /** Notes that a built block holds a transaction; it stays known until the block is published. */
  take(hash: Hex): void {
    if (this.#ready.has(hash) || this.#future.has(hash)) this.#taken.add(hash)
  }

  /** Takes a transaction out because it turned out to be invalid. */
  reject(hash: Hex): void {
    const entry = this.#ready.get(hash) ?? this.#future.get(hash)
    if (entry) this.#drop(entry, 'invalid')
    this.ban(hash)
  }

  /** Takes transactions out on request. */
  remove(hash: Hex): boolean {
    const entry = this.#ready.get(hash) ?? this.#future.get(hash)
    if (entry) this.#drop(entry, 'dropped')
    return entry !== undefined
  }

  /** Forgets everything, as if nothing had ever been handed in. */
  clear(): void {
    for (const entry of [...this.#ready.values(), ...this.#future.values()]) {
      this.#drop(entry, 'dropped')
    }
    this.#banned.clear()
    this.#taken.clear()
  }

  /**
   * Follows a new block: what it holds leaves the pool, what can no longer be valid is rejected, and what has become
   * next in turn becomes ready.
   */
  onBlock(
    block: { readonly hash: Hex; readonly number: number },
    included: readonly Hex[],
    stillValid: (candidate: Candidate) => boolean,
  ): void {
    for (const hash of included) {
      const entry = this.#ready.get(hash) ?? this.#future.get(hash)
      if (entry) this.#forget(entry)
      this.ban(hash)
      this.#tell(hash, { inBlock: block.hash })
    }
    for (const entry of [...this.#ready.values(), ...this.#future.values()]) {
      if (this.#taken.has(entry.extrinsic.hash)) continue
      const over =
        entry.validTill <= block.number || entry.nonce < this.#options.nonceOf(entry.signer)
      if (over || !stillValid(entry)) this.reject(entry.extrinsic.hash)
    }
    this.settle()
  }

  /** Tells the watchers of transactions in a block that it is final. */
  onFinalized(block: Hex, included: readonly Hex[]): void {
    for (const hash of included) {
      this.#tell(hash, { finalized: block })
      this.#watchers.delete(hash)
    }
  }

  /** Whether all transactions of the sender before this one are in blocks or ready. */
  #isNext(candidate: Candidate): boolean {
    const expected = this.#options.nonceOf(candidate.signer)
    return (
      candidate.nonce <= expected || this.#slots.has(`${candidate.signer}:${candidate.nonce - 1}`)
    )
  }

  #makeReady(entry: Entry): void {
    const { hash } = entry.extrinsic
    this.#ready.set(hash, entry)
    this.#slots.set(slotOf(entry), entry)
    this.#tell(hash, 'ready')
    this.#options.onReady()
    this.#promote(entry.signer, entry.nonce + 1)
  }

  /** A future transaction whose turn has come competes for its slot like a new one. */
  #promote(signer: Hex, nonce: number): void {
    for (const entry of this.#future.values()) {
      if (entry.signer !== signer || entry.nonce !== nonce) continue
      const rival = this.#slots.get(slotOf(entry))
      this.#future.delete(entry.extrinsic.hash)
      if (rival && rival.priority >= entry.priority) {
        this.#bytes -= entry.extrinsic.bytes.length
        this.#end(entry.extrinsic.hash, 'dropped')
        continue
      }
      if (rival) this.#drop(rival, { usurped: entry.extrinsic.hash })
      this.#makeReady(entry)
    }
  }

  /** After a block nonces may have moved either way, and a removed transaction leaves a gap behind it. */
  settle(): void {
    for (const entry of [...this.#ready.values()].sort((a, b) => a.nonce - b.nonce)) {
      if (this.#isNext(entry) || this.#taken.has(entry.extrinsic.hash)) continue
      this.#ready.delete(entry.extrinsic.hash)
      this.#slots.delete(slotOf(entry))
      this.#future.set(entry.extrinsic.hash, entry)
      this.#tell(entry.extrinsic.hash, 'future')
    }
    for (const entry of [...this.#future.values()]) {
      if (this.#future.has(entry.extrinsic.hash) && this.#isNext(entry)) {
        this.#promote(entry.signer, entry.nonce)
      }
    }
  }

  #makeRoom(candidate: Candidate, ready: boolean): void {
    const queue = ready ? this.#ready : this.#future
    const full =
      queue.size >= (ready ? MAX_READY : MAX_FUTURE) ||
      this.#bytes + candidate.extrinsic.bytes.length > MAX_BYTES
    if (!full) return
    let worst: Entry | undefined
    for (const entry of queue.values()) if (!worst || isBefore(worst, entry)) worst = entry
    if (!worst || worst.priority >= candidate.priority) {
      this.ban(candidate.extrinsic.hash)
      throw new TransactionRefused({ kind: 'full' })
    }
    this.#drop(worst, 'dropped')
    this.ban(worst.extrinsic.hash)
  }

  #drop(entry: Entry, status: Status): void {
    this.#forget(entry)
    this.#end(entry.extrinsic.hash, status)
  }

  #forget(entry: Entry): void {
    const { hash, bytes } = entry.extrinsic
    this.#bytes -= bytes.length
    this.#taken.delete(hash)
    this.#future.delete(hash)
    if (this.#ready.delete(hash)) this.#slots.delete(slotOf(entry))
  }

  #end(hash: Hex, status: Status): void {
    this.#tell(hash, status)
    this.#watchers.delete(hash)
  }

  #tell(hash: Hex, status: Status): void {
    for (const watcher of this.#watchers.get(hash) ?? []) watcher(status)
  }
}

function slotOf(entry: Candidate): string {
  return `${entry.signer}:${entry.nonce}`
}

/** The sender whose next transaction goes first. */
function bestQueue(queues: Iterable<Entry[]>): Entry[] | undefined {
  let best: Entry[] | undefined
  for (const queue of queues) {
    const [next, leader] = [queue.at(-1), best?.at(-1)]
    if (next && (!leader || isBefore(next, leader))) best = queue
  }
  return best
}

/** Whether blocks take `a` before `b`, nonces aside. */
function isBefore(a: Entry, b: Entry): boolean {
  return a.priority === b.priority ? a.order < b.order : a.priority > b.priority
}
