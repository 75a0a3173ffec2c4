import { describe, expect, it } from 'vitest'
import { checkKeyName, checkNewKeyName } from '../../../src/core/wallet/names.js'
import { openWallet } from '../../../src/core/wallet/wallet.js'

describe('names of wallets and hotkeys', () => {
  it.each([
    '',
    '  ',
    '.',
    '..',
    '../up',
    'a/b',
    'a\\b',
    '/etc',
    'a\0b',
    'a\nb',
    '\u001b[31mred',
    '-rf',
    '--all',
    'evil\u202egnp',
    'x'.repeat(300),
  ])('refuse %j before anything is read', (name) => {
    const expected = expect.objectContaining({ code: 'USAGE' })
    expect(() => checkKeyName('wallet', name)).toThrow(expected)
    expect(() => openWallet({ root: '/w', name })).toThrow(expected)
    expect(() => openWallet({ root: '/w', name: 'ok', hotkey: name })).toThrow(expected)
  })

  it.each(['default', 'my.wallet', 'with space', 'ünï', 'miner-1', 'a..b', '5', 'α', 'a_b'])(
    'accept %j',
    (name) => {
      expect(() => checkNewKeyName('wallet', name)).not.toThrow()
      expect(() => checkNewKeyName('hotkey', name)).not.toThrow()
    },
  )

  it('of new keys are neither hidden nor those of public files', () => {
    expect(() => checkNewKeyName('wallet', '.trash')).toThrow('hidden')
    expect(() => checkNewKeyName('hotkey', 'xpub.txt')).toThrow('public files')
    expect(() => checkNewKeyName('wallet', 'xpub.txt')).not.toThrow()
    expect(() => checkKeyName('wallet', '.trash')).not.toThrow()
  })

  it.each([
    ['a|b', 'it has `|`'],
    ['$HOME', 'it has `$`'],
    ['a,b', 'it has `,`'],
    ['@exchange', 'it has `@`'],
    ["it's", "it has `'`"],
    ['rocket🚀', 'it has `🚀`'],
    [' padded', 'starts or ends with a space'],
    ['x'.repeat(65), 'more than 64 characters'],
  ])('that no key has yet cannot be %j', (name, why) => {
    for (const kind of ['wallet', 'hotkey'] as const) {
      expect(() => checkNewKeyName(kind, name)).toThrow(why)
      expect(() => checkNewKeyName(kind, name, { exists: true })).not.toThrow()
      expect(() => checkKeyName(kind, name)).not.toThrow()
    }
  })

  it('of new hotkeys are no addresses', () => {
    const address = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
    expect(() => checkNewKeyName('hotkey', address)).toThrow('it is an address')
    expect(() => checkNewKeyName('hotkey', `0x${'ab'.repeat(32)}`)).toThrow('it is an address')
    expect(() => checkNewKeyName('wallet', address)).not.toThrow()
  })

  it('do not send control characters to the terminal in messages', () => {
    expect(() => checkKeyName('wallet', '\u001b[31mred')).toThrow('`\ufffd[31mred`')
  })
})
