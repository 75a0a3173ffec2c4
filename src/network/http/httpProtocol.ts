/** The axon's side of the HTTP protocol of bittensor 6.x–10.x. */
import { randomUUID } from 'node:crypto'
import type { Call, Route } from '../call.js'
import type { Clock } from '../clock.js'
import { createNonceSource } from '../clock.js'
import type { IncreasingNonces } from '../nonces.js'
import { failureText } from '../pipeline.js'
import { HTTP_STATUS, RequestError } from '../requestError.js'
import { publicKeyOf } from '../signing/publicKey.js'
import type { Signer, Verifier } from '../signing/signer.js'
import { wrapped } from '../signing/signer.js'
import { decodeFields, dummyNodes, inputObjects, Ping, type Synapse } from '../synapse.js'
import { JsonError, type JsonMap, type JsonNode, parseJson, printJson } from '../wire/json.js'
import { normalise, toValue, WireError } from '../wire/kind.js'
import { floatRepr, pythonRepr } from '../wire/pythonText.js'
import { bodyHash } from './bodyHash.js'
import {
  decodeUtf8,
  type Exchange,
  type HttpAnswer,
  headerOf,
  type Protocol,
  type RequestHead,
} from './exchange.js'
import { type NonceRules, nonceProblem } from './nonceRules.js'
import {
  cleanHeader,
  type Terminal,
  terminalHeaders,
  terminalNode,
  terminalOfNode,
} from './terminal.js'

/** What the protocol works with. */
export type HttpProtocolTools = {
  readonly signer: Signer
  readonly verifier: Verifier
  readonly clock: Clock
  readonly nonces: IncreasingNonces
  readonly nonceRules: NonceRules
  /** longest timeout that widens the nonce window, in seconds: the header is not signed */
  readonly maxTimeoutS: number
  /** version integer of the peers this axon answers like */
  readonly version: number
  /** names of all routes, for the answer to an unknown one */
  readonly routes: () => readonly string[]
}

/** Seconds that Python's class assumes when nobody says otherwise. */
const DEFAULT_TIMEOUT_S = 12

/** The head of a request as Python's class would hold it. */
type HeadSynapse = {
  readonly timeoutS: number | undefined
  readonly axon: Terminal
  readonly dendrite: Terminal
  readonly computedBodyHash: string
}

export function createHttpProtocol(tools: HttpProtocolTools): Protocol {
  const uuid = randomUUID()
  const nextNonce = createNonceSource(tools.clock, 'wall')
  const sign = async (text: string) => {
    const signature = await tools.signer.sign(new TextEncoder().encode(text))
    return `0x${Buffer.from(signature).toString('hex')}`
  }
  return (head, route) => {
    const exchange = new HttpExchange(tools, head, route)
    return exchange.open({ uuid, nextNonce, sign })
  }
}

type OwnEnd = {
  readonly uuid: string
  readonly nextNonce: () => bigint
  readonly sign: (text: string) => Promise<string>
}

/** State of one request: the head is read once and looked at by every later step. */
class HttpExchange {
  readonly #tools: HttpProtocolTools
  readonly #head: RequestHead
  readonly #route: Route | undefined
  #read: HeadSynapse | undefined
  #body: JsonMap = new Map()
  #isAuthentic = false

  constructor(tools: HttpProtocolTools, head: RequestHead, route: Route | undefined) {
    this.#tools = tools
    this.#head = head
    this.#route = route
  }

  open(own: OwnEnd): Exchange {
    const timeoutS = floatOf(headerOf(this.#head, 'timeout'))
    return {
      protocol: 'http',
      claim: {
        caller: cleanHeader(headerOf(this.#head, 'bt_header_dendrite_hotkey') ?? ''),
        version: intOf(headerOf(this.#head, 'bt_header_dendrite_version')),
        timeoutMs: timeoutS === undefined ? undefined : timeoutS * 1000,
      },
      readHead: () => this.#readHead(),
      authenticateHead: () => this.#authenticate(),
      authenticateBody: async () => {},
      decode: (raw, call) => this.#decode(raw, call),
      success: async (call, status, nodes) => this.#success(call, status, nodes),
      streamHead: (call) => this.#streamHead(call),
      failure: (call, error) => this.#failure(call, error, own),
    }
  }

  #synapse(): Synapse {
    return this.#route?.synapse ?? Ping
  }

  #readHead(): void {
    if (!this.#route) {
      const name = this.#head.target.replace(/[?].*$/s, '').slice(1, 65)
      const known = pythonRepr([...this.#tools.routes()])
      throw new RequestError(
        'unknown-route',
        `Synapse name '${cleanHeader(name)}' not found. Available synapses ${known}`,
      )
    }
    this.#read = readHeadSynapse(this.#head, this.#route.synapse)
  }

  async #authenticate(): Promise<boolean> {
    const problem = await this.#problem()
    if (problem !== undefined) {
      throw new RequestError('unauthorized', `Not Verified with error: ${problem}`)
    }
    this.#isAuthentic = true
    return true
  }

  /** Python's order: nonce missing, nonce rules, signature missing, address, signature. */
  async #problem(): Promise<string | undefined> {
    const { dendrite, timeoutS = 0, computedBodyHash } = this.#read ?? emptyHead
    const { nonce, hotkey, uuid, signature, version } = dendrite
    if (nonce === undefined) return 'Missing Nonce'
    const key = `${hotkey}:${uuid}`
    const { nonces, nonceRules, clock, maxTimeoutS } = this.#tools
    const { connection } = this.#head
    const stale = nonceProblem(
      {
        nowNs: clock.wallNs(),
        nonce,
        timeoutS: Math.min(Math.max(timeoutS, 0), maxTimeoutS),
        version,
        stored: nonces.last(key, { nonce, connection }),
      },
      nonceRules,
    )
    if (stale !== undefined) return stale
    if (hotkey === undefined) return 'No SS58 formatted address or public key provided.'
    if (signature === undefined) return 'Missing Signature'
    if (uuid !== undefined && uuid.length > 64) return 'Unknown uuid format'
    const text = `${nonce}.${hotkey}.${this.#tools.signer.address}.${uuid ?? 'None'}.${computedBodyHash}`
    const invalid = await this.#signatureProblem(text, hotkey, signature)
    if (invalid !== undefined) return invalid
    // Another request of the same sender may have passed while the signature was checked.
    return nonces.accept(key, nonce, connection)
      ? undefined
      : 'Nonce is too old, a newer one was last processed'
  }

  async #signatureProblem(
    text: string,
    hotkey: string,
    signature: string,
  ): Promise<string | undefined> {
    const publicKey = publicKeyOf(hotkey)
    if (!publicKey) return 'Invalid SS58 address'
    if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(signature)) {
      return 'Invalid signature format. Expected hex string.'
    }
    const claim = {
      message: new TextEncoder().encode(text),
      signature: Buffer.from(signature.slice(2), 'hex'),
      publicKey,
      scheme: 'sr25519',
    } as const
    if (claim.signature.length !== 64) return 'Invalid SR25519 signature.'
    const { verifier } = this.#tools
    if ((await verifier(claim)) || (await verifier(wrapped(claim)))) return undefined
    return 'Signature mismatch'
  }

  #decode(raw: Uint8Array, call: Call) {
    const text = decodeUtf8(raw)
    if (text === undefined) {
      throw new RequestError('not-text', 'There was an error parsing the body')
    }
    const synapse = this.#synapse()
    try {
      const body = parseJson(text)
      const decoded = decodeFields(synapse, body)
      if (body instanceof Map) this.#body = body
      if (bodyHash(decoded.nodes, synapse.hashFields) !== this.#read?.computedBodyHash) {
        throw new RequestError('failed', failureText(call), 'hash mismatch')
      }
      return decoded
    } catch (error) {
      if (error instanceof JsonError || error instanceof WireError) {
        throw new RequestError('malformed', error.message, error)
      }
      throw error
    }
  }

  #success(call: Call, status: { code: number; message: string }, nodes: JsonMap): HttpAnswer {
    const processTime = this.#processTime(call)
    const axon = {
      ...terminalOfNode(this.#body.get('axon')),
      statusCode: status.code,
      statusMessage: status.message,
      processTime,
    }
    const dendrite = terminalOfNode(this.#body.get('dendrite'))
    const timeout = timeoutOf(this.#body.get('timeout'))
    const synapse = this.#synapse()
    const body = printJson(
      new Map<string, JsonNode>([
        ['name', synapse.name],
        ['timeout', timeout],
        ['total_size', sizeOf(this.#body.get('total_size'))],
        ['header_size', sizeOf(this.#body.get('header_size'))],
        ['dendrite', terminalNode(dendrite)],
        ['axon', terminalNode(axon)],
        ['computed_body_hash', ''],
        ...nodes,
      ]),
      'compact',
    )
    const headers = headersOf({
      synapse,
      timeout,
      axon,
      dendrite,
      hash: bodyHash(nodes, synapse.hashFields),
      size: body.length,
    })
    return {
      status: status.code,
      headers: [['content-type', 'application/json'], ...headers],
      body,
    }
  }

  #streamHead(call: Call): HttpAnswer {
    const axon = {
      ...terminalOfNode(this.#body.get('axon')),
      statusCode: 200,
      statusMessage: 'Success',
      processTime: this.#processTime(call),
    }
    const dendrite = terminalOfNode(this.#body.get('dendrite'))
    const hash = this.#read?.computedBodyHash
    const timeout = timeoutOf(this.#body.get('timeout'))
    const headers = headersOf({ synapse: this.#synapse(), timeout, axon, dendrite, hash, size: 0 })
    return { status: 200, headers: [['content-type', 'text/event-stream'], ...headers], body: '' }
  }

  async #failure(call: Call, error: RequestError, own: OwnEnd): Promise<HttpAnswer> {
    const status = HTTP_STATUS[error.kind]
    const message = publicMessage(error)
    if (error.kind === 'malformed' || error.kind === 'not-text') return plainFailure(status, error)
    const body = printJson(new Map([['message', message]]), 'compact')
    const processTime = this.#processTime(call)
    const outcome = { statusCode: status, statusMessage: message, processTime }
    const read = this.#read
    if (!read) {
      const timeout = floatOf(headerOf(this.#head, 'timeout')) ?? DEFAULT_TIMEOUT_S
      const headers = headersOf({
        synapse: Ping,
        timeout,
        axon: outcome,
        dendrite: {},
        hash: bodyHash(new Map(), []),
        size: body.length,
      })
      return { status, headers: [...headers, ['content-type', 'application/json']], body }
    }
    const axon = { ...(await this.#ownEnd(read, own)), ...outcome }
    const dendrite = { ...read.dendrite, ip: this.#head.remoteIp, port: this.#head.remotePort }
    const synapse = this.#synapse()
    const hash = bodyHash(dummyNodes(synapse), synapse.hashFields)
    const timeout = read.timeoutS ?? DEFAULT_TIMEOUT_S
    const headers = headersOf({ synapse, timeout, axon, dendrite, hash, size: body.length })
    return { status, headers: [...headers, ['content-type', 'application/json']], body }
  }

  /** Signs answers to authenticated callers only: to others, every bad request would cost a signature. */
  async #ownEnd(read: HeadSynapse, own: OwnEnd): Promise<Terminal> {
    const nonce = own.nextNonce()
    const end = { ...read.axon, version: this.#tools.version, nonce, uuid: own.uuid }
    if (!this.#isAuthentic) return end
    const text = `${nonce}.${read.dendrite.hotkey}.${read.axon.hotkey ?? 'None'}.${own.uuid}`
    return { ...end, signature: await own.sign(text) }
  }

  #processTime(call: Call): number {
    const started = (call as { startedMs?: number }).startedMs ?? performance.now()
    return (performance.now() - started) / 1000
  }
}

const emptyHead: HeadSynapse = { timeoutS: undefined, axon: {}, dendrite: {}, computedBodyHash: '' }

/** The texts of Python's axon around the reason. */
function publicMessage(error: RequestError): string {
  if (error.kind === 'blacklisted') return `Forbidden. Key is blacklisted: ${error.message}.`
  return error.message
}

/** What the web framework under Python's axon answers when a body cannot be taken. */
function plainFailure(status: number, error: RequestError): HttpAnswer {
  const detail: JsonNode =
    error.kind === 'not-text'
      ? error.message
      : [
          new Map<string, JsonNode>([
            ['type', error.cause instanceof JsonError ? 'json_invalid' : 'value_error'],
            ['loc', ['body']],
            ['msg', error.cause instanceof JsonError ? 'JSON decode error' : error.message],
          ]),
        ]
  const body = printJson(new Map([['detail', detail]]), 'compact')
  return { status, headers: [['content-type', 'application/json']], body }
}

/** @throws {RequestError} `unreadable` where Python's class could not be built */
function readHeadSynapse(head: RequestHead, synapse: Synapse): HeadSynapse {
  checkInputObjects(head, synapse)
  const number = (name: string) => {
    const text = headerOf(head, name)
    const value = intOf(text)
    if (text !== undefined && value === undefined) throw unreadable()
    return value
  }
  const timeoutText = headerOf(head, 'timeout')
  const timeoutS = floatOf(timeoutText)
  if (timeoutText !== undefined && timeoutS === undefined) throw unreadable()
  const nonceText = headerOf(head, 'bt_header_dendrite_nonce')
  if (nonceText !== undefined && !/^-?\d{1,39}$/.test(nonceText)) throw unreadable()
  return {
    timeoutS,
    axon: {
      ip: headerOf(head, 'bt_header_axon_ip'),
      port: number('bt_header_axon_port'),
      hotkey: headerOf(head, 'bt_header_axon_hotkey'),
    },
    dendrite: {
      version: number('bt_header_dendrite_version'),
      nonce: nonceText === undefined ? undefined : BigInt(nonceText),
      uuid: headerOf(head, 'bt_header_dendrite_uuid'),
      hotkey: headerOf(head, 'bt_header_dendrite_hotkey'),
      signature: headerOf(head, 'bt_header_dendrite_signature'),
    },
    computedBodyHash: headerOf(head, 'computed_body_hash') ?? '',
  }
}

const expectedInputs = new WeakMap<Synapse, [string, string][]>()

function checkInputObjects(head: RequestHead, synapse: Synapse): void {
  const expected = expectedInputs.get(synapse) ?? inputObjects(synapse)
  expectedInputs.set(synapse, expected)
  for (const [name, usual] of expected) {
    const value = headerOf(head, `bt_header_input_obj_${name.toLowerCase()}`)
    const field = synapse.plan.find((entry) => entry.wireName === name)
    if (value === usual && field?.kind.kind !== 'tensor') continue
    if (value === undefined || !field) throw unreadable()
    try {
      const node = parseJson(Buffer.from(value, 'base64').toString('utf8'))
      toValue(field.kind, normalise(field.kind, node, name))
    } catch {
      throw unreadable()
    }
  }
}

function unreadable(): RequestError {
  // The id makes it look like any other failure of Python's axon; nothing is logged under it but this refusal.
  return new RequestError('unreadable', `Internal Server Error #${randomUUID()}`)
}

function headersOf(parts: {
  synapse: Synapse
  timeout: number
  axon: Terminal
  dendrite: Terminal
  hash: string | undefined
  size: number
}): [string, string][] {
  const headers: [string, string][] = [
    ['name', parts.synapse.name],
    ['timeout', floatRepr(parts.timeout)],
    ...terminalHeaders('axon', parts.axon),
    ...terminalHeaders('dendrite', parts.dendrite),
    ...inputObjects(parts.synapse).map(([name, value]): [string, string] => [
      `bt_header_input_obj_${name}`,
      value,
    ]),
  ]
  const headerSize = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return [
    ...headers,
    ['header_size', String(headerSize)],
    ['total_size', String(headerSize + parts.size)],
    ['computed_body_hash', parts.hash ?? ''],
  ]
}

function timeoutOf(node: JsonNode | undefined): number {
  if (typeof node === 'number' && Number.isFinite(node)) return node
  return typeof node === 'bigint' ? Number(node) : DEFAULT_TIMEOUT_S
}

function sizeOf(node: JsonNode | undefined): bigint {
  return typeof node === 'bigint' ? node : 0n
}

function intOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

function floatOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,15}(\.\d{0,20})?(e[+-]?\d{1,3})?$/i.test(text))
    return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
