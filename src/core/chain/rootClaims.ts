/** Dividends that root stake earns in the tokens of subnets, and what becomes of them. Runtimes since late 2025. */
import { decodeAddress, type Ss58 } from '../keys/ss58.js'
import { type AlphaRao, alphaRao } from '../units.js'
import { callDecoded } from './runtimeApi.js'
import type { StakeHolding } from './stake.js'
import type { ChainValue, ChainView } from './types.js'
import { asAddress, asBigint, asList, asNumber, asRecord, asText } from './values.js'

const MODULE = 'SubtensorModule'

/** `Swap`: sold for TAO that is staked on root. `Keep`: kept as alpha, `KeepSubnets`: on the named subnets only. */
export type RootClaimType =
  | { readonly type: 'Swap' | 'Keep' }
  | { readonly type: 'KeepSubnets'; readonly subnets: readonly number[] }

/** Alpha of a subnet that a coldkey can claim from a hotkey; where there are baskets, what its share gives on root, in RAO. */
export type RootClaim = {
  readonly hotkey: Ss58
  readonly netuid: number
  readonly claimable: AlphaRao
  /** Below this a claim does nothing. */
  readonly threshold: AlphaRao
}

/**
 * Whether root dividends go into a basket of each validator, of which stakers have shares: since spec 441 of mid-2026, which
 * also made seats on root cost what they are worth.
 */
export function hasBaskets(view: Pick<ChainView, 'hasStorage'>): boolean {
  return view.hasStorage(MODULE, 'BasketShares')
}

/** Whether the runtime lets root dividends be claimed; before, they were paid as TAO by themselves. */
export function hasRootClaims(view: ChainView): boolean {
  return view.hasStorage(MODULE, 'RootClaimable') && view.hasStorage(MODULE, 'RootClaimed')
}

/**
 * What a coldkey does with its root dividends (`RootClaimType`); from baskets they are always paid as TAO on root.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` where {@link hasRootClaims} is false
 */
export async function readRootClaimType(view: ChainView, coldkey: Ss58): Promise<RootClaimType> {
  if (hasBaskets(view)) return { type: 'Swap' }
  const value = await view.read(MODULE, 'RootClaimType', coldkey)
  const type = typeof value === 'string' ? value : asText(asRecord(value)['type'])
  if (type !== 'KeepSubnets') return { type: type === 'Keep' ? 'Keep' : 'Swap' }
  return { type, subnets: subnetsOf(asRecord(value)['value']) }
}

function subnetsOf(value: ChainValue): readonly number[] {
  const list = Array.isArray(value) ? value : asRecord(value)['subnets']
  return asList(list).map(asNumber)
}

/**
 * What a coldkey can claim: for each hotkey its root stake × `RootClaimable` − `RootClaimed`, reckoned in I96F32 as the
 * runtime does (opentensor/subtensor, staking/claim_root.rs), or what the runtime says of its baskets. Nothing where the runtime has no
 * claims.
 * @param holdings of the coldkey; only those on root count
 */
export async function readRootClaims(
  view: ChainView,
  coldkey: Ss58,
  holdings: readonly StakeHolding[],
): Promise<RootClaim[]> {
  if (hasBaskets(view)) return basketClaims(view, coldkey)
  if (!hasRootClaims(view)) return []
  const onRoot = holdings.filter(({ netuid }) => netuid === 0)
  const rates = await Promise.all(
    onRoot.map(({ hotkey }) => view.read(MODULE, 'RootClaimable', hotkey)),
  )
  const parts = onRoot.flatMap(({ hotkey, amount }, i) =>
    asList(rates[i]).map((pair) => {
      const [netuid, rate] = asList(pair)
      return { hotkey, netuid: asNumber(netuid), earned: (asBigint(rate) * amount) >> 32n }
    }),
  )
  const claims = await Promise.all(
    parts.map(async ({ hotkey, netuid, earned }): Promise<RootClaim> => {
      const [claimed, threshold] = await Promise.all([
        view.read(MODULE, 'RootClaimed', netuid, hotkey, coldkey),
        view.read(MODULE, 'RootClaimableThreshold', netuid),
      ])
      const owed = earned - asBigint(claimed)
      return {
        hotkey,
        netuid,
        claimable: alphaRao(owed > 0n ? owed : 0n),
        threshold: alphaRao(asBigint(threshold) >> 32n),
      }
    }),
  )
  return claims.filter(({ claimable }) => claimable > 0n)
}

const BASKETS = 'BetaBasketRuntimeApi'

/** `BetaBasketRuntimeApi.get_root_basket_positions`: validator, shares of its basket, and the RAO that a claim gives now. */
async function basketClaims(view: ChainView, coldkey: Ss58): Promise<RootClaim[]> {
  const method = 'get_root_basket_positions'
  const [positions, threshold] = await Promise.all([
    callDecoded(view, BASKETS, method, decodeAddress(coldkey), []),
    view.read(MODULE, 'RootClaimableThreshold', 0),
  ])
  return asList(positions ?? []).map((position) => {
    const [hotkey, , payout] = asList(position)
    return {
      hotkey: asAddress(hotkey),
      netuid: 0,
      claimable: alphaRao(asBigint(payout)),
      threshold: alphaRao(asBigint(threshold) >> 32n),
    }
  })
}
