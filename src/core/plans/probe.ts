/** Finds out by dry runs by which rule a chain reads proofs, where its version does not tell. */
import { randomBytes } from 'node:crypto'
import { signTransaction } from '../chain/sign.js'
import type { BlockRef, Call, ChainClient, ChainView, Hex } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { type Keypair, keypairFromSeed, keypairFromUri } from '../keys/keypair.js'
import type { PowScheme } from '../pow/challenge.js'
import { PROOF_ERA, tryOut } from './trial.js'

/** Makes the call that carries a proof, for a key that nobody has. */
export type ProbeCall = (proof: {
  readonly key: Keypair
  readonly blockNumber: number
  readonly nonce: bigint
  readonly work: Uint8Array
}) => Call

const MEANINGS: Readonly<Record<string, string>> = {
  InvalidSeal: 'met',
  InvalidDifficulty: 'missed',
}

/** Keys that everybody has. Some own TAO on development chains, and can pay where even a refused proof costs a fee. */
const PUBLIC = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie']

/**
 * Tries two proofs out that are nonsense, one tiny as a big-endian number and one as a little-endian number. A chain
 * compares with the difficulty before it computes the seal, so it calls one of them too large and the other wrong. They are
 * signed by a key made for this, which owns nothing, or by keys that everybody has: should the call burn TAO instead of
 * reading proofs, it is nobody's.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` with `reason` and the answers, when they do not tell
 */
export async function probeByteOrder(
  client: ChainClient,
  view: ChainView,
  reason: string,
  callOf: ProbeCall,
): Promise<PowScheme> {
  const anchor = await parentOf(client, view)
  const ask = async (key: Keypair, work: Uint8Array): Promise<string> => {
    const call = callOf({ key, blockNumber: view.block.number, nonce: 0n, work })
    const { bytes } = await signTransaction(client, { call, signer: key, era: PROOF_ERA, anchor })
    const trial = await tryOut(client, bytes, view.block.hash)
    if (trial.kind === 'unknown') return trial.reason
    return trial.kind === 'fails' ? trial.failure.name : trial.kind
  }
  const askBoth = async (key: Keypair) => {
    const tiny = new Uint8Array(32).fill(255, 16)
    const answers = await Promise.all([ask(key, tiny), ask(key, tiny.toReversed())])
    const [big, little] = answers.map((answer) => MEANINGS[answer])
    if (big === 'met' && little === 'missed') return { scheme: 'register-be' } as const
    if (big === 'missed' && little === 'met') return { scheme: 'register-le' } as const
    return { answers }
  }
  const first = await askBoth(await keypairFromSeed(Uint8Array.from(randomBytes(32))))
  if (first.scheme) return first.scheme
  const { answers } = first
  // `invalid`: a key without TAO could not pay the fee.
  for (const uri of answers.includes('invalid') ? PUBLIC : []) {
    const { scheme } = await askBoth(await keypairFromUri(uri))
    if (scheme) return scheme
  }
  throw new BittensorError('RUNTIME_UNSUPPORTED', reason, {
    details: `dry runs of two proofs did not tell (${answers.join(', ')}), and a proof by the wrong rule would never be taken: none was solved, nothing was sent`,
    data: { specVersion: view.specVersion, answers },
  })
}

/** The block before that of a view: inside the state of a block, its own hash is not known. */
async function parentOf(client: ChainClient, { block }: ChainView): Promise<BlockRef | undefined> {
  if (block.number === 0) return undefined
  const header = await client.request('chain_getHeader', [block.hash])
  const { parentHash } = header as { readonly parentHash: Hex }
  return { number: block.number - 1, hash: parentHash }
}
