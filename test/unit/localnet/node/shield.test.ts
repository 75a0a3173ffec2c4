import { describe, expect, test } from 'vitest'
import { publicKeyOf, unseal } from '../../../../src/localnet/node/shield/cipher.js'
import { seedAfter, seedOf } from '../../../../src/localnet/node/shield/keys.js'
import { type Envelope, envelopeIn } from '../../../../src/localnet/runtime/dtao/later/envelope.js'
import { firstShieldKey } from '../../../../src/localnet/runtime/dtao/later/firstShieldKey.js'
import { MevShield } from '../../../../src/localnet/runtime/dtao/later/mevShield.js'
import { createState, memoryBackend } from '../../../../src/localnet/runtime/overlay.js'
import { twoxHex } from '../../../../src/localnet/runtime/xxhash.js'
import vector from '../../../vectors/shield/bittensor-core-0.1.5.json' with { type: 'json' }

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const text = (from: Uint8Array | undefined) => from && Buffer.from(from).toString('hex')
const carrierOf = (ciphertext: Uint8Array) => ({
  pallet: 'MevShield',
  name: 'submit_encrypted',
  args: { ciphertext },
})
const ciphertext = bytes(vector.ciphertext.join(''))
const envelope = envelopeIn(carrierOf(ciphertext)) as Envelope

test('the key that is written down is the one that follows from nothing', () => {
  expect(firstShieldKey.length).toBe(1184)
  expect(text(firstShieldKey)).toBe(text(publicKeyOf(seedAfter())))
})

describe('what the library of bittensor 11.3 has encrypted', () => {
  test('names its key, and opens', () => {
    expect(envelope.keyHash).toBe(twoxHex(firstShieldKey, 2))
    expect(envelope.capsule.length).toBe(1088)
    expect(text(unseal(envelope, seedAfter()))).toBe(vector.plaintext)
  })

  test('stays closed for another key, and when a bit of it is another', () => {
    expect(unseal(envelope, seedAfter(firstShieldKey))).toBeUndefined()
    const flipped = (part: Uint8Array) => part.map((byte, i) => (i === 3 ? byte ^ 1 : byte))
    for (const part of ['capsule', 'nonce', 'box'] as const) {
      expect(unseal({ ...envelope, [part]: flipped(envelope[part]) }, seedAfter())).toBeUndefined()
      expect(unseal({ ...envelope, [part]: new Uint8Array(5) }, seedAfter())).toBeUndefined()
    }
  })

  test('is no envelope when it ends before its box begins', () => {
    const box = 16 + 2 + 1088 + 24
    for (const length of [0, 15, 17, 18, 1000, box - 1]) {
      expect(envelopeIn(carrierOf(ciphertext.slice(0, length)))).toBeUndefined()
    }
    expect(envelopeIn(carrierOf(ciphertext.slice(0, box)))?.box).toEqual(new Uint8Array())
  })
})

test('the next and the pending key open, the current one no longer', () => {
  const state = createState(memoryBackend())
  const hashOf = (key: Uint8Array) => twoxHex(key, 2)
  const keys = [firstShieldKey]
  while (keys.length < 4) keys.push(publicKeyOf(seedAfter(keys.at(-1))))
  const [a, b, c, d] = keys as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  const announce = (current: Uint8Array, pending: Uint8Array, next: Uint8Array) => {
    state.set(MevShield.CurrentKey, [], current)
    state.set(MevShield.PendingKey, [], pending)
    state.set(MevShield.NextKey, [], next)
  }
  expect(seedOf(hashOf(a), state)).toBeUndefined()
  state.set(MevShield.NextKey, [], a)
  expect(seedOf(hashOf(a), state)).toEqual(seedAfter())
  announce(a, b, c)
  expect(seedOf(hashOf(c), state)).toEqual(seedAfter(b))
  expect(seedOf(hashOf(b), state)).toEqual(seedAfter(a))
  expect(seedOf(hashOf(a), state)).toBeUndefined()
  announce(b, c, d)
  expect(publicKeyOf(seedOf(hashOf(d), state) as Uint8Array)).toEqual(d)
  expect(publicKeyOf(seedOf(hashOf(c), state) as Uint8Array)).toEqual(c)
})
