import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'
import { homeWith, readJson } from '../support/walletHome.js'

describe('new_hotkey', () => {
  it('asks for names, writes the file in clear, then shows the words', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const result = await run('new_hotkey', {
      home,
      prompts: [
        ['Enter wallet name', 'plain_v5'],
        ['Enter hotkey name', 'miner 2'],
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
        ],
        "stderr": "",
        "stdout": "✔ Hotkey created
        wallet   plain_v5
        hotkey   miner 2
        address  5FChJ7S9pNPAv6AJLoYT4oaQfzKUaDuBu9tCfaGVawdeuEuh
        file     [HOME]/.bittensor/wallets/plain_v5/hotkeys/miner 2
        stored   not encrypted

      Write these words down and keep them offline: whoever has them has the hotkey and its funds.
      They are the only copy outside the file.

      The mnemonic to the new hotkey is:

          1. canal          7. noise
          2. athlete        8. offer
          3. fault          9. daring
          4. photo         10. fever
          5. accuse        11. runway
          6. flip          12. glimpse

      To restore the key, run \`btcli regen_hotkey\` and type the words when asked.
      To clear them from this screen: clear && printf '\\033[3J'
      ",
      }
    `)
    const file = readJson(join(wallets, 'plain_v5', 'hotkeys', 'miner 2'))
    expect(result.stdout).toContain(String(file['ss58Address']))
    expect(readdirSync(join(wallets, 'plain_v5', 'hotkeys')).sort()).toEqual([
      'default',
      'miner 2',
      'miner1',
    ])
  })

  it('is one JSON document, and shows the words there only on request', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const line = 'new_hotkey --wallet.name plain_v5 --wallet.hotkey'
    const result = await run(`${line} a --json`, { home })
    const file = readJson(join(wallets, 'plain_v5', 'hotkeys', 'a'))
    expect(documentOf(result)).toMatchObject({
      ok: true,
      data: {
        name: 'plain_v5',
        hotkey: 'a',
        address: file['ss58Address'],
        encrypted: false,
        publicPath: null,
        mnemonic: null,
      },
    })
    expect(result.stdout + result.stderr).not.toContain(String(file['secretPhrase']))
    const told = await run(`${line} b --json --print_mnemonic --n_words 24`, { home })
    expect(documentOf(told).data.mnemonic.split(' ')).toHaveLength(24)
  })

  it('encrypts on request, and then writes the public file too', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const line = 'new_hotkey --wallet.name plain_v5 --wallet.hotkey safe --use_password --json'
    expect((await run(line, { home })).code).toBe(2)
    const result = await run(line, { home, env: { BT_WALLET_PASSWORD: 'correct horse battery' } })
    const { data } = documentOf(result)
    expect(data).toMatchObject({
      encrypted: true,
      publicPath: '[HOME]/.bittensor/wallets/plain_v5/hotkeys/safepub.txt',
    })
    expect(
      readFileSync(join(wallets, 'plain_v5', 'hotkeys', 'safe'))
        .subarray(0, 5)
        .toString(),
    ).toBe('$NACL')
    const listed = documentOf(await run('list --json', { home })).data.wallets[0].hotkeys
    expect(listed).toContainEqual({
      name: 'safe',
      address: data.address,
      encrypted: true,
      publicOnly: false,
    })
  })

  it('warns when the wallet has no coldkey at all', async () => {
    const { home } = homeWith('watch')
    const lone = await run('new_hotkey --wallet.name new --wallet.hotkey a', { home })
    expect(lone).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('neither a coldkey nor a coldkeypub.txt'),
    })
    const slip = await run('new_hotkey --wallet.name wacth --wallet.hotkey a', { home })
    expect(slip.stderr).toContain('coldkeypub.txt; did you mean wallet watch?')
    const watch = await run('new_hotkey --wallet.name watch --wallet.hotkey a', { home })
    expect(watch.stderr).not.toContain('neither')
  })

  it('replaces a hotkey only after a yes or with the option, and keeps a copy outside of hotkeys', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const folder = join(wallets, 'plain_v5')
    const old = readFileSync(join(folder, 'hotkeys', 'default'), 'utf8')
    const line = 'new_hotkey --wallet.name plain_v5 --wallet.hotkey default'
    const no = await run(line, { home, prompts: [['Overwrite', false]] })
    expect(no).toMatchObject({ code: 4, stdout: '' })
    expect((await run(`${line} -y`, { home })).code).toBe(2)
    expect(readFileSync(join(folder, 'hotkeys', 'default'), 'utf8')).toBe(old)
    expect((await run(`${line} --overwrite_hotkey`, { home })).code).toBe(0)
    expect(readFileSync(join(folder, 'hotkey-default.bak-20230701T120000Z'), 'utf8')).toBe(old)
    expect(readdirSync(join(folder, 'hotkeys')).sort()).toEqual(['default', 'miner1'])
  })

  it.each([
    ['--wallet.hotkey xpub.txt', 'public files'],
    ['--wallet.hotkey a/b', 'path separator'],
    ['--n_words 0', '12, 15, 18, 21 or 24'],
  ])('refuses %s', async (words, reason) => {
    const { home, wallets } = homeWith()
    const result = await run(`new_hotkey --wallet.name w ${words}`, { home })
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(reason) })
    expect(existsSync(wallets)).toBe(false)
  })

  it('derives development keys', async () => {
    const { home } = homeWith()
    const result = await run('new_hotkey --wallet.name w --wallet.hotkey h --uri //Bob --json', {
      home,
    })
    expect(documentOf(result).data.address).toBe('5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty')
  })
})
