/** `bt.prompt` of bittensor 5.3.1: one function from a question to its answer. */

import { BittensorError } from '../core/errors.js'
import type { ProtocolName } from '../network/call.js'
import type { AxonTarget } from '../network/dendrite.js'
import { createLru } from '../network/lru.js'
import {
  type AxonFinder,
  askEndpoint,
  conversationOf,
  FOUNDATION_HOTKEY,
  findEndpoint,
  PROMPTING_NETUID,
  type PromptContent,
  parseAddress,
} from '../network/prompting.js'
import type { HotkeyWallet } from '../network/signing/signer.js'
import { Subtensor } from './subtensor/subtensor.js'
import { Wallet } from './wallet.js'

/** Who asks whom. */
export type PromptOptions = {
  /** Whose hotkey signs; default: the wallet named by `walletName` and `walletHotkey`. */
  readonly wallet?: HotkeyWallet | undefined
  /** Default `default`. */
  readonly walletName?: string | undefined
  /** Name of the hotkey in that wallet; default `default`. */
  readonly walletHotkey?: string | undefined
  /**
   * Hotkey of the endpoint, ss58: a validator that answers others. The default of 5.3.1, the foundation's, no longer answers.
   */
  readonly hotkey?: string | undefined
  /** The endpoint itself, or its `host:port` (which needs `hotkey`), instead of what `hotkey` has announced on chain. */
  readonly axon?: AxonTarget | string | undefined
  /** Where the endpoint is looked up; default: a connection to `network` for this once. */
  readonly subtensor?: AxonFinder | undefined
  /** Default `finney`. */
  readonly network?: string | undefined
  /** Subnet on which the endpoint is announced; default 1. */
  readonly netuid?: number | undefined
  /** Default `auto`: what the endpoint turns out to speak. */
  readonly protocol?: ProtocolName | 'auto' | undefined
  /** What the assistant is told before a question that is a single text. */
  readonly system?: string | undefined
  /** Default 24 s. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks the network a question through an endpoint.
 * @param content a text, lines of one user, or a conversation of roles
 * @returns the completion, or with `returnAll` all that the endpoint has (5.0–5.2)
 * @throws {BittensorError} `USAGE`, `BAD_ADDRESS`, `NOT_REGISTERED` when there is no such endpoint, `CONNECTION` when it
 * cannot be reached or refuses, `TIMEOUT`, `INTERRUPTED`; what opening the wallet throws
 * @example
 * await prompt('Heraclitus was a ', { hotkey: '5F…' }) // 'Greek philosopher …'
 * await prompt('What should I do today?', { hotkey: '5F…', returnAll: true }) // ['You should buy a boat.', …]
 */
export async function prompt(
  content: PromptContent,
  options: PromptOptions & { readonly returnAll: true },
): Promise<readonly string[]>
export async function prompt(content: PromptContent, options?: PromptOptions): Promise<string>
export async function prompt(
  content: PromptContent,
  options: PromptOptions & { readonly returnAll?: boolean } = {},
): Promise<string | readonly string[]> {
  const conversation = conversationOf(content, options.system)
  const { timeoutMs, signal, returnAll = false, protocol } = options
  const wallet =
    options.wallet ?? new Wallet({ name: options.walletName, hotkey: options.walletHotkey })
  const endpoint = await endpointOf(options)
  try {
    const asked = { wallet, protocol, timeoutMs, signal, returnAll }
    const { completions } = await askEndpoint(endpoint, conversation, asked)
    return returnAll ? completions : (completions[0] ?? '')
  } catch (error) {
    // It may have moved: the next call looks again.
    found.delete(keyOf(options))
    throw error
  }
}

/** Endpoints that were looked up over connections of our own: a chat need not connect for every line. */
const found = createLru<string, AxonTarget>(64)

function keyOf({ network, netuid, hotkey }: PromptOptions): string {
  return JSON.stringify([network ?? 'finney', netuid ?? PROMPTING_NETUID, hotkey])
}

async function endpointOf(options: PromptOptions): Promise<AxonTarget> {
  const { axon, subtensor, netuid, network, signal } = options
  if (typeof axon === 'object') return axon
  if (axon !== undefined) {
    if (options.hotkey !== undefined) return { ...parseAddress(axon), hotkey: options.hotkey }
    throw new BittensorError('USAGE', 'the hotkey of the endpoint is missing', {
      details: 'every question is signed for the one that it is sent to',
    })
  }
  const hotkey = options.hotkey ?? FOUNDATION_HOTKEY
  if (subtensor) return findEndpoint(subtensor, hotkey, netuid)
  const known = found.get(keyOf(options))
  if (known) return known
  const own = await Subtensor.connect({ network, signal })
  try {
    const endpoint = await findEndpoint(own, hotkey, netuid)
    found.set(keyOf(options), endpoint)
    return endpoint
  } finally {
    await own.close()
  }
}
