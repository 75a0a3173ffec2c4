import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/keys/hex.js'
import { argon2iNative, argon2iWasm } from '../../../src/core/wallet/argon2.js'

const cheap = { passes: 3, memoryKib: 1024 }

describe('argon2i', () => {
  it.each(['testing123!', 'pässword 🔑', 'with\0nul', 'x'.repeat(200)])(
    'gives the same key natively and by WebAssembly for %j',
    async (password) => {
      const native = await argon2iNative(password, cheap)
      expect(toHex(await argon2iWasm(password, cheap))).toBe(toHex(native))
      expect(native.some((byte) => byte !== 0)).toBe(true)
    },
  )

  it.each([argon2iNative, argon2iWasm])('leaves the event loop free: %o', async (hash) => {
    let turns = 0
    let isOver = false
    const turn = () => {
      turns++
      if (!isOver) setImmediate(turn)
    }
    turn()
    await hash('testing123!', { passes: 3, memoryKib: 32_768 })
    isOver = true
    // A loop that is held up turns some hundred times at most, while the library is loaded.
    expect(turns).toBeGreaterThan(1000)
  })

  it.each([argon2iNative, argon2iWasm])('says when the memory is not to be had', async (hash) => {
    await expect(hash('testing123!', { passes: 3, memoryKib: 2 ** 32 - 8 })).rejects.toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('of memory'),
    })
  })
})
