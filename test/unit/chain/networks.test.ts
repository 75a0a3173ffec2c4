import { describe, expect, test } from 'vitest'
import {
  checkGenesis,
  explorerLink,
  networkNames,
  resolveNetwork,
} from '../../../src/core/chain/networks.js'

describe('resolveNetwork', () => {
  test.each([
    [{}, 'finney', 'wss://entrypoint-finney.opentensor.ai:443', 'real'],
    [{ network: 'test' }, 'test', 'wss://test.finney.opentensor.ai:443', 'worthless'],
    [{ network: ' local ' }, 'local', 'ws://127.0.0.1:9944', 'worthless'],
    [{ network: 'archive' }, 'archive', 'wss://archive.chain.opentensor.ai:443', 'real'],
    [{ network: 'latent-lite' }, 'latent-lite', 'wss://lite.sub.latent.to:443', 'real'],
    [{ network: 'mock' }, 'mock', undefined, 'worthless'],
    [{ network: 'ws://10.0.0.5:9944' }, '10.0.0.5:9944', 'ws://10.0.0.5:9944', 'unknown'],
    [{ endpoint: '10.0.0.5:9944' }, '10.0.0.5:9944', 'ws://10.0.0.5:9944', 'unknown'],
    [{ endpoint: 'node.example' }, 'node.example', 'ws://node.example', 'unknown'],
    [{ endpoint: 'ws://127.0.0.1:9944' }, 'local', 'ws://127.0.0.1:9944', 'worthless'],
    [
      { endpoint: 'wss://entrypoint-finney.opentensor.ai' },
      'finney',
      'wss://entrypoint-finney.opentensor.ai',
      'real',
    ],
    [{ network: 'test', endpoint: 'ws://a:1' }, 'test', 'ws://a:1', 'unknown'],
    [{ network: 'ws://b:2', endpoint: 'ws://a:1' }, 'a:1', 'ws://a:1', 'unknown'],
    [{ network: '', endpoint: '' }, 'finney', 'wss://entrypoint-finney.opentensor.ai:443', 'real'],
  ])('%o', (input, network, endpoint, value) => {
    expect(resolveNetwork(input)).toEqual({ network, endpoint, value })
  })

  test.each(['fineny', 'constructor', '__proto__', 'nobunaga'])('refuses %s', (network) => {
    expect(() => resolveNetwork({ network })).toThrowError(
      expect.objectContaining({ code: 'USAGE', message: `unknown network \`${network}\`` }),
    )
  })

  test('says why a dead network is unknown, and names the others', () => {
    expect(() => resolveNetwork({ network: 'bellagene' })).toThrowError(
      expect.objectContaining({
        details: expect.stringContaining('shut down'),
        hint: `use one of ${networkNames.join(', ')}, or a ws:// or wss:// URL`,
      }),
    )
  })

  test.each(['http://a', 'ws://', 'ws://a b', 'ftp://x'])('refuses the endpoint %s', (endpoint) => {
    expect(() => resolveNetwork({ endpoint })).toThrowError(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })

  test('the embedded chain takes no endpoint', () => {
    expect(() => resolveNetwork({ network: 'mock', endpoint: 'ws://a' })).toThrowError(
      /embedded chain/,
    )
  })
})

describe('checkGenesis', () => {
  const finney = '0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03'

  test('money is judged by the chain, not by the name', () => {
    expect(checkGenesis('10.0.0.5:9944', finney)).toBe('real')
    expect(checkGenesis('finney', finney)).toBe('real')
    expect(checkGenesis('local', `0x${'00'.repeat(32)}`)).toBe('worthless')
    expect(checkGenesis('10.0.0.5:9944', `0x${'00'.repeat(32)}`)).toBe('unknown')
  })

  test('a node of another chain is refused', () => {
    expect(() => checkGenesis('test', finney)).toThrowError(
      expect.objectContaining({ code: 'CONNECTION', details: expect.stringContaining(finney) }),
    )
  })
})

test('explorer links exist for public nodes only', () => {
  expect(explorerLink(resolveNetwork({ network: 'test' }), '0xab')).toBe(
    'https://polkadot.js.org/apps/?rpc=wss%3A%2F%2Ftest.finney.opentensor.ai%3A443#/explorer/query/0xab',
  )
  expect(explorerLink(resolveNetwork({ network: 'local' }), '0xab')).toBeUndefined()
  expect(explorerLink(resolveNetwork({ network: 'mock' }), '0xab')).toBeUndefined()
})
