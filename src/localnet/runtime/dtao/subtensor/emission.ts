/** New TAO and alpha in every block: who gets how much, and what waits for the next epoch. */
import type { RuntimeContext } from '../../pallet.js'
import type { State } from '../../state.js'
import { maxBig } from '../../subtensor/fixed.js'
import {
  add64,
  div32,
  div64,
  fromFixed32,
  less,
  minBig,
  mul32,
  mul64,
  ONE32,
  ONE64,
  shareOfU16,
  toFixed32,
} from '../fixed.js'
import { alphaPrice } from '../swap/engine.js'
import { adjustLiquidity } from '../swap/liquidity.js'
import { tryBuy } from './attempt.js'
import { dropExpiredTimelocked } from './commits.js'
import { blockEmission, FULL_EMISSION, updateBlockEmission } from './issuance.js'
import { allNetuids } from './keys.js'
import { distribute } from './payout.js'
import { addIssuance, addTotalStake, ROOT, recycleAlpha } from './pool.js'
import { epochIsDue } from './schedule.js'
import { taoWeight } from './stakeWeights.js'
import { S } from './storage.js'

/** Alpha of a subnet that exists, in the pool and outside. */
const alphaIssuance = (state: State, netuid: number): bigint =>
  state.get(S.SubnetAlphaIn, netuid) + state.get(S.SubnetAlphaOut, netuid)

/** Everything of a block that has to do with emission. */
export function runCoinbase(context: RuntimeContext): void {
  const { state } = context
  const emission = updateBlockEmission(state)
  const all = allNetuids(state).filter((netuid) => netuid !== ROOT)
  const started = all.filter((netuid) => state.has(S.FirstEmissionBlockNumber, netuid))
  const shares = emissionShares(context, started)
  const prices = started.reduce((sum, netuid) => sum + state.get(S.SubnetMovingPrice, netuid), 0n)
  const plans = started.map((netuid) => {
    const share = mul64(toFixed32(emission) << 32n, shares.get(netuid) ?? 0n) >> 32n
    return planFor(state, netuid, share)
  })
  for (const plan of plans) inject(context, plan)
  for (const plan of plans) count(state, plan)
  for (const plan of plans) setAside(state, plan, prices > ONE32)
  for (const { netuid } of plans) updateMovingPrice(context, netuid)
  for (const netuid of all) drain(context, netuid)
}

/** What a subnet gets in a block, with 32 fractional bits. */
type Plan = {
  readonly netuid: number
  readonly taoIn: bigint
  readonly alphaIn: bigint
  readonly alphaOut: bigint
  /** TAO that does not fit the alpha emission: it buys alpha that is then gone. */
  readonly excess: bigint
}

function planFor(state: State, netuid: number, share: bigint): Plan {
  const price = alphaPrice(state, netuid)
  const most = toFixed32(blockEmission(alphaIssuance(state, netuid)))
  const wanted = div32(share, price)
  const fits = wanted <= most
  const taoIn = fits ? share : mul32(most, price)
  const excess = fits ? 0n : less(share, taoIn)
  const open =
    state.get(S.NetworkRegistrationAllowed, netuid) ||
    state.get(S.NetworkPowRegistrationAllowed, netuid)
  if (!open) return { netuid, taoIn: 0n, alphaIn: 0n, alphaOut: 0n, excess }
  return { netuid, taoIn, alphaIn: fits ? wanted : most, alphaOut: most, excess }
}

function inject({ state }: RuntimeContext, { netuid, taoIn, alphaIn, excess }: Plan): void {
  adjustLiquidity(state, netuid, fromFixed32(taoIn), fromFixed32(alphaIn))
  if (excess === 0n) return
  const bought = tryBuy(state, netuid, fromFixed32(excess))
  if (bought !== undefined) recycleAlpha(state, netuid, bought)
}

function count(state: State, { netuid, taoIn, alphaIn, alphaOut, excess }: Plan): void {
  const [tao, alpha, out] = [taoIn, alphaIn, alphaOut].map(fromFixed32) as [bigint, bigint, bigint]
  state.set(S.SubnetAlphaInEmission, [netuid], alpha)
  state.set(S.SubnetAlphaIn, [netuid], state.get(S.SubnetAlphaIn, netuid) + alpha)
  state.set(S.SubnetAlphaOutEmission, [netuid], out)
  state.set(S.SubnetAlphaOut, [netuid], state.get(S.SubnetAlphaOut, netuid) + out)
  state.set(S.SubnetTaoInEmission, [netuid], tao)
  state.set(S.SubnetTAO, [netuid], state.get(S.SubnetTAO, netuid) + tao)
  addTotalStake(state, tao)
  addIssuance(state, tao + fromFixed32(excess))
}

const HALF = ONE32 / 2n

/** Parts the new alpha among the owner, root, miners and validators; it waits for the epoch. */
function setAside(state: State, { netuid, alphaOut }: Plan, rootSells: boolean): void {
  const cut = mul32(alphaOut, shareOfU16(state.get(S.SubnetOwnerCut)))
  const rest = less(alphaOut, cut)
  const rootWeight = mul32(toFixed32(state.get(S.SubnetTAO, ROOT)), taoWeight(state))
  const issued = toFixed32(alphaIssuance(state, netuid))
  const rootAlpha = mul32(mul32(div32(rootWeight, rootWeight + issued), rest), HALF)
  const miners = mul32(rest, HALF)
  const validators = less(less(rest, miners), rootAlpha)
  const add = (item: typeof S.PendingOwnerCut, amount: bigint) =>
    state.set(item, [netuid], state.get(item, netuid) + fromFixed32(amount))
  add(S.PendingOwnerCut, cut)
  if (rootSells) add(S.PendingRootAlphaDivs, rootAlpha)
  else recycleAlpha(state, netuid, fromFixed32(rootAlpha))
  add(S.PendingServerEmission, miners)
  add(S.PendingValidatorEmission, validators)
}

/** Lets the moving price follow the price, slowly at first; a price above 1 TAO counts as 1. */
function updateMovingPrice({ state, block }: RuntimeContext, netuid: number): void {
  const started = less(state.get(S.FirstEmissionBlockNumber, netuid) ?? 0n, 1n)
  const age = toFixed32(less(BigInt(block), started))
  const halving = toFixed32(state.get(S.EMAPriceHalvingBlocks, netuid))
  const alpha = mul32(state.get(S.SubnetMovingAlpha), div32(age, age + halving))
  const price = minBig(alphaPrice(state, netuid), ONE32)
  const moving = state.get(S.SubnetMovingPrice, netuid)
  state.set(S.SubnetMovingPrice, [netuid], mul32(alpha, price) + mul32(ONE32 - alpha, moving))
}

/** Pays what is waiting when the subnet's epoch is due. */
function drain(context: RuntimeContext, netuid: number): void {
  const { state, block } = context
  dropExpiredTimelocked(context, netuid)
  if (!epochIsDue(state, netuid, BigInt(block))) {
    const since = state.get(S.BlocksSinceLastStep, netuid)
    state.set(S.BlocksSinceLastStep, [netuid], since + 1n)
    return
  }
  payPending(context, netuid)
}

/** Runs the epoch of a subnet and pays what has waited for it. */
export function payPending(context: RuntimeContext, netuid: number): void {
  const { state, block } = context
  state.set(S.BlocksSinceLastStep, [netuid], 0n)
  state.set(S.LastMechansimStepBlock, [netuid], BigInt(block))
  const take = (item: typeof S.PendingOwnerCut) => {
    const pending = state.get(item, netuid)
    state.set(item, [netuid], 0n)
    return pending
  }
  distribute(context, netuid, {
    miners: take(S.PendingServerEmission),
    validators: take(S.PendingValidatorEmission),
    root: take(S.PendingRootAlphaDivs),
    owner: take(S.PendingOwnerCut),
  })
}

const I63 = (1n << 63n) - 1n

/** The flow of TAO into a subnet as a moving average with 64 fractional bits, updated once per block. */
function flowOf({ state, block }: RuntimeContext, netuid: number): bigint {
  const known = state.get(S.SubnetEmaTaoFlow, netuid)
  const now = BigInt(block)
  const store = (flow: bigint) => {
    state.set(S.SubnetEmaTaoFlow, [netuid], [now, flow])
    return flow
  }
  if (!known) {
    const price = minBig(state.get(S.SubnetMovingPrice, netuid), alphaPrice(state, netuid))
    return store((price << 32n) * FULL_EMISSION)
  }
  const [last, average] = known
  if (last === now) return average
  const alpha = div64(state.get(S.FlowEmaSmoothingFactor) << 64n, I63 << 64n)
  const flow = state.get(S.SubnetTaoFlow, netuid) << 64n
  state.remove(S.SubnetTaoFlow, netuid)
  return store(((ONE64 - alpha) * average + alpha * flow) >> 64n)
}

/** Shares of the emission with 64 fractional bits: by TAO flow above the lowest (or a cut-off), to a power. */
function emissionShares(context: RuntimeContext, netuids: readonly number[]): Map<number, bigint> {
  const { state } = context
  const flows = netuids.map((netuid) => flowOf(context, netuid))
  const lowest = flows.reduce((a, b) => minBig(a, b), 0n)
  const cutOff = state.get(S.TaoFlowCutoff)
  const limit = maxBig(cutOff, lowest)
  const above = flows.map((flow) => less(flow, limit))
  const powers = raised(above, state.get(S.FlowNormExponent))
  const sum = powers.reduce(add64, 0n)
  return new Map(netuids.map((netuid, i) => [netuid, div64(powers[i] ?? 0n, sum)]))
}

/** Numbers scaled so that the largest is 1, to a power p (64 fractional bits). */
function raised(values: readonly bigint[], p: bigint): bigint[] {
  const max = values.reduce(maxBig, 0n)
  const scaled = values.map((value) => (max === 0n ? 0n : (value << 64n) / max))
  if (p === ONE64) return scaled
  const exponent = Number(p) / 2 ** 64
  return scaled.map((value) => BigInt(Math.floor((Number(value) / 2 ** 64) ** exponent * 2 ** 64)))
}
