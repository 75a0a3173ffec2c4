/** Stands in for a node towards @polkadot/api: answers what is known already, so that encoding needs no network. */
import type { RuntimeVersion } from './description.js'
import type { Hex } from './types.js'

/** What @polkadot/api asks before it can encode. */
export type FrozenChain = {
  readonly genesisHash: Hex
  readonly version: RuntimeVersion
  readonly ss58Format: number
}

/** A provider that is always connected and tells only what is in `chain`. */
export function frozenProvider({ genesisHash, version, ss58Format }: FrozenChain) {
  const answers: Readonly<Record<string, unknown>> = {
    chain_getBlockHash: genesisHash,
    state_getRuntimeVersion: {
      implName: version.specName,
      authoringVersion: 1,
      stateVersion: 0,
      ...version,
    },
    system_chain: 'Bittensor',
    system_properties: { ss58Format, tokenDecimals: 9, tokenSymbol: 'TAO' },
    rpc_methods: { methods: [] },
  }
  return {
    hasSubscriptions: true,
    isClonable: false,
    isConnected: true,
    async connect() {},
    async disconnect() {},
    on(event: string, callback: () => void) {
      if (event === 'connected') queueMicrotask(callback)
      return () => undefined
    },
    async send(method: string): Promise<unknown> {
      if (method in answers) return answers[method]
      throw new Error(`encoding a transaction asked for ${method}`)
    },
    /** The runtime version never changes here: a changed one gets a provider of its own. */
    subscribe: async () => 1,
    unsubscribe: async () => true,
  }
}
