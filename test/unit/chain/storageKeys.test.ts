/**
 * Storage keys of spec 143 and 218 as their real runtimes wrote them: each is what this client makes of its arguments, and
 * every item that a command may read is among them, or named here with the reason why it is not.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Description } from '../../../src/core/chain/description.js'
import { keysOf, storageKey } from '../../../src/core/chain/storageKey.js'
import type { Hex } from '../../../src/core/chain/types.js'
import { descriptionOf, vectorJson } from './recordedChain.js'

type Recorded = { readonly keys: readonly unknown[]; readonly storageKey: Hex }
type Recording = { readonly storageKeys: Readonly<Record<string, readonly Recorded[]>> }

const source = fileURLToPath(new URL('../../../src', import.meta.url))

/** Sources of all commands. The embedded chain is no client of a runtime. */
const files = ['core', 'cli', 'commands'].flatMap((folder) =>
  readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(source, folder, name), 'utf8')),
)

/** Quoted names of each file: more than the items that are read, and none of those is missing, as no name is put together from parts. */
const quoted = files.map(
  (text) => new Set(Array.from(text.matchAll(/'([\w.]+)'/g), ([, name]) => name)),
)

/** `Pallet.Item` of all storage that the sources name. A file may leave out the name of the main pallet. */
function itemsNamed({ pallets }: Description): string[] {
  return Object.entries(pallets).flatMap(([pallet, { storage }]) =>
    Object.keys(storage)
      .filter((item) =>
        quoted.some(
          (names) =>
            names.has(`${pallet}.${item}`) ||
            (names.has(item) && (pallet === 'SubtensorModule' || names.has(pallet))),
        ),
      )
      .map((item) => `${pallet}.${item}`),
  )
}

const UNRECORDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  143: { 'SubtensorModule.ScalingLawPower': 'no call writes it, it reads as its default' },
  218: {
    'SubtensorModule.ScalingLawPower': 'no call writes it, it reads as its default',
    'SubtensorModule.Bonds': 'the epochs of this build wrote none, with weights and stake in place',
  },
}

describe.each([
  ['143', 'spec-143.v14'],
  ['218', 'spec-218.v15'],
] as const)('spec %s', (spec, metadata) => {
  const description = descriptionOf(metadata)
  const { types } = description
  const { storageKeys } = vectorJson<Recording>(`storage-keys-${spec}.json`)

  test.each(Object.entries(storageKeys))('keys of %s', (name, recorded) => {
    const [pallet = '', item = ''] = name.split('.')
    const found = description.pallets[pallet]?.storage[item]
    if (!found) throw new Error(`spec ${spec} has no ${name}`)
    expect(recorded.length).toBeGreaterThan(0)
    for (const { keys, storageKey: key } of recorded) {
      expect(storageKey(types, found, keys)).toBe(key)
      // Wide numbers are decimal text in the recording.
      expect(JSON.stringify(keysOf(types, found, key), wide)).toBe(JSON.stringify(keys, wide))
    }
  })

  test('every item that a command reads is recorded, or said here why not', () => {
    const named = itemsNamed(description)
    expect(named.length).toBeGreaterThan(70)
    const missing = named.filter((name) => !(name in storageKeys))
    expect(missing.sort()).toEqual(Object.keys(UNRECORDED[spec] ?? {}).sort())
  })
})

const wide = (_: string, value: unknown) =>
  typeof value === 'bigint' || typeof value === 'number' ? `${value}` : value
