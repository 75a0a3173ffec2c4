/** What is shown before a registration by proof of work is solved. */
import type { ChainClient, ChainView } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { readEffectiveDifficulty } from '../core/plans/powHeads.js'
import { checkProofFee } from '../core/plans/proofFee.js'
import { signerOf } from '../core/plans/proofs.js'
import type { Registrant } from '../core/plans/registerChecks.js'
import type { PowScheme } from '../core/pow/challenge.js'
import { millify } from '../core/pow/panel.js'
import type { Wallet } from '../core/wallet/wallet.js'
import type { Context } from './context.js'
import type { Preview } from './preview.js'
import { intendedOf } from './registerSubmit.js'

type Facts = {
  readonly client: ChainClient
  readonly view: ChainView
  readonly who: Registrant
  readonly scheme: PowScheme
  readonly wallet: Wallet
}

/**
 * The facts of a registration. A limit that forbids it is part of them.
 * @throws {BittensorError} `INSUFFICIENT_BALANCE` when who signs can not pay the fee
 */
export async function previewRegistration(ctx: Context, facts: Facts): Promise<Preview> {
  const { client, view, who, scheme, wallet } = facts
  const [difficulty, { call, fee }] = await Promise.all([
    readEffectiveDifficulty(view, { netuid: who.netuid, scheme }),
    checkProofFee(client, view, { who, scheme }),
  ])
  const key = signerOf(scheme)
  const address = who[key]
  const signer = { address }
  const intended = intendedOf(ctx, { client, who, signer }, { call, feeRao: fee ?? null })
  const violations: string[] = []
  for (const guard of ctx.guards) violations.push(...((await guard.review?.([intended])) ?? []))
  const hotkeyName = `${wallet.name}/${wallet.hotkeyName}`
  return {
    title: 'Register by proof of work',
    network: client.network,
    endpoint: client.endpoint,
    specVersion: client.specVersion,
    genesisHash: client.genesisHash,
    era: client.era,
    block: view.block.number,
    networkOrigin: ctx.origin('subtensor.network') ?? ctx.origin('subtensor.chain_endpoint'),
    value: client.value,
    signer: { name: key === 'coldkey' ? wallet.name : hotkeyName, address, key },
    facts: [
      { label: 'subnet', value: `${who.netuid}` },
      { label: 'hotkey', value: { name: hotkeyName, address: who.hotkey } },
      { label: 'coldkey', value: { name: wallet.name, address: who.coldkey } },
      { label: 'difficulty', value: `${millify(difficulty)} (so many hashes on average)` },
    ],
    fee: fee ?? null,
    spend: 0n,
    effects: [],
    notes: [],
    newDestinations: [],
    violations,
    calls: [],
    validFor: { blocks: 2, milliseconds: 2 * client.blockTimeMs },
  }
}

/** @throws {BittensorError} `POLICY` */
export function refuseForbidden({ violations }: Preview): void {
  if (violations.length === 0) return
  throw new BittensorError('POLICY', 'your policy forbids this', {
    details: [...violations, 'nothing was sent'].join('\n'),
    data: { violations },
  })
}
