/** Reads request bodies within limits: of one body, and of all bodies that are in memory together. */
import type { IncomingMessage } from 'node:http'
import { RequestError } from '../requestError.js'

/** Bytes that may be in memory at once. */
export type ByteBudget = {
  /** False when there is no room. */
  take(bytes: number): boolean
  give(bytes: number): void
  readonly used: number
}

export function createByteBudget(total: number): ByteBudget {
  let used = 0
  return {
    take(bytes) {
      if (used + bytes > total) return false
      used += bytes
      return true
    },
    give(bytes) {
      used -= bytes
    },
    get used() {
      return used
    },
  }
}

/** A body, and the function that gives its bytes back to the budget. */
export type HeldBody = { readonly raw: Buffer; readonly release: () => void }

/**
 * Reads the body of a request.
 * @throws {RequestError} `too-large`, `overloaded`, or `timeout` when the peer stops sending.
 */
export async function readBody(
  request: IncomingMessage,
  limits: { maxBodyBytes: number },
  budget: ByteBudget,
): Promise<HeldBody> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes)
  let held = 0
  const chunks: Buffer[] = []
  try {
    // Not destroyed when the loop ends early: the peer is still to get an answer.
    const arriving: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
    for await (const chunk of arriving) {
      if (held + chunk.length > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes)
      if (!budget.take(chunk.length))
        throw new RequestError('overloaded', 'too many bodies at once')
      held += chunk.length
      chunks.push(chunk)
    }
  } catch (error) {
    budget.give(held)
    if (error instanceof RequestError) throw error
    throw new RequestError('timeout', 'the body did not arrive', error)
  }
  return {
    raw: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
    release: () => budget.give(held),
  }
}

function tooLarge(limit: number): RequestError {
  return new RequestError('too-large', `the body is larger than ${limit} bytes`)
}
