/** Sends one proof of work, and reads from the chain's answer what to do next. */
import { buildCall, registerCall } from '../core/chain/calls.js'
import type { Call, ChainClient, Receipt } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { toHex } from '../core/keys/hex.js'
import type { Keypair } from '../core/keys/keypair.js'
import type { Solution } from '../core/pow/challenge.js'
import type { Verdict } from '../core/pow/race.js'
import type { Context } from './context.js'
import type { Intended } from './guard.js'
import type { SearchDisplay } from './powDisplay.js'
import { blocksUntilQuota, quotaUsedUp, type Registrant } from './registerChecks.js'
import { sendAll } from './sendAll.js'

/** Who sends where. */
export type SubmitTerms = {
  readonly client: ChainClient
  readonly who: Registrant
  /** The hotkey; for `pow_register` the coldkey. */
  readonly signer: Keypair
  readonly waitForFinalization: boolean
  readonly display: SearchDisplay
}

/** Blocks for which a signature is valid: the proof in it is worth nothing after three. */
const ERA = 8

/** The call that carries a proof. */
export function proofCall(
  client: ChainClient,
  { netuid, hotkey, coldkey }: Registrant,
  { challenge, nonce, seal }: Solution,
): Call {
  const { scheme, blockNumber } = challenge
  if (scheme !== 'pow_register') {
    return registerCall(client, { netuid, blockNumber, nonce, work: seal, hotkey, coldkey })
  }
  const work = toHex(seal)
  const args = { netuid, work_block: blockNumber, nonce, work, hotkey }
  return buildCall(client, 'SubtensorModule', 'pow_register', args)
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

/** A verdict, with the receipt when the chain took the proof. */
export type Sent = Verdict | { readonly kind: 'registered'; readonly receipt: Receipt }

/**
 * Signs and sends a proof and tells what that means for the race.
 * @throws {BittensorError} what another proof cannot help
 */
export async function submitProof(
  ctx: Context,
  terms: SubmitTerms,
  solution: Solution,
): Promise<Sent> {
  const { client, who, signer } = terms
  const call = proofCall(client, who, solution)
  const intended = intendedOf(ctx, terms, { call, feeRao: 0n })
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
      measure: () => Promise.resolve(undefined),
    }
    const values = {
      dryRun: false,
      waitForFinalization: terms.waitForFinalization,
      noWait: false,
      era: ERA,
      allowUnknownFee: true,
    }
    const sending = { client, operations: [operation], intended: [intended], signer, values }
    const [result] = await sendAll(speaking(ctx, terms.display), sending)
    return result?.ok && result.receipt.outcome !== 'sent'
      ? { kind: 'registered', receipt: result.receipt }
      : { kind: 'refused', reason: 'the outcome is not known' }
  } catch (error) {
    return await verdictOf(terms, error)
  } finally {
    for (const leave of leaves.reverse()) await leave()
  }
}

/** With --json everything on stderr is JSON: what is said while a transaction is on its way as well. */
function speaking(ctx: Context, display: SearchDisplay): Context {
  if (!ctx.settings.json) return ctx
  return {
    ...ctx,
    say: (text) => display.note(text, 'transaction', { text }),
    progress: (_, work) => work(() => undefined),
  }
}

const ALREADY = ['AlreadyRegistered', 'HotKeyAlreadyRegisteredInSubNet']
const CLOSED = [
  'RegistrationDisabled',
  'SubNetRegistrationDisabled',
  'POWRegistrationDisabled',
  'NetworkDoesNotExist',
  'SubNetworkDoesNotExist',
  'SubnetNotExists',
]
const SOLVE_AGAIN = ['InvalidWorkBlock', 'InvalidDifficulty', 'InvalidSeal', 'WorkRepeated']

/**
 * What a failed submission means for the race. A quota per block is free again in the next one, and the same proof may
 * still be taken there; what another proof cannot help is thrown.
 */
async function verdictOf({ client, who }: SubmitTerms, error: unknown): Promise<Verdict> {
  if (!(error instanceof BittensorError)) throw error
  const name = String(error.data?.['name'] ?? '')
  const reason = error.details ? `${error.message}: ${error.details}` : error.message
  if (ALREADY.includes(name)) return { kind: 'already' }
  if (SOLVE_AGAIN.includes(name)) return { kind: 'refused', reason }
  if (name === 'TooManyRegistrationsThisBlock') return { kind: 'resend', reason }
  if (name === 'TooManyRegistrationsThisInterval' || error.code === 'RATE_LIMITED') {
    const view = await client.at()
    throw quotaUsedUp(client, who.netuid, Math.max(1, await blocksUntilQuota(view, who.netuid)))
  }
  if (CLOSED.includes(name)) {
    throw new BittensorError('POW_DISABLED', error.message, {
      details: error.details,
      hint: `btcli recycle_register --netuid ${who.netuid}`,
      data: { ...error.data, netuid: who.netuid },
    })
  }
  // Never sent, or sent and certain not to be included: another proof may do better.
  const isOver = error.data?.['sent'] === false || error.data?.['included'] === false
  if (isOver && ['EXTRINSIC_FAILED', 'TIMEOUT'].includes(error.code)) {
    return { kind: 'refused', reason }
  }
  throw error
}
