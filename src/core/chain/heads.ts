/** New blocks as they come, over lost connections and without gaps. */
import { BittensorError } from '../errors.js'
import { createQueue } from '../queue.js'
import { readEvents } from './events.js'
import { reconnectWait } from './reconnect.js'
import type { BlockRef, ChainClient, ChainEvent, Head, HeadKind, Hex } from './types.js'

// Who waits for blocks wants the first that there is again.
const LONGEST_WAIT_MS = 4000
// A node that is upgraded, or that checks its database, is away for minutes.
const PATIENCE_MS = 600_000

/** Subscribes, and again when the connection was lost, for ten minutes. */
export async function keepSubscribed(
  client: Pick<ChainClient, 'subscribeHeads'>,
  onHead: (head: Head) => void,
  onEnd: (error: unknown) => void,
  of: HeadKind = 'best',
): Promise<() => void> {
  let over = false
  let unsubscribe = () => {}
  // Keeps the process alive, as the connection did: a loop over blocks must not end as if it were done.
  let timer: NodeJS.Timeout | undefined
  const again = async (lost: Error) => {
    let waited = 0
    for (let failures = 1; waited < PATIENCE_MS; failures++) {
      const wait = reconnectWait(failures, LONGEST_WAIT_MS)
      waited += wait
      await new Promise((resolve) => {
        timer = setTimeout(resolve, wait)
      })
      if (over) return
      try {
        unsubscribe = await client.subscribeHeads(onHead, onLost, of)
        if (over) unsubscribe()
        return
      } catch {
        // The next wait is longer.
      }
    }
    onEnd(new BittensorError('CONNECTION', 'the connection to the node is lost', { cause: lost }))
  }
  const onLost = (error: Error) => void again(error)
  unsubscribe = await client.subscribeHeads(onHead, onLost, of)
  return () => {
    over = true
    clearTimeout(timer)
    unsubscribe()
  }
}

/** Which blocks to follow, and until when. */
export type FollowOptions = {
  /** `best` (default): each new best block; after a fork, numbers come again. `finalized`: only what can not be undone. */
  readonly of?: HeadKind | undefined
  /** Ends with `INTERRUPTED`, or with the signal's reason if that is a `BittensorError`. */
  readonly signal?: AbortSignal | undefined
  /** Ends quietly. */
  readonly until?: AbortSignal | undefined
}

/**
 * Every new block, in order. Blocks that the node passed over in a hurry, or that came while the connection was lost, are
 * asked for.
 * @throws {BittensorError} `CONNECTION` when the node stays away, `INTERRUPTED`
 * @example
 * for await (const { number } of newBlocks(chain)) console.log(number)
 */
export async function* newBlocks(
  client: ChainClient,
  options: FollowOptions = {},
): AsyncGenerator<BlockRef, void, undefined> {
  const { of = 'best', signal, until } = options
  const queue = createQueue<BlockRef>()
  const interrupt = () => queue.end(interrupted(signal))
  const finish = () => queue.end()
  if (signal?.aborted) throw interrupted(signal)
  if (until?.aborted) return
  signal?.addEventListener('abort', interrupt, { once: true })
  until?.addEventListener('abort', finish, { once: true })
  const stop = await keepSubscribed(client, queue.push, queue.end, of)
  try {
    yield* withoutGaps(client, queue, of)
  } finally {
    stop()
    signal?.removeEventListener('abort', interrupt)
    until?.removeEventListener('abort', finish)
  }
}

async function* withoutGaps(
  client: ChainClient,
  heads: AsyncIterable<BlockRef>,
  of: HeadKind,
): AsyncGenerator<BlockRef, void, undefined> {
  let last: BlockRef | undefined
  for await (const { number, hash } of heads) {
    const head = { number, hash }
    // A node that is there again begins with the block that it was at.
    if (hash === last?.hash) continue
    if (of === 'finalized' && last !== undefined && number <= last.number) continue
    for (let missed = (last ?? head).number + 1; missed < number; missed++) {
      yield { number: missed, hash: await hashOf(client, missed) }
    }
    yield head
    last = head
  }
}

async function hashOf(client: ChainClient, number: number): Promise<Hex> {
  return String(await client.request('chain_getBlockHash', [number])) as Hex
}

/** The events of every new block. */
export async function* newEvents(
  client: ChainClient,
  options: FollowOptions = {},
): AsyncGenerator<ChainEvent & { readonly block: BlockRef }, void, undefined> {
  for await (const block of newBlocks(client, options)) {
    const view = await client.at(block.hash)
    for (const event of await readEvents(view, view.runtime.description)) yield { ...event, block }
  }
}

/**
 * Waits for a block of this number, or a later one.
 * @throws {BittensorError} `CONNECTION`, `INTERRUPTED`
 */
export async function untilBlock(
  client: ChainClient,
  number: number,
  options: {
    readonly signal?: AbortSignal | undefined
    readonly onBlock?: ((number: number) => void) | undefined
  } = {},
): Promise<void> {
  for await (const block of newBlocks(client, { signal: options.signal })) {
    options.onBlock?.(block.number)
    if (block.number >= number) return
  }
}

function interrupted(signal: AbortSignal | undefined): BittensorError {
  const reason: unknown = signal?.reason
  return reason instanceof BittensorError
    ? reason
    : new BittensorError('INTERRUPTED', 'interrupted while waiting for blocks')
}
