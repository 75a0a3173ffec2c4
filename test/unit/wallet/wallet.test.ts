import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  cryptoReady,
  exportSecret,
  type Keypair,
  keypairFromSeed,
  keypairFromUri,
} from '../../../src/core/keys/keypair.js'
import {
  createColdkey,
  createColdkeypub,
  createHotkey,
  existingColdkey,
  needsOverwrite,
} from '../../../src/core/wallet/create.js'
import { parseKeyfile } from '../../../src/core/wallet/keyfileJson.js'
import { listWallets } from '../../../src/core/wallet/listWallets.js'
import { keypairOfKeyfile } from '../../../src/core/wallet/openKeyfile.js'
import { type PasswordSource, passwordSource } from '../../../src/core/wallet/passwords.js'
import { serializeKeypair, serializePublic } from '../../../src/core/wallet/serializeKey.js'
import { openWallet } from '../../../src/core/wallet/wallet.js'
import { tempFolder } from '../../support/tempFolder.js'
import { copyOfWallets } from '../../support/tempWallets.js'
import { vectors } from '../../support/walletVectors.js'

const noPassword: PasswordSource = async () => undefined
const now = new Date('2023-11-23T22:49:00.123Z')
let alice: Keypair
let bob: Keypair

beforeAll(async () => {
  await cryptoReady()
  alice = await keypairFromUri('//Alice')
  bob = await keypairFromUri('//Bob')
})

describe('a wallet', () => {
  it('gives addresses without a password, and keys with one', async () => {
    const root = copyOfWallets()
    const wallet = openWallet({ root, name: 'ansible_v5', hotkey: 'locked' })
    expect(await wallet.coldkeypubAddress()).toBe(vectors.keys['ansible']?.ss58Address)
    expect(await wallet.hasColdkey()).toBe(true)
    const asked: unknown[] = []
    const source: PasswordSource = async (request) => {
      asked.push(request)
      return { password: vectors.passwords.main, retry: false, origin: 'test' }
    }
    const [first, second] = await Promise.all([
      wallet.unlockColdkey(source),
      wallet.unlockColdkey(source),
    ])
    expect(first.address).toBe(vectors.keys['ansible']?.ss58Address)
    expect(second).toBe(first)
    expect(asked).toEqual([
      {
        path: join(root, 'ansible_v5', 'coldkey'),
        what: 'coldkey of wallet ansible_v5',
        attempt: 1,
        wrong: false,
      },
    ])
    await expect(wallet.hotkeyAddress()).rejects.toMatchObject({ code: 'KEYFILE' })
    const hotkey = await wallet.unlockHotkey(passwordSource({ password: vectors.passwords.locked }))
    expect(hotkey.address).toBe(vectors.keys['ansible_hk_locked']?.ss58Address)
  })

  it('asks again after a wrong password as long as that makes sense, and can be tried anew', async () => {
    const wallet = openWallet({ root: copyOfWallets(), name: 'ansible_v5' })
    const answers = ['wrong', 'wrong too', vectors.passwords.main]
    const asked: boolean[] = []
    const source: PasswordSource = async ({ attempt, wrong }) => {
      asked.push(wrong ?? false)
      return { password: answers[attempt - 1] as string, retry: attempt < 3, origin: 'you' }
    }
    expect((await wallet.unlockColdkey(source)).address).toBe(vectors.keys['ansible']?.ss58Address)
    expect(asked).toEqual([false, true, true])
    const other = openWallet({ root: copyOfWallets(), name: 'ansible_v5' })
    const wrong = passwordSource({ env: { BT_WALLET_PASSWORD: 'wrong one' } })
    const error = await other.unlockColdkey(wrong).catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'BAD_PASSWORD',
      message: expect.stringContaining('BT_WALLET_PASSWORD'),
      data: { origin: 'BT_WALLET_PASSWORD' },
    })
    expect(String(error)).not.toContain('wrong one')
    await expect(other.unlockColdkey(noPassword)).rejects.toMatchObject({
      code: 'MISSING_INPUT',
      hint: expect.stringContaining('BT_WALLET_PASSWORD'),
    })
    expect(
      (await other.unlockColdkey(passwordSource({ password: vectors.passwords.main }))).address,
    ).toBe(vectors.keys['ansible']?.ss58Address)
  })

  it('signs with no pair whose halves belong to different keys', async () => {
    const wallet = openWallet({ root: copyOfWallets('corrupt'), name: 'coldkeypub_mismatch' })
    await expect(wallet.unlockColdkey(noPassword)).rejects.toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('belong to different keys'),
      data: {
        secretAddress: vectors.keys['plain']?.ss58Address,
        publicAddress: vectors.keys['watch']?.ss58Address,
      },
    })
  })

  it('tells missing, watch-only, lost, damaged and unreadable apart', async () => {
    const root = copyOfWallets()
    const error = async (name: string, hotkey = 'default') => {
      const wallet = openWallet({ root, name, hotkey })
      const failed = await wallet.unlockColdkey(noPassword).catch((caught: unknown) => caught)
      return failed
    }
    expect(await error('nobody')).toMatchObject({
      code: 'WALLET_NOT_FOUND',
      message: 'there is no wallet `nobody`',
      details: `looked in ${root}`,
    })
    expect(await error('wathc')).toMatchObject({ hint: 'did you mean watch?' })
    expect(await error('watch')).toMatchObject({
      code: 'WALLET_NOT_FOUND',
      message: expect.stringContaining('watch-only'),
    })
    expect(await error('from_json_v5')).toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('no secret'),
    })
    mkdirSync(join(root, 'odd', 'coldkey'), { recursive: true })
    expect(await error('odd')).toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('not an ordinary file'),
    })
    // Reading this would never end.
    symlinkSync('/dev/zero', join(root, 'empty_dir_wallet', 'coldkey'))
    expect(await error('empty_dir_wallet')).toMatchObject({ code: 'KEYFILE' })
    expect(await error('notes.txt')).toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('a part of the path is a file'),
    })
    mkdirSync(join(root, 'big'))
    writeFileSync(join(root, 'big', 'coldkey'), 'x'.repeat(100_000))
    expect(await error('big')).toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('too large'),
    })
    symlinkSync('coldkey', join(root, 'watch', 'coldkey'))
    expect(await error('watch')).toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('circle'),
    })
    const missing = openWallet({ root, name: 'plain_v5', hotkey: 'nope' })
    await expect(missing.hotkeyAddress()).rejects.toMatchObject({
      code: 'WALLET_NOT_FOUND',
      message: 'wallet `plain_v5` has no hotkey `nope`',
      hint: 'see what there is with btcli list, or make one with btcli new_hotkey',
    })
    const mistyped = openWallet({ root, name: 'plain_v5', hotkey: 'defualt' })
    await expect(mistyped.hotkeyAddress()).rejects.toMatchObject({ hint: 'did you mean default?' })
    await expect(missing.unlockHotkey(noPassword)).rejects.toMatchObject({
      code: 'WALLET_NOT_FOUND',
    })
    const encrypted = openWallet({ root, name: 'nacl_v1' })
    rmSync(encrypted.coldkeypubPath)
    await expect(encrypted.coldkeypubAddress()).rejects.toMatchObject({
      hint: expect.stringContaining('regen_coldkeypub'),
    })
  })

  it('warns of secrets that others can read, and of nothing else', async () => {
    const root = copyOfWallets()
    const warnings: string[] = []
    const wallet = () =>
      openWallet({ root, name: 'plain_v5' }, { onWarning: (text) => warnings.push(text) })
    await wallet().unlockColdkey(noPassword)
    expect(warnings).toEqual([])
    chmodSync(join(root, 'plain_v5', 'coldkeypub.txt'), 0o644)
    chmodSync(join(root, 'plain_v5', 'coldkey'), 0o640)
    await wallet().unlockColdkey(noPassword)
    const path = join(root, 'plain_v5', 'coldkey')
    expect(warnings).toEqual([
      `${path} can be read by other users of this machine; to stop that: chmod 600 '${path}'`,
    ])
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  it('knows the hotkey of an encrypted file by its public file', async () => {
    const root = copyOfWallets()
    const { hotkeyPath } = openWallet({ root, name: 'nacl_v1', hotkey: 'locked' })
    writeFileSync(`${hotkeyPath}pub.txt`, serializePublic(alice))
    const wallet = openWallet({ root, name: 'nacl_v1', hotkey: 'locked' })
    expect(await wallet.hotkeyAddress()).toBe(alice.address)
  })
})

describe('creating keys', () => {
  it('writes a coldkey and its public file, which open again', async () => {
    const location = { root: join(tempFolder(), 'new', 'wallets'), name: 'alice' }
    const written = await createColdkey(location, alice, { now })
    expect(written).toEqual({
      address: alice.address,
      path: join(location.root, 'alice', 'coldkey'),
      publicPath: join(location.root, 'alice', 'coldkeypub.txt'),
      encrypted: false,
      backups: [],
    })
    const wallet = openWallet(location)
    expect(await wallet.coldkeypubAddress()).toBe(alice.address)
    expect(exportSecret(await wallet.unlockColdkey(noPassword))).toEqual(exportSecret(alice))
    expect(readFileSync(written.path, 'utf8')).toBe(
      new TextDecoder().decode(serializeKeypair(alice)),
    )
    expect(readFileSync(written.publicPath as string, 'utf8')).toMatch(
      /^\{"accountId": "0x\w{64}", "publicKey": "0x\w{64}", "privateKey": null, "secretPhrase": null, "secretSeed": null, "ss58Address": "5\w{47}"\}$/,
    )
  })

  it('encrypts with the password, and the plain secret is nowhere on disk', async () => {
    const location = { root: tempFolder(), name: 'alice' }
    const password = vectors.passwords.main
    await createColdkey(location, alice, { password, now })
    await createHotkey({ ...location, hotkey: 'h' }, bob, { password, now })
    const seed = Buffer.from(exportSecret(alice).privateKey).toString('hex')
    for (const name of readdirSync(location.root, { recursive: true, encoding: 'utf8' })) {
      const path = join(location.root, name)
      if (statSync(path).isFile()) expect(readFileSync(path, 'latin1')).not.toContain(seed)
    }
    const wallet = openWallet({ ...location, hotkey: 'h' })
    expect((await wallet.unlockColdkey(passwordSource({ password }))).address).toBe(alice.address)
    expect(await wallet.hotkeyAddress()).toBe(bob.address)
    expect(readdirSync(join(location.root, 'alice', 'hotkeys')).sort()).toEqual(['h', 'hpub.txt'])
  })

  it('replaces nothing without being told, and both files together when told, with copies', async () => {
    const location = { root: tempFolder(), name: 'w' }
    await createColdkey(location, alice, { now })
    await expect(createColdkey(location, bob, { now })).rejects.toMatchObject({
      code: 'KEYFILE',
      message: expect.stringContaining('already exists'),
    })
    expect(await openWallet(location).coldkeypubAddress()).toBe(alice.address)
    const { backups } = await createColdkey(location, bob, { now, overwrite: true })
    const folder = join(location.root, 'w')
    expect(backups).toEqual([
      join(folder, 'coldkey.bak-20231123T224900Z'),
      join(folder, 'coldkeypub.txt.bak-20231123T224900Z'),
    ])
    expect((await openWallet(location).unlockColdkey(noPassword)).address).toBe(bob.address)
    const old = parseKeyfile(new Uint8Array(readFileSync(backups[0] as string)), 'old')
    expect((await keypairOfKeyfile(old, 'old')).address).toBe(alice.address)
    expect((await listWallets(location.root)).map(({ name }) => name)).toEqual(['w'])
  })

  it('brings the coldkey of a watch-only wallet back without a question, but not another one', async () => {
    const location = { root: tempFolder(), name: 'watch' }
    await createColdkeypub(location, { publicKey: alice.publicKey })
    const existing = await existingColdkey(location)
    expect(existing).toMatchObject({ secret: undefined, public: { address: alice.address } })
    expect(
      [alice.address, bob.address, undefined].map((address) => needsOverwrite(existing, address)),
    ).toEqual([false, true, true])
    await expect(createColdkey(location, bob)).rejects.toMatchObject({ code: 'KEYFILE' })
    expect((await createColdkey(location, alice)).backups).toEqual([])
  })

  it('writes nothing when it was called off while the key was being encrypted', async () => {
    const root = tempFolder()
    const options = { password: 'correct horse', signal: AbortSignal.abort() }
    await expect(createColdkey({ root, name: 'w' }, alice, options)).rejects.toMatchObject({
      code: 'INTERRUPTED',
      message: 'cancelled, nothing was written',
    })
    expect(readdirSync(root)).toEqual([])
  })

  it('writes into wallets whose names other tools have taken', async () => {
    const location = { root: tempFolder(), name: 'a|b', hotkey: 'miner' }
    await expect(createHotkey(location, alice)).rejects.toMatchObject({ code: 'USAGE' })
    mkdirSync(join(location.root, 'a|b', 'hotkeys'), { recursive: true })
    await expect(createHotkey(location, alice)).resolves.toMatchObject({ address: alice.address })
    const foreign = { ...location, hotkey: 'x'.repeat(90) }
    await expect(createHotkey(foreign, alice)).rejects.toThrow('more than 64 characters')
  })

  it('keeps a replaced hotkey outside of the hotkeys', async () => {
    const location = { root: tempFolder(), name: 'w', hotkey: 'miner' }
    await createHotkey(location, alice, { now })
    await expect(createHotkey(location, bob, { now })).rejects.toMatchObject({ code: 'KEYFILE' })
    const { backups } = await createHotkey(location, bob, { now, overwrite: true })
    expect(backups).toEqual([join(location.root, 'w', 'hotkey-miner.bak-20231123T224900Z')])
    expect(readdirSync(join(location.root, 'w', 'hotkeys'))).toEqual(['miner'])
    expect(await openWallet(location).hotkeyAddress()).toBe(bob.address)
  })

  it('updates a public file that lies beside a replaced hotkey', async () => {
    const location = { root: copyOfWallets(), name: 'plain_v4', hotkey: 'default' }
    await createHotkey(location, alice, { overwrite: true, now })
    expect((await openWallet(location).unlockHotkey(noPassword)).address).toBe(alice.address)
    const [listed] = await listWallets(location.root, { only: 'plain_v4' })
    expect(listed?.hotkeys).toEqual([
      { name: 'default', address: alice.address, encrypted: false, publicOnly: false },
    ])
  })

  it('turns coldkeypub.txt away from its coldkey only when told', async () => {
    const location = { root: tempFolder(), name: 'w' }
    await createColdkey(location, alice, { now })
    await expect(createColdkeypub(location, bob)).rejects.toMatchObject({ code: 'KEYFILE' })
    rmSync(join(location.root, 'w', 'coldkeypub.txt'))
    await expect(createColdkeypub(location, bob)).rejects.toThrow(
      `is the key of ${alice.address}, not of ${bob.address}`,
    )
    await createColdkeypub(location, alice)
    await createColdkeypub(location, bob, { overwrite: true, now })
    expect(await openWallet(location).coldkeypubAddress()).toBe(bob.address)
  })

  it('checks names before it touches the disk', async () => {
    const root = join(tempFolder(), 'wallets')
    await expect(createColdkey({ root, name: '../up' }, alice)).rejects.toMatchObject({
      code: 'USAGE',
    })
    await expect(
      createHotkey({ root, name: 'a', hotkey: 'xpub.txt' }, alice),
    ).rejects.toMatchObject({ code: 'USAGE' })
    await expect(createColdkeypub({ root, name: '.hidden' }, alice)).rejects.toMatchObject({
      code: 'USAGE',
    })
    expect(await listWallets(root)).toEqual([])
  })

  it('keeps ed25519 keys, marked as such', async () => {
    const location = { root: tempFolder(), name: 'ed' }
    const ed25519 = await keypairFromSeed(new Uint8Array(32).fill(7), { cryptoType: 'ed25519' })
    await createColdkey(location, ed25519)
    const opened = await openWallet(location).unlockColdkey(noPassword)
    expect(opened).toMatchObject({ address: ed25519.address, cryptoType: 'ed25519' })
    expect(readFileSync(join(location.root, 'ed', 'coldkeypub.txt'), 'utf8')).toMatch(
      /"cryptoType": 0\}$/,
    )
  })

  it('loses nothing of any key', async () => {
    const seed = fc.uint8Array({ minLength: 32, maxLength: 32 })
    await fc.assert(
      fc.asyncProperty(
        seed,
        fc.constantFrom('sr25519' as const, 'ed25519' as const),
        async (bytes, cryptoType) => {
          const keypair = await keypairFromSeed(bytes, { cryptoType })
          const again = await keypairOfKeyfile(parseKeyfile(serializeKeypair(keypair), 'x'), 'x')
          expect(exportSecret(again)).toEqual(exportSecret(keypair))
          const publicOnly = parseKeyfile(serializePublic(keypair), 'x')
          expect(publicOnly.address).toBe(keypair.address)
          await expect(keypairOfKeyfile(publicOnly, 'x')).rejects.toMatchObject({ code: 'KEYFILE' })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('reads no garbage as a key and never fails in an unforeseen way', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          try {
            const contents = parseKeyfile(bytes, 'x')
            expect(
              contents.publicKey ??
                contents.mnemonic ??
                contents.seed ??
                contents.textSeed ??
                contents.privateKey,
            ).toBeDefined()
          } catch (error) {
            expect(error).toMatchObject({ code: 'KEYFILE' })
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('the list of wallets', () => {
  it('is the recorded one', async () => {
    const listed = await listWallets(copyOfWallets())
    // Recorded in plain alphabetical order; ours counts nacl_v2 before nacl_v11.
    const order = listed.map(({ name }) => name)
    const expected = vectors.listing.wallets
      .filter(({ hide }) => !hide)
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    expect(listed.map(({ name, coldkeyAddress }) => [name, coldkeyAddress ?? '?'])).toEqual(
      expected.map(({ name, expected_coldkey }) => [name, expected_coldkey]),
    )
    expect(listed.map(({ hotkeys }) => hotkeys.map(({ name }) => name))).toEqual(
      expected.map(({ hotkeys }) => hotkeys.filter(({ hide }) => !hide).map(({ name }) => name)),
    )
    expect(listed.find(({ name }) => name === 'nacl_v1')).toMatchObject({
      coldkeyEncrypted: true,
      hasColdkey: true,
      hotkeys: [
        { name: 'default', encrypted: false },
        { name: 'locked', encrypted: true, address: undefined },
      ],
    })
    expect(listed.find(({ name }) => name === 'ed25519_v4')?.hotkeys[0]?.address).toBe(
      '5DeSe8ow2LxGnutV8iPk8Dv9a2xsv1mafEwAgonHCYZJ1MR9',
    )
    expect(listed.find(({ name }) => name === 'watch')).toMatchObject({
      hasColdkey: false,
      coldkeyEncrypted: false,
    })
  })

  it('stands damaged and foreign files', async () => {
    const root = copyOfWallets('corrupt')
    const listed = await listWallets(root)
    expect(listed.length).toBe(readdirSync(root).length)
    const bad = listed.find(({ name }) => name === 'bad_hotkeys')
    expect(bad?.hotkeys.map(({ name, address }) => [name, address !== undefined])).toEqual([
      ['good', true],
      ['text', false],
      ['zero', false],
    ])
    expect(listed.find(({ name }) => name === 'no_coldkeypub')?.coldkeyAddress).toBe(
      vectors.keys['plain']?.ss58Address,
    )
  })

  it('sorts as people count, follows links and shows lone public files', async () => {
    const root = tempFolder()
    const plain = join(copyOfWallets(), 'plain_v5')
    for (const name of ['miner10', 'miner2', 'Zed', 'alice'])
      cpSync(plain, join(root, name), { recursive: true })
    symlinkSync(plain, join(root, 'linked'))
    symlinkSync(join(root, 'nowhere'), join(root, 'broken'))
    writeFileSync(join(root, 'alice', 'hotkeys', 'lonepub.txt'), serializePublic(alice))
    writeFileSync(join(root, 'alice', 'hotkeys', '.hidden'), serializePublic(alice))
    const listed = await listWallets(root)
    expect(listed.map(({ name }) => name)).toEqual(['alice', 'linked', 'miner2', 'miner10', 'Zed'])
    expect(listed[0]?.hotkeys).toContainEqual({
      name: 'lone',
      address: alice.address,
      encrypted: false,
      publicOnly: true,
    })
    expect(listed[0]?.hotkeys).toHaveLength(3)
    expect((await listWallets(root, { only: 'miner2' })).map(({ name }) => name)).toEqual([
      'miner2',
    ])
  })

  it('is empty without a folder, and says so when the path is a file', async () => {
    const root = tempFolder()
    expect(await listWallets(join(root, 'nothing'))).toEqual([])
    writeFileSync(join(root, 'file'), '')
    await expect(listWallets(join(root, 'file'))).rejects.toMatchObject({ code: 'KEYFILE' })
  })

  it('loads no signature library', () => {
    const script = `
      const { listWallets } = await import('./src/core/wallet/listWallets.js')
      const { openWallet } = await import('./src/core/wallet/wallet.js')
      await listWallets(process.argv[1])
      await openWallet({ root: process.argv[1], name: 'plain_v5' }).hotkeyAddress()
      console.log(JSON.stringify(globalThis.__polkadotjs ?? null))`
    const root = copyOfWallets()
    const output = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script, root],
      { encoding: 'utf8' },
    )
    expect(output.trim()).toBe('null')
  })
})
