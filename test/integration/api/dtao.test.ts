/** The API on a dTAO runtime: stake belongs to subnets, and alpha is no TAO. */
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { Balance, Subtensor, Wallet } from '../../../src/index.js'
import { Localnet } from '../../../src/localnet/index.js'
import { dev } from '../../support/devAccounts.js'
import { devHome } from '../../support/localnet.js'

let wallet: Wallet
beforeAll(async () => {
  const home = await devHome({
    alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } },
  })
  wallet = new Wallet({ name: 'alice', hotkey: 'validator', path: `${home}/.bittensor/wallets` })
})

test('staking takes TAO and gives alpha, unstaking the other way round', async () => {
  const localnet = await Localnet.start({ profile: 'dtao', blocks: 'instant' })
  onTestFinished(() => localnet.stop())
  const subtensor = await Subtensor.connect({ provider: localnet.provider(), cacheDir: null })
  onTestFinished(() => subtensor.close())
  expect(subtensor.client.era).toBe('dtao')
  const options = { wallet, netuid: 1, tolerance: 0.5 }
  const alpha = async () => {
    const positions = await subtensor.getStakeInfoForColdkey(dev('//Alice'))
    const hotkey = dev('//Alice//validator')
    return positions.find((one) => one.netuid === 1 && one.hotkey === hotkey)?.alpha
  }
  const before = (await alpha()) ?? Balance.fromRao(0n, { netuid: 1 })
  await subtensor.addStake({ ...options, amount: '10' })
  const held = await alpha()
  expect(held?.netuid).toBe(1)
  expect(held && held > before).toBe(true)
  // TAO is not alpha, and alpha of one subnet is not that of another.
  await expect(
    subtensor.unstake({ ...options, amount: Balance.fromTao('1') }),
  ).rejects.toMatchObject({ code: 'USAGE' })
  await expect(
    subtensor.unstake({ ...options, amount: Balance.fromTao('1', { netuid: 2 }) }),
  ).rejects.toMatchObject({ code: 'USAGE' })
  await subtensor.unstake({ ...options, amount: Balance.fromTao('1', { netuid: 1 }) })
  expect((await alpha())?.rao).toBe((held?.rao ?? 0n) - 1_000_000_000n)
  await expect(subtensor.addStake({ wallet, amount: '1' })).rejects.toMatchObject({
    code: 'MISSING_INPUT',
  })
})
