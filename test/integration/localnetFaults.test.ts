/** Faults on demand, as clients of the socket see them. */
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import {
  createFaults,
  DELAY_MS,
  type FaultKind,
  faultyWire,
} from '../../src/localnet/node/faults.js'

async function start(options: LocalnetOptions) {
  const chain = await Localnet.start({ genesis: 'empty', blocks: 'manual', port: 0, ...options })
  onTestFinished(() => chain.stop())
  return chain
}

const QUESTION = { jsonrpc: '2.0', id: 7, method: 'system_chain', params: [] }

/** Asks one question on a connection of its own: the message that came, or how the connection ended. */
async function ask({ endpoint }: Localnet): Promise<string> {
  const socket = new WebSocket(endpoint)
  onTestFinished(() => socket.terminate())
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify(QUESTION)))
    socket.on('message', (data) => resolve(String(data)))
    socket.on('close', (code) => resolve(`closed ${code}`))
    socket.on('error', reject)
  })
}

/** The same over HTTP. */
async function post({ endpoint }: Localnet): Promise<string> {
  const response = await fetch(endpoint.replace('ws:', 'http:'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(QUESTION),
  })
  return response.text()
}

test('a dropped message takes its connection along', async () => {
  const chain = await start({ faults: [{ kind: 'drop-connection', rate: 1 }] })
  expect(await ask(chain)).toBe('closed 1006')
  await expect(post(chain)).rejects.toThrow('fetch failed')
})

test('garbage is no answer to the question', async () => {
  const chain = await start({ faults: [{ kind: 'garbage', rate: 1 }] })
  const text = await ask(chain)
  expect(text).toMatch(/^\{"jsonrpc"/)
  expect(() => JSON.parse(text)).toThrow()
})

test('a delayed answer comes whole, and late', async () => {
  const chain = await start({ faults: [{ kind: 'delay', rate: 1 }] })
  const sooner = new Promise<string>((resolve) => setTimeout(resolve, DELAY_MS / 2, 'nothing yet'))
  const answer = ask(chain)
  expect(await Promise.race([answer, sooner])).toBe('nothing yet')
  expect(JSON.parse(await answer)).toMatchObject({ id: 7, result: expect.any(String) })
})

test('a rate of 0 changes nothing', async () => {
  const kinds: FaultKind[] = ['drop-connection', 'delay', 'garbage', 'no-finality']
  const chain = await start({ faults: kinds.map((kind) => ({ kind, rate: 0 })) })
  expect(JSON.parse(await ask(chain))).toMatchObject({ id: 7 })
  expect(await chain.advance(3)).toEqual(chain.finalized)
})

test('without finality blocks are made all the same, and the chain goes on where it was', async () => {
  const chain = await start({ faults: [{ kind: 'no-finality', rate: 1 }] })
  expect((await chain.advance(5)).number).toBe(5)
  expect(chain.finalized.number).toBe(0)
  expect(await chain.request('chain_getFinalizedHead')).toBe(chain.genesisHash)
})

test('finality that is withheld now and then comes later, for every block in its turn', async () => {
  const chain = await start({ faults: [{ kind: 'no-finality', rate: 0.5 }] })
  const lags: number[] = []
  for (let i = 0; i < 20; i++) {
    await chain.advance()
    lags.push(chain.head.number - chain.finalized.number)
  }
  expect(lags).toContain(0)
  expect(Math.max(...lags)).toBeGreaterThan(0)
})

test('faults are the same in every run, about as often as the rate says', () => {
  const draw = () => {
    const faults = createFaults([{ kind: 'garbage', rate: 0.1 }])
    return Array.from({ length: 10_000 }, () => faults.strikes('garbage'))
  }
  const struck = draw()
  expect(draw()).toEqual(struck)
  expect(struck.filter(Boolean).length / struck.length).toBeCloseTo(0.1, 1)
  expect(createFaults([]).strikes('garbage')).toBe(false)
})

test('garbage takes turns, and messages behind a delayed one keep their order', async () => {
  const sent: string[] = []
  const wire = { send: (text: string) => void sent.push(text), cut: () => {} }
  const noise = faultyWire(createFaults([{ kind: 'garbage', rate: 1 }]), wire)
  for (let i = 0; i < 4; i++) noise.send('{"id":1}')
  expect(sent).toEqual([
    '{"id',
    expect.stringContaining('502'),
    expect.stringContaining('no such request'),
    '{"id',
  ])
  sent.length = 0
  const slow = faultyWire(createFaults([{ kind: 'delay', rate: 0.3 }]), wire)
  const texts = Array.from({ length: 20 }, (_, i) => `${i}`)
  for (const text of texts) slow.send(text)
  expect(sent.length).toBeLessThan(20)
  await expect.poll(() => sent).toEqual(texts)
})

test('a wrong fault or rate is refused', async () => {
  const USAGE = { code: 'USAGE' }
  await expect(start({ faults: [{ kind: 'delay', rate: 1.5 }] })).rejects.toMatchObject(USAGE)
  await expect(start({ faults: [{ kind: 'flood' as FaultKind, rate: 1 }] })).rejects.toMatchObject(
    USAGE,
  )
})
