/** The embedded development chain: a Bittensor chain in this process, for tests, demos and offline work. */
export type { GenesisSpec } from './genesis/spec.js'
export type { BlockMode } from './node/chain/author.js'
export type { BlockRef } from './node/chain/chain.js'
export type { Fault, FaultKind } from './node/faults.js'
export type { HyperparameterValue } from './node/hyperparameters.js'
export { Localnet, type LocalnetOptions, type Snapshot } from './node/localnet.js'
export { type MockChain, type MockOptions, openMock } from './node/mock.js'
export type { LocalProvider } from './node/provider.js'
