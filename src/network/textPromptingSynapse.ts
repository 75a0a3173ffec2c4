/** The miner's end of text prompting, in the shape that synapses have in bittensor 5.3.1. */
import type { Axon } from './axon.js'
import type { Call, Handlers } from './call.js'
import type { Fields } from './synapse.js'
import {
  type ChatMessage,
  TextPrompting,
  TextPromptingBackward,
  TextPromptingMulti,
} from './textPrompting.js'

type Awaitable<T> = T | Promise<T>

/** What a miner does with conversations. */
export type TextPromptingHandlers = Pick<Handlers<Fields>, 'blacklist' | 'priority' | 'verify'> & {
  /** The completion of a conversation. */
  readonly forward: (messages: readonly ChatMessage[], call: Call) => Awaitable<string>
  /** Hears how good a completion was; without it feedback is taken and dropped. */
  readonly backward?:
    | ((
        feedback: {
          readonly messages: readonly ChatMessage[]
          readonly completion: string
          readonly rewards: readonly number[]
        },
        call: Call,
      ) => Awaitable<void>)
    | undefined
  /** Several completions of one conversation (5.0–5.2); without it the one of `forward`. */
  readonly multiForward?:
    | ((messages: readonly ChatMessage[], call: Call) => Awaitable<readonly string[]>)
    | undefined
}

/**
 * Attaches text prompting to an axon, running or not; every protocol of the axon carries it.
 * @example
 * new TextPromptingSynapse(axon, { forward: () => 'hello im a chat bot.' })
 */
export class TextPromptingSynapse {
  constructor(axon: Axon, handlers: TextPromptingHandlers) {
    const { forward, backward, multiForward, ...rules } = handlers
    axon
      .attach(TextPrompting, {
        ...rules,
        forward: async (synapse, call) => ({ completion: await forward(linesOf(synapse), call) }),
      })
      .attach(TextPromptingBackward, {
        ...rules,
        async forward(synapse, call) {
          const { completion, rewards } = synapse
          await backward?.({ messages: linesOf(synapse), completion, rewards }, call)
        },
      })
      .attach(TextPromptingMulti, {
        ...rules,
        async forward(synapse, call) {
          const messages = linesOf(synapse)
          const several = await (multiForward?.(messages, call) ?? [await forward(messages, call)])
          return { completions: [...several] }
        },
      })
  }
}

/** A role without a message, or the other way round, counts as an empty one. */
function linesOf({ roles, messages }: { roles: string[]; messages: string[] }): ChatMessage[] {
  return Array.from({ length: Math.max(roles.length, messages.length) }, (_, i) => ({
    role: roles[i] ?? '',
    content: messages[i] ?? '',
  }))
}
