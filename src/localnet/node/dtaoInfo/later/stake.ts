/** Stake that may be taken out, and what is in baskets: later runtimes lock some of the one and have some of the other. */
import { LockState } from '../../../runtime/dtao/later/locks.js'
import { stakeOf } from '../../../runtime/dtao/subtensor/shares.js'
import { S } from '../../../runtime/dtao/subtensor/storage.js'
import { btreeMap } from '../../../runtime/dtao/types.js'
import { AccountId, option, struct, tuple, u16, u64, vec } from '../../../runtime/scale.js'
import type { State } from '../../../runtime/state.js'
import { apiMethod, type RuntimeApi } from '../../runtimeApis.js'
import { C64, netuidsInOrder } from '../fields.js'

const StakeAvailability = struct(
  { total: C64, locked: C64, available: C64 },
  { path: ['pallet_subtensor', 'rpc_info', 'stake_info', 'StakeAvailability'] },
)
type Availability = { total: bigint; locked: bigint; available: bigint }

/** What a coldkey has on subnets, where it has any. */
function availability(
  state: State,
  coldkey: string,
  netuids: readonly number[],
): [number, Availability][] {
  const hotkeys = state.get(S.StakingHotkeys, coldkey)
  return netuids.flatMap((netuid): [number, Availability][] => {
    const stakes = hotkeys.map((hotkey) => stakeOf(state, hotkey, coldkey, netuid))
    const total = stakes.reduce((sum, stake) => sum + stake, 0n)
    return total === 0n ? [] : [[netuid, { total, locked: 0n, available: total }]]
  })
}

/** Those of the named subnets that exist; none when more are named than there are. */
function existing(state: State, named: readonly number[] | undefined): number[] {
  const all = netuidsInOrder(state)
  const wanted = new Set(named ?? all)
  return wanted.size > all.length ? [] : all.filter((netuid) => wanted.has(netuid))
}

export const laterStakeMethods = {
  get_coldkey_lock: apiMethod({
    inputs: { coldkey: AccountId, netuid: u16 },
    output: option(LockState),
    run: () => undefined,
  }),
  get_stake_availability_for_coldkeys: apiMethod({
    inputs: { coldkey_accounts: vec(AccountId), netuids: option(vec(u16)) },
    output: btreeMap(AccountId, btreeMap(u16, StakeAvailability)),
    run({ state }, { coldkey_accounts, netuids }) {
      const chosen = existing(state, netuids)
      const coldkeys = [...new Set(coldkey_accounts)].sort()
      return coldkeys.map((coldkey): [string, [number, Availability][]] => [
        coldkey,
        availability(state, coldkey, chosen),
      ])
    },
  }),
}

/** Nobody has anything in a basket. */
export const betaBasketApi: RuntimeApi = {
  name: 'BetaBasketRuntimeApi',
  methods: {
    get_root_basket_owed: apiMethod({
      inputs: { coldkey: AccountId },
      output: u64,
      run: () => 0n,
    }),
    get_root_basket_positions: apiMethod({
      inputs: { coldkey: AccountId },
      output: vec(tuple(AccountId, u64, u64)),
      run: () => [],
    }),
  },
}
