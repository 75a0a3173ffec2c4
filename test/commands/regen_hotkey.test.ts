import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'
import { homeWith, knownKey, readJson } from '../support/walletHome.js'

const key = knownKey('plain_hk2')
const other = knownKey('plain_hk1')

describe('regen_hotkey', () => {
  it('asks for names and the secret, and writes the file in clear', async () => {
    const { home, wallets } = homeWith('watch')
    const result = await run('regen_hotkey', {
      home,
      prompts: [
        ['Enter wallet name', 'watch'],
        ['Enter hotkey name', ''],
        ['Enter mnemonic, seed, or json file location', key.mnemonic],
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
            "default": "default",
            "kind": "input",
            "message": "Enter hotkey name (--wallet.hotkey)",
          },
          {
            "kind": "password",
            "message": "Enter mnemonic, seed, or json file location",
          },
        ],
        "stderr": "",
        "stdout": "✔ Hotkey restored
        wallet   watch
        hotkey   default
        address  5HpCJBk4sbawV2AEQXgRH4iRPBnbVr94o7THHpr7mjm7wak9
        file     [HOME]/.bittensor/wallets/watch/hotkeys/default
        stored   not encrypted
      ",
      }
    `)
    const file = readJson(join(wallets, 'watch', 'hotkeys', 'default'))
    expect(file).toMatchObject({
      secretPhrase: key.mnemonic,
      secretSeed: key.seed,
      ss58Address: key.address,
    })
  })

  it('is one JSON document without the words', async () => {
    const { home } = homeWith('watch')
    const line = 'regen_hotkey --wallet.name watch --wallet.hotkey miner --json_output --mnemonic -'
    const result = await run(line, { home, stdin: key.mnemonic })
    expect(documentOf(result)).toEqual({
      ok: true,
      command: 'regen_hotkey',
      network: null,
      endpoint: null,
      specVersion: null,
      block: null,
      data: {
        name: 'watch',
        hotkey: 'miner',
        address: key.address,
        path: '[HOME]/.bittensor/wallets/watch/hotkeys/miner',
        publicPath: null,
        encrypted: false,
        backups: [],
      },
      warnings: [],
    })
  })

  it('replaces another key only after a yes or with the option', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const path = join(wallets, 'plain_v5', 'hotkeys', 'miner1')
    const line = 'regen_hotkey --wallet.name plain_v5 --wallet.hotkey miner1 --mnemonic -'
    const before = readFileSync(path, 'utf8')
    const no = await run(line, { home, stdin: other.mnemonic, prompts: [['Overwrite', 'n']] })
    expect(no.code).toBe(4)
    expect(no.stderr).toContain(`from ${key.address}`)
    expect(no.stderr).toContain(`to ${other.address}`)
    expect((await run(line, { home, stdin: other.mnemonic })).code).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe(before)
    const yes = await run(line, { home, stdin: other.mnemonic, prompts: [['Overwrite', 'y']] })
    expect(yes.code).toBe(0)
    expect(readJson(path)['ss58Address']).toBe(other.address)
  })

  it('refuses a seed of the wrong length', async () => {
    const { home } = homeWith('watch')
    const result = await run(
      ['regen_hotkey', '--wallet.name', 'watch', '--seed', `${key.seed}00`],
      { home },
    )
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('this has 33 bytes') })
    expect(result.stderr).not.toContain(key.seed.slice(2, 12))
  })
})
