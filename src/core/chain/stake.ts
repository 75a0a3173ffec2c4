/** Stake behind hotkeys, who owns them, and how often stake may move. */
import type { Ss58 } from '../keys/ss58.js'
import { type AlphaRao, alphaRao, type Rao, rao } from '../units.js'
import { stakeInfoClassic, stakeInfoPreview } from './layouts.js'
import { accountArgument, callDecoded, preferApi } from './runtimeApi.js'
import { vec } from './typeDef.js'
import type { ChainValue, ChainView, StakePosition } from './types.js'
import { asAddress, asBigint, asList, asNumber, asOwner, asRao, asRecord } from './values.js'

const MODULE = 'SubtensorModule'
const API = 'StakeInfoRuntimeApi'

/**
 * Stake of a coldkey behind a hotkey in RAO. On dTAO runtimes the value of all its alpha at the pools' prices.
 * @throws {BittensorError} `BAD_ADDRESS`, `CONNECTION`, `TIMEOUT`
 */
export async function readStake(view: ChainView, hotkey: Ss58, coldkey: Ss58): Promise<Rao> {
  if (view.era === 'classic') return asRao(await view.read(MODULE, 'Stake', hotkey, coldkey))
  const positions = await readStakesOfColdkey(view, coldkey)
  return sum(positions.filter((position) => position.hotkey === hotkey))
}

/** All stake behind a hotkey in RAO, of its owner and of everyone who delegates to it. */
export async function readTotalStake(view: ChainView, hotkey: Ss58): Promise<Rao> {
  if (view.hasStorage(MODULE, 'TotalHotkeyStake')) {
    return asRao(await view.read(MODULE, 'TotalHotkeyStake', hotkey))
  }
  const entries = await view.entries(MODULE, 'TotalHotkeyAlpha', hotkey)
  const amounts = entries.map(({ keys, value }) => ({
    netuid: asNumber(keys[1]),
    alpha: asBigint(value),
  }))
  return sum(await valued(view, amounts))
}

/**
 * All stake of a coldkey, zeros left out. Without runtime APIs this walks the whole stake map of a classic chain.
 */
export async function readStakesOfColdkey(
  view: ChainView,
  coldkey: Ss58,
): Promise<StakePosition[]> {
  const method = 'get_stake_info_for_coldkey'
  const rows = await preferApi(
    view,
    API,
    method,
    async () => {
      const layout = view.era === 'classic' ? stakeInfoClassic : stakeInfoPreview
      const args = accountArgument(view, API, method, coldkey)
      return asList((await callDecoded(view, API, method, args, [vec(layout)])) ?? []).map(rowOf)
    },
    () => (view.era === 'classic' ? classicStakes(view, coldkey) : alphaStakes(view, coldkey)),
  )
  return positionsOf(view, rows)
}

/** All stake behind a hotkey by coldkey, zeros left out. */
export async function readStakesOfHotkey(view: ChainView, hotkey: Ss58): Promise<StakePosition[]> {
  if (view.era === 'classic') {
    const entries = await view.entries(MODULE, 'Stake', hotkey)
    return positionsOf(
      view,
      entries.map(({ keys, value }) => classicRow(hotkey, asAddress(keys[1]), value)),
    )
  }
  const entries = await view.entries(MODULE, 'Alpha', hotkey)
  const shares = entries.map(({ keys, value }) => ({
    hotkey,
    coldkey: asAddress(keys[1]),
    netuid: asNumber(keys[2]),
    shares: asBigint(value),
  }))
  return positionsOf(view, await Promise.all(shares.map((share) => alphaOf(view, share))))
}

/** The coldkey that owns a hotkey, undefined when the chain does not know the hotkey. */
export async function readOwner(view: ChainView, hotkey: Ss58): Promise<Ss58 | undefined> {
  return asOwner(await view.read(MODULE, 'Owner', hotkey))
}

/** Owners of several hotkeys in their order, with one request. */
export function readOwners(
  view: ChainView,
  hotkeys: readonly Ss58[],
): Promise<(Ss58 | undefined)[]> {
  return Promise.all(hotkeys.map((hotkey) => readOwner(view, hotkey)))
}

/** Blocks a coldkey must wait between two stake, delegate or swap calls; 0 when it need not. */
export async function readTxRateLimit(view: ChainView): Promise<number> {
  return asNumber(await view.read(MODULE, 'TxRateLimit'))
}

/** Block of a coldkey's last rate-limited call, 0 when there was none. */
export async function readLastTxBlock(view: ChainView, coldkey: Ss58): Promise<number> {
  return asNumber(await view.read(MODULE, 'LastTxBlock', coldkey))
}

/** All stake on the chain in RAO. */
export async function readTotalStaked(view: ChainView): Promise<Rao> {
  return asRao(await view.read(MODULE, 'TotalStake'))
}

/** A position before its value in TAO is known; classic stake has no netuid. */
type Row = {
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  readonly netuid: number | undefined
  readonly amount: bigint
}

function rowOf(value: ChainValue): Row {
  const info = asRecord(value)
  return {
    hotkey: asAddress(info['hotkey']),
    coldkey: asAddress(info['coldkey']),
    netuid: info['netuid'] === undefined ? undefined : asNumber(info['netuid']),
    amount: asBigint(info['stake']),
  }
}

function classicRow(hotkey: Ss58, coldkey: Ss58, value: ChainValue): Row {
  return { hotkey, coldkey, netuid: undefined, amount: asBigint(value) }
}

/** The stake map is keyed by hotkey first, so a coldkey's entries are found by walking the keys. */
async function classicStakes(view: ChainView, coldkey: Ss58): Promise<Row[]> {
  const keys = await view.keys(MODULE, 'Stake')
  const mine = keys.filter(([, owner]) => owner === coldkey).map(([hotkey]) => asAddress(hotkey))
  return Promise.all(
    mine.map(async (hotkey) =>
      classicRow(hotkey, coldkey, await view.read(MODULE, 'Stake', hotkey, coldkey)),
    ),
  )
}

async function alphaStakes(view: ChainView, coldkey: Ss58): Promise<Row[]> {
  const hotkeys = asList(await view.read(MODULE, 'StakingHotkeys', coldkey)).map(asAddress)
  const entries = await Promise.all(
    hotkeys.map((hotkey) => view.entries(MODULE, 'Alpha', hotkey, coldkey)),
  )
  const shares = entries.flat().map(({ keys, value }) => ({
    hotkey: asAddress(keys[0]),
    coldkey,
    netuid: asNumber(keys[2]),
    shares: asBigint(value),
  }))
  return Promise.all(shares.map((share) => alphaOf(view, share)))
}

type Share = {
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  readonly netuid: number
  readonly shares: bigint
}

/** Alpha keeps shares of the hotkey's pool: stake = shares ⁄ all shares × the pool's alpha. */
async function alphaOf(view: ChainView, share: Share): Promise<Row> {
  const { hotkey, coldkey, netuid, shares } = share
  const [pool, all] = await Promise.all([
    view.read(MODULE, 'TotalHotkeyAlpha', hotkey, netuid),
    view.read(MODULE, 'TotalHotkeyShares', hotkey, netuid),
  ])
  const total = asBigint(all)
  const amount = total === 0n ? 0n : (shares * asBigint(pool)) / total
  return { hotkey, coldkey, netuid, amount }
}

async function positionsOf(view: ChainView, rows: readonly Row[]): Promise<StakePosition[]> {
  const held = rows.filter(({ amount }) => amount > 0n)
  const amounts = held.flatMap(({ netuid, amount }) =>
    netuid === undefined ? [] : [{ netuid, alpha: amount }],
  )
  const values = amounts.length === 0 ? [] : await valued(view, amounts)
  return held.map(({ hotkey, coldkey, netuid, amount }, i) => {
    const alpha: AlphaRao | undefined = netuid === undefined ? undefined : alphaRao(amount)
    return { hotkey, coldkey, stake: values[i]?.stake ?? rao(amount), netuid, alpha }
  })
}

type Amount = { readonly netuid: number; readonly alpha: bigint }

/** Values alpha in TAO at the pools' prices: TAO in the pool per alpha in the pool; root and pools of kind 0 are 1:1. */
async function valued(
  view: ChainView,
  amounts: readonly Amount[],
): Promise<readonly { readonly stake: Rao }[]> {
  return Promise.all(
    amounts.map(async ({ netuid, alpha }) => {
      if (netuid === 0) return { stake: rao(alpha) }
      const [tao, inPool, kind] = await Promise.all([
        view.read(MODULE, 'SubnetTAO', netuid),
        view.read(MODULE, 'SubnetAlphaIn', netuid),
        view.read(MODULE, 'SubnetMechanism', netuid),
      ])
      if (asNumber(kind) === 0) return { stake: rao(alpha) }
      const pool = asBigint(inPool)
      return { stake: rao(pool === 0n ? 0n : (alpha * asBigint(tao)) / pool) }
    }),
  )
}

function sum(parts: readonly { readonly stake: Rao }[]): Rao {
  return rao(parts.reduce((total, { stake }) => total + stake, 0n))
}
