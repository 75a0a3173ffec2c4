/** Things of a runtime by the names people type: `SubtensorModule.Burn`, in any case. */
import type {
  Description,
  PalletDescription,
  Runtime,
  StorageDescription,
} from '../core/chain/description.js'
import type { TypeRef, VariantCase } from '../core/chain/typeDef.js'
import { closest } from '../core/closest.js'
import { BittensorError } from '../core/errors.js'

/** What can be named: where it lies in a description, and what it is called in messages. */
export type Kind<T> = {
  readonly what: string
  /** What it belongs to. */
  readonly owner: 'pallet' | 'runtime API'
  /** Owners (pallets, runtime APIs) with their things by name. */
  readonly all: (description: Description) => Readonly<Record<string, Readonly<Record<string, T>>>>
}

type Constant = { readonly type: TypeRef; readonly value: string }

const perPallet =
  <T>(things: (pallet: PalletDescription) => Readonly<Record<string, T>>) =>
  ({ pallets }: Description) =>
    Object.fromEntries(
      Object.entries(pallets)
        .map(([name, pallet]) => [name, things(pallet)] as const)
        .filter(([, found]) => Object.keys(found).length > 0),
    )

export const storageItems: Kind<StorageDescription> = {
  what: 'storage item',
  owner: 'pallet',
  all: perPallet(({ storage }) => storage),
}

export const constants: Kind<Constant> = {
  what: 'constant',
  owner: 'pallet',
  all: perPallet((pallet) => pallet.constants),
}

export const calls: Kind<VariantCase> = {
  what: 'call',
  owner: 'pallet',
  all: perPallet((pallet) => Object.fromEntries(pallet.calls.map((call) => [call.name, call]))),
}

/** One thing with its full name. */
export type Named<T> = { readonly owner: string; readonly name: string; readonly found: T }

/**
 * Finds `Owner.name`, upper and lower case being equal where that is not ambiguous.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` with suggestions when this runtime has no such thing, `USAGE` without a dot
 */
export function findNamed<T>(runtime: Runtime, kind: Kind<T>, text: string): Named<T> {
  const all = kind.all(runtime.description)
  const [ownerText = '', nameText = '', more] = text.split(/\.|::/)
  if (nameText === '' || more !== undefined) {
    throw new BittensorError('USAGE', `\`${text}\` names no ${kind.what}`, {
      hint: `write it as ${exampleOf(all)}`,
    })
  }
  const owner = keyOf(all, ownerText)
  const things = owner === undefined ? undefined : all[owner]
  const name = things && keyOf(things, nameText)
  const found = name === undefined ? undefined : things?.[name]
  if (owner !== undefined && name !== undefined && found !== undefined)
    return { owner, name, found }
  const { specVersion } = runtime.version
  const near = suggestions(all, owner, { ownerText, nameText })
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${specVersion}) has no ${kind.what} ${text}`,
    {
      ...(near.length > 0 ? { hint: `did you mean ${near.join(' or ')}?` } : {}),
      data: { name: text, specVersion, suggestions: near },
    },
  )
}

/**
 * Finds an owner, of which all things are listed.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` with suggestions when this runtime has none of this name
 */
export function findOwner<T>(
  runtime: Runtime,
  kind: Kind<T>,
  text: string,
): { readonly owner: string; readonly things: Readonly<Record<string, T>> } {
  const all = kind.all(runtime.description)
  const owner = keyOf(all, text)
  if (owner !== undefined) return { owner, things: all[owner] ?? {} }
  const { specVersion } = runtime.version
  const near = nearest(text, Object.keys(all))
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${specVersion}) has no ${kind.owner} ${text}`,
    {
      ...(near.length > 0 ? { hint: `did you mean ${near.join(' or ')}?` } : {}),
      data: { name: text, specVersion, suggestions: near },
    },
  )
}

/** Names that are spelled alike, in any case. */
function nearest(word: string, names: readonly string[]): string[] {
  const lower = names.map((name) => name.toLowerCase())
  return closest(word.toLowerCase(), lower).flatMap((one) =>
    names.filter((name) => name.toLowerCase() === one),
  )
}

function keyOf<T>(record: Readonly<Record<string, T>>, text: string): string | undefined {
  if (Object.hasOwn(record, text)) return text
  const wanted = text.toLowerCase()
  const same = Object.keys(record).filter((key) => key.toLowerCase() === wanted)
  return same.length === 1 ? same[0] : undefined
}

function exampleOf(all: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string {
  const owner = Object.hasOwn(all, 'SubtensorModule') ? 'SubtensorModule' : Object.keys(all)[0]
  return `${owner ?? 'Owner'}.${Object.keys(all[owner ?? ''] ?? {})[0] ?? 'name'}`
}

function suggestions(
  all: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  owner: string | undefined,
  { ownerText, nameText }: { readonly ownerText: string; readonly nameText: string },
): string[] {
  if (owner !== undefined) {
    const names = Object.keys(all[owner] ?? {})
    const elsewhere = Object.keys(all).filter(
      (one) => one !== owner && keyOf(all[one] ?? {}, nameText) !== undefined,
    )
    return [
      ...nearest(nameText, names).map((name) => `${owner}.${name}`),
      ...elsewhere.map((one) => `${one}.${nameText}`),
    ].slice(0, 3)
  }
  const owners = nearest(ownerText, Object.keys(all))
  const holders = Object.keys(all).filter((one) => keyOf(all[one] ?? {}, nameText) !== undefined)
  return [...new Set([...owners, ...holders])].map((one) => `${one}.${nameText}`).slice(0, 3)
}
