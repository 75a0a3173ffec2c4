/** Sends the transactions of a plan one after another and says at each moment how far they are. */

import { untilBlock } from '../core/chain/heads.js'
import type {
  ChainClient,
  Receipt,
  Sent,
  SignedTransaction,
  SubmitPhase,
} from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import type { Keypair } from '../core/keys/keypair.js'
import type { Operation } from '../core/plans/plan.js'
import { endsAll, sendEach } from '../core/plans/sendEach.js'
import { spanText } from '../core/plans/texts.js'
import type { Context } from './context.js'
import type { Ending, Intended } from './guard.js'
import type { SigningValues } from './transact.js'

/** What came of one transaction. Before and after are read at the block of inclusion; undefined if not to be had. */
export type OperationResult<Read> =
  | {
      readonly ok: true
      readonly label: string
      readonly receipt: Receipt | Sent
      readonly before: Read | undefined
      readonly after: Read | undefined
    }
  | { readonly ok: false; readonly label: string; readonly error: BittensorError }

type Sending<Read> = {
  readonly client: ChainClient
  readonly operations: readonly Operation<Read>[]
  readonly intended: readonly Intended[]
  readonly signer: Keypair
  readonly values: SigningValues
}

/**
 * Sends all in order. One failure does not stop the others, losing the chain does.
 * @throws what a single transaction throws; failures of several are results
 */
export async function sendAll<Read>(
  ctx: Context,
  sending: Sending<Read>,
): Promise<OperationResult<Read>[]> {
  const { operations } = sending
  return sendEach(operations, (index) => sendOne(ctx, sending, index))
}

async function sendOne<Read>(
  ctx: Context,
  sending: Sending<Read>,
  index: number,
): Promise<OperationResult<Read>> {
  const { client, operations, intended, signer, values } = sending
  const operation = operations[index] as Operation<Read>
  const meant = intended[index] as Intended
  await waitTurn(ctx, sending, index)
  const { submit } = await import('../core/chain/submit.js')
  const several = operations.length > 1 ? ` (${index + 1}/${operations.length})` : ''
  // Without waiting there is no receipt, only the hash.
  const send = (update: (text: string) => void): Promise<Receipt | Sent> =>
    submit(client, {
      call: operation.call,
      signer,
      era: values.era,
      anchor: values.anchor,
      wait: values.noWait ? 'none' : values.waitForFinalization ? 'finalization' : 'inclusion',
      signal: ctx.signal,
      onPhase: (phase) => showPhase(ctx, phase, update),
      beforeSend: async (transaction) => {
        for (const guard of ctx.guards) await guard.beforeSend?.(meant, transaction)
        announce(ctx, transaction)
      },
    })
  try {
    const receipt = await ctx.progress(`Signing ${operation.label}${several} …`, send)
    await tellGuards(ctx, meant, { ok: true, receipt })
    return {
      ok: true,
      label: operation.label,
      receipt,
      ...(await measured(ctx, sending, operation, receipt)),
    }
  } catch (error) {
    await tellGuards(ctx, meant, { ok: false, error })
    throw error
  }
}

async function tellGuards(ctx: Context, meant: Intended, ending: Ending): Promise<void> {
  for (const guard of ctx.guards) await guard.ended?.(meant, ending)
}

/** The hash is on the screen before anything is sent. */
function announce(ctx: Context, { hash, era }: SignedTransaction): void {
  ctx.noteSent(hash)
  ctx.say(`Sending ${hash}`)
  if (era !== 'immortal') ctx.say(`Valid until block ${era.death}`)
}

function showPhase(ctx: Context, phase: SubmitPhase, update: (text: string) => void): void {
  const text = phaseText(phase)
  if (text === undefined) return
  if (ctx.settings.spinner) update(text)
  else ctx.say(text)
}

function phaseText(phase: SubmitPhase): string | undefined {
  switch (phase.phase) {
    case 'signing':
    case 'sending':
    case 'accepted':
      return undefined
    case 'waiting':
      return phase.blocksLeft === undefined
        ? 'Waiting for a block …'
        : `Waiting for a block (${phase.blocksLeft} left) …`
    case 'reconnecting':
      return `Connection lost (${phase.reason}), connecting again …`
    case 'searching':
      return `Looking for it in block ${phase.block} …`
    case 'included':
      return `In block ${phase.block.number}`
    case 'finalized':
      return `Final in block ${phase.block.number}`
  }
}

/** Reads before and after around the block of inclusion. Not being able to is no failure of what was done. */
async function measured<Read>(
  ctx: Context,
  { client }: Pick<Sending<Read>, 'client'>,
  { measure }: Operation<Read>,
  receipt: Receipt | Sent,
): Promise<{ before: Read | undefined; after: Read | undefined }> {
  const nothing = { before: undefined, after: undefined }
  if (receipt.outcome === 'sent') return nothing
  ctx.atBlock(receipt.blockNumber)
  if (!measure) return nothing
  try {
    const [before, after] = await Promise.all([
      client.at(receipt.blockNumber - 1).then(measure),
      client.at(receipt.blockHash).then(measure),
    ])
    return { before, after }
  } catch (error) {
    if (!(error instanceof BittensorError)) throw error
    ctx.warn(`it is done, but its effects could not be read: ${error.message}`)
    return nothing
  }
}

/** Waits out a rate limit between transactions; the first one is refused instead, that is for a person to decide. */
async function waitTurn<Read>(ctx: Context, sending: Sending<Read>, index: number): Promise<void> {
  const { client, operations } = sending
  const blocksToWait = operations[index]?.blocksToWait
  if (!blocksToWait) return
  const left = await blocksToWait(await client.at())
  if (left <= 0) return
  if (index === 0) throw rateLimited(ctx, client, left)
  const text = (blocks: number) =>
    `Waiting for the rate limit: ${blocks} blocks (≈ ${spanText(blocks * client.blockTimeMs)}); Ctrl-C stops here …`
  await ctx.progress(text(left), async (update) => {
    const until = (await client.head()).number + left
    await untilBlock(client, until, {
      signal: ctx.signal,
      onBlock: (number) => update(text(Math.max(0, until - number))),
    })
  })
}

/** The refusal to wait for a person: when to come back is for them to decide. */
export function rateLimited(ctx: Context, client: ChainClient, blocks: number): BittensorError {
  const milliseconds = blocks * client.blockTimeMs
  const opens = new Date(ctx.clock.now().getTime() + milliseconds).toISOString()
  return new BittensorError('RATE_LIMITED', waitText(client, blocks), {
    details: 'nothing was sent',
    hint: `try again after ${opens}`,
    data: { blocksLeft: blocks, opens },
  })
}

/** `the chain allows the next transaction of this kind in 6 blocks (≈ 72 s)`. */
export function waitText(
  { blockTimeMs }: Pick<ChainClient, 'blockTimeMs'>,
  blocks: number,
): string {
  const span = spanText(blocks * blockTimeMs)
  return `the chain allows the next transaction of this kind in ${blocks === 1 ? '1 block' : `${blocks} blocks`} (≈ ${span})`
}

/** What a failed part says in the summary, if any failed: `1 of 3 failed`. */
export function problemOf<Read>(
  results: readonly OperationResult<Read>[],
): BittensorError | undefined {
  const failed = results.flatMap((result) => (result.ok ? [] : [result]))
  const [first] = failed
  if (!first) return undefined
  const last = failed.find(({ error }) => endsAll(error))?.error ?? first.error
  return new BittensorError(last.code, `${failed.length} of ${results.length} failed`, {
    details: failed.map(({ label, error }) => `${label}: ${error.message}`).join('\n'),
    hint: last.hint,
  })
}

/** Where a transaction is, for JSON; null where it is not known yet. */
export function receiptJson(receipt: Receipt | Sent) {
  if (receipt.outcome === 'sent') {
    return { extrinsicHash: receipt.hash, blockHash: null, blockNumber: null, finalized: false }
  }
  return {
    extrinsicHash: receipt.hash,
    blockHash: receipt.blockHash,
    blockNumber: receipt.blockNumber,
    extrinsicIndex: receipt.extrinsicIndex,
    finalized: receipt.outcome === 'finalized',
  }
}
