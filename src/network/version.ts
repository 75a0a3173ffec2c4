/** The version integer that our peers see: that of bittensor 10.5.0, whose HTTP protocol this package speaks. */
export const NETWORK_VERSION = 10_005_000
