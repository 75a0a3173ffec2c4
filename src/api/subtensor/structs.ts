/** What the chain keeps of neurons, subnets and delegates, in the units of the API: Balance for money, 0 to 1 for ratios. */
import type { DynamicSubnet as RawDynamicSubnet } from '../../core/chain/dynamic.js'
import type {
  AxonInfo as ChainAxon,
  ChainEra,
  Delegate,
  Delegation,
  Neuron,
  PrometheusInfo,
  StakePosition,
  SubnetInfo as Subnet,
} from '../../core/chain/types.js'
import type { Ss58 } from '../../core/keys/ss58.js'
import { U16_MAX } from '../../core/units.js'
import type { AxonInfo } from '../../network/axonInfo.js'
import { Balance } from '../balance.js'

/** A neuron of a subnet. Scores are ratios from 0 to 1. */
export type NeuronInfo = {
  readonly netuid: number
  readonly uid: number
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  readonly active: boolean
  /** All stake behind the hotkey: TAO on classic chains and on root, else alpha of the subnet. */
  readonly stake: Balance
  readonly rank: number
  readonly trust: number
  readonly consensus: number
  readonly incentive: number
  readonly dividends: number
  readonly validatorTrust: number
  /** What it gets per epoch, in the unit of `stake`. */
  readonly emission: Balance
  /** Block of the last set_weights, or of the registration. */
  readonly lastUpdate: number
  readonly validatorPermit: boolean
  readonly pruningScore: number
  /** Where it can be asked; the address is 0.0.0.0 while none is announced. */
  readonly axon: AxonInfo
  readonly prometheus: PrometheusInfo | undefined
}

/** Entries of a row of a matrix: other uid (on root a netuid) and u16 value. */
export type SparseRow = readonly (readonly [uid: number, value: number])[]

/** A neuron with the weights that it set and the bonds that it holds. */
export type NeuronInfoFull = NeuronInfo & { readonly weights: SparseRow; readonly bonds: SparseRow }

/** A subnet. `kappa`, `maxWeightsLimit`, `scalingLawPower` and the requirements are raw integers as the chain keeps them. */
export type SubnetInfo = Omit<Subnet, 'emission' | 'burn'> & {
  /** What the subnet receives per block. */
  readonly emission: Balance
  /** Price of a registration by recycling. */
  readonly burn: Balance
}

/** A delegate. */
export type DelegateInfo = {
  readonly hotkey: Ss58
  readonly owner: Ss58
  /** Share that it keeps, 0 to 1. */
  readonly take: number
  /** Stake per coldkey, the owner's own included. */
  readonly nominators: readonly (readonly [coldkey: Ss58, stake: Balance])[]
  readonly totalStake: Balance
  readonly registrations: readonly number[]
  readonly validatorPermits: readonly number[]
  /** Per day over all subnets. */
  readonly totalDailyReturn: Balance
}

/** What a coldkey has staked to a delegate. */
export type DelegatedInfo = { readonly delegate: DelegateInfo; readonly stake: Balance }

/** Stake of a coldkey behind a hotkey. */
export type StakeInfo = {
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  /** Undefined on classic chains, where stake belongs to no subnet. */
  readonly netuid: number | undefined
  /** TAO; of alpha what its pool values it at. */
  readonly stake: Balance
  /** The alpha itself; undefined on classic chains. */
  readonly alpha: Balance | undefined
}

/** A subnet's token and pool; dTAO chains only. */
export type DynamicInfo = {
  readonly netuid: number
  readonly name: string
  readonly symbol: string
  readonly owner: Ss58 | undefined
  readonly tempo: number
  readonly emission: Balance
  readonly taoIn: Balance
  readonly alphaIn: Balance
  readonly alphaOut: Balance
  /** TAO for one alpha, rounded down to RAO. */
  readonly price: Balance
}

/** u16 of the chain as a ratio. */
export function ratioOf(value: number): number {
  return value / U16_MAX
}

/** An amount of TAO on classic chains and on root, of alpha elsewhere. */
function stakeAmount(rao: bigint, netuid: number, era: ChainEra): Balance {
  return Balance.fromRao(rao, { netuid: era === 'classic' ? 0 : netuid })
}

export function neuronInfo(neuron: Neuron, era: ChainEra): NeuronInfo {
  const { netuid, hotkey, coldkey } = neuron
  return {
    netuid,
    uid: neuron.uid,
    hotkey,
    coldkey,
    active: neuron.active,
    stake: stakeAmount(neuron.stake, netuid, era),
    rank: ratioOf(neuron.rank),
    trust: ratioOf(neuron.trust),
    consensus: ratioOf(neuron.consensus),
    incentive: ratioOf(neuron.incentive),
    dividends: ratioOf(neuron.dividends),
    validatorTrust: ratioOf(neuron.validatorTrust),
    emission: stakeAmount(neuron.emission, netuid, era),
    lastUpdate: neuron.lastUpdate,
    validatorPermit: neuron.validatorPermit,
    pruningScore: ratioOf(neuron.pruningScore),
    axon: axonInfo(neuron.axon, { hotkey, coldkey }),
    prometheus: neuron.prometheus,
  }
}

/** An announced endpoint with the keys behind it, as the dendrite takes it. */
export function axonInfo(
  axon: ChainAxon | undefined,
  keys: { readonly hotkey: string; readonly coldkey: string },
): AxonInfo {
  return {
    version: axon?.version ?? 0,
    ip: axon?.ip ?? '0.0.0.0',
    port: axon?.port ?? 0,
    ipType: axon?.ipType ?? 4,
    hotkey: keys.hotkey,
    coldkey: keys.coldkey,
    protocol: axon?.protocol ?? 4,
    placeholder1: 0,
    placeholder2: 0,
  }
}

export function subnetInfo(subnet: Subnet): SubnetInfo {
  return {
    ...subnet,
    emission: Balance.fromRao(subnet.emission),
    burn: Balance.fromRao(subnet.burn),
  }
}

export function delegateInfo(delegate: Delegate): DelegateInfo {
  return {
    ...delegate,
    take: ratioOf(delegate.take),
    nominators: delegate.nominators.map(([coldkey, stake]) => [coldkey, Balance.fromRao(stake)]),
    totalStake: Balance.fromRao(delegate.totalStake),
    totalDailyReturn: Balance.fromRao(delegate.totalDailyReturn),
  }
}

export function delegatedInfo({ delegate, stake }: Delegation): DelegatedInfo {
  return { delegate: delegateInfo(delegate), stake: Balance.fromRao(stake) }
}

export function stakeInfo(position: StakePosition): StakeInfo {
  const { hotkey, coldkey, netuid, stake, alpha } = position
  return {
    hotkey,
    coldkey,
    netuid,
    stake: Balance.fromRao(stake),
    alpha: alpha === undefined ? undefined : Balance.fromRao(alpha, { netuid: netuid ?? 0 }),
  }
}

export function dynamicInfo(subnet: RawDynamicSubnet): DynamicInfo {
  const { netuid, price } = subnet
  const alpha = (amount: bigint) => Balance.fromRao(amount, { netuid })
  return {
    netuid,
    name: subnet.name,
    symbol: subnet.symbol,
    owner: subnet.owner,
    tempo: subnet.tempo,
    emission: Balance.fromRao(subnet.emission),
    taoIn: Balance.fromRao(subnet.taoIn),
    alphaIn: alpha(subnet.alphaIn),
    alphaOut: alpha(subnet.alphaOut),
    price: Balance.fromRao(price.alpha === 0n ? 0n : (price.tao * 1_000_000_000n) / price.alpha),
  }
}
