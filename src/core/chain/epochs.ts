/**
 * When weights that are committed in one epoch can be revealed in a later one. Epochs followed from the number of the block
 * until 2026; since then the chain counts those of each subnet, whose owner may start one early.
 */
import { BittensorError } from '../errors.js'
import type { ChainView } from './types.js'
import { asNumber } from './values.js'

const MODULE = 'SubtensorModule'

/** First and last block in which a commit can be revealed; later ones only as long as no epoch is started early. */
export type RevealBlocks = { readonly first: number; readonly last: number }

/** When a commit was made: in a block, or on runtimes that count epochs in one of those. */
export type CommitTime = { readonly block: number } | { readonly epoch: number }

/** Epochs of a subnet: how many blocks lie between them, how many must pass before commits are revealed. */
type Epochs = {
  readonly netuid: number
  readonly tempo: number
  readonly period: number
  /** The block that the reading is of. */
  readonly block: number
  readonly counted: { readonly index: number; readonly next: number } | undefined
}

/** Whether the chain counts the epochs of each subnet, and notes the epoch of a commit instead of its block. */
export function countsEpochs(view: Pick<ChainView, 'hasStorage'>): boolean {
  return view.hasStorage(MODULE, 'SubnetEpochIndex')
}

/**
 * When a commit is revealed: one that exists, or one that is made in the block after the view's.
 * @throws {BittensorError} `EXTRINSIC_FAILED` for a subnet that has no epochs
 */
export async function readRevealBlocks(
  view: ChainView,
  netuid: number,
  commit?: CommitTime,
): Promise<RevealBlocks> {
  const read = (item: string) => view.read(MODULE, item, netuid).then(asNumber)
  const [tempo, period] = await Promise.all([read('Tempo'), read('RevealPeriodEpochs')])
  const block = view.block.number
  if (!countsEpochs(view)) {
    return revealBlocks({ netuid, tempo, period, block, counted: undefined }, commit)
  }
  if (tempo === 0) {
    throw new BittensorError('EXTRINSIC_FAILED', `subnet ${netuid} has no epochs: its tempo is 0`)
  }
  const [index, last, asked] = await Promise.all([
    read('SubnetEpochIndex'),
    read('LastEpochBlock'),
    read('PendingEpochAt'),
  ])
  const next = asked > 0 ? Math.min(last + tempo, asked) : last + tempo
  return revealBlocks({ netuid, tempo, period, block, counted: { index, next } }, commit)
}

/** As {@link readRevealBlocks}, of epochs that are known (opentensor/subtensor, run_coinbase.rs, weights.rs). */
export function revealBlocks(epochs: Epochs, commit?: CommitTime): RevealBlocks {
  const { netuid, tempo, period, block, counted } = epochs
  if (!counted) {
    const made = commit && 'block' in commit ? commit.block : block
    const epoch = Math.floor((made + netuid + 1) / (tempo + 1))
    const first = Math.max(0, (epoch + period) * (tempo + 1) - (netuid + 1))
    return { first, last: first + tempo }
  }
  // An epoch that is due begins with the next block, before the transactions in it.
  const next = Math.max(counted.next, block + 1)
  const coming = next === block + 1 ? counted.index + 1 : counted.index
  const epoch = (commit && 'epoch' in commit ? commit.epoch : coming) + period
  const first = next + (epoch - counted.index - 1) * tempo
  return { first, last: first + tempo - 1 }
}
