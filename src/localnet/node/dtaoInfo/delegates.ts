/** `DelegateInfoRuntimeApi` of spec 343. */
import { div64, fromFixed64, mul64, ONE64, toFixed64 } from '../../runtime/dtao/fixed.js'
import { hotkeyStake, stakeOf } from '../../runtime/dtao/subtensor/shares.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { AccountId, option, struct, tuple, vec } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { C16, C64, infoType } from './fields.js'

const DelegateInfo = struct(
  {
    delegate_ss58: AccountId,
    take: C16,
    nominators: vec(tuple(AccountId, vec(tuple(C16, C64)))),
    owner_ss58: AccountId,
    registrations: vec(C16),
    validator_permits: vec(C16),
    return_per_1000: C64,
    total_daily_return: C64,
  },
  infoType('delegate_info', 'DelegateInfo'),
)

const BLOCKS_PER_DAY = toFixed64(7200n)
const ROOT = 0

type Nominator = [coldkey: string, stakes: [netuid: number, alpha: bigint][]]

/** Who stakes on a hotkey, in the order of their bytes, and how much on which subnet. */
function nominatorsOf(state: State, hotkey: string): Nominator[] {
  const byColdkey = new Map<string, Nominator[1]>()
  for (const [[, coldkey, netuid], shares] of state.entries(S.Alpha, hotkey)) {
    if (shares === 0n) continue
    const stakes = byColdkey.get(coldkey) ?? []
    stakes.push([netuid, stakeOf(state, hotkey, coldkey, netuid)])
    byColdkey.set(coldkey, stakes)
  }
  return [...byColdkey].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What a hotkey emits per day on a subnet, with 64 fractional bits. */
function dailyEmission(state: State, netuid: number, uid: number): bigint {
  const tempo = toFixed64(BigInt(state.get(S.Tempo, netuid)))
  const emission = toFixed64(state.get(S.Emission, netuid)[uid] ?? 0n)
  return mul64(emission, div64(BLOCKS_PER_DAY, tempo))
}

/** Of what is emitted per day, the part of 1000 TAO on root after the take; with 64 fractional bits. */
function returnPer1000(state: State, hotkey: string, daily: bigint): bigint {
  const take = div64(toFixed64(BigInt(state.get(S.Delegates, hotkey))), toFixed64(65_535n))
  const stake = toFixed64(hotkeyStake(state, hotkey, ROOT))
  const thousands = div64(stake, toFixed64(1_000_000_000_000n))
  return div64(mul64(daily, ONE64 - take), thousands)
}

function delegateInfo(state: State, hotkey: string, nominators: Nominator[]) {
  const registrations = state
    .entries(S.IsNetworkMember, hotkey)
    .flatMap(([[, netuid], member]) => (member ? [netuid] : []))
  const seats = registrations.map((netuid) => ({ netuid, uid: state.get(S.Uids, netuid, hotkey) }))
  const permits = seats.filter(
    ({ netuid, uid }) => uid !== undefined && state.get(S.ValidatorPermit, netuid)[uid],
  )
  const daily = seats.reduce(
    (sum, { netuid, uid }) => sum + (uid === undefined ? 0n : dailyEmission(state, netuid, uid)),
    0n,
  )
  return {
    delegate_ss58: hotkey,
    take: state.get(S.Delegates, hotkey),
    nominators,
    owner_ss58: state.get(S.Owner, hotkey),
    registrations,
    validator_permits: permits.map(({ netuid }) => netuid),
    return_per_1000: fromFixed64(returnPer1000(state, hotkey, daily)),
    total_daily_return: fromFixed64(daily),
  }
}

const withNominators = (state: State, hotkey: string) =>
  delegateInfo(state, hotkey, nominatorsOf(state, hotkey))

type Delegated = [ReturnType<typeof delegateInfo>, [netuid: number, alpha: bigint]]

const delegatesOf = (state: State): string[] =>
  state.entries(S.Delegates).map(([[hotkey]]) => hotkey)

export const delegateInfoApi: RuntimeApi = {
  name: 'DelegateInfoRuntimeApi',
  methods: {
    get_delegates: apiMethod({
      inputs: {},
      output: vec(DelegateInfo),
      run: ({ state }) => delegatesOf(state).map((hotkey) => withNominators(state, hotkey)),
    }),
    get_delegate: apiMethod({
      inputs: { delegate_account: AccountId },
      output: option(DelegateInfo),
      run: ({ state }, { delegate_account }) =>
        state.has(S.Delegates, delegate_account)
          ? withNominators(state, delegate_account)
          : undefined,
    }),
    get_delegated: apiMethod({
      inputs: { delegatee_account: AccountId },
      output: vec(tuple(DelegateInfo, tuple(C16, C64))),
      run: ({ state }, { delegatee_account: coldkey }) =>
        delegatesOf(state).flatMap((hotkey) =>
          state
            .entries(S.Alpha, hotkey, coldkey)
            .map(
              ([[, , netuid]]): Delegated => [
                delegateInfo(state, hotkey, []),
                [netuid, stakeOf(state, hotkey, coldkey, netuid)],
              ],
            ),
        ),
    }),
  },
}
