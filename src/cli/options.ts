/** Options that several commands share, each defined once. */
import { BittensorError } from '../core/errors.js'
import type { Rao } from '../core/units.js'
import { parseTao } from '../core/units.js'
import { flag, list, option } from './define.js'

export const walletName = option({
  flags: '--wallet.name <name>',
  description: 'wallet to use',
  env: ['BT_WALLET_NAME', 'BT_WALLET'],
  configKeys: ['wallet_name'],
  default: 'default',
  ask: { message: 'Enter wallet name', default: 'default' },
})

export const walletHotkey = option({
  flags: '--wallet.hotkey <name>',
  address: 'hotkey',
  description: 'hotkey of the wallet; where only an address is needed, an ss58 address as well',
  env: ['BT_WALLET_HOTKEY'],
  configKeys: ['wallet_hotkey'],
  default: 'default',
  ask: { message: 'Enter hotkey name', default: 'default' },
})

export const walletPath = option({
  flags: '--wallet.path <folder>',
  description: 'folder of all wallets (default: ~/.bittensor/wallets/)',
  env: ['BT_WALLET_PATH'],
  configKeys: ['wallet_path'],
})

export const walletMock = flag({
  flags: '--wallet._mock',
  description: 'a wallet in memory, for trying things',
  env: ['BT_WALLET_MOCK'],
  hidden: true,
})

const walletReregister = option({
  flags: '--wallet.reregister <yes|no>',
  description: 'accepted for scripts of bittensor 5; changes nothing',
  hidden: true,
})

/** `--hotkeys` and `--all_hotkeys`: the list selects, or with `--all_hotkeys` excludes. */
export const hotkeys = list({
  flags: '--hotkeys, --wallet.hotkeys, --exclude_hotkeys, --wallet.exclude_hotkeys <names...>',
  address: 'hotkey',
  description: 'hotkeys by name or ss58; with --all_hotkeys the ones to leave out',
})

export const allHotkeys = flag({
  flags: '--all_hotkeys, --wallet.all_hotkeys',
  description: 'all hotkeys of the wallet, except those of --hotkeys',
})

export const subtensorNetwork = option({
  flags: '--subtensor.network <name|url>',
  description:
    'chain to talk to: finney, test, local, archive, mock, or a ws:// address (default: finney)',
  env: ['BT_SUBTENSOR_NETWORK', 'BT_NETWORK'],
  configKeys: ['network'],
})

export const subtensorEndpoint = option({
  flags: '--subtensor.chain_endpoint <url>',
  description: 'address of the node, instead of the one of the network',
  env: ['BT_SUBTENSOR_CHAIN_ENDPOINT'],
  configKeys: ['chain_endpoint'],
})

export const subtensorMock = flag({
  flags: '--subtensor._mock',
  description:
    'a chain inside this process, for trying things; the same as --subtensor.network mock',
  env: ['BT_SUBTENSOR_MOCK'],
})

/** Subnet of a command that costs money: asked for, never guessed. */
export const netuid = option({
  flags: '--netuid <n>',
  description: 'subnet number',
  parse: parseNetuid,
  ask: { message: 'Enter netuid' },
})

/** Which of a subnet's mechanisms, as bittensor-cli 9 numbers them. */
export const mechanism = option({
  flags: '--mechid, --mech_id, --mechanism_id <n>',
  description: 'mechanism of the subnet, where it has several (default: 0)',
  parse: (text) => wholeNumber(text, 0, 15),
  default: 0,
})

export const dryRun = flag({
  flags: '--dry_run',
  description: 'show what would be signed, its fee and effects, and stop; needs no password',
})

export const waitForFinalization = flag({
  flags: '--wait_for_finalization',
  description: 'wait until the block is final, not only until one includes the transaction',
})

export const noWait = flag({
  flags: '--no_wait',
  description: 'print the hash and leave without waiting for a block',
  conflicts: ['wait_for_finalization'],
})

export const era = option({
  flags: '--era, --period <blocks>',
  description: 'blocks for which the signature is valid (default: 64)',
  parse: parseEra,
  default: 64,
})

const allowUnknownFee = flag({
  flags: '--allow_unknown_fee',
  description: 'go on if the chain gives no estimate of the fee',
})

const allowDuplicate = flag({
  flags: '--allow_duplicate',
  description: 'send although the same was sent before and its outcome is not known yet',
})

/** For commands that only read: with it `ctx.head()` is that block, decoded by its own metadata. */
export const block = option({
  flags: '--block <n>',
  description: 'block to read, where the node still has it (default: the newest)',
  parse: (text) => wholeNumber(text, 0, 2 ** 32 - 1),
})

/** For commands that only read: the answer is made anew, see watch.ts. */
export const watch = option({
  flags: '--watch [seconds]',
  description: 'show it again with each new block, or every so many seconds; q or Ctrl-C ends it',
  parse: (text) => wholeNumber(text, 0, 86_400),
  bare: '0',
  conflicts: ['block', 'csv'],
})

const unsigned = option({
  flags: '--unsigned <file>',
  description:
    'write what would be signed to a file for btcli sign_tx, and stop; needs no password',
  conflicts: ['dry_run'],
})

const proxy = option({
  flags: '--proxy <account>',
  address: 'party',
  description:
    'act for this account, of which the wallet is a proxy: ss58, 0x public key, wallet:NAME or a name of the address book',
})

/** What commands take that sign with the hotkey, or for the wallet alone. */
export const ownSigning = {
  dryRun,
  waitForFinalization,
  noWait,
  era,
  allowUnknownFee,
  allowDuplicate,
  unsigned,
}

/** What every command takes that signs with the coldkey. */
export const signing = { ...ownSigning, proxy }

const noPrompt = flag({
  flags: '-y, --no_prompt, --yes',
  description: 'ask nothing and confirm the action; missing values are errors',
  env: ['BT_NO_PROMPT'],
})

const json = flag({
  flags: '--json_output, --json_out, --json',
  description: 'one JSON document on stdout; never asks',
})

const csv = flag({
  flags: '--csv',
  description: 'the table as comma-separated values, whole and exact, without totals',
  conflicts: ['json_output'],
})

const output = option({
  flags: '--output <table|json|csv>',
  description: 'how to print the answer (default: table)',
  parse: (text) => oneOf(text, ['table', 'json', 'csv']),
})

const quiet = flag({ flags: '-q, --quiet', description: 'only results and errors' })

const verbose = flag({
  flags: '-v, --verbose',
  description: 'more on stderr: endpoint, decoded calls, timings, error codes',
  conflicts: ['quiet'],
})

const color = option({
  flags: '--color <auto|always|never>',
  description: 'when to use colour (default: auto)',
  parse: (text) => oneOf(text, ['auto', 'always', 'never']),
})

const noColor = flag({ flags: '--no_color', description: 'no colour' })

const width = option({
  flags: '--width <columns>',
  description: 'width of tables (default: that of the terminal)',
  parse: (text) => wholeNumber(text, 20, 100_000),
})

const wide = flag({
  flags: '--wide, --full',
  description: 'all columns and whole addresses, whatever the width',
})

const noSpinner = flag({
  flags: '--no_spinner',
  description: 'lines instead of a moving sign while waiting',
  env: ['BTCLI_NO_SPINNER'],
})

const configFile = option({
  flags: '--config <file>',
  description: 'YAML file with option values (default: ~/.bittensor/config.yml)',
})

const noConfig = flag({ flags: '--no_config', description: 'read no config file' })

const noVersionChecking = flag({
  flags: '--no_version_checking',
  description: 'accepted for older scripts; nothing ever looks for new versions unasked',
})

const strict = flag({
  flags: '--strict',
  description: 'accepted for older scripts; unknown options are always errors',
  hidden: true,
})

const timeout = option({
  flags: '--timeout <seconds>',
  description: 'how long to wait for the node to answer (default: 30)',
  parse: (text) => wholeNumber(text, 1, 86_400),
})

const loggingDebug = flag({
  flags: '--logging.debug',
  description: 'diagnostics and stack traces on stderr',
  env: ['BT_LOGGING_DEBUG'],
})

const loggingTrace = flag({
  flags: '--logging.trace',
  description: 'like --logging.debug, more of it',
  env: ['BT_LOGGING_TRACE'],
})

const loggingRecordLog = flag({
  flags: '--logging.record_log',
  description: 'accepted for older scripts',
  env: ['BT_LOGGING_RECORD_LOG'],
  hidden: true,
})

const loggingDir = option({
  flags: '--logging.logging_dir <folder>',
  description: 'accepted for older scripts',
  env: ['BT_LOGGING_LOGGING_DIR'],
  hidden: true,
})

const help = flag({ flags: '-h, --help', description: 'show the help of this command' })

/** Accepted by every command, listed by `btcli help options`. A command's own option of the same spelling wins. */
export const globalOptions = {
  walletName: { ...walletName, ask: undefined },
  walletHotkey: { ...walletHotkey, ask: undefined },
  walletPath,
  walletMock,
  walletReregister,
  subtensorNetwork,
  subtensorEndpoint,
  subtensorMock,
  noPrompt,
  json,
  csv,
  output,
  quiet,
  verbose,
  color,
  noColor,
  width,
  wide,
  noSpinner,
  configFile,
  noConfig,
  noVersionChecking,
  strict,
  timeout,
  loggingDebug,
  loggingTrace,
  loggingRecordLog,
  loggingDir,
  help,
}

/** Text to an amount above zero. */
export function parseAmount(text: string): Rao {
  const amount = parseTao(text)
  if (amount === 0n) throw new BittensorError('BAD_AMOUNT', 'the amount must be more than zero')
  return amount
}

/** Text to a subnet number. */
export function parseNetuid(text: string): number {
  return wholeNumber(text, 0, 65_535)
}

function parseEra(text: string): number {
  const blocks = wholeNumber(text, 4, 65_536)
  if ((blocks & (blocks - 1)) !== 0) throw usage('must be a power of two from 4 to 65536')
  return blocks
}

/** Text to a whole number within limits; throws `USAGE` otherwise. */
export function wholeNumber(text: string, min: number, max: number): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw usage('must be a whole number')
  if (value < min || value > max) throw usage(`must be from ${min} to ${max}`)
  return value
}

/** Text to one of a few words; throws `USAGE` otherwise. */
export function oneOf<const T extends string>(text: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === text.toLowerCase())
  if (word === undefined) throw usage(`must be one of ${words.join(', ')}`)
  return word
}

function usage(message: string): BittensorError {
  return new BittensorError('USAGE', message)
}
