/** Hyperparameters by the names of the storage or of clients. */
import type { StorageItem } from './pallet.js'

type Item = StorageItem<readonly unknown[], unknown>

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

/** The numbers and switches of a pallet that are kept once, or once per subnet. */
export function hyperparameterItems(
  items: Readonly<Record<string, Item>>,
  perSubnet: boolean,
): Item[] {
  return Object.values(items).filter((item) => {
    const [key, more] = item.keys
    const kept = perSubnet ? isNetuid(key) && more === undefined : key === undefined
    return kept && item.type.def().kind === 'primitive'
  })
}

function isNetuid(key: Item['keys'][number] | undefined): boolean {
  const { name } = (key?.type.def() ?? {}) as { name?: string }
  return name === 'u16'
}

const plain = (name: string) => name.toLowerCase().replace(/[_-]/g, '')

/** The item that `Tempo`, `tempo` or `max_regs_per_block` names. */
export function itemNamed(
  items: Readonly<Record<string, Item>>,
  name: string,
  perSubnet: boolean,
): Item | undefined {
  const asked = plain(name)
  return hyperparameterItems(items, perSubnet).find(
    (item) => item.name === OTHER_NAMES[asked] || plain(item.name) === asked,
  )
}

/** What an item's values are, in words. */
export function kindOf({ type }: Item): string {
  const { name } = type.def() as { name: string }
  return name === 'bool' ? 'true or false' : `a whole number of ${name.slice(1)} bits`
}

/** The value as the item holds it, a number also where a bigint is held; undefined when it cannot hold it. */
export function storedValue({ type }: Item, value: unknown): unknown {
  const { name } = type.def() as { name: string }
  if (name === 'bool') return typeof value === 'boolean' ? value : undefined
  const bits = Number(/^u(8|16|32|64|128)$/.exec(name)?.[1])
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (!isWhole || Number.isNaN(bits)) return undefined
  const number = BigInt(value as number | bigint)
  if (number < 0n || number >> BigInt(bits) !== 0n) return undefined
  return bits > 32 ? number : Number(number)
}
