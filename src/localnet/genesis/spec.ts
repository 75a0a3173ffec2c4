/** What a chain starts with, as plain data. */
import type { Execution } from '../runtime/executor.js'
import type { Call } from '../runtime/pallet.js'
import type { ValueOf } from '../runtime/scale.js'
import type { State } from '../runtime/state.js'
import type { S } from '../runtime/subtensor/storage.js'
import type { DtaoGenesisSpec } from './dtao/spec.js'

/** Public key as `0x` hex. */
export type Account = string

/** Items of SubtensorModule kept per subnet that a genesis may set. */
type SubnetItem =
  | 'ActivityCutoff'
  | 'AdjustmentAlpha'
  | 'AdjustmentInterval'
  | 'BondsMovingAverage'
  | 'Burn'
  | 'Difficulty'
  | 'ImmunityPeriod'
  | 'Kappa'
  | 'MaxAllowedUids'
  | 'MaxAllowedValidators'
  | 'MaxBurn'
  | 'MaxDifficulty'
  | 'MaxRegistrationsPerBlock'
  | 'MaxWeightsLimit'
  | 'MinAllowedWeights'
  | 'MinBurn'
  | 'MinDifficulty'
  | 'NetworkPowRegistrationAllowed'
  | 'NetworkRegistrationAllowed'
  | 'Rho'
  | 'ServingRateLimit'
  | 'TargetRegistrationsPerInterval'
  | 'Tempo'
  | 'WeightsSetRateLimit'
  | 'WeightsVersionKey'

/** Items of SubtensorModule for the whole chain that a genesis may set. */
type GlobalItem =
  | 'DefaultTake'
  | 'NetworkImmunityPeriod'
  | 'NetworkLastLockCost'
  | 'NetworkLockReductionInterval'
  | 'NetworkMinLockCost'
  | 'NetworkRateLimit'
  | 'SubnetLimit'
  | 'SubnetOwnerCut'
  | 'TxRateLimit'
  | 'WeightsMinStake'

/** Values by storage item; what is left out stays as a new subnet (or the runtime) has it. */
type Values<N extends keyof typeof S> = { readonly [I in N]?: ValueOf<(typeof S)[I]['type']> }

export type SubnetSettings = Values<SubnetItem>
export type GlobalSettings = Values<GlobalItem>

export type Endpoint = {
  /** The address as an integer. */
  readonly ip: bigint
  readonly ipType: 4 | 6
  readonly port: number
  /** Version of the neuron's software, 531 for 5.3.1. */
  readonly version: number
}

export type NeuronSpec = {
  readonly hotkey: Account
  readonly coldkey: Account
  readonly axon?: Endpoint
  readonly prometheus?: Endpoint
}

/** Weights by uid (by netuid on root), any scale. */
export type WeightsSpec = {
  readonly hotkey: Account
  readonly weights: readonly (readonly [number, number])[]
}

export type SubnetSpec = {
  readonly netuid: number
  readonly owner: Account
  /** RAO. */
  readonly lock: bigint
  readonly settings: SubnetSettings
  /** In the order of their uids. */
  readonly neurons: readonly NeuronSpec[]
  readonly weights: readonly WeightsSpec[]
}

/** What a chain begins with. */
export type GenesisSpec = {
  readonly profile?: 'classic'
  /** Tells this genesis from others. */
  readonly name: string
  readonly sudo: Account
  /** Free balances in RAO. */
  readonly balances: readonly (readonly [Account, bigint])[]
  readonly settings?: GlobalSettings
  /** Settings of the root network. */
  readonly root?: SubnetSettings
  /** Who may propose. */
  readonly triumvirate?: readonly Account[]
  readonly subnets?: readonly SubnetSpec[]
  /** Hotkeys that take nominations, with their take as a part of 65535. */
  readonly delegates?: readonly {
    readonly hotkey: Account
    readonly coldkey: Account
    readonly take: number
  }[]
  /** Stake in RAO; a hotkey that no neuron or delegate has is the coldkey's own. */
  readonly stakes?: readonly (readonly [hotkey: Account, coldkey: Account, rao: bigint])[]
  /** Members of root with their weights on subnets. All get a seat in the senate while there are any. */
  readonly rootMembers?: readonly (NeuronSpec & Pick<WeightsSpec, 'weights'>)[]
  /** Open proposals of the triumvirate, with votes by hotkeys of the senate. */
  readonly proposals?: readonly {
    readonly by: Account
    readonly call: Call
    /** Blocks until it may be closed without a majority; at least 3600. */
    readonly duration: number
    readonly votes: readonly (readonly [hotkey: Account, approve: boolean])[]
  }[]
  /** How many epochs of every subnet are run and paid out before block 0. */
  readonly epochs?: number
}

/** What a chain of any profile starts with. */
export type AnyGenesisSpec = GenesisSpec | DtaoGenesisSpec

/** Opens an execution on a state as of a block. */
export type OpenExecution = (state: State, block: number) => Execution

/** Fills an empty state with block 0. */
export type BuildGenesis = (open: OpenExecution, state: State, spec: AnyGenesisSpec) => void
