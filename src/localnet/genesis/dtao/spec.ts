/** What a chain of profile `dtao` starts with, as plain data. */
import type { S } from '../../runtime/dtao/subtensor/storage.js'
import type { StorageItem } from '../../runtime/pallet.js'
import type { ValueOf } from '../../runtime/scale.js'
import type { Account, NeuronSpec, WeightsSpec } from '../spec.js'

type Items = typeof S
type SubnetItem = {
  [N in keyof Items]: Items[N] extends StorageItem<[number], infer _V> ? N : never
}[keyof Items]
type GlobalItem = {
  [N in keyof Items]: Items[N] extends StorageItem<[], infer _V> ? N : never
}[keyof Items]

type Values<N extends keyof Items> = {
  readonly [I in N]?: ValueOf<Items[I]['type']>
}

/** Values of items of SubtensorModule kept per subnet. */
export type DtaoSubnetSettings = Values<SubnetItem>
/** Values of items of SubtensorModule for the whole chain. */
export type DtaoGlobalSettings = Values<GlobalItem>

/** Texts by field of an identity; what is left out is empty. */
export type IdentitySpec = Readonly<Record<string, string>>

export type DtaoSubnetSpec = {
  readonly netuid: number
  readonly owner: Account
  readonly ownerHotkey: Account
  /** RAO. */
  readonly lock: bigint
  /** Reserves of the pool in RAO: their quotient is the price. */
  readonly pool: { readonly tao: bigint; readonly alpha: bigint }
  readonly identity?: IdentitySpec
  readonly settings: DtaoSubnetSettings
  /** In the order of their uids, the owner's hotkey first. */
  readonly neurons: readonly NeuronSpec[]
  readonly weights: readonly WeightsSpec[]
  /** Whether trading and emission are open: yes unless said otherwise. */
  readonly started?: boolean
}

export type DtaoGenesisSpec = {
  readonly profile: 'dtao'
  /** Tells this genesis from others. */
  readonly name: string
  readonly sudo: Account
  /** Free balances in RAO. */
  readonly balances: readonly (readonly [Account, bigint])[]
  readonly settings?: DtaoGlobalSettings
  /** Settings of the root network. */
  readonly root?: DtaoSubnetSettings
  readonly subnets?: readonly DtaoSubnetSpec[]
  /** Hotkeys with their take as a part of 65535. */
  readonly delegates?: readonly {
    readonly hotkey: Account
    readonly coldkey: Account
    readonly take: number
  }[]
  /** Stake bought with so much TAO (RAO) in the order given; root's is TAO itself. */
  readonly stakes?: readonly {
    readonly hotkey: Account
    readonly coldkey: Account
    readonly netuid: number
    readonly tao: bigint
  }[]
  /** Hotkeys with a seat on root. */
  readonly rootMembers?: readonly { readonly hotkey: Account; readonly coldkey: Account }[]
  /** Parts of a hotkey's stake, of 2^64 − 1, that its children validate with. */
  readonly children?: readonly {
    readonly hotkey: Account
    readonly netuid: number
    readonly children: readonly (readonly [part: bigint, child: Account])[]
  }[]
  /** Identities by coldkey. */
  readonly identities?: readonly (readonly [Account, IdentitySpec])[]
  /** How many epochs of one block each seem to have passed already. */
  readonly warmUp?: number
}
