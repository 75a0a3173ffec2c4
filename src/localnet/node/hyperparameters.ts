/** Setting a hyperparameter of a subnet, or of the whole chain, past all rules. */
import { BittensorError } from '../../core/errors.js'
import type { Pallet, StorageItem } from '../runtime/pallet.js'
import type { Node } from './node.js'

/** What a hyperparameter may be set to. */
export type HyperparameterValue = number | bigint | boolean

/** Names that clients show and that differ from those of the storage. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  bondsmovingavg: 'BondsMovingAverage',
  commitrevealperiod: 'RevealPeriodEpochs',
  maxregsperblock: 'MaxRegistrationsPerBlock',
  maxvalidators: 'MaxAllowedValidators',
  powregistrationallowed: 'NetworkPowRegistrationAllowed',
  registrationallowed: 'NetworkRegistrationAllowed',
  targetregsperinterval: 'TargetRegistrationsPerInterval',
  weightsratelimit: 'WeightsSetRateLimit',
  weightsversion: 'WeightsVersionKey',
}

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
  const items = itemsOf(node, netuid)
  const item = find(items, name)
  if (!item) {
    const where = netuid === undefined ? 'chain' : 'subnet'
    throw new BittensorError('USAGE', `a ${where} of this runtime has no hyperparameter ${name}`, {
      hint: `there are ${items.map((one) => one.name).join(', ')}`,
    })
  }
  const stored = fitting(item, value)
  const keys: readonly unknown[] = netuid === undefined ? [] : [netuid]
  await node.advance(1, { intervention: ({ state }) => state.set(item, keys, stored) })
}

type Item = StorageItem<readonly unknown[], unknown>

/** The numbers and switches that are kept once, or once per subnet. */
function itemsOf(node: Node, netuid: number | undefined): Item[] {
  const pallet: Pallet | undefined = node.runtime.pallets.find(
    (one) => one.name === 'SubtensorModule',
  )
  return Object.values(pallet?.storage ?? {}).filter((item) => {
    const [key, more] = item.keys
    const kept = netuid === undefined ? key === undefined : isNetuid(key) && more === undefined
    return kept && item.type.def().kind === 'primitive'
  })
}

function isNetuid(key: Item['keys'][number] | undefined): boolean {
  const { name } = (key?.type.def() ?? {}) as { name?: string }
  return name === 'u16'
}

const plain = (name: string) => name.toLowerCase().replace(/[_-]/g, '')

function find(items: readonly Item[], name: string): Item | undefined {
  const asked = plain(name)
  return items.find((item) => item.name === OTHER_NAMES[asked] || plain(item.name) === asked)
}

/** The value as the item holds it; a number may be written where a bigint is held. */
function fitting({ name, type }: Item, value: HyperparameterValue): unknown {
  const { name: kind } = type.def() as { name: string }
  if (kind === 'bool') {
    if (typeof value === 'boolean') return value
    throw new BittensorError('USAGE', `${name} is true or false`)
  }
  const bits = /^u(8|16|32|64|128)$/.exec(kind)?.[1]
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (
    typeof value !== 'boolean' &&
    bits &&
    whole &&
    value >= 0 &&
    BigInt(value) >> BigInt(bits) === 0n
  ) {
    return Number(bits) > 32 ? BigInt(value) : Number(value)
  }
  throw new BittensorError('USAGE', `${name} is a whole number of ${bits ?? kind} bits`)
}
