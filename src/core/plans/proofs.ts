/** The call that carries a proof of work, and what the chain's answer means for the race. */
import { buildCall, registerCall } from '../chain/calls.js'
import type { Call, ChainClient, SignedTransaction } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { toHex } from '../keys/hex.js'
import type { PowScheme, Solution } from '../pow/challenge.js'
import type { Verdict } from '../pow/race.js'
import {
  blocksUntilQuota,
  checkRegistration,
  checkRule,
  isBlockFull,
  noUid,
  quotaUsedUp,
  type Registrant,
  type Rule,
} from './registerChecks.js'
import type { Newest } from './registration.js'
import { tryProof } from './trial.js'

/** A proof that is signed, and what it was searched for. */
export type SignedProof = {
  readonly who: Registrant
  readonly rule: Rule
  readonly call: Call
  readonly transaction: SignedTransaction
  readonly head: Newest
}

/**
 * The last look at a proof before it is sent: that the runtime it was signed for, which may be newer than the newest block
 * seen, still reads it by the rule, that a dry run passes, and that no block has come meanwhile that makes the proof worthless.
 * @throws {BittensorError} `POW_STALE`; as {@link checkRule} and {@link tryProof}
 */
export async function checkSignedProof(client: ChainClient, proof: SignedProof): Promise<void> {
  const { who, rule, call, transaction, head } = proof
  if (transaction.specVersion !== rule.specVersion) {
    await checkRule(client, await client.at(), { ...rule, netuid: who.netuid })
  }
  const refusal = await tryProof(client, call, transaction, head).catch((error: unknown) => error)
  if (head.isStale()) {
    throw new BittensorError('POW_STALE', 'the proof became stale before it was sent')
  }
  if (refusal) throw refusal
}

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
export async function verdictOf(
  { client, who }: { readonly client: ChainClient; readonly who: Registrant },
  error: unknown,
): Promise<Verdict> {
  if (!(error instanceof BittensorError)) throw error
  if (error.code === 'POW_STALE') return { kind: 'stale' }
  const name = String(error.data?.['name'] ?? '')
  const reason = error.details ? `${error.message}: ${error.details}` : error.message
  if (ALREADY.includes(name)) return { kind: 'already' }
  if (SOLVE_AGAIN.includes(name)) return { kind: 'refused', reason }
  if (name === 'TooManyRegistrationsThisBlock') return { kind: 'resend', reason }
  await throwIfFinal(client, who, error)
  if (error.data?.['rpcCode'] !== undefined) return poolVerdict(client, who, reason)
  // Never sent, or sent and certain not to be included: another proof may do better.
  const isOver = error.data?.['sent'] === false || error.data?.['included'] === false
  if (isOver && ['EXTRINSIC_FAILED', 'TIMEOUT'].includes(error.code)) {
    return { kind: 'refused', reason }
  }
  throw error
}

/** Throws what another proof cannot help. */
async function throwIfFinal(
  client: ChainClient,
  who: Registrant,
  error: BittensorError,
): Promise<void> {
  const name = String(error.data?.['name'] ?? '')
  if (name === 'TooManyRegistrationsThisInterval' || error.code === 'RATE_LIMITED') {
    const left = await blocksUntilQuota(await client.at(), who.netuid)
    if (left > 0 || name !== '') throw quotaUsedUp(client, who.netuid, Math.max(1, left))
  }
  if (CLOSED.includes(name)) {
    throw new BittensorError('POW_DISABLED', error.message, {
      details: error.details,
      hint: `btcli recycle_register --netuid ${who.netuid}`,
      data: { ...error.data, netuid: who.netuid },
    })
  }
  if (name === 'NoNeuronIdAvailable') {
    throw noUid(who.netuid, 'the neurons that it has keep theirs, also who is not immune')
  }
  // The pool, where a runtime takes a fee: another proof costs the same.
  if (error.code === 'INSUFFICIENT_BALANCE') throw error
}

/** The pool tests a `pow_register` itself, but names no reason: the state of the chain does. */
async function poolVerdict(client: ChainClient, who: Registrant, reason: string): Promise<Verdict> {
  const view = await client.at()
  const checked = await checkRegistration(client, view, who)
  if ('uid' in checked) return { kind: 'already' }
  if (await isBlockFull(view, who.netuid)) {
    return { kind: 'resend', reason: 'this block has no room for another registration' }
  }
  return { kind: 'refused', reason }
}

/** Which key signs: the hotkey, but for `pow_register` the coldkey. */
export function signerOf(scheme: PowScheme): 'hotkey' | 'coldkey' {
  return scheme === 'pow_register' ? 'coldkey' : 'hotkey'
}
