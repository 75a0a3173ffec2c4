/** `system_*`: what the node is, and what it knows of accounts. */
import { decodeAddress } from '../../../core/keys/ss58.js'
import { toHex } from '../bytes.js'
import type { Node } from '../node.js'
import { blockParam } from './blocks.js'
import { invalidParams } from './errors.js'
import type { Namespace } from './methods.js'
import { bytesParam, type Params, textParam } from './params.js'

/** Next nonce of an account, the waiting transactions counted. */
function accountNextIndex(node: Node, params: Params): number {
  return node.pool.nextNonce(toHex(accountOf(textParam(params, 0))))
}

/** Public key of an address. Throws for what is none. */
export function accountOf(address: string): Uint8Array {
  try {
    return decodeAddress(address)
  } catch (error) {
    throw invalidParams((error as Error).message)
  }
}

export const CHAIN_NAME = 'Bittensor'
export const PROPERTIES = {
  isEthereum: false,
  ss58Format: 42,
  tokenDecimals: 9,
  tokenSymbol: 'TAO',
}

export const system: Namespace = {
  methods: {
    system_name: () => 'btcli localnet',
    system_version: (node) => node.softwareVersion,
    system_chain: () => CHAIN_NAME,
    system_chainType: () => 'Development',
    system_properties: () => PROPERTIES,
    system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
    system_peers: () => [],
    system_nodeRoles: () => ['Authority'],
    system_localPeerId: (node) => node.peerId,
    system_localListenAddresses: () => [],
    system_reservedPeers: () => [],
    system_syncState(node) {
      const { number } = node.chain.head
      return { startingBlock: 0, currentBlock: number, highestBlock: number }
    },
    system_accountNextIndex: accountNextIndex,
    async system_dryRun(node, params) {
      const { number } = blockParam(node, params, 1)
      return toHex(await node.dryRun(bytesParam(params, 0), number))
    },
  },
  aliases: { account_nextIndex: 'system_accountNextIndex', system_dryRunAt: 'system_dryRun' },
  unsafe: ['system_peers', 'system_dryRun'],
}
