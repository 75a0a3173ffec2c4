import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { expect, onTestFinished, test } from 'vitest'
import { Localnet, type LocalnetOptions } from '../../../../src/localnet/index.js'
import { storageKey } from '../../../../src/localnet/runtime/storageKey.js'
import { S } from '../../../../src/localnet/runtime/subtensor/storage.js'
import { NOBODY, signTransfer } from '../../../support/signed.js'
import { openSocket } from '../../../support/socket.js'
import { tempFolder } from '../../../support/tempFolder.js'

async function start(options: LocalnetOptions = {}): Promise<Localnet> {
  const chain = await Localnet.start({ blocks: 'manual', now: () => 0, ...options })
  onTestFinished(() => chain.stop())
  return chain
}

const read = (chain: Localnet, key: string) =>
  chain.request<string>('state_getStorage', [`0x${key}`])

test('hyperparameters are set by the name of the storage or of clients, in a block of their own', async () => {
  const chain = await start()
  await chain.setHyperparameter(1, 'tempo', 77)
  expect(await read(chain, storageKey(S.Tempo, 1))).toBe('0x4d00')
  await chain.setHyperparameter(1, 'MinBurn', 5)
  await chain.setHyperparameter(1, 'max_regs_per_block', 9)
  await chain.setHyperparameter(1, 'registration_allowed', false)
  await chain.setHyperparameter(undefined, 'TxRateLimit', 12n)
  expect(await read(chain, storageKey(S.MinBurn, 1))).toBe('0x0500000000000000')
  expect(await read(chain, storageKey(S.MaxRegistrationsPerBlock, 1))).toBe('0x0900')
  expect(await read(chain, storageKey(S.NetworkRegistrationAllowed, 1))).toBe('0x00')
  expect(await read(chain, storageKey(S.TxRateLimit))).toBe('0x0c00000000000000')
  expect(chain.head.number).toBe(5)
  const set = ['dev_setHyperparameter', [3, 'tempo', '41']] as const
  expect(await chain.request(...set)).toBe(chain.head.hash)
  expect(await read(chain, storageKey(S.Tempo, 3))).toBe('0x2900')
})

test.each([
  [1, 'tempo', 65_536, 'Tempo is a whole number of 16 bits'],
  [1, 'tempo', -1, 'Tempo is a whole number of 16 bits'],
  [1, 'tempo', 1.5, 'Tempo is a whole number of 16 bits'],
  [1, 'tempo', true, 'Tempo is a whole number of 16 bits'],
  [1, 'registration_allowed', 1, 'NetworkRegistrationAllowed is true or false'],
  [1, 'TxRateLimit', 1, 'a subnet of this runtime has no hyperparameter TxRateLimit'],
  [undefined, 'Tempo', 1, 'a chain of this runtime has no hyperparameter Tempo'],
  [1, 'Keys', 1, 'a subnet of this runtime has no hyperparameter Keys'],
])('hyperparameter %s %s cannot be %s', async (netuid, name, value, message) => {
  const chain = await start({ genesis: 'empty' })
  await expect(chain.setHyperparameter(netuid, name, value)).rejects.toMatchObject({
    code: 'USAGE',
    message,
  })
  expect(chain.head.number).toBe(0)
})

test.each(['memory', 'directory'])(
  'a snapshot in %s is restored, again and again',
  async (kind) => {
    const directory = tempFolder()
    const chain = await start(kind === 'memory' ? {} : { directory })
    await chain.advance(3)
    const pairs = () => chain.request<[string, string][]>('state_getPairs', ['0x'])
    const before = await pairs()
    const snapshot = chain.snapshot()
    for (let round = 0; round < 2; round++) {
      await chain.fund(NOBODY, 5_000_000n)
      await chain.setHyperparameter(1, 'tempo', 3)
      await chain.advance(20)
      expect(await pairs()).not.toEqual(before)
      const gone = chain.head
      await chain.restore(snapshot)
      expect(chain.head).toEqual(snapshot)
      expect(chain.finalized).toEqual(snapshot)
      expect(await pairs()).toEqual(before)
      expect(await chain.request('chain_getBlock', [gone.hash])).toBeNull()
      expect(await chain.request('chain_getBlockHash', [gone.number])).toBeNull()
    }
    await chain.advance(1)
    if (kind === 'directory') {
      const { head } = chain
      await chain.stop()
      const again = await start({ directory })
      expect(again.head).toEqual(head)
      expect(await again.request('chain_getBlockHash', [snapshot.number])).toBe(snapshot.hash)
    }
  },
)

test('after a restore the same transaction can be sent again, and followers begin again', async () => {
  await cryptoWaitReady()
  const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice')
  const chain = await start({ genesis: 'empty', port: 0 })
  const client = await openSocket(chain.endpoint)
  onTestFinished(() => client.socket.close())
  const snapshot = await client.ask<string>('dev_snapshot')
  const tx = await signTransfer(chain, alice)
  await client.ask('chainHead_v1_follow', [false])
  for (let round = 0; round < 2; round++) {
    expect(await client.ask('author_submitExtrinsic', [tx])).toMatch(/^0x/)
    await chain.advance(1)
    expect(await client.ask('system_accountNextIndex', [alice.address])).toBe(1)
    expect(await client.ask('dev_restore', [snapshot])).toBe(0)
    expect(await client.ask('system_accountNextIndex', [alice.address])).toBe(0)
  }
  const events = await client.until('stop')
  expect(events[0]).toMatchObject({ event: 'initialized' })
})

test('a snapshot of blocks that are gone is refused', async () => {
  const chain = await start({ genesis: 'empty' })
  const start0 = chain.snapshot()
  await chain.advance(2)
  const later = chain.snapshot()
  await chain.restore(start0)
  await expect(chain.restore(later)).rejects.toMatchObject({
    code: 'LOCALNET',
    message: 'block 2 of the snapshot is no longer on the chain',
  })
})
