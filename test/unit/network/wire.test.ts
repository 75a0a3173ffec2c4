import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatEndpoint, hostPort } from '../../../src/network/address.js'
import { JsonError, type JsonNode, parseJson, printJson } from '../../../src/network/wire/json.js'
import { floatRepr, pythonStr } from '../../../src/network/wire/pythonText.js'
import { losslessVectors, vectors } from './vectors.js'

describe('python text', () => {
  type Row = { type: string; value: JsonNode; python_str: string }
  const rows = (losslessVectors('body-hash.json') as Map<string, JsonNode>).get(
    'str_vectors',
  ) as JsonNode[]
  const cases = rows.map((row): Row => {
    const map = row as Map<string, JsonNode>
    return {
      type: map.get('type') as string,
      value: map.get('value') ?? null,
      python_str: map.get('python_str') as string,
    }
  })

  it.each(cases.filter((row) => row.value !== null || row.type === 'none'))(
    'prints $type as $python_str',
    ({ type, value, python_str }) => {
      const node = type === 'int' && typeof value === 'string' ? BigInt(value) : value
      expect(pythonStr(node)).toBe(python_str)
    },
  )

  it('prints what is not a number', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(floatRepr)).toEqual(
      ['nan', 'inf', '-inf'],
    )
  })

  it('prints floats that read back as themselves, always with a point or an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = floatRepr(value)
        expect(Object.is(Number(text), value)).toBe(true)
        expect(text).toMatch(/^-?\d(\d*\.\d+|(\.\d+)?e[+-]\d\d+)$/)
      }),
    )
  })
})

describe('json', () => {
  const node = fc.letrec<{ node: JsonNode }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.string({ unit: 'binary' }),
      fc.bigInt(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie('node'), { maxLength: 5 }),
      fc
        .array(fc.tuple(fc.string({ unit: 'binary' }), tie('node')), { maxLength: 5 })
        .map((entries) => new Map(entries)),
    ),
  })).node

  it.each(['python', 'compact'] as const)('reads back what it writes (%s)', (style) => {
    fc.assert(
      fc.property(node, (value) => {
        expect(parseJson(printJson(value, style))).toEqual(value)
      }),
    )
  })

  it('agrees with JSON.parse on what is JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string(), fc.stringMatching(/^[[\]{}",:0-9.eE+\-ntrfua l\\]*$/)),
        (text) => {
          let valid = true
          try {
            JSON.parse(text)
          } catch {
            valid = false
          }
          if (valid) expect(() => parseJson(text)).not.toThrow()
          else expect(() => parseJson(text)).toThrow(JsonError)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('keeps what JSON.parse loses', () => {
    expect(parseJson('{"10": 1, "2": 1.0, "n": 1795446401209095301}')).toEqual(
      new Map<string, JsonNode>([
        ['10', 1n],
        ['2', 1],
        ['n', 1795446401209095301n],
      ]),
    )
    expect([...(parseJson('{"10": 1, "2": 2}') as Map<string, JsonNode>).keys()]).toEqual([
      '10',
      '2',
    ])
    expect([...(parseJson('{"a": 1, "b": 2, "a": 3}') as Map<string, JsonNode>)]).toEqual([
      ['a', 3n],
      ['b', 2n],
    ])
    expect(Object.is(parseJson('-0.0'), -0)).toBe(true)
    expect(parseJson('[NaN, Infinity, -Infinity]')).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ])
  })

  it.each([
    ['deep nesting', '['.repeat(101)],
    ['deep objects', '{"a":'.repeat(101)],
    ['a huge integer', '9'.repeat(4301)],
    ['an open string', '"abc'],
    ['an open escape', '"abc\\"'],
    ['a control character', '"a\nb"'],
    ['trailing text', '1 2'],
    ['nothing', ''],
  ])('refuses %s', (_name, text) => {
    expect(() => parseJson(text)).toThrow(JsonError)
  })

  it('has no compact form of NaN', () => {
    expect(() => printJson(Number.NaN, 'compact')).toThrow(JsonError)
    expect(printJson([Number.NaN, Number.NEGATIVE_INFINITY], 'python')).toBe('[NaN, -Infinity]')
  })
})

describe('addresses', () => {
  type Row = { input: string; address: string; roundtrip: boolean }
  const rows = vectors<{ rows: Row[] }>('ip-encoding.json').rows.filter((row) => row.roundtrip)

  it.each(rows)('prints $address', ({ input, address }) => {
    expect(formatEndpoint({ ip: input, port: 8091 })).toBe(address)
  })

  it('puts IPv6 in brackets before a port', () => {
    expect([hostPort('::1', 80), hostPort('1.2.3.4', 80)]).toEqual(['[::1]:80', '1.2.3.4:80'])
  })
})
