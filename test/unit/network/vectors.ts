/** Recorded data of real Python peers; see test/vectors/neuron/README.md. */
import { readFileSync } from 'node:fs'
import { type JsonNode, parseJson } from '../../../src/network/wire/json.js'

const folder = new URL('../../vectors/neuron/', import.meta.url)

export function vectorText(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8')
}

export function vectors<T>(name: string): T {
  return JSON.parse(vectorText(name)) as T
}

/** The same file without loss: integers as bigint, `1.0` apart from `1`. */
export function losslessVectors(name: string): JsonNode {
  return parseJson(vectorText(name))
}
