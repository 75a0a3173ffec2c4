/** Whatever strangers send, every parser reads it or refuses it: no other failure, no more memory than was given. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { cryptoReady } from '../../../src/core/keys/keypair.js'
import {
  BTAUTH_DEFAULTS,
  BtauthError,
  readBtauthHeaders,
} from '../../../src/network/btauth/btauth.js'
import { checkMetadata, GrpcAuthError } from '../../../src/network/grpc/auth.js'
import { createIncreasingNonces } from '../../../src/network/nonces.js'
import type { Verifier } from '../../../src/network/signing/signer.js'
import { createVerifier } from '../../../src/network/signing/verify.js'
import { decodeFields, type Synapse } from '../../../src/network/synapse.js'
import { JsonError, type JsonNode, parseJson, printJson } from '../../../src/network/wire/json.js'
import { WireError } from '../../../src/network/wire/kind.js'
import { AllTypes, ReqTensor, TextEcho, VecSum, Words } from './synapses.js'
import { vectors } from './vectors.js'

const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

/** Runs the parser; any error but the expected one goes on. */
function refused(expected: new (...args: never[]) => Error, work: () => unknown): boolean {
  try {
    work()
    return false
  } catch (error) {
    if (error instanceof expected) return true
    throw error
  }
}

/** A text with some of its characters replaced, dropped or repeated. */
const damaged = (text: string) =>
  fc
    .array(fc.tuple(fc.nat(text.length), fc.nat(6), fc.string({ unit: 'binary', maxLength: 4 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((edits) =>
      edits.reduce((now, [at, drop, put]) => now.slice(0, at) + put + now.slice(at + drop), text),
    )

const bodies = vectors<{ exchanges: { request: { body: string } }[] }>('http-10.5.0.json')
  .exchanges.map(({ request }) => request.body)
  .filter((body) => body.startsWith('{'))

describe('JSON', () => {
  it('is read or refused, and what was read is written and read again as the same', () => {
    const text = fc.oneof(
      fc.constantFrom(...bodies).chain(damaged),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(fc.constantFrom(...'{}[]",:0123456789.eE+-\\u nulltruefalseNaNInfinity'), {
          maxLength: 60,
        })
        .map((signs) => signs.join('')),
    )
    fc.assert(
      fc.property(text, (given) => {
        let node: JsonNode | undefined
        refused(JsonError, () => {
          node = parseJson(given)
        })
        if (node === undefined) return
        expect(printJson(parseJson(printJson(node, 'python')), 'python')).toBe(
          printJson(node, 'python'),
        )
      }),
      { numRuns: 3000 },
    )
  })

  it('that nests without end or counts without end is refused', () => {
    for (const bomb of [
      '['.repeat(1e6),
      '{"a":'.repeat(2e5),
      '9'.repeat(1e6),
      `"${'\\'.repeat(1e6)}`,
    ]) {
      expect(refused(JsonError, () => parseJson(bomb))).toBe(true)
    }
  })
})

describe('bodies of synapses', () => {
  const synapses: Synapse[] = [AllTypes, ReqTensor, TextEcho, VecSum, Words] as never[]
  const names = synapses.flatMap(({ plan }) => plan.map(({ wireName }) => wireName))
  const node: fc.Arbitrary<JsonNode> = fc.letrec<{ node: JsonNode }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      fc.double(),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.array(tie('node'), { maxLength: 4 }),
      fc
        .array(
          fc.tuple(
            fc.oneof(fc.constantFrom('buffer', 'dtype', 'shape', ...names), fc.string()),
            tie('node'),
          ),
          { maxLength: 5 },
        )
        .map((entries) => new Map(entries)),
    ),
  })).node

  it('fit or do not', () => {
    fc.assert(
      fc.property(fc.constantFrom(...synapses), node, (synapse, body) => {
        refused(WireError, () => decodeFields(synapse, body))
      }),
      { numRuns: 3000 },
    )
  })

  it('of real peers, damaged, fit or do not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...synapses),
        fc.constantFrom(...bodies).chain(damaged),
        (synapse, text) => {
          let body: JsonNode | undefined
          refused(JsonError, () => {
            body = parseJson(text)
          })
          if (body !== undefined) refused(WireError, () => decodeFields(synapse, body ?? null))
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('who sent it', () => {
  let verifier: Verifier
  beforeAll(async () => {
    await cryptoReady()
    verifier = await createVerifier()
  })

  it('btauth: headers are a claim or are refused', () => {
    type Row = { headers: Record<string, string>; now_ns: string; self_hotkey: string }
    const rows = vectors<{ verify: Row[] }>('btauth.json').verify
    const request = fc.constantFrom(...rows).chain((row) =>
      fc.record({
        row: fc.constant(row),
        headers: fc.tuple(
          ...Object.entries(row.headers).map(([name, value]) =>
            fc
              .oneof(
                fc.constant([value]),
                damaged(value).map((text) => [text]),
                fc.array(fc.string(), { maxLength: 2 }),
              )
              .map((values) => [name.toLowerCase(), values] as const),
          ),
        ),
      }),
    )
    fc.assert(
      fc.property(request, ({ row, headers }) => {
        const rules = { ...BTAUTH_DEFAULTS, self: row.self_hotkey }
        refused(BtauthError, () =>
          readBtauthHeaders(Object.fromEntries(headers), rules, BigInt(row.now_ns)),
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('gRPC: metadata is a sender or is refused', async () => {
    type Row = { metadata: Record<string, string> }
    const rows = vectors<{ cases: Row[] }>('grpc-auth.json').cases
    const metadata = fc
      .constantFrom(...rows)
      .chain((row) =>
        fc.tuple(
          ...Object.entries(row.metadata).map(([name, value]) =>
            fc
              .oneof(fc.constant(value), damaged(value), fc.string())
              .map((text) => [name, text] as const),
          ),
        ),
      )
    const nonces = createIncreasingNonces({ capacity: 100, floor: false })
    await fc.assert(
      fc.asyncProperty(metadata, async (entries) => {
        try {
          await checkMetadata(Object.fromEntries(entries), { self: BOB, nonces, verifier })
        } catch (error) {
          if (!(error instanceof GrpcAuthError)) throw error
        }
      }),
      { numRuns: 500 },
    )
    expect(nonces.size).toBeLessThanOrEqual(100)
  })
})
