/** What a runtime declares, written the way `test/vectors/metadata` writes real metadata. */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { RuntimeApi } from '../../src/localnet/node/runtimeApis.js'
import {
  palletCallType,
  palletErrorType,
  palletEventType,
} from '../../src/localnet/runtime/codecs.js'
import type { Pallet } from '../../src/localnet/runtime/pallet.js'
import type { FieldDef, ScaleType } from '../../src/localnet/runtime/scale.js'

type Hex = string
/** Modifier, keys with their hashers, type, default. */
type StorageEntry = [string, [string, string][], string, Hex]

export type DeclaredPallet = {
  index: number
  storage: Record<string, StorageEntry>
  calls: Record<string, [number, string]>
  events: Record<string, [number, string]>
  errors: Record<string, number>
  constants: Record<string, [string, Hex]>
  paths: Record<string, string>
}

export type Extract = {
  pallets: Record<string, DeclaredPallet>
  /** Arguments with their types, and the type of the answer. */
  apis?: Record<string, Record<string, [[string, string][], string]>>
  types: Record<string, string>
}

/** Describes types and notes every named one in `seen`. */
export function describer() {
  const seen: Record<string, string> = {}

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

  function storageOf(pallet: Pallet): DeclaredPallet['storage'] {
    return Object.fromEntries(
      Object.values(pallet.storage).map((item) => {
        const fallback = item.optional ? '00' : bytesToHex(item.type.codec.enc(item.fallback))
        const keys = item.keys.map((key): [string, string] => [key.hasher, nameOf(key.type)])
        const modifier = item.optional ? 'Optional' : 'Default'
        return [item.name, [modifier, keys, nameOf(item.type), `0x${fallback}`]]
      }),
    )
  }

  const pathOf = (type: ScaleType<unknown>) =>
    `${type.path.join('::')}<${type.params.map((one) => one.name).join(',')}>`

  function palletOf(pallet: Pallet): DeclaredPallet {
    const enums = {
      calls: palletCallType(pallet),
      events: palletEventType(pallet),
      errors: palletErrorType(pallet),
    }
    const constants = Object.entries(pallet.constants).map(([name, { type, value }]) => [
      name,
      [nameOf(type), `0x${bytesToHex(type.codec.enc(value))}`],
    ])
    return {
      index: pallet.index,
      storage: storageOf(pallet),
      calls: variantsOf(enums.calls),
      events: variantsOf(enums.events),
      errors: { ...pallet.errors },
      constants: Object.fromEntries(constants),
      paths: Object.fromEntries(
        Object.entries(enums).flatMap(([kind, type]) => (type ? [[kind, pathOf(type)]] : [])),
      ),
    }
  }

  const apiOf = ({ methods }: RuntimeApi): NonNullable<Extract['apis']>[string] =>
    Object.fromEntries(
      Object.entries(methods).map(([name, { inputs, output }]) => [
        name,
        [
          Object.entries(inputs).map(([arg, type]): [string, string] => [arg, nameOf(type)]),
          nameOf(output),
        ],
      ]),
    )

  return { seen, nameOf, palletOf, apiOf }
}
