/** Everything that can be asked of a chain: its newest block, or one block for good. */
import { readBalance, readFreeBalance, readTotalIssuance } from '../../core/chain/balances.js'
import { transferCall } from '../../core/chain/calls.js'
import {
  readDelegate,
  readDelegated,
  readDelegates,
  readTakeOf,
} from '../../core/chain/delegates.js'
import { readDynamicSubnets } from '../../core/chain/dynamic.js'
import { readEvents } from '../../core/chain/events.js'
import {
  readAxon,
  readBonds,
  readNeuron,
  readNeurons,
  readNeuronsOfHotkeys,
  readPrometheus,
  readRegistrations,
  readUid,
  readWeights,
} from '../../core/chain/neurons.js'
import {
  readProposal,
  readProposals,
  readSenateMembers,
  readTriumvirate,
  readVotes,
} from '../../core/chain/senate.js'
import { readServingRateLimit } from '../../core/chain/serveAxon.js'
import { estimateFee } from '../../core/chain/sign.js'
import {
  readOwner,
  readStake,
  readStakesOfColdkey,
  readStakesOfHotkey,
  readTotalStake,
  readTotalStaked,
  readTxRateLimit,
} from '../../core/chain/stake.js'
import {
  readBurn,
  readDifficulty,
  readHyperparameters,
  readLockCost,
  readNetuids,
  readSubnet,
  readSubnets,
  subnetExists,
} from '../../core/chain/subnets.js'
import type {
  BlockRef,
  ChainClient,
  ChainEvent,
  ChainValue,
  ChainView,
  DecodedCall,
  Hex,
  Hyperparameters,
  PrometheusInfo,
  Proposal,
  ProposalVotes,
  StorageEntry,
} from '../../core/chain/types.js'
import { asBigint, asNumber, asRecord } from '../../core/chain/values.js'
import { BittensorError } from '../../core/errors.js'
import { parseAccount, type Ss58 } from '../../core/keys/ss58.js'
import type { AxonInfo } from '../../network/axonInfo.js'
import { type Amount, Balance, raoOf } from '../balance.js'
import { interruptible } from './interruptible.js'
import {
  axonInfo,
  type DelegatedInfo,
  type DelegateInfo,
  type DynamicInfo,
  delegatedInfo,
  delegateInfo,
  dynamicInfo,
  type NeuronInfo,
  type NeuronInfoFull,
  neuronInfo,
  ratioOf,
  type SparseRow,
  type StakeInfo,
  type SubnetInfo,
  stakeInfo,
  subnetInfo,
} from './structs.js'

/** Options of every read. */
export type ReadOptions = {
  /** The block to read, by number or hash; the newest one by default. Old blocks need an archive node. */
  readonly at?: number | Hex | undefined
  /** Gives up waiting with `INTERRUPTED`. */
  readonly signal?: AbortSignal | undefined
}

const MODULE = 'SubtensorModule'

/**
 * The reads of a {@link Subtensor}. Those made at the same time share one block and travel in one request where they can.
 *
 * All throw {@link BittensorError}: `CONNECTION` and `TIMEOUT` when the node does not answer, `RUNTIME_UNSUPPORTED` when
 * the runtime of the block keeps no such thing, `BAD_ADDRESS` for what is no address, `INTERRUPTED` by a signal.
 * @example
 * const [block, free] = await Promise.all([subtensor.getCurrentBlock(), subtensor.getBalance('5F…')])
 */
export class SubtensorReads {
  /** The connection itself, for what this class has no method for: any storage item, call, constant or request. */
  readonly client: ChainClient
  readonly #fixed: ChainView | undefined
  #newest: Promise<ChainView> | undefined

  protected constructor(client: ChainClient, fixed?: ChainView) {
    this.client = client
    this.#fixed = fixed
  }

  /** Name of the network, or the host of the endpoint. */
  get network(): string {
    return this.client.network
  }

  /** URL of the node. */
  get endpoint(): string {
    return this.client.endpoint
  }

  /**
   * The chain at one block: everything read from the result is of that block, without asking for the newest one again.
   * @example
   * const then = await subtensor.at(100_000)
   * await then.getBalance('5F…')
   */
  async at(block?: number | Hex): Promise<SubtensorReads> {
    return new SubtensorReads(this.client, await this.client.at(block))
  }

  /** Runs a read on the view that the options name. */
  protected async read<T>(
    options: ReadOptions | undefined,
    work: (view: ChainView) => Promise<T>,
  ): Promise<T> {
    const { at, signal } = options ?? {}
    return interruptible(this.#view(at).then(work), signal)
  }

  /** Calls made while the newest block is still being asked for share the answer, and with it the requests. */
  #view(at: number | Hex | undefined): Promise<ChainView> {
    if (at !== undefined) return this.client.at(at)
    if (this.#fixed) return Promise.resolve(this.#fixed)
    this.#newest ??= this.client.at().finally(() => {
      this.#newest = undefined
    })
    return this.#newest
  }

  // Blocks

  /** Number of the newest block, or of the one that {@link SubtensorReads.at} named. Source: `chain_getHeader`. */
  getCurrentBlock(options?: ReadOptions): Promise<number> {
    return this.read(options, async ({ block }) => block.number)
  }

  /** Number and hash of the block. */
  getBlock(options?: ReadOptions): Promise<BlockRef> {
    return this.read(options, async ({ block }) => block)
  }

  /** Hash of a block. Source: `chain_getBlockHash`. @throws {BittensorError} `CONNECTION` when there is none */
  async getBlockHash(number: number, options: Pick<ReadOptions, 'signal'> = {}): Promise<Hex> {
    return interruptible(
      this.client.at(number).then(({ block }) => block.hash),
      options.signal,
    )
  }

  /** Events of the block in their order. Source: System.Events. */
  getEvents(options?: ReadOptions): Promise<readonly ChainEvent[]> {
    return this.read(options, (view) => readEvents(view, view.runtime.description))
  }

  // Balances

  /** What an account can use, 0 for an unknown one. Source: System.Account, `data.free`. */
  getBalance(address: string, options?: ReadOptions): Promise<Balance> {
    return this.read(options, async (view) =>
      Balance.fromRao(await readFreeBalance(view, addressOf(address))),
    )
  }

  /** Free, reserved and frozen balance of an account, and its nonce. Source: System.Account. */
  getAccount(
    address: string,
    options?: ReadOptions,
  ): Promise<{
    readonly free: Balance
    readonly reserved: Balance
    readonly frozen: Balance
    readonly nonce: number
  }> {
    return this.read(options, async (view) => {
      const { free, reserved, frozen, nonce } = await readBalance(view, addressOf(address))
      return {
        free: Balance.fromRao(free),
        reserved: Balance.fromRao(reserved),
        frozen: Balance.fromRao(frozen),
        nonce,
      }
    })
  }

  /** Free balances of all accounts: large on a real network. Source: map System.Account. */
  getBalances(options?: ReadOptions): Promise<ReadonlyMap<Ss58, Balance>> {
    return this.read(options, async (view) => {
      const entries = await view.entries('System', 'Account')
      return new Map(
        entries.map(({ keys, value }) => [
          keys[0] as Ss58,
          Balance.fromRao(asBigint(asRecord(asRecord(value)['data'])['free'])),
        ]),
      )
    })
  }

  /** The least that an account must keep to stay. Source: constant Balances.ExistentialDeposit. */
  async getExistentialDeposit(): Promise<Balance> {
    return Balance.fromRao(this.client.existentialDeposit)
  }

  /**
   * What a transfer would cost, as the node reckons. Source: `TransactionPaymentApi_query_info`.
   * @throws {BittensorError} `CONNECTION` when the node does not tell; never a made-up number
   */
  async getTransferFee(
    transfer: { readonly from: string; readonly dest: string; readonly amount: Amount },
    options: Pick<ReadOptions, 'signal'> = {},
  ): Promise<Balance> {
    const dest = addressOf(transfer.dest)
    const call = transferCall(this.client, { dest, amount: raoOf(transfer.amount) })
    const fee = estimateFee(this.client, call, addressOf(transfer.from))
    return Balance.fromRao(await interruptible(fee, options.signal))
  }

  /** All TAO. Source: SubtensorModule.TotalIssuance. */
  totalIssuance(options?: ReadOptions): Promise<Balance> {
    return this.read(options, async (view) => Balance.fromRao(await readTotalIssuance(view)))
  }

  /** All stake. Source: SubtensorModule.TotalStake. */
  totalStake(options?: ReadOptions): Promise<Balance> {
    return this.read(options, async (view) => Balance.fromRao(await readTotalStaked(view)))
  }

  // Stake

  /** All stake behind a hotkey, its nominators' included; alpha at its pools' prices. Source: TotalHotkeyStake. */
  getTotalStakeForHotkey(hotkey: string, options?: ReadOptions): Promise<Balance> {
    return this.read(options, async (view) =>
      Balance.fromRao(await readTotalStake(view, addressOf(hotkey))),
    )
  }

  /** All stake of a coldkey; alpha at its pools' prices. Source: TotalColdkeyStake, or the sum of its positions. */
  getTotalStakeForColdkey(coldkey: string, options?: ReadOptions): Promise<Balance> {
    return this.read(options, async (view) => {
      const address = addressOf(coldkey)
      if (view.era === 'classic' && view.hasStorage(MODULE, 'TotalColdkeyStake')) {
        return Balance.fromRao(asBigint(await view.read(MODULE, 'TotalColdkeyStake', address)))
      }
      const positions = await readStakesOfColdkey(view, address)
      return Balance.fromRao(positions.reduce((sum, { stake }) => sum + stake, 0n))
    })
  }

  /** Stake of a coldkey behind a hotkey; alpha at its pools' prices. Source: map Stake. */
  getStakeForColdkeyAndHotkey(
    keys: { readonly coldkey: string; readonly hotkey: string },
    options?: ReadOptions,
  ): Promise<Balance> {
    return this.read(options, async (view) =>
      Balance.fromRao(await readStake(view, addressOf(keys.hotkey), addressOf(keys.coldkey))),
    )
  }

  /** Stake behind a hotkey by coldkey (and subnet), zeros left out. Source: map Stake, or Alpha. */
  getStake(hotkey: string, options?: ReadOptions): Promise<readonly StakeInfo[]> {
    return this.read(options, async (view) =>
      (await readStakesOfHotkey(view, addressOf(hotkey))).map(stakeInfo),
    )
  }

  /** All stake of a coldkey by hotkey (and subnet), zeros left out. Source: StakeInfoRuntimeApi, or the maps. */
  getStakeInfoForColdkey(coldkey: string, options?: ReadOptions): Promise<readonly StakeInfo[]> {
    return this.read(options, async (view) =>
      (await readStakesOfColdkey(view, addressOf(coldkey))).map(stakeInfo),
    )
  }

  /** Whether the chain knows a hotkey. Source: Owner. */
  async doesHotkeyExist(hotkey: string, options?: ReadOptions): Promise<boolean> {
    return (await this.getHotkeyOwner(hotkey, options)) !== undefined
  }

  /** The coldkey that owns a hotkey, undefined for one that the chain does not know. Source: Owner. */
  getHotkeyOwner(hotkey: string, options?: ReadOptions): Promise<Ss58 | undefined> {
    return this.read(options, (view) => readOwner(view, addressOf(hotkey)))
  }

  // Delegates

  /** All delegates. Source: DelegateInfoRuntimeApi.get_delegates, or the maps. */
  getDelegates(options?: ReadOptions): Promise<readonly DelegateInfo[]> {
    return this.read(options, async (view) => (await readDelegates(view)).map(delegateInfo))
  }

  /** One delegate, undefined when the hotkey is none. */
  getDelegateByHotkey(hotkey: string, options?: ReadOptions): Promise<DelegateInfo | undefined> {
    return this.read(options, async (view) => {
      const found = await readDelegate(view, addressOf(hotkey))
      return found && delegateInfo(found)
    })
  }

  /** The delegates that a coldkey has staked to, and how much. Source: DelegateInfoRuntimeApi.get_delegated. */
  getDelegated(coldkey: string, options?: ReadOptions): Promise<readonly DelegatedInfo[]> {
    return this.read(options, async (view) =>
      (await readDelegated(view, addressOf(coldkey))).map(delegatedInfo),
    )
  }

  /** Whether a hotkey is a delegate. Source: Delegates. */
  async isHotkeyDelegate(hotkey: string, options?: ReadOptions): Promise<boolean> {
    return (await this.getDelegateTake(hotkey, options)) !== undefined
  }

  /** The share that a delegate keeps, 0 to 1; undefined when the hotkey is none. Source: Delegates. */
  getDelegateTake(hotkey: string, options?: ReadOptions): Promise<number | undefined> {
    return this.read(options, async (view) => {
      const take = await readTakeOf(view, addressOf(hotkey))
      return take === undefined ? undefined : ratioOf(take)
    })
  }

  /** Who has staked to a hotkey and how much; alpha at its pools' prices. */
  async getNominatorsForHotkey(
    hotkey: string,
    options?: ReadOptions,
  ): Promise<readonly (readonly [coldkey: Ss58, stake: Balance])[]> {
    const totals = new Map<Ss58, Balance>()
    for (const { coldkey, stake } of await this.getStake(hotkey, options)) {
      totals.set(coldkey, totals.get(coldkey)?.add(stake) ?? stake)
    }
    return [...totals]
  }

  // Registration

  /** Whether a hotkey is registered on a subnet, or on any without one. Source: Uids. */
  isHotkeyRegistered(
    hotkey: string,
    netuid?: number | undefined,
    options?: ReadOptions,
  ): Promise<boolean> {
    return this.read(options, async (view) => {
      const netuids = netuid === undefined ? undefined : [netuid]
      return (await readRegistrations(view, [addressOf(hotkey)], netuids)).length > 0
    })
  }

  /** Whether a hotkey is registered on any subnet. */
  isHotkeyRegisteredAny(hotkey: string, options?: ReadOptions): Promise<boolean> {
    return this.isHotkeyRegistered(hotkey, undefined, options)
  }

  /** Whether a hotkey is registered on a subnet. */
  isHotkeyRegisteredOnSubnet(
    hotkey: string,
    netuid: number,
    options?: ReadOptions,
  ): Promise<boolean> {
    return this.isHotkeyRegistered(hotkey, netuid, options)
  }

  /** The uid of a hotkey on a subnet, undefined when it is not registered there. Source: Uids. */
  getUidForHotkeyOnSubnet(
    hotkey: string,
    netuid: number,
    options?: ReadOptions,
  ): Promise<number | undefined> {
    return this.read(options, (view) => readUid(view, netuid, addressOf(hotkey)))
  }

  /** Subnets on which a hotkey is registered, ascending. Source: Uids on each. */
  getNetuidsForHotkey(hotkey: string, options?: ReadOptions): Promise<readonly number[]> {
    return this.read(options, async (view) =>
      (await readRegistrations(view, [addressOf(hotkey)])).map(({ netuid }) => netuid),
    )
  }

  /** Every registration of a hotkey: subnet and uid. */
  getAllUidsForHotkey(
    hotkey: string,
    options?: ReadOptions,
  ): Promise<readonly { readonly netuid: number; readonly uid: number }[]> {
    return this.read(options, async (view) =>
      (await readRegistrations(view, [addressOf(hotkey)])).map(({ netuid, uid }) => ({
        netuid,
        uid,
      })),
    )
  }

  // Neurons

  /** All neurons of a subnet by uid. Source: NeuronInfoRuntimeApi.get_neurons_lite, or the maps. */
  neuronsLite(netuid: number, options?: ReadOptions): Promise<readonly NeuronInfo[]> {
    return this.read(options, async (view) =>
      (await readNeurons(view, netuid)).map((neuron) => neuronInfo(neuron, view.era)),
    )
  }

  /** All neurons of a subnet by uid, with weights and bonds. Source: as neuronsLite, and the maps Weights and Bonds. */
  neurons(netuid: number, options?: ReadOptions): Promise<readonly NeuronInfoFull[]> {
    return this.read(options, async (view) => {
      const [neurons, weights, bonds] = await Promise.all([
        readNeurons(view, netuid),
        readWeights(view, netuid),
        readBonds(view, netuid),
      ])
      return neurons.map((neuron) => ({
        ...neuronInfo(neuron, view.era),
        weights: weights.get(neuron.uid) ?? [],
        bonds: bonds.get(neuron.uid) ?? [],
      }))
    })
  }

  /** One neuron, undefined when the uid is not taken. Source: NeuronInfoRuntimeApi.get_neuron_lite. */
  neuronForUid(
    uid: number,
    netuid: number,
    options?: ReadOptions,
  ): Promise<NeuronInfo | undefined> {
    return this.read(options, async (view) => {
      const found = await readNeuron(view, netuid, uid)
      return found && neuronInfo(found, view.era)
    })
  }

  /** The neuron of a hotkey on a subnet, undefined when it is not registered there. */
  getNeuronForPubkeyAndSubnet(
    hotkey: string,
    netuid: number,
    options?: ReadOptions,
  ): Promise<NeuronInfo | undefined> {
    return this.read(options, async (view) => {
      const [found] = await readNeuronsOfHotkeys(view, [addressOf(hotkey)], { netuids: [netuid] })
      return found && neuronInfo(found, view.era)
    })
  }

  /** The neurons of a hotkey on all subnets, ascending by netuid. */
  getAllNeuronsForPubkey(hotkey: string, options?: ReadOptions): Promise<readonly NeuronInfo[]> {
    return this.read(options, async (view) =>
      (await readNeuronsOfHotkeys(view, [addressOf(hotkey)])).map((neuron) =>
        neuronInfo(neuron, view.era),
      ),
    )
  }

  /** The neuron of a wallet's hotkey on a subnet. */
  async neuronForWallet(
    wallet: { hotkeyAddress(): Promise<Ss58> },
    netuid: number,
    options?: ReadOptions,
  ): Promise<NeuronInfo | undefined> {
    return this.getNeuronForPubkeyAndSubnet(await wallet.hotkeyAddress(), netuid, options)
  }

  /** Whether a neuron may set weights on others. Source: ValidatorPermit[netuid], entry uid. */
  neuronHasValidatorPermit(uid: number, netuid: number, options?: ReadOptions): Promise<boolean> {
    return this.read(options, async (view) => {
      const permits = await view.read(MODULE, 'ValidatorPermit', netuid)
      return Array.isArray(permits) && permits[uid] === true
    })
  }

  /** Weights that neurons of a subnet have set, by uid; values are u16. Source: map Weights. */
  weights(netuid: number, options?: ReadOptions): Promise<ReadonlyMap<number, SparseRow>> {
    return this.read(options, (view) => readWeights(view, netuid))
  }

  /** Bonds that validators of a subnet hold, by uid; values are u16. Source: map Bonds. */
  bonds(netuid: number, options?: ReadOptions): Promise<ReadonlyMap<number, SparseRow>> {
    return this.read(options, (view) => readBonds(view, netuid))
  }

  /** The endpoint that a hotkey has announced on a subnet, undefined without one. Source: Axons. */
  getAxonInfo(
    netuid: number,
    hotkey: string,
    options?: ReadOptions,
  ): Promise<AxonInfo | undefined> {
    return this.read(options, async (view) => {
      const address = addressOf(hotkey)
      const [axon, owner] = await Promise.all([
        readAxon(view, netuid, address),
        readOwner(view, address),
      ])
      return axon && axonInfo(axon, { hotkey: address, coldkey: owner ?? '' })
    })
  }

  /** The prometheus endpoint that a hotkey has announced, undefined without one. Source: Prometheus. */
  getPrometheusInfo(
    netuid: number,
    hotkey: string,
    options?: ReadOptions,
  ): Promise<PrometheusInfo | undefined> {
    return this.read(options, (view) => readPrometheus(view, netuid, addressOf(hotkey)))
  }

  // Subnets

  /** Whether a subnet exists. Source: NetworksAdded. */
  subnetExists(netuid: number, options?: ReadOptions): Promise<boolean> {
    return this.read(options, (view) => subnetExists(view, netuid))
  }

  /** Netuids of all subnets, ascending; root is 0. Source: map NetworksAdded. */
  getSubnets(options?: ReadOptions): Promise<readonly number[]> {
    return this.read(options, readNetuids)
  }

  /** The same as {@link SubtensorReads.getSubnets}, by its longer name. */
  getAllSubnetNetuids(options?: ReadOptions): Promise<readonly number[]> {
    return this.getSubnets(options)
  }

  /** How many subnets there are. Source: TotalNetworks. */
  getTotalSubnets(options?: ReadOptions): Promise<number> {
    return this.read(options, async (view) => asNumber(await view.read(MODULE, 'TotalNetworks')))
  }

  /** All subnets with their settings. Source: SubnetInfoRuntimeApi.get_subnets_info, or the maps. */
  getAllSubnetsInfo(options?: ReadOptions): Promise<readonly SubnetInfo[]> {
    return this.read(options, async (view) => (await readSubnets(view)).map(subnetInfo))
  }

  /** One subnet with its settings, undefined when there is none. */
  getSubnetInfo(netuid: number, options?: ReadOptions): Promise<SubnetInfo | undefined> {
    return this.read(options, async (view) =>
      readSubnet(view, netuid).then(subnetInfo, unless('SUBNET_NOT_FOUND')),
    )
  }

  /** Tokens and pools of all subnets; dTAO chains only. Source: SubnetInfoRuntimeApi.get_all_dynamic_info. */
  getAllDynamicInfo(options?: ReadOptions): Promise<readonly DynamicInfo[]> {
    return this.read(options, async (view) => (await readDynamicSubnets(view)).map(dynamicInfo))
  }

  /** Every setting of a subnet under the runtime's own name, raw. @throws {BittensorError} `SUBNET_NOT_FOUND` */
  getSubnetHyperparameters(netuid: number, options?: ReadOptions): Promise<Hyperparameters> {
    return this.read(options, (view) => readHyperparameters(view, netuid))
  }

  /** Price of creating a subnet. Source: SubnetRegistrationRuntimeApi, or the chain's formula. */
  getSubnetBurnCost(options?: ReadOptions): Promise<Balance> {
    return this.read(options, async (view) => Balance.fromRao(await readLockCost(view)))
  }

  /** Kind of work on a subnet, a number. Source: NetworkModality. */
  getSubnetModality(netuid: number, options?: ReadOptions): Promise<number> {
    return this.#number('NetworkModality', [netuid], options)
  }

  /**
   * What a registrant of one subnet must have reached on another, raw u16; undefined when nothing is asked. Source:
   * NetworkConnect; until October 2023.
   */
  getSubnetConnectionRequirement(
    netuid: number,
    other: number,
    options?: ReadOptions,
  ): Promise<number | undefined> {
    return this.read(options, async (view) => {
      const value = await view.read(MODULE, 'NetworkConnect', netuid, other)
      return value === undefined ? undefined : asNumber(value)
    })
  }

  /** All requirements of a subnet by the other's netuid, raw u16. Source: map NetworkConnect; until October 2023. */
  getSubnetConnectionRequirements(
    netuid: number,
    options?: ReadOptions,
  ): Promise<ReadonlyMap<number, number>> {
    return this.read(options, async (view) => {
      const entries = await view.entries(MODULE, 'NetworkConnect', netuid)
      return new Map(entries.map(({ keys, value }) => [asNumber(keys[1]), asNumber(value)]))
    })
  }

  /** What a subnet receives per block. Source: EmissionValues; classic chains. */
  getEmissionValueBySubnet(netuid: number, options?: ReadOptions): Promise<Balance> {
    return this.read(options, async (view) =>
      Balance.fromRao(asBigint(await view.read(MODULE, 'EmissionValues', netuid))),
    )
  }

  // Settings of a subnet: undefined when there is no such subnet

  /** Rho of the consensus. Source: Rho. */
  rho(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('Rho', netuid, options)
  }

  /** Kappa of the consensus, 0 to 1. Source: Kappa / 65535. */
  kappa(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('Kappa', netuid, options, ratioOf)
  }

  /** Difficulty of a proof of work: a seal passes when seal × difficulty < 2²⁵⁶. Source: Difficulty. */
  difficulty(netuid: number, options?: ReadOptions): Promise<bigint | undefined> {
    return this.#ofSubnet(netuid, options, (view) => readDifficulty(view, netuid))
  }

  /** Price of a registration by recycling. Source: Burn. */
  burn(netuid: number, options?: ReadOptions): Promise<Balance | undefined> {
    return this.#ofSubnet(netuid, options, async (view) =>
      Balance.fromRao(await readBurn(view, netuid)),
    )
  }

  /** Blocks for which a new neuron can not be replaced. Source: ImmunityPeriod. */
  immunityPeriod(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ImmunityPeriod', netuid, options)
  }

  /** Source: ValidatorBatchSize; runtimes of 2023. */
  validatorBatchSize(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ValidatorBatchSize', netuid, options)
  }

  /** Source: ValidatorPruneLen; runtimes of 2023. */
  validatorPruneLen(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ValidatorPruneLen', netuid, options)
  }

  /** Source: ValidatorLogitsDivergence / 65535; runtimes of 2023. */
  validatorLogitsDivergence(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ValidatorLogitsDivergence', netuid, options, ratioOf)
  }

  /** Source: ValidatorSequenceLength; runtimes of 2023. */
  validatorSequenceLength(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ValidatorSequenceLength', netuid, options)
  }

  /** Source: ValidatorEpochsPerReset; runtimes of 2023. */
  validatorEpochsPerReset(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ValidatorEpochsPerReset', netuid, options)
  }

  /** Source: ValidatorEpochLen; runtimes of 2023. */
  validatorEpochLength(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ValidatorEpochLen', netuid, options)
  }

  /** Share of the lowest weights that validators drop, 0 to 1. Source: ValidatorExcludeQuantile / 65535; 2023. */
  validatorExcludeQuantile(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ValidatorExcludeQuantile', netuid, options, ratioOf)
  }

  /** How many neurons get a validator permit. Source: MaxAllowedValidators. */
  maxAllowedValidators(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('MaxAllowedValidators', netuid, options)
  }

  /** How many weights have to be set at least. Source: MinAllowedWeights. */
  minAllowedWeights(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('MinAllowedWeights', netuid, options)
  }

  /** Largest share of one weight, 0 to 1. Source: MaxWeightsLimit / 65535. */
  maxWeightLimit(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('MaxWeightsLimit', netuid, options, ratioOf)
  }

  /** Source: ScalingLawPower / 100. */
  scalingLawPower(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('ScalingLawPower', netuid, options, hundredths)
  }

  /** Source: SynergyScalingLawPower / 100; runtimes of 2023. */
  synergyScalingLawPower(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('SynergyScalingLawPower', netuid, options, hundredths)
  }

  /** How many neurons there are. Source: SubnetworkN. */
  subnetworkN(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('SubnetworkN', netuid, options)
  }

  /** How many neurons there can be. Source: MaxAllowedUids. */
  maxN(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('MaxAllowedUids', netuid, options)
  }

  /** Blocks since the last epoch. Source: BlocksSinceLastStep. */
  blocksSinceEpoch(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('BlocksSinceLastStep', netuid, options)
  }

  /** Blocks of an epoch, less one. Source: Tempo. */
  tempo(netuid: number, options?: ReadOptions): Promise<number | undefined> {
    return this.#setting('Tempo', netuid, options)
  }

  /** Blocks between two announcements of an axon. Source: ServingRateLimit, per subnet in most runtimes. */
  servingRateLimit(netuid: number, options?: ReadOptions): Promise<number> {
    return this.read(options, (view) => readServingRateLimit(view, netuid))
  }

  /** Blocks between two stake, delegate or swap calls of a coldkey. Source: TxRateLimit. */
  txRateLimit(options?: ReadOptions): Promise<number> {
    return this.read(options, readTxRateLimit)
  }

  // Senate

  /** Whether a hotkey sits in the senate. Source: SenateMembers.Members. */
  async isSenateMember(hotkey: string, options?: ReadOptions): Promise<boolean> {
    const address = addressOf(hotkey)
    return (await this.getSenateMembers(options)).includes(address)
  }

  /** Hotkeys that sit in the senate. Source: SenateMembers.Members. */
  getSenateMembers(options?: ReadOptions): Promise<readonly Ss58[]> {
    return this.read(options, readSenateMembers)
  }

  /** Accounts that may propose. Source: Triumvirate.Members. */
  getTriumvirate(options?: ReadOptions): Promise<readonly Ss58[]> {
    return this.read(options, readTriumvirate)
  }

  /** Open proposals with calls and votes. Source: Triumvirate.Proposals, ProposalOf, Voting. */
  getProposals(options?: ReadOptions): Promise<readonly Proposal[]> {
    return this.read(options, readProposals)
  }

  /** Hashes of the open proposals. Source: Triumvirate.Proposals. */
  async getProposalHashes(options?: ReadOptions): Promise<readonly Hex[]> {
    return (await this.getProposals(options)).map(({ hash }) => hash)
  }

  /** Votes on a proposal, undefined when it is not open. Source: Triumvirate.Voting. */
  getVoteData(hash: Hex, options?: ReadOptions): Promise<ProposalVotes | undefined> {
    return this.read(options, (view) => readVotes(view, hash))
  }

  /** What a proposal would do, undefined when it is not open. Source: Triumvirate.ProposalOf. */
  getProposalCallData(hash: Hex, options?: ReadOptions): Promise<DecodedCall | undefined> {
    return this.read(options, async (view) => (await readProposal(view, hash))?.call)
  }

  // Anything else

  /**
   * Any storage item, decoded by the metadata of the block.
   * @example
   * await subtensor.queryModule('Timestamp', 'Now') // 1690848000000n
   */
  queryModule(
    pallet: string,
    item: string,
    keys: readonly unknown[] = [],
    options?: ReadOptions,
  ): Promise<ChainValue> {
    return this.read(options, (view) => view.read(pallet, item, ...keys))
  }

  /** All entries of any storage map, or those below the given first keys. */
  queryMap(
    pallet: string,
    item: string,
    keys: readonly unknown[] = [],
    options?: ReadOptions,
  ): Promise<readonly StorageEntry[]> {
    return this.read(options, (view) => view.entries(pallet, item, ...keys))
  }

  /** Any storage item of the pallet SubtensorModule. */
  querySubtensor(
    item: string,
    keys: readonly unknown[] = [],
    options?: ReadOptions,
  ): Promise<ChainValue> {
    return this.queryModule(MODULE, item, keys, options)
  }

  /** All entries of any storage map of the pallet SubtensorModule. */
  queryMapSubtensor(
    item: string,
    keys: readonly unknown[] = [],
    options?: ReadOptions,
  ): Promise<readonly StorageEntry[]> {
    return this.queryMap(MODULE, item, keys, options)
  }

  /** Any constant of the runtime, undefined when there is none. */
  queryConstant(pallet: string, name: string, options?: ReadOptions): Promise<ChainValue> {
    return this.read(options, async (view) => view.constant(pallet, name))
  }

  #number(item: string, keys: readonly unknown[], options?: ReadOptions): Promise<number> {
    return this.read(options, async (view) => asNumber(await view.read(MODULE, item, ...keys)))
  }

  #setting(
    item: string,
    netuid: number,
    options: ReadOptions | undefined,
    convert: (value: number) => number = (value) => value,
  ): Promise<number | undefined> {
    return this.#ofSubnet(netuid, options, async (view) =>
      convert(asNumber(await view.read(MODULE, item, netuid))),
    )
  }

  /** Asks whether the subnet exists in the same request. */
  #ofSubnet<T>(
    netuid: number,
    options: ReadOptions | undefined,
    work: (view: ChainView) => Promise<T>,
  ): Promise<T | undefined> {
    return this.read(options, async (view) => {
      const [exists, value] = await Promise.all([subnetExists(view, netuid), work(view)])
      return exists ? value : undefined
    })
  }
}

/** @throws {BittensorError} `BAD_ADDRESS` */
export function addressOf(account: string): Ss58 {
  return parseAccount(account).address
}

function hundredths(value: number): number {
  return value / 100
}

function unless(code: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof BittensorError && error.code === code) return undefined
    throw error
  }
}
