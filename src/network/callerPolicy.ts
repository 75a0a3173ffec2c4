/** Whom a miner serves, and in which order: the rules of `bt.blacklist` and `bt.priority` of bittensor 5.3.1. */
import { BittensorError } from '../core/errors.js'
import type { Call } from './call.js'

/** What the rules need of a metagraph, by uid; `Metagraph` has it. */
export type CallerTable = {
  /** ss58 addresses */
  readonly hotkeys: readonly string[]
  /** RAO */
  readonly stake: ArrayLike<bigint>
  readonly validatorPermit: ArrayLike<boolean | number>
}

/** A table that changes with every sync is given as a function. */
export type CallerTableSource = CallerTable | (() => CallerTable)

/** Whom a blacklist turns away. */
export type CallerRules = {
  readonly blacklistedKeys?: readonly string[] | undefined
  /** Served whatever the other rules say. */
  readonly whitelistedKeys?: readonly string[] | undefined
  /** Default: callers that are not registered on the subnet are refused. */
  readonly allowNonRegistered?: boolean | undefined
  /** RAO; default 0. */
  readonly minAllowedStake?: bigint | undefined
  /** Refuses callers without a validator permit (5.3.1 refuses those that have one: an oversight). */
  readonly vpermitRequired?: boolean | undefined
}

/**
 * A `blacklist` function for `attach`.
 * @example
 * axon.attach(TextEcho, { forward, blacklist: createBlacklist(() => metagraph, { vpermitRequired: true }) })
 */
export function createBlacklist(
  source: CallerTableSource,
  rules: CallerRules = {},
): (call: Pick<Call, 'caller'>) => readonly [boolean, string] {
  const blacklisted = new Set(rules.blacklistedKeys)
  const whitelisted = new Set(rules.whitelistedKeys)
  return ({ caller }) => {
    if (blacklisted.has(caller)) return [true, 'blacklisted key']
    if (whitelisted.has(caller)) return [false, 'whitelisted key']
    const table = tableOf(source)
    const uid = table.hotkeys.indexOf(caller)
    if (uid < 0 && !rules.allowNonRegistered) return [true, 'pubkey not registered']
    if ((table.stake[uid] ?? 0n) < (rules.minAllowedStake ?? 0n)) {
      return [true, 'pubkey stake below min_allowed_stake']
    }
    if (rules.vpermitRequired && !table.validatorPermit[uid]) {
      return [true, 'validator permit required']
    }
    return [false, 'passed blacklist']
  }
}

/** Who comes first. */
export type PriorityRules = {
  /** Last in line. */
  readonly blacklistedKeys?: readonly string[] | undefined
  /** First in line. */
  readonly whitelistedKeys?: readonly string[] | undefined
  /** For callers that are not registered; default 0. */
  readonly defaultPriority?: number | undefined
}

/**
 * A `priority` function for `attach`: the caller's stake in TAO.
 * @throws {BittensorError} `USAGE` for a default that is no number
 * @example
 * axon.attach(TextEcho, { forward, priority: createPriority(() => metagraph) })
 */
export function createPriority(
  source: CallerTableSource,
  rules: PriorityRules = {},
): (call: Pick<Call, 'caller'>) => number {
  const blacklisted = new Set(rules.blacklistedKeys)
  const whitelisted = new Set(rules.whitelistedKeys)
  const { defaultPriority = 0 } = rules
  if (Number.isNaN(defaultPriority)) throw new BittensorError('USAGE', 'a priority is a number')
  return ({ caller }) => {
    if (blacklisted.has(caller)) return Number.NEGATIVE_INFINITY
    if (whitelisted.has(caller)) return Number.POSITIVE_INFINITY
    const { hotkeys, stake } = tableOf(source)
    const uid = hotkeys.indexOf(caller)
    // A rank among waiting requests, not money: a float will do.
    return uid < 0 ? defaultPriority : Number(stake[uid] ?? 0n) / 1e9
  }
}

function tableOf(source: CallerTableSource): CallerTable {
  return typeof source === 'function' ? source() : source
}
