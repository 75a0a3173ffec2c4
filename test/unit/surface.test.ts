/** What the package exports: a change here is a change for everybody who uses it. */
import { expect, expectTypeOf, test } from 'vitest'
import * as bt from '../../src/index.js'

test('the names of the package', () => {
  expect(Object.keys(bt).sort()).toMatchSnapshot()
})

test('amounts of TAO and alpha are different types', () => {
  expectTypeOf<bt.AlphaRao>().not.toExtend<bt.Rao>()
  expectTypeOf<bt.Rao>().toExtend<bigint>()
  expectTypeOf<number>().not.toExtend<bt.Amount>()
  expectTypeOf<bt.Balance>().toExtend<bt.Amount>()
})

test('what reads and extrinsics give', () => {
  expectTypeOf<bt.Subtensor['getBalance']>().returns.resolves.toEqualTypeOf<bt.Balance>()
  expectTypeOf<bt.Subtensor['difficulty']>().returns.resolves.toEqualTypeOf<bigint | undefined>()
  expectTypeOf<bt.Subtensor['transfer']>().returns.resolves.toEqualTypeOf<bt.ExtrinsicResult>()
  expectTypeOf<bt.Subtensor['register']>().returns.resolves.toEqualTypeOf<bt.RegisterResult>()
  expectTypeOf<bt.Subtensor['blocks']>().returns.toExtend<AsyncIterable<bt.BlockRef>>()
  expectTypeOf<bt.ExtrinsicResult['ok']>().toEqualTypeOf<true>()
})

test('the columns of a metagraph', () => {
  expectTypeOf<bt.Metagraph['S']>().toExtend<Float64Array>()
  expectTypeOf<bt.Metagraph['stake']>().toExtend<BigUint64Array>()
  expectTypeOf<bt.Metagraph['I']>().toExtend<Float32Array>()
  expectTypeOf<bt.Metagraph['B']>().toExtend<Uint16Array>()
  expectTypeOf<bt.Metagraph['axons'][number]>().toExtend<bt.AxonTarget>()
})

test('a wallet is what axons and dendrites take', () => {
  expectTypeOf<bt.Wallet>().toExtend<bt.HotkeyWallet>()
  expectTypeOf<bt.Wallet>().toExtend<bt.SigningWallet>()
  expectTypeOf<bt.Subtensor>().toExtend<bt.AxonPublisher>()
  expectTypeOf<bt.Keypair>().toExtend<bt.Signer>()
})
