import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { float, int, optional, t, tensorField, withDefault } from '../../../src/network/fields.js'
import { bodyHash } from '../../../src/network/http/bodyHash.js'
import {
  decodeFields,
  defineSynapse,
  encodeInput,
  inputObjects,
  type SynapseInput,
  type SynapseOutput,
} from '../../../src/network/synapse.js'
import {
  type JsonMap,
  type JsonNode,
  parseJson,
  printJson,
} from '../../../src/network/wire/json.js'
import { WireError } from '../../../src/network/wire/kind.js'
import { type Tensor, tensor } from '../../../src/network/wire/tensor.js'
import { AllTypes, TextEcho, VecSum } from './synapses.js'
import { losslessVectors } from './vectors.js'

describe('defineSynapse', () => {
  it('gives types, with defaults optional for the caller', () => {
    expectTypeOf<Pick<SynapseInput<(typeof TextEcho)['fields']>, 'prompt'>>().toEqualTypeOf<{
      prompt: string
    }>()
    expectTypeOf<{ prompt: string }>().toExtend<SynapseInput<(typeof TextEcho)['fields']>>()
    expectTypeOf<{ count: number }>().not.toExtend<SynapseInput<(typeof TextEcho)['fields']>>()
    expectTypeOf<SynapseOutput<(typeof TextEcho)['fields']>>().toEqualTypeOf<{
      prompt: string
      count: number
      tags: string[]
      reply: string | null
    }>()
    expectTypeOf<SynapseOutput<(typeof VecSum)['fields']>['x']>().toEqualTypeOf<Tensor | null>()
  })

  it('has all types of fields under one name', () => {
    const Job = defineSynapse('Job', {
      title: t.string(),
      count: t.withDefault(t.int(), 1),
      scores: t.optional(t.list(t.float())),
      notes: t.record(t.any()),
      x: t.optional(t.tensor()),
      urgent: t.boolean(),
    })
    expectTypeOf<SynapseOutput<(typeof Job)['fields']>>().toEqualTypeOf<{
      title: string
      count: number
      scores: number[] | null
      notes: { [name: string]: unknown }
      x: Tensor | null
      urgent: boolean
    }>()
    const input = { title: 'a', notes: { n: [1, 'b'] }, urgent: true, scores: [1, 0.5] }
    expect(printJson(encodeInput(Job, input), 'compact')).toBe(
      '{"title":"a","count":1,"scores":[1.0,0.5],"notes":{"n":[1,"b"]},"x":null,"urgent":true}',
    )
    const body = '{"title":"a","notes":{},"urgent":false,"scores":[2]}'
    expect(decodeFields(Job, parseJson(body)).values).toEqual({
      title: 'a',
      count: 1,
      scores: [2],
      notes: {},
      x: null,
      urgent: false,
    })
    expect(() => encodeInput(Job, { ...input, count: 1.5 })).toThrow('`count`')
  })

  it('fills defaults and keeps the declared order and types on the wire', () => {
    expect(printJson(encodeInput(TextEcho, { prompt: 'hi' }), 'python')).toBe(
      '{"prompt": "hi", "count": 1, "tags": [], "reply": null}',
    )
    expect(
      printJson(
        encodeInput(AllTypes, { s: 'x', i: 3, f: 1, b: true, l: [1], d: { k: null } }),
        'python',
      ),
    ).toBe('{"s": "x", "i": 3, "f": 1.0, "b": true, "l": [1], "d": {"k": null}, "o": null}')
  })

  it('uses other names on the wire where told', () => {
    const Renamed = defineSynapse(
      'Renamed',
      { maxTokens: int() },
      { wireNames: { maxTokens: 'max_tokens' }, hashFields: ['maxTokens'] },
    )
    expect(printJson(encodeInput(Renamed, { maxTokens: 5 }), 'compact')).toBe('{"max_tokens":5}')
    expect(decodeFields(Renamed, parseJson('{"max_tokens": 7}')).values).toEqual({ maxTokens: 7 })
    expect(Renamed.hashFields).toEqual(['max_tokens'])
  })

  it('takes what Python takes for a type and refuses the rest', () => {
    const read = (text: string) => decodeFields(AllTypes, parseJson(text)).values
    const rest = '"s": "x", "b": true, "l": [], "d": {}'
    expect(read(`{${rest}, "i": 3.0, "f": 1}`)).toMatchObject({ i: 3, f: 1 })
    for (const [i, f] of [
      ['3.5', '1'],
      ['"3"', '1'],
      ['true', '1'],
      ['1', 'null'],
      ['1e40', '1'],
      ['NaN', '1'],
    ]) {
      expect(() => read(`{${rest}, "i": ${i}, "f": ${f}}`)).toThrow(WireError)
    }
    expect(() => read('{}')).toThrow('`s` is missing')
    expect(() => read('[]')).toThrow('the body is not an object')
    expect(() => read(`{"s": "x", "b": true, "l": [1, "x"], "d": {}, "i": 1, "f": 1}`)).toThrow(
      '`l.1` is not a whole number',
    )
  })

  it('names the field, never the value, when a caller is wrong', () => {
    expect(() => encodeInput(TextEcho, { prompt: 5 as unknown as string })).toThrow(
      'TextEcho: `prompt` is not string',
    )
    expect(() =>
      encodeInput(AllTypes, { s: '', i: 1, f: 1, b: true, l: [], d: { f: () => 'secret' } }),
    ).toThrow('AllTypes: `d.f` cannot be sent as JSON')
  })

  it('checks what else the schema says, on both ends', () => {
    const Short = defineSynapse('Short', { text: v.pipe(v.string(), v.maxLength(3)) })
    expect(() => encodeInput(Short, { text: 'long' })).toThrow('Short: `text` is not <=3')
    expect(() => decodeFields(Short, parseJson('{"text": "long"}'))).toThrow(WireError)
  })

  it('is not led astray by a key such as __proto__', () => {
    const { values } = decodeFields(
      AllTypes,
      parseJson('{"s":"","i":1,"f":1,"b":true,"l":[],"d":{"__proto__":{"x":1}}}'),
    )
    expect(Object.getPrototypeOf(values.d)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('keeps every key of a dictionary, and refuses what a schema of the library would lose', () => {
    const words = JSON.parse('{"constructor": 1, "prototype": 2, "__proto__": 3, "word": 4}')
    const Kept = defineSynapse('Kept', { words: t.record(int()) })
    const sent = parseJson(printJson(encodeInput(Kept, { words }), 'compact'))
    expect(Object.entries(decodeFields(Kept, sent).values.words)).toEqual(Object.entries(words))
    const Lost = defineSynapse('Lost', { all: t.list(v.record(v.string(), int())) })
    const text = '`all` has the key `constructor`, which only t.record() keeps'
    expect(() => encodeInput(Lost, { all: [words] })).toThrow(`Lost: ${text}`)
    expect(() => decodeFields(Lost, parseJson('{"all": [{"constructor": 1}]}'))).toThrow(text)
    expect(() => encodeInput(Kept, { words: { a: 1.5 } })).toThrow('Kept: `words` is not')
    expect(() => encodeInput(Kept, { words: [] as never })).toThrow('`words` is not Object')
  })

  it('keeps large integers exact', () => {
    const Big = defineSynapse('Big', { n: v.bigint(), m: v.any(), k: optional(v.bigint()) })
    const { values } = decodeFields(
      Big,
      parseJson('{"n": 12345678901234567890, "m": [9007199254740993], "k": 12345678901234567890}'),
    )
    expect(values).toEqual({
      n: 12345678901234567890n,
      m: [9007199254740993n],
      k: 12345678901234567890n,
    })
    expect(decodeFields(Big, parseJson('{"n": 1, "m": 1, "k": 1}')).values).toEqual({
      n: 1n,
      m: 1,
      k: 1n,
    })
    expect(printJson(encodeInput(Big, values), 'compact')).toBe(
      '{"n":12345678901234567890,"m":[9007199254740993],"k":12345678901234567890}',
    )
  })

  it('sends empty values of required fields in headers', () => {
    expect(Object.fromEntries(inputObjects(AllTypes))).toEqual({
      s: 'IiI=',
      i: 'MA==',
      f: 'MC4w',
      b: 'ZmFsc2U=',
      l: 'W10=',
      d: 'e30=',
    })
  })

  it.each([
    ['a bad name', () => defineSynapse('a/b', {})],
    ['a reserved field', () => defineSynapse('A', { timeout: int() })],
    ['a field that every object has', () => defineSynapse('A', { constructor: t.any() })],
    [
      'the same within an object',
      () => defineSynapse('A', { o: v.object({ toString: v.string() }) }),
    ],
    ['a schema without a wire form', () => defineSynapse('A', { at: v.date() })],
    [
      'two fields of one name',
      () => defineSynapse('A', { a: int(), b: int() }, { wireNames: { a: 'b' } }),
    ],
  ])('refuses %s', (_name, define) => {
    expect(define).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })

  it('reads back what it sends', () => {
    const dict = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'prototype', 'constructor')),
      fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean()),
    )
    fc.assert(
      fc.property(
        fc.record({
          s: fc.string(),
          i: fc.maxSafeInteger(),
          f: fc.double({ noNaN: true }),
          b: fc.boolean(),
          l: fc.array(fc.integer()),
          d: dict,
          o: fc.option(fc.double({ noNaN: true })),
        }),
        (input) => {
          const sent = parseJson(printJson(encodeInput(AllTypes, input), 'python'))
          const { values } = decodeFields(AllTypes, sent)
          expect({ ...values, d: { ...values.d } }).toEqual({ ...input, d: { ...input.d } })
        },
      ),
    )
  })
})

describe('body hash', () => {
  const rows = (losslessVectors('body-hash.json') as JsonMap).get('body_hash_vectors') as JsonMap[]
  const fields = {
    prompt: v.string(),
    count: withDefault(int(), 1),
    tags: withDefault(v.array(v.string()), []),
    temp: withDefault(float(), 0.5),
    meta: v.optional(v.any(), null),
    roles: optional(v.array(v.string())),
    messages: optional(v.array(v.string())),
    completion: optional(v.string()),
    x: optional(tensorField()),
  }

  it.each(rows.map((row) => [row.get('synapse'), row] as const))('of %s', (_name, row) => {
    const sent = row.get('fields') as JsonMap
    const used = Object.entries(fields).filter(([name]) => sent.has(name))
    const synapse = defineSynapse('T', Object.fromEntries(used))
    const { nodes } = decodeFields(synapse, sent)
    expect(bodyHash(nodes, row.get('hash_fields') as string[])).toBe(row.get('body_hash'))
  })

  it('of a float field is the same for 1 and 1.0, of an untyped one it is not', () => {
    const hash = (text: string, field: string) => {
      const all = parseJson(`{"s":"","i":1,"b":true,"l":[],${text}}`)
      return bodyHash(decodeFields(AllTypes, all).nodes, [field])
    }
    expect(hash('"f": 1, "d": {}', 'f')).toBe(hash('"f": 1.0, "d": {}', 'f'))
    expect(hash('"f": 1, "d": {"a": 1}', 'd')).not.toBe(hash('"f": 1, "d": {"a": 1.0}', 'd'))
  })

  it('does not exist for half a surrogate pair', () => {
    const nodes = new Map<string, JsonNode>([['a', '\ud800']])
    expect(bodyHash(nodes, ['a'])).toBeUndefined()
    expect(bodyHash(nodes, [])).toBe(
      'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a',
    )
  })

  it('covers tensors by their printed form', () => {
    const nodes = encodeInput(VecSum, { x: tensor('float32', [1, 2, 3, 4], [2, 2]) })
    expect(bodyHash(nodes, ['x'])).toBe(
      'b6c659b1745a8e36cbdddc75aee151eb56cccdbe54f4d48721f8128905d31c7e',
    )
  })
})
