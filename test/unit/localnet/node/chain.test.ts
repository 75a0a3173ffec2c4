import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { genesisSpec } from '../../../../src/localnet/genesis/presets.js'
import { compactBytes, concat } from '../../../../src/localnet/node/bytes.js'
import { openChain } from '../../../../src/localnet/node/chain/open.js'
import { createEngines } from '../../../../src/localnet/node/engine.js'
import { signingPayload } from '../../../../src/localnet/node/extrinsic/codec.js'
import { fundAccount } from '../../../../src/localnet/node/fund.js'
import { CLASSIC_EXTENSIONS } from '../../../../src/localnet/node/metadata/extensions.js'
import { Node } from '../../../../src/localnet/node/node.js'
import type { Status } from '../../../../src/localnet/node/pool/pool.js'
import { openChainStore } from '../../../../src/localnet/node/store/chainStore.js'
import { type KeyValue, memoryKeyValue } from '../../../../src/localnet/node/store/keyValue.js'
import type { Call } from '../../../../src/localnet/runtime/pallet.js'
import { createRuntime, type Runtime } from '../../../../src/localnet/runtime/runtime.js'

beforeAll(() => cryptoWaitReady())

async function node(
  options: { kv?: KeyValue; runtime?: Runtime; blocks?: 'instant' | 'manual' } = {},
) {
  const { kv = memoryKeyValue(), runtime = createRuntime(), blocks = 'manual' } = options
  const faults: unknown[] = []
  const onFault = (error: unknown) => void faults.push(error)
  const store = await openChainStore(kv)
  const base = {
    engines: createEngines(() => runtime),
    store,
    finalityLag: 0,
    now: () => 0,
    onFault,
  }
  const fill: Parameters<typeof openChain>[1]['fill'] = (state) =>
    runtime.genesis(state, genesisSpec('empty'))
  const chain = await openChain(base, { profile: 'classic', name: 'empty', fill })
  const made = new Node({ chain, blocks, now: () => 0, softwareVersion: '0', onFault })
  return { node: made, chain, faults }
}

/** An immortal transaction of Alice. */
function sign(made: Node, call: Call, nonce: number): Uint8Array {
  const pair = new Keyring({ type: 'sr25519' }).addFromUri('//Alice')
  const callBytes = made.runtime.callType.codec.enc(call)
  const extra = concat(Uint8Array.of(0), compactBytes(nonce), Uint8Array.of(0))
  const { genesisHash } = made.chain
  const context = { specVersion: 143, transactionVersion: 1, genesisHash, eraHash: genesisHash }
  const payload = signingPayload(callBytes, extra, CLASSIC_EXTENSIONS, context)
  const signature = concat(Uint8Array.of(1), pair.sign(payload))
  const body = concat(Uint8Array.of(0x84, 0), pair.publicKey, signature, extra, callBytes)
  return concat(compactBytes(body.length), body)
}

const remark = (text: string): Call => ({
  pallet: 'System',
  name: 'remark',
  args: { remark: new TextEncoder().encode(text) },
})

test('a block that cannot be written is told to nobody until it can', async () => {
  const inner = memoryKeyValue()
  let broken = false
  const kv: KeyValue = {
    ...inner,
    flush: () => (broken ? Promise.reject(new Error('disk full')) : inner.flush()),
  }
  const { node: made, chain } = await node({ kv })
  const heads: number[] = []
  chain.onBlock(({ block }) => heads.push(block.header.number))
  const statuses: Status[] = []
  await made.submit(sign(made, remark('x'), 0), (status) => statuses.push(status))
  broken = true
  await expect(made.advance(2)).rejects.toThrow('disk full')
  expect(chain.head.number).toBe(0)
  expect(chain.hashOf(1)).toBeUndefined()
  expect([heads, statuses]).toEqual([[], ['ready']])
  broken = false
  await made.advance(1)
  expect(chain.head.number).toBe(3)
  expect(heads).toEqual([1, 2, 3])
  expect(statuses).toEqual(['ready', { inBlock: chain.hashOf(1) }])
  await made.stop()
})

describe('a call that makes the runtime itself fail', () => {
  const failing = (): Runtime => {
    const runtime = createRuntime()
    const applyExtrinsic: Runtime['applyExtrinsic'] = (state, transaction) => {
      const applied = runtime.applyExtrinsic(state, transaction)
      if (transaction.length > 200) throw new TypeError('a bug')
      return applied
    }
    return { ...runtime, applyExtrinsic }
  }

  test.each(['manual', 'instant'] as const)(
    'costs its transaction, not the chain (%s)',
    async (blocks) => {
      const { node: made, chain, faults } = await node({ runtime: failing(), blocks })
      const bad: Status[] = []
      const good: Status[] = []
      await made.submit(sign(made, remark('y'.repeat(200)), 0), (status) => bad.push(status))
      if (blocks === 'manual') await made.advance(1)
      await expect.poll(() => bad).toEqual(['ready', 'invalid'])
      await made.submit(sign(made, remark('fine'), 0), (status) => good.push(status))
      if (blocks === 'manual') await made.advance(1)
      await expect.poll(() => good.length).toBeGreaterThan(1)
      expect(good.slice(0, 2)).toEqual(['ready', { inBlock: chain.head.hash }])
      expect(faults).toEqual([new TypeError('a bug')])
      const block = chain.find(chain.head.hash)
      expect(block?.extrinsics).toHaveLength(2)
      expect(
        made.nonceAt(
          '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d',
          chain.head.number,
        ),
      ).toBe(1)
      await made.stop()
    },
  )
})

test('the same actions at the same times make the same blocks', async () => {
  const alice = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d'
  const heads = []
  for (const amount of [500n, 500n, 501n]) {
    const { node: made, chain } = await node()
    await made.advance(3)
    await fundAccount(made, alice, amount)
    await made.advance(2)
    heads.push(chain.head)
    await made.stop()
  }
  expect(heads[0]).toEqual(heads[1])
  expect(heads[0]?.hash).not.toBe(heads[2]?.hash)
})
