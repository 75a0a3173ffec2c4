/** The race for a registration: always the newest block, never a stale proof, whatever the chain does meanwhile. */
import { BittensorError } from '../errors.js'
import { byteOrderOf, type Challenge, type PowScheme, type Solution } from './challenge.js'
import { meetsDifficulty } from './seal.js'
import type { Outcome } from './solver.js'

/** The best block as the chain has it now. Hashes are 32 bytes. */
export type ChainHead = {
  readonly blockNumber: number
  readonly blockHash: Uint8Array
  /** Lets a fork be noticed one block earlier. */
  readonly parentHash?: Uint8Array | undefined
  /** Of the subnet, in the state of this block. */
  readonly difficulty: bigint
}

/**
 * What came of a proof that was sent.
 * - `registered`: it is in. `already`: somebody else registered the key.
 * - `resend`: it did not arrive, or may pass in another block; sent again on the next one while it is fresh.
 * - `refused`: the chain did not want this proof; another is solved.
 * - `stale`: it was held back, as a block that came meanwhile makes it worthless.
 *
 * What cannot be helped by another proof is thrown instead.
 */
export type Verdict =
  | { readonly kind: 'registered' | 'already' | 'stale' }
  | { readonly kind: 'resend' | 'refused'; readonly reason: string }

/** Why a proof became worthless before it was accepted. */
export type StaleReason = 'old' | 'reorganised' | 'difficulty'

/** What happens in a race, for whoever shows it. */
export type RaceEvent =
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  | { readonly kind: 'found'; readonly solution: Solution }
  | { readonly kind: 'submitting'; readonly solution: Solution; readonly attempt: number }
  | {
      readonly kind: 'stale'
      readonly solution: Solution
      readonly why: StaleReason
      readonly stale: number
      /** Proofs that were sent before. */
      readonly attempt: number
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'warning'; readonly reason: string }

/** How a race ended. `attempts` counts proofs that were sent, `stale` those that were too late to be. */
export type RaceResult = {
  readonly kind: 'registered' | 'already' | 'gave up'
  /** The last proof that was sent. */
  readonly solution: Solution | undefined
  readonly attempts: number
  readonly stale: number
  /** Why the last attempt failed. */
  readonly reason: string | undefined
}

/** The part of a solver that a race uses. */
export type RaceSolver = {
  setChallenge(challenge: Challenge): Promise<Outcome>
  pause(): void
}

/** Rules, sources and callbacks of a race. */
export type RaceOptions = {
  readonly scheme: PowScheme
  /** Public key of the hotkey; for the faucet that of the coldkey. */
  readonly key: Uint8Array
  readonly netuid?: number
  /** Public key of the coldkey; for `pow_register`. */
  readonly coldkey?: Uint8Array
  /** Every new best block, in order; pushed by a subscription. */
  readonly heads: AsyncIterable<ChainHead>
  readonly solver: RaceSolver
  /**
   * Signs and sends a proof that `head`, the newest block, does not make stale; see {@link Verdict}. `isStale` tells right
   * before sending whether a block that came meanwhile does.
   */
  readonly submit: (solution: Solution, head: ChainHead, isStale: () => boolean) => Promise<Verdict>
  /** Reads the head once more right before sending. */
  readonly latest?: () => Promise<ChainHead>
  /** Asked on every block: the key may be registered by other means. */
  readonly isRegistered?: (head: ChainHead) => Promise<boolean>
  /** Proofs to send before giving up; 3 by default, as in bittensor 5.3.1. */
  readonly maxAttempts?: number
  /** Stale proofs before giving up; without limit by default. */
  readonly maxStale?: number
  readonly onEvent?: (event: RaceEvent) => void
  /** Ends the race with its reason, if that is a `BittensorError`, else with `INTERRUPTED`. */
  readonly signal?: AbortSignal
}

/**
 * Largest age in blocks at which the chain takes a proof, counted from the block that includes it; the proof's own block
 * cannot. `register`: less than 3 (opentensor/subtensor, registration.rs). `pow_register`: less than 3 in the pallet of
 * RaoFoundation/subtensor, while its client reckons with 5: 2 holds for both.
 */
const MAX_AGE = 2

/**
 * Whether a proof of one block may still be included right after another.
 * @example
 * isFresh(100, 101) // true: block 102 may include it
 */
export function isFresh(workBlock: number, headBlock: number): boolean {
  const ageWhenIncluded = headBlock + 1 - workBlock
  return ageWhenIncluded >= 1 && ageWhenIncluded <= MAX_AGE
}

/**
 * Solves and submits on ever newer blocks until the key is registered or the attempts are used up.
 * @throws {BittensorError} `CONNECTION` when there are no more blocks, `INTERRUPTED`, `INTERNAL` when the solver fails, and
 *   whatever `submit` and `latest` throw.
 * @example
 * const result = await race({ scheme: 'register-be', key, heads, solver, submit })
 */
export async function race(options: RaceOptions): Promise<RaceResult> {
  return await new Race(options).run()
}

class Race {
  readonly #options: RaceOptions
  readonly #result: Promise<RaceResult>
  readonly #chain = createRecentChain()
  #finish: (result: RaceResult) => void = () => {}
  #fail: (error: unknown) => void = () => {}
  #over = false
  #broken: { readonly reason: unknown } | undefined
  #head: ChainHead | undefined
  /** A proof is on its way, or is kept until it can be sent again: nothing is searched. */
  #submitting = false
  #sending = false
  #asking = false
  #attempts = 0
  #stale = 0
  #solution: Solution | undefined
  #reason: string | undefined
  #nextHead: (() => void)[] = []

  constructor(options: RaceOptions) {
    this.#options = options
    this.#result = new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
    })
  }

  async run(): Promise<RaceResult> {
    const { heads, signal, solver } = this.#options
    const iterator = heads[Symbol.asyncIterator]()
    const abort = () => this.#breakOff(reasonOf(signal))
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    this.#follow(iterator).catch((error: unknown) => this.#breakOff(error))
    try {
      return await this.#result
    } finally {
      this.#over = true
      signal?.removeEventListener('abort', abort)
      solver.pause()
      // Not awaited: a source that waits for its next block would only end with it.
      iterator.return?.().then(undefined, () => {})
    }
  }

  /**
   * Ends the race from outside: by its signal, or for lack of heads. A proof that is on its way is waited for: what becomes
   * of it counts more, and its sender hears of the signal as well.
   */
  #breakOff(reason: unknown): void {
    this.#broken ??= { reason }
    if (!this.#sending) this.#fail(this.#broken.reason)
  }

  async #follow(iterator: AsyncIterator<ChainHead>): Promise<void> {
    for (;;) {
      const { done, value } = await iterator.next()
      if (this.#over) return
      if (done) throw new BittensorError('CONNECTION', 'the chain sent no more blocks')
      this.#take(value)
    }
  }

  #take(head: ChainHead): void {
    if (head.blockHash.every((byte) => byte === 0)) {
      this.#tell({ kind: 'warning', reason: `the node does not know block ${head.blockNumber}` })
      return
    }
    const before = this.#head
    this.#head = head
    this.#chain.add(head)
    const isNews = !before || !sameBytes(before.blockHash, head.blockHash)
    // First of all: until then the threads work for nothing.
    if (isNews || before.difficulty !== head.difficulty) this.#solve()
    if (isNews) this.#wakeAll()
    this.#askWhetherRegistered(head)
  }

  #wakeAll(): void {
    for (const wake of this.#nextHead.splice(0)) wake()
  }

  #askWhetherRegistered(head: ChainHead): void {
    const { isRegistered } = this.#options
    if (!isRegistered || this.#asking) return
    this.#asking = true
    isRegistered(head)
      .then(
        (registered) => {
          // While a proof is on its way the answer may be that very proof: its submission tells.
          if (registered && !this.#submitting) this.#end('already')
        },
        (error: unknown) => this.#tell({ kind: 'warning', reason: textOf(error) }),
      )
      .finally(() => {
        this.#asking = false
      })
  }

  /** Searches on the newest head, unless a proof is on its way. */
  #solve(): void {
    const head = this.#head
    if (!head || this.#submitting || this.#over) return
    const { scheme, key, netuid, coldkey, solver } = this.#options
    const challenge: Challenge = {
      scheme,
      blockNumber: head.blockNumber,
      blockHash: head.blockHash,
      key,
      difficulty: head.difficulty,
      ...(netuid === undefined ? {} : { netuid }),
      ...(coldkey === undefined ? {} : { coldkey }),
    }
    solver
      .setChallenge(challenge)
      .then((outcome) => this.#hear(outcome))
      .catch(this.#fail)
    this.#tell({ kind: 'challenge', challenge })
  }

  async #hear(outcome: Outcome): Promise<void> {
    // Anything but a proof means that another challenge, or the end, has come.
    if (outcome.kind !== 'found' || this.#submitting || this.#over) return
    this.#submitting = true
    this.#tell({ kind: 'found', solution: outcome.solution })
    await this.#deliver(outcome.solution)
    this.#submitting = false
    if (this.#broken) this.#fail(this.#broken.reason)
    else this.#solve()
  }

  /** Sends a proof as long as it is fresh and may pass. */
  async #deliver(solution: Solution): Promise<void> {
    let isSent = false
    while (!this.#broken) {
      await this.#lookAgain()
      const head = this.#head
      if (!head || this.#over || this.#broken || this.#isStale(solution)) return
      const verdict = await this.#submit(solution, head, isSent)
      if (verdict === 'resend') await this.#untilAfter(head)
      else if (verdict !== 'stale') return
      isSent ||= verdict === 'resend'
    }
  }

  /**
   * What `latest` reads counts unless a newer head has come meanwhile. While the node is away a proof is kept: the next head
   * tells whether it is worth something still, or the heads end with an error.
   */
  async #lookAgain(): Promise<void> {
    const before = this.#head
    try {
      const head = await this.#options.latest?.()
      if (head && this.#head === before) this.#take(head)
    } catch (error) {
      if (!isAway(error)) throw error
      this.#tell({ kind: 'warning', reason: error.message })
      if (before) await this.#untilAfter(before)
    }
  }

  async #submit(solution: Solution, head: ChainHead, isSent: boolean): Promise<Verdict['kind']> {
    const { submit, maxAttempts = 3 } = this.#options
    if (!isSent) this.#attempts++
    const attempt = this.#attempts
    this.#solution = solution
    this.#tell({ kind: 'submitting', solution, attempt })
    this.#sending = true
    const verdict = await submit(solution, head, () => this.#staleness(solution) !== undefined)
    this.#sending = false
    if (verdict.kind === 'stale') {
      if (!isSent) this.#attempts--
      return 'stale'
    }
    if ('reason' in verdict) {
      this.#reason = verdict.reason
      this.#tell({ kind: 'failed', reason: verdict.reason, attempt })
      if (verdict.kind === 'refused' && attempt >= maxAttempts) this.#end('gave up')
    } else this.#end(verdict.kind)
    return verdict.kind
  }

  #isStale(solution: Solution): boolean {
    const why = this.#staleness(solution)
    if (!why) return false
    this.#stale++
    this.#tell({ kind: 'stale', solution, why, stale: this.#stale, attempt: this.#attempts })
    if (this.#stale >= (this.#options.maxStale ?? Number.POSITIVE_INFINITY)) {
      this.#reason = 'the proofs became stale before they could be sent'
      this.#end('gave up')
    }
    return true
  }

  #staleness({ challenge, seal }: Solution): StaleReason | undefined {
    const head = this.#head
    if (!head) return undefined
    const { scheme, blockNumber, blockHash } = challenge
    if (this.#chain.contradicts(blockNumber, blockHash)) return 'reorganised'
    if (!isFresh(blockNumber, head.blockNumber)) return 'old'
    if (!meetsDifficulty(seal, head.difficulty, byteOrderOf(scheme))) return 'difficulty'
    return undefined
  }

  async #untilAfter(head: ChainHead): Promise<void> {
    if (this.#head !== head || this.#broken) return
    await new Promise<void>((resolve) => {
      this.#nextHead.push(resolve)
    })
  }

  #end(kind: RaceResult['kind']): void {
    this.#over = true
    this.#finish({
      kind,
      solution: this.#solution,
      attempts: this.#attempts,
      stale: this.#stale,
      reason: this.#reason,
    })
  }

  #tell(event: RaceEvent): void {
    if (!this.#over) this.#options.onEvent?.(event)
  }
}

/** The hashes of the last blocks, as far as heads and their parents have told. */
function createRecentChain() {
  const hashes = new Map<number, Uint8Array>()
  return {
    add({ blockNumber, blockHash, parentHash }: ChainHead): void {
      const knownParent = hashes.get(blockNumber - 1)
      const forked = parentHash && knownParent && !sameBytes(knownParent, parentHash)
      for (const number of hashes.keys()) {
        // After a fork nothing is known of the blocks below its parent either.
        if (forked || number >= blockNumber || number < blockNumber - 8) hashes.delete(number)
      }
      if (parentHash) hashes.set(blockNumber - 1, parentHash)
      hashes.set(blockNumber, blockHash)
    },
    /** Whether the chain has another block of this number, or has gone back behind it. */
    contradicts(blockNumber: number, blockHash: Uint8Array): boolean {
      const known = hashes.get(blockNumber)
      if (known) return !sameBytes(known, blockHash)
      return blockNumber > Math.max(...hashes.keys())
    },
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function isAway(error: unknown): error is BittensorError {
  return error instanceof BittensorError && ['CONNECTION', 'TIMEOUT'].includes(error.code)
}

function reasonOf(signal: AbortSignal | undefined): BittensorError {
  const reason: unknown = signal?.reason
  return reason instanceof BittensorError
    ? reason
    : new BittensorError('INTERRUPTED', 'the registration was interrupted')
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
