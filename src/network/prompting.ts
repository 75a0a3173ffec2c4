/**
 * Prompts through an endpoint axon, as bittensor 5.3.1 does: a validator that passes a conversation on to miners and returns
 * what it likes best, or (5.0–5.2) all that came back.
 */
import { BittensorError } from '../core/errors.js'
import { decodeAddress, type Ss58 } from '../core/keys/ss58.js'
import { hostPort } from './address.js'
import { type AxonInfo, isServing } from './axonInfo.js'
import {
  type AxonTarget,
  Dendrite,
  type DendriteOptions,
  type DendriteResult,
  type QueryOptions,
} from './dendrite.js'
import type { Fields } from './synapse.js'
import { type ChatMessage, TextPrompting, TextPromptingMulti } from './textPrompting.js'

/**
 * The endpoint of the Opentensor Foundation that 5.3.1 asks by default. It was switched off after 2023.
 * @example
 * prompt('Heraclitus was a ', { hotkey: FOUNDATION_HOTKEY })
 */
export const FOUNDATION_HOTKEY = '5F4tQyWrhfGVcNhoqeiNsR6KjD4wMZ2kfhLj4oHYuyHbZAc3' as Ss58

/** The subnet on which text prompting lived. */
export const PROMPTING_NETUID = 1

/** Time for an answer, which passes through a validator to miners and back (bittensor 5.3.1). */
export const PROMPT_TIMEOUT_MS = 24_000

/** What a conversation begins with unless told otherwise; 5.3.1 names the assistant in the same way. */
const SYSTEM_MESSAGE =
  'You are Chattensor, an assistant from a research project of Opentensor Cortex. You can help with many kinds of tasks.'

/** A question, several lines of one user, or a whole conversation. */
export type PromptContent = string | readonly string[] | readonly ChatMessage[]

/**
 * The conversation that is sent: a text gets the system message before it, a list of texts is all the user's.
 * @throws {BittensorError} `USAGE` when nothing is asked
 */
export function conversationOf(
  content: PromptContent,
  system: string = SYSTEM_MESSAGE,
): { readonly roles: string[]; readonly messages: string[] } {
  const lines: readonly ChatMessage[] =
    typeof content === 'string'
      ? [
          { role: 'system', content: system },
          { role: 'user', content },
        ]
      : content.map((line) => (typeof line === 'string' ? { role: 'user', content: line } : line))
  if (!lines.some((line) => line.role !== 'system' && line.content.trim() !== '')) {
    throw new BittensorError('USAGE', 'there is nothing to ask: the prompt is empty')
  }
  return { roles: lines.map(({ role }) => role), messages: lines.map((line) => line.content) }
}

/** What knows where axons are; `Subtensor` is one. */
export type AxonFinder = {
  getAxonInfo(
    netuid: number,
    hotkey: Ss58,
  ): Promise<Pick<AxonInfo, 'ip' | 'port' | 'version'> | undefined>
}

/**
 * The endpoint that a validator has announced on chain.
 * @throws {BittensorError} `BAD_ADDRESS`; `NOT_REGISTERED` when the hotkey announces nothing on the subnet
 */
export async function findEndpoint(
  finder: AxonFinder,
  hotkey: string,
  netuid = PROMPTING_NETUID,
): Promise<AxonTarget> {
  decodeAddress(hotkey)
  const axon = await finder.getAxonInfo(netuid, hotkey as Ss58)
  if (axon && isServing(axon)) {
    return { hotkey, ip: axon.ip, port: axon.port, version: axon.version }
  }
  throw new BittensorError(
    'NOT_REGISTERED',
    hotkey === FOUNDATION_HOTKEY
      ? `the foundation's endpoint of 2023 no longer answers: it announces no address on subnet ${netuid}`
      : `${hotkey} announces no endpoint on subnet ${netuid}`,
    { hint: OTHER_ENDPOINT, data: { hotkey, netuid } },
  )
}

const OTHER_ENDPOINT =
  'name another endpoint by its hotkey or its address: --axon_hotkey, --axon (in programs `hotkey`, `axon`)'

/**
 * Reads `host:port`; IPv6 addresses stand in brackets.
 * @throws {BittensorError} `USAGE`
 * @example
 * parseAddress('127.0.0.1:8091') // { ip: '127.0.0.1', port: 8091 }
 */
export function parseAddress(text: string): { readonly ip: string; readonly port: number } {
  const [, ip = '', digits = ''] = /^(?:\w+:\/\/)?(\[[\da-f:.]+\]|[^:/\s]+):(\d{1,5})\/?$/i.exec(
    text.trim(),
  ) ?? ['', '', '']
  const port = Number(digits)
  if (ip !== '' && port >= 1 && port <= 65_535) return { ip: ip.replace(/^\[|\]$/g, ''), port }
  throw new BittensorError('USAGE', `\`${text.slice(0, 60)}\` is not host:port`, {
    hint: 'write it as 203.0.113.9:8091',
  })
}

/** One answer of an endpoint, or all that it had. */
export type Prompted = {
  readonly endpoint: AxonTarget
  /** At least one. */
  readonly completions: readonly string[]
  /** The protocol that the endpoint answered in. */
  readonly protocol: DendriteResult['protocol']
  readonly elapsedMs: number
}

/**
 * Asks an endpoint.
 * @param options.returnAll asks for all completions: the call MultiForward of 5.0–5.2
 * @throws {BittensorError} `CONNECTION` when the endpoint cannot be reached, refuses or fails; `TIMEOUT`
 */
export async function askEndpoint(
  endpoint: AxonTarget,
  conversation: ReturnType<typeof conversationOf>,
  options: DendriteOptions & QueryOptions & { readonly returnAll?: boolean | undefined },
): Promise<Prompted> {
  const { returnAll = false, timeoutMs = PROMPT_TIMEOUT_MS, signal, ...rest } = options
  const dendrite = new Dendrite({ protocol: 'auto', ...rest })
  const limits = { timeoutMs, signal }
  try {
    if (!returnAll) {
      const result = await dendrite.call(endpoint, TextPrompting, conversation, limits)
      return prompted(endpoint, result, result.ok ? [result.values.completion] : [])
    }
    const result = await dendrite.call(endpoint, TextPromptingMulti, conversation, limits)
    if (result.status === 404) throw onlyOne(endpoint)
    return prompted(endpoint, result, result.ok ? result.values.completions : [])
  } finally {
    dendrite.close()
  }
}

function prompted(
  endpoint: AxonTarget,
  result: DendriteResult<Fields>,
  completions: readonly string[],
): Prompted {
  if (!result.ok) throw failureOf(endpoint, result)
  if (completions.length === 0) {
    throw new BittensorError('CONNECTION', 'the endpoint answered without any completion')
  }
  return {
    endpoint,
    completions,
    protocol: result.protocol,
    elapsedMs: result.elapsedMs,
  }
}

function onlyOne(endpoint: AxonTarget): BittensorError {
  return new BittensorError(
    'CONNECTION',
    `the endpoint at ${addressOf(endpoint)} has no call for several completions`,
    { details: 'bittensor 5.3.0 and later have dropped it', hint: 'ask for one completion' },
  )
}

function failureOf(
  endpoint: AxonTarget,
  { status, message }: Pick<DendriteResult, 'status' | 'message'>,
): BittensorError {
  const place = `the endpoint at ${addressOf(endpoint)}`
  const data = { hotkey: endpoint.hotkey, address: addressOf(endpoint), status }
  if (status === 499) return new BittensorError('INTERRUPTED', 'cancelled')
  if (status === 408) {
    return new BittensorError('TIMEOUT', `${place} did not answer in time`, {
      details: message,
      hint: 'try again, or give it more time',
      data,
    })
  }
  if (status === 503) {
    const isFoundation = endpoint.hotkey === FOUNDATION_HOTKEY
    const gone = "the foundation's endpoint of 2023 no longer answers"
    return new BittensorError('CONNECTION', isFoundation ? gone : `${place} does not answer`, {
      details: message,
      hint: OTHER_ENDPOINT,
      data,
    })
  }
  const refuses = status === 401 || status === 403
  if (refuses && /^WrongReceiver\b/.test(message)) {
    return new BittensorError('CONNECTION', `${place} has another hotkey`, {
      details: message,
      hint: 'check the hotkey: --axon_hotkey (in programs `hotkey`)',
      data,
    })
  }
  return new BittensorError(
    'CONNECTION',
    `${place} ${refuses ? 'refuses this hotkey' : 'failed'}`,
    {
      details: message,
      hint: refuses ? 'its owner decides whom it serves' : undefined,
      data,
    },
  )
}

function addressOf({ ip, port }: AxonTarget): string {
  return hostPort(ip, port)
}
