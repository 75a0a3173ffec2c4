/** Sends one proof of work, and reads from the chain's answer what to do next. */
import type { Call, ChainClient } from '../core/chain/types.js'
import type { Keypair } from '../core/keys/keypair.js'
import { checkSignedProof, proofCall, verdictOf } from '../core/plans/proofs.js'
import type { Registrant, Rule } from '../core/plans/registerChecks.js'
import type { Newest, SentProof } from '../core/plans/registration.js'
import { PROOF_ERA } from '../core/plans/trial.js'
import type { Solution } from '../core/pow/challenge.js'
import type { Context } from './context.js'
import type { Guard, Intended } from './guard.js'
import { type SearchDisplay, speaking } from './powDisplay.js'
import { sendAll } from './sendAll.js'

/** Who sends where. */
export type SubmitTerms = {
  readonly client: ChainClient
  readonly who: Registrant
  readonly rule: Rule
  /** The hotkey; for `pow_register` the coldkey. */
  readonly signer: Keypair
  /** RAO, of each proof; null if the node does not tell. */
  readonly feeRao: bigint | null
  readonly waitForFinalization: boolean
  readonly display: SearchDisplay
}

/** What the guards are told of a proof's transaction. Registering by proof moves no TAO. */
export function intendedOf(
  ctx: Context,
  {
    client,
    who,
    signer,
  }: Pick<SubmitTerms, 'client' | 'who'> & {
    readonly signer: Pick<Keypair, 'address'>
  },
  { call, feeRao }: { readonly call: Call; readonly feeRao: bigint | null },
): Intended {
  return {
    network: client.network,
    genesisHash: client.genesisHash,
    value: client.value,
    specVersion: client.specVersion,
    command: ctx.command,
    account: signer.address,
    call,
    asked: call.args,
    netuids: [who.netuid],
    destinations: [],
    spendRao: 0n,
    feeRao,
  }
}

/**
 * Signs a proof, tries it out on the newest block, sends it, and tells what came of it for the race.
 * @throws {BittensorError} what another proof cannot help
 */
export async function submitProof(
  ctx: Context,
  terms: SubmitTerms,
  solution: Solution,
  head: Newest,
): Promise<SentProof> {
  const { client, who, rule, signer, feeRao } = terms
  const call = proofCall(client, who, solution)
  const intended = intendedOf(ctx, terms, { call, feeRao })
  const leaves: (() => Promise<void>)[] = []
  try {
    for (const guard of ctx.guards) {
      const leave = await guard.enter?.([intended])
      if (leave) leaves.push(leave)
    }
    const operation = {
      label: `the proof of block ${solution.challenge.blockNumber}`,
      call,
      spendRao: 0n,
    }
    const values = {
      dryRun: false,
      waitForFinalization: terms.waitForFinalization,
      noWait: false,
      era: PROOF_ERA,
      anchor: head.parent,
      allowUnknownFee: true,
    }
    const sending = { client, operations: [operation], intended: [intended], signer, values }
    const trial: Guard = {
      beforeSend: (_, transaction) =>
        checkSignedProof(client, { who, rule, call, transaction, head }),
    }
    const guards = [trial, ...ctx.guards]
    const [result] = await sendAll({ ...speaking(ctx, 'transaction'), guards }, sending)
    return result?.ok && result.receipt.outcome !== 'sent'
      ? { kind: 'registered', receipt: result.receipt }
      : { kind: 'refused', reason: 'the outcome is not known' }
  } catch (error) {
    return await verdictOf(terms, error)
  } finally {
    for (const leave of leaves.reverse()) await leave()
  }
}
