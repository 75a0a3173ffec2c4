/** `btcli query`: any storage item of the chain, found and decoded by its metadata. */
import { at, viewAt } from '../cli/blockOption.js'
import { findNamed, findOwner, type Named, storageItems } from '../cli/chainNames.js'
import { fieldTypeText, fieldValue, humanLine, humanText } from '../cli/chainValues.js'
import type { Context } from '../cli/context.js'
import { defineCommand, option } from '../cli/define.js'
import { wholeNumber } from '../cli/options.js'
import { docsOf, runtimeToExplain } from '../cli/runtimeDocs.js'
import { count, safeLines } from '../cli/text.js'
import type { StorageDescription } from '../core/chain/description.js'
import { type HumanValue, humanValue } from '../core/chain/humanValue.js'
import { queryEntries, queryEntry, type StoredEntry } from '../core/chain/storageQuery.js'
import type { Field } from '../core/chain/typeDef.js'
import type { ChainView } from '../core/chain/types.js'
import { typeText } from '../core/chain/typeText.js'
import { BittensorError } from '../core/errors.js'

type Shown = StoredEntry & {
  readonly shownKeys: readonly HumanValue[]
  readonly shown: HumanValue
}

export const query = defineCommand({
  name: 'query',
  summary: 'Read any storage item of the chain.',
  usage: 'Pallet.Item [keys…] [--at block]',
  options: {
    at,
    limit: option({
      flags: '--limit <n>',
      description: 'entries to read of a map (default: 100)',
      parse: (text) => wholeNumber(text, 1, 1_000_000),
      default: 100,
    }),
  },
  positionals: [
    { name: 'item', description: 'storage item; a pallet alone lists its items' },
    {
      name: 'keys',
      description: 'keys in their order; fewer than the item has list the entries below them',
      many: true,
    },
  ],
  examples: [
    'query SubtensorModule.TotalStake',
    'query SubtensorModule.Burn 1 --at 4100000',
    'query System.Account wallet:alice --json_output',
    'query SubtensorModule.Uids 1',
  ],
  notes:
    'Keys are numbers, addresses or names, text, 0x hex, or JSON. `btcli query Pallet.Item --help` names and types them.',
  explain: async (ctx, words) => itemHelp(ctx, words[0] ?? ''),

  async run(ctx, values, [name = '', ...texts]) {
    const view = await viewAt(ctx, values.at)
    if (!name.includes('.')) return listing(view, name)
    const item = findNamed(view.runtime, storageItems, name)
    const fields = keyFields(item)
    if (texts.length > fields.length) throw tooManyKeys(view, item)
    const keys: unknown[] = []
    for (const [i, text] of texts.entries()) {
      const field = fields[i] as Field
      keys.push(await fieldValue(ctx, view, item.owner, field, text))
    }
    const whole = keys.length === fields.length
    const found = whole
      ? { entries: [await queryEntry(view, item.found, keys)], more: false }
      : await queryEntries(view, item.found, keys, values.limit)
    const entries = found.entries.map((entry) => shown(view, item, entry))
    return {
      kind: whole ? ('value' as const) : ('entries' as const),
      view,
      item,
      entries,
      more: found.more,
    }
  },

  render: {
    table(data) {
      if (data.kind === 'listing') return data.text
      const [first] = data.entries
      if (data.kind === 'value') {
        const absent =
          first?.raw === null && !data.item.found.optional ? ' (not set: the default)' : ''
        return `${safeLines(humanText(first?.shown ?? null))}${absent}`
      }
      return {
        columns: [
          ...data.item.found.keys.map((_, i, { length }) => ({
            title: length === 1 ? 'KEY' : `KEY ${i + 1}`,
          })),
          { title: 'VALUE' },
        ],
        rows: data.entries.map(({ shownKeys, shown }) => [
          ...shownKeys.map(humanLine),
          humanLine(shown),
        ]),
        note: data.more
          ? `the first ${count(data.entries.length, 'entry', 'entries')}; --limit reads more`
          : count(data.entries.length, 'entry', 'entries'),
        empty: `${data.item.owner}.${data.item.name} has no entries here.`,
      }
    },
    json(data) {
      if (data.kind === 'listing') return { items: data.items }
      const { owner: pallet, name: item } = data.item
      const rows = data.entries.map((entry) => ({
        keys: entry.keys,
        value: entry.value,
        human: entry.shown,
        exists: entry.raw !== null,
        storageKey: entry.key,
        raw: entry.raw,
      }))
      return data.kind === 'value'
        ? { pallet, item, ...rows[0] }
        : { pallet, item, entries: rows, more: data.more }
    },
  },
})

/** Keys have no names in the metadata. */
function keyFields({ found }: Named<StorageDescription>): readonly Field[] {
  return found.keys.map(({ type }, i) => [`key ${i + 1}`, type])
}

function shown(view: ChainView, item: Named<StorageDescription>, entry: StoredEntry): Shown {
  const { description } = view.runtime
  const standing = { era: view.era, pallet: item.owner, name: item.name }
  const shownKeys = entry.keys.map((key, i) => {
    const { type, hasher } = item.found.keys[i] ?? {}
    const opaque = hasher !== undefined && !/Concat|Identity/.test(hasher)
    if (opaque || type === undefined) return String(key)
    return humanValue(description, type, key, { ...standing, name: 'key' })
  })
  const value =
    entry.value === undefined
      ? null
      : humanValue(description, item.found.value, entry.value, standing)
  return { ...entry, shownKeys, shown: value }
}

function tooManyKeys(view: ChainView, item: Named<StorageDescription>): BittensorError {
  const text = count(item.found.keys.length, 'key')
  return new BittensorError('USAGE', `${item.owner}.${item.name} has ${text}`, {
    hint: signature(view, item),
  })
}

function signature(
  view: Pick<ChainView, 'runtime'>,
  { owner, name, found }: Named<StorageDescription>,
): string {
  const { types } = view.runtime.description
  const keys = found.keys.map(({ type }) => ` <${typeText(types, type)}>`).join('')
  const optional = found.optional ? ', or none' : ''
  return `${owner}.${name}${keys} → ${typeText(types, found.value)}${optional}`
}

/** All pallets that keep something, or the items of one. */
function listing(view: Pick<ChainView, 'runtime'>, pallet: string) {
  const found = pallet === '' ? undefined : findOwner(view.runtime, storageItems, pallet)
  const all = found ? { [found.owner]: found.things } : storageItems.all(view.runtime.description)
  const items = Object.entries(all).flatMap(([owner, things]) =>
    Object.entries(things).map(([name, one]) => signature(view, { owner, name, found: one })),
  )
  const owners = Object.entries(all).map(
    ([owner, things]) => `${owner}  ${count(Object.keys(things).length, 'item')}`,
  )
  return { kind: 'listing' as const, items, text: (found ? items : owners).join('\n') }
}

async function itemHelp(ctx: Context, name: string): Promise<string> {
  const view = await runtimeToExplain(ctx)
  if (!name.includes('.')) return [listing(view, name).text, '', `In ${view.source}`].join('\n')
  const item = findNamed(view.runtime, storageItems, name)
  const keys = keyFields(item).map(
    (field) => `  ${field[0]}  ${fieldTypeText(view.runtime, field)}`,
  )
  const docs = await docsOf(view, 'storage', item.owner, item.name)
  return [
    `btcli query ${item.owner}.${item.name}${item.found.keys.map((_, i) => ` <key${i + 1}>`).join('')}`,
    '',
    ...docs.map((line) => `  ${line}`),
    ...(docs.length > 0 ? [''] : []),
    ...(keys.length > 0 ? ['Keys:', ...keys, ''] : []),
    `Value: ${signature(view, item).split(' → ')[1]}`,
    `In ${view.source}`,
  ].join('\n')
}
