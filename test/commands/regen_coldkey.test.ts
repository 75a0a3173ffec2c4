import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { passwordSource } from '../../src/core/wallet/passwords.js'
import { openWallet } from '../../src/core/wallet/wallet.js'
import { documentOf, run } from '../support/run.js'
import { copyOfWallets } from '../support/tempWallets.js'
import { homeWith, knownKey, readJson, steady } from '../support/walletHome.js'
import { vectors } from '../support/walletVectors.js'

const plain = knownKey('plain')
const words = plain.mnemonic.split(' ')
const base = 'regen_coldkey --wallet.name w --no_password --json_output'

describe('regen_coldkey', () => {
  it('asks unseen for the words, then for a password, and repeats no word', async () => {
    const { home, wallets } = homeWith()
    const password = vectors.passwords.main
    const result = await run('regen_coldkey', {
      home,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter mnemonic, seed, or json file location', `  ${plain.mnemonic.toUpperCase()} `],
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
            "message": "Enter mnemonic, seed, or json file location",
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
        "stderr": "Encrypting the key
      ",
        "stdout": "✔ Coldkey restored
        wallet   alice
        address  5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY
        file     [HOME]/.bittensor/wallets/alice/coldkey
        stored   encrypted
      ",
      }
    `)
    expect(result.questions[1]?.kind).toBe('password')
    const key = await openWallet({ root: wallets, name: 'alice' }).unlockColdkey(
      passwordSource({ password }),
    )
    expect(key.address).toBe(plain.address)
    for (const word of words.filter((one) => one.length > 4))
      expect(result.stdout + result.stderr).not.toContain(word)
  })

  const sources: readonly (readonly [string, readonly string[], string | undefined, boolean])[] = [
    ['words', ['--mnemonic', ...words], undefined, true],
    ['a quoted mnemonic', ['--mnemonic', plain.mnemonic], undefined, true],
    [
      'a numbered list',
      ['--mnemonic', ...words.map((word, i) => `${i + 1}-${word}`).toReversed()],
      undefined,
      true,
    ],
    ['words from stdin', ['--mnemonic', '-'], `${plain.mnemonic}\n`, false],
    ['a seed', ['--seed', plain.seed], undefined, true],
    ['a seed without 0x', ['--seed', plain.seed.slice(2)], undefined, true],
    ['a seed from stdin', ['--seed', '-'], `${plain.seed}\n`, false],
  ]
  for (const [name, argv, stdin, isWarned] of sources) {
    it(`takes ${name}`, async () => {
      const { home, wallets } = homeWith()
      const result = await run(
        [...base.split(' '), ...argv],
        stdin === undefined ? { home } : { home, stdin },
      )
      const document = documentOf(result)
      expect(document).toMatchObject({
        ok: true,
        data: { name: 'w', address: plain.address, encrypted: false },
      })
      expect(document.data).not.toHaveProperty('mnemonic')
      expect(document.warnings).toEqual(
        isWarned ? [expect.stringContaining('history of the shell')] : [],
      )
      expect(readJson(join(wallets, 'w', 'coldkey'))['secretSeed']).toBe(plain.seed)
      expect(readJson(join(wallets, 'w', 'coldkeypub.txt'))['ss58Address']).toBe(plain.address)
    })
  }

  it('takes a file with words, and warns if others can read it', async () => {
    const { home } = homeWith()
    writeFileSync(join(home, 'words'), plain.mnemonic, { mode: 0o600 })
    const result = await run(`${base} --mnemonic_file ~/words`, { home })
    expect(documentOf(result)).toMatchObject({ data: { address: plain.address }, warnings: [] })
    writeFileSync(join(home, 'open'), plain.mnemonic, { mode: 0o644 })
    const warned = await run(`${base} --overwrite --mnemonic_file open`, { home })
    expect(documentOf(warned).warnings).toEqual([
      expect.stringContaining('can be read by other users'),
    ])
  })

  for (const { path, password, ss58Address, cryptoType } of vectors.polkadotJson) {
    it(`takes the JSON backup ${path}`, async () => {
      const { home, wallets } = homeWith()
      const file = join(copyOfWallets('polkadot-json'), path.split('/')[1] ?? '')
      writeFileSync(join(home, 'backup-password'), password ?? 'unused', { mode: 0o600 })
      const line = [...base.split(' '), '--json', file, '--json_password_file', '~/backup-password']
      const result = await run(line, { home })
      expect(documentOf(result)).toMatchObject({
        ok: true,
        data: { address: ss58Address },
        warnings: [],
      })
      // bittensor 5.3.1 lost the secret of such keys.
      const key = await openWallet({ root: wallets, name: 'w' }).unlockColdkey(
        async () => undefined,
      )
      expect(key).toMatchObject({ address: ss58Address, cryptoType })
    })
  }

  it('says what prints JSON, where --json names a backup', async () => {
    const { home } = homeWith()
    const missing = await run('regen_coldkey --wallet.name w --json', { home })
    expect(missing.code).toBe(2)
    expect(`${missing.stdout}${missing.stderr}`).toContain(
      'the answer as JSON is --json_output here',
    )
  })

  it('asks for the password of a backup, and says when it is wrong', async () => {
    const { home, wallets } = homeWith()
    const file = join(copyOfWallets('polkadot-json'), 'pjs-sr25519-n32768.json')
    const line = ['regen_coldkey', '--wallet.name', 'w', '--no_password', '--json', file]
    const wrong = await run(line, { home, prompts: [['Enter json backup password', 'wrong']] })
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('wrong password for the JSON backup'),
    })
    const missing = await run(line, { home })
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--json_password_file'),
    })
    const given = await run([...line, '--json_password', 'wrong'], { home })
    expect(given.stderr).toContain('warning: --json_password stays in the history')
    expect(existsSync(wallets)).toBe(false)
    const typed = await run('regen_coldkey --wallet.name w --no_password', {
      home,
      prompts: [
        ['Enter mnemonic, seed, or json file location', file],
        ['Enter json backup password', vectors.passwords.json],
      ],
    })
    expect(typed.code).toBe(0)
  })

  it('knows a typed seed from words and files', async () => {
    const { home } = homeWith()
    const typed = (answer: string) =>
      run('regen_coldkey --wallet.name w --no_password --overwrite', {
        home,
        prompts: [['Enter mnemonic, seed, or json file location', answer]],
      })
    const thrice = (answer: string) =>
      run('regen_coldkey --wallet.name w --no_password --overwrite', {
        home,
        prompts: Array(3).fill(['Enter mnemonic, seed, or json file location', answer]),
      })
    expect((await typed(plain.seed)).stdout).toContain(plain.address)
    expect((await typed(plain.seed.slice(2))).stdout).toContain(plain.address)
    expect(await thrice('0x1234')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('64 hex digits'),
    })
    const mistyped = await thrice('orangepill')
    expect(mistyped).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the file cannot be read'),
    })
    expect(mistyped.stderr).not.toContain('orangepill')
    expect((await thrice('')).code).toBe(2)
  })

  it('refuses wrong words before it asks anything else, and repeats none', async () => {
    const { home, wallets } = homeWith()
    const wrong = [...words.slice(0, 11), 'zoo']
    const result = await run(['regen_coldkey', '--wallet.name', 'w', '--mnemonic', ...wrong], {
      home,
      prompts: [],
    })
    expect(result).toMatchObject({ code: 2, stdout: '', questions: [] })
    expect(result.stderr).toContain('its checksum is wrong')
    expect(result.stderr).not.toContain('speed')
    const short = await run(
      ['regen_coldkey', '--wallet.name', 'w', '--mnemonic', ...words.slice(1)],
      { home },
    )
    expect(short.stderr).toContain('12, 15, 18, 21 or 24 words, this one has 11')
    const empty = await run('regen_coldkey --wallet.name w --mnemonic -', { home, stdin: ' ' })
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('stdin was empty') })
    expect(existsSync(wallets)).toBe(false)
  })

  it('prefers the mnemonic to the seed and the seed to a backup', async () => {
    const { home } = homeWith()
    const other = knownKey('plain_hk1')
    const both = await run(
      [...base.split(' '), '--seed', other.seed, '--mnemonic', plain.mnemonic],
      { home },
    )
    expect(documentOf(both).data.address).toBe(plain.address)
    const seed = await run(
      [...base.split(' '), '--overwrite', '--seed', other.seed, '--json', '/nowhere'],
      { home },
    )
    expect(documentOf(seed).data.address).toBe(other.address)
  })

  it('without a terminal says which source is missing', async () => {
    const result = await run(base)
    expect(result.code).toBe(2)
    expect(documentOf(result).error).toMatchObject({
      code: 'MISSING_INPUT',
      hint: expect.stringContaining('--mnemonic -'),
    })
  })

  it('shows from which address to which before it replaces a key', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const other = knownKey('plain_hk1')
    const line = ['regen_coldkey', '--wallet.name', 'plain_v5', '--no_password', '--mnemonic', '-']
    const before = readFileSync(join(wallets, 'plain_v5', 'coldkey'), 'utf8')
    const no = await run(line, { home, stdin: other.mnemonic, prompts: [['Overwrite', 'n']] })
    expect(steady(no, home)).toMatchInlineSnapshot(`
      {
        "code": 4,
        "questions": [
          {
            "default": false,
            "kind": "confirm",
            "message": "File [HOME]/.bittensor/wallets/plain_v5/coldkey already exists. Overwrite it? A copy of the old file is kept",
          },
        ],
        "stderr": "This would change the key from 5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY
                                 to 5G1Jkxguty3fWqrtP3nbGbfSstNZ1fRTBGCQuYhcFZ6ecPMy
      Nothing was written.
        [HOME]/.bittensor/wallets/plain_v5/coldkey is as it was
      ",
        "stdout": "",
      }
    `)
    expect(readFileSync(join(wallets, 'plain_v5', 'coldkey'), 'utf8')).toBe(before)
    const unasked = await run([...line, '-y'], { home, stdin: other.mnemonic })
    expect(unasked).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--overwrite_coldkey'),
    })
    const yes = await run([...line, '--overwrite_coldkey'], { home, stdin: other.mnemonic })
    expect(yes.code).toBe(0)
    expect(readJson(join(wallets, 'plain_v5', 'coldkeypub.txt'))['ss58Address']).toBe(other.address)
    expect(readdirSync(join(wallets, 'plain_v5'))).toHaveLength(5)
  })

  it('completes a watch-only wallet without a question, but not with another key', async () => {
    const { home } = homeWith('watch')
    const watch = knownKey('watch')
    const line = 'regen_coldkey --wallet.name watch --no_password --json_output --mnemonic -'
    const other = await run(line, { home, stdin: plain.mnemonic })
    expect(documentOf(other).error.code).toBe('MISSING_INPUT')
    const own = await run(line, { home, stdin: watch.mnemonic })
    expect(documentOf(own).data).toMatchObject({ address: watch.address, backups: [] })
  })

  it('makes ed25519 keys on request', async () => {
    const { home } = homeWith()
    const result = await run(`${base} --crypto_type ed25519 --seed -`, { home, stdin: plain.seed })
    expect(documentOf(result).data.address).toBe(vectors.keys['plain']?.ed25519?.ss58Address)
    expect((await run(`${base} --crypto_type ecdsa`, { home })).code).toBe(2)
  })
})
