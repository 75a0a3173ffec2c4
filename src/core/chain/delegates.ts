/** Delegates, and what a coldkey has delegated. */
import type { Ss58 } from '../keys/ss58.js'
import { rao } from '../units.js'
import { delegateInfo } from './layouts.js'
import { readRegistrations } from './neurons.js'
import { accountArgument, callDecoded, preferApi } from './runtimeApi.js'
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
      return asList(list ?? []).map(delegateOf)
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
      return row === undefined ? undefined : delegateOf(row)
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
  return preferApi(
    view,
    API,
    method,
    async () => {
      const args = accountArgument(view, API, method, coldkey)
      const list = await callDecoded(view, API, method, args, [vec(tuple(delegateInfo, c64))])
      return collect(asList(list ?? []))
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

/** Answers of get_delegated; since dTAO there is one per delegate and subnet, of which root holds TAO. */
function collect(rows: readonly ChainValue[]): Delegation[] {
  return rows
    .map((row) => {
      const [info, staked] = asList(row)
      return { delegate: delegateOf(info), stake: rao(taoPart(staked)) }
    })
    .filter(({ stake }) => stake > 0n)
}

/** An amount, or since dTAO a pair of netuid and amount: alpha of a subnet is no TAO, that of root is. */
function taoPart(value: ChainValue): bigint {
  if (!Array.isArray(value)) return asBigint(value)
  const [netuid, amount] = asList(value)
  return asNumber(netuid) === 0 ? asBigint(amount) : 0n
}

function delegateOf(row: ChainValue): Delegate {
  const info = asRecord(row)
  const nominators = asList(info['nominators']).map((pair) => {
    const [coldkey, staked] = asList(pair)
    return [asAddress(coldkey), rao(nominated(staked))] as const
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

function nominated(value: ChainValue): bigint {
  if (!Array.isArray(value)) return asBigint(value)
  return asList(value).reduce((sum: bigint, pair) => sum + taoPart(pair), 0n)
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
  const staked = await Promise.all(
    entries.map(async ({ keys, value }) => ({
      hotkey: asAddress(keys[0]),
      take: asNumber(value),
      stake: asBigint(await view.read(MODULE, 'Stake', asAddress(keys[0]), coldkey)),
    })),
  )
  const mine = staked.filter(({ stake }) => stake > 0n)
  const delegates = await delegatesByStorage(
    view,
    mine.map(({ hotkey, take }) => [hotkey, take]),
  )
  return delegates.flatMap((delegate, i) => {
    const stake = mine[i]?.stake
    return stake === undefined ? [] : [{ delegate, stake: rao(stake) }]
  })
}

async function delegatesByStorage(
  view: ChainView,
  takes: readonly (readonly [hotkey: Ss58, take: number])[],
): Promise<Delegate[]> {
  const hotkeys = takes.map(([hotkey]) => hotkey)
  const [owners, nominations, registrations] = await Promise.all([
    Promise.all(hotkeys.map((hotkey) => view.read(MODULE, 'Owner', hotkey))),
    Promise.all(hotkeys.map((hotkey) => view.entries(MODULE, 'Stake', hotkey))),
    readNetuids(view).then((netuids) => readRegistrations(view, hotkeys, netuids)),
  ])
  const subnets = await readSubnetColumns(view, registrations)
  return takes.map(([hotkey, take], i) => {
    const own = registrations.filter((registration) => registration.hotkey === hotkey)
    return assemble({
      hotkey,
      take,
      owner: asAddress(owners[i]),
      nominators: (nominations[i] ?? []).map(
        ({ keys, value }) => [asAddress(keys[1]), rao(asBigint(value))] as const,
      ),
      registrations: own.map(({ netuid }) => netuid),
      validatorPermits: own
        .filter(({ netuid, uid }) => subnets.get(netuid)?.permits[uid] === true)
        .map(({ netuid }) => netuid),
      totalDailyReturn: rao(
        dailyReturn(
          own.map(({ netuid, uid }) => ({
            emission: asBigint(subnets.get(netuid)?.emission[uid] ?? 0),
            tempo: subnets.get(netuid)?.tempo ?? 0n,
          })),
        ),
      ),
    })
  })
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
 * RAO per day: the sum of emission × 7200 ⁄ tempo, in the runtime's U64F64 so that every digit agrees
 * (opentensor/subtensor, pallets/subtensor/src/delegate_info.rs at spec 143).
 */
export function dailyReturn(
  parts: readonly { readonly emission: bigint; readonly tempo: bigint }[],
): bigint {
  const sum = parts.reduce((total, { emission, tempo }) => {
    return tempo === 0n ? total : total + emission * ((BLOCKS_PER_DAY << 64n) / tempo)
  }, 0n)
  return sum >> 64n
}
