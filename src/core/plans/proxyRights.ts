/**
 * What proxies may do by their type: by the rules that the runtime tells, else as far as it is known before the chain is
 * asked (opentensor/subtensor, runtime/src/lib.rs, InstanceFilter).
 */
import { callFacts, callsIn } from '../callFacts.js'
import { type ProxyFilters, passes } from '../chain/proxyFilters.js'
import type { DecodedCall } from '../chain/types.js'
import { formatTao } from '../units.js'

/** `unknown`: a later runtime may say so or so. */
export type Verdict = 'allowed' | 'denied' | 'unknown'

const TRANSFERS = String.raw`Balances\.transfer\w*|SubtensorModule\.transfer_stake(?:_and_hotkey)?`
const TRADES = String.raw`SubtensorModule\.(?:(?:add|remove|move|swap)_stake(?:_limit|_full_limit)?|unstake_all(?:_alpha)?|stake_into_basket|(?:add|set_min)_collateral)`
const REGISTERS = String.raw`SubtensorModule\.(?:burned_register|register|register_limit)`
const SWAPS = String.raw`SubtensorModule\.swap_hotkey(?:_v2)?`
const COLDKEY_SWAPS = String.raw`SubtensorModule\.\w*(?:swap_coldkey|coldkey_swap)\w*`
const CHILDREN = String.raw`SubtensorModule\.set_(?:children|childkey_take)`

const all = (...parts: readonly string[]) => new RegExp(`^(?:${parts.join('|')})$`)

/** Types that allow these calls alone. */
const ONLY: Readonly<Record<string, RegExp>> = {
  Transfer: all(TRANSFERS),
  SmallTransfer: all(TRANSFERS),
  Staking: all(TRADES),
  Registration: all(REGISTERS),
  ChildKeys: all(CHILDREN),
  SwapHotkey: all(SWAPS),
  RootClaim: /\.claim_root(?:_with_hotkey)?$/,
  RootWeights: /\.(?:set_root_weights|set_weights)$/,
  Owner: /^AdminUtils\.|\.(?:set_subnet_identity|update_symbol)$/,
  SubnetLeaseBeneficiary: /\.start_call$/,
  SudoUncheckedSetCode: /^Sudo\.sudo_unchecked_weight$/,
  Triumvirate: /^Triumvirate/,
  Senate: /^Senate/,
  Governance: /^(?:Triumvirate|Senate)/,
}

/** Types that allow everything but these calls. */
const BUT: Readonly<Record<string, RegExp>> = {
  Any: /^$/,
  NonCritical: /^Sudo\.|\.(?:dissolve_network|root_register|burned_register)$/,
  NonTransfer: all(String.raw`Balances\.\w+`, TRANSFERS, COLDKEY_SWAPS),
  NonFungible: all(
    String.raw`Balances\.\w+`,
    TRANSFERS,
    TRADES,
    SWAPS,
    COLDKEY_SWAPS,
    String.raw`SubtensorModule\.(?:burned|root)_register`,
  ),
}

/** Calls whose types are known for good: one that is not among them may be added to a type by a later runtime. */
const SETTLED = all(
  String.raw`(?:Balances|Utility|Sudo|Proxy|Multisig)\.\w+`,
  TRANSFERS,
  TRADES,
  REGISTERS,
  SWAPS,
  COLDKEY_SWAPS,
  CHILDREN,
)

/** RAO from which on a transfer is none for a proxy of small ones. */
const SMALL = 500_000_000n

/**
 * Whether a proxy of a type may make a call. Calls in a batch count as well.
 * @param filters what the runtime tells; types that it says nothing of are judged by what is known
 * @example
 * mayMake('Staking', transfer, new Map()) // 'denied'
 */
export function mayMake(type: string, call: DecodedCall, filters: ProxyFilters): Verdict {
  const filter = filters.get(type)
  if (!filter) return asKnown(type, call)
  const judged = filter.mode === 'Deny' ? callsIn(call) : [call]
  return judged.every((one) => passes(filter, one)) ? 'allowed' : 'denied'
}

function asKnown(type: string, call: DecodedCall): Verdict {
  const name = `${call.pallet}.${call.name}`
  const denied = BUT[type]
  if (denied) return callFacts(call).calls.some((one) => denied.test(one)) ? 'denied' : 'allowed'
  const allowed = ONLY[type]
  if (!allowed) return 'unknown'
  if (!allowed.test(name)) return SETTLED.test(name) ? 'denied' : 'unknown'
  if (type !== 'SmallTransfer') return 'allowed'
  const amount = call.args['value'] ?? call.args['alpha_amount']
  return typeof amount === 'bigint' && amount < SMALL ? 'allowed' : 'denied'
}

/** A type as people read it. */
export function typeText(type: string): string {
  return type === 'SmallTransfer' ? `${type} (below τ${formatTao(SMALL)})` : type
}

/** The type whose name tells best that it is for a call; undefined if none is. */
export function typeMadeFor(call: DecodedCall, filters: ProxyFilters): string | undefined {
  const told = [...filters].find(([, one]) => one.mode === 'Allow' && passes(one, call))
  if (filters.size > 0) return told?.[0]
  return Object.keys(ONLY).find((type) => ONLY[type]?.test(`${call.pallet}.${call.name}`))
}

/** The widest first. */
export function widestFirst(types: readonly string[]): readonly string[] {
  const wide = Object.keys(BUT)
  return [
    ...wide.filter((type) => types.includes(type)),
    ...types.filter((type) => !wide.includes(type)),
  ]
}
