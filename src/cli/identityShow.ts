/** How identities are shown: one line per field that is filled. */
import type { Table } from './table.js'

type Fields = Readonly<Record<string, string | undefined>>

/** A table of the fields that are filled, under the names that people know. */
export function identityTable(title: string, identity: Fields | undefined, note: string): Table {
  const filled = Object.entries(identity ?? {}).filter(([, text]) => text !== undefined)
  return {
    title,
    columns: [{ title: 'FIELD' }, { title: 'VALUE' }],
    rows: filled.map(([field, text]) => [label(field), text]),
    note,
    empty: `${title}: there is none on chain.`,
  }
}

/** `githubRepo` → `github repo` */
function label(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** All fields, null where nothing stands; null without an identity. */
export function identityJson(
  identity: Fields | undefined,
): Readonly<Record<string, string | null>> | null {
  if (!identity) return null
  return Object.fromEntries(Object.entries(identity).map(([field, text]) => [field, text ?? null]))
}
