/**
 * Spend limits that a person sets for every later run: a file that can only forbid.
 * A rule that cannot be evaluated counts as broken, and so does a file that cannot be understood.
 */
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BittensorError } from './errors.js'
import { decodeAddress } from './keys/ss58.js'
import { parseTao, type Rao } from './units.js'

/** The rules; an absent one forbids nothing. Amounts are RAO, a day is the last 24 hours. */
export type Policy = {
  /** Most that one transaction may take from the account, fee included. */
  readonly maxPerTransaction: Rao | undefined
  /** Most that may leave on one chain in a day, fees included. */
  readonly maxPerDay: Rao | undefined
  readonly maxFee: Rao | undefined
  /** Most that one destination may get in a day; `default` is for those without a limit of their own. */
  readonly maxPerDestination: ReadonlyMap<string, Rao> | undefined
  /** ss58 addresses. */
  readonly allowedDestinations: ReadonlySet<string> | undefined
  /** `Balances.transfer_keep_alive` or `SubtensorModule.*`. */
  readonly allowedCalls: ReadonlySet<string> | undefined
  readonly allowedNetuids: ReadonlySet<number> | undefined
  /** Names of networks or genesis hashes. */
  readonly allowedNetworks: ReadonlySet<string> | undefined
  /** Commands of btcli: `transfer`. */
  readonly forbiddenCommands: ReadonlySet<string> | undefined
}

type Field = {
  readonly key: PolicyKey
  readonly field: keyof Policy
  /** What a value looks like, for help and errors. */
  readonly form: string
  readonly description: string
}

/** Keys of the file. */
export type PolicyKey =
  | 'max_per_transaction'
  | 'max_per_day'
  | 'max_fee'
  | 'max_per_destination'
  | 'allowed_destinations'
  | 'allowed_calls'
  | 'allowed_netuids'
  | 'allowed_networks'
  | 'forbidden_commands'

/** All rules, in the order to show them. */
export const policyFields: readonly Field[] = [
  {
    key: 'max_per_transaction',
    field: 'maxPerTransaction',
    form: 'an amount of TAO',
    description: 'most that one transaction may take, fee included',
  },
  {
    key: 'max_per_day',
    field: 'maxPerDay',
    form: 'an amount of TAO',
    description: 'most that may leave in 24 hours, fees included',
  },
  {
    key: 'max_fee',
    field: 'maxFee',
    form: 'an amount of TAO',
    description: 'highest fee of one transaction',
  },
  {
    key: 'max_per_destination',
    field: 'maxPerDestination',
    form: 'an amount of TAO, or amounts by address',
    description: 'most that one account may get in 24 hours',
  },
  {
    key: 'allowed_destinations',
    field: 'allowedDestinations',
    form: 'a list of ss58 addresses',
    description: 'accounts that may get TAO',
  },
  {
    key: 'allowed_calls',
    field: 'allowedCalls',
    form: 'a list of Pallet.call or Pallet.*',
    description: 'calls that may be signed',
  },
  {
    key: 'allowed_netuids',
    field: 'allowedNetuids',
    form: 'a list of subnet numbers',
    description: 'subnets that calls may concern',
  },
  {
    key: 'allowed_networks',
    field: 'allowedNetworks',
    form: 'a list of network names or genesis hashes',
    description: 'chains that may be used',
  },
  {
    key: 'forbidden_commands',
    field: 'forbiddenCommands',
    form: 'a list of btcli commands',
    description: 'commands that may not sign anything',
  },
]

/**
 * The policy file of a folder: `policy.yml`, or `policy.json` if that one exists.
 * @throws {BittensorError} `POLICY` when there are both
 */
export async function policyPath(directory: string): Promise<string> {
  const [yml, json] = [join(directory, 'policy.yml'), join(directory, 'policy.json')]
  if (!(await exists(json))) return yml
  if (!(await exists(yml))) return json
  throw new BittensorError('POLICY', `there are two policy files: ${yml} and ${json}`, {
    details: 'which one holds is not clear, so nothing is signed',
    hint: 'remove one of them',
  })
}

/** Links count as well: one that leads nowhere is a fault, not an absent policy. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw unreadable(path, error)
  }
}

/**
 * Reads a policy file.
 * @returns undefined when there is none
 * @throws {BittensorError} `POLICY` when it is there but cannot be read or understood
 * @example
 * const policy = await loadPolicy('/home/alice/.bittensor/policy.yml')
 */
export async function loadPolicy(path: string): Promise<Policy | undefined> {
  const text = await readPolicyText(path)
  return text === undefined ? undefined : parsePolicy(text, path)
}

/** The text of a policy file; undefined when there is none. Throws `POLICY` when it cannot be read. */
export async function readPolicyText(path: string): Promise<string | undefined> {
  if (!(await exists(path))) return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, cause: unknown): BittensorError {
  return new BittensorError('POLICY', `the policy file cannot be read: ${path}`, {
    details: cause instanceof Error ? cause.message : undefined,
    hint: 'nothing is signed until it can be read or is removed',
    cause,
  })
}

/**
 * Reads the text of a policy file, YAML or JSON.
 * @throws {BittensorError} `POLICY` for anything that is not fully understood: unknown rules, wrong amounts, an empty file
 */
export async function parsePolicy(text: string, path: string): Promise<Policy> {
  const { parseDocument } = await import('./yaml.js')
  // The failsafe schema leaves all values as they are written: 1.001 is no floating-point number.
  const document = parseDocument(text, { schema: 'failsafe', merge: false })
  const fault = document.errors[0] ?? document.warnings[0]
  if (fault) throw malformed(path, fault.message.split('\n')[0] ?? 'it is no YAML')
  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    throw malformed(path, error instanceof Error ? error.message : 'it is no YAML')
  }
  return readRules(content, path)
}

function readRules(content: unknown, path: string): Policy {
  if (!isMap(content)) throw malformed(path, 'it holds no rules; write {} for none')
  const unknown = Object.keys(content).find((key) => !policyFields.some((one) => one.key === key))
  if (unknown !== undefined) {
    const known = policyFields.map(({ key }) => key).join(', ')
    throw malformed(path, `there is no rule \`${unknown}\`; rules are ${known}`)
  }
  const read = <T>(key: PolicyKey, parse: (value: unknown) => T): T | undefined => {
    if (!Object.hasOwn(content, key)) return undefined
    try {
      return parse(content[key])
    } catch (error) {
      throw malformed(path, `${key}: ${error instanceof Error ? error.message : 'not understood'}`)
    }
  }
  return {
    maxPerTransaction: read('max_per_transaction', amount),
    maxPerDay: read('max_per_day', amount),
    maxFee: read('max_fee', amount),
    maxPerDestination: read('max_per_destination', amountsByAddress),
    allowedDestinations: read('allowed_destinations', (value) => setOf(value, address)),
    allowedCalls: read('allowed_calls', (value) => setOf(value, callPattern)),
    allowedNetuids: read('allowed_netuids', (value) => setOf(value, netuid)),
    allowedNetworks: read('allowed_networks', (value) => setOf(value, word)),
    forbiddenCommands: read('forbidden_commands', (value) => setOf(value, commandWord)),
  }
}

function malformed(path: string, why: string): BittensorError {
  return new BittensorError('POLICY', `the policy file is not understood: ${path}`, {
    details: why,
    hint: 'correct it or remove it: until then nothing is signed',
  })
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new RangeError('a single value is expected')
  return value
}

function amount(value: unknown): Rao {
  return parseTao(text(value))
}

function amountsByAddress(value: unknown): ReadonlyMap<string, Rao> {
  if (!isMap(value)) return new Map([['default', amount(value)]])
  return new Map(
    Object.entries(value).map(([key, limit]) => [
      key === 'default' ? key : address(key),
      amount(limit),
    ]),
  )
}

function setOf<T>(value: unknown, parse: (item: unknown) => T): ReadonlySet<T> {
  if (!Array.isArray(value)) throw new RangeError('a list is expected')
  return new Set(value.map(parse))
}

function address(value: unknown): string {
  const ss58 = text(value)
  // Names of the address book are not taken: changing the book would change the policy.
  if (ss58.startsWith('@')) throw new RangeError(`write the address of ${ss58} instead of its name`)
  decodeAddress(ss58)
  return ss58
}

function callPattern(value: unknown): string {
  const pattern = text(value)
  if (/^[A-Za-z]\w*\.(\*|\w+)$/.test(pattern)) return pattern
  throw new RangeError(`\`${pattern}\` is not Pallet.call or Pallet.*`)
}

function netuid(value: unknown): number {
  const digits = text(value)
  if (/^\d{1,5}$/.test(digits) && Number(digits) <= 65_535) return Number(digits)
  throw new RangeError(`\`${digits}\` is not a subnet number`)
}

function word(value: unknown): string {
  const name = text(value)
  if (/^\S+$/.test(name)) return name
  throw new RangeError('an empty name')
}

function commandWord(value: unknown): string {
  return word(value).replaceAll('-', '_')
}

/**
 * The rules that a change of the policy would loosen; empty when it only tightens.
 * @param after undefined when the policy is removed
 */
export function loosenedRules(
  before: Policy | undefined,
  after: Policy | undefined,
): readonly PolicyKey[] {
  if (!before) return []
  return policyFields
    .filter(({ field }) => before[field] !== undefined)
    .filter(({ field }) => isLooser(field, before, after))
    .map(({ key }) => key)
}

function isLooser(field: keyof Policy, before: Policy, after: Policy | undefined): boolean {
  const [old, now] = [before[field], after?.[field]]
  if (now === undefined) return true
  switch (field) {
    case 'maxPerTransaction':
    case 'maxPerDay':
    case 'maxFee':
      return (now as Rao) > (old as Rao)
    case 'maxPerDestination':
      return someLimitRises(old as ReadonlyMap<string, Rao>, now as ReadonlyMap<string, Rao>)
    case 'forbiddenCommands':
      return [...(old as ReadonlySet<string>)].some((one) => !(now as ReadonlySet<string>).has(one))
    case 'allowedCalls':
      return [...(now as ReadonlySet<string>)].some(
        (one) => !coversCall(old as ReadonlySet<string>, one),
      )
    case 'allowedDestinations':
    case 'allowedNetuids':
    case 'allowedNetworks': {
      const known = old as ReadonlySet<string | number>
      return [...(now as ReadonlySet<string | number>)].some((one) => !known.has(one))
    }
  }
}

function someLimitRises(old: ReadonlyMap<string, Rao>, now: ReadonlyMap<string, Rao>): boolean {
  const limit = (limits: ReadonlyMap<string, Rao>, key: string) =>
    limits.get(key) ?? limits.get('default')
  return ['default', ...old.keys(), ...now.keys()].some((key) => {
    const [was, is] = [limit(old, key), limit(now, key)]
    return was !== undefined && (is === undefined || is > was)
  })
}

/** Whether a call is in a list that may hold `Pallet.*`. */
export function coversCall(patterns: ReadonlySet<string>, call: string): boolean {
  return patterns.has(call) || patterns.has(`${call.split('.')[0]}.*`)
}
