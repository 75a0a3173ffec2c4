/** What owners of neurons say of themselves on chain; runtimes since late 2024 keep it by coldkey. */
import type { Ss58 } from '../keys/ss58.js'
import type { ChainValue, ChainView, Identity } from './types.js'
import { asRecord } from './values.js'

const MODULE = 'SubtensorModule'
/** The newest form first. */
const ITEMS = ['IdentitiesV2', 'Identities']

/**
 * Identities of coldkeys; those without one are absent, all of them on runtimes that keep none.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readIdentities(
  view: ChainView,
  coldkeys: readonly Ss58[],
): Promise<ReadonlyMap<Ss58, Identity>> {
  const item = ITEMS.find((name) => view.hasStorage(MODULE, name))
  if (item === undefined) return new Map()
  const values = await Promise.all(
    coldkeys.map((coldkey) => view.readStored(MODULE, item, coldkey)),
  )
  return new Map(
    coldkeys.flatMap((coldkey, i) => {
      const value = values[i]
      return value === undefined ? [] : [[coldkey, identityOf(value)] as const]
    }),
  )
}

function identityOf(value: ChainValue): Identity {
  const fields = asRecord(value)
  return {
    name: textOf(fields['name']),
    url: textOf(fields['url']),
    description: textOf(fields['description']),
  }
}

/** Bytes that should be UTF-8; anyone can store any. */
function textOf(value: ChainValue): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.startsWith('0x')
    ? new TextDecoder().decode(Buffer.from(value.slice(2), 'hex'))
    : value
  return text === '' ? undefined : text
}
