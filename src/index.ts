/** The programmatic API of the `bittensor` package. */
export { BittensorError, type ErrorCode } from './core/errors.js'
export {
  type AlphaRao,
  alphaRao,
  formatBalance,
  formatTao,
  parseTao,
  RAO_PER_TAO,
  type Rao,
  rao,
} from './core/units.js'
