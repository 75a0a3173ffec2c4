/** `DelegateInfoRuntimeApi` as runtimes of 2023 and 2024 have it. */
import { AccountId, bytes, struct, tuple, vec } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { div64, mul64 } from '../../runtime/subtensor/fixed.js'
import { S } from '../../runtime/subtensor/storage.js'
import { apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { AccountAmounts, AccountBytes, accountIn, C16, C64, inBytes } from './outer.js'

const DelegateInfo = struct({
  delegate_ss58: AccountId,
  take: C16,
  nominators: AccountAmounts,
  owner_ss58: AccountId,
  registrations: vec(C16),
  validator_permits: vec(C16),
  return_per_1000: C64,
  total_daily_return: C64,
})
const Delegated = vec(tuple(DelegateInfo, C64))

const BLOCKS_PER_DAY = 7200n
/** What nominators get, as the runtime writes it: the float 0.82 with 64 fractional bits. */
const NOMINATORS_PART = BigInt(0.82 * 2 ** 53) << 11n
/** RAO per day with 64 fractional bits. */
type Daily = bigint

function delegateInfo(state: State, hotkey: string) {
  const registrations = state
    .entries(S.IsNetworkMember, hotkey)
    .flatMap(([[, netuid], member]) => (member ? [netuid] : []))
  const permits: number[] = []
  let daily: Daily = 0n
  for (const netuid of registrations) {
    const uid = state.get(S.Uids, netuid, hotkey)
    if (uid === undefined) continue
    if (state.get(S.ValidatorPermit, netuid)[uid]) permits.push(netuid)
    daily += dailyEmission(state, netuid, uid)
  }
  return {
    delegate_ss58: hotkey,
    take: state.get(S.Delegates, hotkey),
    nominators: nominatorsOf(state, hotkey),
    owner_ss58: state.get(S.Owner, hotkey),
    registrations,
    validator_permits: permits,
    return_per_1000: per1000(daily, state.get(S.TotalHotkeyStake, hotkey)),
    total_daily_return: daily >> 64n,
  }
}

function dailyEmission(state: State, netuid: number, uid: number): Daily {
  const tempo = BigInt(state.get(S.Tempo, netuid))
  if (tempo === 0n) return 0n
  return (state.get(S.Emission, netuid)[uid] ?? 0n) * div64(BLOCKS_PER_DAY, tempo)
}

function per1000(daily: Daily, stake: bigint): bigint {
  const thousands = div64(stake, 1000n)
  return thousands === 0n ? 0n : div64(mul64(daily, NOMINATORS_PART), thousands) >> 64n
}

function nominatorsOf(state: State, hotkey: string): [string, bigint][] {
  return state
    .entries(S.Stake, hotkey)
    .flatMap(([[, coldkey], stake]): [string, bigint][] => (stake > 0n ? [[coldkey, stake]] : []))
}

/** Hotkeys that take nominations, in the order of the chain's keys. */
function delegates(state: State): string[] {
  return state.entries(S.Delegates).map(([[hotkey]]) => hotkey)
}

export const delegateInfoApi: RuntimeApi = {
  name: 'DelegateInfoRuntimeApi',
  methods: {
    get_delegates: apiMethod({
      inputs: {},
      output: bytes,
      run: ({ state }) =>
        inBytes(
          vec(DelegateInfo),
          delegates(state).map((one) => delegateInfo(state, one)),
        ),
    }),
    get_delegate: apiMethod({
      inputs: { delegate_account_vec: AccountBytes },
      output: bytes,
      run({ state }, { delegate_account_vec }) {
        const hotkey = accountIn(delegate_account_vec)
        const found = hotkey !== undefined && state.has(S.Delegates, hotkey)
        return inBytes(DelegateInfo, found ? delegateInfo(state, hotkey) : undefined)
      },
    }),
    get_delegated: apiMethod({
      inputs: { delegatee_account_vec: AccountBytes },
      output: bytes,
      run({ state }, { delegatee_account_vec }) {
        const coldkey = accountIn(delegatee_account_vec)
        if (coldkey === undefined) return new Uint8Array()
        const held = delegates(state).flatMap((hotkey) => {
          const stake = state.get(S.Stake, hotkey, coldkey)
          return stake > 0n ? [[delegateInfo(state, hotkey), stake] as const] : []
        })
        return inBytes(Delegated, held as never)
      },
    }),
  },
}
