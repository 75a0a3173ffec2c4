/** A chain made of recorded metadata on which everything up to signing can be tried: balances, fees, storage. */
import type { ChainClient } from '../../src/core/chain/types.js'
import { type RecordedChain, recordedChain } from '../unit/chain/recordedChain.js'

export const DEV = {
  alice: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  bob: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
  charlie: '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y',
} as const

export type DryChain = RecordedChain & {
  /** For `run(…, { chain })`. */
  readonly open: () => Promise<ChainClient>
  give(account: string, freeTao: number, nonce?: number): void
}

/** @param digest whether the runtime was built with the digest of its metadata */
export function dryChain(spec: '143' | '218' | '343', digest = true): DryChain {
  const v15 = spec === '143' ? {} : { v15: `spec-${spec}.v15` }
  const chain = recordedChain({ spec, metadata: `spec-${spec}.v14`, ...v15 })
  const { answers } = chain
  const call = answers['state_call']
  answers['state_call'] = ([method, args]) => {
    // A weight of 20 and 5, the class Normal, and a fee of 1000 RAO.
    if (method === 'TransactionPaymentApi_query_info') return '0x501400e803000000000000'
    if (method === 'TaggedTransactionQueue_validate_transaction') {
      // BadProof as the signature is none, or CannotLookup as there is no digest to compare with.
      return digest ? '0x010004' : '0x010100'
    }
    return call?.([method, args])
  }
  answers['system_accountNextIndex'] = () => 3
  answers['chain_getFinalizedHead'] = () => `0x${'11'.repeat(32)}`
  return {
    ...chain,
    open: () => chain.connect(),
    give(account, freeTao, nonce = 3) {
      const free = `${freeTao}000000000`
      const data =
        spec === '143'
          ? { free, reserved: 0, misc_frozen: 0, fee_frozen: 0 }
          : { free, reserved: 0, frozen: 0, flags: '0' }
      chain.set('System', 'Account', [account], {
        nonce,
        consumers: 0,
        providers: 1,
        sufficients: 0,
        data,
      })
    },
  }
}
