import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'

const filesOf = (home: string) => {
  const at = (name: string) => join(home, '.bittensor', 'wallets', 'alice', name)
  return { at, read: (name: string) => JSON.parse(readFileSync(at(name), 'utf8')) }
}
const PASSWORD = { BT_WALLET_PASSWORD: 'a long and unlikely password 97' }

describe('wallet_create', () => {
  it('makes both keys, the coldkey encrypted, and shows the words of both on a terminal', async () => {
    const home = tempFolder()
    const result = await run('wallet create', {
      home,
      env: PASSWORD,
      prompts: [
        ['Enter wallet name', 'alice'],
        ['Enter hotkey name', 'miner1'],
      ],
    })
    expect(result.code).toBe(0)
    expect(result.stdout).toMatch(/Coldkey created\n.*stored +encrypted\n/s)
    expect(result.stdout).toContain('\n\n✔ Hotkey created\n')
    expect(result.stdout).toMatch(/Hotkey created\n.*stored +not encrypted\n/s)
    expect(result.stdout).toContain('The mnemonic to the new coldkey is:')
    expect(result.stdout).toContain('The mnemonic to the new hotkey is:')
    const { at, read } = filesOf(home)
    expect(readFileSync(at('coldkey')).subarray(0, 5).toString()).toBe('$NACL')
    const coldkey = read('coldkeypub.txt').ss58Address
    expect(read('hotkeys/miner1').ss58Address).not.toBe(coldkey)
    expect(result.stdout).toContain(coldkey)
  })

  it('keeps a coldkey that is there', async () => {
    const home = tempFolder()
    await run('new_coldkey -w alice', { home, env: PASSWORD })
    const { at, read } = filesOf(home)
    const old = readFileSync(at('coldkey'), 'utf8')
    const { ok, data } = documentOf(await run('w create -w alice -H a --json', { home }))
    expect(ok).toBe(true)
    expect(data).toMatchObject({
      name: 'alice',
      coldkey: { created: false, address: read('coldkeypub.txt').ss58Address },
      hotkey: { hotkey: 'a', encrypted: false, mnemonic: null },
    })
    expect(readFileSync(at('coldkey'), 'utf8')).toBe(old)
    const shown = await run('wallet_create -w alice -H b', { home })
    expect(shown.stdout).toContain(`The coldkey of alice stays: ${data.coldkey.address}\n`)
  })

  it('writes nothing when the hotkey is there and is not to be replaced', async () => {
    const home = tempFolder()
    await run('new_hotkey -w alice -H a', { home })
    const { at, read } = filesOf(home)
    const old = read('hotkeys/a').ss58Address
    const line = 'wallet_create -w alice -H a --no_password'
    const no = await run(line, { home, prompts: [['Overwrite', false]] })
    expect(no).toMatchObject({ code: 4, stdout: '' })
    expect((await run(`${line} -y`, { home })).code).toBe(2)
    expect(existsSync(at('coldkey'))).toBe(false)
    expect(read('hotkeys/a').ss58Address).toBe(old)
    const yes = documentOf(await run(`${line} --overwrite_hotkey --n_words 24 --json`, { home }))
    expect(yes.data.hotkey.backups).toHaveLength(1)
    expect(yes.data.coldkey.created).toBe(true)
  })

  it('takes a URI for both, from stdin as well', async () => {
    const line = 'wallet_create -w alice -H a --no_password --json --uri'
    const { data } = documentOf(await run(`${line} //Alice`, { home: tempFolder() }))
    const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
    expect([data.coldkey.address, data.hotkey.address]).toEqual([alice, alice])
    const home = tempFolder()
    const piped = documentOf(await run(`${line} -`, { home, stdin: '//Alice\n' }))
    expect(piped.data.hotkey.address).toBe(alice)
  })

  it('needs a password where none can be asked', async () => {
    const home = tempFolder()
    const { error } = documentOf(await run('wallet_create -w alice -H a --json', { home }))
    expect(error.code).toBe('MISSING_INPUT')
    expect(existsSync(filesOf(home).at('hotkeys'))).toBe(false)
  })
})
