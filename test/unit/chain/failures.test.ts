/** Every refusal of every known runtime has a sentence of ours; wrapped calls do not hide theirs. */
import { describe, expect, test } from 'vitest'
import { explainDispatchError, failureIn } from '../../../src/core/chain/dispatchError.js'
import { explainPoolError, mayBeKnown } from '../../../src/core/chain/poolError.js'
import { explainRpcError, RpcError } from '../../../src/core/chain/rpc.js'
import type { ChainClient, ChainEvent, ChainValue } from '../../../src/core/chain/types.js'
import { descriptionOf } from './recordedChain.js'

const OURS = [
  'SubtensorModule',
  'Triumvirate',
  'TriumvirateMembers',
  'SenateMembers',
  'Balances',
  'Registry',
  'Commitments',
  'AdminUtils',
  'Sudo',
]

describe.each(['spec-103.v14', 'spec-143.v14', 'spec-218.v15', 'spec-343.v15'])('%s', (name) => {
  const description = descriptionOf(name)

  test('no error of a Bittensor pallet is without a sentence', () => {
    for (const pallet of OURS) {
      const found = description.pallets[pallet]
      for (const variant of Object.keys(found?.errors ?? {})) {
        const error = { index: found!.index, error: `0x0${Number(variant).toString(16)}000000` }
        const hex = `0x${Number(variant).toString(16).padStart(2, '0')}000000`
        const failure = explainDispatchError(description, {
          type: 'Module',
          value: { ...error, error: hex },
        })
        expect(failure).toMatchObject({ pallet, name: found!.errors[Number(variant)]!.name })
        expect(failure.docs).toMatch(/^[a-z]/)
        expect(failure.docs).not.toMatch(/\.$|no explanation/)
      }
    }
  })
})

describe('dispatch errors', () => {
  const description = descriptionOf('spec-143.v14')

  test('of the framework', () => {
    expect(explainDispatchError(description, { type: 'BadOrigin' })).toEqual({
      pallet: 'System',
      name: 'BadOrigin',
      docs: 'this key may not make the call',
      remedy: 'check --wallet.name and --wallet.hotkey',
      wrapper: undefined,
    })
    expect(
      explainDispatchError(description, { type: 'Token', value: { type: 'BelowMinimum' } }),
    ).toMatchObject({ pallet: 'Token', name: 'BelowMinimum', remedy: expect.any(String) })
    expect(
      explainDispatchError(description, { type: 'Arithmetic', value: { type: 'Underflow' } }),
    ).toMatchObject({ pallet: 'Arithmetic', name: 'Underflow' })
  })

  test('of a pallet or an error that nobody knows', () => {
    const value = { index: 99, error: '0x07000000' }
    expect(explainDispatchError(description, { type: 'Module', value })).toMatchObject({
      pallet: 'pallet 99',
      name: 'error 7',
      docs: 'the runtime gives no explanation',
    })
  })

  test('in the one-byte form of 2022', () => {
    const value = { index: 7, error: 6 }
    expect(explainDispatchError(description, { type: 'Module', value })).toMatchObject({
      pallet: 'SubtensorModule',
      name: 'NotRegistered',
    })
  })

  const event = (pallet: string, name: string, data: ChainEvent['data']): ChainEvent => ({
    pallet,
    name,
    data,
    extrinsicIndex: 1,
  })
  const insufficient: ChainValue = { type: 'Module', value: { index: 5, error: '0x02000000' } }
  const ok: ChainValue = { type: 'Ok', value: [] }

  test.each([
    ['Sudo', 'Sudid', { sudo_result: { type: 'Err', value: insufficient } }],
    ['SubtensorModule', 'Sudid', [{ type: 'Err', value: insufficient }]],
    ['Utility', 'BatchInterrupted', { index: 1, error: insufficient }],
    ['Utility', 'ItemFailed', { error: insufficient }],
    ['Proxy', 'ProxyExecuted', { result: { type: 'Err', value: insufficient } }],
    [
      'Multisig',
      'MultisigExecuted',
      { approving: 'x', result: { type: 'Err', value: insufficient } },
    ],
  ] as const)('inside %s.%s are found', (pallet, name, data) => {
    expect(failureIn(description, [event(pallet, name, data)])).toMatchObject({
      pallet: 'Balances',
      name: 'InsufficientBalance',
      wrapper: `${pallet}.${name}`,
    })
  })

  test('a wrapped call that went well is no failure', () => {
    const events = [
      event('Sudo', 'Sudid', { sudo_result: ok }),
      event('Utility', 'BatchCompleted', []),
      event('System', 'ExtrinsicSuccess', {}),
    ]
    expect(failureIn(description, events)).toBeUndefined()
  })
})

describe('refusals of the pool', () => {
  const at = (specVersion: number) => ({ specVersion }) as ChainClient
  const invalid = (data: string) => new RpcError(1010, 'Invalid Transaction', data)
  const explain = (error: RpcError, spec = 143) => explainPoolError(at(spec), error, '0xab')

  test.each([
    ['Inability to pay some fees (e.g. account balance too low)', 'INSUFFICIENT_BALANCE'],
    ['Transaction is outdated', 'EXTRINSIC_FAILED'],
    ['Transaction will be valid in the future', 'EXTRINSIC_FAILED'],
    ['Transaction has a bad signature', 'EXTRINSIC_FAILED'],
    ['Transaction has an ancient birth block', 'EXTRINSIC_FAILED'],
    ['Transaction call is not expected', 'EXTRINSIC_FAILED'],
    ['{"invalid":{"payment":null}}', 'INSUFFICIENT_BALANCE'],
    ['{"invalid":{"stale":null}}', 'EXTRINSIC_FAILED'],
    ['Something new', 'EXTRINSIC_FAILED'],
  ])('%s', (data, code) => {
    const error = explain(invalid(data))
    expect(error).toMatchObject({ code, data: { sent: false, hash: '0xab', rpcCode: 1010 } })
    expect(error.details).toContain(data)
  })

  test('custom numbers mean what their era says', () => {
    expect(explain(invalid('Custom error: 6'), 143).message).toContain('number 6')
    expect(explain(invalid('Custom error: 3'), 218)).toMatchObject({ code: 'INSUFFICIENT_STAKE' })
    expect(explain(invalid('Custom error: 3'), 343)).toMatchObject({ code: 'SUBNET_NOT_FOUND' })
    expect(explain(invalid('Custom error: 6'), 343)).toMatchObject({ code: 'RATE_LIMITED' })
    expect(explain(invalid('Custom error: 8'), 343)).toMatchObject({ code: 'SLIPPAGE' })
    expect(explain(invalid('{"invalid":{"custom":8}}'), 343)).toMatchObject({ code: 'SLIPPAGE' })
  })

  test('1012 and 1013 are no verdicts, 1014 names the waiting transaction', () => {
    expect(mayBeKnown(new RpcError(1012, 'Transaction is temporarily banned'))).toBe(true)
    expect(mayBeKnown(new RpcError(1013, 'Transaction Already Imported'))).toBe(true)
    expect(mayBeKnown(invalid(''))).toBe(false)
    expect(explain(new RpcError(1014, 'Priority is too low')).message).toContain('waits')
  })
})

describe('errors of a node', () => {
  const explain = (code: number, message: string, data?: unknown) =>
    explainRpcError(new RpcError(code, message, data), 'state_getStorage', 'wss://node.example:443')

  test('a pruned state points to an archive', () => {
    expect(
      explain(4003, 'Client error: UnknownBlock: State already discarded for 0x1'),
    ).toMatchObject({
      code: 'CONNECTION',
      hint: expect.stringContaining('archive'),
      data: { pruned: true },
    })
  })

  test('a missing method or function is no failure of the connection', () => {
    expect(explain(-32601, 'Method not found')).toMatchObject({ code: 'RUNTIME_UNSUPPORTED' })
    expect(
      explain(4003, 'Client error: Execution failed: Other("Exported method X_y is not found")'),
    ).toMatchObject({ code: 'RUNTIME_UNSUPPORTED' })
  })

  test('a node that has enough of us is told apart', () => {
    expect(explain(429, 'Too many requests').message).toContain('refuses more requests')
    expect(explain(-32000, 'Something else', { at: 1 })).toMatchObject({
      code: 'CONNECTION',
      message: 'node.example answered state_getStorage with an error',
      details: '-32000: Something else: {"at":1}',
    })
  })
})
