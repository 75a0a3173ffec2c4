import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keypairFromUri, verify, Wallet } from '../../../src/index.js'
import { dev } from '../../support/devAccounts.js'
import { tempFolder } from '../../support/tempFolder.js'

const hello = new TextEncoder().encode('hello')

function walletAt(path = tempFolder(), password?: string) {
  return new Wallet({ name: 'alice', hotkey: 'miner', path, password })
}

test('its text is that of bittensor 5.3.1, and nothing is made by naming it', () => {
  expect(`${new Wallet()}`).toBe('Wallet (default, default, ~/.bittensor/wallets/)')
  const path = tempFolder()
  walletAt(path)
  expect(existsSync(join(path, 'alice'))).toBe(false)
  expect(() => new Wallet({ name: '../x' })).toThrow(/name/)
})

test('keys that are missing are made, and only those', async () => {
  const path = tempFolder()
  const made: string[] = []
  const wallet = await walletAt(path, 'secret').create({
    onMnemonic: ({ key, mnemonic }) => made.push(`${key} ${mnemonic.split(' ').length}`),
  })
  expect(made).toEqual(['coldkey 12', 'hotkey 12'])
  expect(await wallet.coldkeyFile.isEncrypted()).toBe(true)
  expect(await wallet.hotkeyFile.isEncrypted()).toBe(false)
  const address = await wallet.coldkeypubAddress()
  await wallet.createIfNonExistent({ onMnemonic: ({ key }) => made.push(key) })
  expect(made).toHaveLength(2)
  expect((await wallet.load()).coldkeypub.address).toBe(address)
  expect(wallet.hotkey.address).toBe(await wallet.hotkeyAddress())
  const coldkey = await wallet.unlockColdkey()
  expect(coldkey.address).toBe(address)
  expect(wallet.coldkey).toBe(coldkey)
  expect(await verify(hello, coldkey.sign(hello), coldkey.publicKey)).toBe(true)
})

test('a coldkey in clear has to be asked for', async () => {
  const wallet = walletAt()
  await expect(wallet.createNewColdkey()).rejects.toMatchObject({ code: 'MISSING_INPUT' })
  expect(await wallet.coldkeyFile.exists()).toBe(false)
  const { mnemonic, encrypted } = await wallet.createNewColdkey({ password: null, words: 24 })
  expect(mnemonic.split(' ')).toHaveLength(24)
  expect(encrypted).toBe(false)
})

test('a key is not replaced unless told to; then the old one is kept as a copy', async () => {
  const wallet = walletAt()
  await wallet.createColdkeyFromUri('//Alice', { password: null })
  await wallet.createHotkeyFromUri('//Alice//miner1')
  await expect(wallet.createNewHotkey()).rejects.toMatchObject({ code: 'KEYFILE' })
  await expect(wallet.createNewColdkey({ password: null })).rejects.toMatchObject({
    code: 'KEYFILE',
  })
  expect(await wallet.coldkeypubAddress()).toBe(dev('//Alice'))
  const { backups } = await wallet.createNewHotkey({ overwrite: true })
  expect(backups).toHaveLength(1)
})

test('keys come back from a mnemonic, a seed or a public key', async () => {
  const path = tempFolder()
  const { mnemonic, address } = await walletAt(path).createNewColdkey({ password: null })
  const again = new Wallet({ name: 'again', path })
  expect((await again.regenerateColdkey({ mnemonic }, { password: null })).address).toBe(address)
  const seed = `0x${'07'.repeat(32)}`
  await again.regenerateHotkey({ seed })
  expect(await again.hotkeyAddress()).toMatch(/^5/)
  const watch = new Wallet({ name: 'watch', path })
  await watch.regenerateColdkeypub(address)
  expect(await watch.coldkeypubAddress()).toBe(address)
  await expect(watch.unlockColdkey('x')).rejects.toMatchObject({ code: 'WALLET_NOT_FOUND' })
  await expect(
    again.regenerateColdkey({ mnemonic, seed } as never, { password: null }),
  ).rejects.toMatchObject({ code: 'USAGE' })
})

test('a wrong password is refused, the right one opens it, and another source can find it', async () => {
  const path = tempFolder()
  const wallet = walletAt(path)
  await wallet.setHotkey(await keypairFromUri('//Alice//miner1'), { password: 'right' })
  expect((await wallet.load()).toJSON()).toEqual({ name: 'alice', hotkey: 'miner', path })
  expect(() => wallet.hotkey).toThrow(/not loaded/)
  await expect(wallet.unlockHotkey('wrong')).rejects.toMatchObject({ code: 'BAD_PASSWORD' })
  await expect(wallet.unlockHotkey()).rejects.toMatchObject({ code: 'MISSING_INPUT' })
  expect((await wallet.unlockHotkey('right')).address).toBe(dev('//Alice//miner1'))
  const other = new Wallet({
    name: 'alice',
    hotkey: 'miner',
    path,
    password: async () => ({ password: 'right', retry: false, origin: 'a vault' }),
  })
  expect((await other.unlockHotkey()).address).toBe(dev('//Alice//miner1'))
})

test('what is not there is said to be so', async () => {
  const wallet = await walletAt().load()
  expect(() => wallet.coldkeypub).toThrow(/coldkeypub/)
  expect(() => wallet.coldkey).toThrow(/coldkey of wallet/)
  await expect(wallet.hotkeyFile.isEncrypted()).rejects.toMatchObject({ code: 'WALLET_NOT_FOUND' })
})
