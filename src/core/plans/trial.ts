/** Asks a chain what it would do with a signed transaction: a proof counts only when the chain agrees. */
import { decode } from '../chain/decode.js'
import { explainDispatchError } from '../chain/dispatchError.js'
import type {
  BlockRef,
  Call,
  ChainClient,
  DispatchFailure,
  Hex,
  SignedTransaction,
} from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { fromHex } from '../keys/hex.js'

/**
 * Blocks for which a signature is valid, counted from the one before the newest: no longer than the proof in it is worth
 * something, so that another may follow soon.
 */
export const PROOF_ERA = 4

/**
 * What a chain said.
 * - `passes`, `fails`: what the call would do.
 * - `invalid`: no block may hold the transaction; the pool will say why.
 * - `unknown`: the node does not answer such questions.
 */
export type Trial =
  | { readonly kind: 'passes' | 'invalid' }
  | { readonly kind: 'fails'; readonly failure: DispatchFailure }
  | { readonly kind: 'unknown'; readonly reason: string }

/**
 * Applies a transaction to the state of a block, the newest by default, and forgets it again: by the runtime API
 * `BlockBuilder_apply_extrinsic`, which any node answers, else by the RPC method `system_dryRun`, which some nodes offer.
 * Nothing is sent. Where blocks are final at once, the API alone does not know the block from which the signature is valid;
 * some nodes' method does.
 */
export async function tryOut(client: ChainClient, bytes: Hex, block?: Hex): Promise<Trial> {
  const at = block === undefined ? [] : [block]
  const ways: readonly (readonly [method: string, params: readonly string[]])[] = [
    ['state_call', ['BlockBuilder_apply_extrinsic', bytes, ...at]],
    ['system_dryRun', [bytes, ...at]],
  ]
  let trial: Trial | undefined
  for (const [method, params] of ways) {
    try {
      trial = readTrial(client, await client.request(method, params))
      if (trial.kind !== 'invalid') return trial
    } catch (error) {
      trial ??= { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }
    }
  }
  return trial ?? { kind: 'unknown', reason: 'no answer' }
}

/** `Result<Result<(), DispatchError>, TransactionValidityError>`. */
function readTrial({ runtime }: ChainClient, answer: unknown): Trial {
  const [outer, inner, ...rest] = fromHex(String(answer)) ?? []
  if (outer === 1) return { kind: 'invalid' }
  if (outer !== 0 || (inner !== 0 && inner !== 1)) {
    throw new BittensorError('CONNECTION', `the node answered a dry run with \`${answer}\``)
  }
  if (inner === 0) return { kind: 'passes' }
  const { types, pallets } = runtime.description
  const event = pallets['System']?.events.find(({ name }) => name === 'ExtrinsicFailed')
  const type = event?.fields[0]?.[1]
  if (type === undefined) throw new BittensorError('RUNTIME_UNSUPPORTED', 'no type of errors')
  const error = decode(types, type, Uint8Array.from(rest))
  return { kind: 'fails', failure: explainDispatchError(runtime.description, error) }
}

/** What `register` and `pow_register` say of a proof for the very block in whose state they are tried. */
const UNKNOWN_BLOCK = ['InvalidSeal', 'InvalidWorkBlock']

/** Limits that the next block lifts when it begins: in the state of the last one they say nothing about it. */
const OF_THE_LAST_BLOCK = ['TooManyRegistrationsThisBlock', 'TooManyRegistrationsThisInterval']

/**
 * Tries a transaction with a proof out right before it is sent, on whatever is the newest block then. A node that answers no
 * such questions is no hindrance: its pool judges what is sent.
 * @param head the newest block that was seen
 * @throws {BittensorError} `EXTRINSIC_FAILED` when the next block would refuse it
 */
export async function tryProof(
  client: ChainClient,
  call: Call,
  { bytes }: SignedTransaction,
  head: BlockRef,
): Promise<void> {
  const trial = await tryOut(client, bytes)
  if (trial.kind !== 'fails') return
  const { name } = trial.failure
  // The hash of the newest block is written down when the next one begins: inside its own state it is not known.
  const workBlock = Number(call.args['block_number'] ?? call.args['work_block'])
  if (UNKNOWN_BLOCK.includes(name) && workBlock >= head.number) return
  if (OF_THE_LAST_BLOCK.includes(name)) return
  throw wouldFail(trial.failure)
}

function wouldFail({ pallet, name, docs, remedy }: DispatchFailure): BittensorError {
  return new BittensorError(
    'EXTRINSIC_FAILED',
    `the chain would refuse: ${pallet}.${name} — ${docs}`,
    {
      details: 'a dry run on the newest block; nothing was sent',
      hint: remedy,
      data: { pallet, name, docs },
    },
  )
}
