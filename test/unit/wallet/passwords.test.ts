import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { passwordScore, passwordWeakness } from '../../../src/core/wallet/passwordPolicy.js'
import {
  environmentPasswords,
  environmentVariableOf,
  passwordSource,
} from '../../../src/core/wallet/passwords.js'
import { tempFolder } from '../../support/tempFolder.js'
import { vectors } from '../../support/walletVectors.js'

describe('password policy', () => {
  for (const vector of vectors.passwordPolicy) {
    const { password, accepted_5_3_1: accepted } = vector
    it(`${accepted ? 'accepts' : 'refuses'} ${JSON.stringify(password)}`, () => {
      const weakness = passwordWeakness(password)
      expect(weakness === undefined).toBe(accepted)
      const { entropyBits, strength } = passwordScore([...password])
      if (vector.entropyBits !== null) expect(entropyBits).toBeCloseTo(vector.entropyBits, 4)
      if (vector.strength !== null) expect(strength).toBeCloseTo(vector.strength, 4)
      if (password.length > 3) expect(weakness?.sentence ?? '').not.toContain(password)
    })
  }

  it('says why', () => {
    expect(passwordWeakness('abc')).toEqual({
      reason: 'too-short',
      sentence: 'it has fewer than 6 characters',
    })
    expect(passwordWeakness('1234567890')?.reason).toBe('repeats-or-sequences')
    expect(passwordWeakness('hotkey')?.reason).toBe('too-little-variety')
    expect(passwordWeakness('aaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).toBeDefined()
  })

  it('is quick with very long passwords', () => {
    // Of the processor, which others may hold up as they like.
    const before = process.cpuUsage()
    passwordWeakness('correct horse battery staple '.repeat(100))
    passwordWeakness(
      Array.from({ length: 3000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join(''),
    )
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000)
  })
})

describe('passwords of the environment', () => {
  for (const { path, password, variable, value } of vectors.environmentPasswords
    .rust_3_0_4_and_later) {
    it(`of ${path}`, async () => {
      expect(environmentVariableOf(path)).toBe(variable)
      const found = await environmentPasswords(path, { [variable]: value })
      expect(found).toEqual({ origin: variable, passwords: [password, value] })
    })
  }

  const path = '/home/alice/.bittensor/wallets/my-wallet/coldkey'
  const byPath = environmentVariableOf(path)
  const file = (content: string, mode = 0o600) => {
    const name = join(tempFolder(), 'password')
    writeFileSync(name, content)
    chmodSync(name, mode)
    return name
  }

  it('come in this order: the given, BT_WALLET_PASSWORD, BT_PW_, BT_COLD_PW_, the file, the question', async () => {
    const layers: [string, string][] = [
      ['BT_WALLET_PASSWORD', 'one'],
      [byPath, 'two!'],
      ['BT_COLD_PW_MY_WALLET', 'three'],
      ['BT_WALLET_PASSWORD_FILE', file('  four \nfive\n')],
    ]
    const ask = async () => ({ password: 'typed', retry: true, origin: 'you' })
    const first = { path, what: 'coldkey', attempt: 1 }
    const answers: unknown[] = [
      await passwordSource({ password: 'zero', env: Object.fromEntries(layers), ask })(first),
    ]
    for (let skipped = 0; skipped <= layers.length; skipped++) {
      const env = Object.fromEntries(layers.slice(skipped))
      answers.push(await passwordSource({ env, ask })(first))
    }
    expect(answers).toMatchObject([
      { password: 'zero', retry: false, origin: 'the given password' },
      { password: 'one', retry: false, origin: 'BT_WALLET_PASSWORD' },
      { password: 'two!', retry: false, origin: byPath },
      { password: 'three', retry: false, origin: 'BT_COLD_PW_MY_WALLET' },
      {
        password: 'four',
        retry: false,
        origin: expect.stringContaining('BT_WALLET_PASSWORD_FILE'),
      },
      { password: 'typed', retry: true, origin: 'you' },
    ])
  })

  it('try a BT_PW_ value as it is when its decoded form is wrong', async () => {
    const source = passwordSource({ env: { [byPath]: 'YWJj' } })
    const first = await source({ path, what: '', attempt: 1 })
    expect(first?.retry).toBe(true)
    expect(first?.password).not.toBe('YWJj')
    const second = await source({ path, what: '', attempt: 2, wrong: true })
    expect(second).toEqual({ password: 'YWJj', retry: false, origin: byPath })
  })

  it('match BT_COLD_PW_ exactly, in any case, and for coldkeys only', async () => {
    const env = { bt_cold_pw_my_wallet: 'x' }
    expect((await environmentPasswords(path, env))?.origin).toBe('bt_cold_pw_my_wallet')
    expect(await environmentPasswords('/w/wallet/coldkey', env)).toBeUndefined()
    expect(await environmentPasswords('/w/my-wallet/hotkeys/my-wallet', env)).toBeUndefined()
  })

  it('ignore empty variables', async () => {
    expect(
      await environmentPasswords(path, { BT_WALLET_PASSWORD: '', [byPath]: '' }),
    ).toBeUndefined()
  })

  it('refuse a password file that everybody can read, is empty or missing', async () => {
    const read = (name: string) => environmentPasswords(path, { BT_WALLET_PASSWORD_FILE: name })
    await expect(read(file('secret', 0o644))).rejects.toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('can be read by everybody'),
    })
    await expect(read(file('\n'))).rejects.toThrow('is empty')
    await expect(read('/nowhere/at/all')).rejects.toThrow('does not exist')
    expect((await read(file('secret', 0o640)))?.passwords).toEqual(['secret'])
  })
})
