/** `btcli prompt`: ask the network a question through an endpoint. */
import type { Context } from '../cli/context.js'
import { defineCommand, flag, option } from '../cli/define.js'
import { parseNetuid, walletHotkey, walletName } from '../cli/options.js'
import { unlocking } from '../cli/passwords.js'
import { readAxon } from '../core/chain/neurons.js'
import { BittensorError } from '../core/errors.js'
import { decodeAddress, type Ss58 } from '../core/keys/ss58.js'
import { openWallet } from '../core/wallet/wallet.js'
import type { ProtocolName } from '../network/call.js'
import type { AxonTarget } from '../network/dendrite.js'
import {
  askEndpoint,
  conversationOf,
  FOUNDATION_HOTKEY,
  findEndpoint,
  PROMPT_TIMEOUT_MS,
  PROMPTING_NETUID,
  type Prompted,
  parseAddress,
} from '../network/prompting.js'

const PROTOCOLS = ['auto', 'btauth', 'http', 'grpc'] as const

export const prompt = defineCommand({
  name: 'prompt',
  summary: 'Ask the network a question through an endpoint.',
  usage: 'TEXT [--axon_hotkey SS58] [--axon HOST:PORT] [options]',
  options: {
    walletName,
    walletHotkey,
    axonHotkey: option({
      flags: '--axon_hotkey <ss58>',
      address: 'account',
      description: "hotkey of the endpoint (default: the foundation's of 2023, which is gone)",
      env: ['BT_PROMPT_HOTKEY'],
      parse: checkedAddress,
    }),
    axon: option({
      flags: '--axon <host:port>',
      description: 'address of the endpoint, instead of the one it announces on chain',
      env: ['BT_PROMPT_AXON'],
      parse: parseAddress,
    }),
    netuid: option({
      flags: '--netuid <n>',
      description: 'subnet on which the endpoint is announced (default: 1)',
      parse: parseNetuid,
      default: PROMPTING_NETUID,
    }),
    returnAll: flag({
      flags: '--return_all',
      description: 'all completions that the endpoint has, not only the best',
    }),
    system: option({
      flags: '--system <text>',
      description: 'what the assistant is told before the question',
    }),
    protocol: option({
      flags: '--protocol <name>',
      description: 'auto, btauth, http (bittensor 6–10) or grpc (bittensor 5) (default: auto)',
      parse: parseProtocol,
      default: 'auto',
    }),
  },
  positionals: [{ name: 'text', description: 'the question; `-` reads it from stdin' }],
  examples: [
    'prompt "Heraclitus was a" --axon_hotkey 5F… --wallet.name alice',
    'prompt "What should I do today?" --axon 203.0.113.9:8091 --axon_hotkey 5F… --return_all',
    'prompt - --axon_hotkey 5F… < question.txt',
  ],
  notes:
    'The hotkey of the wallet signs the question; it costs nothing. An endpoint is a validator that answers whom it likes. --timeout is the time for the answer (24 s).',

  async run(ctx, values, [word]): Promise<Prompted> {
    const conversation = conversationOf(await textOf(ctx, word), values.system)
    const { walletName: name, walletHotkey: hotkey } = values
    const wallet = openWallet({ root: ctx.paths.wallets, name, hotkey }, { onWarning: ctx.warn })
    const endpoint = await endpointOf(ctx, values)
    const signer = await unlocking(ctx, (passwords) => wallet.unlockHotkey(passwords))
    return ctx.progress('Asking the network…', () =>
      askEndpoint(endpoint, conversation, {
        signer,
        protocol: values.protocol,
        timeoutMs: ctx.settings.timeoutMs ?? PROMPT_TIMEOUT_MS,
        signal: ctx.signal,
        returnAll: values.returnAll,
      }),
    )
  },

  render: {
    table: ({ completions }) =>
      completions.length === 1
        ? (completions[0] ?? '')
        : completions.map((text, i) => `${i + 1}. ${text}`),
    json: ({ completions, endpoint, protocol }) => ({
      completion: completions[0] ?? '',
      completions,
      endpoint: { hotkey: endpoint.hotkey, ip: endpoint.ip, port: endpoint.port },
      protocol,
    }),
  },
})

/** The question: the word on the command line, stdin for `-`, else an answer. */
async function textOf(ctx: Context, word: string | undefined): Promise<string> {
  if (word === '-') return (await ctx.stdin.readText()).trim()
  if (word !== undefined) return word
  if (ctx.settings.interactive) return ctx.prompt.input({ message: 'Enter the prompt' })
  throw new BittensorError('MISSING_INPUT', 'the prompt is missing', {
    hint: 'btcli prompt "your question", or - to read it from stdin',
    data: { missing: ['text'] },
  })
}

async function endpointOf(
  ctx: Context,
  values: {
    readonly axon: { readonly ip: string; readonly port: number } | undefined
    readonly axonHotkey: string | undefined
    readonly netuid: number
  },
): Promise<AxonTarget> {
  const { axon, axonHotkey } = values
  if (!axon) {
    const view = await ctx.head()
    const finder = { getAxonInfo: (netuid: number, key: Ss58) => readAxon(view, netuid, key) }
    return findEndpoint(finder, axonHotkey ?? FOUNDATION_HOTKEY, values.netuid)
  }
  if (axonHotkey !== undefined) return { ...axon, hotkey: axonHotkey }
  throw new BittensorError('MISSING_INPUT', 'the hotkey of the endpoint is missing', {
    details: 'every question is signed for the one that it is sent to',
    hint: 'give it with --axon_hotkey',
    data: { missing: ['--axon_hotkey'] },
  })
}

function checkedAddress(text: string): string {
  decodeAddress(text)
  return text
}

function parseProtocol(text: string): ProtocolName | 'auto' {
  const found = PROTOCOLS.find((name) => name === text.toLowerCase())
  if (found) return found
  throw new RangeError(`must be one of ${PROTOCOLS.join(', ')}`)
}
