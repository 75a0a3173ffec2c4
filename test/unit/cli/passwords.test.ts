import { describe, expect, test } from 'vitest'
import type { Context } from '../../../src/cli/context.js'
import { mutedProgress, unlocking } from '../../../src/cli/passwords.js'
import type { PasswordRequest } from '../../../src/core/wallet/passwords.js'
import { type Answer, testContext, type WorldOptions } from '../../support/context.js'

const ASKED = 'password to unlock coldkey of wallet alice'

/** A context whose keyboard writes down when it is muted, and what happens meanwhile. */
async function withKeyboard(options: WorldOptions) {
  const { ctx } = await testContext(options)
  const events: string[] = []
  const mute = () => {
    events.push('muted')
    return () => void events.push('heard')
  }
  const muting: Context = { ...ctx, stdin: { ...ctx.stdin, mute } }
  return { ctx: muting, events }
}

const request = (attempt: number): PasswordRequest => ({
  path: '/alice/coldkey',
  what: 'coldkey of wallet alice',
  attempt,
  wrong: attempt > 1,
})

describe('what is typed while a key is decrypted', () => {
  test('is swallowed from one question to the next, and to the end', async () => {
    const prompts: Answer[] = [
      [ASKED, 'wrong'],
      [ASKED, 'right'],
    ]
    const { ctx, events } = await withKeyboard({ prompts })
    const key = await unlocking(ctx, async (passwords) => {
      for (const attempt of [1, 2]) {
        events.push(`tries ${(await passwords(request(attempt)))?.password}`)
      }
      return 'key'
    })
    expect(key).toBe('key')
    expect(events).toEqual(['muted', 'tries wrong', 'heard', 'muted', 'tries right', 'heard'])
  })

  test('is heard again when it fails', async () => {
    const { ctx, events } = await withKeyboard({ prompts: [[ASKED, 'right']] })
    const failing = unlocking(ctx, async (passwords) => {
      await passwords(request(1))
      throw new Error('the file is broken')
    })
    await expect(failing).rejects.toThrow('the file is broken')
    expect(events).toEqual(['muted', 'heard'])
  })

  test('matters only where a password was typed', async () => {
    const env = { BT_WALLET_PASSWORD: 'right' }
    const { ctx, events } = await withKeyboard({ tty: true, env })
    expect(await unlocking(ctx, (passwords) => passwords(request(1)))).toMatchObject({
      password: 'right',
    })
    expect(events).toEqual([])
  })
})

test('a key whose password is known gives a sign of life on a terminal', async () => {
  const { ctx } = await withKeyboard({ tty: true, env: { BT_WALLET_PASSWORD: 'right' } })
  const shown: string[] = []
  const progress: Context['progress'] = async (text, work) => {
    shown.push(text)
    return work(() => undefined).finally(() => shown.push('gone'))
  }
  const settings = { ...ctx.settings, spinner: true }
  await unlocking({ ...ctx, settings, progress }, (passwords) => passwords(request(1)))
  expect(shown).toEqual(['Decrypting coldkey of wallet alice …', 'gone'])
})

test('a new key is encrypted without showing what is typed', async () => {
  const { ctx, events } = await withKeyboard({ tty: true })
  await mutedProgress(ctx, 'Encrypting the key', async () => void events.push('works'))
  expect(events).toEqual(['muted', 'works', 'heard'])
  const pipe = await withKeyboard({})
  await mutedProgress(pipe.ctx, 'Encrypting the key', async () => undefined)
  expect(pipe.events).toEqual([])
})
