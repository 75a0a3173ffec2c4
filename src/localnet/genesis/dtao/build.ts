/** Fills an empty state with what a {@link DtaoGenesisSpec} says, by the runtime's own rules where there are any. */
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { BittensorError } from '../../../core/errors.js'
import { U64_MAX } from '../../runtime/dtao/fixed.js'
import { announceShieldKeys } from '../../runtime/dtao/later/mevShield.js'
import { Balances } from '../../runtime/dtao/pallets/balances.js'
import { Aura } from '../../runtime/dtao/pallets/consensus.js'
import { NO_ACCOUNT, System } from '../../runtime/dtao/pallets/system.js'
import { payPending, runCoinbase } from '../../runtime/dtao/subtensor/emission.js'
import { runEpoch } from '../../runtime/dtao/subtensor/epochStore.js'
import { createHotkey } from '../../runtime/dtao/subtensor/keys.js'
import { createNetwork, startEmission } from '../../runtime/dtao/subtensor/networks.js'
import { appendNeurons } from '../../runtime/dtao/subtensor/neurons.js'
import { addTotalStake, ROOT, stakeInto } from '../../runtime/dtao/subtensor/pool.js'
import { takeRootSeat } from '../../runtime/dtao/subtensor/registration.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { symbolOf } from '../../runtime/dtao/subtensor/symbols.js'
import type { ChainIdentityValue, SubnetIdentityValue } from '../../runtime/dtao/subtensor/types.js'
import { storeWeights } from '../../runtime/dtao/subtensor/weights.js'
import { alphaPrice } from '../../runtime/dtao/swap/engine.js'
import { RUNTIME_VERSION } from '../../runtime/dtao/version.js'
import type { RuntimeContext, StorageItem } from '../../runtime/pallet.js'
import { Sudo } from '../../runtime/pallets/sudo.js'
import { TransactionPayment } from '../../runtime/pallets/transactionPayment.js'
import type { State } from '../../runtime/state.js'
import type { AnyGenesisSpec, NeuronSpec, OpenExecution } from '../spec.js'
import type { DtaoGenesisSpec, DtaoSubnetSettings, DtaoSubnetSpec, IdentitySpec } from './spec.js'

/**
 * Writes block 0.
 * @throws {BittensorError} `LOCALNET` when the spec is for another profile or breaks a rule of the runtime.
 */
export function buildDtaoGenesis(open: OpenExecution, state: State, spec: AnyGenesisSpec): void {
  if (spec.profile !== 'dtao') {
    throw new BittensorError('LOCALNET', `the genesis ${spec.name} is not one of profile dtao`)
  }
  const root = open(state, 0).context({ kind: 'root' })
  fillSystem(state, spec)
  fillRoot(state, spec)
  put(state, spec.settings ?? {}, [])
  for (const subnet of spec.subnets ?? []) fillSubnet(root, subnet)
  fillStake(root, spec)
  for (const { hotkey, coldkey } of spec.rootMembers ?? []) {
    createHotkey(state, coldkey, hotkey)
    takeRootSeat(root, hotkey)
  }
  fillPeople(state, spec)
  const later = open(state, WEIGHTS_BLOCK).context({ kind: 'root' })
  fillWeights(later, spec)
  warmUp(later, spec)
  const issuance = spec.balances.reduce((sum, [, rao]) => sum + rao, 0n)
  state.set(S.TotalIssuance, [], issuance + state.get(S.TotalStake))
}

function fillSystem(state: State, spec: DtaoGenesisSpec): void {
  announceShieldKeys(state, 0)
  state.set(System.UpgradedToU32RefCount, [], true)
  state.set(System.UpgradedToTripleRefCount, [], true)
  const { spec_name, spec_version } = RUNTIME_VERSION
  state.set(System.LastRuntimeUpgrade, [], { spec_name, spec_version })
  state.set(TransactionPayment.NextFeeMultiplier, [], 1_000_000_000_000_000_000n)
  state.set(TransactionPayment.StorageVersion, [], { type: 'V2' })
  state.set(Aura.Authorities, [], [spec.sudo])
  state.set(Sudo.Key, [], spec.sudo)
  let issuance = 0n
  for (const [account, rao] of spec.balances) {
    const { data } = state.get(System.Account, account)
    const entry = { ...NO_ACCOUNT, providers: 1, data: { ...data, free: data.free + rao } }
    state.set(System.Account, [account], entry)
    issuance += rao
  }
  state.set(Balances.TotalIssuance, [], issuance)
  state.set(S.TotalStake, [], 0n)
}

/** The root network as the real chain's genesis makes it. */
const ROOT_SETTINGS: DtaoSubnetSettings = {
  SubnetworkN: 0,
  Tempo: 100,
  MaxAllowedUids: 64,
  MaxAllowedValidators: 64,
  MinAllowedWeights: 0,
  TargetRegistrationsPerInterval: 1,
  NetworkRegistrationAllowed: true,
  SubtokenEnabled: true,
}

function fillRoot(state: State, spec: DtaoGenesisSpec): void {
  state.set(S.NetworksAdded, [ROOT], true)
  state.set(S.TotalNetworks, [], 1)
  state.set(S.SubnetOwner, [ROOT], spec.sudo)
  state.set(S.TokenSymbol, [ROOT], symbolOf(ROOT))
  put(state, { ...ROOT_SETTINGS, ...spec.root }, [ROOT])
}

/** Writes settings by the name of their item. */
function put(state: State, settings: object, keys: [] | [number]): void {
  const items = S as unknown as Record<string, StorageItem<typeof keys, unknown>>
  for (const [name, value] of Object.entries(settings)) {
    const item = items[name]
    if (!item) throw new BittensorError('LOCALNET', `the runtime has no setting ${name}`)
    state.set(item, keys, value)
  }
}

function fillSubnet(context: RuntimeContext, spec: DtaoSubnetSpec): void {
  const { state } = context
  const { netuid } = spec
  const { owner: coldkey, ownerHotkey: hotkey, lock } = spec
  createNetwork(context, { netuid, coldkey, hotkey, lock })
  addTotalStake(state, spec.pool.tao - state.get(S.SubnetTAO, netuid))
  state.set(S.SubnetTAO, [netuid], spec.pool.tao)
  state.set(S.SubnetAlphaIn, [netuid], spec.pool.alpha)
  put(state, spec.settings, [netuid])
  for (const neuron of spec.neurons) {
    createHotkey(state, neuron.coldkey, neuron.hotkey)
    serve(state, netuid, neuron)
  }
  const [, ...others] = spec.neurons
  const added = others.map((neuron) => neuron.hotkey)
  appendNeurons(context, netuid, added)
  if (spec.identity) {
    const identity = texts(SUBNET_TEXTS, spec.identity) as SubnetIdentityValue
    state.set(S.SubnetIdentitiesV3, [netuid], identity)
  }
  if (spec.started === false) return
  startEmission(context, netuid)
  state.set(S.SubnetMovingPrice, [netuid], alphaPrice(state, netuid))
}

function serve(state: State, netuid: number, { hotkey, axon, prometheus }: NeuronSpec): void {
  const block = 0n
  if (axon) {
    const { ipType: ip_type, ...rest } = axon
    const kind = { protocol: 4, placeholder1: 0, placeholder2: 0 }
    state.set(S.Axons, [netuid, hotkey], { block, ...rest, ip_type, ...kind })
  }
  if (prometheus) {
    const { ipType: ip_type, ...rest } = prometheus
    state.set(S.Prometheus, [netuid, hotkey], { block, ...rest, ip_type })
  }
}

/** Stake is bought as by a call, so that pools and prices follow; the TAO for it comes on top of the balances. */
function fillStake(context: RuntimeContext, spec: DtaoGenesisSpec): void {
  const { state } = context
  for (const { hotkey, coldkey, take } of spec.delegates ?? []) {
    createHotkey(state, coldkey, hotkey)
    state.set(S.Delegates, [hotkey], take)
  }
  for (const { hotkey, coldkey, netuid, tao } of spec.stakes ?? []) {
    createHotkey(state, coldkey, hotkey)
    stakeInto(context, { hotkey, coldkey, netuid }, tao, { dropFees: true })
    state.set(S.SubnetTaoFlow, [netuid], 0n)
  }
  for (const { hotkey, netuid, children } of spec.children ?? []) {
    state.set(
      S.ChildKeys,
      [hotkey, netuid],
      children.map(([part, child]) => [part, child]),
    )
    for (const [part, child] of children) {
      const parents = state.get(S.ParentKeys, child, netuid)
      state.set(S.ParentKeys, [child, netuid], [...parents, [part, hotkey]])
    }
  }
}

/** The block that weights seem to be set in: what is not later than a neuron's registration does not count. */
const WEIGHTS_BLOCK = 1

/** A first epoch hands out the permits without which no weights may be set. */
function fillWeights(context: RuntimeContext, spec: DtaoGenesisSpec): void {
  for (const { netuid, weights } of spec.subnets ?? []) {
    if (weights.length > 0) runEpoch(context, netuid, 0n)
    for (const { hotkey, weights: row } of weights) {
      storeWeights(context, hotkey, {
        netuid,
        mecid: 0,
        dests: row.map(([dest]) => dest),
        weights: row.map(([, weight]) => weight),
        version_key: U64_MAX,
      })
    }
  }
}

/** Emission as if blocks had passed, each with an epoch: bonds of the first earn dividends in the second. */
function warmUp(context: RuntimeContext, spec: DtaoGenesisSpec): void {
  for (let i = 0; i < (spec.warmUp ?? 0); i++) {
    runCoinbase(context)
    for (const { netuid } of spec.subnets ?? []) payPending(context, netuid)
  }
}

const PERSON_TEXTS = [
  'name',
  'url',
  'github_repo',
  'image',
  'discord',
  'description',
  'additional',
] as const
const SUBNET_TEXTS = [
  'subnet_name',
  'github_repo',
  'subnet_contact',
  'subnet_url',
  'discord',
  'description',
  'logo_url',
  'additional',
] as const

const texts = (names: readonly string[], given: IdentitySpec): Record<string, Uint8Array> =>
  Object.fromEntries(names.map((name) => [name, utf8ToBytes(given[name] ?? '')]))

function fillPeople(state: State, spec: DtaoGenesisSpec): void {
  for (const [coldkey, identity] of spec.identities ?? []) {
    const value = texts(PERSON_TEXTS, identity) as ChainIdentityValue
    state.set(S.IdentitiesV2, [coldkey], value)
  }
}
