/** `StakeInfoRuntimeApi` as runtimes of 2024 have it. */
import { AccountId, bytes, struct, tuple, vec } from '../../runtime/scale.js'
import type { State } from '../../runtime/state.js'
import { S } from '../../runtime/subtensor/storage.js'
import { apiMethod, type RuntimeApi } from '../runtimeApis.js'
import { AccountBytes, accountIn, C64, inBytes } from './outer.js'

const StakeInfo = struct({ hotkey: AccountId, coldkey: AccountId, stake: C64 })

/** All entries of a coldkey, those of 0 too. */
function stakesOf(state: State, owner: string) {
  return state
    .entries(S.Stake)
    .flatMap(([[hotkey, coldkey], stake]) =>
      coldkey === owner ? [{ hotkey, coldkey, stake }] : [],
    )
}

export const stakeInfoApi: RuntimeApi = {
  name: 'StakeInfoRuntimeApi',
  methods: {
    get_stake_info_for_coldkey: apiMethod({
      inputs: { coldkey_account_vec: AccountBytes },
      output: bytes,
      run({ state }, { coldkey_account_vec }) {
        const coldkey = accountIn(coldkey_account_vec)
        return inBytes(vec(StakeInfo), coldkey === undefined ? undefined : stakesOf(state, coldkey))
      },
    }),
    get_stake_info_for_coldkeys: apiMethod({
      inputs: { coldkey_account_vecs: vec(AccountBytes) },
      output: bytes,
      run({ state }, { coldkey_account_vecs }) {
        const coldkeys = coldkey_account_vecs.flatMap((one) => accountIn(one) ?? [])
        const all = coldkeys.map((coldkey): [string, ReturnType<typeof stakesOf>] => [
          coldkey,
          stakesOf(state, coldkey),
        ])
        return inBytes(vec(tuple(AccountId, vec(StakeInfo))), all)
      },
    }),
  },
}
