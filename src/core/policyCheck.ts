/** Checks a transaction against the policy before it is signed. What cannot be evaluated counts as forbidden. */
import { BittensorError } from './errors.js'
import { type JournalContent, type JournalEntry, mayHavePaid, type Payment } from './journal.js'
import { coversCall, type Policy, type PolicyKey } from './policy.js'
import { formatTao, type Rao } from './units.js'

/** What a transaction would do, as far as it is known before signing. */
export type Intended = {
  readonly network: string
  readonly genesisHash: string
  /** What money on this chain is worth, by its genesis block. */
  readonly value: 'real' | 'worthless' | 'unknown'
  readonly command: string
  /** `Pallet.name` of the call and of every call inside it. */
  readonly calls: readonly string[]
  /** Subnets concerned; undefined if that cannot be said. */
  readonly netuids: readonly number[] | undefined
  /** Who gets RAO; undefined if that cannot be said. */
  readonly destinations: readonly Payment[] | undefined
  /** RAO that leave, without the fee; null if not bounded before signing. */
  readonly spendRao: bigint | null
  /** null if the fee could not be estimated. */
  readonly feeRao: bigint | null
}

/** A rule that a transaction would break. */
export type Violation = { readonly rule: PolicyKey; readonly message: string }

const DAY_MS = 24 * 60 * 60 * 1000

/** What was done before, for the limits of a day. */
export type PolicyHistory = {
  readonly journal: JournalContent
  readonly now: Date
  /** Entry of the journal that is the transaction in question itself. */
  readonly except?: string
}

/**
 * The rules that a transaction would break, all of them; empty if none.
 * @example
 * findViolations(policy, intended, { journal: await journal.read(), now })
 */
export function findViolations(
  policy: Policy,
  intended: Intended,
  history: PolicyHistory,
): readonly Violation[] {
  return [
    ...amountViolations(policy, intended),
    ...dayViolations(policy, intended, history),
    ...destinationViolations(policy, intended, history),
    ...scopeViolations(policy, intended),
  ]
}

function amountViolations(policy: Policy, intended: Intended): Violation[] {
  const { maxPerTransaction, maxFee } = policy
  const { spendRao, feeRao } = intended
  const found: Violation[] = []
  if (maxFee !== undefined && feeRao === null) found.push(unknownFee('max_fee'))
  if (maxFee !== undefined && feeRao !== null && feeRao > maxFee) {
    found.push({
      rule: 'max_fee',
      message: `the fee of τ${formatTao(feeRao)} is above τ${formatTao(maxFee)}`,
    })
  }
  if (maxPerTransaction !== undefined) {
    const total = totalOf(intended, 'max_per_transaction')
    if (typeof total !== 'bigint') found.push(total)
    else if (total > maxPerTransaction) {
      found.push({
        rule: 'max_per_transaction',
        message: `τ${formatTao(spendRao ?? 0n)} and the fee of τ${formatTao(feeRao ?? 0n)} are more than τ${formatTao(maxPerTransaction)}`,
      })
    }
  }
  return found
}

/** Said where a limit counts the fee and nobody could estimate it. */
export const UNKNOWN_FEE = 'the fee is not known'

function unknownFee(rule: PolicyKey): Violation {
  return { rule, message: UNKNOWN_FEE }
}

function totalOf({ spendRao, feeRao }: Intended, rule: PolicyKey): bigint | Violation {
  if (spendRao === null) return { rule, message: 'the amount is not bounded before signing' }
  return feeRao === null ? unknownFee(rule) : spendRao + feeRao
}

function dayViolations(policy: Policy, intended: Intended, history: PolicyHistory): Violation[] {
  const rule = 'max_per_day'
  const limit = policy.maxPerDay
  if (limit === undefined) return []
  const total = totalOf(intended, rule)
  if (typeof total !== 'bigint') return [total]
  const before = spentToday(intended.genesisHash, history)
  if (before === undefined) {
    return [{ rule, message: 'the journal holds transactions whose amount is not known' }]
  }
  if (before + total <= limit) return []
  return [
    {
      rule,
      message: `τ${formatTao(total)} on top of τ${formatTao(before)} in the last 24 hours are more than τ${formatTao(limit)}`,
    },
  ]
}

/** RAO that left, or may have left, on one chain in the last 24 hours; undefined if that cannot be told. */
export function spentToday(genesisHash: string, history: PolicyHistory): bigint | undefined {
  if (history.journal.foreign > 0) return undefined
  let sum = 0n
  for (const entry of entriesOfToday(genesisHash, history)) {
    const spent = costOf(entry)
    if (spent === null) return undefined
    sum += spent
  }
  return sum
}

/** A failed transaction costs its fee, one that was never included costs nothing. */
function costOf(entry: JournalEntry): bigint | null {
  if (entry.outcome?.outcome === 'not-included') return 0n
  if (entry.feeRao === null) return null
  if (!mayHavePaid(entry)) return entry.feeRao
  return entry.spendRao === null ? null : entry.spendRao + entry.feeRao
}

/** Entries with a time in the future or without one count: a clock that was set back must not loosen anything. */
function entriesOfToday(genesisHash: string, history: PolicyHistory): readonly JournalEntry[] {
  const start = history.now.getTime() - DAY_MS
  return history.journal.entries.filter(
    (entry) =>
      entry.genesisHash === genesisHash &&
      entry.id !== history.except &&
      !(Date.parse(entry.time) <= start),
  )
}

function destinationViolations(
  policy: Policy,
  intended: Intended,
  history: PolicyHistory,
): Violation[] {
  const { allowedDestinations, maxPerDestination } = policy
  const { destinations } = intended
  const found: Violation[] = []
  if (allowedDestinations) {
    const rule = 'allowed_destinations'
    if (!destinations) found.push({ rule, message: 'the destination is not known' })
    for (const one of destinations ?? []) {
      if (!allowedDestinations.has(one.address)) {
        found.push({ rule, message: `${one.address} is not in the list` })
      }
    }
  }
  if (maxPerDestination) {
    if (!destinations) {
      found.push({ rule: 'max_per_destination', message: 'the destination is not known' })
    }
    for (const to of new Set(destinations?.map((one) => one.address))) {
      found.push(...limitViolations(to, maxPerDestination, intended, history))
    }
  }
  return found
}

function limitViolations(
  to: string,
  limits: ReadonlyMap<string, Rao>,
  intended: Intended,
  history: PolicyHistory,
): Violation[] {
  const rule = 'max_per_destination'
  const limit = limits.get(to) ?? limits.get('default')
  if (limit === undefined) return []
  const earlier = entriesOfToday(intended.genesisHash, history).filter(mayHavePaid)
  const payments = [
    ...earlier.flatMap((entry) => entry.destinations),
    ...(intended.destinations ?? []),
  ]
  const amounts = payments.filter((one) => one.address === to).map((one) => one.amountRao)
  if (history.journal.foreign > 0 || amounts.includes(null)) {
    return [{ rule, message: `what ${to} gets in 24 hours is not known` }]
  }
  const sum = amounts.reduce<bigint>((all, one) => all + (one ?? 0n), 0n)
  if (sum <= limit) return []
  return [
    {
      rule,
      message: `${to} would get τ${formatTao(sum)} in 24 hours, more than τ${formatTao(limit)}`,
    },
  ]
}

function scopeViolations(policy: Policy, intended: Intended): Violation[] {
  const { allowedNetworks, forbiddenCommands } = policy
  const found: Violation[] = [
    ...callViolations(policy, intended),
    ...netuidViolations(policy, intended),
  ]
  if (allowedNetworks && !networkNamesOf(intended).some((name) => allowedNetworks.has(name))) {
    found.push({ rule: 'allowed_networks', message: `${intended.network} is not in the list` })
  }
  if (forbiddenCommands?.has(intended.command)) {
    found.push({ rule: 'forbidden_commands', message: `${intended.command} is in the list` })
  }
  return found
}

function callViolations({ allowedCalls }: Policy, { calls }: Intended): Violation[] {
  const rule = 'allowed_calls'
  if (!allowedCalls) return []
  if (calls.length === 0) return [{ rule, message: 'the call is not known' }]
  const outside = calls.filter((call) => !coversCall(allowedCalls, call))
  return outside.map((call) => ({ rule, message: `${call} is not in the list` }))
}

function netuidViolations({ allowedNetuids }: Policy, { netuids }: Intended): Violation[] {
  const rule = 'allowed_netuids'
  if (!allowedNetuids) return []
  if (!netuids) return [{ rule, message: 'the subnet is not known' }]
  const outside = netuids.filter((netuid) => !allowedNetuids.has(netuid))
  return outside.map((netuid) => ({ rule, message: `netuid ${netuid} is not in the list` }))
}

/** `local` may lead to the real chain by a tunnel: where money is real, only a name of the real chain counts. */
function networkNamesOf({ network, genesisHash, value }: Intended): readonly string[] {
  if (value !== 'real') return [network, genesisHash]
  const aliases = ['archive', 'latent-lite'].includes(network) ? [network] : []
  return ['finney', genesisHash, ...aliases]
}

/**
 * The refusal of a transaction.
 * @example
 * if (violations.length > 0) throw policyError(violations, path)
 */
export function policyError(violations: readonly Violation[], path: string): BittensorError {
  const [first, ...rest] = violations.map(({ rule, message }) => `${message} (${rule})`)
  return new BittensorError('POLICY', `the policy forbids this: ${first ?? 'no reason'}`, {
    details: [...rest, 'nothing was sent'].join('\n'),
    hint: `the rules are in ${path}; btcli policy shows them`,
    data: { violations, path },
  })
}
