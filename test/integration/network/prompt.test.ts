/** `prompt` and the LangChain model, as a program without knowledge of protocols uses them. */
import { PromptTemplate } from '@langchain/core/prompts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { prompt } from '../../../src/api/prompt.js'
import { Subtensor } from '../../../src/api/subtensor/subtensor.js'
import { type Keypair, keypairFromUri } from '../../../src/core/keys/keypair.js'
import * as bt from '../../../src/index.js'
import { BittensorLLM } from '../../../src/langchain/index.js'
import { devAccount } from '../../../src/localnet/genesis/devKeys.js'
import { S } from '../../../src/localnet/runtime/subtensor/storage.js'
import type { Axon } from '../../../src/network/axon.js'
import { TextPromptingSynapse } from '../../../src/network/textPromptingSynapse.js'
import { freshChain, roundGenesis } from '../../support/chain.js'
import { startAxon } from './support.js'

let bob: Keypair
let axon: Axon
let wallet: { unlockHotkey(): Promise<Keypair> }
let asked: unknown[] = []
beforeAll(async () => {
  bob = await keypairFromUri('//Bob//validator')
  const alice = await keypairFromUri('//Alice//miner1')
  wallet = { unlockHotkey: async () => alice }
  axon = await startAxon(bob, {}, (server) => {
    new TextPromptingSynapse(server, {
      blacklist: (call) => call.caller !== alice.address,
      async forward(messages, call) {
        asked = messages.map(({ role, content }) => [role, content])
        if (messages.at(-1)?.content === 'sleep')
          await new Promise((resolve) => call.signal.addEventListener('abort', resolve))
        return `answer to ${messages.at(-1)?.content}`
      },
      multiForward: () => ['You should buy a boat.', 'Mine bittensor.'],
    })
  })
})
afterAll(() => axon.stop({ graceMs: 0 }))

it('gets an answer, or all of them', async () => {
  const options = { wallet, axon: axon.info() }
  expect(await prompt('Heraclitus was a ', options)).toBe('answer to Heraclitus was a ')
  expect(asked).toEqual([
    ['system', expect.stringContaining('Chattensor')],
    ['user', 'Heraclitus was a '],
  ])
  expect(await prompt('What should I do today?', { ...options, returnAll: true })).toEqual([
    'You should buy a boat.',
    'Mine bittensor.',
  ])
})

it('takes lines and conversations as they are', async () => {
  const options = { wallet, axon: axon.info() }
  await prompt(['one', 'two'], options)
  expect(asked).toEqual([
    ['user', 'one'],
    ['user', 'two'],
  ])
  await prompt(
    [
      { role: 'assistant', content: 'hello' },
      { role: 'user', content: 'hi' },
    ],
    options,
  )
  expect(asked).toEqual([
    ['assistant', 'hello'],
    ['user', 'hi'],
  ])
  await expect(prompt('', options)).rejects.toMatchObject({ code: 'USAGE' })
  await expect(prompt([], options)).rejects.toMatchObject({ code: 'USAGE' })
})

it('finds the endpoint by its hotkey, and says that the one of 2023 is gone', async () => {
  const chain = await freshChain({ genesis: roundGenesis })
  await chain.set(S.Axons, [1, devAccount('//Bob//validator')], {
    block: 1n,
    version: 10_005_000,
    ip: 0x7f00_0001n,
    port: axon.port,
    ip_type: 4,
    protocol: 4,
    placeholder1: 0,
    placeholder2: 0,
  })
  const subtensor = new Subtensor(await chain.chain({} as never))
  expect(await prompt('hi', { wallet, subtensor, hotkey: bob.address })).toBe('answer to hi')
  await expect(prompt('hi', { wallet, subtensor })).rejects.toMatchObject({
    code: 'NOT_REGISTERED',
    message: expect.stringContaining("the foundation's endpoint of 2023 no longer answers"),
  })
  await subtensor.close()
})

it('says why there is no answer', async () => {
  const address = `127.0.0.1:${axon.port}`
  const hotkey = bob.address
  expect(await prompt('hi', { wallet, axon: address, hotkey })).toBe('answer to hi')
  await expect(prompt('hi', { wallet, axon: address })).rejects.toMatchObject({ code: 'USAGE' })
  await expect(prompt('hi', { wallet, axon: '127.0.0.1:1', hotkey })).rejects.toMatchObject({
    code: 'CONNECTION',
    message: 'the endpoint at 127.0.0.1:1 does not answer',
  })
  await expect(
    prompt('sleep', { wallet, axon: address, hotkey, timeoutMs: 200 }),
  ).rejects.toMatchObject({ code: 'TIMEOUT' })
  const stop = AbortSignal.abort()
  await expect(prompt('hi', { wallet, axon: address, hotkey, signal: stop })).rejects.toMatchObject(
    { code: 'INTERRUPTED' },
  )
  const stranger = { unlockHotkey: () => keypairFromUri('//Charlie') }
  await expect(prompt('hi', { wallet: stranger, axon: address, hotkey })).rejects.toMatchObject({
    code: 'CONNECTION',
    message: expect.stringContaining('refuses this hotkey'),
  })
})

it('is a model of LangChain', async () => {
  const llm = new BittensorLLM({ wallet, axon: axon.info(), hotkey: bob.address })
  expect(llm._llmType()).toBe('BittensorLLM')
  expect(llm._identifyingParams()).toMatchObject({
    wallet_name: 'default',
    hotkey_name: bob.address,
  })
  expect(await llm.invoke('prompt me')).toBe('answer to prompt me')
  expect(await llm.batch(['a', 'b'])).toEqual(['answer to a', 'answer to b'])
  const chain = PromptTemplate.fromTemplate('What is {thing}?').pipe(llm)
  expect(await chain.invoke({ thing: 'TAO' })).toBe('answer to What is TAO?')
  const pieces: string[] = []
  for await (const piece of await llm.stream('streamed')) pieces.push(piece)
  expect(pieces.join('')).toBe('answer to streamed')
  const nobody = new BittensorLLM({
    wallet,
    axon: { ...axon.info(), port: 1 },
    maxRetries: 0,
  })
  await expect(nobody.invoke('hi')).rejects.toMatchObject({ code: 'CONNECTION' })
})

it('is a model of LangChain from the package itself, which loads the library then', async () => {
  const llm = await bt.BittensorLLM({ wallet, axon: axon.info(), hotkey: bob.address })
  expect(llm).toBeInstanceOf(BittensorLLM)
  expect(await llm.invoke('prompt me')).toBe('answer to prompt me')
})
