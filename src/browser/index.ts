/** The parts of the package that need neither files nor sockets, for browsers and other places that are not Node. */
export { type Amount, Balance } from '../api/balance.js'
export { blocktime, raoSymbol, ss58Format, taoSymbol } from '../api/constants.js'
export {
  type MetagraphColumns,
  MetagraphData,
  type MetagraphJson,
  type MetagraphPlace,
  type MetagraphRow,
  type SparseColumn,
} from '../api/metagraph/data.js'
export {
  explorerLink,
  networkNames,
  type ResolvedNetwork,
  resolveNetwork,
} from '../core/chain/networks.js'
export { BittensorError, type ErrorCode, type ErrorOptions } from '../core/errors.js'
export {
  type CryptoType,
  cryptoReady,
  type Keypair,
  keypairFromHex,
  keypairFromMnemonic,
  keypairFromSeed,
  keypairFromUri,
  verify,
} from '../core/keys/keypair.js'
export {
  generateMnemonic,
  normalizeMnemonic,
  validateMnemonic,
  type WordCount,
} from '../core/keys/mnemonic.js'
export { decodeAddress, encodeAddress, parseAccount, type Ss58 } from '../core/keys/ss58.js'
export {
  type AlphaRao,
  alphaRao,
  formatBalance,
  formatTao,
  parseTao,
  RAO_PER_TAO,
  type Rao,
  rao,
} from '../core/units.js'
export { VERSION as version } from '../core/version.js'
export {
  type ChainWeights,
  normalizeMaxWeight,
  processWeights,
  type WeightRules,
  weightsFromChain,
  weightsToChain,
} from '../core/weights.js'
export { type AxonInfo, isServing } from '../network/axonInfo.js'
