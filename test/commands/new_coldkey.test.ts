import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/core/keys/hex.js'
import { mnemonicToSeed, validateMnemonic } from '../../src/core/keys/mnemonic.js'
import { passwordSource } from '../../src/core/wallet/passwords.js'
import { openWallet } from '../../src/core/wallet/wallet.js'
import { documentOf, run } from '../support/run.js'
import { homeWith, readJson, steady } from '../support/walletHome.js'
import { vectors } from '../support/walletVectors.js'

const password = vectors.passwords.main
const fileOf = (wallets: string, ...path: string[]) => join(wallets, ...path)

/** Words of a numbered two-column list, in order. */
function wordsOf(stdout: string): string {
  const found = [...stdout.matchAll(/(\d+)\. ([a-z]+)/g)].map(
    ([, number, word]) => [Number(number), word] as const,
  )
  return found
    .sort(([a], [b]) => a - b)
    .map(([, word]) => word)
    .join(' ')
}

describe('new_coldkey', () => {
  it('asks, writes an encrypted key, then shows the words', async () => {
    const { home, wallets } = homeWith()
    const result = await run('new_coldkey', {
      home,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Specify password', 'short'],
        ['Specify password', password],
        ['Retype your password', 'another one 42'],
        ['Specify password', password],
        ['Retype your password', password],
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
            "kind": "password",
            "message": "Specify password for key encryption",
          },
          {
            "kind": "password",
            "message": "Specify password for key encryption",
          },
          {
            "kind": "password",
            "message": "Retype your password",
          },
          {
            "kind": "password",
            "message": "Specify password for key encryption",
          },
          {
            "kind": "password",
            "message": "Retype your password",
          },
        ],
        "stderr": "Password not strong enough: it has fewer than 6 characters. Make it longer or less regular
      Passwords do not match
      Encrypting the key
      ",
        "stdout": "✔ Coldkey created
        wallet   alice
        address  5FChJ7S9pNPAv6AJLoYT4oaQfzKUaDuBu9tCfaGVawdeuEuh
        file     [HOME]/.bittensor/wallets/alice/coldkey
        stored   encrypted

      Write these words down and keep them offline: whoever has them has the coldkey and its funds.
      They are the only copy outside the file.

      The mnemonic to the new coldkey is:

          1. canal          7. noise
          2. athlete        8. offer
          3. fault          9. daring
          4. photo         10. fever
          5. accuse        11. runway
          6. flip          12. glimpse

      To restore the key, run \`btcli regen_coldkey\` and type the words when asked.
      To clear them from this screen: clear && printf '\\033[3J'
      ",
      }
    `)
    const words = await validateMnemonic(wordsOf(result.stdout))
    const wallet = openWallet({ root: wallets, name: 'alice' })
    const key = await wallet.unlockColdkey(passwordSource({ password }))
    expect(result.stdout).toContain(key.address)
    expect(readFileSync(wallet.coldkeyPath).subarray(0, 5).toString()).toBe('$NACL')
    expect(readFileSync(wallet.coldkeyPath, 'latin1')).not.toContain(words)
    expect(statSync(wallet.coldkeyPath).mode & 0o777).toBe(0o600)
    expect(statSync(wallet.path).mode & 0o777).toBe(0o700)
    expect(result.stdout + result.stderr).not.toContain(password)
  })

  it('makes 12 to 24 words, unencrypted when told so', async () => {
    for (const count of [12, 15, 18, 21, 24]) {
      const { home, wallets } = homeWith()
      const result = await run(`new_coldkey --wallet.name w --n_words ${count} --no_password`, {
        home,
        tty: true,
      })
      expect(result.code).toBe(0)
      const words = wordsOf(result.stdout)
      expect(words.split(' ')).toHaveLength(count)
      const file = readJson(fileOf(wallets, 'w', 'coldkey'))
      expect(file['secretPhrase']).toBe(words)
      expect(file['secretSeed']).toBe(toHex(await mnemonicToSeed(words)))
      expect(readJson(fileOf(wallets, 'w', 'coldkeypub.txt'))['ss58Address']).toBe(
        file['ss58Address'],
      )
    }
  })

  it('prints the words into a pipe or JSON only on request', async () => {
    const { home, wallets } = homeWith()
    const piped = await run('new_coldkey --wallet.name a --no_password', { home })
    expect(piped.code).toBe(0)
    const secret = String(readJson(fileOf(wallets, 'a', 'coldkey'))['secretPhrase'])
    expect(piped.stdout + piped.stderr).not.toContain(secret)
    expect(wordsOf(piped.stdout)).toBe('')
    expect(piped.stderr).toContain('--print_mnemonic')
    const json = await run('new_coldkey --wallet.name b --no_password --json', { home })
    expect(documentOf(json)).toMatchObject({
      ok: true,
      command: 'new_coldkey',
      data: {
        name: 'b',
        address: expect.stringMatching(/^5\w{47}$/),
        path: fileOf('[HOME]/.bittensor/wallets', 'b', 'coldkey'),
        encrypted: false,
        mnemonic: null,
        backups: [],
      },
    })
    const told = await run('new_coldkey --wallet.name c --no_password --json --print_mnemonic', {
      home,
    })
    expect(documentOf(told).data.mnemonic).toBe(
      readJson(fileOf(wallets, 'c', 'coldkey'))['secretPhrase'],
    )
    const hidden = await run('new_coldkey --wallet.name d --no_password --hide_mnemonic', {
      home,
      tty: true,
    })
    expect(wordsOf(hidden.stdout)).toBe('')
    expect(hidden.stderr).toBe('')
  })

  it('without a terminal needs a password from somewhere, and writes nothing without', async () => {
    const { home, wallets } = homeWith()
    for (const line of [
      'new_coldkey --wallet.name a',
      'new_coldkey --wallet.name a --json',
      'new_coldkey -y --wallet.name a',
    ]) {
      const result = await run(line, { home, tty: line.includes('-y') })
      expect(result.code).toBe(2)
      expect(result.stdout + result.stderr).toMatch(
        /BT_WALLET_PASSWORD.*--password_file.*--no_password/,
      )
    }
    expect(existsSync(wallets)).toBe(false)
  })

  it('takes the password of the environment or a file, warns if it is weak, and opens with it again', async () => {
    const { home, wallets } = homeWith()
    const weak = await run('new_coldkey --wallet.name a', {
      home,
      env: { BT_WALLET_PASSWORD: 'hunter' },
    })
    expect(weak.code).toBe(0)
    expect(weak.stderr).toContain('weak')
    expect(weak.stdout + weak.stderr).not.toContain('hunter')
    const open = (name: string, given: string) =>
      openWallet({ root: wallets, name }).unlockColdkey(passwordSource({ password: given }))
    expect(weak.stdout).toContain((await open('a', 'hunter')).address)
    const file = join(home, 'password')
    writeFileSync(file, `${password}\n`, { mode: 0o600 })
    const fromFile = await run('new_coldkey --wallet.name b --password_file ~/password', { home })
    expect(fromFile).toMatchObject({ code: 0, stderr: expect.not.stringContaining('weak') })
    expect(fromFile.stdout).toContain((await open('b', password)).address)
  })

  it('asks before it replaces a key, naming what would be lost, and makes nothing after a no', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const before = readFileSync(fileOf(wallets, 'plain_v5', 'coldkey'))
    const result = await run('new_coldkey --wallet.name plain_v5', {
      home,
      prompts: [['Overwrite', 'n']],
    })
    expect(steady(result, home)).toMatchInlineSnapshot(`
      {
        "code": 4,
        "questions": [
          {
            "default": false,
            "kind": "confirm",
            "message": "File [HOME]/.bittensor/wallets/plain_v5/coldkey already exists. Overwrite it? A copy of the old file is kept",
          },
        ],
        "stderr": "[HOME]/.bittensor/wallets/plain_v5/coldkey holds the key of
      5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY
      Nothing was written.
        [HOME]/.bittensor/wallets/plain_v5/coldkey is as it was
      ",
        "stdout": "",
      }
    `)
    expect(readFileSync(fileOf(wallets, 'plain_v5', 'coldkey'))).toEqual(before)
    expect(readdirSync(fileOf(wallets, 'plain_v5')).sort()).toEqual([
      'coldkey',
      'coldkeypub.txt',
      'hotkeys',
    ])
  })

  it('does not take -y for permission to replace a key', async () => {
    const { home, wallets } = homeWith('plain_v5')
    for (const options of [{ tty: true }, {}]) {
      const result = await run('new_coldkey --wallet.name plain_v5 --no_password -y', {
        home,
        ...options,
      })
      expect(result).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('--overwrite_coldkey'),
      })
    }
    expect(readdirSync(fileOf(wallets, 'plain_v5'))).toHaveLength(3)
  })

  it('replaces both files under one decision and keeps copies of both', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const old = readJson(fileOf(wallets, 'plain_v5', 'coldkey'))
    const yes = await run('new_coldkey --wallet.name plain_v5 --no_password', {
      home,
      prompts: [['Overwrite', 'y']],
    })
    expect(yes.questions).toHaveLength(1)
    const files = readdirSync(fileOf(wallets, 'plain_v5')).sort()
    expect(files).toEqual([
      'coldkey',
      'coldkey.bak-20230701T120000Z',
      'coldkeypub.txt',
      'coldkeypub.txt.bak-20230701T120000Z',
      'hotkeys',
    ])
    expect(readJson(fileOf(wallets, 'plain_v5', 'coldkey.bak-20230701T120000Z'))).toEqual(old)
    const made = readJson(fileOf(wallets, 'plain_v5', 'coldkey'))
    expect(made['ss58Address']).not.toBe(old['ss58Address'])
    expect(readJson(fileOf(wallets, 'plain_v5', 'coldkeypub.txt'))['ss58Address']).toBe(
      made['ss58Address'],
    )
    const flagged = await run(
      'new_coldkey --wallet.name plain_v5 --no_password --n_words 24 --overwrite_coldkey --json',
      { home },
    )
    expect(documentOf(flagged).data.backups).toHaveLength(2)
  })

  it('derives development keys without a password, and others with one', async () => {
    const { home } = homeWith()
    const alice = await run('new_coldkey --wallet.name alice --uri //Alice --json', { home })
    expect(documentOf(alice)).toMatchObject({
      data: { address: vectors.uris[0]?.ss58Address, encrypted: false },
      warnings: [],
    })
    const secret = await run(
      [
        'new_coldkey',
        '--wallet.name',
        'own',
        '--no_password',
        '--json',
        '--uri',
        `${vectors.keys['plain']?.mnemonic}//cold`,
      ],
      { home },
    )
    expect(documentOf(secret).warnings).toEqual([expect.stringContaining('history of the shell')])
    const piped = await run('new_coldkey --wallet.name piped --no_password --json --uri -', {
      home,
      stdin: `${vectors.keys['plain']?.mnemonic}//cold\n`,
    })
    expect(documentOf(piped)).toMatchObject({
      data: { address: documentOf(secret).data.address },
      warnings: [],
    })
    const bad = await run('new_coldkey --wallet.name bad --uri nonsense --no_password', { home })
    expect(bad.code).toBe(2)
  })

  it.each([
    ['new_coldkey --n_words 13', '12, 15, 18, 21 or 24'],
    ['new_coldkey --wallet.name ../up --no_password', 'path separator'],
    ['new_coldkey --wallet.name .hidden --no_password', 'hidden'],
    ['new_coldkey --use_password --no_password', 'no_password'],
    ['new_coldkey --hide_mnemonic --print_mnemonic', 'print_mnemonic'],
    ['new_coldkey --bogus', 'bogus'],
  ])('refuses %s', async (line, reason) => {
    const { home, wallets } = homeWith()
    const result = await run(line, { home })
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(reason) })
    expect(existsSync(wallets)).toBe(false)
  })

  it('stops at Ctrl-C with nothing written', async () => {
    const { home, wallets } = homeWith()
    const result = await run('new_coldkey --wallet.name a', {
      home,
      prompts: [['Specify password', '^C']],
    })
    expect(result).toMatchObject({ code: 130, stderr: 'Cancelled, nothing was written.\n' })
    expect(existsSync(wallets)).toBe(false)
  })
})
