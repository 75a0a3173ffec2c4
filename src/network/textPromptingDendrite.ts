/** The validator's end of text prompting: one axon, or a pool of them. */
import { BittensorError } from '../core/errors.js'
import {
  type AxonTarget,
  Dendrite,
  type DendriteOptions,
  type DendriteResult,
  type QueryOptions,
} from './dendrite.js'
import { type ReturnCodeName, returnCodeOf } from './grpc/returnCodes.js'
import type { Fields, SynapseOutput } from './synapse.js'
import { TextPrompting, TextPromptingBackward } from './textPrompting.js'

/** A conversation: `roles[i]` said `messages[i]`. */
export type Conversation = {
  readonly roles: readonly string[]
  readonly messages: readonly string[]
}

/** How a call ended; nothing is thrown for a call that failed. */
export type TextPromptingCall = {
  /** Row of the axon in its pool, else what the dendrite was made with. */
  readonly uid: number
  readonly hotkey: string
  /** Empty unless the call succeeded. */
  readonly completion: string
  readonly ok: boolean
  /** As 5.3.1 numbers outcomes, whatever the protocol: 1 success, 2 timeout, 25 blacklisted, … */
  readonly returnCode: number
  readonly returnName: ReturnCodeName
  readonly message: string
  readonly elapsedMs: number
  /** Tells the miner how good its completion was, with the time limit of this call. */
  backward(rewards: number | readonly number[]): Promise<TextPromptingCall>
}

type PromptingOptions = Omit<QueryOptions, 'timeoutMs'> & {
  /** Default 12 s. */
  readonly timeoutMs?: number | undefined
}

/**
 * Talks to the text prompting of one axon.
 * @example
 * const dendrite = new TextPromptingDendrite({ wallet, axon: metagraph.axons[10] })
 * const { completion } = await dendrite.forward({ roles: ['user'], messages: ['what are you?'] })
 */
export class TextPromptingDendrite {
  readonly #dendrite: Dendrite
  readonly #axon: AxonTarget
  readonly #uid: number

  constructor(options: DendriteOptions & { readonly axon: AxonTarget; readonly uid?: number }) {
    const { axon, uid = 0, ...rest } = options
    this.#dendrite = new Dendrite({ protocol: 'auto', ...rest })
    this.#axon = axon
    this.#uid = uid
  }

  /**
   * Asks for a completion.
   * @throws {BittensorError} `USAGE` when there are not as many roles as messages; nothing was sent then
   */
  forward(conversation: Conversation, options: PromptingOptions = {}): Promise<TextPromptingCall> {
    return forward(this.#dendrite, { axon: this.#axon, uid: this.#uid }, conversation, options)
  }

  /** Tells the miner how good a completion was. Throws like {@link TextPromptingDendrite.forward}. */
  backward(
    feedback: Conversation & { readonly completion: string; readonly rewards: readonly number[] },
    options: PromptingOptions = {},
  ): Promise<TextPromptingCall> {
    return backward(this.#dendrite, { axon: this.#axon, uid: this.#uid }, feedback, options)
  }

  close(): void {
    this.#dendrite.close()
  }
}

/**
 * Talks to many axons, such as all of a metagraph, at once.
 * @example
 * const pool = new TextPromptingPool({ wallet, axons: metagraph.axons })
 * const calls = await pool.forward({ roles: ['user'], messages: ['hi'] }, { uids: [4, 7] })
 */
export class TextPromptingPool {
  readonly #dendrite: Dendrite
  readonly #axons: readonly AxonTarget[]

  /** @param options.axons by uid */
  constructor(options: DendriteOptions & { readonly axons: readonly AxonTarget[] }) {
    const { axons, ...rest } = options
    this.#dendrite = new Dendrite({ protocol: 'auto', ...rest })
    this.#axons = axons
  }

  /**
   * Asks all, or those with the given uids.
   * @returns one call per axon, in the order of the uids
   * @throws {BittensorError} `USAGE` for a uid without axon, and like {@link TextPromptingDendrite.forward}
   */
  async forward(
    conversation: Conversation,
    options: PromptingOptions & { readonly uids?: readonly number[] } = {},
  ): Promise<TextPromptingCall[]> {
    const { uids = this.#axons.keys(), ...rest } = options
    const peers = Array.from(uids, (uid) => {
      const axon = this.#axons[uid]
      if (!axon) throw new BittensorError('USAGE', `there is no axon with uid ${uid}`)
      return { axon, uid }
    })
    return Promise.all(peers.map((peer) => forward(this.#dendrite, peer, conversation, rest)))
  }

  close(): void {
    this.#dendrite.close()
  }
}

type Peer = { readonly axon: AxonTarget; readonly uid: number }

async function forward(
  dendrite: Dendrite,
  peer: Peer,
  conversation: Conversation,
  options: PromptingOptions,
): Promise<TextPromptingCall> {
  const asked = checked(conversation)
  const result = await dendrite.call(peer.axon, TextPrompting, asked, options)
  const completion = result.ok ? result.values.completion : ''
  return callOf(peer, result, completion, (rewards) =>
    backward(dendrite, peer, { ...asked, completion, rewards }, options),
  )
}

async function backward(
  dendrite: Dendrite,
  peer: Peer,
  feedback: Conversation & { readonly completion: string; readonly rewards: readonly number[] },
  options: PromptingOptions,
): Promise<TextPromptingCall> {
  const told = { ...checked(feedback), completion: feedback.completion }
  const input = { ...told, rewards: [...feedback.rewards] }
  const result = await dendrite.call(peer.axon, TextPromptingBackward, input, options)
  return callOf(peer, result, told.completion, (rewards) =>
    backward(dendrite, peer, { ...told, rewards }, options),
  )
}

function checked({ roles, messages }: Conversation): { roles: string[]; messages: string[] } {
  if (roles.length !== messages.length) {
    throw new BittensorError('USAGE', `${roles.length} roles but ${messages.length} messages`)
  }
  return { roles: [...roles], messages: [...messages] }
}

function callOf<F extends Fields>(
  { axon, uid }: Peer,
  result: DendriteResult<F> & { readonly values?: SynapseOutput<F> | undefined },
  completion: string,
  reward: (rewards: readonly number[]) => Promise<TextPromptingCall>,
): TextPromptingCall {
  const { ok, message, elapsedMs } = result
  const { code, name } = returnCodeOf(result)
  return {
    uid,
    hotkey: axon.hotkey,
    completion,
    ok,
    returnCode: code,
    returnName: name,
    message,
    elapsedMs,
    backward: (rewards) => reward(typeof rewards === 'number' ? [rewards] : rewards),
  }
}
