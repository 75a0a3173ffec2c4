/** Fills an empty state with what a {@link GenesisSpec} says, by the runtime's own rules where there are any. */
import { BittensorError } from '../../core/errors.js'
import type { Execution } from '../runtime/executor.js'
import type { Call, Origin, RuntimeContext, StorageItem } from '../runtime/pallet.js'
import { Balances } from '../runtime/pallets/balances.js'
import { Collective } from '../runtime/pallets/collective.js'
import { Aura } from '../runtime/pallets/consensus.js'
import { triumvirateMembers } from '../runtime/pallets/seats.js'
import { Sudo } from '../runtime/pallets/sudo.js'
import { NO_ACCOUNT, System } from '../runtime/pallets/system.js'
import { TransactionPayment } from '../runtime/pallets/transactionPayment.js'
import type { State } from '../runtime/state.js'
import { payLoadedEmission } from '../runtime/subtensor/emission.js'
import { runEpoch } from '../runtime/subtensor/epochStore.js'
import { createNetwork } from '../runtime/subtensor/networks.js'
import { appendNeurons } from '../runtime/subtensor/neurons.js'
import { ROOT } from '../runtime/subtensor/registration.js'
import { joinRoot } from '../runtime/subtensor/root.js'
import { voteOnEmission } from '../runtime/subtensor/rootEpoch.js'
import { createHotkey, increaseStake } from '../runtime/subtensor/staking.js'
import { S } from '../runtime/subtensor/storage.js'
import { RUNTIME_VERSION } from '../runtime/version.js'
import type {
  GenesisSpec,
  NeuronSpec,
  OpenExecution,
  SubnetSettings,
  SubnetSpec,
  WeightsSpec,
} from './spec.js'

/** Weights are set in block 1, so that they are newer than the neurons they are for. */
const WEIGHTS_BLOCK = 1

/**
 * Writes block 0.
 * @throws {BittensorError} `LOCALNET` when the spec breaks a rule of the runtime, such as weights without a permit.
 */
export function buildGenesis(open: OpenExecution, state: State, spec: GenesisSpec): void {
  const run = open(state, 0)
  const root = run.context({ kind: 'root' })
  fillSystem(state, spec)
  fillRoot(state, spec)
  put(state, spec.settings ?? {}, [])
  if (spec.triumvirate) triumvirateMembers.reset(root, spec.triumvirate)
  for (const subnet of spec.subnets ?? []) fillSubnet(root, subnet)
  fillStake(state, spec)
  for (const member of spec.rootMembers ?? []) joinRoot(root, member.coldkey, member.hotkey)
  fillWeights(open(state, WEIGHTS_BLOCK), spec)
  runEpochs(state, spec)
  const issuance = spec.balances.reduce((sum, [, rao]) => sum + rao, 0n)
  state.set(S.TotalIssuance, [], issuance + state.get(S.TotalStake))
  fillProposals(run, spec)
}

function fillSystem(state: State, spec: GenesisSpec): void {
  state.set(System.UpgradedToU32RefCount, [], true)
  state.set(System.UpgradedToTripleRefCount, [], true)
  const { spec_name, spec_version } = RUNTIME_VERSION
  state.set(System.LastRuntimeUpgrade, [], { spec_name, spec_version })
  state.set(TransactionPayment.NextFeeMultiplier, [], 0n)
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
  state.set(S.BlockEmission, [], state.get(S.BlockEmission))
}

/** The root network as the real chain's genesis makes it. */
const ROOT_SETTINGS: SubnetSettings = {
  Tempo: 100,
  MaxAllowedUids: 64,
  MaxAllowedValidators: 64,
  MinAllowedWeights: 0,
  MaxWeightsLimit: 65_535,
  TargetRegistrationsPerInterval: 1,
  NetworkRegistrationAllowed: true,
}

function fillRoot(state: State, spec: GenesisSpec): void {
  state.set(S.NetworksAdded, [ROOT], true)
  state.set(S.TotalNetworks, [], 1)
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

function fillSubnet(context: RuntimeContext, spec: SubnetSpec): void {
  const { state } = context
  createNetwork(context, spec.netuid, spec.owner, spec.lock)
  put(state, spec.settings, [spec.netuid])
  for (const neuron of spec.neurons) {
    createHotkey(state, neuron.coldkey, neuron.hotkey)
    serve(state, spec.netuid, neuron)
  }
  appendNeurons(
    context,
    spec.netuid,
    spec.neurons.map(({ hotkey }) => hotkey),
  )
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

function fillStake(state: State, spec: GenesisSpec): void {
  for (const { hotkey, coldkey, take } of spec.delegates ?? []) {
    createHotkey(state, coldkey, hotkey)
    state.set(S.Delegates, [hotkey], take)
  }
  for (const [hotkey, coldkey, rao] of spec.stakes ?? []) {
    createHotkey(state, coldkey, hotkey)
    increaseStake(state, hotkey, coldkey, rao)
  }
}

/** A first epoch hands out the permits without which no weights may be set. */
function fillWeights(run: Execution, spec: GenesisSpec): void {
  const { state } = run.context({ kind: 'root' })
  for (const { netuid, weights } of spec.subnets ?? []) {
    runEpoch(state, netuid, WEIGHTS_BLOCK, 0n)
    withoutRateLimit(state, netuid, () => {
      for (const row of weights) setWeights(run, netuid, row)
    })
  }
  withoutRateLimit(state, ROOT, () => {
    for (const member of spec.rootMembers ?? []) {
      if (member.weights.length > 0) setWeights(run, ROOT, member)
    }
  })
}

function withoutRateLimit(state: State, netuid: number, run: () => void): void {
  const isSet = state.has(S.WeightsSetRateLimit, netuid)
  const limit = state.get(S.WeightsSetRateLimit, netuid)
  state.set(S.WeightsSetRateLimit, [netuid], 0n)
  run()
  if (isSet) state.set(S.WeightsSetRateLimit, [netuid], limit)
  else state.remove(S.WeightsSetRateLimit, netuid)
}

function setWeights(run: Execution, netuid: number, { hotkey, weights }: WeightsSpec): void {
  const args = {
    netuid,
    dests: weights.map(([dest]) => dest),
    weights: weights.map(([, weight]) => weight),
    version_key: (1n << 64n) - 1n,
  }
  demand(run, { pallet: 'SubtensorModule', name: 'set_weights', args }, signed(hotkey))
}

/** Runs whole epochs as if their blocks had passed: emission by root's weights, paid out as stake. */
function runEpochs(state: State, spec: GenesisSpec): void {
  if (!spec.epochs) return
  voteOnEmission(state)
  for (let epoch = 0; epoch < spec.epochs; epoch++) {
    for (const { netuid } of spec.subnets ?? []) {
      const blocks = BigInt(state.get(S.Tempo, netuid) + 1)
      const emission = state.get(S.EmissionValues, netuid) * blocks
      const tuples = runEpoch(state, netuid, WEIGHTS_BLOCK, emission)
      state.set(S.LoadedEmission, [netuid], tuples)
    }
    payLoadedEmission(state)
  }
}

function fillProposals(run: Execution, spec: GenesisSpec): void {
  const { state } = run.context({ kind: 'root' })
  for (const { by, call, duration, votes } of spec.proposals ?? []) {
    const index = state.get(Collective.ProposalCount)
    const args = { proposal: call, length_bound: 10_000, duration }
    demand(run, { pallet: 'Triumvirate', name: 'propose', args }, signed(by))
    const proposal = state.get(Collective.Proposals).at(-1)
    for (const [hotkey, approve] of votes) {
      const vote = { hotkey, proposal, index, approve }
      const owner = state.get(S.Owner, hotkey)
      demand(run, { pallet: 'SubtensorModule', name: 'vote', args: vote }, signed(owner))
    }
  }
}

const signed = (account: string): Origin => ({ kind: 'signed', account })

/** Runs a call that has to succeed. */
function demand(run: Execution, call: Call, origin: Origin): void {
  const outcome = run.dispatch(call, origin)
  if (outcome.ok) return
  const { error } = outcome
  const reason = error.kind === 'other' ? error.type : error.error
  throw new BittensorError('LOCALNET', `the genesis breaks a rule: ${call.name}: ${reason}`)
}
