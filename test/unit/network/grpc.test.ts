import { fileURLToPath } from 'node:url'
import { loadSync } from '@grpc/proto-loader'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { cryptoReady, keypairFromUri } from '../../../src/core/keys/keypair.js'
import { checkMetadata, signMetadata } from '../../../src/network/grpc/auth.js'
import { GRPC_BINDINGS } from '../../../src/network/grpc/bindings.js'
import * as messages from '../../../src/network/grpc/messages.js'
import {
  decodeMessage,
  encodeMessage,
  type MessageSpec,
  ProtobufError,
} from '../../../src/network/grpc/protobuf.js'
import { returnCodeName } from '../../../src/network/grpc/returnCodes.js'
import { createIncreasingNonces } from '../../../src/network/nonces.js'
import type { Verifier } from '../../../src/network/signing/signer.js'
import { createVerifier } from '../../../src/network/signing/verify.js'
import type { JsonNode } from '../../../src/network/wire/json.js'
import { tensor, unpackTensor } from '../../../src/network/wire/tensor.js'
import { vectors } from './vectors.js'

const SPECS: Record<string, MessageSpec> = {
  ForwardTextPromptingRequest: messages.ForwardRequest,
  ForwardTextPromptingResponse: messages.ForwardResponse,
  BackwardTextPromptingRequest: messages.BackwardRequest,
  BackwardTextPromptingResponse: messages.BackwardResponse,
  MultiForwardTextPromptingRequest: messages.MultiForwardRequest,
  MultiForwardTextPromptingResponse: messages.MultiForwardResponse,
  Tensor: messages.TensorMessage,
}

type Row = { message: string; name: string; fields: Record<string, unknown>; hex: string }
const rows = vectors<{ messages: Row[] }>('grpc-messages.json').messages

function valuesOf(row: Row): Record<string, unknown> {
  const { buffer_hex, data: _data, ...fields } = row.fields
  return typeof buffer_hex === 'string'
    ? { ...fields, buffer: new Uint8Array(Buffer.from(buffer_hex, 'hex')) }
    : fields
}

describe('protobuf', () => {
  it.each(rows)('$message, $name', (row) => {
    const spec = SPECS[row.message]!
    expect(encodeMessage(spec, valuesOf(row) as never).toString('hex')).toBe(row.hex)
    const decoded = decodeMessage(spec, Buffer.from(row.hex, 'hex'))
    for (const [key, value] of Object.entries(valuesOf(row))) {
      if (typeof value === 'number') expect(decoded[key]).toBeCloseTo(value, 6)
      else expect(decoded[key]).toEqual(value)
    }
  })

  it.each(rows.filter((row) => row.message === 'Tensor'))(
    'holds the array of a Tensor: $name',
    (row) => {
      const { data, dtype } = unpackTensor(Buffer.from(row.fields['buffer_hex'] as string, 'hex'))
      const expected = tensor(dtype, row.fields['data'] as number[])
      expect(data).toEqual(expected.data)
    },
  )

  it('is what the .proto says, by another implementation', () => {
    const file = fileURLToPath(
      new URL('../../../src/network/grpc/textPrompting.proto', import.meta.url),
    )
    const service = loadSync(file, { keepCase: true, enums: Number })[
      'TextPrompting'
    ] as unknown as Record<
      string,
      {
        path: string
        requestSerialize(value: unknown): Buffer
        responseDeserialize(bytes: Buffer): unknown
      }
    >
    expect(Object.values(service).map((method) => method.path)).toEqual(
      expect.arrayContaining(Object.values(GRPC_BINDINGS).map((binding) => binding.path)),
    )
    const message = {
      version: 531,
      rewards: [0.5, -1],
      messages: ['{"role": "user", "content": "é✓"}'],
      response: 'x',
      timeout: 12,
    }
    const bytes = service['Backward']!.requestSerialize(message)
    expect(encodeMessage(messages.BackwardRequest, message).toString('hex')).toBe(
      bytes.toString('hex'),
    )
    expect(decodeMessage(messages.BackwardRequest, bytes)).toEqual(message)
    const answer = encodeMessage(messages.ForwardResponse, {
      response: 'hi',
      return_message: 'Success',
      return_code: 1,
    })
    expect(service['Forward']!.responseDeserialize(answer)).toMatchObject({
      response: 'hi',
      return_code: 1,
    })
  })

  it('fails only by refusing, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(SPECS)),
        fc.uint8Array({ maxLength: 60 }),
        (spec, bytes) => {
          try {
            decodeMessage(spec, bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(ProtobufError)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('skips fields it does not know', () => {
    const old = encodeMessage(messages.MultiForwardRequest, {
      version: 520,
      hotkey: '5Grw',
      messages: ['m'],
      timeout: 1,
    })
    expect(decodeMessage(messages.ForwardRequest, old)).toEqual({
      version: 520,
      messages: ['m'],
      timeout: 1,
    })
    const exotic = Buffer.from('c10600000000000000008d0700000000', 'hex')
    expect(decodeMessage(messages.ForwardRequest, exotic)).toEqual({
      version: 0,
      messages: [],
      timeout: 0,
    })
    expect(() => decodeMessage(messages.ForwardRequest, Buffer.from('cb06', 'hex'))).toThrow(
      ProtobufError,
    )
  })

  it('names return codes', () => {
    expect([0, 1, 25, 99].map(returnCodeName)).toEqual([
      'NoReturn',
      'Success',
      'Blacklisted',
      'UnknownCode',
    ])
  })
})

describe('text prompting over gRPC', () => {
  it('writes the request of the recorded README call', () => {
    const nodes = new Map<string, JsonNode>([
      ['roles', ['system', 'user']],
      ['messages', ['you are my financial advisor', 'should I buy a boat?']],
    ])
    const bytes = GRPC_BINDINGS['TextPrompting']!.encodeRequest(nodes, 12_000)
    expect(bytes.toString('hex')).toBe(rows.find((row) => row.name === 'readme')?.hex)
    expect(GRPC_BINDINGS['TextPrompting']!.decodeRequest(bytes)).toEqual({
      nodes,
      timeoutMs: 12_000,
    })
  })

  it('refuses messages without role and content', () => {
    const bytes = encodeMessage(messages.ForwardRequest, { messages: ['{"a": 1}'] })
    expect(() => GRPC_BINDINGS['TextPrompting']!.decodeRequest(bytes)).toThrow(
      'a message has no `role`',
    )
  })
})

describe('metadata', () => {
  type Case = {
    note: string
    receiver_ss58: string
    stored_nonce_before: number | null
    metadata: Record<string, string>
    accept: boolean
    details: string | null
  }
  const cases = vectors<{ cases: Case[] }>('grpc-auth.json').cases
  const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
  const UUID = '7d1c3f0e-8a4b-11ee-9c2d-0242ac120002'
  let verifier: Verifier
  beforeAll(async () => {
    await cryptoReady()
    verifier = await createVerifier()
  })

  async function outcome(
    metadata: Record<string, string>,
    self: string,
    stored?: bigint,
  ): Promise<string | null> {
    const nonces = createIncreasingNonces({ capacity: 10, floor: false })
    if (stored !== undefined) nonces.accept(`${ALICE}:${UUID}`, stored)
    try {
      await checkMetadata(metadata, { self, nonces, verifier })
      return null
    } catch (error) {
      return (error as Error).message
    }
  }

  it.each(cases)('$note', async (row) => {
    const stored = row.stored_nonce_before === null ? undefined : BigInt(row.stored_nonce_before)
    expect(await outcome(row.metadata, row.receiver_ss58, stored)).toBe(row.details)
  })

  it('accepts what it writes, once', async () => {
    const signer = await keypairFromUri('//Alice')
    const self = cases[0]!.receiver_ss58
    const metadata = await signMetadata({ signer, receiver: self, nonce: 7n, uuid: UUID })
    expect(await outcome(metadata, self)).toBeNull()
    expect(await outcome(metadata, self, 7n)).toBe('Nonce is too small')
    expect(await outcome(metadata, ALICE)).toBe('Signature mismatch')
  })

  it.each([
    [
      { 'bittensor-signature': 'x' },
      "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
    ],
    [{ 'bittensor-signature': 'x', 'bittensor-version': 'abc' }, 'Incorrect Version'],
    [
      { 'bittensor-signature': `1.notanaddress.0x00.${UUID}`, 'bittensor-version': '531' },
      'Invalid SS58 address',
    ],
    [
      { 'bittensor-signature': `1.${ALICE}.0x00.${'u'.repeat(65)}`, 'bittensor-version': '531' },
      'Unknown signature format',
    ],
  ])('refuses %j', async (metadata, details) => {
    expect(await outcome(metadata as never, ALICE)).toBe(details)
  })
})
