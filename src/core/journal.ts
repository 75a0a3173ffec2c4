/**
 * The journal of transactions: a line is on disk before anything is sent, so that no crash and no lost connection
 * can make a second run pay twice without knowing. Holds no secret.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { flushDirectory } from './atomicFile.js'
import { BittensorError } from './errors.js'

/** A value as JSON has it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/**
 * How a transaction ended. `unknown`: nobody was there to see it, the chain has to be asked. `sent`: nobody wanted to
 * see it; the command ended well when it was sent.
 */
export type OutcomeKind = 'included' | 'finalized' | 'failed' | 'not-included' | 'unknown' | 'sent'

export type Outcome = {
  readonly outcome: OutcomeKind
  /** When it was written down, ISO 8601. */
  readonly time: string
  /** The block that holds the transaction. */
  readonly block?: number
  /** `Pallet.Name`, or why nothing was sent. */
  readonly error?: string
  /** RAO that left, where only the chain could say it: the entry has it as its amount. */
  readonly spentRao?: bigint
}

/** Blocks in which a transaction can be included, both ends belong to it. */
export type Lifetime = { readonly birth: number; readonly death: number }

/** What is about to be sent. */
export type NewEntry = {
  /** Label of the network, for people. The chain is told by its genesis block. */
  readonly network: string
  readonly genesisHash: string
  readonly specVersion: number
  /** Command of btcli: `transfer`. */
  readonly command: string
  /** Who signs, ss58. */
  readonly account: string
  /** `Balances.transfer` and its readable arguments; bigints become decimal text, bytes hex. */
  readonly call: { readonly name: string; readonly args: Readonly<Record<string, unknown>> }
  /** From {@link intentDigest}. */
  readonly intent: string
  readonly nonce: number
  readonly era: Lifetime | 'immortal'
  /** Hash of the signed transaction. */
  readonly hash: string
  /** RAO that leave the account, without the fee; null if that cannot be said. */
  readonly spendRao: bigint | null
  /** Estimated fee in RAO; null if that cannot be said. */
  readonly feeRao: bigint | null
  /** Accounts that the RAO go to, with the amount for each. */
  readonly destinations?: readonly Payment[]
}

/** RAO for one account; null if that cannot be said. */
export type Payment = { readonly address: string; readonly amountRao: bigint | null }

/** One transaction of the journal with what became of it. */
export type JournalEntry = Omit<NewEntry, 'call' | 'destinations'> & {
  readonly id: string
  /** When it was written down, ISO 8601. */
  readonly time: string
  readonly call: { readonly name: string; readonly args: Readonly<Record<string, Json>> }
  readonly destinations: readonly Payment[]
  /** Absent until something is known. */
  readonly outcome: Outcome | undefined
}

/** All that the file holds. */
export type JournalContent = {
  /** Oldest first. */
  readonly entries: readonly JournalEntry[]
  /** Lines cut off by a crash. What they announced was never sent. */
  readonly torn: number
  /** Lines that are whole but were not written by this program, or by a later version of it. */
  readonly foreign: number
}

/** A journal in one folder. */
export type Journal = {
  readonly path: string
  /**
   * Writes an entry and flushes it to disk. To be awaited before sending.
   * @throws {BittensorError} `INTERNAL` when the disk does not take it; then nothing may be sent
   */
  record(entry: NewEntry): Promise<JournalEntry>
  /** Writes what became of an entry. The last certain outcome counts. */
  decide(id: string, outcome: Omit<Outcome, 'time'>): Promise<void>
  /** @throws {BittensorError} `INTERNAL` when the file is there and cannot be read */
  read(): Promise<JournalContent>
}

/**
 * Opens the journal of a folder; nothing is read or created yet.
 * @param directory folder of the journal, `~/.bittensor/history` with the home directory filled in
 * @example
 * const journal = openJournal({ directory, now: () => new Date() })
 * const { id } = await journal.record(entry)
 * // … send …
 * await journal.decide(id, { outcome: 'included', block: 4_100_203 })
 */
export function openJournal(options: {
  readonly directory: string
  readonly now: () => Date
}): Journal {
  const path = join(options.directory, 'transactions.jsonl')
  const read = () => readJournal(path)
  return {
    path,
    read,
    async record(entry) {
      const id = randomBytes(6).toString('hex')
      const line = entryLine(id, options.now().toISOString(), entry)
      await append(path, line)
      return toEntry(line, undefined)
    },
    async decide(id, outcome) {
      const { spentRao, ...rest } = outcome
      const spent = spentRao === undefined ? {} : { spentRao: `${spentRao}` }
      await append(path, { id, ...rest, ...spent, time: options.now().toISOString() })
    },
  }
}

/** True if it is not certain what became of the transaction. */
export function isOpen(entry: JournalEntry): boolean {
  return entry.outcome === undefined || !isCertain(entry.outcome)
}

function isCertain({ outcome }: Pick<Outcome, 'outcome'>): boolean {
  return outcome !== 'unknown' && outcome !== 'sent'
}

/** True unless it is certain that the transaction did nothing: an open one may still have moved its RAO. */
export function mayHavePaid(entry: JournalEntry): boolean {
  return entry.outcome?.outcome !== 'failed' && entry.outcome?.outcome !== 'not-included'
}

/**
 * Digest of what a person wants: the same for a second run of the same command, whatever nonce, era or tip it gets.
 * Arguments that differ from run to run (a proof of work, an amount that "all" became) have to be left out or
 * replaced by what was asked for.
 * @returns 32 hex digits
 * @example
 * intentDigest({ genesisHash, account, call: 'Balances.transfer', args: { dest, value: 10_500_000_000n } })
 */
export function intentDigest(intent: {
  readonly genesisHash: string
  readonly account: string
  readonly call: string
  readonly args: Readonly<Record<string, unknown>>
}): string {
  const { genesisHash, account, call, args } = intent
  const text = JSON.stringify(sorted([genesisHash, account, call, toJson(args)]))
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map(sorted)
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]))
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** Any value as JSON: bigints as decimal text, bytes as hex, `undefined` left out of objects and null elsewhere. */
export function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : `${value}`
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value !== 'object') return `${String(value)}`
  const pairs = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(pairs.map(([key, item]) => [key, toJson(item)]))
}

type EntryLine = { readonly [key: string]: Json } & { readonly id: string; readonly time: string }

function entryLine(id: string, time: string, entry: NewEntry): EntryLine {
  const { destinations, call, ...rest } = entry
  const fields = toJson({ ...rest, call: { name: call.name, args: toJson(call.args) } })
  const paid = destinations && destinations.length > 0 ? { destinations: toJson(destinations) } : {}
  return { id, time, ...(fields as { readonly [key: string]: Json }), ...paid }
}

/**
 * One write at the end of the file, flushed. A torn line of an earlier crash is closed first, so that this line
 * stands alone. A write that is cut short (disk full) fails here, before anything is sent.
 */
async function append(path: string, line: { readonly [key: string]: unknown }): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'a+', 0o600)
    try {
      const { size } = await file.stat()
      const bytes = Buffer.from(
        `${(await endsLine(file, size)) ? '' : '\n'}${JSON.stringify(line)}\n`,
      )
      const { bytesWritten } = await file.write(bytes)
      if (bytesWritten !== bytes.length) throw new Error('the disk took only a part of the line')
      await file.sync()
      if (size === 0) await flushDirectory(dirname(path))
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw journalError(`the journal cannot be written: ${path}`, cause)
  }
}

async function endsLine(file: Awaited<ReturnType<typeof open>>, size: number): Promise<boolean> {
  if (size === 0) return true
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === 0x0a
}

function journalError(message: string, cause: unknown): BittensorError {
  return new BittensorError('INTERNAL', message, {
    details: cause instanceof Error ? cause.message : undefined,
    hint: 'transactions are only sent when they can be written down first; check the folder and the disk',
    cause,
  })
}

async function readJournal(path: string): Promise<JournalContent> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      return { entries: [], torn: 0, foreign: 0 }
    throw journalError(`the journal cannot be read: ${path}`, cause)
  }
  return parseJournal(text)
}

/** Reads the lines of a journal; pure. */
export function parseJournal(text: string): JournalContent {
  const lines = new Map<string, Json>()
  const outcomes = new Map<string, Outcome>()
  let torn = 0
  let foreign = 0
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const value = parseLine(line)
    if (value === undefined) torn++
    else if (isEntryLine(value) && !lines.has(value.id)) lines.set(value.id, value)
    else if (isOutcomeLine(value)) outcomes.set(value.id, later(outcomes.get(value.id), value))
    else foreign++
  }
  const entries = [...lines].map(([id, line]) => toEntry(line as EntryLine, outcomes.get(id)))
  return { entries, torn, foreign }
}

function parseLine(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json
  } catch {
    return undefined
  }
}

/** A certain outcome is not undone by one that is not. */
function later(known: Outcome | undefined, line: OutcomeLine): Outcome {
  if (known && isCertain(known) && !isCertain(line)) return known
  const { outcome, time, block, error, spentRao } = line
  return {
    outcome,
    time,
    ...(block === undefined ? {} : { block }),
    ...(error === undefined ? {} : { error }),
    ...(spentRao === undefined ? {} : { spentRao: BigInt(spentRao) }),
  }
}

type Fields = { readonly [key: string]: Json }
type OutcomeLine = Omit<Outcome, 'spentRao'> & { readonly id: string; readonly spentRao?: string }

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOutcomeLine(value: Json): value is Json & OutcomeLine {
  if (!isFields(value)) return false
  const { id, outcome, time, block, error, spentRao } = value
  return (
    typeof id === 'string' &&
    typeof time === 'string' &&
    OUTCOMES.includes(outcome as OutcomeKind) &&
    (block === undefined || typeof block === 'number') &&
    (error === undefined || typeof error === 'string') &&
    (spentRao === undefined || (typeof spentRao === 'string' && isAmount(spentRao)))
  )
}

const OUTCOMES: readonly OutcomeKind[] = [
  'included',
  'finalized',
  'failed',
  'not-included',
  'unknown',
  'sent',
]

const TEXTS = [
  'id',
  'time',
  'network',
  'genesisHash',
  'command',
  'account',
  'intent',
  'hash',
] as const

function isEntryLine(value: Json): value is EntryLine {
  if (!isFields(value)) return false
  const { specVersion, nonce, era, call, spendRao, feeRao, destinations = [] } = value
  return (
    TEXTS.every((key) => typeof value[key] === 'string') &&
    typeof specVersion === 'number' &&
    typeof nonce === 'number' &&
    (era === 'immortal' || isLifetime(era)) &&
    isFields(call) &&
    typeof call['name'] === 'string' &&
    isFields(call['args']) &&
    isAmount(spendRao) &&
    isAmount(feeRao) &&
    Array.isArray(destinations) &&
    destinations.every(isPayment)
  )
}

function isLifetime(era: Json | undefined): boolean {
  return isFields(era) && typeof era['birth'] === 'number' && typeof era['death'] === 'number'
}

function isAmount(amount: Json | undefined): boolean {
  return amount === null || (typeof amount === 'string' && /^\d+$/.test(amount))
}

function isPayment(payment: Json): boolean {
  return (
    isFields(payment) && typeof payment['address'] === 'string' && isAmount(payment['amountRao'])
  )
}

/** An entry line, checked by {@link isEntryLine}, with its amounts as numbers again. */
function toEntry(line: EntryLine, outcome: Outcome | undefined): JournalEntry {
  const checked = line as unknown as Omit<JournalEntry, 'spendRao' | 'feeRao' | 'destinations'>
  const destinations = (line['destinations'] ?? []) as readonly Fields[]
  const spent = outcome?.spentRao
  return {
    ...checked,
    spendRao: amountOf(line['spendRao']) ?? spent ?? null,
    feeRao: amountOf(line['feeRao']),
    destinations: destinations.map((one) => ({
      address: one['address'] as string,
      amountRao: (destinations.length === 1 ? spent : undefined) ?? amountOf(one['amountRao']),
    })),
    outcome,
  }
}

function amountOf(amount: Json | undefined): bigint | null {
  return typeof amount === 'string' ? BigInt(amount) : null
}
