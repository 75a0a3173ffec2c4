import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { interruptible } from '../../src/api/subtensor/interruptible.js'
import { onAbort } from '../../src/core/abort.js'
import { createLink } from '../../src/core/chain/link.js'

const forever = () => new Promise<never>(() => undefined)

describe('a signal that many share', () => {
  it('is listened to once by all requests of a link, and ends them all', async () => {
    const { signal, ...controller } = abortable()
    const provider = { send: forever, subscribe: forever, unsubscribe: forever }
    const link = createLink({
      provider: provider as never,
      endpoint: 'ws://127.0.0.1:1',
      timeoutMs: 60_000,
      signal,
    })
    const asked = Array.from({ length: 30 }, () => link.request('chain_getHeader'))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    controller.abort()
    const answers = await Promise.allSettled(asked)
    expect(answers.map((answer) => 'reason' in answer && answer.reason.code)).toEqual(
      asked.map(() => 'INTERRUPTED'),
    )
  })

  it('is listened to once by all reads of the API', async () => {
    const { signal, ...controller } = abortable()
    const reads = Array.from({ length: 30 }, () => interruptible(forever(), signal))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    controller.abort()
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })

  it('tells nobody who has left, and at once who comes late', () => {
    const { signal, ...controller } = abortable()
    const [left, stayed, late] = [vi.fn(), vi.fn(), vi.fn()]
    onAbort(signal, left)()
    onAbort(signal, stayed)
    controller.abort()
    onAbort(signal, late)
    expect([left, stayed, late].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 1])
  })
})

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
