import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'
import { homeWith, knownKey, steady } from '../support/walletHome.js'
import { vectors } from '../support/walletVectors.js'

describe('verify', () => {
  for (const [kind, code] of [
    ['verify', 0],
    ['reject', 1],
  ] as const) {
    for (const { note, messageHex, signature, publicKey } of vectors.signatures[kind]) {
      if (signature.length !== 130) continue
      it(`status ${code}: ${note}`, async () => {
        const line = [
          'verify',
          '--address',
          publicKey,
          '--signature',
          signature,
          '--message_hex',
          messageHex,
          '--json',
        ]
        const result = await run(line)
        expect(result.code).toBe(code)
        expect(documentOf(result)).toMatchObject({ ok: code === 0, data: { valid: code === 0 } })
        expect(documentOf(result).error?.code).toBe(code === 0 ? undefined : 'BAD_SIGNATURE')
      })
    }
  }

  it('says so to people', async () => {
    const { home } = homeWith('plain_v5')
    const signed = await run('sign --wallet.name plain_v5 --message hello --json', {
      home,
      filters: false,
    })
    const { address, signature } = documentOf(signed).data
    const prompts = (message: string) =>
      [
        ['Enter the address of the signer', address],
        ['Enter the signature', signature.slice(2)],
        ['Enter the message', message],
      ] as const
    const named = ['verify', '-a', 'wallet:plain_v5', '-s', signature, '-m', 'hello']
    expect(await run(named, { home })).toMatchObject({ code: 0 })
    expect(
      steady(await run('verify', { home, prompts: prompts('hello') }), home),
    ).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [
          {
            "kind": "input",
            "message": "Enter the address of the signer (--address)",
          },
          {
            "kind": "input",
            "message": "Enter the signature (--signature)",
          },
          {
            "kind": "input",
            "message": "Enter the message (--message)",
          },
        ],
        "stderr": "again: btcli verify --address 5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY --signature [SIGNATURE] --message hello -y
      ",
        "stdout": "✔ Valid: signed by 5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY
      ",
      }
    `)
    expect(
      steady(await run('verify', { home, prompts: prompts('hello!') }), home),
    ).toMatchInlineSnapshot(`
      {
        "code": 1,
        "questions": [
          {
            "kind": "input",
            "message": "Enter the address of the signer (--address)",
          },
          {
            "kind": "input",
            "message": "Enter the signature (--signature)",
          },
          {
            "kind": "input",
            "message": "Enter the message (--message)",
          },
        ],
        "stderr": "error: the signature is not of this message by
        5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY
      ",
        "stdout": "✖ Not valid
      ",
      }
    `)
  })

  it('refuses what is no signature or address', async () => {
    const { address } = knownKey('plain')
    const bad = await run(['verify', '--address', address, '--signature', '0x12', '--message', 'x'])
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('128 hex digits') })
    const wrong = await run([
      'verify',
      '--address',
      'alice',
      '--signature',
      '0x12',
      '--message',
      'x',
    ])
    expect(wrong.code).toBe(2)
    expect((await run('verify --json')).code).toBe(2)
  })
})
