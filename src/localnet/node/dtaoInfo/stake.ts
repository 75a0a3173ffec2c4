/** `StakeInfoRuntimeApi` of spec 343. */
import { allNetuids } from '../../runtime/dtao/subtensor/keys.js'
import { stakeOf } from '../../runtime/dtao/subtensor/shares.js'
import { S } from '../../runtime/dtao/subtensor/storage.js'
import { feeOn } from '../../runtime/dtao/swap/engine.js'
import { AccountId, bool, option, struct, tuple, u16, u64, vec } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { C16, C64, infoType } from './fields.js'

const StakeInfo = struct(
  {
    hotkey: AccountId,
    coldkey: AccountId,
    netuid: C16,
    stake: C64,
    locked: C64,
    emission: C64,
    tao_emission: C64,
    drain: C64,
    is_registered: bool,
  },
  infoType('stake_info', 'StakeInfo'),
)

const stakeInfo = (state: State, hotkey: string, coldkey: string, netuid: number) => ({
  hotkey,
  coldkey,
  netuid,
  stake: stakeOf(state, hotkey, coldkey, netuid),
  locked: 0n,
  emission: state.get(S.AlphaDividendsPerSubnet, netuid, hotkey),
  tao_emission: 0n,
  drain: 0n,
  is_registered: state.has(S.Uids, netuid, hotkey),
})

/** All stakes of a coldkey that are not 0, by subnet and then by hotkey. */
function stakesOf(state: State, coldkey: string) {
  const hotkeys = state.get(S.StakingHotkeys, coldkey)
  return allNetuids(state).flatMap((netuid) =>
    hotkeys
      .filter((hotkey) => stakeOf(state, hotkey, coldkey, netuid) > 0n)
      .map((hotkey) => stakeInfo(state, hotkey, coldkey, netuid)),
  )
}

const Place = option(tuple(AccountId, u16))

export const stakeInfoApi: RuntimeApi = {
  name: 'StakeInfoRuntimeApi',
  methods: {
    get_stake_info_for_coldkey: apiMethod({
      inputs: { coldkey_account: AccountId },
      output: vec(StakeInfo),
      run: ({ state }, { coldkey_account }) => stakesOf(state, coldkey_account),
    }),
    get_stake_info_for_coldkeys: apiMethod({
      inputs: { coldkey_accounts: vec(AccountId) },
      output: vec(tuple(AccountId, vec(StakeInfo))),
      run: ({ state }, { coldkey_accounts }) =>
        coldkey_accounts.map((coldkey): [string, ReturnType<typeof stakesOf>] => [
          coldkey,
          stakesOf(state, coldkey),
        ]),
    }),
    get_stake_info_for_hotkey_coldkey_netuid: apiMethod({
      inputs: { hotkey_account: AccountId, coldkey_account: AccountId, netuid: u16 },
      output: option(StakeInfo),
      run: ({ state }, { hotkey_account, coldkey_account, netuid }) =>
        stakeInfo(state, hotkey_account, coldkey_account, netuid),
    }),
    get_stake_fee: apiMethod({
      inputs: {
        origin: Place,
        origin_coldkey_account: AccountId,
        destination: Place,
        destination_coldkey_account: AccountId,
        amount: u64,
      },
      output: u64,
      run({ state }, { origin, destination, amount }) {
        const same = origin?.[0] === destination?.[0] && origin?.[1] === destination?.[1]
        const netuid = (destination ?? origin)?.[1] ?? 0
        return same ? 0n : feeOn(state, netuid, amount)
      },
    }),
  },
}
