/** Signed transactions, byte for byte what @polkadot/types makes of the same parts. */
import { TypeRegistry } from '@polkadot/types'
import { Metadata } from '@polkadot/types/metadata'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildCall, stakeCall, transferCall, unstakeCall } from '../../../src/core/chain/calls.js'
import { encodeEra, mortalEra } from '../../../src/core/chain/era.js'
import {
  extrinsicHash,
  type SigningContext,
  signedExtrinsic,
  signingPayload,
} from '../../../src/core/chain/extrinsic.js'
import type { ChainClient, Hex } from '../../../src/core/chain/types.js'
import { fromHex, toHex } from '../../../src/core/keys/hex.js'
import { type Keypair, keypairFromUri } from '../../../src/core/keys/keypair.js'
import { rao } from '../../../src/core/units.js'
import { metadataHex, recordedChain } from './recordedChain.js'

const RUNTIMES = [
  { spec: '103', metadata: 'spec-103.v14' },
  { spec: '143', metadata: 'spec-143.v14' },
  { spec: '218', metadata: 'spec-218.v14', v15: 'spec-218.v15' },
  { spec: '343', metadata: 'spec-343.v14', v15: 'spec-343.v15' },
] as const

let alice: Keypair
let ed: Keypair
beforeAll(async () => {
  alice = await keypairFromUri('//Alice')
  ed = await keypairFromUri('//Alice', { cryptoType: 'ed25519' })
})

describe.each(RUNTIMES)('spec $spec', (runtime) => {
  let client: ChainClient
  let registry: TypeRegistry

  beforeAll(async () => {
    client = await recordedChain(runtime).connect()
    registry = new TypeRegistry()
    const metadata = new Metadata(registry, metadataHex(runtime.metadata))
    const empty = { extrinsic: {}, payload: {} }
    registry.setMetadata(metadata, undefined, {
      SubtensorSignedExtension: empty,
      CommitmentsSignedExtension: empty,
      SubtensorTransactionExtension: empty,
      DrandPriority: empty,
    })
  })

  test('payload and transaction agree with @polkadot/types', () => {
    fc.assert(
      fc.property(
        fc.nat(5_000_000),
        fc.constantFrom(4, 8, 64, 128, 4096, 65_536),
        fc.nat(100_000),
        fc.bigInt({ min: 0n, max: 2n ** 62n }),
        fc.nat(600),
        fc.boolean(),
        (block, period, nonce, tip, remark, vouch) => {
          const call = buildCall(client, 'System', 'remark', { remark: new Uint8Array(remark) })
          const era = mortalEra(block, period)
          const context: SigningContext = {
            runtime: client.runtime,
            genesisHash: client.genesisHash,
            era,
            eraHash: `0x${'33'.repeat(32)}`,
            nonce,
            tip,
            ...(vouch ? { metadataHash: `0x${'44'.repeat(32)}` as Hex } : {}),
          }
          const theirs = registry.createType(
            'ExtrinsicPayload',
            {
              method: call.data,
              era: registry.createType('ExtrinsicEra', { current: block, period }).toHex(),
              nonce,
              tip,
              specVersion: client.specVersion,
              transactionVersion: client.transactionVersion,
              genesisHash: client.genesisHash,
              blockHash: context.eraHash,
              mode: vouch ? 1 : 0,
              metadataHash: context.metadataHash ?? null,
            },
            { version: 4 },
          )
          const message = theirs.toU8a({ method: true })
          const expected = message.length > 256 ? registry.hash(message) : message
          const payload = signingPayload(call.data, context)
          expect(toHex(payload)).toBe(toHex(expected))

          const signature = new Uint8Array(64).fill((nonce % 255) + 1)
          const bytes = signedExtrinsic(call.data, context, alice, signature)
          const read = registry.createType('Extrinsic', bytes)
          expect(read.signer.toString()).toBe(alice.address)
          expect(read.nonce.toNumber()).toBe(nonce)
          expect(read.tip.toBigInt()).toBe(tip)
          expect(read.method.toHex()).toBe(call.data)
          expect(read.era.asMortalEra.birth(block)).toBe(era.birth)
          expect(read.hash.toHex()).toBe(extrinsicHash(bytes))
          expect(read.toHex()).toBe(toHex(bytes))
        },
      ),
      { numRuns: 25 },
    )
  })

  test('calls agree with @polkadot/types', () => {
    const { dest, hotkey } = { dest: alice.address, hotkey: alice.address }
    const amount = rao(1_001_000_000n)
    const netuid = client.era === 'dtao' ? 3 : undefined
    const calls = [
      transferCall(client, { dest, amount }),
      transferCall(client, { dest: toHex(alice.publicKey), amount, keepAlive: true }),
      stakeCall(client, { hotkey, amount, netuid }),
      unstakeCall(client, { hotkey, amount, netuid }),
      buildCall(client, 'SubtensorModule', 'register', {
        netuid: 3,
        block_number: 123_456,
        nonce: 2n ** 63n,
        work: new Uint8Array(32).fill(0x10),
        hotkey,
        coldkey: dest,
      }),
      buildCall(client, 'Sudo', 'sudo', { call: transferCall(client, { dest, amount }) }),
    ]
    for (const call of calls) {
      const theirs = registry.createType('Call', fromHex(call.data)!) as unknown as {
        section: string
        method: string
        toHex(): Hex
        toHuman(): unknown
      }
      expect(theirs.toHex()).toBe(call.data)
      expect(theirs.section.toLowerCase()).toBe(call.pallet.toLowerCase())
      expect(theirs.method.toLowerCase()).toBe(call.name.replaceAll('_', '').toLowerCase())
    }
    expect(calls[2]?.args).toEqual({
      hotkey,
      ...(netuid === undefined ? {} : { netuid }),
      amount_staked: 1_001_000_000n,
    })
    expect(calls[4]?.args['work']).toBe(`0x${'10'.repeat(32)}`)
    expect(calls[5]?.args['call']).toMatchObject({ pallet: 'Balances', args: { dest } })
  })

  test('an ed25519 signature is marked as one', () => {
    const call = transferCall(client, { dest: alice.address, amount: rao(1n) })
    const context: SigningContext = {
      runtime: client.runtime,
      genesisHash: client.genesisHash,
      era: 'immortal',
      eraHash: client.genesisHash,
      nonce: 0,
      tip: 0n,
    }
    const bytes = signedExtrinsic(call.data, context, ed, new Uint8Array(64).fill(9))
    const read = registry.createType('Extrinsic', bytes)
    expect(read.era.isImmortalEra).toBe(true)
    expect(read.signature.toHex()).toBe(toHex(new Uint8Array(64).fill(9)))
    expect(read.signer.toString()).toBe(ed.address)
  })
})

describe('eras', () => {
  test('last from birth to death, both included', () => {
    expect(mortalEra(1000, 64)).toEqual({ period: 64, birth: 1000, death: 1063 })
    expect(mortalEra(1000, 50)).toEqual({ period: 64, birth: 1000, death: 1063 })
    expect(mortalEra(0, 1)).toEqual({ period: 4, birth: 0, death: 3 })
    expect(toHex(encodeEra('immortal'))).toBe('0x00')
    // 20000 mod 32768, as in the example of the substrate sources.
    expect(toHex(encodeEra(mortalEra(20_000, 32_768)))).toBe('0x4e9c')
    expect(toHex(encodeEra(mortalEra(42, 64)))).toBe('0xa502')
  })
})

describe('calls that a chain does not have', () => {
  test('name the version and another way', async () => {
    const classic = await recordedChain(RUNTIMES[1]).connect()
    expect(() =>
      buildCall(classic, 'SubtensorModule', 'join_senate', { hotkey: alice.address }),
    ).toThrowError(
      expect.objectContaining({
        code: 'RUNTIME_UNSUPPORTED',
        message: 'this chain (spec 143) has no call SubtensorModule.join_senate',
        hint: expect.stringContaining('root'),
      }),
    )
    expect(() => stakeCall(classic, { hotkey: alice.address, amount: 1n, netuid: 1 })).toThrowError(
      /stake on this chain \(spec 143\) belongs to no subnet/,
    )
    expect(() => buildCall(classic, 'SubtensorModule', 'add_stake', { hotkey: 1 })).toThrowError(
      /needs amount_staked/,
    )
    expect(() =>
      buildCall(classic, 'SubtensorModule', 'add_stake', {
        hotkey: alice.address,
        amount_staked: 1n,
        netuid: 1,
      }),
    ).toThrowError(/takes no netuid/)
    const dtao = await recordedChain(RUNTIMES[2]).connect()
    expect(() => stakeCall(dtao, { hotkey: alice.address, amount: 1n })).toThrowError(
      expect.objectContaining({ code: 'MISSING_INPUT' }),
    )
  })

  test('values that do not fit say which argument', async () => {
    const classic = await recordedChain(RUNTIMES[1]).connect()
    const args = { dest: `${alice.address.slice(0, -1)}x`, amount: rao(1n) }
    expect(() => transferCall(classic, args)).toThrowError(
      expect.objectContaining({ code: 'BAD_ADDRESS' }),
    )
    expect(() =>
      buildCall(classic, 'SubtensorModule', 'burned_register', {
        netuid: 70_000,
        hotkey: alice.address,
      }),
    ).toThrowError('argument burned_register.netuid is 70000')
  })
})
