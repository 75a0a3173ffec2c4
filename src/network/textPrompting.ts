/** Text prompting, the one conversation of bittensor 5.x, as synapses that all three protocols carry. */
import * as v from 'valibot'
import { float, withDefault } from './fields.js'
import { defineSynapse } from './synapse.js'

/** One line of a conversation. */
export type ChatMessage = { readonly role: string; readonly content: string }

const conversation = { roles: v.array(v.string()), messages: v.array(v.string()) }

/**
 * Asks for a completion of a conversation: `roles[i]` said `messages[i]`.
 * @example
 * dendrite.query(axons, TextPrompting, { roles: ['user'], messages: ['what are you?'] })
 */
export const TextPrompting = defineSynapse(
  'TextPrompting',
  { ...conversation, completion: withDefault(v.string(), '') },
  { hashFields: ['roles', 'messages'] },
)

/**
 * Tells a miner how good its completion was.
 * @example
 * const feedback = { roles: ['user'], messages: ['hi'], completion: 'hello', rewards: [1] }
 * dendrite.query([axon], TextPromptingBackward, feedback)
 */
export const TextPromptingBackward = defineSynapse(
  'TextPromptingBackward',
  { ...conversation, completion: v.string(), rewards: v.array(float()) },
  { hashFields: ['roles', 'messages', 'completion', 'rewards'] },
)

/**
 * Asks one endpoint for many completions (5.0–5.2 only).
 * @example
 * dendrite.query([axon], TextPromptingMulti, { roles: ['user'], messages: ['what should I do?'] })
 */
export const TextPromptingMulti = defineSynapse(
  'TextPromptingMulti',
  { ...conversation, completions: withDefault(v.array(v.string()), []) },
  { hashFields: ['roles', 'messages'] },
)
