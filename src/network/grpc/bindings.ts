/** Which synapse is which call of the 5.x gRPC service, and how its fields become messages. */
import { BittensorError } from '../../core/errors.js'
import { type JsonMap, type JsonNode, parseJson, printJson } from '../wire/json.js'
import {
  BackwardRequest,
  BackwardResponse,
  ForwardRequest,
  ForwardResponse,
  MultiForwardRequest,
  MultiForwardResponse,
} from './messages.js'
import { decodeMessage, encodeMessage } from './protobuf.js'

/** The version that 5.3.1 writes into requests and metadata. */
export const GRPC_VERSION = 531

/** The outcome of a call as the message carries it. */
export type ReturnState = { readonly code: number; readonly message: string }

/** One call of the service; nodes are the fields of the synapse by wire name. */
export type GrpcBinding = {
  readonly path: string
  /** @param timeoutMs what the caller waits */
  encodeRequest(nodes: JsonMap, timeoutMs: number): Buffer
  /** @throws {ProtobufError | JsonError | BittensorError} */
  decodeRequest(bytes: Uint8Array): { nodes: JsonMap; timeoutMs: number | undefined }
  /** @param nodes undefined when there is no answer but the state */
  encodeResponse(nodes: JsonMap | undefined, state: ReturnState): Buffer
  decodeResponse(bytes: Uint8Array): { nodes: JsonMap; state: ReturnState }
}

/** By the name of the synapse. */
export const GRPC_BINDINGS: Readonly<Record<string, GrpcBinding>> = {
  TextPrompting: {
    path: '/TextPrompting/Forward',
    encodeRequest: (nodes, timeoutMs) =>
      encodeMessage(ForwardRequest, {
        version: GRPC_VERSION,
        messages: packMessages(nodes),
        timeout: timeoutMs / 1000,
      }),
    decodeRequest(bytes) {
      const { messages, timeout } = decodeMessage(ForwardRequest, bytes)
      return { nodes: new Map(unpackMessages(messages)), timeoutMs: milliseconds(timeout) }
    },
    encodeResponse: (nodes, state) =>
      encodeMessage(ForwardResponse, {
        response: textOf(nodes?.get('completion')),
        return_message: state.message,
        return_code: state.code,
      }),
    decodeResponse(bytes) {
      const { response, return_message, return_code } = decodeMessage(ForwardResponse, bytes)
      return {
        nodes: new Map([['completion', response]]),
        state: { code: return_code, message: return_message },
      }
    },
  },
  TextPromptingBackward: {
    path: '/TextPrompting/Backward',
    encodeRequest: (nodes, timeoutMs) =>
      encodeMessage(BackwardRequest, {
        version: GRPC_VERSION,
        rewards: listOf(nodes.get('rewards')).map(Number),
        messages: packMessages(nodes),
        response: textOf(nodes.get('completion')),
        timeout: timeoutMs / 1000,
      }),
    decodeRequest(bytes) {
      const { messages, response, rewards, timeout } = decodeMessage(BackwardRequest, bytes)
      const nodes = new Map<string, JsonNode>([
        ...unpackMessages(messages),
        ['completion', response],
        ['rewards', [...rewards]],
      ])
      return { nodes, timeoutMs: milliseconds(timeout) }
    },
    encodeResponse: (_nodes, state) =>
      encodeMessage(BackwardResponse, { return_message: state.message, return_code: state.code }),
    decodeResponse(bytes) {
      const { return_message, return_code } = decodeMessage(BackwardResponse, bytes)
      return { nodes: new Map(), state: { code: return_code, message: return_message } }
    },
  },
  TextPromptingMulti: {
    path: '/TextPrompting/MultiForward',
    encodeRequest: (nodes, timeoutMs) =>
      encodeMessage(MultiForwardRequest, {
        version: GRPC_VERSION,
        messages: packMessages(nodes),
        timeout: timeoutMs / 1000,
      }),
    decodeRequest(bytes) {
      const { messages, timeout } = decodeMessage(MultiForwardRequest, bytes)
      return { nodes: new Map(unpackMessages(messages)), timeoutMs: milliseconds(timeout) }
    },
    encodeResponse: (nodes, state) =>
      encodeMessage(MultiForwardResponse, {
        multi_completions: listOf(nodes?.get('completions')).map(textOf),
        return_message: state.message,
        return_code: state.code,
      }),
    decodeResponse(bytes) {
      const { multi_completions, return_message, return_code } = decodeMessage(
        MultiForwardResponse,
        bytes,
      )
      return {
        nodes: new Map([['completions', [...multi_completions]]]),
        state: { code: return_code, message: return_message },
      }
    },
  },
}

/** Each message is the JSON text that Python's json.dumps writes for {"role", "content"}. */
function packMessages(nodes: JsonMap): string[] {
  const roles = listOf(nodes.get('roles'))
  const contents = listOf(nodes.get('messages'))
  if (roles.length !== contents.length) {
    throw new BittensorError('USAGE', `${roles.length} roles but ${contents.length} messages`)
  }
  return roles.map((role, i) => {
    const entry = new Map<string, JsonNode>([
      ['role', role],
      ['content', contents[i] ?? ''],
    ])
    return printJson(entry, 'python')
  })
}

function unpackMessages(messages: readonly string[]): [string, JsonNode][] {
  const entries = messages.map((text) => parseJson(text))
  const pick = (key: string) =>
    entries.map((entry) => {
      const value = entry instanceof Map ? entry.get(key) : undefined
      if (typeof value !== 'string')
        throw new BittensorError('USAGE', `a message has no \`${key}\``)
      return value
    })
  return [
    ['roles', pick('role')],
    ['messages', pick('content')],
  ]
}

function listOf(node: JsonNode | undefined): JsonNode[] {
  return Array.isArray(node) ? node : []
}

function textOf(node: JsonNode | undefined): string {
  return typeof node === 'string' ? node : ''
}

/** Rounded to a hundredth: the wire has a 32-bit float. */
function milliseconds(seconds: number): number | undefined {
  return Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1e5) / 100 : undefined
}
