import { readFileSync } from 'node:fs'
import { bytesToHex } from '@noble/hashes/utils.js'
import { describe, expect, test } from 'vitest'
import {
  palletCallType,
  palletErrorType,
  palletEventType,
} from '../../../src/localnet/runtime/codecs.js'
import type { Pallet } from '../../../src/localnet/runtime/pallet.js'
import { createRuntime } from '../../../src/localnet/runtime/runtime.js'
import type { FieldDef, ScaleType } from '../../../src/localnet/runtime/scale.js'

type Extract = {
  pallets: Record<
    string,
    {
      index: number
      storage: Record<string, [string, [string, string][], string, string]>
      calls: Record<string, [number, string]>
      events: Record<string, [number, string]>
      errors: Record<string, number>
      constants: Record<string, [string, string]>
      paths: Record<string, string>
    }
  >
  types: Record<string, string>
}

/** What the metadata of the real runtime says about the pallets served here. */
const real: Extract = JSON.parse(
  readFileSync(new URL('../../vectors/metadata/spec-143-extract.json', import.meta.url), 'utf8'),
)

const seen: Record<string, string> = {}

/** A type as the extract writes it; notes every named type in `seen`. */
function nameOf(type: ScaleType<unknown>): string {
  const path = type.path.join('::')
  if (path === '') return shape(type)
  if (/^node_subtensor_runtime::Runtime(Call|Event)$/.test(path)) return path
  const params = type.params.map((one) => `${one.name}=${one.type ? nameOf(one.type) : '_'}`)
  const name = params.length > 0 ? `${path}<${params.join(',')}>` : path
  if (!(name in seen)) {
    seen[name] = ''
    seen[name] = shape(type)
  }
  return name
}

const field = (one: FieldDef) => (one.name ? `${one.name}: ` : '') + nameOf(one.type)

function shape(type: ScaleType<unknown>): string {
  const def = type.def()
  switch (def.kind) {
    case 'primitive':
      return def.name
    case 'compact':
      return `Compact<${nameOf(def.of)}>`
    case 'sequence':
      return `Vec<${nameOf(def.of)}>`
    case 'array':
      return `[${nameOf(def.of)}; ${def.length}]`
    case 'tuple':
      return `(${def.of.map(nameOf).join(', ')})`
    case 'composite':
      return `{${def.fields.map(field).join(', ')}}`
    case 'variant':
      return def.variants
        .map((one) => `${one.index} ${one.name}(${one.fields.map(field).join(', ')})`)
        .sort()
        .join(' | ')
  }
}

function variantsOf(type: ScaleType<unknown> | undefined): Record<string, [number, string]> {
  const def = type?.def()
  if (def?.kind !== 'variant') return {}
  return Object.fromEntries(
    def.variants.map((one) => [one.name, [one.index, one.fields.map(field).join(', ')]]),
  )
}

const pathOf = (type: ScaleType<unknown>) =>
  `${type.path.join('::')}<${type.params.map((one) => one.name).join(',')}>`

function storageOf(pallet: Pallet): Extract['pallets'][string]['storage'] {
  return Object.fromEntries(
    Object.values(pallet.storage).map((item) => {
      const fallback = item.optional ? '00' : bytesToHex(item.type.codec.enc(item.fallback))
      const keys = item.keys.map((key): [string, string] => [key.hasher, nameOf(key.type)])
      const modifier = item.optional ? 'Optional' : 'Default'
      return [item.name, [modifier, keys, nameOf(item.type), `0x${fallback}`]]
    }),
  )
}

const runtime = createRuntime()

/** Calls of the real runtime that are left out on purpose. */
const NOT_SERVED: Record<string, string[]> = {
  System: [
    'set_heap_pages',
    'set_code',
    'set_code_without_checks',
    'set_storage',
    'kill_storage',
    'kill_prefix',
  ],
  Grandpa: ['report_equivocation', 'report_equivocation_unsigned'],
}

describe('what is served equals the metadata of the real spec 143', () => {
  test.each(runtime.pallets.map((one) => [one.name, one] as const))('%s', (name, pallet) => {
    const expected = real.pallets[name]!
    expect(pallet.index).toBe(expected.index)
    expect(storageOf(pallet)).toEqual(expected.storage)
    const calls = { ...expected.calls }
    for (const call of NOT_SERVED[name] ?? []) delete calls[call]
    expect(variantsOf(palletCallType(pallet))).toEqual(calls)
    expect(variantsOf(palletEventType(pallet))).toEqual(expected.events)
    expect(pallet.errors).toEqual(expected.errors)
    const constants = Object.entries(pallet.constants).map(([constant, { type, value }]) => [
      constant,
      [nameOf(type), `0x${bytesToHex(type.codec.enc(value))}`],
    ])
    expect(Object.fromEntries(constants)).toEqual(expected.constants)
    const enums = {
      calls: palletCallType(pallet),
      events: palletEventType(pallet),
      errors: palletErrorType(pallet),
    }
    for (const [kind, type] of Object.entries(enums)) {
      if (type) expect(pathOf(type)).toBe(expected.paths[kind])
    }
  })

  test('named types', () => {
    for (const pallet of runtime.pallets) storageOf(pallet)
    nameOf(runtime.eventRecordType)
    const expected = Object.fromEntries(
      Object.keys(seen)
        .filter((name) => !/^pallet_\w+::pallet::(Call|Event)|^frame_system::pallet/.test(name))
        .map((name) => [name, real.types[name]]),
    )
    const served = Object.fromEntries(Object.keys(expected).map((name) => [name, seen[name]]))
    expect(served).toEqual(expected)
    expect(Object.keys(served).length).toBeGreaterThan(30)
  })

  test('pallets come in the order of their indexes, each once', () => {
    const indexes = runtime.pallets.map((one) => one.index)
    expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b))
  })
})
