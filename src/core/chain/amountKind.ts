/** Which integers of the chain are amounts, and of what: the runtime's own names decide, and doubt leaves a plain number. */
import type { ChainEra } from './types.js'

/** `tao`: RAO. `alpha`: the smallest unit of some subnet's token. */
export type AmountKind = 'tao' | 'alpha'

/** Where an integer stands. */
export type Place = {
  readonly era: ChainEra
  readonly pallet: string
  /** The argument, field, constant or storage item. */
  readonly name: string
  /** What the runtime's source calls its type. */
  readonly label?: string | undefined
}

const NO_TOKEN =
  /adjustment_alpha|liquid_alpha|alpha_(high|low|values|sigmoid|map|lock)|weight|threshold|limit|rate|price|interval|block|epoch|netuid|count|_index|_id$|hash|moving/

/** Names whose 64-bit integer is TAO in every runtime that has them. */
const TAO =
  /^(amount_staked|rao_recycled\w*|(network_)?(min_|last_)?lock_cost|(min_|max_|new_)?burn|(min_|max_)burn|burn_cost|\w*registration_cost|\w*issuance|new_free|free|reserved|frozen|misc_frozen|fee_frozen|tip|fee|\w+_fee|(existential_)?deposit|\w+_deposit|subnet_locked|largest_locked|total_locked|owner_locked|(subnet_)?tao|\w+_tao|tao_(in|amount|fee|emission)\w*|subnet_tao\w*|raised|cap|min_contribution|contribution|total_stake|nominator_min_required_stake|partial_fee|existential_deposit)$/

/** Names that meant TAO as long as stake had one token. */
const CLASSIC_TAO =
  /^(amount|amount_unstaked|\w*stake|stake_for|\w*emission|emission_values|weights_min_stake|total_daily_return|increment|new_stake|nominators)$/

/**
 * The token of a 64-bit integer, undefined if it is none or not certain.
 * @example
 * amountKind({ era: 'dtao', pallet: 'SubtensorModule', name: 'amount_unstaked', label: 'AlphaCurrency' }) // 'alpha'
 */
export function amountKind(place: Place): AmountKind | undefined {
  const { era, pallet, label = '' } = place
  if (/\b(Tao|Alpha)(Currency|Balance)\b/.test(label)) {
    return label.includes('Alpha') ? 'alpha' : 'tao'
  }
  if (/\bBalance(Of<[^>]*>+)?>*$/.test(label)) return 'tao'
  const name = snake(place.name).replace(/^initial_/, '')
  if (/^(Balances|Crowdloan)$/.test(pallet) && /^(value|amount)$/.test(name)) return 'tao'
  if (NO_TOKEN.test(name)) return undefined
  if (/alpha/.test(name)) return 'alpha'
  if (TAO.test(name)) return 'tao'
  if (era === 'classic' && CLASSIC_TAO.test(name)) return 'tao'
  return era === 'dtao' && name === 'amount_unstaked' ? 'alpha' : undefined
}

/** `SubnetTAO` → `subnet_tao`. */
function snake(name: string): string {
  return name.replace(/([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3_$2$4').toLowerCase()
}
