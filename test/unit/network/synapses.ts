/** The message types of the recorded HTTP exchanges (test/vectors/neuron/README.md). */
import * as v from 'valibot'
import { float, int, optional, t, tensorField, withDefault } from '../../../src/network/fields.js'
import { defineSynapse } from '../../../src/network/synapse.js'

export const TextEcho = defineSynapse(
  'TextEcho',
  {
    prompt: v.string(),
    count: withDefault(int(), 1),
    tags: withDefault(v.array(v.string()), []),
    reply: optional(v.string()),
  },
  { hashFields: ['prompt', 'count', 'tags'] },
)

export const AllTypes = defineSynapse(
  'AllTypes',
  {
    s: v.string(),
    i: int(),
    f: float(),
    b: v.boolean(),
    l: v.array(int()),
    d: t.record(t.any()),
    o: optional(float()),
  },
  { hashFields: ['d', 'l', 'b', 'f', 'i', 's', 'o'] },
)

export const VecSum = defineSynapse(
  'VecSum',
  { x: optional(tensorField()), y: optional(tensorField()) },
  { hashFields: ['x'] },
)

export const ReqTensor = defineSynapse('ReqTensor', { x: tensorField() })

const q = { q: withDefault(v.string(), '') }
export const Blocked = defineSynapse('Blocked', q)
export const Failing = defineSynapse('Failing', q)
export const Slow = defineSynapse('Slow', q)
export const Prio = defineSynapse('Prio', q)
export const Custom = defineSynapse('Custom', q)

export const Words = defineSynapse(
  'Words',
  { text: v.string(), out: optional(v.string()) },
  { hashFields: ['text'], collect: (text) => ({ out: text }) },
)
