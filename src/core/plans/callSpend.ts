/** What a call takes from who makes it, as far as the call alone tells. */
import { callFacts } from '../callFacts.js'
import type { Call, ChainClient } from '../chain/types.js'

/** Calls that move no TAO by themselves, whatever their arguments. */
const FREE =
  /^(System\.remark|Balances\.burn$|SubtensorModule\.(set_weights|serve_axon|serve_prometheus|commit_weights|reveal_weights|set_children|set_childkey_take|increase_take|decrease_take|become_delegate|set_root_claim_type|vote)|Proxy\.(remove_prox|reject))/

/** RAO that the call takes from the signer, null where that is not known from the call alone. */
export function spendOf(client: Pick<ChainClient, 'era'>, call: Call): bigint | null {
  const full = `${call.pallet}.${call.name}`
  if (callFacts(call).calls.length > 1) return null
  const { value, amount_staked: staked } = call.args
  if (/^Balances\.transfer(_keep_alive|_allow_death)?$/.test(full) && typeof value === 'bigint') {
    return value
  }
  if (full === 'SubtensorModule.add_stake' && typeof staked === 'bigint') return staked
  if (full === 'SubtensorModule.remove_stake' && client.era === 'classic') return 0n
  return FREE.test(full) && full !== 'Balances.burn' ? 0n : null
}
