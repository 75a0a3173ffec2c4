/** Requests that real Python validators sent, answered by our axon: same status, same headers, same body. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keypairFromUri } from '../../../src/core/keys/keypair.js'
import type { Axon } from '../../../src/network/axon.js'
import { vectors } from '../../unit/network/vectors.js'
import { type Answer, send, startAxon, stoppedClock } from './support.js'

type Message = { start_line: string; headers: [string, string][]; body: string; chunks?: string[] }
type Exchange = { note: string; request: Message; response: Partial<Message> }

const FUTURE = 'accepted: a nonce one hour in the future (there is no upper bound)'
const OLD_CLIENT = 'accepted: version below 7002000 skips the age window'
const UNSIGNED = 'no signature header at all'
const TIMED_OUT = 'failure: client timeout 1 s (server needs 3 s)'

describe.each(['9.12.2', '10.5.0'])('exchanges recorded with bittensor %s', (release) => {
  const { exchanges } = vectors<{ exchanges: Exchange[] }>(`http-${release}.json`)
  const times = timesOf(exchanges)
  const clock = stoppedClock(0n)

  describe.each(['legacy', 'strict'] as const)('%s rules', (rules) => {
    let axon: Axon
    beforeAll(async () => {
      axon = await startAxon(await keypairFromUri('//Bob'), {
        clock,
        protocols: ['btauth', 'http'],
        nonceRules: { legacy: rules === 'legacy' },
      })
    })
    afterAll(() => axon.stop({ graceMs: 0 }))

    // In the order of the recording: later requests repeat nonces of earlier ones.
    it.each(exchanges.map((exchange, i) => [exchange.note, exchange, i] as const))(
      '%s',
      async (note, exchange, i) => {
        clock.set(times[i]!)
        const [method = '', path = ''] = exchange.request.start_line.split(' ')
        const sending = send({
          port: axon.port,
          method,
          path,
          headers: exchange.request.headers,
          body: exchange.request.body,
        })
        if (note === TIMED_OUT) {
          expect((await sending).status).toBe(408)
          return
        }
        const answer = await sending
        const expected = expectedStatus(note, exchange, rules)
        expect([answer.status, answer.body.slice(0, 300)]).toEqual([expected, expect.any(String)])
        if (expected === statusOf(exchange)) compare(answer, exchange.response, note)
      },
    )
  })
})

function statusOf(exchange: Exchange): number {
  return Number(exchange.response.start_line?.split(' ')[1])
}

function expectedStatus(note: string, exchange: Exchange, rules: 'legacy' | 'strict'): number {
  // bittensor 9.12 let unsigned requests pass; no axon of ours does.
  if (note === UNSIGNED) return 401
  if (rules === 'strict' && (note === FUTURE || note === OLD_CLIENT)) return 401
  return statusOf(exchange)
}

/** When each request arrived: a moment after its nonce, where the nonce tells the time. */
function timesOf(exchanges: readonly Exchange[]): bigint[] {
  let now = 0n
  return exchanges.map(({ request }) => {
    const nonce = BigInt(
      request.headers
        .find(([name]) => name === 'bt_header_dendrite_nonce')?.[1]
        ?.replace(/\D+/g, '') || 0,
    )
    const isPlausible =
      now === 0n || (nonce > now - 10_000_000_000n && nonce < now + 10_000_000_000n)
    if (isPlausible) now = nonce > now ? nonce + 5_000_000n : now
    return now
  })
}

const VARYING = [
  'date',
  'server',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
]

function compare(answer: Answer, recorded: Partial<Message>, note: string): void {
  const names = (list: readonly string[]) =>
    list.map((name) => name.toLowerCase()).filter((name) => !VARYING.includes(name))
  const expected = names((recorded.headers ?? []).map(([name]) => name))
  // We sign refusals only for callers who proved who they are.
  const isUnproven = answer.status === 401
  expect(names(answer.raw).sort()).toEqual(
    expected.filter((name) => !(isUnproven && name === 'bt_header_axon_signature')).sort(),
  )
  expect(values(answer)).toEqual(values({ headers: Object.fromEntries(recorded.headers ?? []) }))
  if (answer.status === 422) return
  expect(settled(answer.body)).toBe(settled(recorded.body ?? ''))
  if (note.includes('streaming')) expect(answer.chunks.join('')).toBe(recorded.chunks?.join(''))
}

/** The header values that do not depend on time, memory or chance. */
function values(answer: { headers: Record<string, unknown> }): Record<string, string> {
  const stable = Object.entries(answer.headers).filter(([name]) => {
    const lower = name.toLowerCase()
    return (
      !VARYING.includes(lower) &&
      !/process_time|_size$|axon_(nonce|uuid|signature|version)|dendrite_(ip|port)$/.test(lower)
    )
  })
  return Object.fromEntries(
    stable.map(([name, value]) => [name.toLowerCase(), settled(String(value))]),
  )
}

function settled(text: string): string {
  return text
    .replace(/"process_time":[\d.e-]+/, '"process_time":0')
    .replace(/#[0-9a-f-]{36}/, '#id')
    .replace(/request was [\d.]+ seconds/, 'request was N seconds')
    .replace(/(Signature mismatch) with .* and 0x[0-9a-f]+/, '$1')
}
