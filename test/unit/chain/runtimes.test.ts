/** Old blocks are read with their own metadata, and an upgrade is noticed before anything is signed. */
import { describe, expect, test } from 'vitest'
import { buildCall, transferCall } from '../../../src/core/chain/calls.js'
import { RpcError } from '../../../src/core/chain/rpc.js'
import { signTransaction } from '../../../src/core/chain/sign.js'
import type { Hex } from '../../../src/core/chain/types.js'
import { keypairFromUri } from '../../../src/core/keys/keypair.js'
import { rao } from '../../../src/core/units.js'
import { metadataHex, type RecordedChain, recordedChain, versionOf } from './recordedChain.js'

const hashOf = (number: number) => `0x${number.toString(16).padStart(64, '0')}` as Hex
const numberOf = (hash: unknown) => Number.parseInt(String(hash).slice(-8), 16)

/** A chain whose runtime was spec 103 up to block 49 and is spec 143 since; the upgrade happened in block 49. */
function upgraded(): RecordedChain {
  const chain = recordedChain({ spec: '143', metadata: 'spec-143.v14' })
  const specAt = (hash: unknown) => (hash !== undefined && numberOf(hash) < 49 ? '103' : '143')
  const { answers } = chain
  answers['chain_getBlockHash'] = ([number]) => hashOf(number === undefined ? 100 : Number(number))
  answers['chain_getHeader'] = ([hash]) => {
    const number = numberOf(hash ?? hashOf(100))
    const logs = number === 49 ? ['0x08'] : []
    if (number > 100) return null
    return { number: `0x${number.toString(16)}`, parentHash: hashOf(number - 1), digest: { logs } }
  }
  answers['state_getRuntimeVersion'] = ([hash]) => versionOf(specAt(hash))
  answers['state_getMetadata'] = ([hash]) => metadataHex(`spec-${specAt(hash)}.v14`)
  return chain
}

describe('a block of an older runtime', () => {
  test('is read with the metadata of that runtime, fetched once', async () => {
    const chain = upgraded()
    const client = await chain.connect()
    const old = await client.at(20)
    expect(old.specVersion).toBe(103)
    expect(old.hasStorage('SubtensorModule', 'ValidatorSequenceLength')).toBe(true)
    expect(await old.read('SubtensorModule', 'ValidatorSequenceLength', 3)).toBe(256)
    expect(old.hasRuntimeApi('DelegateInfoRuntimeApi', 'get_delegates')).toBe(true)
    await client.at(21)
    await client.at(hashOf(22))
    expect(chain.requests.filter((one) => one === 'state_getMetadata')).toHaveLength(2)
    expect(client.specVersion).toBe(143)
  })

  test('the block of the upgrade still has the storage of the old one', async () => {
    const client = await upgraded().connect()
    expect((await client.at(49)).specVersion).toBe(103)
    expect((await client.at(50)).specVersion).toBe(143)
    expect((await client.at()).specVersion).toBe(143)
  })

  test('that the node has forgotten points to what keeps it', async () => {
    const chain = upgraded()
    const client = await chain.connect()
    chain.answers['state_getRuntimeVersion'] = () => {
      throw new RpcError(4003, 'Client error: UnknownBlock: State already discarded for 0x01')
    }
    await expect(client.at(20)).rejects.toMatchObject({
      code: 'CONNECTION',
      message: 'in-process no longer keeps the state of this block',
      hint: expect.stringContaining('when it is started without --history'),
    })
  })
})

describe('an upgrade between preview and signature', () => {
  async function beforeUpgrade() {
    const chain = recordedChain({ spec: '143', metadata: 'spec-143.v14' })
    chain.answers['system_accountNextIndex'] = () => 4
    chain.answers['chain_getFinalizedHead'] = () => `0x${'11'.repeat(32)}`
    const client = await chain.connect()
    const upgrade = (spec: string) => {
      chain.answers['state_getRuntimeVersion'] = () => versionOf(spec)
      chain.answers['state_getMetadata'] = () => metadataHex(`spec-${spec}.v14`)
    }
    return { client, upgrade, signer: await keypairFromUri('//Alice') }
  }

  test('that leaves the call as it was only changes what is signed', async () => {
    const { client, upgrade, signer } = await beforeUpgrade()
    const call = buildCall(client, 'System', 'remark', { remark: '0x01' })
    const before = await signTransaction(client, { call, signer })
    upgrade('103')
    const after = await signTransaction(client, { call, signer })
    expect([before.specVersion, after.specVersion]).toEqual([143, 103])
    expect(client.specVersion).toBe(103)
    expect(after.nonce).toBe(4)
  })

  test('that changes the call stops before signing', async () => {
    const { client, upgrade, signer } = await beforeUpgrade()
    const call = buildCall(client, 'SubtensorModule', 'burned_register', {
      netuid: 1,
      hotkey: signer.address,
    })
    upgrade('103')
    await expect(signTransaction(client, { call, signer })).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: expect.stringContaining('upgraded to spec 103'),
      details: 'nothing was sent',
    })
  })

  test('that removes the call says that it is gone', async () => {
    const { client, upgrade, signer } = await beforeUpgrade()
    const call = buildCall(client, 'SubtensorModule', 'root_register', { hotkey: signer.address })
    upgrade('103')
    await expect(signTransaction(client, { call, signer })).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: expect.stringContaining('upgraded to spec 103'),
      details: 'this chain (spec 103) has no call SubtensorModule.root_register\nnothing was sent',
    })
  })

  test('transactions of the same call differ in their hash', async () => {
    const { client, signer } = await beforeUpgrade()
    const call = transferCall(client, { dest: signer.address, amount: rao(1n) })
    const one = await signTransaction(client, { call, signer, nonce: 1 })
    const two = await signTransaction(client, { call, signer, nonce: 2 })
    expect(one.hash).not.toBe(two.hash)
    expect(one.era).toEqual({ period: 64, birth: 100, death: 163 })
  })
})

describe('signing', () => {
  test.each([
    { spec: '103', metadata: 'spec-103.v14' },
    { spec: '143', metadata: 'spec-143.v14' },
    { spec: '218', metadata: 'spec-218.v14', v15: 'spec-218.v15' },
    { spec: '343', metadata: 'spec-343.v14', v15: 'spec-343.v15' },
  ])('spec $spec: asks the node for nonce, version and blocks only', async (runtime) => {
    const chain = recordedChain(runtime)
    chain.answers['system_accountNextIndex'] = () => 70
    chain.answers['chain_getFinalizedHead'] = () => `0x${'11'.repeat(32)}`
    const client = await chain.connect()
    const signer = await keypairFromUri('//Alice')
    const call = transferCall(client, { dest: signer.address, amount: rao(1_001_000_000n) })
    chain.requests.length = 0
    const signed = await signTransaction(client, { call, signer, tip: rao(5n) })
    expect(signed).toMatchObject({ nonce: 70, specVersion: Number(runtime.spec) })
    expect(signed.bytes).toContain(call.data.slice(2))
    const allowed = [
      'state_getRuntimeVersion',
      'system_accountNextIndex',
      'chain_getHeader',
      'chain_getFinalizedHead',
      // Without a folder for the cache the encoder fetches the metadata once more.
      runtime.v15 === undefined ? 'state_getMetadata' : 'state_call',
    ]
    expect([...new Set(chain.requests)].sort()).toEqual(allowed.sort())
  })
})

describe('storage', () => {
  test('is asked once per view and key, again after a failure', async () => {
    const chain = recordedChain({ spec: '143', metadata: 'spec-143.v14' })
    chain.set('SubtensorModule', 'TotalIssuance', [], 7)
    const view = await (await chain.connect()).at()
    const query = chain.answers['state_queryStorageAt']!
    chain.answers['state_queryStorageAt'] = () => {
      throw new RpcError(-32000, 'busy')
    }
    await expect(view.read('SubtensorModule', 'TotalIssuance')).rejects.toMatchObject({
      code: 'CONNECTION',
      details: '-32000: busy',
    })
    chain.answers['state_queryStorageAt'] = query
    chain.requests.length = 0
    expect(await view.read('SubtensorModule', 'TotalIssuance')).toBe(7n)
    expect(await view.read('SubtensorModule', 'TotalIssuance')).toBe(7n)
    expect(chain.requests).toEqual(['state_queryStorageAt'])
  })

  test('is read key by key from a node that knows no other way', async () => {
    const chain = recordedChain({ spec: '143', metadata: 'spec-143.v14' })
    chain.set('SubtensorModule', 'TotalIssuance', [], 7)
    delete chain.answers['state_queryStorageAt']
    chain.answers['state_getStorage'] = ([key]) => chain.storage.get(String(key)) ?? null
    const view = await (await chain.connect()).at()
    expect(
      await Promise.all([
        view.read('SubtensorModule', 'TotalIssuance'),
        view.read('SubtensorModule', 'TotalStake'),
        view.readStored('SubtensorModule', 'TotalStake'),
      ]),
    ).toEqual([7n, 0n, undefined])
  })
})
