/** Small commands for testing the machinery. */
import { defineCommand, flag, list, option } from '../../../src/cli/define.js'
import { netuid, parseAmount, walletHotkey, walletName } from '../../../src/cli/options.js'
import type { Entry } from '../../../src/cli/registry.js'
import { BittensorError } from '../../../src/core/errors.js'

/** Echoes its values. */
export const echo = defineCommand({
  name: 'echo',
  summary: 'Repeats its values.',
  options: {
    walletName,
    netuid: { ...netuid, ask: undefined },
    amount: option({
      flags: '--amount <tao>',
      description: 'an amount',
      parse: parseAmount,
      ask: { message: 'Enter TAO amount' },
      askWhen: (soFar) => soFar['all'] !== true,
    }),
    all: flag({ flags: '--all', description: 'everything', conflicts: ['amount'] }),
    hotkeys: list({ flags: '--hotkeys, --exclude_hotkeys <names...>', description: 'names' }),
    workers: option({
      flags: '-n, --subtensor.register.num_processes <n>',
      description: 'workers',
      parse: Number,
    }),
    secret: option({ flags: '--mnemonic <words>', description: 'a secret', secret: true }),
    json: option({ flags: '--json <file>', description: 'a file' }),
  },
  async run(ctx, values) {
    const origins = ['wallet.name', 'amount'].map((name) => ctx.origin(name)?.source ?? null)
    return { ...values, origins }
  },
  render: { table: (data) => `wallet ${data.walletName}`, json: (data) => data },
})

/** Needs three values. */
export const ask = defineCommand({
  name: 'ask',
  summary: 'Asks for values.',
  options: {
    netuid,
    walletName,
    walletHotkey,
    dest: option({
      flags: '--dest <ss58>',
      description: 'an address',
      ask: async (_, soFar) => ({ message: `Destination after netuid ${soFar['netuid']}` }),
    }),
  },
  async run(ctx, values) {
    const sure = await ctx.prompt.confirm({ message: 'Go on?' })
    if (!sure) throw new BittensorError('DECLINED', 'nothing was done')
    return values
  },
  render: { table: (data) => JSON.stringify(data), json: (data) => data },
})

/** Fails in the way that its word names. */
export const fail = defineCommand({
  name: 'fail',
  summary: 'Fails.',
  options: {},
  positionals: [{ name: 'how', description: 'the way to fail', required: true }],
  async run(ctx, _, [how]) {
    if (how === 'bug') throw new TypeError('x is not a function')
    if (how === 'partly') return { failed: 1 }
    if (how === 'connection') {
      throw new BittensorError('CONNECTION', 'cannot reach the node', {
        details: 'connection refused',
        hint: 'try another\nor wait',
        data: { endpoint: 'ws://x', bytes: 5n },
      })
    }
    ctx.warn('something \x1b[2Jto know')
    ctx.warn('something \x1b[2Jto know')
    return { failed: 0 }
  },
  render: { table: ({ failed }) => `${failed} failed`, json: (data) => data },
  problem: ({ failed }) =>
    failed > 0 ? new BittensorError('EXTRINSIC_FAILED', `${failed} of 2 failed`) : undefined,
})

const demo = [echo, ask, fail]

/** The demo commands as a registry, with real names so that group aliases can be tried. */
export const entries: readonly Entry[] = [
  ...demo.map((command) => ({
    name: command.name,
    summary: command.summary,
    group: 'commands' as const,
    load: async () => command,
  })),
  {
    name: 'list_subnets',
    summary: 'An alias target.',
    group: 'commands',
    load: async () => ({ ...echo, name: 'list_subnets' }),
  },
]
