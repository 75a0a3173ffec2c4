import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'
import { homeWith } from '../support/walletHome.js'

const some = ['ansible_v5', 'nacl_v11', 'nacl_v2', 'plain_v5', 'watch'] as const

describe('list', () => {
  it('draws the tree of bittensor 5.3.1, sorted as people count, with what is encrypted', async () => {
    const { home } = homeWith(...some, 'empty_dir_wallet', 'from_json_v4', '.trash')
    expect(await run('list', { home, tty: true })).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "Wallets
      ├── 
      │   ansible_v5 (5HgWGpgzdSLtKBuS59ikXhMT1QEbhMUbicJ58GAToSaPNwKk) encrypted
      │   ├── default (5DvJxUU4xgmW3Lv7ZAJJReNrddP2bi9VxqKPcwyFt5hqpF2q)
      │   └── locked (?) encrypted
      ├── 
      │   empty_dir_wallet (?) no coldkey
      ├── 
      │   from_json_v4 (5FsUnDQAYxRNZzJgRrJ3fXmJi5hCnZ59phN6rqX1TfdE4qPx) not encrypted
      ├── 
      │   nacl_v2 (5GvSzryTsCiAmhJHXuk4DAtzxyE2maR9c1wnLamcD64BaNYL) encrypted
      │   └── default (5DhnLWGCH8Kaz5UzRhu4dhqQU3bAyVWV3kFZ3n8dj6kjHYk7)
      ├── 
      │   nacl_v11 (5ELXshTdQ8UjiXfz74iUGEXNKA6HwZVjk5SJYpnVhpDWUVEA) encrypted
      │   └── default (5DEwgkxp21k8qv3pquq2igYhGB7EeErNgXdVER7BeqWbvgfx)
      ├── 
      │   plain_v5 (5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY) not encrypted
      │   ├── default (5G1Jkxguty3fWqrtP3nbGbfSstNZ1fRTBGCQuYhcFZ6ecPMy)
      │   └── miner1 (5HpCJBk4sbawV2AEQXgRH4iRPBnbVr94o7THHpr7mjm7wak9)
      └── 
          watch (5GbJJk187E5UMSYxXJuphAMwMntzRJSUf2FLRJZGunEZgxqA) watch-only
      ",
      }
    `)
  })

  it('never cuts an address in a pipe, but may on a narrow terminal', async () => {
    const { home } = homeWith('plain_v5')
    const piped = await run('list', { home })
    expect(piped.stdout).toContain('5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY')
    const narrow = await run('list', { home, tty: true, columns: 60 })
    expect(narrow.stdout).toMatchInlineSnapshot(`
      "Wallets
      └── 
          plain_v5 (5E5Peh…zbCY) not encrypted
          ├── default (5G1Jkx…cPMy)
          └── miner1 (5HpCJB…wak9)
      "
    `)
    const wide = await run('list --wide', { home, tty: true, columns: 60 })
    expect(wide.stdout).toBe(piped.stdout)
  })

  it('is one JSON document', async () => {
    const { home } = homeWith('ansible_v5', 'watch')
    const result = await run('list --json', { home, tty: true })
    expect(documentOf(result)).toMatchInlineSnapshot(`
      {
        "block": null,
        "command": "list",
        "data": {
          "path": "[HOME]/.bittensor/wallets",
          "wallets": [
            {
              "coldkeyAddress": "5HgWGpgzdSLtKBuS59ikXhMT1QEbhMUbicJ58GAToSaPNwKk",
              "coldkeyEncrypted": true,
              "hasColdkey": true,
              "hotkeys": [
                {
                  "address": "5DvJxUU4xgmW3Lv7ZAJJReNrddP2bi9VxqKPcwyFt5hqpF2q",
                  "encrypted": false,
                  "name": "default",
                  "publicOnly": false,
                },
                {
                  "address": null,
                  "encrypted": true,
                  "name": "locked",
                  "publicOnly": false,
                },
              ],
              "name": "ansible_v5",
              "path": "[HOME]/.bittensor/wallets/ansible_v5",
            },
            {
              "coldkeyAddress": "5GbJJk187E5UMSYxXJuphAMwMntzRJSUf2FLRJZGunEZgxqA",
              "coldkeyEncrypted": false,
              "hasColdkey": false,
              "hotkeys": [],
              "name": "watch",
              "path": "[HOME]/.bittensor/wallets/watch",
            },
          ],
        },
        "endpoint": null,
        "network": null,
        "ok": true,
        "specVersion": null,
        "warnings": [],
      }
    `)
    expect(result.stderr).toBe('')
  })

  it('says that there are no wallets, with status 0', async () => {
    expect(await run('list')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "Wallets
      └── No wallets found.
      btcli new_coldkey makes one.
      ",
      }
    `)
    expect(documentOf(await run('list --json')).data.wallets).toEqual([])
  })

  it('can show one wallet, and coldkeys alone', async () => {
    const { home } = homeWith('plain_v5', 'watch')
    const one = await run('list --wallet.name plain_v5 --coldkeys-only', { home })
    expect(one.stdout).toMatchInlineSnapshot(`
      "Wallets
      └── 
          plain_v5 (5E5PehDKpkdR7nQrxgf8P4jdJbGFRzKd2zvSd3oAxMeezbCY) not encrypted
      "
    `)
    // The name of the environment is a default for other commands.
    const all = await run('list', { home, env: { BT_WALLET_NAME: 'plain_v5' } })
    expect(all.stdout).toContain('watch')
    const none = await run('list --wallet.name nobody', { home })
    expect(none).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('there is no wallet `nobody`'),
    })
  })

  it('stands foreign and damaged files, and shows no control characters of names', async () => {
    const { home, wallets } = homeWith('plain_v5')
    writeFileSync(join(wallets, 'notes.txt'), 'x')
    writeFileSync(join(wallets, 'plain_v5', 'hotkeys', 'junk'), 'x')
    rmSync(join(wallets, 'plain_v5', 'coldkeypub.txt'))
    writeFileSync(join(wallets, 'plain_v5', 'coldkey'), '{"ss58Address"')
    mkdirSync(join(wallets, 'evil\u001b[2Jname'))
    const result = await run('list --verbose', { home })
    expect(result).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "",
        "stdout": "Wallets
      ├── 
      │   evil[2Jname (?) no coldkey
      └── 
          plain_v5 (?) not encrypted
          ├── default (5G1Jkxguty3fWqrtP3nbGbfSstNZ1fRTBGCQuYhcFZ6ecPMy)
          ├── junk (?) not readable
          └── miner1 (5HpCJBk4sbawV2AEQXgRH4iRPBnbVr94o7THHpr7mjm7wak9)
      ",
      }
    `)
    expect(result.stdout).not.toContain('\u001b')
  })

  it('says what is wrong with the path', async () => {
    const { home, wallets } = homeWith('plain_v5')
    const path = join(wallets, 'plain_v5', 'coldkey')
    const result = await run(['list', '--wallet.path', path], { home })
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a part of the path is a file'),
    })
  })

  it('refuses what it does not know', async () => {
    expect((await run('list --al')).code).toBe(2)
    expect((await run('list surplus')).code).toBe(2)
    expect((await run('wallet list --json')).code).toBe(0)
    expect((await run('list --help')).stdout).toContain('--coldkeys_only')
  })
})
