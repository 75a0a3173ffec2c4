import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ConfigOptions, config } from '../../../src/index.js'
import { tempFolder } from '../../support/tempFolder.js'

const read = (options: ConfigOptions = {}) => config({ args: [], env: {}, ...options })

test('the defaults of bittensor 5.3.1', async () => {
  const settings = await read()
  expect(settings.wallet).toEqual({
    name: 'default',
    hotkey: 'default',
    path: '~/.bittensor/wallets/',
  })
  expect(settings.subtensor).toEqual({ network: undefined, endpoint: undefined })
  expect(settings.group('axon')).toEqual({ port: 8091, ip: '0.0.0.0' })
  expect(settings.isSet('wallet.name')).toBe(false)
  expect(settings.get('no.such')).toBeUndefined()
})

test('the command line counts before the file, that before the environment', async () => {
  const file = join(tempFolder(), 'config.yml')
  writeFileSync(file, 'wallet:\n  name: from-file\n  hotkey: from-file\nneuron.epochs: 7\n')
  const settings = await read({
    args: ['--config', file, '--wallet.name', 'typed', '--logging.debug'],
    env: { BT_WALLET_NAME: 'env', BT_WALLET_HOTKEY: 'env', BT_WALLET_PATH: '/w' },
    options: { 'neuron.epochs': { type: 'number', default: 3 } },
  })
  expect(settings.wallet).toEqual({ name: 'typed', hotkey: 'from-file', path: '/w' })
  expect(settings.get('neuron.epochs')).toBe(7)
  expect(settings.logging).toMatchObject({ debug: true, recordLog: false })
  expect(settings.isSet('wallet.path')).toBe(true)
  expect(settings.toJSON()).toMatchObject({ wallet: { name: 'typed' }, neuron: { epochs: 7 } })
  expect(`${settings}`).toContain('wallet:\n  name: "typed"\n')
})

test('the other one counts when two are merged', async () => {
  const one = await read({ args: ['--wallet.name', 'a', '--axon.port', '1'] })
  const other = await read({ args: ['--wallet.name', 'b'] })
  expect(one.merge(other).wallet.name).toBe('b')
})

describe('what is refused', () => {
  test.each([
    ['a word for a number', ['--axon.port', 'many'], /number/],
    ['a word for a switch', [], /true or false/],
    ['a file that is not there', ['--config', '/no/such.yml'], /cannot read/],
  ])('%s', async (_, args, reason) => {
    const env = { BT_LOGGING_DEBUG: args.length === 0 ? 'perhaps' : '' }
    await expect(read({ args, env })).rejects.toThrow(reason)
  })

  test('unknown options, if strict', async () => {
    await expect(read({ args: ['--other', 'x'] })).resolves.toBeDefined()
    await expect(read({ args: ['--other', 'x', '--strict'] })).rejects.toThrow(/--other/)
    await expect(read({ args: ['--other', 'x'], strict: true })).rejects.toThrow(/--other/)
  })
})
