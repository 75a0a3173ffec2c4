import { bytesToHex } from '@noble/hashes/utils.js'
import { Keyring } from '@polkadot/keyring'
import { GenericExtrinsicEra, Metadata, TypeRegistry } from '@polkadot/types'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../../../src/localnet/node/bytes.js'
import {
  bareExtrinsic,
  decodeExtrinsic,
  signingPayload,
} from '../../../../src/localnet/node/extrinsic/codec.js'
import { eraBirth, eraDeath, readEra } from '../../../../src/localnet/node/extrinsic/era.js'
import { FormatError } from '../../../../src/localnet/node/extrinsic/reader.js'
import { signatureVerifier } from '../../../../src/localnet/node/extrinsic/verify.js'
import { CLASSIC_EXTENSIONS, Runtime } from '../../../../src/localnet/node/metadata/extensions.js'
import { writeMetadata } from '../../../../src/localnet/node/metadata/write.js'
import { createRuntime } from '../../../../src/localnet/runtime/runtime.js'
import { MultiAddress } from '../../../../src/localnet/runtime/types.js'

const runtime = createRuntime()
const { callType } = runtime
const registry = new TypeRegistry()
registry.setMetadata(
  new Metadata(
    registry,
    toHex(
      writeMetadata(
        {
          pallets: runtime.pallets,
          callType,
          eventType: runtime.eventType,
          addressType: MultiAddress,
          runtimeType: Runtime,
          extensions: CLASSIC_EXTENSIONS,
          apis: [],
        },
        14,
      ),
    ),
  ),
  undefined,
  {
    SubtensorSignedExtension: { extrinsic: {}, payload: {} },
    CommitmentsSignedExtension: { extrinsic: {}, payload: {} },
  },
)

const GENESIS = `0x${'ab'.repeat(32)}` as const
const BIRTH = `0x${'cd'.repeat(32)}` as const

/** A transaction made and signed by @polkadot/api's own types. */
function sign(
  keyring: Keyring,
  options: { uri: string; method: string; era: string; nonce: number; tip: number },
) {
  const pair = keyring.addFromUri(options.uri)
  const extrinsic = registry.createType('Extrinsic', registry.createType('Call', options.method), {
    version: 4,
  })
  extrinsic.sign(pair, {
    blockHash: options.era === '0x00' ? GENESIS : BIRTH,
    era: options.era,
    genesisHash: GENESIS,
    nonce: options.nonce,
    tip: options.tip,
    runtimeVersion: { specVersion: 143, transactionVersion: 1 },
  } as never)
  return { bytes: extrinsic.toU8a(), publicKey: pair.publicKey }
}

const REMARK = `0x0000${'1c'}${'aa'.repeat(7)}`
/** System.remark of 300 bytes: its payload is longer than 256 bytes and signed by its hash. */
const LONG_REMARK = `0x0000b104${'bb'.repeat(300)}`

beforeAll(() => cryptoWaitReady())

describe('a transaction signed by @polkadot/api', () => {
  test.each([
    ['sr25519', REMARK, '0x00', 0, 0],
    ['sr25519', LONG_REMARK, '0x1502', 70, 1_000_000_000],
    ['ed25519', REMARK, '0xe500', 20_000, 5],
    ['ecdsa', LONG_REMARK, '0x00', 2, 0],
  ] as const)('%s', async (type, method, era, nonce, tip) => {
    const keyring = new Keyring({ type })
    const { bytes, publicKey } = sign(keyring, { uri: '//Alice', method, era, nonce, tip })
    const extrinsic = decodeExtrinsic(bytes, callType, CLASSIC_EXTENSIONS)
    const { signed } = extrinsic
    expect(extrinsic.call).toMatchObject({ pallet: 'System', name: 'remark' })
    expect(extrinsic.bytes).toEqual(bytes)
    expect(signed).toMatchObject({ nonce, tip: BigInt(tip), signature: { kind: type } })
    const verify = await signatureVerifier()
    const payload = signingPayload(extrinsic.callBytes, signed!.extra, CLASSIC_EXTENSIONS, {
      specVersion: 143,
      transactionVersion: 1,
      genesisHash: GENESIS,
      eraHash: era === '0x00' ? GENESIS : BIRTH,
    })
    const signer = signed!.signer!
    if (type !== 'ecdsa') expect(signer).toBe(toHex(publicKey))
    expect(verify(signed!.signature, payload, signer)).toBe(true)
    const other = payload.slice()
    other[0]! ^= 1
    expect(verify(signed!.signature, other, signer)).toBe(false)
    expect(verify(signed!.signature, payload, `0x${'00'.repeat(32)}`)).toBe(false)
  })

  test('is refused when a byte is missing, added or the length is wrong', () => {
    const { bytes } = sign(new Keyring({ type: 'sr25519' }), {
      uri: '//Bob',
      method: REMARK,
      era: '0x00',
      nonce: 0,
      tip: 0,
    })
    const decode = (changed: Uint8Array) => () =>
      decodeExtrinsic(changed, callType, CLASSIC_EXTENSIONS)
    expect(decode(bytes.slice(0, -1))).toThrow(FormatError)
    expect(decode(Uint8Array.from([...bytes, 0]))).toThrow(FormatError)
    const longer = Uint8Array.from([...bytes, 0])
    longer[0]! += 4
    expect(decode(longer)).toThrow('wrong length')
    expect(decode(new Uint8Array())).toThrow(FormatError)
    expect(decode(bytes)).not.toThrow()
  })
})

test('undecodable bytes are told apart from everything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        decodeExtrinsic(bytes, callType, CLASSIC_EXTENSIONS)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }),
  )
})

test('any change of a good transaction decodes to another one or is refused as a format', () => {
  const call = { pallet: 'Timestamp', name: 'set', args: { now: 1_700_000_000_000n } }
  const { bytes } = bareExtrinsic(call, callType)
  expect(bytesToHex(bytes)).toBe('280402000b0068e5cf8b01')
  expect(decodeExtrinsic(bytes, callType, CLASSIC_EXTENSIONS)).toMatchObject({
    call,
    signed: undefined,
  })
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = bytes.slice()
      changed[at]! ^= flip
      try {
        const again = decodeExtrinsic(changed, callType, CLASSIC_EXTENSIONS)
        expect(again.hash).not.toBe(bareExtrinsic(call, callType).hash)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }),
  )
})

test('eras agree with @polkadot/types in every block', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 16 }),
      fc.nat(1_000_000),
      fc.nat(70_000),
      (power, current, ahead) => {
        // Long periods lose the low bits of the phase on the wire: compare what the bytes say.
        const made = new GenericExtrinsicEra(registry, { current, period: 2 ** power })
        const theirs = new GenericExtrinsicEra(registry, made.toU8a())
        const read = readEra(theirs.toU8a())
        expect(read?.size).toBe(2)
        const later = current + ahead
        expect(eraBirth(read!.era, later)).toBe(theirs.asMortalEra.birth(later))
        expect(eraDeath(read!.era, later)).toBe(theirs.asMortalEra.death(later))
      },
    ),
  )
  expect(readEra(fromHex('0x00'))).toEqual({ era: 'immortal', size: 1 })
  // Period 4 has phases 0 to 3 only; 2 is no period.
  expect(readEra(fromHex('0x4100'))).toBeUndefined()
  expect(readEra(fromHex('0x1000'))).toBeUndefined()
  expect(readEra(fromHex('0x01'))).toBeUndefined()
})
