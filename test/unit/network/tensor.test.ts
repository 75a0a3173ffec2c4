import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BittensorError } from '../../../src/core/errors.js'
import { fromFloat16, toFloat16 } from '../../../src/network/wire/float16.js'
import { type JsonNode, parseJson } from '../../../src/network/wire/json.js'
import {
  isTensor,
  packTensor,
  type TensorDtype,
  tensor,
  tensorFromJson,
  tensorToJson,
  unpackTensor,
} from '../../../src/network/wire/tensor.js'
import { vectors } from './vectors.js'

type Row = {
  note: string
  dtype: TensorDtype
  shape: number[]
  buffer: string
  msgpack_hex: string
  data: (number | string | boolean)[]
  deserialized_shape: number[]
}
const rows = vectors<{ tensors: Row[] }>('tensors.json').tensors

const values = (row: Row) =>
  row.data.map((value) => (typeof value === 'string' ? BigInt(value) : value))

describe('tensors', () => {
  it.each(rows)('$dtype $shape $note: reads and writes what numpy peers exchange', (row) => {
    const built = tensor(row.dtype, values(row), row.deserialized_shape)
    expect(Buffer.from(packTensor(built)).toString('hex')).toBe(row.msgpack_hex)
    const json = new Map<string, JsonNode>([
      ['buffer', row.buffer],
      ['dtype', row.dtype],
      ['shape', row.shape.map(BigInt)],
    ])
    expect(tensorToJson(built)).toEqual(json)
    expect(tensorFromJson(json)).toEqual(built)
    expect(tensorFromJson(new Map(json).set('dtype', `torch.${row.dtype}`))).toEqual(built)
    expect(isTensor(built)).toBe(true)
  })

  it('casts to the type named outside', () => {
    const inner = tensorToJson(tensor('float32', [1.5, -2]))
    expect(tensorFromJson(new Map(inner).set('dtype', 'int64'))).toEqual(tensor('int64', [1n, -2n]))
    const big = tensorToJson(tensor('int64', [3n]))
    expect(tensorFromJson(new Map(big).set('dtype', 'float16'))).toEqual(tensor('float16', [3]))
  })

  it('rounds to half precision like IEEE 754', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromFloat16(bits)
      if (!Number.isNaN(value)) expect(toFloat16(value)).toBe(bits)
    }
    expect(
      [0.1, 65_519, 65_520, 2 ** -25, 2 ** -25 * 1.01, 1 + 2 ** -11, 1 + 3 * 2 ** -11].map(
        toFloat16,
      ),
    ).toEqual([0x2e66, 0x7bff, 0x7c00, 0, 1, 0x3c00, 0x3c02])
    expect(fromFloat16(toFloat16(Number.NaN))).toBeNaN()
  })

  it('refuses shapes that do not hold the elements', () => {
    expect(() => tensor('float32', [1, 2, 3], [2, 2])).toThrow('has 4 elements, not 3')
    expect(() => tensor('float32', [], [-1])).toThrow('not a list of sizes')
  })

  const good = Buffer.from(packTensor(tensor('float32', [1, 2, 3, 4], [2, 2])))
  it.each([
    ['no map', Buffer.from([0x93])],
    ['nothing', Buffer.alloc(0)],
    ['a cut end', good.subarray(0, -1)],
    ['bytes behind', Buffer.concat([good, Buffer.from([0])])],
    ['an unknown type', Buffer.from(good.toString('latin1').replace('<f4', '<c8'), 'latin1')],
    [
      'a shape too large',
      Buffer.from(good.toString('latin1').replace('\x92\x02\x02', '\x92\x7f\x7f'), 'latin1'),
    ],
    [
      'a length past the end',
      Buffer.from(good.toString('latin1').replace('\xc4\x10', '\xc4\xff'), 'latin1'),
    ],
  ])('refuses %s', (_name, bytes) => {
    expect(() => unpackTensor(bytes)).toThrow(BittensorError)
  })

  it('never fails in another way than by refusing, and allocates no more than it was given', () => {
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.nat(255),
        fc.uint8Array({ maxLength: 40 }),
        (at, byte, tail) => {
          const damaged = Buffer.concat([good, tail])
          damaged[at] = byte
          for (const bytes of [damaged, damaged.subarray(0, good.length), tail]) {
            try {
              expect(unpackTensor(bytes).data.byteLength).toBeLessThanOrEqual(2 * bytes.length)
            } catch (error) {
              expect(error).toBeInstanceOf(BittensorError)
            }
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    '{}',
    '[]',
    '{"buffer": 1, "dtype": "float32"}',
    '{"buffer": "!", "dtype": "float32"}',
    '{"buffer": "", "dtype": "complex64"}',
  ])('refuses the JSON %s', (text) => {
    expect(() => tensorFromJson(parseJson(text))).toThrow('the tensor is malformed')
  })
})
