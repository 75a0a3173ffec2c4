/** The axon's side of synapses over btauth/1: the path names the synapse, the body is the JSON of its fields. */
import type { Call, Route } from '../call.js'
import type { Clock } from '../clock.js'
import {
  decodeUtf8,
  type Exchange,
  type HttpAnswer,
  headerOf,
  type Protocol,
  type RequestHead,
} from '../http/exchange.js'
import type { SeenNonces } from '../nonces.js'
import { HTTP_STATUS, type RefusalKind, RequestError } from '../requestError.js'
import type { Verifier } from '../signing/signer.js'
import { decodeFields, Ping } from '../synapse.js'
import { JsonError, type JsonMap, parseJson, printJson } from '../wire/json.js'
import { WireError } from '../wire/kind.js'
import {
  type BtauthClaim,
  BtauthError,
  type BtauthRules,
  readBtauthHeaders,
  verifyBtauth,
} from './btauth.js'

export type BtauthProtocolTools = {
  readonly verifier: Verifier
  readonly clock: Clock
  readonly seen: SeenNonces
  readonly rules: BtauthRules
}

/**
 * Whether a request speaks btauth at all.
 * @public
 */
export function isBtauth(head: RequestHead): boolean {
  return (
    head.headers['x-bittensor-version'] !== undefined ||
    head.headers['x-bittensor-signature'] !== undefined
  )
}

export function createBtauthProtocol(tools: BtauthProtocolTools): Protocol {
  return (head, route) => {
    let claim: BtauthClaim | undefined
    const timeoutS = Number(headerOf(head, 'timeout') ?? Number.NaN)
    return {
      protocol: 'btauth',
      claim: {
        caller: (headerOf(head, 'x-bittensor-hotkey') ?? '').slice(0, 64),
        timeoutMs: Number.isFinite(timeoutS) ? timeoutS * 1000 : undefined,
      },
      readHead() {
        if (!route) throw new RequestError('unknown-route', 'no such synapse')
      },
      async authenticateHead() {
        claim = await refusing(async () =>
          readBtauthHeaders(head.headers, tools.rules, tools.clock.wallNs()),
        )
        return false
      },
      async authenticateBody(raw) {
        const known = claim
        if (!known) throw new RequestError('unauthorized', 'the request was not checked')
        const { method, target } = head
        await refusing(() => {
          return verifyBtauth(
            known,
            { method, target, body: raw },
            { ...tools, nowNs: tools.clock.wallNs },
          )
        })
      },
      decode: (raw) => decodeBody(raw, route),
      success: async (_call, status, nodes) => success(status, nodes),
      streamHead: () => ({
        status: 200,
        headers: [['content-type', 'text/event-stream']],
        body: '',
      }),
      failure: async (call, error) => failure(call, error),
    } satisfies Exchange
  }
}

async function refusing<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof BtauthError)) throw error
    throw new RequestError(KIND[error.problem], `${error.problem}: ${error.message}`)
  }
}

const KIND: Readonly<Record<BtauthError['problem'], RefusalKind>> = {
  MalformedAuth: 'unauthorized',
  WrongReceiver: 'wrong-receiver',
  StaleRequest: 'unauthorized',
  BadSignature: 'unauthorized',
  ReplayedRequest: 'unauthorized',
  StoreFull: 'overloaded',
}

function decodeBody(raw: Uint8Array, route: Route | undefined) {
  const text = decodeUtf8(raw)
  if (text === undefined) throw new RequestError('not-text', 'the body is not UTF-8')
  try {
    return decodeFields(route?.synapse ?? Ping, parseJson(text))
  } catch (error) {
    if (error instanceof JsonError || error instanceof WireError) {
      throw new RequestError('malformed', error.message, error)
    }
    throw error
  }
}

function success(status: { code: number; message: string }, nodes: JsonMap): HttpAnswer {
  // A status of the handler's own is told in the body's place: the fields are not an answer then.
  const body =
    status.code === 200
      ? printJson(nodes, 'compact')
      : printJson(new Map([['message', status.message]]), 'compact')
  return { status: status.code, headers: [['content-type', 'application/json']], body }
}

function failure(_call: Call, error: RequestError): HttpAnswer {
  const body = printJson(new Map([['message', error.message]]), 'compact')
  return { status: HTTP_STATUS[error.kind], headers: [['content-type', 'application/json']], body }
}
