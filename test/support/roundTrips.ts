/** A slow line to the embedded chain that counts how often a client waits for it. */
import type { JsonRpcProvider } from '../../src/core/chain/rpc.js'

/** How long answers are held back, so that what a client asks without waiting for an answer is asked before it comes. */
const HELD_MS = 20

/** A provider and what went over it. */
export type SlowLine = {
  readonly provider: JsonRpcProvider
  /** Round trips so far: opening the connection, and every time that answers were waited for. */
  roundTrips(): number
  /** Methods in the order they were asked. */
  readonly requests: readonly string[]
}

/** Puts a provider behind a slow line: all answers that are due come together. */
export function slowLine(provider: JsonRpcProvider): SlowLine {
  const requests: string[] = []
  let trips = 1
  let answers: Promise<void> | undefined
  const arrival = () => {
    trips++
    return new Promise<void>((resolve) =>
      setTimeout(() => {
        answers = undefined
        resolve()
      }, HELD_MS),
    )
  }
  return {
    requests,
    roundTrips: () => trips,
    provider: {
      get isConnected() {
        return provider.isConnected
      },
      connect: () => provider.connect(),
      disconnect: () => provider.disconnect(),
      async send(method, params) {
        requests.push(method)
        answers ??= arrival()
        const [answer] = await Promise.all([provider.send(method, params), answers])
        return answer
      },
      subscribe: (...args) => provider.subscribe(...args),
      unsubscribe: (...args) => provider.unsubscribe(...args),
      on: (...args) => provider.on(...args),
    },
  }
}
