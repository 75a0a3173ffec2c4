import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fromHex } from '../../src/core/keys/hex.js'
import { verify } from '../../src/core/keys/keypair.js'
import { documentOf, run } from '../support/run.js'
import { homeWith, knownKey, steady } from '../support/walletHome.js'
import { vectors } from '../support/walletVectors.js'

const bytes = (hex: string) => fromHex(hex) as Uint8Array

describe('sign', () => {
  it('signs text with the coldkey', async () => {
    const { home } = homeWith('plain_v5')
    const result = await run('sign', {
      home,
      prompts: [
        ['Enter wallet name', 'plain_v5'],
        ['Enter the message', 'τ hello'],
      ],
    })
    expect(steady(result, home)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [
          {
            "default": "default",
            "kind": "input",
            "message": "Enter wallet name (--wallet.name)",
          },
          {
            "kind": "input",
            "message": "Enter the message (--message)",
          },
        ],
        "stderr": "again: btcli sign --wallet.name plain_v5 --message 'τ hello' -y
      ",
        "stdout": "✔ Message signed
        address    5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY
        public key [HASH]
        signature  [SIGNATURE]
      ",
      }
    `)
    const signature = bytes(/0x[0-9a-f]{128}/.exec(result.stdout)?.[0] ?? '')
    expect(
      await verify(
        new TextEncoder().encode('τ hello'),
        signature,
        bytes(knownKey('plain').publicKey),
      ),
    ).toBe(true)
  })

  it.each([
    ['--message 0xdeadbeef', '0x30786465616462656566'],
    ['--message_hex 0xdeadbeef', '0xdeadbeef'],
    ['--message -', '0x7069706564'],
    ['--message_hex 0x', '0x'],
  ])('takes exactly the given message: %s', async (words, hex) => {
    const { home } = homeWith('plain_v5')
    const result = await run(`sign --wallet.name plain_v5 --json ${words}`, {
      home,
      stdin: 'piped',
    })
    const { data, warnings } = documentOf(
      await run(`sign --wallet.name plain_v5 --json ${words}`, {
        home,
        stdin: 'piped',
        filters: false,
      }),
    )
    expect(result.code).toBe(0)
    expect(data.address).toBe(knownKey('plain').address)
    expect(data.publicKey).toBe(knownKey('plain').publicKey)
    expect(await verify(bytes(hex), bytes(data.signature), bytes(data.publicKey))).toBe(true)
    expect(warnings).toEqual(
      hex === '0xdeadbeef' ? [expect.stringContaining('may be a transaction')] : [],
    )
  })

  it('signs with the hotkey on request', async () => {
    const { home } = homeWith('plain_v5')
    const result = await run('sign --wallet.name plain_v5 --use_hotkey --message x', {
      home,
      prompts: [['Enter hotkey name', 'miner1']],
    })
    expect(result.stdout).toContain(knownKey('plain_hk2').address)
  })

  it('asks for the password up to three times', async () => {
    const { home } = homeWith('ansible_v5')
    const line = 'sign --wallet.name ansible_v5 --message x'
    const third = await run(line, {
      home,
      prompts: [
        ['Enter password', 'one'],
        ['Enter password', 'two'],
        ['Enter password', vectors.passwords.main],
      ],
    })
    expect(third).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(knownKey('ansible').address),
    })
    const never = await run(line, {
      home,
      prompts: [
        ['Enter password', 'one'],
        ['Enter password', 'two'],
        ['Enter password', 'three'],
      ],
    })
    expect(never).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('wrong password'),
    })
  })

  it('takes the password of the environment, names the variable if it is wrong, and never asks then', async () => {
    const { home } = homeWith('ansible_v5')
    const line = 'sign --wallet.name ansible_v5 --message x --json'
    const right = await run(line, { home, env: { BT_COLD_PW_ANSIBLE_V5: vectors.passwords.main } })
    expect(right.code).toBe(0)
    const wrong = await run(line.replace(' --json', ''), {
      home,
      tty: true,
      env: { BT_WALLET_PASSWORD: 'not it' },
    })
    expect(wrong).toMatchObject({
      code: 1,
      questions: [],
      stderr: expect.stringContaining('BT_WALLET_PASSWORD'),
    })
    expect(wrong.stderr).not.toContain('not it')
    const none = await run(line, { home })
    expect(documentOf(none).error).toMatchObject({
      code: 'MISSING_INPUT',
      hint: expect.stringContaining('BT_WALLET_PASSWORD'),
    })
  })

  it('tells missing and watch-only wallets apart', async () => {
    const { home } = homeWith('watch')
    const error = async (name: string) =>
      documentOf(await run(`sign --wallet.name ${name} --message x --json`, { home })).error
    expect(await error('nobody')).toMatchObject({
      code: 'WALLET_NOT_FOUND',
      message: expect.stringContaining('no wallet'),
    })
    expect(await error('watch')).toMatchObject({
      code: 'WALLET_NOT_FOUND',
      message: expect.stringContaining('watch-only'),
    })
  })

  it('warns of a key that others can read', async () => {
    const { home, wallets } = homeWith('plain_v5')
    chmodSync(join(wallets, 'plain_v5', 'coldkey'), 0o644)
    const result = await run('sign --wallet.name plain_v5 --message x --json', { home })
    expect(documentOf(result).warnings).toEqual([expect.stringContaining('chmod 600')])
  })

  it('refuses a message given twice, no message, and odd hex', async () => {
    expect((await run('sign --message a --message_hex 0x00')).code).toBe(2)
    expect((await run('sign --wallet.name w')).code).toBe(2)
    expect(await run('sign --message_hex 0x123')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('even number'),
    })
  })
})
