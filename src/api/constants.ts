/** Numbers and signs of the network. */

/** Target time between blocks of Bittensor's networks, in seconds. A chain's own is `subtensor.client.blockTimeMs`. */
export const blocktime = 12
/** Prefix of Bittensor's addresses. */
export const ss58Format = 42
/** Sign of TAO, U+03C4. */
export const taoSymbol = 'τ'
/** Sign of RAO, U+03C1. */
export const raoSymbol = 'ρ'
