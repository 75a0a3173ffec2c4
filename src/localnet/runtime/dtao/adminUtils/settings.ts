/** How settings are declared: each call sets one item of SubtensorModule and raises its event. */
import {
  type CallDef,
  type Cost,
  call,
  type RuntimeContext,
  type StorageItem,
} from '../../pallet.js'
import { ensureRoot } from '../../pallets/system.js'
import { type ScaleType, u16 } from '../../scale.js'
import type { State } from '../../state.js'
import { S } from '../subtensor/storage.js'
import { ensureOwnerInTime, ensureRootInTime, type Limit, noteChange } from './access.js'
import { ensure } from './errors.js'

type Common = {
  readonly index: number
  /** Name of the argument with the new value. */
  readonly arg: string
  /** Event of SubtensorModule; some settings raise none. */
  readonly event?: string
  readonly operational?: boolean
  readonly weight: Cost
}

type GlobalSetting<V> = Common & {
  readonly item: StorageItem<[], V>
  readonly check?: (value: V) => void
}

type Access = {
  /** How changes by the owner are limited; without it only root may change this. */
  readonly limit?: Limit
  /** For root at any time: not frozen before epochs. */
  readonly anytime?: boolean
}

type SubnetSetting<V> = Common &
  Access & {
    readonly item: StorageItem<[number], V>
    /** The subnet need not exist. */
    readonly anyNetuid?: boolean
    readonly check?: (context: RuntimeContext, netuid: number, value: V) => void
  }

function declare(
  { index, weight, operational }: Common,
  args: Record<string, ScaleType<unknown>>,
  run: (context: RuntimeContext, args: Record<string, unknown>) => void,
): CallDef {
  return call({
    index,
    args,
    weight,
    class: operational ? 'Operational' : 'Normal',
    run(context, given) {
      run(context, given)
      return undefined
    },
  })
}

/** A setting of the whole chain, for root. */
export function forAll<V>(setting: GlobalSetting<V>): CallDef {
  const { arg, item, event, check } = setting
  return declare(setting, { [arg]: item.type }, (context, given) => {
    ensureRoot(context.origin)
    const value = given[arg] as V
    check?.(value)
    context.state.set(item, [], value)
    if (event) context.emit('SubtensorModule', event, value)
  })
}

export const ensureSubnet = (state: State, netuid: number): void =>
  ensure(state.get(S.NetworksAdded, netuid), 'SubnetDoesNotExist')

function admit(context: RuntimeContext, netuid: number, setting: Access): void {
  if (setting.limit) ensureOwnerInTime(context, netuid, setting.limit)
  else if (setting.anytime) ensureRoot(context.origin)
  else ensureRootInTime(context, netuid)
}

/** A setting of one subnet, for root and, within limits, its owner. */
export function perSubnet<V>(setting: SubnetSetting<V>): CallDef {
  const { arg, item, event, check, limit } = setting
  return declare(setting, { netuid: u16, [arg]: item.type }, (context, given) => {
    const netuid = given['netuid'] as number
    const value = given[arg] as V
    admit(context, netuid, setting)
    if (!setting.anyNetuid) ensureSubnet(context.state, netuid)
    check?.(context, netuid, value)
    context.state.set(item, [netuid], value)
    if (event) context.emit('SubtensorModule', event, [netuid, value])
    if (limit) noteChange(context, netuid, limit)
  })
}
