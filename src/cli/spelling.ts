/**
 * How commands and options may be written. People come with habits from bittensor 5, 6, 7, 9 and 11: everything they
 * typed there should work. One table for commands, one for options, and the rules that turn an argument vector into
 * canonical words.
 */
import { closest } from '../core/closest.js'
import { sameName } from '../core/config.js'
import { BittensorError } from '../core/errors.js'
import type { Option, Options } from './define.js'

/** Groups of later versions with all their names. */
const GROUP_NAMES: Readonly<Record<string, readonly string[]>> = {
  wallet: ['wallet', 'wallets', 'w'],
  stake: ['stake', 'stakes', 'st'],
  subnets: ['subnets', 'subnet', 's'],
  root: ['root', 'roots', 'r'],
  sudo: ['sudo', 'sudos', 'su'],
  axon: ['axon'],
  legacy: ['legacy', 'l'],
  weights: ['weights', 'weight', 'wt'],
  info: ['info', 'i'],
  misc: ['misc'],
  proxy: ['proxy', 'proxies'],
  multisig: ['multisig'],
  crowd: ['crowd', 'crowdloan', 'crowdloans', 'cr'],
}

/** Commands that later versions call otherwise, without a group. */
const RENAMED: Readonly<Record<string, string>> = { conf: 'config', c: 'config', addr: 'address' }

/** `group word` → command, for every group of bittensor 6 to 11 whose command exists here. */
const GROUPED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  wallet: {
    list: 'list',
    inspect: 'inspect',
    overview: 'overview',
    transfer: 'transfer',
    new_hotkey: 'new_hotkey',
    new_coldkey: 'new_coldkey',
    create: 'wallet_create',
    regen_hotkey: 'regen_hotkey',
    regen_coldkey: 'regen_coldkey',
    regen_coldkeypub: 'regen_coldkeypub',
    update: 'update',
    balance: 'balance',
    associate_hotkey: 'associate_hotkey',
    get_identity: 'identity_get',
    set_identity: 'identity_set',
    faucet: 'faucet',
    swap_hotkey: 'swap_hotkey',
    swap_coldkey: 'swap_coldkey',
    swap_check: 'swap_check',
    check_coldkey_swap: 'swap_check',
    history: 'history',
    registrations: 'overview',
    sign: 'sign',
    verify: 'verify',
  },
  stake: {
    add: 'stake',
    remove: 'unstake',
    list: 'stake_list',
    show: 'stake_list',
    move: 'stake_move',
    swap: 'stake_swap',
    transfer: 'stake_transfer',
    remove_all: 'unstake_all',
    unstake_all: 'unstake_all',
    get_children: 'children_get',
    set_children: 'children_set',
    revoke_children: 'children_revoke',
    get_childkey_take: 'children_take',
    set_childkey_take: 'children_take',
    auto: 'auto_stake_get',
    set_auto: 'auto_stake_set',
    claim: 'claim_set',
    unclaim: 'claim_set',
    set_claim: 'claim_set',
    process_claim: 'claim_process',
    child_get: 'children_get',
    child_set: 'children_set',
    child_revoke: 'children_revoke',
    child_take: 'children_take',
    children_get: 'children_get',
    children_set: 'children_set',
    children_revoke: 'children_revoke',
    children_take: 'children_take',
  },
  subnets: {
    list: 'list_subnets',
    metagraph: 'metagraph',
    show: 'subnet_show',
    price: 'subnet_price',
    create: 'subnet_create',
    burn_cost: 'subnet_cost',
    lock_cost: 'subnet_cost',
    start: 'subnet_start',
    check_start: 'subnet_start',
    get_identity: 'subnet_identity_get',
    set_identity: 'subnet_identity_set',
    register: 'recycle_register',
    recycle_register: 'recycle_register',
    pow_register: 'register',
    hyperparameters: 'hyperparameters',
  },
  root: {
    delegate: 'delegate',
    undelegate: 'undelegate',
    my_delegates: 'my_delegates',
    list_delegates: 'list_delegates',
    list: 'root_list',
    register: 'root_register',
    weights: 'root_weights',
    set_take: 'set_take',
    get_take: 'get_take',
    nominate: 'nominate',
    senate: 'senate',
    proposals: 'proposals',
    senate_vote: 'senate_vote',
    get_weights: 'root_weights',
  },
  sudo: {
    get: 'hyperparameters',
    set: 'hyperparameter_set',
    set_take: 'set_take',
    get_take: 'get_take',
    senate: 'senate',
    proposals: 'proposals',
    senate_vote: 'senate_vote',
  },
  axon: { set: 'axon_set', reset: 'axon_reset' },
  legacy: { update: 'update', help: 'help' },
  weights: {
    show: 'weights',
    set: 'set_weights',
    commit: 'weights_commit',
    reveal: 'weights_reveal',
  },
  info: { autocomplete: 'completion' },
  misc: { weights: 'weights' },
  crowd: {
    list: 'crowdloan_list',
    info: 'crowdloan_list',
    contributors: 'crowdloan_list',
    contribute: 'crowdloan_contribute',
    withdraw: 'crowdloan_withdraw',
  },
  multisig: {
    list: 'multisig_list',
    approve: 'multisig_approve',
    execute: 'multisig_execute',
    cancel: 'multisig_cancel',
  },
  proxy: { list: 'proxy_list', add: 'proxy_add', remove: 'proxy_remove' },
}

/** Further spellings of options, by the option's name. A command's own spelling wins over these. */
const OPTION_SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  'wallet.name': ['--name', '--wallet', '-w'],
  'wallet.hotkey': ['--hotkey', '-H'],
  'wallet.path': ['-p'],
  'subtensor.network': ['--network', '--chain'],
  'subtensor.chain_endpoint': ['--chain_endpoint', '--endpoint'],
  netuid: ['-n'],
  amount: ['-a'],
  dest: ['-d', '--destination', '--dest_ss58'],
  dest_hotkey: ['--dest_ss58'],
  hotkeys: ['--include_hotkeys'],
  hotkey_ss58address: ['--hotkey_ss58_address'],
  proposal: ['--proposal_hash'],
  ss58: ['--coldkey_ss58'],
  new_coldkey: ['--new_wallet'],
  all: ['--stake_all', '--unstake_all', '--swap_all'],
  allow_partial: ['--allow_partial_stake', '--allow'],
  unsafe: ['--no_safe_staking', '--no_safe'],
}

/** A command found in an argument vector. `words` is how it was written, for messages. */
export type Located = {
  readonly name: string | undefined
  readonly typed: string | undefined
  /** The vector without the command words. */
  readonly rest: readonly string[]
}

/**
 * Finds the command among the arguments: the first word that is neither an option nor the value of one. Dashes and
 * underscores are the same; `wallet list`, `w list`, `stake add` mean the flat command.
 * @returns name undefined when the word is unknown or there is none
 */
export function locateCommand(
  argv: readonly string[],
  options: Options,
  names: readonly string[],
): Located {
  const speller = createSpeller(options)
  let index = 0
  while (index < argv.length && isOption(argv[index] ?? '')) {
    if (argv[index] === '--') break
    index = skipOption(argv, index, speller)
  }
  const typed = argv[index]
  if (typed === undefined || typed === '--')
    return { name: undefined, typed: undefined, rest: argv }
  const rest = (words: number) => [...argv.slice(0, index), ...argv.slice(index + words)]
  const word = sameName(typed)
  // `stake list`, and `stake child get` with three words.
  for (const words of [3, 2]) {
    const typedWords = argv.slice(index, index + words)
    const grouped = groupedCommand(word, typedWords.slice(1).map(sameName).join('_'))
    if (grouped === undefined || typedWords.length < words) continue
    const name = names.includes(grouped) ? grouped : undefined
    return { name, typed: typedWords.join(' '), rest: rest(words) }
  }
  const name = RENAMED[word] ?? word
  return { name: names.includes(name) ? name : undefined, typed, rest: rest(1) }
}

function groupedCommand(group: string, word: string): string | undefined {
  for (const [name, spellings] of Object.entries(GROUP_NAMES)) {
    if (spellings.includes(group)) return GROUPED[name]?.[word]
  }
  return undefined
}

/** The words that follow a group name, to name them when one is missing or wrong; undefined for no group. */
export function wordsOfGroup(group: string): readonly string[] | undefined {
  const found = Object.entries(GROUP_NAMES).find(([, names]) => names.includes(sameName(group)))
  return found && Object.keys(GROUPED[found[0]] ?? {})
}

/** Everything that later versions call a command: `wallet transfer`, by the first name of the group. */
export function laterNames(command: string): readonly string[] {
  const grouped = Object.entries(GROUPED).flatMap(([group, words]) =>
    Object.entries(words).flatMap(([word, name]) => (name === command ? [`${group} ${word}`] : [])),
  )
  const renamed = Object.entries(RENAMED).flatMap(([word, name]) =>
    name === command ? [word] : [],
  )
  return [...grouped, ...renamed]
}

/** The groups with all their names and the commands behind their words. */
export function commandGroups() {
  return Object.entries(GROUPED).map(([group, words]) => ({
    group,
    names: GROUP_NAMES[group] ?? [group],
    words: Object.entries(words).map(([word, command]) => ({ word, command })),
  }))
}

function skipOption(argv: readonly string[], index: number, speller: Speller): number {
  const { option, value } = speller(argv[index] ?? '') ?? {}
  if (!option || option.kind === 'flag' || value !== undefined) return index + 1
  return index + 2
}

/** `-x`, `--xyz`, but not `-`, `-5` or `-.5`, which are values. */
function isOption(token: string): boolean {
  return /^-./.test(token) && !/^-[\d.]/.test(token)
}

type Spelled = { readonly option: Option<unknown>; readonly value: string | undefined }
type Speller = (token: string) => Spelled | undefined

/** Looks an option token up: exact spellings first, then unambiguous prefixes. Unknown tokens give undefined. */
function createSpeller(options: Options): Speller {
  const all = Object.values(options)
  const own = new Map<string, Option<unknown>>()
  const extra = new Map<string, Option<unknown>>()
  for (const option of all) {
    for (const spelling of option.spellings) own.set(canonical(spelling), option)
    for (const spelling of OPTION_SPELLINGS[option.name] ?? [])
      extra.set(canonical(spelling), option)
  }
  return (token) => {
    if (!token.startsWith('--')) return short(token, own, extra)
    const [, name = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(token) ?? []
    const key = canonical(name)
    const option = own.get(key) ?? extra.get(key) ?? byPrefix(token, key, own, extra)
    return option && { option, value }
  }
}

function canonical(spelling: string): string {
  return spelling.startsWith('--') ? `--${sameName(spelling.slice(2))}` : spelling
}

function byPrefix(
  token: string,
  prefix: string,
  own: ReadonlyMap<string, Option<unknown>>,
  extra: ReadonlyMap<string, Option<unknown>>,
): Option<unknown> | undefined {
  if (prefix.length < 3) return undefined
  for (const table of [own, extra]) {
    const hits = [...table].filter(([spelling]) => spelling.startsWith(prefix))
    const options = new Set(hits.map(([, option]) => option))
    if (options.size > 1) {
      const names = [...options].map((option) => `--${option.name}`)
      throw new BittensorError('USAGE', `ambiguous option \`${token}\``, {
        details: `it could be ${names.join(', ')}`,
        hint: 'write more letters of it',
      })
    }
    const [only] = options
    if (only) return only
  }
  return undefined
}

/**
 * `-n`, `-n4`, `-n=4`.
 * @throws {BittensorError} `USAGE` for a long option with one dash, which is never meant as the value of a letter
 */
function short(
  token: string,
  own: ReadonlyMap<string, Option<unknown>>,
  extra: ReadonlyMap<string, Option<unknown>>,
): Spelled | undefined {
  const letter = token.slice(0, 2)
  const option = own.get(letter) ?? extra.get(letter)
  const [long = ''] = token.split('=')
  if (long.length > 2 && own.has(canonical(`-${long}`))) {
    throw new BittensorError('USAGE', `unknown option \`${long}\``, {
      hint: `did you mean -${long}?`,
    })
  }
  if (!option || token.length === 2) return option && { option, value: undefined }
  if (option.kind === 'flag') return undefined
  return { option, value: token.slice(2).replace(/^=/, '') }
}

/** Options and words in canonical form: `--wallet.name=alice`. What is unknown stays as it was typed. */
export type Canonical = {
  readonly tokens: readonly string[]
  /** How each option was typed, for messages: `wallet.name` → `-w`. */
  readonly typed: ReadonlyMap<string, string>
}

/** Options of bittensor-cli 9 for what signs that ask for what happens anyway. */
const NEEDLESS = [
  '--no_mev_protection',
  '--no_announce_only',
  '--no_allow_partial_stake',
  '--no_partial',
  '--not_partial',
  '--not_allow',
  '--no_wait_for_finalization',
  '--wait_for_inclusion',
  '--prompt',
]

/** Options of bittensor-cli 9 for what signs that ask for what there is not: the sentence, and what to do instead. */
const ABSENT: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  '--mev_protection': [
    'btcli does not encrypt transactions',
    'swaps are held to a limit price, see --tolerance; leave the option out, or write --no_mev_protection',
  ],
  '--announce_only': [
    'btcli does not announce calls of a proxy that has a delay',
    'btcli tx Proxy.announce does it by hand',
  ],
}

/** Whether an option that is not ours may be left out. */
function isNeedless(token: string, options: Options): boolean {
  if (!Object.values(options).some(({ name }) => name === 'dry_run')) return false
  const [message, hint] = ABSENT[canonical(token)] ?? []
  if (message !== undefined) {
    throw new BittensorError('USAGE', `option \`${token}\`: ${message}`, { hint })
  }
  return NEEDLESS.includes(canonical(token))
}

/**
 * Rewrites an argument vector (without the command word) so that each option has its canonical name and its values
 * joined by `=`: what the parser then sees has one spelling only.
 * @throws {BittensorError} `USAGE` for an ambiguous prefix, and for options of later versions that there are not
 */
export function canonicalise(argv: readonly string[], options: Options): Canonical {
  const speller = createSpeller(options)
  const tokens: string[] = []
  const typed = new Map<string, string>()
  let index = 0
  while (index < argv.length) {
    const token = argv[index++] ?? ''
    if (token === '--') {
      tokens.push(token, ...argv.slice(index))
      break
    }
    const spelled = isOption(token) ? speller(token) : undefined
    if (!spelled) {
      tokens.push(...unspelled(token, { speller, options }))
      continue
    }
    const { option, value } = spelled
    typed.set(option.name, token.replace(/=[\s\S]*$/, ''))
    if (option.kind === 'flag' && value !== undefined) {
      throw new BittensorError('USAGE', `option \`--${option.name}\` takes no value`)
    }
    const values = value === undefined ? following(argv, index, option) : [value]
    if (value === undefined) index += values.length
    tokens.push(...joined(option, values))
  }
  return { tokens, typed }
}

/** What `--hotkey` and the like mean elsewhere; where a call's arguments are options, they are arguments. */
const ARGUMENT_NAMES = [
  '--hotkey',
  '--name',
  '--destination',
  '--include_hotkeys',
  '--proposal_hash',
]

/**
 * Takes the options out that nobody declared: `--netuid 3` as name and value, a bare `--keep_alive` as `true`. Beginnings
 * of declared options are not guessed here.
 */
export function splitUndeclared(
  argv: readonly string[],
  options: Options,
): { readonly declared: readonly string[]; readonly extra: ReadonlyMap<string, string> } {
  const spellings = Object.values(options).flatMap((option) => [
    ...option.spellings,
    ...(OPTION_SPELLINGS[option.name] ?? []).filter((one) => !ARGUMENT_NAMES.includes(one)),
  ])
  const known = new Set(spellings.map(canonical))
  const speller = createSpeller(options)
  const declared: string[] = []
  const extra = new Map<string, string>()
  let index = 0
  while (index < argv.length) {
    const token = argv[index] ?? ''
    const { name, joined } = longOption(token)
    if (name === undefined || known.has(canonical(`--${name}`))) {
      const after = name === undefined ? index + 1 : skipOption(argv, index, speller)
      declared.push(...argv.slice(index, after))
      index = after
      continue
    }
    const [next] = joined === undefined ? argv.slice(index + 1) : []
    const value = next?.startsWith('--') ? undefined : next
    extra.set(sameName(name), joined ?? value ?? 'true')
    index += value === undefined ? 1 : 2
  }
  return { declared, extra }
}

function longOption(token: string): { readonly name?: string; readonly joined?: string } {
  const [, name, joined] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(token) ?? []
  return { ...(name === undefined ? {} : { name }), ...(joined === undefined ? {} : { joined }) }
}

/** `--name=value` for each value. A missing one is found here: the parser would take the next option for it. */
function joined({ name, kind, bare }: Option<unknown>, values: readonly string[]): string[] {
  if (values.length === 0 && bare !== undefined) return [`--${name}=${bare}`]
  if (values.length === 0 && kind !== 'flag') {
    // Where it names a file it is easily meant as everywhere else.
    const hint = name === 'json' ? 'the answer as JSON is --json_output here' : undefined
    throw new BittensorError('USAGE', `option \`--${name}\` needs a value`, { hint })
  }
  return values.length === 0 ? [`--${name}`] : values.map((value) => `--${name}=${value}`)
}

/** A word, or an unknown option without its value: that may be a secret, and the parser repeats it in messages. */
function unspelled(
  token: string,
  { speller, options }: { readonly speller: Speller; readonly options: Options },
): string[] {
  if (isNeedless(token, options)) return []
  return token.startsWith('--') ? [token.replace(/=[\s\S]*$/, '')] : flagCluster(token, speller)
}

/** `-yv` → `--no_prompt --verbose`, if every letter is a switch. */
function flagCluster(token: string, speller: Speller): string[] {
  if (!/^-[A-Za-z]{2,}$/.test(token)) return [token]
  const found = [...token.slice(1)].map((letter) => speller(`-${letter}`))
  const names = found.flatMap((spelled) =>
    spelled?.option.kind === 'flag' ? [`--${spelled.option.name}`] : [],
  )
  return names.length === found.length ? names : [token]
}

function following(argv: readonly string[], from: number, option: Option<unknown>): string[] {
  if (option.kind === 'flag') return []
  const limit = option.kind === 'list' ? argv.length : from + 1
  const values: string[] = []
  for (let index = from; index < limit; index++) {
    const token = argv[index]
    if (token === undefined || isOption(token)) break
    values.push(token)
  }
  return values
}

/**
 * The name of a command as it may be typed: `stake add`, `wallet-list`.
 * @throws {BittensorError} `USAGE` with suggestions for an unknown one
 */
export function commandNamed(words: string, names: readonly string[]): string {
  const located = locateCommand(words.trim().split(/\s+/), {}, names)
  if (located.name !== undefined && located.rest.length === 0) return located.name
  throw unknownCommand(located, names)
}

/** The error for a word that is no command. */
export function unknownCommand(located: Located, names: readonly string[]): BittensorError {
  const typed = located.typed ?? ''
  const group = wordsOfGroup(typed)
  if (group) return unknownInGroup(located, group)
  const words = new Set([...names, ...Object.values(GROUP_NAMES).flat()])
  const near = closest(sameName(typed), [...words])
  const hint =
    near.length > 0
      ? `did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?`
      : 'see all commands: btcli help'
  return new BittensorError('USAGE', `unknown command \`${typed}\``, {
    hint,
    data: { suggestions: near },
  })
}

function unknownInGroup({ typed, rest }: Located, words: readonly string[]): BittensorError {
  const word = rest.find((one) => !isOption(one))
  const near = word === undefined ? [] : closest(sameName(word), words)
  const message =
    word === undefined
      ? `a command of the group \`${typed}\` is missing`
      : `the group \`${typed}\` has no command \`${word}\``
  return new BittensorError('USAGE', message, {
    details: `it has ${words.join(', ')}`,
    hint:
      near.length > 0
        ? `did you mean ${near.map((name) => `\`${typed} ${name}\``).join(' or ')}?`
        : `btcli ${typed} --help says what they do`,
    data: { suggestions: near },
  })
}
