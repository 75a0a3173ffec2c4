/** Errors of the Swap pallet, in the order of the real runtime (spec 343). */
import { checksOf } from '../../failure.js'
import { errorsInOrder } from '../../pallet.js'

const NAMES = [
  'FeeRateTooHigh',
  'InsufficientInputAmount',
  'InsufficientLiquidity',
  'PriceLimitExceeded',
  'InsufficientBalance',
  'LiquidityNotFound',
  'InvalidTickRange',
  'MaxPositionsExceeded',
  'TooManySwapSteps',
  'InvalidLiquidityValue',
  'ReservesTooLow',
  'MechanismDoesNotExist',
  'UserLiquidityDisabled',
  'SubtokenDisabled',
] as const

export const errors = errorsInOrder(NAMES)

/** Errors of this pallet. */
export const { fail, ensure } = checksOf<(typeof NAMES)[number]>('Swap')
