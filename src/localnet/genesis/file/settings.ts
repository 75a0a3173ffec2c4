/** Hyperparameters in a genesis file: names as storage or clients have them, values as the chain keeps them. */

import { itemNamed, storedValue } from '../../runtime/hyperparameters.js'
import type { StorageItem } from '../../runtime/pallet.js'
import { type Field, mapping, wrong } from './field.js'

type Items = Readonly<Record<string, StorageItem<readonly unknown[], unknown>>>

/**
 * The values by the name of their item.
 * @param perSubnet whether they are those of a subnet, or of the whole chain
 */
export function settings(field: Field, items: Items, perSubnet: boolean): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [name, one] of mapping(field)) {
    const item = itemNamed(items, name, perSubnet)
    if (!item) throw wrong(one, 'the runtime has no such hyperparameter')
    const value = storedValue(item, numberOf(one.value))
    if (value === undefined) throw wrong(one, `${item.name} cannot be ${JSON.stringify(one.value)}`)
    found[item.name] = value
  }
  return found
}

/** Numbers that a double cannot hold are written as text. */
const numberOf = (value: unknown) =>
  typeof value === 'string' && /^\d{1,39}$/.test(value) ? BigInt(value) : value
