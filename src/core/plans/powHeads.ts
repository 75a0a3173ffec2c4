/** New blocks of a chain as a race takes them: each with the difficulty of a subnet in its own state. */
import { keepSubscribed } from '../chain/heads.js'
import { readUid } from '../chain/neurons.js'
import { isConnectionFailure } from '../chain/rpc.js'
import type { ChainClient, ChainView, Head, Hex } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { fromHex } from '../keys/hex.js'
import type { Ss58 } from '../keys/ss58.js'
import type { ChainHead } from '../pow/race.js'
import { createQueue, type Queue } from '../queue.js'
import { checkOpen, checkRule, type Rule } from './registerChecks.js'

/** What is registered, where, by which rule. */
export type Target = Rule & { readonly netuid: number; readonly hotkey: Ss58 }

/** Blocks of a chain for one registration. */
export type HeadSource = {
  readonly heads: Queue<ChainHead>
  /** Reads the newest block now. */
  latest(): Promise<ChainHead>
  /** The uid of the hotkey at the last block read; undefined if it had none. */
  uid(): number | undefined
  stop(): void
}

/**
 * Follows the chain's best block: its header comes by subscription, all else that matters of it in one round trip. Until
 * then the search goes on with the block before, whose proofs the next block takes as well. Should reading take longer than
 * a block, the blocks in between are left out. A lost connection is told of and waited for.
 * @throws {BittensorError} what the first read throws; later failures end the queue, as do an upgrade to another rule and a subnet that closes
 */
export async function followHeads(
  client: ChainClient,
  target: Target,
  onWarning: (message: string) => void = () => {},
): Promise<HeadSource> {
  const heads: Queue<ChainHead> = createQueue()
  let last: (ChainHead & { readonly hash: Hex; readonly uid: number | undefined }) | undefined
  const read = async (head: Head): Promise<ChainHead> => {
    // A block does not change.
    if (head.hash === last?.hash) return last
    const [difficulty, uid] = await client.readHead(head, (view) =>
      Promise.all([
        readEffectiveDifficulty(view, target),
        readUid(view, target.netuid, target.hotkey),
        checkRule(client, view, target),
        checkOpen(view, target.netuid),
      ]),
    )
    last = { ...raceHead(head, difficulty), hash: head.hash, uid }
    return last
  }
  const latest = async () => read(await client.head())
  heads.push(await latest())
  const failed = (error: unknown) => {
    // The subscription ends the queue if the node stays away.
    if (isConnectionFailure(error)) onWarning(error.message)
    else heads.end(error)
  }
  const follower = newestOnly(async (head) => heads.push(await read(head)), failed)
  const stop = await keepSubscribed(telling(client, onWarning), follower, heads.end)
  return { heads, latest, uid: () => last?.uid, stop }
}

/** The part of a client that is subscribed to, telling when the connection is lost and when it is back. */
function telling(client: ChainClient, tell: (message: string) => void) {
  let isLost = false
  const subscribeHeads: ChainClient['subscribeHeads'] = async (onHead, onLost, of) => {
    const stop = await client.subscribeHeads(
      onHead,
      (error) => {
        isLost = true
        tell('the connection to the node is lost; it is tried again while the search goes on')
        onLost?.(error)
      },
      of,
    )
    if (isLost) tell('the node is there again')
    isLost = false
    return stop
  }
  return { subscribeHeads }
}

function raceHead({ number, hash, parentHash }: Head, difficulty: bigint): ChainHead {
  return {
    blockNumber: number,
    blockHash: hashBytes(hash),
    parentHash: hashBytes(parentHash),
    difficulty,
  }
}

function hashBytes(hash: string): Uint8Array {
  const bytes = fromHex(hash, 32)
  if (bytes) return bytes
  throw new BittensorError('CONNECTION', `the node names a block by \`${hash}\`, which is no hash`)
}

/** The difficulty that a proof has to meet. */
export async function readEffectiveDifficulty(
  view: ChainView,
  { netuid, scheme }: Pick<Target, 'netuid' | 'scheme'>,
): Promise<bigint> {
  const read = async (item: string) =>
    BigInt(String(await view.read('SubtensorModule', item, netuid)))
  if (scheme !== 'pow_register') return read('Difficulty')
  // RaoFoundation/subtensor, pow_register: the owner's ceiling never goes below the floor.
  const [value, min, max] = await Promise.all([
    read('Difficulty'),
    read('MinDifficulty'),
    read('MaxDifficulty'),
  ])
  const floor = min > 1n ? min : 1n
  if (value <= floor) return floor
  const ceiling = max > floor ? max : floor
  return value >= ceiling ? ceiling : value
}

/** Runs `work` for a value and, when it is done, for the newest that came meanwhile. */
function newestOnly(
  work: (head: Head) => Promise<void>,
  onError: (error: unknown) => void,
): (head: Head) => void {
  let next: Head | undefined
  let busy = false
  const run = async () => {
    busy = true
    try {
      while (next) {
        const head = next
        next = undefined
        await work(head)
      }
    } catch (error) {
      onError(error)
    } finally {
      busy = false
    }
  }
  return (head) => {
    next = head
    if (!busy) void run()
  }
}
