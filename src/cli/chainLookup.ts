/** How journal entries are looked up on a connected chain. */
import { blockAt, indexInBlock, outcomeIn, solidBlock } from '../core/chain/findTransaction.js'
import type { ChainClient, Hex, SignedTransaction } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import type { ChainLookup, FoundExtrinsic } from '../core/settle.js'

const AT_ONCE = 8

/** The lookups of `settle` over a connection. */
export function chainLookup(client: ChainClient): ChainLookup {
  return {
    genesisHash: client.genesisHash,
    bestBlock: async () => (await client.head()).number,
    finalizedBlock: () => solidBlock(client),
    async findExtrinsic(hash, fromBlock, toBlock) {
      for (let first = fromBlock; first <= toBlock; first += AT_ONCE) {
        const count = Math.min(AT_ONCE, toBlock - first + 1)
        const numbers = Array.from({ length: count }, (_, i) => first + i)
        const found = await Promise.all(
          numbers.map((number) => inBlock(client, hash as Hex, number)),
        )
        const one = found.find((each) => each !== undefined)
        if (one) return one
      }
      return undefined
    },
  }
}

async function inBlock(
  client: ChainClient,
  hash: Hex,
  number: number,
): Promise<FoundExtrinsic | undefined> {
  const block = await blockAt(client, number)
  const index = await indexInBlock(client, hash, block.hash)
  if (index === undefined) return undefined
  try {
    const fate = await outcomeIn(await client.at(block.hash), named(client, hash), index)
    if (fate.fate === 'included') return { block: number, ok: true, events: fate.receipt.events }
    return { block: number, ok: false, error: `${fate.error.pallet}.${fate.error.name}` }
  } catch (error) {
    if (!(error instanceof BittensorError)) throw error
    // Nodes keep bodies of old blocks, but not their events. A lost connection is told apart: it says nothing.
    await client.head()
    return { block: number, ok: undefined }
  }
}

/** Of a transaction in a block only the hash matters. */
function named(client: ChainClient, hash: Hex): SignedTransaction {
  return {
    hash,
    bytes: '0x',
    nonce: 0,
    era: 'immortal',
    from: '' as Ss58,
    genesisHash: client.genesisHash,
    specVersion: client.specVersion,
  }
}
