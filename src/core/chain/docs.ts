/** What the authors of a runtime wrote about its parts. Not cached with the description: only help pages show it. */
import { decAnyMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings'
import { fromHex } from '../keys/hex.js'
import type { Hex } from './types.js'

export type DocsKind = 'storage' | 'constant' | 'call' | 'api'

/** Lines of documentation, without the blank ones around; empty where there is none or the metadata is none. */
export function docsIn(metadata: Hex, kind: DocsKind, owner: string, name: string): string[] {
  const bytes = fromHex(metadata)
  if (!bytes) return []
  const { pallets, apis, lookup } = unifyMetadata(decAnyMetadata(bytes))
  const named = <T extends { readonly name: string }>(all: readonly T[] | undefined) =>
    all?.find((one) => one.name === name)
  const pallet = pallets.find((one) => one.name === owner)
  const found = {
    storage: () => named(pallet?.storage?.items),
    constant: () => named(pallet?.constants),
    call: () => {
      const def = lookup[pallet?.calls?.type ?? -1]?.def
      return def?.tag === 'variant' ? named(def.value) : undefined
    },
    api: () => named(apis.find((one) => one.name === owner)?.methods),
  }[kind]()
  const lines = (found?.docs ?? []).map((line) => line.trimEnd().replace(/^ /, ''))
  const start = lines.findIndex((line) => line !== '')
  return start < 0 ? [] : lines.slice(start, lines.findLastIndex((line) => line !== '') + 1)
}
