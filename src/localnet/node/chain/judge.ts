/** Whether a transaction may enter the pool, checked in the order of a real node. */
import { isCarrier } from '../../runtime/dtao/later/envelope.js'
import type { Runtime } from '../../runtime/runtime.js'
import type { State } from '../../runtime/state.js'
import type { Hex } from '../bytes.js'
import { type Extrinsic, type Signed, signingPayload } from '../extrinsic/codec.js'
import { type Era, eraBirth, eraDeath } from '../extrinsic/era.js'
import type { Verifier } from '../extrinsic/verify.js'
import type { SignedExtension } from '../metadata/extensions.js'
import type { Candidate } from '../pool/pool.js'
import { invalid, type Problem } from '../pool/problem.js'

/** What a transaction is judged against: the newest block. */
export type Bench = {
  readonly runtime: Runtime
  readonly extensions: readonly SignedExtension[]
  readonly verify: Verifier
  readonly state: State
  /** Number of the newest block. */
  readonly head: number
  hashOf(block: number): Hex | undefined
}

export type Judgement =
  | { readonly ok: true; readonly candidate: Candidate }
  | { readonly ok: false; readonly problem: Problem }

/** How many blocks back the hash of a block is known, besides the genesis. */
const KNOWN_HASHES = 2401

/** The longest era of a transaction that carries an encrypted one, in blocks. */
const MOST_CARRIER_BLOCKS = 8

/** Judges a transaction as a new one: signature, era and all. */
export function judge(bench: Bench, extrinsic: Extrinsic): Judgement {
  const { signed } = extrinsic
  if (!signed) return refuse(bareProblem(bench.runtime, extrinsic))
  const { signer } = signed
  if (signer === undefined) return refuse({ kind: 'unknown', reason: 'CannotLookup' })
  // As a runtime that was built without its digest, which has nothing to compare with.
  if (signed.metadataHash) return refuse({ kind: 'unknown', reason: 'CannotLookup' })
  const genesisHash = bench.hashOf(0)
  const eraHash = eraHashOf(bench, signed.era)
  if (!genesisHash || !eraHash) return refuse(invalid('AncientBirthBlock'))
  const { specVersion, transactionVersion } = bench.runtime.version
  const payload = signingPayload(extrinsic.callBytes, signed.extra, bench.extensions, {
    specVersion,
    transactionVersion,
    genesisHash,
    eraHash,
  })
  if (!bench.verify(signed.signature, payload, signer)) return refuse(invalid('BadProof'))
  return judgeAgain(bench, extrinsic, signed, signer)
}

/** Judges a transaction whose signature is known to be good: after each block, and before it goes into one. */
export function judgeAgain(
  bench: Pick<Bench, 'runtime' | 'state' | 'head'>,
  extrinsic: Extrinsic,
  signed: Signed,
  signer: Hex,
): Judgement {
  const { runtime, state, head } = bench
  const { call, bytes } = extrinsic
  const { nonce, tip, era } = signed
  if (isCarrier(call) && outlastsKeys(era)) return refuse(invalid('Stale'))
  const transaction = { call, signer, nonce, tip, length: bytes.length }
  const verdict = runtime.validate(state, transaction, head + 1)
  if (!verdict.valid) {
    const { reason } = verdict
    return refuse(typeof reason === 'number' ? { kind: 'custom', code: reason } : invalid(reason))
  }
  const lastByEra = eraDeath(era, head + 1) - 1
  const validTill = Math.min(lastByEra, head + Number(verdict.longevity))
  return {
    ok: true,
    candidate: { extrinsic, signer, nonce, priority: verdict.priority, validTill, runtime },
  }
}

/** Unsigned transactions are never taken; those that only an author may make are named as such. */
function bareProblem(runtime: Runtime, extrinsic: Extrinsic): Problem {
  const mandatory = runtime.dispatchInfo(extrinsic.call).class.type === 'Mandatory'
  return mandatory
    ? invalid('MandatoryValidation')
    : { kind: 'unknown', reason: 'NoUnsignedValidator' }
}

/** A transaction that nobody will be able to open any more must not stay in the pool. */
function outlastsKeys(era: Era): boolean {
  return era === 'immortal' || era.period > MOST_CARRIER_BLOCKS
}

/** Hash of the block at which the era begins, as far as the runtime still knows it. */
function eraHashOf(bench: Bench, era: Era): Hex | undefined {
  const current = bench.head + 1
  const birth = eraBirth(era, current)
  const known = birth === 0 || (birth < current && birth >= current - KNOWN_HASHES)
  return known ? bench.hashOf(birth) : undefined
}

function refuse(problem: Problem): Judgement {
  return { ok: false, problem }
}
