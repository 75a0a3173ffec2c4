/** `btcli const`: any constant of the runtime, found and decoded by its metadata. */
import { at, viewAt } from '../cli/blockOption.js'
import { constants, findNamed, findOwner } from '../cli/chainNames.js'
import { humanLine, humanText } from '../cli/chainValues.js'
import { defineCommand } from '../cli/define.js'
import { docsOf, runtimeToExplain } from '../cli/runtimeDocs.js'
import { count, safeLines } from '../cli/text.js'
import { decode } from '../core/chain/decode.js'
import { humanValue } from '../core/chain/humanValue.js'
import type { ChainView } from '../core/chain/types.js'
import { typeText } from '../core/chain/typeText.js'
import { fromHex } from '../core/keys/hex.js'

export const constant = defineCommand({
  name: 'const',
  summary: 'Read a constant of the runtime.',
  usage: '[Pallet.Name] [--at block]',
  options: { at },
  positionals: [
    { name: 'constant', description: 'constant, or a pallet to list all of its constants' },
  ],
  examples: [
    'const Balances.ExistentialDeposit',
    'const SubtensorModule',
    'const System.BlockHashCount --json_output',
  ],
  explain: async (ctx, [name = '']) => {
    const shown = await runtimeToExplain(ctx)
    const { owner, name: found } = findNamed(shown.runtime, constants, name)
    const docs = await docsOf(shown, 'constant', owner, found)
    return [`btcli const ${owner}.${found}`, '', ...docs, `In ${shown.source}`].join('\n')
  },

  async run(ctx, values, [name = '']) {
    const view = await viewAt(ctx, values.at)
    if (name.includes('.')) {
      const { owner, name: found } = findNamed(view.runtime, constants, name)
      return { kind: 'one' as const, rows: [read(view, owner, found)] }
    }
    if (name === '') {
      const all = Object.entries(constants.all(view.runtime.description))
      const rows = all.flatMap(([owner, things]) =>
        Object.keys(things).map((one) => read(view, owner, one)),
      )
      return { kind: 'list' as const, rows }
    }
    const { owner, things } = findOwner(view.runtime, constants, name)
    const rows = Object.keys(things).map((one) => read(view, owner, one))
    return { kind: 'list' as const, rows }
  },

  render: {
    table({ kind, rows }) {
      const [first] = rows
      if (kind === 'one') return safeLines(humanText(first?.human ?? null))
      return {
        columns: [{ title: 'CONSTANT' }, { title: 'TYPE', optional: 1 }, { title: 'VALUE' }],
        rows: rows.map((row) => [`${row.pallet}.${row.name}`, row.type, humanLine(row.human)]),
        note: count(rows.length, 'constant'),
      }
    },
    json({ kind, rows }) {
      const [first] = rows
      return kind === 'one' ? first : { constants: rows }
    },
  },
})

function read(view: ChainView, pallet: string, name: string) {
  const { description } = view.runtime
  const { type, value: raw } = findNamed(view.runtime, constants, `${pallet}.${name}`).found
  const value = decode(description.types, type, fromHex(raw) ?? new Uint8Array())
  return {
    pallet,
    name,
    type: typeText(description.types, type),
    value,
    human: humanValue(description, type, value, { era: view.era, pallet, name }),
    raw,
  }
}
