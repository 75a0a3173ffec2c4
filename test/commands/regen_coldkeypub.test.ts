import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'
import { homeWith, knownKey, readJson } from '../support/walletHome.js'

const plain = knownKey('plain')
const other = knownKey('plain_hk1')

describe('regen_coldkeypub', () => {
  it('asks for the address and makes a watch-only wallet', async () => {
    const { home, wallets } = homeWith()
    const result = await run('regen_coldkeypub', {
      home,
      prompts: [
        ['Enter wallet name', 'watch'],
        ['Enter the ss58_address or the public key in hex', 'nonsense'],
        ['Enter the ss58_address or the public key in hex', ` ${plain.address} `],
      ],
    })
    expect(result).toMatchInlineSnapshot(`
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
            "message": "Enter the ss58_address or the public key in hex (--ss58_address)",
          },
          {
            "kind": "input",
            "message": "Enter the ss58_address or the public key in hex (--ss58_address)",
          },
        ],
        "stderr": "",
        "stdout": "✔ coldkeypub.txt written
        wallet     watch
        address    5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY
        public key [HASH]
        file       [HOME]/.bittensor/wallets/watch/coldkeypub.txt
      ",
      }
    `)
    expect(readJson(join(wallets, 'watch', 'coldkeypub.txt'))).toEqual({
      accountId: plain.publicKey,
      publicKey: plain.publicKey,
      privateKey: null,
      secretPhrase: null,
      secretSeed: null,
      ss58Address: plain.address,
    })
  })

  it.each([
    ['--ss58_address', plain.address],
    ['--ss58', plain.address],
    ['--addr', plain.address],
    ['--public_key', plain.publicKey],
    ['--pubkey', plain.publicKey],
    ['--public_key_hex', plain.publicKey.slice(2)],
  ])('takes %s', async (option, value) => {
    const { home } = homeWith()
    const result = await run(`regen_coldkeypub --wallet.name w ${option} ${value} --json`, {
      home,
      filters: false,
    })
    expect(documentOf(result).data).toEqual({
      name: 'w',
      address: plain.address,
      publicKey: plain.publicKey,
      path: join(home, '.bittensor/wallets/w/coldkeypub.txt'),
      backups: [],
    })
  })

  it('says what is wrong with an address', async () => {
    const foreign = await run(
      'regen_coldkeypub --wallet.name w --ss58 131go2UPgXttZKRNvKi8XDZnADFu8Hsm7VevnLnXWSgBAzdA',
    )
    expect(foreign).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`the same account here is ${plain.address}`),
    })
    const mixed = await run(
      `regen_coldkeypub --wallet.name w --ss58 ${plain.address} --pubkey ${other.publicKey}`,
    )
    expect(mixed).toMatchObject({ code: 2, stderr: expect.stringContaining('different keys') })
    const none = await run('regen_coldkeypub --wallet.name w --json')
    expect(documentOf(none).error.code).toBe('MISSING_INPUT')
  })

  it('repairs a missing file, and turns none away from its coldkey unasked', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const path = join(wallets, 'plain_v5', 'coldkeypub.txt')
    const line = 'regen_coldkeypub --wallet.name plain_v5 --ss58'
    const before = readFileSync(path, 'utf8')
    const no = await run(`${line} ${other.address}`, { home, prompts: [['Overwrite', 'n']] })
    expect(no).toMatchObject({ code: 4, stderr: expect.stringContaining(`from ${plain.address}`) })
    expect((await run(`${line} ${other.address} -y`, { home })).code).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect((await run(`${line} ${plain.address}`, { home })).code).toBe(0)
    rmSync(path)
    expect((await run(`${line} ${other.address} -y`, { home })).code).toBe(2)
    expect((await run(`${line} ${plain.address}`, { home })).code).toBe(0)
    expect((await run(`${line} ${other.address} --overwrite_coldkeypub`, { home })).code).toBe(0)
    const sign = await run('sign --wallet.name plain_v5 --message x', { home })
    expect(sign).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('belong to different keys'),
    })
  })
})
