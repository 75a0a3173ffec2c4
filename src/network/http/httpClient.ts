/** The dendrite's side of the HTTP protocol of bittensor 6.x–10.x. */
import type { IncomingHttpHeaders } from 'node:http'
import { CallError } from '../callError.js'
import type { Signer } from '../signing/signer.js'
import { inputObjects, type Synapse } from '../synapse.js'
import { type JsonMap, type JsonNode, printJson } from '../wire/json.js'
import { floatRepr } from '../wire/pythonText.js'
import { bodyHash } from './bodyHash.js'
import { type Terminal, terminalHeaders, terminalNode, terminalOfNode } from './terminal.js'

/** What a request says about its two ends. */
export type HttpCallInfo = {
  readonly signer: Signer
  readonly axon: { readonly ip: string; readonly port: number; readonly hotkey: string }
  /** own address as others see it */
  readonly ip: string
  readonly version: number
  readonly nonce: bigint
  readonly uuid: string
  readonly timeoutMs: number
}

/** A request but for its address; the body is ASCII. */
export type HttpRequest = {
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/**
 * The request of a Python dendrite for this synapse, byte for byte but for the sizes, which Python measures in its own memory.
 * @throws {CallError} 400 when a hash field cannot be hashed
 */
export async function buildHttpRequest(
  synapse: Synapse,
  nodes: JsonMap,
  info: HttpCallInfo,
): Promise<HttpRequest> {
  const hash = bodyHash(nodes, synapse.hashFields)
  if (hash === undefined) throw new CallError(400, 'a text holds half a surrogate pair')
  const { signer, axon } = info
  const message = `${info.nonce}.${signer.address}.${axon.hotkey}.${info.uuid}.${hash}`
  const signature = await signer.sign(new TextEncoder().encode(message))
  const dendrite: Terminal = {
    ip: info.ip,
    version: info.version,
    nonce: info.nonce,
    uuid: info.uuid,
    hotkey: signer.address,
    signature: `0x${Buffer.from(signature).toString('hex')}`,
  }
  const body = bodyOf(synapse, nodes, { dendrite, axon, timeout: info.timeoutMs / 1000 })
  const head: [string, string][] = [
    ['name', synapse.name],
    ['timeout', floatRepr(info.timeoutMs / 1000)],
    ...terminalHeaders('axon', axon),
    ...terminalHeaders('dendrite', dendrite),
    ...inputObjects(synapse).map(([name, value]): [string, string] => [
      `bt_header_input_obj_${name}`,
      value,
    ]),
  ]
  const headerSize = head.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return {
    body,
    headers: [
      ...head,
      ['header_size', String(headerSize)],
      ['total_size', String(headerSize + body.length)],
      ['computed_body_hash', hash],
      ['Accept', '*/*'],
      ['Accept-Encoding', 'identity'],
      ['User-Agent', 'bittensor-js'],
      ['Content-Length', String(body.length)],
      ['Content-Type', 'application/json'],
    ],
  }
}

function bodyOf(
  synapse: Synapse,
  nodes: JsonMap,
  ends: { dendrite: Terminal; axon: Terminal; timeout: number },
): string {
  const body = new Map<string, JsonNode>([
    ['name', synapse.name],
    ['timeout', ends.timeout],
    ['total_size', 0n],
    ['header_size', 0n],
    ['dendrite', terminalNode(ends.dendrite)],
    ['axon', terminalNode(ends.axon)],
    ['computed_body_hash', ''],
    ...nodes,
  ])
  return printJson(body, 'python')
}

/** What an axon says about how the call went. */
export type AxonStatus = {
  readonly code: number
  readonly message: string
  readonly processTimeMs: number | undefined
}

/**
 * Reads the outcome as Python's dendrite does: headers first, then the body, then the HTTP status.
 * @param body undefined while it is not known, for streams
 */
export function axonStatusOf(
  httpStatus: number,
  headers: IncomingHttpHeaders,
  body: JsonNode | undefined,
): AxonStatus {
  const inBody = body instanceof Map ? terminalOfNode(body.get('axon')) : {}
  const text = (name: string) => {
    const value = headers[`bt_header_axon_${name}`]
    return typeof value === 'string' ? value : undefined
  }
  const code = Number(text('status_code') ?? inBody.statusCode ?? httpStatus)
  const bodyMessage = body instanceof Map ? body.get('message') : undefined
  const seconds = Number(text('process_time') ?? inBody.processTime ?? Number.NaN)
  return {
    code: Number.isInteger(code) ? code : httpStatus,
    message:
      text('status_message') ??
      inBody.statusMessage ??
      (typeof bodyMessage === 'string' ? bodyMessage : `HTTP ${httpStatus}`),
    processTimeMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  }
}
