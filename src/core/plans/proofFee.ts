/** What the one who sends a proof of work pays for it. */
import { readBalance } from '../chain/balances.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { decodeAddress } from '../keys/ss58.js'
import type { PowScheme } from '../pow/challenge.js'
import { formatTao, type Rao } from '../units.js'
import { feeReader } from './plan.js'
import { proofCall, signerOf } from './proofs.js'
import type { Registrant } from './registerChecks.js'

/** Who registers where, by which rule. */
export type ProofTerms = { readonly who: Registrant; readonly scheme: PowScheme }

/** The call as it will be, but for the proof: enough for its fee, and for limits on calls, subnets and commands. */
function blankProof(client: ChainClient, view: ChainView, { who, scheme }: ProofTerms): Call {
  return proofCall(client, who, {
    challenge: {
      scheme,
      blockNumber: view.block.number,
      blockHash: new Uint8Array(32),
      key: decodeAddress(who.hotkey),
      difficulty: 1n,
    },
    nonce: 0n,
    seal: new Uint8Array(32),
  })
}

/**
 * The call of a proof, and its fee in RAO by the node's own estimate: 0 on most runtimes, but those of late 2025 take one, from the
 * hotkey. The fee is undefined if the node does not tell.
 * @throws {BittensorError} `INSUFFICIENT_BALANCE` when who signs can not pay it: no proof would be taken
 */
export async function checkProofFee(
  client: ChainClient,
  view: ChainView,
  terms: ProofTerms,
): Promise<{ readonly call: Call; readonly fee: Rao | undefined }> {
  const call = blankProof(client, view, terms)
  const key = signerOf(terms.scheme)
  const address = terms.who[key]
  const [fee, { free }] = await Promise.all([
    feeReader(client, address)(call),
    readBalance(view, address),
  ])
  const needed = fee ? fee + client.existentialDeposit : 0n
  if (free >= needed) return { call, fee }
  throw new BittensorError('INSUFFICIENT_BALANCE', `the ${key} can not pay the fee of a proof`, {
    details: `it signs, and has τ${formatTao(free, 'full')} free; fee τ${formatTao(fee ?? 0n)} + existential deposit τ${formatTao(client.existentialDeposit)} needed; nothing was sent`,
    hint: `btcli transfer --dest ${address} --amount ${formatTao(needed - free)}`,
    data: { address, freeRao: free, feeRao: fee },
  })
}
