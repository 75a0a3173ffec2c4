/** Blocks and events as they come. */
import { expect, onTestFinished, test } from 'vitest'
import { keypairFromUri, Subtensor, Wallet } from '../../../src/index.js'
import { Localnet } from '../../../src/localnet/index.js'
import { roundGenesis } from '../../support/chain.js'
import { dev } from '../../support/devAccounts.js'
import { devHome } from '../../support/localnet.js'
import { startProxy } from '../chainProxy.js'

async function world(options: Parameters<typeof Localnet.start>[0] = {}) {
  const localnet = await Localnet.start({ blocks: 'manual', genesis: roundGenesis, ...options })
  onTestFinished(() => localnet.stop())
  const subtensor = await Subtensor.connect({ provider: localnet.provider(), cacheDir: null })
  onTestFinished(() => subtensor.close())
  return { localnet, subtensor }
}

test('blocks, each once, until the loop is left', async () => {
  const { localnet, subtensor } = await world()
  const seen: number[] = []
  for await (const { number, hash } of subtensor.blocks()) {
    expect(await subtensor.getBlockHash(number)).toBe(hash)
    seen.push(number)
    if (seen.length === 4) break
    await localnet.advance(2)
  }
  expect(seen).toEqual([0, 1, 2, 3])
})

test('finalized blocks lag behind and never repeat', async () => {
  const { localnet, subtensor } = await world({ finalityLag: 2 })
  const seen: number[] = []
  const blocks = subtensor.blocks({ of: 'finalized' })
  const first = blocks.next()
  await localnet.advance(6)
  seen.push((await first).value?.number ?? -1)
  for await (const { number } of blocks) {
    seen.push(number)
    if (number === 4) break
  }
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
  expect(seen.at(-1)).toBe(4)
  expect(localnet.head.number).toBe(6)
})

test('a signal ends the loop with a failure, closing the connection without one', async () => {
  const { localnet, subtensor } = await world()
  const controller = new AbortController()
  const follow = async (signal?: AbortSignal) => {
    const seen: number[] = []
    for await (const { number } of subtensor.blocks({ signal })) seen.push(number)
    return seen
  }
  const first = follow(controller.signal)
  const second = follow()
  await localnet.advance(1)
  controller.abort()
  await expect(first).rejects.toMatchObject({ code: 'INTERRUPTED' })
  await expect(follow(controller.signal)).rejects.toMatchObject({ code: 'INTERRUPTED' })
  await subtensor.close()
  expect(await second).toEqual([0, 1])
})

test('events of one kind, with their block', async () => {
  const { subtensor } = await world({ blocks: 'instant' })
  const home = await devHome({
    alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } },
  })
  const wallet = new Wallet({
    name: 'alice',
    hotkey: 'validator',
    path: `${home}/.bittensor/wallets`,
  })
  const found = (async () => {
    for await (const event of subtensor.events({ pallet: 'SubtensorModule', name: 'StakeAdded' })) {
      return event
    }
    return undefined
  })()
  await subtensor.transfer({ wallet, dest: dev('//One'), amount: '1' })
  const { blockHash } = await subtensor.addStake({ wallet, amount: '5' })
  expect(await found).toMatchObject({ block: { hash: blockHash }, pallet: 'SubtensorModule' })
})

test('a lost connection is opened again, and no block is missed', async () => {
  const localnet = await Localnet.start({ blocks: 'manual', port: 0, genesis: roundGenesis })
  onTestFinished(() => localnet.stop())
  const proxy = await startProxy(localnet.endpoint)
  onTestFinished(() => proxy.stop())
  const subtensor = await Subtensor.connect({ endpoint: proxy.endpoint, cacheDir: null })
  onTestFinished(() => subtensor.close())
  const seen: number[] = []
  for await (const { number } of subtensor.blocks()) {
    seen.push(number)
    if (number === 1) {
      proxy.shut()
      await localnet.advance(3)
      // Opened again, it begins with the block that the chain is at.
      proxy.open()
      continue
    }
    if (number === 5) break
    await localnet.advance(1)
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5])
})

test('registration by proof of work, beside other work of the same connection', async () => {
  const genesis = {
    ...roundGenesis,
    subnets: (roundGenesis.subnets ?? []).map((subnet) => ({
      ...subnet,
      settings: {
        ...subnet.settings,
        Difficulty: 1000n,
        NetworkPowRegistrationAllowed: true,
      },
    })),
  }
  const { subtensor } = await world({ blocks: 'instant', genesis })
  const home = await devHome({ bob: { uri: '//Bob', hotkeys: {} } })
  const wallet = new Wallet({ name: 'bob', hotkey: 'new', path: `${home}/.bittensor/wallets` })
  await wallet.setHotkey(await keypairFromUri('//Bob//new'))
  const events: string[] = []
  const [registered] = await Promise.all([
    subtensor.register({
      wallet,
      netuid: 1,
      wait: 'inclusion',
      pow: { processes: 1, onEvent: ({ kind }) => events.push(kind) },
    }),
    subtensor.getBalance(dev('//Bob')),
  ])
  expect(registered).toMatchObject({ uid: 4, alreadyRegistered: false })
  expect(registered.result?.ok).toBe(true)
  expect(events).toEqual(expect.arrayContaining(['challenge', 'found', 'submitting']))
  expect(await subtensor.getUidForHotkeyOnSubnet(await wallet.hotkeyAddress(), 1)).toBe(4)
})
