/** Events of a block, in order. */
import { ScaleError } from './decode.js'
import type { Description } from './description.js'
import type { ChainEvent, ChainValue, ChainView } from './types.js'
import { asList, asNumber, asRecord } from './values.js'

/** All events of the view's block. */
export async function readEvents(view: ChainView, description: Description): Promise<ChainEvent[]> {
  const records = asList(await view.read('System', 'Events'))
  return records.map((record) => eventOf(description, record))
}

function eventOf(description: Description, record: ChainValue): ChainEvent {
  const { phase, event } = asRecord(record)
  const outer = asRecord(event)
  const inner = asRecord(outer['value'])
  const pallet = String(outer['type'])
  const name = String(inner['type'])
  const { type, value } = asRecord(phase)
  return {
    pallet,
    name,
    data: dataOf(description, pallet, name, inner['value']),
    extrinsicIndex: type === 'ApplyExtrinsic' ? asNumber(value) : undefined,
  }
}

/** A variant with one unnamed field decodes to the field itself; events keep their fields in a list. */
function dataOf(
  description: Description,
  pallet: string,
  name: string,
  value: ChainValue,
): ChainEvent['data'] {
  const found = description.pallets[pallet]?.events.find((one) => one.name === name)
  if (!found) throw new ScaleError(`there is no event ${pallet}.${name}`)
  if (found.named) return asRecord(value)
  if (found.fields.length === 0) return []
  return found.fields.length === 1 ? [value] : asList(value)
}
