/** How stake counts on a dTAO subnet: alpha, a part of the root stake, and what children and parents move. */
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type AlphaRao, alphaRao, type Rao, rao } from '../units.js'
import { subnetStatePreview } from './layouts.js'
import { readNeurons } from './neurons.js'
import { callDecoded, preferApi, u16Arguments } from './runtimeApi.js'
import { option } from './typeDef.js'
import type { ChainValue, ChainView } from './types.js'
import { asAddress, asBigint, asList, asNumber, asRecord } from './values.js'

const MODULE = 'SubtensorModule'
const API = 'SubnetInfoRuntimeApi'

/** Stake of a hotkey as the epoch of its subnet counts it: without what it lends to children, with what parents lend it. */
export type WeighedStake = {
  readonly alphaStake: AlphaRao
  /** Root stake of the hotkey before it is weighed. */
  readonly taoStake: Rao
  /** Alpha and weighed root stake together: what counts for permits and dividends. On root: RAO. */
  readonly totalStake: bigint
}

/** How a neuron's stake weighs on its subnet. */
export type StakeWeight = WeighedStake & {
  readonly uid: number
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  /** Raw u16 ratios. */
  readonly dividends: number
  readonly incentive: number
  /** Alpha of one epoch (root: RAO). */
  readonly emission: bigint
  readonly validatorPermit: boolean
}

/**
 * Stake of every neuron of a subnet as its epoch weighs it, by uid: by the runtime API, else from storage.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on classic runtimes
 */
export async function readStakeWeights(view: ChainView, netuid: number): Promise<StakeWeight[]> {
  requireDtao(view)
  const method = 'get_subnet_state'
  const weights = await preferApi(
    view,
    API,
    method,
    async () => {
      const layouts = [option(subnetStatePreview)]
      const state = await callDecoded(view, API, method, u16Arguments(netuid), layouts)
      return state === undefined ? [] : weightsIn(asRecord(state))
    },
    async () => {
      const neurons = await readNeurons(view, netuid)
      const weighed = await weighStakes(view, neurons)
      return neurons.map(
        ({ uid, hotkey, coldkey, dividends, incentive, emission, validatorPermit }, i) => ({
          ...{ uid, hotkey, coldkey, dividends, incentive, emission, validatorPermit },
          ...(weighed[i] ?? NONE),
        }),
      )
    },
  )
  return weights.map((one) => ({ ...one, ...onSubnet(netuid, one) }))
}

/** On root nothing is weighed. */
export function onSubnet(netuid: number, stake: WeighedStake): WeighedStake {
  const { alphaStake, taoStake, totalStake } = stake
  return { alphaStake, taoStake, totalStake: netuid === 0 ? taoStake : totalStake }
}

const NONE: WeighedStake = { alphaStake: alphaRao(0n), taoStake: rao(0n), totalStake: 0n }

function weightsIn(columns: Readonly<Record<string, ChainValue>>): StakeWeight[] {
  const at = (name: string, uid: number) => asList(columns[name] ?? [])[uid]
  return asList(columns['hotkeys']).map((hotkey, uid) => ({
    uid,
    hotkey: asAddress(hotkey),
    coldkey: asAddress(at('coldkeys', uid)),
    alphaStake: alphaRao(asBigint(at('alpha_stake', uid) ?? 0)),
    taoStake: rao(asBigint(at('tao_stake', uid) ?? 0)),
    totalStake: asBigint(at('total_stake', uid) ?? 0),
    dividends: asNumber(at('dividends', uid) ?? 0),
    incentive: asNumber(at('incentives', uid) ?? 0),
    emission: asBigint(at('emission', uid) ?? 0),
    validatorPermit: at('validator_permit', uid) === true,
  }))
}

type Place = { readonly netuid: number; readonly hotkey: Ss58 }

/**
 * As {@link readStakeWeights} for single hotkeys, in their order, from storage: one request, and one more where some have
 * parents. Rounded as the runtime rounds (opentensor/subtensor, staking/stake_utils.rs).
 */
export async function weighStakes(
  view: ChainView,
  places: readonly Place[],
): Promise<WeighedStake[]> {
  return Promise.all(
    places.map(async ({ netuid, hotkey }) => {
      const parentsOf = readParents(view, { netuid, hotkey })
      const [weight, [alpha, tao], children, parents, lent] = await Promise.all([
        taoWeight(view, netuid),
        stakesOf(view, netuid, hotkey),
        view.read(MODULE, 'ChildKeys', hotkey, netuid).then(sharesIn),
        parentsOf,
        // Not after all of these: where the parents are known already, it goes with the same request.
        parentsOf.then((parents) =>
          Promise.all(parents.map((one) => stakesOf(view, netuid, one.hotkey))),
        ),
      ])
      const inherited = (own: bigint, which: 0 | 1) => {
        const toChildren = children.reduce((sum, { share }) => sum + own * share, 0n)
        const fromParents = parents.reduce(
          (sum, { share }, k) => sum + (lent[k]?.[which] ?? 0n) * share,
          0n,
        )
        const kept = (own << 32n) - toChildren
        return ((kept > 0n ? kept : 0n) + fromParents) >> 32n
      }
      const alphaStake = alphaRao(netuid === 0 ? alpha : inherited(alpha, 0))
      const taoStake = rao(isPreview(view) ? tao : inherited(tao, 1))
      const totalStake = alphaStake + ((taoStake * weight) >> 32n)
      return onSubnet(netuid, { alphaStake, taoStake, totalStake })
    }),
  )
}

/** Hotkeys that lend their stake to a hotkey on a subnet; nobody on classic runtimes. */
export async function readParents(
  view: ChainView,
  { netuid, hotkey }: Place,
): Promise<readonly Share[]> {
  if (view.era === 'classic') return []
  return sharesIn(await view.read(MODULE, 'ParentKeys', hotkey, netuid))
}

/** What one τ on root counts, in 2⁻³². */
async function taoWeight(view: ChainView, netuid: number): Promise<bigint> {
  const keys = isPreview(view) ? [netuid] : []
  return normalized(asBigint(await view.read(MODULE, 'TaoWeight', ...keys)))
}

/** The preview of dTAO has a weight of τ for each subnet, and children inherit alpha only. */
function isPreview(view: ChainView): boolean {
  return view.specVersion < 233
}

/** Alpha of a hotkey on a subnet, and its TAO on root. */
function stakesOf(view: ChainView, netuid: number, hotkey: Ss58): Promise<[bigint, bigint]> {
  const on = async (where: number) =>
    asBigint(await view.read(MODULE, 'TotalHotkeyAlpha', hotkey, where))
  return Promise.all([on(netuid), on(0)])
}

/** A child or parent with its share in 2⁻³². */
type Share = { readonly share: bigint; readonly hotkey: Ss58 }

function sharesIn(value: ChainValue): Share[] {
  return asList(value).map((pair) => {
    const [proportion, hotkey] = asList(pair)
    return { share: normalized(asBigint(proportion)), hotkey: asAddress(hotkey) }
  })
}

const U64_MAX = (1n << 64n) - 1n

/** A u64 proportion as U96F32 bits. */
function normalized(proportion: bigint): bigint {
  return (proportion << 32n) / U64_MAX
}

/** @throws {BittensorError} `RUNTIME_UNSUPPORTED` on classic runtimes */
export function requireDtao(view: ChainView): void {
  if (view.era === 'dtao') return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `subnets of this chain (spec ${view.specVersion}) have no tokens`,
    { details: 'those came with dTAO in February 2025', data: { specVersion: view.specVersion } },
  )
}
