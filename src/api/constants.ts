/** Numbers and signs of the network. */

/**
 * Target time between blocks of Bittensor's networks, in seconds. A chain's own is `subtensor.client.blockTimeMs`.
 * @example
 * const epochSeconds = (tempo + 1) * blocktime
 */
export const blocktime = 12
/**
 * Prefix of Bittensor's addresses.
 * @example
 * subtensor.client.ss58Format === ss58Format // true
 */
export const ss58Format = 42
/**
 * Sign of TAO, U+03C4.
 * @example
 * console.log(`${taoSymbol}${balance.tao}`) // τ1.5
 */
export const taoSymbol = 'τ'
/**
 * Sign of RAO, U+03C1.
 * @example
 * console.log(`${raoSymbol}${balance.rao}`) // ρ1500000000
 */
export const raoSymbol = 'ρ'
