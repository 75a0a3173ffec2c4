/** Registration by proof of work, loaded when somebody registers. */

import { submit } from '../../core/chain/submit.js'
import type { ChainClient } from '../../core/chain/types.js'
import { checkProofFee } from '../../core/plans/proofFee.js'
import { checkSignedProof, proofCall, signerOf, verdictOf } from '../../core/plans/proofs.js'
import { checkRegistration, type Registrant } from '../../core/plans/registerChecks.js'
import { raceToRegister, type SentProof } from '../../core/plans/registration.js'
import { PROOF_ERA } from '../../core/plans/trial.js'
import type { RaceEvent } from '../../core/pow/race.js'
import type { SolverOptions } from '../../core/pow/solver.js'
import { type ExtrinsicOptions, type ExtrinsicResult, resultOf, type Turns } from './carryOut.js'

/** How a proof is searched. */
export type PowOptions = Omit<SolverOptions, 'workers' | 'batch'> & {
  /** Threads; one per processor by default. */
  readonly processes?: number | undefined
  /** Nonces that a thread tries between two looks for a new block; never more than take it some milliseconds. */
  readonly updateInterval?: number | undefined
  /** Proofs to send before giving up; 3 by default. */
  readonly maxAttempts?: number | undefined
  /** Proofs that may come too late before giving up; without limit by default. */
  readonly maxStale?: number | undefined
  /** Hears of each challenge, proof and failure. */
  readonly onEvent?: ((event: RaceEvent) => void) | undefined
}

/** Options of `Subtensor.register`. */
export type RegisterOptions = Omit<ExtrinsicOptions, 'period' | 'tip'> & {
  readonly netuid: number
  readonly pow?: PowOptions | undefined
}

/** A registered hotkey. `result` is absent when it was registered before, or by somebody else meanwhile. */
export type RegisterResult = {
  readonly uid: number
  readonly alreadyRegistered: boolean
  /** Proofs that were sent, and those that came too late to be. */
  readonly attempts: number
  readonly stale: number
  /** Nonces tried, and how long that took. */
  readonly hashes: bigint
  readonly seconds: number
  readonly result: ExtrinsicResult | undefined
}

/** See `Subtensor.register`. */
export async function register(
  client: ChainClient,
  turns: Turns,
  options: RegisterOptions,
): Promise<RegisterResult> {
  const { wallet, netuid, pow = {}, signal, wait = 'finalization' } = options
  const [coldkey, hotkey] = await Promise.all([wallet.coldkeypubAddress(), wallet.hotkeyAddress()])
  const who: Registrant = { netuid, hotkey, coldkey }
  const view = await client.at()
  const checked = await checkRegistration(client, view, who)
  if ('uid' in checked) {
    const nothing = { attempts: 0, stale: 0, hashes: 0n, seconds: 0 }
    return { uid: checked.uid, alreadyRegistered: true, ...nothing, result: undefined }
  }
  const { scheme } = checked
  await checkProofFee(client, view, { who, scheme })
  const signer = await (signerOf(scheme) === 'coldkey'
    ? wallet.unlockColdkey()
    : wallet.unlockHotkey())
  const { processes, updateInterval, maxAttempts = 3, maxStale, onEvent, ...solver } = pow
  const { receipt, ...done } = await raceToRegister({
    client,
    who,
    rule: checked,
    maxAttempts,
    maxStale,
    signal,
    onEvent,
    solver: { ...solver, workers: processes, batch: updateInterval },
    submit: async (solution, head): Promise<SentProof> => {
      const call = proofCall(client, who, solution)
      try {
        const receipt = await turns(signer.address, () =>
          submit(client, {
            call,
            signer,
            signal,
            era: PROOF_ERA,
            anchor: head.parent,
            // A proof whose outcome is not known cannot be followed by another.
            wait: wait === 'none' ? 'inclusion' : wait,
            onPhase: options.onPhase,
            async beforeSend(transaction) {
              await checkSignedProof(client, { who, rule: checked, call, transaction, head })
              await options.beforeSend?.(transaction)
            },
          }),
        )
        return { kind: 'registered', receipt }
      } catch (error) {
        return verdictOf({ client, who }, error)
      }
    },
  })
  return {
    ...done,
    alreadyRegistered: receipt === undefined,
    result: receipt && resultOf(receipt),
  }
}
