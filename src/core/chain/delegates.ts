/** Delegates, and what a coldkey has delegated. */
import type { Ss58 } from '../keys/ss58.js'
import { type Rao, rao } from '../units.js'
import { delegateInfo } from './layouts.js'
import { readRegistrations, readUid } from './neurons.js'
import { type Price, readPrices, valueAt } from './prices.js'
import { accountArgument, callDecoded, isWrapped, preferApi } from './runtimeApi.js'
import { readStake, readStakesOfColdkey, readStakesOfHotkey } from './stake.js'
import { readNetuids } from './subnets.js'
import { c64, tuple, vec } from './typeDef.js'
import type { ChainValue, ChainView, Delegate, Delegation, Registration } from './types.js'
import { asAddress, asBigint, asList, asNumber, asRecord } from './values.js'

const MODULE = 'SubtensorModule'
const API = 'DelegateInfoRuntimeApi'
/** Blocks of 12 s in a day, as the runtime reckons. */
const BLOCKS_PER_DAY = 7200n

/**
 * All delegates, in no particular order.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readDelegates(view: ChainView): Promise<Delegate[]> {
  const method = 'get_delegates'
  return preferApi(
    view,
    API,
    method,
    async () => {
      const list = await callDecoded(view, API, method, new Uint8Array(), [vec(delegateInfo)])
      return delegatesOf(view, asList(list ?? []))
    },
    async () => {
      const entries = await view.entries(MODULE, 'Delegates')
      const takes = entries.map(({ keys, value }) => [asAddress(keys[0]), asNumber(value)] as const)
      return delegatesByStorage(view, takes)
    },
  )
}

/** One delegate, undefined when the hotkey is none. */
export async function readDelegate(view: ChainView, hotkey: Ss58): Promise<Delegate | undefined> {
  const method = 'get_delegate'
  return preferApi(
    view,
    API,
    method,
    async () => {
      const args = accountArgument(view, API, method, hotkey)
      const row = await callDecoded(view, API, method, args, [delegateInfo])
      return row === undefined ? undefined : (await delegatesOf(view, [row]))[0]
    },
    async () => {
      const take = await readTakeOf(view, hotkey)
      if (take === undefined) return undefined
      return (await delegatesByStorage(view, [[hotkey, take]]))[0]
    },
  )
}

/** The delegates that a coldkey has staked to, its own hotkeys among them if they are delegates. */
export async function readDelegated(view: ChainView, coldkey: Ss58): Promise<Delegation[]> {
  const method = 'get_delegated'
  // The dTAO preview mixes up hotkey and coldkey in this function, and answers zeros.
  if (view.era === 'dtao' && isWrapped(view, API, method)) return delegatedByStorage(view, coldkey)
  return preferApi(
    view,
    API,
    method,
    async () => {
      const args = accountArgument(view, API, method, coldkey)
      const list = await callDecoded(view, API, method, args, [vec(tuple(delegateInfo, c64))])
      return withNominators(view, await delegationsOf(view, asList(list ?? [])))
    },
    () => delegatedByStorage(view, coldkey),
  )
}

/** The take of a delegate as a u16 ratio, undefined when the hotkey is no delegate. */
export async function readTakeOf(view: ChainView, hotkey: Ss58): Promise<number | undefined> {
  // The default take is not 0, so only a stored entry makes a delegate.
  const take = await view.readStored(MODULE, 'Delegates', hotkey)
  return take === undefined ? undefined : asNumber(take)
}

/** A nomination as the runtime answers it: an amount of TAO, or since dTAO the alpha on each subnet. */
function stakesIn(value: ChainValue): readonly Holding[] {
  if (!Array.isArray(value)) return [{ netuid: 0, amount: asBigint(value) }]
  const list = asList(value)
  const pairs = list.length === 2 && !Array.isArray(list[0]) ? [list] : list.map(asList)
  return pairs.map(([netuid, amount]) => ({ netuid: asNumber(netuid), amount: asBigint(amount) }))
}

type Holding = { readonly netuid: number; readonly amount: bigint }

/** Adds holdings up in TAO. In the classic era, and on root, an amount is TAO already. */
function worth(holdings: readonly Holding[], prices: Prices): Rao {
  return rao(
    holdings.reduce((sum, { netuid, amount }) => sum + valueAt(prices.get(netuid), amount), 0n),
  )
}

type Prices = ReadonlyMap<number, Price>

async function pricesFor(view: ChainView, values: readonly ChainValue[]): Promise<Prices> {
  return readPrices(
    view,
    values.flatMap((value) => stakesIn(value).map(({ netuid }) => netuid)),
  )
}

function nominationsOf(row: ChainValue): readonly ChainValue[] {
  return asList(asRecord(row)['nominators']).map((pair) => asList(pair)[1])
}

async function delegatesOf(view: ChainView, rows: readonly ChainValue[]): Promise<Delegate[]> {
  const prices = await pricesFor(view, rows.flatMap(nominationsOf))
  const delegates = rows.map((row) => delegateOf(row, prices))
  if (view.era === 'classic') return delegates
  return withReturns(
    view,
    await Promise.all(delegates.map((delegate) => withAlpha(view, delegate))),
  )
}

/** Since dTAO the runtime adds up emission of different tokens, which means nothing: here each counts at its price. */
async function withReturns(view: ChainView, delegates: readonly Delegate[]): Promise<Delegate[]> {
  const places = delegates.flatMap(({ hotkey, registrations }) =>
    registrations.map((netuid) => ({ netuid, hotkey })),
  )
  const uids = await Promise.all(places.map(({ netuid, hotkey }) => readUid(view, netuid, hotkey)))
  const registrations = places.flatMap((place, i): Registration[] => {
    const uid = uids[i]
    return uid === undefined ? [] : [{ ...place, uid }]
  })
  const returns = await readReturns(view, registrations)
  return delegates.map((delegate) => ({ ...delegate, totalDailyReturn: returns(delegate.hotkey) }))
}

/** What registrations bring per day by hotkey, in RAO; of tokens what they are worth at the pools' prices. */
async function readReturns(
  view: ChainView,
  registrations: readonly Registration[],
): Promise<(hotkey: Ss58) => Rao> {
  const netuids = registrations.map(({ netuid }) => netuid)
  const [subnets, prices] = await Promise.all([
    readSubnetColumns(view, registrations),
    view.era === 'dtao' ? readPrices(view, netuids) : undefined,
  ])
  const byHotkey = new Map<Ss58, Map<number, bigint>>()
  for (const { hotkey, netuid, uid } of registrations) {
    const subnet = subnets.get(netuid)
    const parts = byHotkey.get(hotkey) ?? new Map<number, bigint>()
    const emission = asBigint(subnet?.emission[uid] ?? 0)
    parts.set(netuid, dailyReturn(emission, subnet?.tempo ?? 0n))
    byHotkey.set(hotkey, parts)
  }
  return (hotkey) => {
    const parts = [...(byHotkey.get(hotkey) ?? [])]
    if (!prices) return rao(parts.reduce((sum, [, part]) => sum + part, 0n) >> 64n)
    return rao(
      parts.reduce((sum, [netuid, part]) => sum + valueAt(prices.get(netuid), part >> 64n), 0n),
    )
  }
}

/** Answers of get_delegated: one per delegate, since dTAO one per delegate and subnet. */
async function delegationsOf(view: ChainView, rows: readonly ChainValue[]): Promise<Delegation[]> {
  const pairs = rows.map(asList)
  const delegates = await delegatesOf(
    view,
    pairs.map(([info]) => info),
  )
  const prices = await pricesFor(
    view,
    pairs.map(([, staked]) => staked),
  )
  const byHotkey = new Map<Ss58, Delegation>()
  delegates.forEach((delegate, i) => {
    const more = worth(stakesIn(pairs[i]?.[1]), prices)
    const stake = rao((byHotkey.get(delegate.hotkey)?.stake ?? 0n) + more)
    byHotkey.set(delegate.hotkey, { delegate, stake })
  })
  return [...byHotkey.values()].filter(({ stake }) => stake > 0n)
}

/** Since dTAO the answer leaves nominators out, and with them all stake: each delegate is asked for by itself. */
async function withNominators(
  view: ChainView,
  delegations: readonly Delegation[],
): Promise<Delegation[]> {
  return Promise.all(
    delegations.map(async (one) => {
      if (one.delegate.nominators.length > 0) return one
      const delegate = await readDelegate(view, one.delegate.hotkey)
      return delegate ? { ...one, delegate } : one
    }),
  )
}

function delegateOf(row: ChainValue, prices: Prices): Delegate {
  const info = asRecord(row)
  const nominators = asList(info['nominators']).map((pair) => {
    const [coldkey, staked] = asList(pair)
    return [asAddress(coldkey), worth(stakesIn(staked), prices)] as const
  })
  return assemble({
    hotkey: asAddress(info['delegate_ss58']),
    owner: asAddress(info['owner_ss58']),
    take: asNumber(info['take']),
    nominators,
    registrations: asList(info['registrations']).map(asNumber),
    validatorPermits: asList(info['validator_permits']).map(asNumber),
    totalDailyReturn: rao(asBigint(info['total_daily_return'])),
  })
}

/** The dTAO preview answers nominators from a map that was dead by then: their alpha is read instead. */
async function withAlpha(view: ChainView, delegate: Delegate): Promise<Delegate> {
  if (view.era === 'classic' || !isWrapped(view, API, 'get_delegates')) return delegate
  return assemble({ ...delegate, nominators: await nominatorsByAlpha(view, delegate.hotkey) })
}

async function nominatorsByAlpha(
  view: ChainView,
  hotkey: Ss58,
): Promise<readonly (readonly [Ss58, Rao])[]> {
  const totals = new Map<Ss58, Rao>()
  for (const { coldkey, stake } of await readStakesOfHotkey(view, hotkey)) {
    totals.set(coldkey, rao((totals.get(coldkey) ?? 0n) + stake))
  }
  return [...totals]
}

function assemble(parts: Omit<Delegate, 'totalStake'>): Delegate {
  const nominators = parts.nominators.filter(([, stake]) => stake > 0n)
  return {
    ...parts,
    nominators,
    totalStake: rao(nominators.reduce((sum, [, stake]) => sum + stake, 0n)),
    registrations: ascending(parts.registrations),
    validatorPermits: ascending(parts.validatorPermits),
  }
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((a, b) => a - b)
}

async function delegatedByStorage(view: ChainView, coldkey: Ss58): Promise<Delegation[]> {
  const entries = await view.entries(MODULE, 'Delegates')
  const takes = new Map(entries.map(({ keys, value }) => [asAddress(keys[0]), asNumber(value)]))
  const stakes = await stakesByHotkey(view, [...takes.keys()], coldkey)
  const mine = [...takes].filter(([hotkey]) => (stakes.get(hotkey) ?? 0n) > 0n)
  const delegates = await delegatesByStorage(view, mine)
  return delegates.map((delegate) => ({
    delegate,
    stake: rao(stakes.get(delegate.hotkey) ?? 0n),
  }))
}

/** What a coldkey has staked to each of the hotkeys, in RAO. */
async function stakesByHotkey(
  view: ChainView,
  hotkeys: readonly Ss58[],
  coldkey: Ss58,
): Promise<ReadonlyMap<Ss58, bigint>> {
  if (view.era === 'classic') {
    const stakes = await Promise.all(hotkeys.map((hotkey) => readStake(view, hotkey, coldkey)))
    return new Map(hotkeys.map((hotkey, i) => [hotkey, stakes[i] ?? 0n]))
  }
  const totals = new Map<Ss58, bigint>()
  for (const { hotkey, stake } of await readStakesOfColdkey(view, coldkey)) {
    totals.set(hotkey, (totals.get(hotkey) ?? 0n) + stake)
  }
  return totals
}

async function delegatesByStorage(
  view: ChainView,
  takes: readonly (readonly [hotkey: Ss58, take: number])[],
): Promise<Delegate[]> {
  const hotkeys = takes.map(([hotkey]) => hotkey)
  const [owners, nominations, registrations] = await Promise.all([
    Promise.all(hotkeys.map((hotkey) => view.read(MODULE, 'Owner', hotkey))),
    Promise.all(hotkeys.map((hotkey) => nominatorsByStorage(view, hotkey))),
    readNetuids(view).then((netuids) => readRegistrations(view, hotkeys, netuids)),
  ])
  const [subnets, returns] = await Promise.all([
    readSubnetColumns(view, registrations),
    readReturns(view, registrations),
  ])
  return takes.map(([hotkey, take], i) => {
    const own = registrations.filter((registration) => registration.hotkey === hotkey)
    return assemble({
      hotkey,
      take,
      owner: asAddress(owners[i]),
      nominators: nominations[i] ?? [],
      registrations: own.map(({ netuid }) => netuid),
      validatorPermits: own
        .filter(({ netuid, uid }) => subnets.get(netuid)?.permits[uid] === true)
        .map(({ netuid }) => netuid),
      totalDailyReturn: returns(hotkey),
    })
  })
}

async function nominatorsByStorage(
  view: ChainView,
  hotkey: Ss58,
): Promise<readonly (readonly [Ss58, Rao])[]> {
  if (view.era === 'dtao') return nominatorsByAlpha(view, hotkey)
  const entries = await view.entries(MODULE, 'Stake', hotkey)
  return entries.map(({ keys, value }) => [asAddress(keys[1]), rao(asBigint(value))] as const)
}

type SubnetColumns = {
  readonly permits: readonly ChainValue[]
  readonly emission: readonly ChainValue[]
  readonly tempo: bigint
}

async function readSubnetColumns(
  view: ChainView,
  registrations: readonly Registration[],
): Promise<ReadonlyMap<number, SubnetColumns>> {
  const netuids = [...new Set(registrations.map(({ netuid }) => netuid))]
  const columns = await Promise.all(
    netuids.map(async (netuid): Promise<readonly [number, SubnetColumns]> => {
      const [permits, emission, tempo] = await Promise.all([
        view.read(MODULE, 'ValidatorPermit', netuid),
        view.read(MODULE, 'Emission', netuid),
        view.read(MODULE, 'Tempo', netuid),
      ])
      const lists = { permits: asList(permits), emission: asList(emission) }
      return [netuid, { ...lists, tempo: asBigint(tempo) }]
    }),
  )
  return new Map(columns)
}

/**
 * What an emission per epoch is per day as U64F64 bits: emission × 7200 ⁄ tempo, as the runtime reckons so that every digit
 * of the sum agrees (opentensor/subtensor, pallets/subtensor/src/delegate_info.rs at spec 143).
 */
function dailyReturn(emission: bigint, tempo: bigint): bigint {
  return tempo === 0n ? 0n : emission * ((BLOCKS_PER_DAY << 64n) / tempo)
}
