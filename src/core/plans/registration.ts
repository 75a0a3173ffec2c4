/** Registers a hotkey by proof of work on a chain: solves on the newest block, sends, and reads the uid. */
import { readUid } from '../chain/neurons.js'
import type { BlockRef, ChainClient, Hex, Receipt } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { toHex } from '../keys/hex.js'
import { decodeAddress } from '../keys/ss58.js'
import type { Solution } from '../pow/challenge.js'
import { type ChainHead, type RaceEvent, type RaceResult, race, type Verdict } from '../pow/race.js'
import { createSolver, type Solver, type SolverOptions } from '../pow/solver.js'
import { followHeads, type HeadSource } from './powHeads.js'
import { checkOwner, type Registrant, type Rule } from './registerChecks.js'

/** A verdict, with the receipt when the chain took the proof. */
export type SentProof = Verdict | { readonly kind: 'registered'; readonly receipt: Receipt }

/** The newest block as a proof is about to be signed. */
export type Newest = BlockRef & {
  /** The block before it, from which on a signature is valid: in the state of the newest, its hash is known. */
  readonly parent: BlockRef | undefined
  /** Whether a block that came since makes the proof worthless. */
  readonly isStale: () => boolean
}

/** Everything that is settled before the race. */
export type RegistrationTerms = {
  readonly client: ChainClient
  readonly who: Registrant
  readonly rule: Rule
  readonly solver: SolverOptions
  readonly maxAttempts: number
  readonly maxStale?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Signs and sends one proof, as of the newest block; throws what another proof cannot help. */
  readonly submit: (solution: Solution, head: Newest) => Promise<SentProof>
  readonly onEvent?: ((event: RaceEvent, solver: Solver) => void) | undefined
}

/** What came of it. `receipt` is absent when somebody else registered the hotkey. */
export type Registered = {
  readonly uid: number
  readonly attempts: number
  readonly stale: number
  readonly hashes: bigint
  /** Searching, without waiting for the chain. */
  readonly seconds: number
  readonly receipt: Receipt | undefined
}

/**
 * Runs the race.
 * @throws {BittensorError} `POW_STALE`, `EXTRINSIC_FAILED` when all attempts are used up; what `submit` throws;
 * `NOT_REGISTERED`, `ALREADY_REGISTERED` for another coldkey; `POW_DISABLED`, `RUNTIME_UNSUPPORTED` after an upgrade;
 * `INTERRUPTED`, `TIMEOUT`, `CONNECTION`
 */
export async function raceToRegister(terms: RegistrationTerms): Promise<Registered> {
  const { client, who, rule, onEvent, signal } = terms
  const solver = createSolver(terms.solver)
  let source: HeadSource | undefined
  let sent = 0
  // What signs takes seconds to load on a busy machine: while the search runs they cost nothing.
  client.encoder().catch(() => {})
  try {
    const [followed] = await Promise.all([
      followHeads(client, { ...rule, netuid: who.netuid, hotkey: who.hotkey }, (reason) =>
        onEvent?.({ kind: 'warning', reason }, solver),
      ),
      solver.start(),
    ])
    source = followed
    let receipt: Receipt | undefined
    const result = await race({
      scheme: rule.scheme,
      key: decodeAddress(who.hotkey),
      netuid: who.netuid,
      coldkey: decodeAddress(who.coldkey),
      heads: followed.heads,
      solver,
      submit: async (solution, head, isStale) => {
        sent++
        const answer = await terms.submit(solution, { ...newestOf(head), isStale })
        if (answer.kind === 'stale') sent--
        if ('receipt' in answer) receipt = answer.receipt
        return answer
      },
      latest: followed.latest,
      isRegistered: async () => followed.uid() !== undefined,
      maxAttempts: terms.maxAttempts,
      ...(terms.maxStale === undefined ? {} : { maxStale: terms.maxStale }),
      ...(onEvent ? { onEvent: (event) => onEvent(event, solver) } : {}),
      ...(signal ? { signal } : {}),
    })
    return await registered(terms, result, solver, receipt)
  } catch (error) {
    throw sent > 0 ? withoutPromise(error, sent) : error
  } finally {
    source?.stop()
    await solver.stop()
  }
}

function newestOf({
  blockNumber: number,
  blockHash,
  parentHash,
}: ChainHead): Omit<Newest, 'isStale'> {
  const parent =
    parentHash && number > 0 ? { number: number - 1, hash: toHex(parentHash) as Hex } : undefined
  return { number, hash: toHex(blockHash) as Hex, parent }
}

/** "Nothing was sent" would not be true after a proof that was refused. */
function withoutPromise(error: unknown, sent: number): unknown {
  const isPlain = error instanceof BittensorError && error.data?.['sent'] === undefined
  if (!isPlain || error.code !== 'INTERRUPTED') return error
  return new BittensorError('INTERRUPTED', `cancelled; none of ${sent} proofs was accepted`)
}

async function registered(
  { client, who }: RegistrationTerms,
  result: RaceResult,
  solver: Solver,
  receipt: Receipt | undefined,
): Promise<Registered> {
  const { attempts, stale } = result
  if (result.kind === 'gave up') throw gaveUp(result)
  const view = await client.at(receipt?.blockHash)
  const uid = await readUid(view, who.netuid, who.hotkey)
  // Recycling takes no signature of the hotkey: anybody may have registered it, for a coldkey of theirs.
  if (!receipt) await checkOwner(view, who)
  if (uid === undefined) {
    throw new BittensorError('NOT_REGISTERED', 'the hotkey was registered, but is not any more', {
      hint: 'btcli register again',
    })
  }
  const { hashes, seconds } = solver.stats()
  return { uid, attempts, stale, hashes, seconds, receipt }
}

function gaveUp({ attempts, stale, reason }: RaceResult): BittensorError {
  const code = attempts === 0 ? 'POW_STALE' : 'EXTRINSIC_FAILED'
  return new BittensorError(code, 'no more attempts', {
    details: `${reason ?? 'no proof was accepted'}; ${attempts} proofs were tried, ${stale} were too old to be`,
    hint: 'run it again; --max_attempts allows more',
    data: { attempts, stale },
  })
}
