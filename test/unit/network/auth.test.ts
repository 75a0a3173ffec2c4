import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { cryptoReady, keypairFromUri } from '../../../src/core/keys/keypair.js'
import {
  BTAUTH_DEFAULTS,
  BtauthError,
  btauthPayload,
  readBtauthHeaders,
  signRequest,
  verifyBtauth,
} from '../../../src/network/btauth/btauth.js'
import { createRequestVerifier } from '../../../src/network/btauth/requestVerifier.js'
import { nonceProblem, STRICT_NONCES } from '../../../src/network/http/nonceRules.js'
import {
  createIncreasingNonces,
  createSeenNonces,
  type SeenNonces,
} from '../../../src/network/nonces.js'
import type { Verifier } from '../../../src/network/signing/signer.js'
import { createVerifier } from '../../../src/network/signing/verify.js'
import { vectors } from './vectors.js'

const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

describe('nonces of the HTTP protocol', () => {
  type Row = {
    note: string
    now_ns: string
    nonce: string
    timeout_s: number | null
    version: number | null
    stored_nonce: string | null
    result: string
    error: string | null
  }
  const rows = vectors<{ rows: Row[] }>('nonce-rules.json').rows
  const claim = (row: Row) => ({
    nowNs: BigInt(row.now_ns),
    nonce: BigInt(row.nonce),
    timeoutS: row.timeout_s ?? 0,
    version: row.version ?? undefined,
    stored: row.stored_nonce === null ? undefined : BigInt(row.stored_nonce),
  })

  it.each(rows)('legacy rules are those of Python: $note', (row) => {
    const problem = nonceProblem(claim(row), { legacy: true, maxAheadNs: 0n })
    expect(problem ?? null).toBe(row.error)
  })

  const differing = [
    'far future, first',
    'stored nonce exists: the age window is not applied',
    'old client version, tiny monotonic nonce, first',
    'old client version, tiny nonce, not increasing',
    'old client version, increasing',
    'version 7001999 is old style',
    'no version header is old style',
  ]
  it.each(rows)('the default is the same or stricter: $note', (row) => {
    const problem = nonceProblem(claim(row), STRICT_NONCES)
    if (differing.includes(row.note))
      expect(problem).toMatch(/^Nonce is too (old:|far in the future)/)
    else expect(problem ?? null).toBe(row.error)
  })
})

describe('memory of nonces', () => {
  it('takes increasing ones per sender', () => {
    const nonces = createIncreasingNonces({ capacity: 2, floor: false })
    expect([
      nonces.accept('a', 5n),
      nonces.accept('a', 5n),
      nonces.accept('a', 4n),
      nonces.accept('a', 6n),
      nonces.accept('b', 1n),
    ]).toEqual([true, false, false, true, true])
  })

  it('forgets the oldest sender, and with a floor does not let it replay', () => {
    const loose = createIncreasingNonces({ capacity: 2, floor: false })
    const tight = createIncreasingNonces({ capacity: 2, floor: true })
    for (const nonces of [loose, tight])
      for (const [i, key] of ['a', 'b', 'c'].entries()) nonces.accept(key, BigInt(10 + i))
    expect(loose.size).toBe(2)
    expect(loose.accept('a', 10n)).toBe(true)
    expect(tight.accept('a', 10n)).toBe(false)
    expect(tight.accept('a', 20n)).toBe(true)
  })

  describe('of a sender that asks over several connections at once', () => {
    const open = () => ({ writable: true })

    it('takes the ones that were overtaken, each once', () => {
      const nonces = createIncreasingNonces({ capacity: 10, floor: true })
      const [a, b] = [open(), open()]
      expect([
        nonces.accept('s', 5n, a),
        nonces.accept('s', 3n, b),
        nonces.accept('s', 4n, a),
        nonces.accept('s', 3n, a),
        nonces.accept('s', 5n, b),
        nonces.accept('s', 6n, b),
      ]).toEqual([true, true, true, false, false, true])
      expect([nonces.last('s'), nonces.last('s', { nonce: 2n, connection: a })]).toEqual([
        6n,
        undefined,
      ])
    })

    it('takes none that is late when no other connection is open', () => {
      const nonces = createIncreasingNonces({ capacity: 10, floor: true })
      const a = open()
      nonces.accept('s', 5n, a)
      expect(nonces.accept('s', 4n, a)).toBe(false)
      a.writable = false
      expect(nonces.accept('s', 4n, open())).toBe(false)
    })

    it('never takes one twice, whatever the order and however many', () => {
      const arrivals = fc.array(
        fc.record({ key: fc.nat(3), nonce: fc.bigInt(1n, 400n), by: fc.nat(4) }),
        { maxLength: 1500, size: 'max' },
      )
      fc.assert(
        fc.property(arrivals, fc.integer({ min: 1, max: 4 }), (list, capacity) => {
          const nonces = createIncreasingNonces({ capacity, floor: true })
          const connections = Array.from({ length: 5 }, open)
          const accepted = new Set<string>()
          for (const { key, nonce, by } of list) {
            const pair = `${key}:${nonce}`
            if (!nonces.accept(String(key), nonce, connections[by])) continue
            expect(accepted.has(pair)).toBe(false)
            accepted.add(pair)
          }
        }),
        { numRuns: 40 },
      )
    })
  })

  it('keeps exact pairs for their time, and says when it is full', () => {
    const seen = createSeenNonces({ capacity: 2, keepNs: 60n })
    expect([
      seen.accept('a', 1n, 0n),
      seen.accept('a', 1n, 1n),
      seen.accept('b', 1n, 2n),
      seen.accept('c', 1n, 3n),
    ]).toEqual(['accepted', 'replayed', 'accepted', 'full'])
    expect(seen.accept('c', 1n, 61n)).toBe('accepted')
    expect(seen.accept('a', 1n, 200n)).toBe('accepted')
    expect(seen.size).toBe(1)
  })
})

describe('btauth/1', () => {
  type Signed = {
    note: string
    method: string
    path: string
    body_hex: string
    nonce: string
    payload: string
    headers: Record<string, string>
    verify: [string, string]
    verify_without_receiver_requirement: [string, string]
  }
  type Verify = Omit<Signed, 'verify'> & {
    now_ns: string
    self_hotkey: string
    result: [string, string]
    prior?: string
  }
  const file = vectors<{ signed: Signed[]; verify: Verify[] }>('btauth.json')
  let verifier: Verifier
  beforeAll(async () => {
    await cryptoReady()
    verifier = await createVerifier()
  })

  async function outcome(
    row: Pick<Verify, 'method' | 'path' | 'body_hex' | 'headers'>,
    options: { nowNs: bigint; self: string; requireReceiver?: boolean; seen?: SeenNonces },
  ): Promise<[string, string]> {
    const headers = Object.fromEntries(
      Object.entries(row.headers).map(([name, value]) => [name.toLowerCase(), [value]]),
    )
    const seen = options.seen ?? createSeenNonces({ capacity: 10, keepNs: 60_000_000_000n })
    const rules = {
      ...BTAUTH_DEFAULTS,
      self: options.self,
      requireReceiver: options.requireReceiver ?? true,
    }
    try {
      const claim = readBtauthHeaders(headers, rules, options.nowNs)
      const body = Buffer.from(row.body_hex, 'hex')
      await verifyBtauth(
        claim,
        { method: row.method, target: row.path, body },
        { verifier, seen, nowNs: () => options.nowNs },
      )
      return ['accept', claim.sender]
    } catch (error) {
      if (!(error instanceof BtauthError)) throw error
      return [error.problem, error.message]
    }
  }

  it.each(file.signed)('signed elsewhere: $note', async (row) => {
    const nowNs = BigInt(row.nonce)
    expect(await outcome(row, { nowNs, self: BOB })).toEqual(row.verify)
    expect(await outcome(row, { nowNs, self: BOB, requireReceiver: false })).toEqual(
      row.verify_without_receiver_requirement,
    )
    const header = (name: string) => row.headers[`X-Bittensor-${name}`]
    expect(
      btauthPayload({
        scheme: header('Crypto') === 'ed25519' ? 'ed25519' : 'sr25519',
        method: row.method,
        target: row.path,
        body: Buffer.from(row.body_hex, 'hex'),
        nonce: nowNs,
        sender: header('Hotkey') ?? '',
        receiver: header('Receiver'),
      }),
    ).toBe(row.payload)
  })

  it.each(file.verify)('verified elsewhere: $note', async (row) => {
    const seen = createSeenNonces({ capacity: 10, keepNs: 60_000_000_000n })
    const options = { nowNs: BigInt(row.now_ns), self: row.self_hotkey, seen }
    if (row.prior) {
      const first = file.verify.find((other) => other.note === 'good')!
      expect(await outcome(first, options)).toEqual(first.result)
    }
    expect(await outcome(row, options)).toEqual(row.result)
  })

  it.each(['sr25519', 'ed25519'] as const)('accepts what it signs (%s)', async (cryptoType) => {
    const signer = await keypairFromUri('//Alice', { cryptoType })
    const body = Buffer.from('{"a": 1}')
    const headers = await signRequest({
      signer,
      method: 'POST',
      target: '/x?y=1',
      body,
      nonce: 1000n,
      receiver: BOB,
    })
    const row = { method: 'POST', path: '/x?y=1', body_hex: body.toString('hex'), headers }
    expect(await outcome(row, { nowNs: 1000n, self: BOB })).toEqual(['accept', signer.address])
    expect(await outcome({ ...row, path: '/x' }, { nowNs: 1000n, self: BOB })).toEqual([
      'BadSignature',
      'signature does not verify against the claimed hotkey',
    ])
    expect(Object.keys(headers).includes('X-Bittensor-Crypto')).toBe(cryptoType === 'ed25519')
  })

  it('refuses repeated headers and a full memory', async () => {
    const good = file.verify.find((row) => row.note === 'good')!
    const headers = Object.fromEntries(
      Object.entries(good.headers).map(([name, value]) => [name.toLowerCase(), [value, value]]),
    )
    expect(() =>
      readBtauthHeaders(headers, { ...BTAUTH_DEFAULTS, self: BOB }, BigInt(good.now_ns)),
    ).toThrow('given more than once')
    const seen = createSeenNonces({ capacity: 0, keepNs: 1n })
    expect(await outcome(good, { nowNs: BigInt(good.now_ns), self: BOB, seen })).toEqual([
      'StoreFull',
      'too many requests to remember',
    ])
  })

  it('checks requests to a server that is no axon, each of them once', async () => {
    const alice = await keypairFromUri('//Alice')
    const verify = await createRequestVerifier({ self: BOB })
    const request = { method: 'POST', target: '/generate', body: Buffer.from('{}') }
    const headers = await signRequest({ ...request, signer: alice, receiver: BOB })
    expect(await verify({ ...request, headers })).toMatchObject({
      hotkey: alice.address,
      scheme: 'sr25519',
    })
    await expect(verify({ ...request, headers })).rejects.toMatchObject({
      problem: 'ReplayedRequest',
    })
    const again = await signRequest({ ...request, signer: alice, receiver: BOB })
    expect(
      BigInt(again['X-Bittensor-Nonce'] ?? 0) > BigInt(headers['X-Bittensor-Nonce'] ?? 0),
    ).toBe(true)
    await expect(
      verify({ ...request, headers: again, body: Buffer.from('{ }') }),
    ).rejects.toMatchObject({ problem: 'BadSignature' })
    const unbound = await signRequest({ ...request, signer: alice })
    await expect(verify({ ...request, headers: unbound })).rejects.toMatchObject({
      problem: 'WrongReceiver',
    })
    const open = await createRequestVerifier({ self: BOB, allowUnbound: true })
    expect((await open({ ...request, headers: unbound })).hotkey).toBe(alice.address)
  })
})
