import { describe, expect, it } from 'vitest'
import { checkNonce } from '../../../src/core/pow/challenge.js'
import {
  innerHash,
  largestSeal,
  meetsDifficulty,
  powRegisterMessage,
  registerMessage,
  sealOf,
} from '../../../src/core/pow/seal.js'
import { bytes, hex, vectors } from './vectors.js'

const U64_MAX = 2n ** 64n - 1n

describe('register and faucet', () => {
  it.each(vectors.seal)('$name', (vector) => {
    const [blockHash, key] = [bytes(vector.blockHash), bytes(vector.publicKey)]
    const [nonce, difficulty] = [BigInt(vector.nonce), BigInt(vector.difficulty)]
    const message = registerMessage(blockHash, key, nonce)
    expect(hex(innerHash(blockHash, key))).toBe(vector.inner)
    expect(hex(message)).toBe(vector.preSeal)
    expect(hex(sealOf(message))).toBe(vector.seal)
    const challenge = { blockNumber: 1, blockHash, key, difficulty }
    const big = checkNonce({ ...challenge, scheme: 'register-be' }, nonce)
    const little = checkNonce({ ...challenge, scheme: 'register-le' }, nonce)
    expect([hex(big.seal), big.meets]).toEqual([vector.seal, vector.meetsBE])
    expect([hex(little.seal), little.meets]).toEqual([vector.seal, vector.meetsLE])
  })

  it('hashes another message when hotkey and coldkey change places', () => {
    const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
    expect(hex(registerMessage(first, second, 1n))).not.toBe(
      hex(registerMessage(second, first, 1n)),
    )
  })
})

describe('pow_register', () => {
  it.each(vectors.powRegister)('$name', (vector) => {
    const keys = {
      netuid: vector.netuid,
      blockHash: bytes(vector.blockHash),
      hotkey: bytes(vector.hotkey),
      coldkey: bytes(vector.coldkey),
    }
    const nonce = BigInt(vector.nonce)
    const message = powRegisterMessage(keys, nonce)
    expect(message.length).toBe(131)
    expect(hex(message.subarray(0, 123))).toBe(vector.prefix)
    expect(hex(sealOf(message))).toBe(vector.seal)
    const checked = checkNonce(
      {
        scheme: 'pow_register',
        blockNumber: 1,
        blockHash: keys.blockHash,
        key: keys.hotkey,
        coldkey: keys.coldkey,
        netuid: keys.netuid,
        difficulty: BigInt(vector.difficulty),
      },
      nonce,
    )
    expect([hex(checked.seal), checked.meets]).toEqual([vector.seal, vector.meetsLE])
  })
})

describe('difficulty', () => {
  it.each(vectors.difficulty)('$name', (vector) => {
    const [seal, difficulty] = [bytes(vector.seal), BigInt(vector.difficulty)]
    expect(meetsDifficulty(seal, difficulty, 'be')).toBe(vector.meetsBE)
    expect(meetsDifficulty(seal, difficulty, 'le')).toBe(vector.meetsLE)
  })

  it.each([0n, 1n, 2n, 3n, 10_000_000n, 2n ** 53n + 1n, U64_MAX])(
    'has %d met by its largest seal and by none above',
    (difficulty) => {
      const largest = largestSeal(difficulty)
      const seal = (value: bigint) => bytes(`0x${value.toString(16).padStart(64, '0')}`)
      expect(meetsDifficulty(seal(largest), difficulty, 'be')).toBe(true)
      expect(meetsDifficulty(seal(largest).reverse(), difficulty, 'le')).toBe(true)
      if (difficulty < 2n) expect(largest).toBe(2n ** 256n - 1n)
      else expect(meetsDifficulty(seal(largest + 1n), difficulty, 'be')).toBe(false)
    },
  )

  it('refuses nonces outside of u64', () => {
    const zero = new Uint8Array(32)
    expect(() => registerMessage(zero, zero, -1n)).toThrow(RangeError)
    expect(() => registerMessage(zero, zero, U64_MAX + 1n)).toThrow(RangeError)
  })
})
