/** Transactions that are encrypted for the author of the next block, who is always this node. */
import type { Envelope } from '../../runtime/dtao/later/envelope.js'
import { announceShieldKeys, MevShield } from '../../runtime/dtao/later/mevShield.js'
import { System } from '../../runtime/dtao/pallets/system.js'
import type { State } from '../../runtime/state.js'
import { type Bench, judge } from '../chain/judge.js'
import type { Engine } from '../engine.js'
import type { Extrinsic } from '../extrinsic/codec.js'
import { FormatError } from '../extrinsic/reader.js'
import type { Verifier } from '../extrinsic/verify.js'
import type { Candidate } from '../pool/pool.js'
import { publicKeyOf, unseal } from './cipher.js'
import { seedAfter, seedOf } from './keys.js'

/** What a carrier has in it. */
export type Shielded = {
  /** Whether the author of the block after this state has the key to it. */
  isDue(state: State): boolean
  /** The transaction, if there is one that can go into the next block. */
  open(bench: Omit<Bench, 'verify'> & Pick<Engine, 'decode'>): Candidate | undefined
  /** Announces a new key after this one was used: the next one becomes the pending one, and that the current one. */
  renew(state: State): void
}

export function shieldedOf(envelope: Envelope, verify: Verifier): Shielded {
  return {
    isDue: (state) => seedOf(envelope.keyHash, state) !== undefined,
    open(bench) {
      const seed = seedOf(envelope.keyHash, bench.state)
      const bytes = seed && unseal(envelope, seed)
      const extrinsic = bytes && extrinsicIn(bytes, bench)
      const judgement = extrinsic && judge({ ...bench, verify }, extrinsic)
      return judgement?.ok ? judgement.candidate : undefined
    },
    renew,
  }
}

function renew(state: State): void {
  const { CurrentKey, PendingKey, NextKey } = MevShield
  const [pending, next] = [state.get(PendingKey), state.get(NextKey)]
  if (!next) return
  if (pending) state.set(CurrentKey, [], pending)
  state.set(PendingKey, [], next)
  state.set(NextKey, [], publicKeyOf(seedAfter(next)))
  announceShieldKeys(state, state.get(System.Number))
}

function extrinsicIn(bytes: Uint8Array, { decode }: Pick<Engine, 'decode'>): Extrinsic | undefined {
  try {
    return decode(bytes)
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}
