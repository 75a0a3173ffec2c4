/** What each type of proxy may do. */
import type { Call } from '../../pallet.js'
import type { Variant } from '../../scale.js'

/** Names of a pallet's calls with the pallet before them. */
const calls = (pallet: string, ...names: string[]) =>
  new Set(names.map((name) => `${pallet}.${name}`))

const subtensor = (...names: string[]) => calls('SubtensorModule', ...names)

const TRADES = subtensor(
  'add_stake',
  'add_stake_limit',
  'remove_stake',
  'remove_stake_limit',
  'remove_stake_full_limit',
  'unstake_all',
  'unstake_all_alpha',
  'swap_stake',
  'swap_stake_limit',
  'move_stake',
  'move_stake_limit',
)
const COLDKEY_SWAPS = subtensor('schedule_swap_coldkey', 'swap_coldkey')
const TRANSFERS = calls('Balances', 'transfer_keep_alive', 'transfer_allow_death', 'transfer_all')
const STAKE_TRANSFER = subtensor('transfer_stake')
const LEASE = new Set([
  ...subtensor('start_call'),
  ...calls(
    'AdminUtils',
    'sudo_set_serving_rate_limit',
    'sudo_set_min_difficulty',
    'sudo_set_max_difficulty',
    'sudo_set_weights_version_key',
    'sudo_set_adjustment_alpha',
    'sudo_set_immunity_period',
    'sudo_set_min_allowed_weights',
    'sudo_set_kappa',
    'sudo_set_rho',
    'sudo_set_activity_cutoff',
    'sudo_set_network_registration_allowed',
    'sudo_set_network_pow_registration_allowed',
    'sudo_set_max_burn',
    'sudo_set_bonds_moving_average',
    'sudo_set_bonds_penalty',
    'sudo_set_commit_reveal_weights_enabled',
    'sudo_set_liquid_alpha_enabled',
    'sudo_set_alpha_values',
    'sudo_set_commit_reveal_weights_interval',
    'sudo_set_toggle_transfer',
  ),
])
const NOT_CRITICAL = subtensor('dissolve_network', 'root_register', 'burned_register')
const NOT_FUNGIBLE = new Set([
  ...TRADES,
  ...STAKE_TRANSFER,
  ...COLDKEY_SWAPS,
  ...subtensor('burned_register', 'root_register', 'swap_hotkey'),
])
const OWNER = subtensor('set_subnet_identity', 'update_symbol')
const SMALL = 500_000_000n

const nameOf = ({ pallet, name }: Call): string => `${pallet}.${name}`

function isSmall({ args }: Call): boolean {
  const amount = (args['value'] ?? args['alpha_amount'] ?? SMALL) as bigint
  return amount < SMALL
}

type Filter = (call: Call, name: string) => boolean

const only =
  (...sets: ReadonlySet<string>[]): Filter =>
  (_call, name) =>
    sets.some((set) => set.has(name))

const FILTERS: Readonly<Record<string, Filter>> = {
  Any: () => true,
  NonTransfer: ({ pallet }, name) =>
    pallet !== 'Balances' && !only(STAKE_TRANSFER, COLDKEY_SWAPS)({} as Call, name),
  NonFungible: ({ pallet }, name) => pallet !== 'Balances' && !NOT_FUNGIBLE.has(name),
  Transfer: only(TRANSFERS, STAKE_TRANSFER),
  SmallTransfer: (call, name) => (TRANSFERS.has(name) || STAKE_TRANSFER.has(name)) && isSmall(call),
  Owner: ({ pallet }, name) =>
    (pallet === 'AdminUtils' || OWNER.has(name)) && name !== 'AdminUtils.sudo_set_sn_owner_hotkey',
  NonCritical: ({ pallet }, name) => pallet !== 'Sudo' && !NOT_CRITICAL.has(name),
  Staking: only(TRADES),
  Registration: only(subtensor('burned_register', 'register')),
  ChildKeys: only(subtensor('set_children', 'set_childkey_take')),
  SwapHotkey: only(subtensor('swap_hotkey')),
  SubnetLeaseBeneficiary: only(LEASE),
  RootClaim: only(subtensor('claim_root')),
}

/** Whether a type of proxy includes all that another may do. */
export function isSuperset({ type: one }: Variant, { type: other }: Variant): boolean {
  if (one === other || one === 'Any') return true
  if (other === 'Any') return false
  if (one === 'NonTransfer') return other !== 'Transfer' && other !== 'SmallTransfer'
  return one === 'Transfer' && other === 'SmallTransfer'
}

/** Whether a proxy of a type may make a call; proxies themselves it may not extend beyond what it has. */
export function allows(type: Variant, call: Call): boolean {
  const name = nameOf(call)
  if (name === 'Proxy.add_proxy' || name === 'Proxy.remove_proxy') {
    if (!isSuperset(type, call.args['proxy_type'] as Variant)) return false
  }
  if (name === 'Proxy.remove_proxies' || name === 'Proxy.kill_pure') {
    if (type.type !== 'Any') return false
  }
  return FILTERS[type.type]?.(call, name) ?? false
}
