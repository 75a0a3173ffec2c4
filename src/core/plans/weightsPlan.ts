/** What `set_weights` checks, and what it shows before signing. */
import { buildCall, setWeightsCall } from '../chain/calls.js'
import { readUid, readWeightsOf } from '../chain/neurons.js'
import { readTotalStake } from '../chain/stake.js'
import { readNetuids } from '../chain/subnets.js'
import type { ChainValue, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { formatTao, U16_MAX } from '../units.js'
import type { ChainWeights } from '../weights.js'
import { rateLimit } from './ownHotkey.js'
import type { Party, Plan, Planning } from './plan.js'

/** What was asked for: `weights` as the chain takes them, the largest 65535. */
export type WeightsTerms = {
  readonly hotkey: Party
  readonly netuid: number
  readonly weights: ChainWeights
  readonly versionKey: bigint | undefined
}

/** The weights of the neuron. */
export type WeightsRead = readonly (readonly [target: number, value: number])[]
export type WeightsPlan = Plan<WeightsRead> & { readonly uid: number }

const MODULE = 'SubtensorModule'

/** What the chain's rules need to know of the subnet and the neuron. */
type Rules = {
  /** Weights are committed first and revealed later. */
  readonly isCommitted: boolean
  readonly uid: number
  readonly n: number
  readonly targets: ReadonlySet<number>
  readonly isSelf: boolean
  readonly hasPermit: boolean
  readonly stake: bigint
  readonly minStake: bigint
  readonly minWeights: number
  readonly maxShare: number
  readonly lastUpdate: number
  readonly rateLimit: number
  readonly versionKey: bigint
}

/**
 * Checks weights by the rules of the chain, whichever way they are set.
 * @throws {BittensorError} as {@link planWeights}; `RUNTIME_UNSUPPORTED`, `USAGE` when weights are to be committed where they are set openly
 */
export async function checkedWeights(
  { client, view }: Planning,
  terms: WeightsTerms,
  way: 'open' | 'committed',
): Promise<{ readonly uid: number; readonly versionKey: bigint }> {
  if (terms.netuid === 0 && view.era === 'dtao') throw noRootWeights(view.specVersion)
  const rules = await readRules(view, terms)
  if (rules.isCommitted && way === 'open') throw commitReveal(terms.netuid, view.specVersion)
  if (way === 'committed' && !client.hasCall('SubtensorModule', 'commit_weights')) {
    // Says that there is no such call.
    buildCall(client, 'SubtensorModule', 'commit_weights', {})
  }
  if (!rules.isCommitted && way === 'committed') {
    throw new BittensorError('USAGE', `subnet ${terms.netuid} takes weights openly`, {
      hint: 'btcli set_weights',
    })
  }
  checkTargets(rules, terms)
  checkStanding(rules, terms)
  checkShares(rules, terms)
  const versionKey = terms.versionKey ?? rules.versionKey
  if (rules.versionKey !== 0n && versionKey < rules.versionKey) {
    throw new BittensorError(
      'USAGE',
      `the subnet asks for version key ${rules.versionKey} or more`,
      {
        hint: 'leave out --version_key',
      },
    )
  }
  // Judged in the block after the one that was read.
  const wait = rules.lastUpdate + rules.rateLimit - (view.block.number + 1)
  if (rules.lastUpdate > 0 && wait > 0) {
    const reason = `weights were set in block ${rules.lastUpdate}, ${rules.rateLimit} blocks must pass`
    throw rateLimit(client, wait, reason)
  }
  return { uid: rules.uid, versionKey }
}

/**
 * Checks weights by the rules of the chain and says what setting them would do.
 * @throws {BittensorError} `NOT_REGISTERED` · `RUNTIME_UNSUPPORTED` where weights are committed first · `USAGE` for weights
 * that the subnet does not take · `INSUFFICIENT_STAKE` without permit or stake · `RATE_LIMITED`
 */
export async function planWeights(planning: Planning, terms: WeightsTerms): Promise<WeightsPlan> {
  const { client } = planning
  const { hotkey, netuid, weights } = terms
  const { uid, versionKey } = await checkedWeights(planning, terms, 'open')
  const total = weights.values.reduce((sum, value) => sum + value, 0)
  const share = (value: number) => `${((100 * value) / total).toFixed(2)} %`
  return {
    uid,
    operations: [
      {
        label: `weights of ${hotkey.name || hotkey.address}`,
        call: setWeightsCall(client, {
          netuid,
          uids: weights.uids,
          weights: weights.values,
          versionKey,
        }),
        spendRao: 0n,
        netuids: [netuid],
        measure: (at) => readWeightsOf(at, netuid, uid),
      },
    ],
    facts: [
      { label: 'neuron', value: `uid ${uid} on subnet ${netuid}` },
      ...weights.uids.map((uid, i) => ({
        label: i === 0 ? 'weights' : '',
        value: `${netuid === 0 ? 'subnet' : 'uid'} ${uid}  ${share(weights.values[i] ?? 0)}`,
        note: `${weights.values[i]} of ${U16_MAX}`,
      })),
      { label: 'version key', value: `${versionKey}` },
    ],
    effects: [],
    notes: ['these replace all weights that the neuron has set before'],
    question: `Set ${weights.uids.length} ${weights.uids.length === 1 ? 'weight' : 'weights'} on subnet ${netuid}?`,
  }
}

async function readRules(
  view: ChainView,
  { hotkey, netuid, weights }: WeightsTerms,
): Promise<Rules> {
  const read = (item: string) => view.read(MODULE, item, netuid)
  const readIf = async (item: string) => (view.hasStorage(MODULE, item) ? read(item) : undefined)
  const [
    uid,
    commits,
    n,
    permits,
    updates,
    minWeights,
    maxShare,
    limit,
    key,
    minStake,
    stake,
    netuids,
  ] = await Promise.all([
    readUid(view, netuid, hotkey.address),
    readIf('CommitRevealWeightsEnabled'),
    read('SubnetworkN'),
    read('ValidatorPermit'),
    read('LastUpdate'),
    read('MinAllowedWeights'),
    read('MaxWeightsLimit'),
    read('WeightsSetRateLimit'),
    read('WeightsVersionKey'),
    minimumStake(view),
    readTotalStake(view, hotkey.address),
    readNetuids(view),
  ])
  if (uid === undefined) throw notRegistered(hotkey, netuid)
  const size = Number(n)
  const uids = Array.from({ length: size }, (_, one) => one)
  return {
    isCommitted: commits === true,
    uid,
    n: size,
    targets: new Set(netuid === 0 ? netuids : uids),
    isSelf: weights.uids.length === 1 && weights.uids[0] === uid,
    hasPermit: at(permits, uid) === true,
    stake,
    minStake,
    minWeights: Math.min(Number(minWeights), size),
    maxShare: Number(maxShare),
    lastUpdate: Number(at(updates, uid) ?? 0),
    rateLimit: Number(limit),
    versionKey: BigInt(String(key)),
  }
}

/** Stake that setting weights needs, where the runtime has such a rule. */
async function minimumStake(view: ChainView): Promise<bigint> {
  const item = ['WeightsMinStake', 'StakeThreshold'].find((name) => view.hasStorage(MODULE, name))
  return item === undefined ? 0n : BigInt(String(await view.read(MODULE, item)))
}

function at(list: ChainValue, index: number): ChainValue {
  return Array.isArray(list) ? list[index] : undefined
}

function notRegistered(hotkey: Party, netuid: number): BittensorError {
  return new BittensorError(
    'NOT_REGISTERED',
    `${hotkey.name || hotkey.address} is not registered on subnet ${netuid}`,
    {
      hint: `btcli recycle_register --netuid ${netuid}`,
      data: { netuid, hotkey: hotkey.address },
    },
  )
}

function noRootWeights(specVersion: number): BittensorError {
  return new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `the root network of this chain (spec ${specVersion}) takes no weights`,
    { details: 'since dTAO emission goes by the prices of tokens' },
  )
}

function commitReveal(netuid: number, specVersion: number): BittensorError {
  return new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `subnet ${netuid} takes no plain weights: commit-reveal is on`,
    {
      details: 'weights there are committed first and revealed later',
      hint: 'btcli weights_commit',
      data: { netuid, specVersion, commitReveal: true },
    },
  )
}

function checkTargets({ targets, n }: Rules, { netuid, weights }: WeightsTerms): void {
  const twice = weights.uids.find((uid, i) => weights.uids.indexOf(uid) !== i)
  if (twice !== undefined) throw new BittensorError('USAGE', `uid ${twice} is given twice`)
  const unknown = weights.uids.filter((uid) => !targets.has(uid))
  if (unknown.length === 0) return
  const what = netuid === 0 ? 'there is no subnet' : `subnet ${netuid} has no uid`
  throw new BittensorError('USAGE', `${what} ${unknown.join(', ')}`, {
    details:
      netuid === 0
        ? `weights on root go to subnets: ${[...targets].join(', ')}`
        : `its uids go from 0 to ${n - 1}`,
    data: { unknown },
  })
}

function checkStanding(rules: Rules, { hotkey, netuid }: WeightsTerms): void {
  const name = hotkey.name || hotkey.address
  if (rules.stake < rules.minStake) {
    throw new BittensorError('INSUFFICIENT_STAKE', `${name} has too little stake to set weights`, {
      details: `τ${formatTao(rules.stake, 'full')} staked, τ${formatTao(rules.minStake, 'full')} needed`,
      data: { stakeRao: rules.stake, neededRao: rules.minStake },
    })
  }
  if (rules.hasPermit || rules.isSelf || netuid === 0) return
  throw new BittensorError(
    'INSUFFICIENT_STAKE',
    `${name} has no validator permit on subnet ${netuid}`,
    {
      details:
        'permits go to the neurons with the most stake, anew in each epoch; without one only a weight to itself is taken',
      hint: `btcli metagraph --netuid ${netuid} shows who has one`,
      data: { netuid, uid: rules.uid },
    },
  )
}

function checkShares(rules: Rules, { netuid, weights }: WeightsTerms): void {
  const count = weights.uids.length
  if (count < rules.minWeights && !(rules.isSelf && netuid !== 0)) {
    throw new BittensorError(
      'USAGE',
      `subnet ${netuid} takes no less than ${rules.minWeights} weights`,
      {
        details: `${count} above zero were given`,
        data: { given: count, minAllowedWeights: rules.minWeights },
      },
    )
  }
  const total = weights.values.reduce((sum, value) => sum + value, 0)
  const largest = Math.max(...weights.values)
  // In whole numbers, as the chain compares: largest ⁄ total ≤ limit ⁄ 65535.
  const isWithin = BigInt(largest) * BigInt(U16_MAX) <= BigInt(rules.maxShare) * BigInt(total)
  if (isWithin || rules.isSelf || rules.maxShare === U16_MAX) return
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`
  throw new BittensorError('USAGE', `one weight is more than subnet ${netuid} takes`, {
    details: `the largest is ${percent(largest / total)} of all, ${percent(rules.maxShare / U16_MAX)} is the limit`,
    hint: 'spread the weights over more uids',
    data: { largest: largest / total, limit: rules.maxShare / U16_MAX },
  })
}
