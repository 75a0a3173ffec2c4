/** Decides journal entries whose outcome is not certain by asking the chain. */
import type { ChainEvent } from './chain/types.js'
import { BittensorError } from './errors.js'
import {
  isOpen,
  type Journal,
  type JournalContent,
  type JournalEntry,
  mayHavePaid,
  type Outcome,
} from './journal.js'
import { spentBy } from './spent.js'

/** A transaction found in a block. */
export type FoundExtrinsic = {
  readonly block: number
  /** False if the block holds it but it failed; undefined if the events of the block are not available any more. */
  readonly ok: boolean | undefined
  /** `Pallet.Name` of the failure. */
  readonly error?: string
  /** What it raised, where it succeeded. */
  readonly events?: readonly ChainEvent[]
}

/** What settling asks of the chain. Failures of these (no connection, block pruned) are passed on: nothing is decided then. */
export type ChainLookup = {
  readonly genesisHash: string
  /** Looks for a transaction in these blocks, both ends included; undefined if none of them holds it. */
  findExtrinsic(
    hash: string,
    fromBlock: number,
    toBlock: number,
  ): Promise<FoundExtrinsic | undefined>
  bestBlock(): Promise<number>
  /** The last block that cannot be undone. With it an era only counts as over when no fork can bring it back. */
  finalizedBlock?(): Promise<number>
}

/** Where a transaction of the journal has ended up. */
export type Settlement =
  | {
      readonly state: 'included'
      readonly block: number
      readonly certain: boolean
      /** RAO that left, where only the chain can say it. */
      readonly spentRao?: bigint
    }
  | { readonly state: 'failed'; readonly block: number; readonly error: string }
  /** Its era is over: it cannot be included any more, it is safe to try again. */
  | { readonly state: 'not-included'; readonly lastBlock: number }
  /** It can still be included, up to and including `lastBlock` (undefined: for ever). */
  | {
      readonly state: 'open'
      readonly lastBlock: number | undefined
      readonly blocksLeft: number | undefined
    }

/**
 * Finds out what became of one entry. Writes nothing; {@link outcomeOf} gives the line to write.
 * @throws {BittensorError} `USAGE` when the entry belongs to another chain; failures of the lookups
 * @example
 * const settlement = await settle(entry, chain)
 * if (settlement.state === 'not-included') retry()
 */
export async function settle(entry: JournalEntry, chain: ChainLookup): Promise<Settlement> {
  if (entry.genesisHash !== chain.genesisHash) throw otherChain(entry)
  const known = certainOutcome(entry)
  if (known) return known
  const { era } = entry
  // In this order: all that is called over has to lie within what is searched afterwards.
  const finalized = await chain.finalizedBlock?.()
  const best = await chain.bestBlock()
  const solid = finalized ?? best
  const birth = era === 'immortal' ? 0 : era.birth
  const last = era === 'immortal' ? best : Math.min(era.death, best)
  const found = last < birth ? undefined : await chain.findExtrinsic(entry.hash, birth, last)
  if (found) return fromBlock(entry, found)
  if (era === 'immortal') return { state: 'open', lastBlock: undefined, blocksLeft: undefined }
  if (solid >= era.death) return { state: 'not-included', lastBlock: era.death }
  return { state: 'open', lastBlock: era.death, blocksLeft: Math.max(0, era.death - best) }
}

function fromBlock({ call }: JournalEntry, found: FoundExtrinsic): Settlement {
  const { block, ok, error, events = [] } = found
  if (ok === false) return { state: 'failed', block, error: error ?? 'unknown error' }
  return { state: 'included', block, certain: ok === true, ...spentField(spentBy(call, events)) }
}

function spentField(spentRao: bigint | undefined): { readonly spentRao?: bigint } {
  return spentRao === undefined ? {} : { spentRao }
}

function certainOutcome(entry: JournalEntry): Settlement | undefined {
  const { outcome } = entry
  if (!outcome || isOpen(entry)) return undefined
  const block = outcome.block ?? 0
  if (outcome.outcome === 'failed') {
    return { state: 'failed', block, error: outcome.error ?? 'unknown error' }
  }
  if (outcome.outcome === 'not-included') {
    return {
      state: 'not-included',
      lastBlock: entry.era === 'immortal' ? block : entry.era.death,
    }
  }
  return { state: 'included', block, certain: true }
}

/** The journal line of a settlement; undefined while it is open. */
export function outcomeOf(settlement: Settlement): Omit<Outcome, 'time'> | undefined {
  switch (settlement.state) {
    case 'open':
      return undefined
    case 'not-included':
      return { outcome: 'not-included' }
    case 'failed':
      return { outcome: 'failed', block: settlement.block, error: settlement.error }
    case 'included':
      return {
        outcome: 'included',
        block: settlement.block,
        ...(settlement.certain ? {} : { error: 'events of the block are not available any more' }),
        ...spentField(settlement.spentRao),
      }
  }
}

/** An earlier transaction of the same intent, and what the chain says of it. */
export type Earlier = {
  readonly entry: JournalEntry
  readonly settlement: Settlement
  /** It was written down by another process after this one had begun: nobody has seen its outcome when asking for this one. */
  readonly meanwhile: boolean
}

/** What earlier transactions of one intent mean for sending it (again). */
export type Duplicates = {
  /**
   * `clear`: nothing stands against sending. `already`: an earlier one, whose outcome was unknown until now, was included:
   * what was asked for is done. `open`: an earlier one can still be included. One that was sent without waiting only
   * counts while it is open: its command had ended well, so the same again means a second one.
   */
  readonly verdict: 'clear' | 'already' | 'open'
  readonly earlier: readonly Earlier[]
}

/**
 * Asks the chain about every undecided entry of an intent, and about those that came since `seen` was read. To be called
 * with the account's lock held, before signing. The answer is not written to the journal: tell it first, then call {@link remember}, so that a crash in between
 * cannot lose it.
 * @throws failures of the lookups: as long as the chain does not answer, nothing may be sent
 */
export async function findDuplicates(
  journal: Journal,
  intent: string,
  chain: ChainLookup,
  seen?: JournalContent,
): Promise<Duplicates> {
  const earlier: Earlier[] = []
  for (const { entry, meanwhile } of await undecided(journal, intent, seen)) {
    earlier.push({ entry, settlement: await settle(entry, chain), meanwhile })
  }
  const canStillCome = earlier.some(({ settlement }) => settlement.state === 'open')
  const isDone = earlier.some(decidesItself)
  return { verdict: canStillCome ? 'open' : isDone ? 'already' : 'clear', earlier }
}

/** Entries of an intent that stand in question; `seen` is the journal as it was when the person began. */
export async function undecided(
  journal: Journal,
  intent: string,
  seen: JournalContent | undefined,
): Promise<readonly Pick<Earlier, 'entry' | 'meanwhile'>[]> {
  const known = seen && new Set(seen.entries.map(({ id }) => id))
  const { entries } = await journal.read()
  return entries
    .filter((entry) => entry.intent === intent)
    .map((entry) => ({ entry, meanwhile: known !== undefined && !known.has(entry.id) }))
    .filter(({ entry, meanwhile }) => isOpen(entry) || (meanwhile && mayHavePaid(entry)))
}

function decidesItself({ entry, settlement, meanwhile }: Earlier): boolean {
  return settlement.state === 'included' && (meanwhile || entry.outcome?.outcome !== 'sent')
}

/** Writes what was found out about earlier transactions. */
export async function remember(journal: Journal, earlier: readonly Earlier[]): Promise<void> {
  for (const { entry, settlement } of earlier) {
    const outcome = isOpen(entry) ? outcomeOf(settlement) : undefined
    if (outcome) await journal.decide(entry.id, outcome)
  }
}

/**
 * What stands against sending, in one sentence without its end: `the same transfer was sent before and …`.
 */
export function duplicateText(duplicates: Duplicates): string {
  const first = deciding(duplicates)
  const what = first?.entry.command ?? 'transaction'
  if (first?.settlement.state === 'included' && first.meanwhile) {
    return `the same ${what} was sent by another btcli meanwhile, and is in block ${first.settlement.block}`
  }
  if (first?.settlement.state === 'included') {
    return `the same ${what}, whose outcome was unknown until now, was included in block ${first.settlement.block}`
  }
  const left = first?.settlement.state === 'open' ? first.settlement.blocksLeft : undefined
  return `the same ${what} was sent before and can still be included${remaining(left)}`
}

/** The entry that makes the verdict. */
function deciding({ verdict, earlier }: Duplicates): Earlier | undefined {
  if (verdict === 'already') return earlier.find(decidesItself)
  return earlier.find(({ settlement }) => settlement.state === 'open')
}

/**
 * The refusal to send what was sent before; `-y` does not answer it.
 * @example
 * if (duplicates.verdict !== 'clear') throw duplicateError(duplicates)
 */
export function duplicateError(duplicates: Duplicates): BittensorError {
  const first = deciding(duplicates)
  const hint =
    duplicates.verdict === 'already'
      ? `what you asked for is done; ${first?.meanwhile ? '' : '`btcli history settle` takes note of it, '}--allow_duplicate sends a second one now`
      : 'run it again later: it is sent only if the earlier one was not included; --allow_duplicate sends a second one now'
  return new BittensorError('DUPLICATE', duplicateText(duplicates), {
    details: `the earlier one is ${first?.entry.hash} of ${first?.entry.time}; nothing was sent now`,
    hint,
    data: {
      verdict: duplicates.verdict,
      id: first?.entry.id,
      hash: first?.entry.hash,
      settlement: first?.settlement,
    },
  })
}

function remaining(blocksLeft: number | undefined): string {
  if (blocksLeft === undefined) return ''
  if (blocksLeft === 0) return ' until its last block is final'
  return blocksLeft === 1 ? ' for 1 more block' : ` for ${blocksLeft} more blocks`
}

function otherChain(entry: JournalEntry): BittensorError {
  return new BittensorError('USAGE', `transaction ${entry.id} belongs to another chain`, {
    details: `it was sent to ${entry.network}, genesis ${entry.genesisHash}`,
    hint: `give --subtensor.network ${entry.network}`,
  })
}
