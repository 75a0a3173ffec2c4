/** A metagraph as an Apache Arrow table. The library is heavy and optional: it is loaded here and nowhere else. */
import { BittensorError } from '../../core/errors.js'
import type { MetagraphData, SparseColumn } from './data.js'

type Arrow = typeof import('apache-arrow')

/** The table in Arrow's IPC format; place and version stand in the schema's metadata. */
export async function toArrow(
  metagraph: MetagraphData,
  format: 'stream' | 'file',
): Promise<Uint8Array> {
  const arrow = await loadArrow()
  const { columns } = metagraph
  const table = new arrow.Table({
    uid: arrow.vectorFromArray(columns.uids),
    hotkey: arrow.vectorFromArray(columns.hotkeys, new arrow.Utf8()),
    coldkey: arrow.vectorFromArray(columns.coldkeys, new arrow.Utf8()),
    stake_rao: arrow.makeVector(columns.stake),
    rank: arrow.makeVector(columns.ranks),
    trust: arrow.makeVector(columns.trust),
    consensus: arrow.makeVector(columns.consensus),
    validator_trust: arrow.makeVector(columns.validatorTrust),
    incentive: arrow.makeVector(columns.incentive),
    dividends: arrow.makeVector(columns.dividends),
    emission_rao: arrow.makeVector(columns.emission),
    active: arrow.vectorFromArray(bools(columns.active), new arrow.Bool()),
    validator_permit: arrow.vectorFromArray(bools(columns.validatorPermit), new arrow.Bool()),
    last_update: arrow.makeVector(BigUint64Array.from(columns.lastUpdate, BigInt)),
    axon: arrow.vectorFromArray(metagraph.addresses, new arrow.Utf8()),
    ...matrix(arrow, 'weight', columns.weights),
    ...matrix(arrow, 'bond', columns.bonds),
  })
  const place = Object.entries(metagraph.metadata()).map(
    ([name, value]) => [name, `${value}`] as const,
  )
  for (const [name, value] of place) table.schema.metadata.set(name, value)
  return arrow.tableToIPC(table, format)
}

async function loadArrow(): Promise<Arrow> {
  try {
    return await import('apache-arrow')
  } catch (cause) {
    throw new BittensorError('USAGE', 'Arrow tables need the package apache-arrow', {
      hint: 'npm install apache-arrow',
      cause,
    })
  }
}

function bools(values: Uint8Array): boolean[] {
  return Array.from(values, (value) => value === 1)
}

/** Two columns of lists: the other uids, and the u16 values. */
function matrix(arrow: Arrow, name: string, rows: readonly SparseColumn[] | undefined) {
  if (!rows) return {}
  const type = new arrow.List(new arrow.Field('item', new arrow.Uint16(), false))
  return {
    [`${name}_uids`]: arrow.vectorFromArray(
      rows.map(({ uids }) => [...uids]),
      type,
    ),
    [`${name}_values`]: arrow.vectorFromArray(
      rows.map(({ values }) => [...values]),
      type,
    ),
  }
}
