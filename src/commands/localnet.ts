/** `btcli localnet`: a development chain on this machine: start it, look at it, fund accounts, make blocks, stop it. */
import { defineCommand, flag, list, option } from '../cli/define.js'
import {
  advance,
  fund,
  type LocalnetData,
  reset,
  type StartValues,
  start,
  status,
  stop,
  upgrade,
} from '../cli/localnetActions.js'
import { localnetJson, localnetText } from '../cli/localnetText.js'
import { oneOf } from '../cli/options.js'
import { absolutePath } from '../cli/paths.js'
import { BittensorError } from '../core/errors.js'

type BlockMode = StartValues['blocks']

type FaultKind = StartValues['faults'][number]['kind']

const DEFAULT_PORT = 9944
const DEFAULT_RATE = 0.1
const FAULTS: readonly FaultKind[] = [
  'drop-connection',
  'delay',
  'garbage',
  'no-finality',
  'runtime-upgrade',
]

const options = {
  directory: option({
    flags: '--directory <folder>',
    description: 'where the chain is kept (default: a folder of the user)',
  }),
  port: option({
    flags: '--port <n>',
    description: `start: where to listen, 0 for any free port (default: ${DEFAULT_PORT})`,
    parse: parsePort,
    default: DEFAULT_PORT,
  }),
  host: option({
    flags: '--host <address>',
    description: 'start: address to listen on; others than 127.0.0.1 let other machines in',
    default: '127.0.0.1',
  }),
  blocks: option({
    flags: '--blocks <instant|manual|ms>',
    description: 'start: a block per transaction (default), on `advance` only, or every so many ms',
    parse: parseBlocks,
    default: 'instant' as BlockMode,
  }),
  genesis: option({
    flags: '--genesis <preset|file>',
    description:
      'start: what a new chain begins with: dev, a small populated world (default), empty, large, or a YAML file',
  }),
  profile: option({
    flags: '--profile <classic|dtao>',
    description:
      'start: which runtime: classic, spec 143 (default), or dtao, spec 343 with pools and alpha',
    parse: parseProfile,
  }),
  history: option({
    flags: '--history <all|n>',
    description:
      'start: keep the state of all blocks (default), or of n blocks before the last final one',
    parse: parseHistory,
    default: 'all' as StartValues['history'],
  }),
  senateCalls: flag({
    flags: '--senate_calls',
    description: 'start: offer join_senate and leave_senate, as runtimes of mid-2023 did',
  }),
  faucet: flag({
    flags: '--faucet',
    description: 'start: let the faucet pay, as runtimes built for development do',
  }),
  fault: list({
    flags: '--fault <kinds...>',
    description:
      'start: misbehave, to test clients: drop-connection, delay (2 s) or garbage befall messages, no-finality blocks; runtime-upgrade turns classic into dtao',
    parse: (text): FaultKind => oneOf(text, FAULTS),
  }),
  rate: option({
    flags: '--rate <0..1>',
    description: `start: share of the messages or blocks that the faults befall (default: ${DEFAULT_RATE})`,
    parse: parseRate,
  }),
  at: option({
    flags: '--at <block>',
    description: 'start: the block that brings the runtime-upgrade (default: ten blocks on)',
    parse: parseBlock,
  }),
  detach: flag({ flags: '--detach', description: 'start: go on in the background' }),
}

export const localnet = defineCommand({
  name: 'localnet',
  summary: 'Run a development chain on this machine.',
  usage:
    '<start | status | stop | reset | fund ADDRESS|WALLET TAO | advance [BLOCKS] | upgrade [BLOCK]> [options]',
  options,
  positionals: [
    {
      name: 'action',
      description: 'what to do',
      choices: ['start', 'status', 'stop', 'reset', 'fund', 'advance', 'upgrade'],
    },
    {
      name: 'target',
      description:
        'fund: the account; advance: how many blocks (default: 1); upgrade: in which block (default: now)',
    },
    { name: 'amount', description: 'fund: τ to give' },
  ],
  examples: [
    'localnet start --detach',
    'localnet start --profile dtao',
    'localnet start --fault drop-connection --rate 0.05',
    'localnet start --blocks 1000 --fault runtime-upgrade --at 60',
    'localnet fund 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY 100',
    'localnet fund alice 100',
    'localnet advance 360',
    'localnet upgrade',
    'list_subnets --subtensor.network local',
    'localnet stop',
  ],
  notes:
    'The chain of the default folder is also what `--subtensor.network mock` uses, running or not. //Alice holds the sudo key; the development accounts are funded.',

  async run(ctx, values, [action, target, amount]): Promise<LocalnetData> {
    const directory =
      values.directory === undefined
        ? ctx.paths.localnet
        : absolutePath(values.directory, ctx.paths)
    if (action === undefined) throw missingAction()
    if (action === 'start') {
      const { genesis, fault, rate, at, ...rest } = values
      const file = genesis !== undefined && /\.(ya?ml|json)$/i.test(genesis)
      const found = file ? absolutePath(genesis, ctx.paths) : genesis
      return start(ctx, { ...rest, genesis: found, faults: faultsOf(fault, rate, at) }, directory)
    }
    if (action === 'status') return status(directory)
    if (action === 'stop') return stop(ctx, directory)
    if (action === 'reset') return reset(ctx, directory)
    if (action === 'fund') return fund(ctx, directory, target, amount)
    if (action === 'upgrade') return upgrade(directory, target)
    return advance(ctx, directory, target)
  },

  render: {
    table: (data, view) => localnetText(data, view),
    json: (data) => localnetJson(data),
  },
})

function missingAction(): BittensorError {
  return new BittensorError('MISSING_INPUT', 'what to do is missing', {
    hint: 'btcli localnet start, status, stop, reset, fund, advance or upgrade',
  })
}

function parseHistory(text: string): StartValues['history'] {
  if (text === 'all') return text
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new BittensorError('USAGE', `\`${text}\` is no history: write all or a number of blocks`)
}

function parseProfile(text: string): 'classic' | 'dtao' {
  if (text === 'classic' || text === 'dtao') return text
  throw new BittensorError('USAGE', `\`${text}\` is no profile: write classic or dtao`)
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port
  throw new BittensorError('USAGE', `\`${text}\` is no port: write a number from 0 to 65535`)
}

function parseRate(text: string): number {
  const rate = Number(text)
  if (/^\d*\.?\d+$/.test(text) && rate <= 1) return rate
  throw new BittensorError('USAGE', `\`${text}\` is no rate: write a number from 0 to 1`)
}

function parseBlock(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new BittensorError('USAGE', `\`${text}\` is no block: write its number, from 1 on`)
}

function faultsOf(
  kinds: readonly FaultKind[],
  rate: number | undefined,
  at: number | undefined,
): StartValues['faults'] {
  const [first] = kinds.filter((kind) => kind !== 'runtime-upgrade')
  if (rate !== undefined && first === undefined) {
    throw new BittensorError('USAGE', '--rate needs a --fault that happens now and then', {
      hint: `--fault ${FAULTS[0]}; a runtime-upgrade happens once, --at a block`,
    })
  }
  if (at !== undefined && !kinds.includes('runtime-upgrade')) {
    throw new BittensorError('USAGE', '--at needs --fault runtime-upgrade')
  }
  return kinds.map((kind) =>
    kind === 'runtime-upgrade' ? { kind, at } : { kind, rate: rate ?? DEFAULT_RATE },
  )
}

function parseBlocks(text: string): BlockMode {
  if (text === 'instant' || text === 'manual') return text
  const period = Number(text)
  if (/^\d{1,8}$/.test(text) && period >= 10) return period
  throw new BittensorError('USAGE', `\`${text}\` is no way to make blocks`, {
    hint: 'write instant, manual, or milliseconds from 10 on',
  })
}
