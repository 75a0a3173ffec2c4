/** Text prompting as miners and validators of 5.3.1 write it, over each protocol. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Keypair, keypairFromUri } from '../../../src/core/keys/keypair.js'
import type { Axon } from '../../../src/network/axon.js'
import {
  TextPromptingDendrite,
  TextPromptingPool,
} from '../../../src/network/textPromptingDendrite.js'
import { TextPromptingSynapse } from '../../../src/network/textPromptingSynapse.js'
import { startAxon } from './support.js'

const conversation = {
  roles: ['system', 'user'],
  messages: ['you are my financial advisor', 'should I buy a boat?'],
}

let alice: Keypair
let bob: Keypair
let axon: Axon
const feedback: unknown[] = []
beforeAll(async () => {
  alice = await keypairFromUri('//Alice')
  bob = await keypairFromUri('//Bob')
  axon = await startAxon(bob, { protocols: ['btauth', 'http', 'grpc'] }, () => {})
  // After the start, as in the seed's example.
  new TextPromptingSynapse(axon, {
    blacklist: (call) => [call.caller !== alice.address, 'pubkey not registered'],
    forward(messages) {
      if (messages.at(-1)?.content === 'fail') throw new Error('boom')
      return messages.map(({ role, content }) => `${role}: ${content}`).join(' | ')
    },
    backward: (told) => void feedback.push(told),
  })
})
afterAll(() => axon.stop({ graceMs: 0 }))

describe.each(['btauth', 'http', 'grpc'] as const)('over %s', (wire) => {
  it('a conversation goes forward and its reward backward', async () => {
    const dendrite = new TextPromptingDendrite({
      signer: alice,
      axon: { ...axon.info(), wire },
      uid: 10,
    })
    const call = await dendrite.forward(conversation)
    expect(call).toMatchObject({
      uid: 10,
      hotkey: bob.address,
      ok: true,
      completion: 'system: you are my financial advisor | user: should I buy a boat?',
      returnCode: 1,
      returnName: 'Success',
      message: 'Success',
    })
    feedback.length = 0
    expect(await call.backward(0.5)).toMatchObject({ ok: true, returnName: 'Success' })
    expect(feedback).toEqual([
      {
        messages: [
          { role: 'system', content: conversation.messages[0] },
          { role: 'user', content: conversation.messages[1] },
        ],
        completion: call.completion,
        rewards: [0.5],
      },
    ])
    dendrite.close()
  })

  it('failures are outcomes with the return codes of 5.3.1', async () => {
    const stranger = await keypairFromUri('//Charlie')
    const target = { ...axon.info(), wire }
    const refused = new TextPromptingDendrite({ signer: stranger, axon: target })
    expect(await refused.forward(conversation)).toMatchObject({
      ok: false,
      completion: '',
      returnName: 'Blacklisted',
      message: expect.stringContaining('pubkey not registered'),
    })
    refused.close()
    const dendrite = new TextPromptingDendrite({ signer: alice, axon: target })
    const failed = await dendrite.forward({ roles: ['user'], messages: ['fail'] })
    expect(failed).toMatchObject({ ok: false, returnName: 'UnknownException' })
    dendrite.close()
    const nobody = new TextPromptingDendrite({ signer: alice, axon: { ...target, port: 1 } })
    expect(await nobody.forward(conversation)).toMatchObject({ returnName: 'Unavailable' })
    nobody.close()
  })
})

it('an axon that published a version of 5.x is asked in its own protocol', async () => {
  const old = await startAxon(bob, { protocols: ['grpc'] }, (server) => {
    new TextPromptingSynapse(server, {
      forward: (_messages, call) => `${call.protocol} ${call.version}`,
    })
  })
  const dendrite = new TextPromptingDendrite({
    signer: alice,
    axon: { ...old.info(), version: 531 },
  })
  expect((await dendrite.forward(conversation)).completion).toBe('grpc 531')
  dendrite.close()
  await old.stop({ graceMs: 0 })
})

it('a pool asks all of a metagraph, or some, in the order of their uids', async () => {
  const other = await startAxon(alice, {}, (server) => {
    new TextPromptingSynapse(server, { forward: () => 'other' })
  })
  const gone = { hotkey: bob.address, ip: '127.0.0.1', port: 1 }
  const pool = new TextPromptingPool({ signer: alice, axons: [axon.info(), gone, other.info()] })
  const short = (calls: readonly { uid: number; ok: boolean }[]) =>
    calls.map(({ uid, ok }) => [uid, ok])
  expect(short(await pool.forward(conversation))).toEqual([
    [0, true],
    [1, false],
    [2, true],
  ])
  expect(short(await pool.forward(conversation, { uids: [2, 0] }))).toEqual([
    [2, true],
    [0, true],
  ])
  await expect(pool.forward(conversation, { uids: [3] })).rejects.toThrow('no axon with uid 3')
  await expect(pool.forward({ roles: [], messages: ['x'] })).rejects.toThrow('0 roles but 1')
  pool.close()
  await other.stop({ graceMs: 0 })
})
