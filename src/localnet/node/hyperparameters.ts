/** Setting a hyperparameter of a subnet, or of the whole chain, past all rules. */
import { BittensorError } from '../../core/errors.js'
import { hyperparameterItems, itemNamed, kindOf, storedValue } from '../runtime/hyperparameters.js'
import type { Node } from './node.js'

/** What a hyperparameter may be set to. */
export type HyperparameterValue = number | bigint | boolean

/**
 * Sets a value in a block made for it.
 * @param netuid the subnet, or undefined for a value of the whole chain
 * @param name as storage or clients call it: `Tempo`, `tempo`, `max_regs_per_block`
 * @throws {BittensorError} `USAGE` when the runtime has no such value, or it cannot be what is asked
 */
export async function setHyperparameter(
  node: Node,
  netuid: number | undefined,
  name: string,
  value: HyperparameterValue,
): Promise<void> {
  const pallet = node.runtime.pallets.find((one) => one.name === 'SubtensorModule')
  const items = pallet?.storage ?? {}
  const perSubnet = netuid !== undefined
  const item = itemNamed(items, name, perSubnet)
  if (!item) {
    const where = perSubnet ? 'subnet' : 'chain'
    const names = hyperparameterItems(items, perSubnet).map((one) => one.name)
    throw new BittensorError('USAGE', `a ${where} of this runtime has no hyperparameter ${name}`, {
      hint: `there are ${names.join(', ')}`,
    })
  }
  const stored = storedValue(item, value)
  if (stored === undefined) throw new BittensorError('USAGE', `${item.name} is ${kindOf(item)}`)
  const keys: readonly unknown[] = perSubnet ? [netuid] : []
  await node.advance(1, { intervention: ({ state }) => state.set(item, keys, stored) })
}
