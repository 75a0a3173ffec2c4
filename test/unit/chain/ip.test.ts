import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipText, parseIp, placeOf } from '../../../src/core/chain/ip.js'
import { vectors } from '../network/vectors.js'

type Row = {
  readonly input: string
  readonly version: 4 | 6
  readonly int: string
  readonly int_to_ip: string
  /** false: Python reads back another address */
  readonly roundtrip: boolean
}

const { rows } = vectors<{ rows: Row[] }>('ip-encoding.json')

test.each([
  [0n, '0.0.0.0'],
  [16_909_060n, '1.2.3.4'],
  [4_294_967_295n, '255.255.255.255'],
  [1n << 32n, '::1:0:0'],
  [0x20010db8000000000000000000000001n, '2001:db8::1'],
  [0x20010db8000100000000000000000001n, '2001:db8:1::1'],
  [0xfe800000000000000000000000000000n, 'fe80::'],
  [0x00010002000300040005000600070008n, '1:2:3:4:5:6:7:8'],
  [0xffff01020304n, '::ffff:1.2.3.4'],
  [0n, '::', 6],
  [1n, '::1', 6],
  [16_909_060n, '::102:304', 6],
] as [bigint, string, 6?][])('%d is %s', (ip, text, ipType) => {
  expect(ipText(ip, ipType ?? 4)).toBe(text)
  expect(parseIp(text)).toEqual({ ip, ipType: text.includes(':') ? 6 : 4 })
})

test.each(rows)('$input is the number that Python has for it', (row) => {
  const { input, version, int, int_to_ip, roundtrip } = row
  expect(parseIp(input)).toEqual({ ip: BigInt(int), ipType: version })
  const text = ipText(BigInt(int), version)
  expect(parseIp(text)).toEqual(parseIp(input))
  if (roundtrip) expect(text).toBe(int_to_ip)
})

test.each([
  ['1.2.3.4', 4],
  ['2001:DB8::1', 6],
  ['::ffff:1.2.3.4', 6],
  ['::', 6],
])('%s is an address', (text, ipType) => {
  expect(parseIp(text)?.ipType).toBe(ipType)
})

test.each(['', '1.2.3', '1.2.3.256', '1.2.3.4.5', 'g::1', '1::2::3', 'fe80::1%eth0', 'host'])(
  '%s is none',
  (text) => {
    expect(parseIp(text)).toBeUndefined()
  },
)

test('text and number are two forms of one thing', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (ip) => {
      expect(parseIp(ipText(ip, 6))).toEqual({ ip, ipType: 6 })
    }),
  )
})

test.each([
  ['127.0.0.2', 'of this machine itself'],
  ['10.255.0.1', 'of a private network'],
  ['172.31.255.255', 'of a private network'],
  ['192.168.1.4', 'of a private network'],
  ['100.127.0.1', 'behind the shared address of a provider'],
  ['169.254.7.7', 'of one cable'],
  ['fd00::1', 'of a private network'],
  ['fe80::1', 'of one cable'],
  ['::ffff:10.0.0.1', 'of a private network'],
  ['172.32.0.1', undefined],
  ['100.128.0.1', undefined],
  ['203.0.113.9', undefined],
  ['2001:db8::9', undefined],
  ['::a00:1', undefined],
  ['nowhere', undefined],
])('%s is an address %s', (ip, place) => {
  expect(placeOf(ip)).toBe(place)
})
