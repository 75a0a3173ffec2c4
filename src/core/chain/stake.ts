/** Stake behind hotkeys, who owns them, and how often stake may move. */
import type { Ss58 } from '../keys/ss58.js'
import { type AlphaRao, alphaRao, type Rao, rao } from '../units.js'
import { countsEpochs } from './epochs.js'
import { stakeInfoClassic, stakeInfoPreview } from './layouts.js'
import { readPrices, valueAt } from './prices.js'
import { accountArgument, callDecoded, preferApi } from './runtimeApi.js'
import { alphaOfShare, type Share, shareItems } from './sharePool.js'
import { vec } from './typeDef.js'
import type { ChainValue, ChainView, StakePosition } from './types.js'
import { asAddress, asBigint, asList, asNumber, asOwner, asRao, asRecord } from './values.js'

const MODULE = 'SubtensorModule'
const API = 'StakeInfoRuntimeApi'
/** Of 12 s each. */
const BLOCKS_PER_DAY = 7200n

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
  const prices = await readPrices(
    view,
    entries.map(({ keys }) => asNumber(keys[1])),
  )
  return sum(
    entries.map(({ keys, value }) => ({
      stake: valueAt(prices.get(asNumber(keys[1])), asBigint(value)),
    })),
  )
}

/**
 * All stake of a coldkey, zeros left out. Without runtime APIs this walks the whole stake map of a classic chain.
 */
export async function readStakesOfColdkey(
  view: ChainView,
  coldkey: Ss58,
): Promise<StakePosition[]> {
  return valueHoldings(view, await readHoldings(view, coldkey))
}

/** As {@link readStakesOfColdkey}, before the prices are known. */
export async function readHoldings(view: ChainView, coldkey: Ss58): Promise<StakeHolding[]> {
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
  return rows.filter(isHeld)
}

/** All stake behind a hotkey by coldkey, zeros left out. */
export async function readStakesOfHotkey(view: ChainView, hotkey: Ss58): Promise<StakePosition[]> {
  if (view.era === 'classic') {
    const entries = await view.entries(MODULE, 'Stake', hotkey)
    const rows = entries.map(({ keys, value }) => classicRow(hotkey, asAddress(keys[1]), value))
    return valueHoldings(view, rows.filter(isHeld))
  }
  const shares = await readShares(view, [hotkey])
  const rows = await Promise.all(shares.map((share) => alphaOf(view, share)))
  return valueHoldings(view, rows.filter(isHeld))
}

/** The coldkey that owns a hotkey, undefined when the chain does not know the hotkey. */
export async function readOwner(view: ChainView, hotkey: Ss58): Promise<Ss58 | undefined> {
  return asOwner(await view.read(MODULE, 'Owner', hotkey))
}

/** Hotkeys that a coldkey owns. Later runtimes list them; earlier ones only know the owner of a given hotkey: undefined. */
export async function readOwnedHotkeys(
  view: ChainView,
  coldkey: Ss58,
): Promise<readonly Ss58[] | undefined> {
  if (!view.hasStorage(MODULE, 'OwnedHotkeys')) return undefined
  return (await view.read(MODULE, 'OwnedHotkeys', coldkey)) as readonly Ss58[]
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

/** How a position fares on its subnet. */
export type StakeYield = {
  /** Whether the hotkey is registered there. */
  readonly registered: boolean
  /**
   * Alpha that the position earns in a day: its part of the hotkey's dividends of the last epoch, times the epochs of 7200
   * blocks. Undefined on root, whose dividends are claimed.
   */
  readonly perDay: AlphaRao | undefined
}

/**
 * Registration and earnings of dTAO holdings, in their order; undefined for classic ones. Dividends come from
 * `AlphaDividendsPerSubnet` (`HotkeyDividendsPerSubnet` in the preview), shared by `TotalHotkeyAlpha`.
 */
export async function readStakeYields(
  view: ChainView,
  holdings: readonly StakeHolding[],
): Promise<(StakeYield | undefined)[]> {
  const names = ['AlphaDividendsPerSubnet', 'HotkeyDividendsPerSubnet']
  const item = names.find((name) => view.hasStorage(MODULE, name))
  return Promise.all(
    holdings.map(async ({ hotkey, netuid, amount }) => {
      if (netuid === undefined) return undefined
      const [uid, dividends, all, tempo] = await Promise.all([
        view.read(MODULE, 'Uids', netuid, hotkey),
        item === undefined ? 0n : view.read(MODULE, item, netuid, hotkey),
        view.read(MODULE, 'TotalHotkeyAlpha', hotkey, netuid),
        view.read(MODULE, 'Tempo', netuid),
      ])
      const total = asBigint(all)
      const perEpoch = total === 0n ? 0n : (asBigint(dividends) * amount) / total
      // Epochs that are counted come after so many blocks, those that follow from the block number after one more.
      const blocks = asBigint(tempo) + (countsEpochs(view) ? 0n : 1n)
      const perDay = alphaRao(blocks === 0n ? 0n : (perEpoch * BLOCKS_PER_DAY) / blocks)
      return { registered: uid !== undefined, perDay: netuid === 0 ? undefined : perDay }
    }),
  )
}

/** A position before its value in TAO is known. */
export type StakeHolding = Pick<StakePosition, 'hotkey' | 'coldkey' | 'netuid'> & {
  /** Alpha, or RAO of classic stake, which has no netuid. */
  readonly amount: bigint
}

function isHeld({ amount }: StakeHolding): boolean {
  return amount > 0n
}

function rowOf(value: ChainValue): StakeHolding {
  const info = asRecord(value)
  return {
    hotkey: asAddress(info['hotkey']),
    coldkey: asAddress(info['coldkey']),
    netuid: info['netuid'] === undefined ? undefined : asNumber(info['netuid']),
    amount: asBigint(info['stake']),
  }
}

function classicRow(hotkey: Ss58, coldkey: Ss58, value: ChainValue): StakeHolding {
  return { hotkey, coldkey, netuid: undefined, amount: asBigint(value) }
}

/**
 * The stake map is keyed by hotkey first. Runtimes since mid-2024 list the hotkeys that a coldkey has staked to; before, its
 * entries are found by walking the keys.
 */
async function classicStakes(view: ChainView, coldkey: Ss58): Promise<StakeHolding[]> {
  const hotkeys = view.hasStorage(MODULE, 'StakingHotkeys')
    ? asList(await view.read(MODULE, 'StakingHotkeys', coldkey)).map(asAddress)
    : (await view.keys(MODULE, 'Stake')).flatMap(([hotkey, owner]) =>
        owner === coldkey ? asAddress(hotkey) : [],
      )
  return Promise.all(
    hotkeys.map(async (hotkey) => {
      const [stake] = await Promise.all([
        view.read(MODULE, 'Stake', hotkey, coldkey),
        // Who lists stake names its hotkeys by their owners: that goes with the same request.
        readOwner(view, hotkey),
      ])
      return classicRow(hotkey, coldkey, stake)
    }),
  )
}

async function alphaStakes(view: ChainView, coldkey: Ss58): Promise<StakeHolding[]> {
  const hotkeys = asList(await view.read(MODULE, 'StakingHotkeys', coldkey)).map(asAddress)
  const lists = await Promise.all(hotkeys.map((hotkey) => readShares(view, [hotkey, coldkey])))
  return Promise.all(lists.flat().map((share) => alphaOf(view, share)))
}

/** Shares below a hotkey, or below a hotkey and a coldkey; each once. */
async function readShares(view: ChainView, keys: readonly Ss58[]): Promise<Share[]> {
  const lists = await Promise.all(
    shareItems(view).map((item) => view.entries(MODULE, item, ...keys)),
  )
  const found = new Map<string, Share>()
  for (const { keys: place, value } of lists.flat()) {
    const [hotkey, coldkey, netuid] = place
    const share = {
      hotkey: asAddress(hotkey),
      coldkey: asAddress(coldkey),
      netuid: asNumber(netuid),
      shares: value,
    }
    const key = `${share.hotkey}${share.coldkey}${share.netuid}`
    if (!found.has(key)) found.set(key, share)
  }
  return [...found.values()]
}

async function alphaOf(view: ChainView, share: Share): Promise<StakeHolding> {
  const { hotkey, coldkey, netuid } = share
  return { hotkey, coldkey, netuid, amount: await alphaOfShare(view, share) }
}

/** What holdings are worth at the pools' prices, in their order. */
export async function valueHoldings(
  view: ChainView,
  holdings: readonly StakeHolding[],
): Promise<StakePosition[]> {
  const prices = await readPrices(
    view,
    holdings.flatMap(({ netuid }) => netuid ?? []),
  )
  return holdings.map(({ hotkey, coldkey, netuid, amount }) => {
    if (netuid === undefined) {
      return { hotkey, coldkey, stake: rao(amount), netuid, alpha: undefined }
    }
    const stake = valueAt(prices.get(netuid), amount)
    return { hotkey, coldkey, stake, netuid, alpha: alphaRao(amount) }
  })
}

function sum(parts: readonly { readonly stake: Rao }[]): Rao {
  return rao(parts.reduce((total, { stake }) => total + stake, 0n))
}
