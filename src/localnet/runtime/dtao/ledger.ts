/**
 * Fees of spec 343: for the bytes and for the weight, in TAO; who has none and sells or moves alpha pays with that
 * alpha instead. What is kept leaves both issuances.
 */
import type { Call } from '../pallet.js'
import type { Ledger } from '../profile.js'
import type { State } from '../state.js'
import { div32, fromFixed32, less, minBig, mul32, toFixed32 } from './fixed.js'
import { balanceOf, canWithdraw, deposit, tryWithdraw } from './pallets/balances.js'
import { bumpNonce, System } from './pallets/system.js'
import { weightToFee } from './pallets/transactionPayment.js'
import { allNetuids } from './subtensor/keys.js'
import { addIssuance } from './subtensor/pool.js'
import { decreaseStake, stakeOf } from './subtensor/shares.js'
import { S } from './subtensor/storage.js'
import { alphaPrice } from './swap/engine.js'

type Source = readonly [hotkey: string, netuid: number]

/** Which alpha pays for a call when there is no TAO: name of the arguments with hotkey and netuid. */
const ALPHA_PAYS: Readonly<Record<string, readonly [hotkey: string, netuid: string | undefined]>> =
  {
    remove_stake: ['hotkey', 'netuid'],
    remove_stake_limit: ['hotkey', 'netuid'],
    remove_stake_full_limit: ['hotkey', 'netuid'],
    recycle_alpha: ['hotkey', 'netuid'],
    burn_alpha: ['hotkey', 'netuid'],
    unstake_all: ['hotkey', undefined],
    unstake_all_alpha: ['hotkey', undefined],
    move_stake: ['origin_hotkey', 'origin_netuid'],
    move_stake_limit: ['origin_hotkey', 'origin_netuid'],
    transfer_stake: ['hotkey', 'origin_netuid'],
    swap_stake: ['hotkey', 'origin_netuid'],
    swap_stake_limit: ['hotkey', 'origin_netuid'],
  }

function alphaSources(state: State, who: string, call: Call): Source[] {
  const names = call.pallet === 'SubtensorModule' ? ALPHA_PAYS[call.name] : undefined
  if (!names) return []
  const hotkey = call.args[names[0]] as string
  if (names[1] !== undefined) return [[hotkey, call.args[names[1]] as number]]
  return allNetuids(state)
    .filter((netuid) => state.get(S.SubtokenEnabled, netuid))
    .filter((netuid) => stakeOf(state, hotkey, who, netuid) !== 0n)
    .map((netuid) => [hotkey, netuid])
}

/** Whether at least one of the sources is worth its part of a fee. */
function alphaSuffices(state: State, who: string, call: Call, fee: bigint): boolean {
  const sources = alphaSources(state, who, call)
  return sources.some(([hotkey, netuid]) => {
    const alpha = toFixed32(stakeOf(state, hotkey, who, netuid))
    return mul32(alphaPrice(state, netuid), alpha) >= toFixed32(fee / BigInt(sources.length))
  })
}

/** Takes an equal part of the fee from every source, as far as it goes. */
function payInAlpha(state: State, who: string, call: Call, fee: bigint): void {
  const sources = alphaSources(state, who, call)
  for (const [hotkey, netuid] of sources) {
    const held = stakeOf(state, hotkey, who, netuid)
    const part = toFixed32(fee / BigInt(sources.length))
    const price = alphaPrice(state, netuid)
    const alpha = price === 0n ? held : minBig(fromFixed32(div32(part, price)), held)
    decreaseStake(state, hotkey, who, netuid, alpha)
  }
}

export const ledger: Ledger = {
  account(state, who) {
    const { nonce, data } = state.get(System.Account, who)
    return { nonce, free: data.free }
  },
  bumpNonce,
  mint(context, who, amount) {
    deposit(context, who, amount)
    addIssuance(context.state, amount)
  },
  issuance: (state) => state.get(S.TotalIssuance),
  weightToFee,
  feeParts(book, call, length) {
    if (!book.definition(call).pays) return { base: 0n, length: 0n, weight: 0n }
    const { refTime } = book.costOf(call)
    return {
      base: weightToFee({ ref_time: book.baseExtrinsic(), proof_size: 0n }),
      length: BigInt(length),
      weight: weightToFee({ ref_time: refTime, proof_size: 0n }),
    }
  },
  canPay: (state, who, call, amount) =>
    amount === 0n || canWithdraw(state, who, amount) || alphaSuffices(state, who, call, amount),
  charge(context, who, call, amount) {
    if (amount === 0n || tryWithdraw(context, who, amount)) return amount
    payInAlpha(context.state, who, call, amount)
    return 0n
  },
  settle(context, who, _call, taken, kept) {
    if (taken === 0n) return kept
    const refund = taken - kept
    const { free } = balanceOf(context.state, who)
    if (refund > 0n && free > 0n) deposit(context, who, refund)
    addIssuance(context.state, -less(taken, refund))
    return kept
  },
}
