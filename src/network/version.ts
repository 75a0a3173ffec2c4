/**
 * The version integer that our peers see: that of bittensor 10.5.0, whose HTTP protocol this package speaks.
 * @example
 * new MetagraphData({ netuid: 1, network: 'finney', block: 5, version: versionAsInt }, columns)
 */
export const NETWORK_VERSION = 10_005_000
