/** What `stake` and `unstake` read, and what their plans have in common. */
import { readFreeBalance } from '../chain/balances.js'
import { buildCall } from '../chain/calls.js'
import { readLastTxBlock, readStake, readStakesOfColdkey, readTxRateLimit } from '../chain/stake.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { asNumber } from '../chain/values.js'
import type { ErrorCode } from '../errors.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import type { Rao } from '../units.js'
import {
  type Effect,
  type Fact,
  type Operation,
  type Plan,
  type Target,
  targetName,
} from './plan.js'

/** What one transaction changes: the free balance, and the stake on each of its hotkeys. */
export type StakeRead = { readonly free: Rao; readonly stakes: readonly bigint[] }

/** What goes to, or comes from, one hotkey. */
export type Share = {
  readonly target: Target
  /** RAO; of alpha when unstaking on a dTAO chain. */
  readonly amount: bigint
  /** Stake before, in RAO; of alpha on a dTAO chain. */
  readonly stake: bigint
  /** Stake after, as far as it can be said before. */
  readonly stakeAfter: bigint
  readonly call: Call
}

/** A hotkey that nothing is done for. Without a code what was asked for is already so. */
export type Skip = {
  readonly target: Target
  readonly code: ErrorCode | undefined
  readonly reason: string
  /** What to do about it. */
  readonly hint?: string
}

/** A plan with the shares of each operation. */
export type StakePlan = Plan<StakeRead> & {
  readonly groups: readonly (readonly Share[])[]
  readonly skipped: readonly Skip[]
}

/** Whose stake, and on a dTAO chain in which subnet. */
export type Where = { readonly coldkey: Ss58; readonly netuid: number | undefined }

/** What becomes of the free balance and of the stake on each hotkey; `isPart` if less than all may go through. */
export function stakeEffects(
  free: { readonly wallet: string; readonly before: bigint; readonly after: bigint },
  shares: readonly Share[],
  netuid: number | undefined,
  isPart: boolean,
): Effect[] {
  const { wallet, before, after } = free
  return [
    { label: `${wallet}, free`, before, after, ...boundNote(isPart, before, after) },
    ...shares.map(({ target, stake, stakeAfter }) => ({
      label: `stake on ${target.name || targetName(target)}`,
      netuid,
      before: stake,
      after: stakeAfter,
      ...boundNote(isPart, stake, stakeAfter),
    })),
  ]
}

/** Of an amount after a swap that may go through in part: the change is the most that it can be. */
export function boundNote(isPart: boolean, before: bigint, after: bigint): Pick<Effect, 'note'> {
  if (!isPart) return {}
  return { note: after > before ? 'at most' : 'at least' }
}

/** Stake of a coldkey behind a hotkey: RAO on a classic chain, alpha of the subnet on a dTAO one. */
export async function stakeAt(
  view: ChainView,
  hotkey: Ss58,
  { coldkey, netuid }: Where,
): Promise<bigint> {
  if (view.era === 'classic') return readStake(view, hotkey, coldkey)
  const positions = await readStakesOfColdkey(view, coldkey)
  const found = positions.find((one) => one.hotkey === hotkey && one.netuid === netuid)
  return found?.alpha ?? 0n
}

/**
 * Blocks for which stake on root can not leave it after it was last added, taken or claimed; 0 where it can, as before mid-2026
 * (`RootStakeUnlockInterval`, `LastColdkeyHotkeyStakeBlock`).
 */
export async function blocksOnRoot(
  view: ChainView,
  hotkey: Ss58,
  { coldkey, netuid }: Where,
): Promise<number> {
  if (netuid !== 0 || !view.hasStorage(MODULE, 'RootStakeUnlockInterval')) return 0
  const [interval, last] = await Promise.all([
    view.read(MODULE, 'RootStakeUnlockInterval').then(asNumber),
    view.readStored(MODULE, 'LastColdkeyHotkeyStakeBlock', coldkey, hotkey),
  ])
  // Judged in the block after the view's.
  return Math.max(0, asNumber(last ?? 0) + interval - (view.block.number + 1))
}

/** Why stake on root can not be taken for so many blocks. */
export function heldReason(blocks: number): string {
  return `stake there can leave root in ${blocks} blocks`
}

const MODULE = 'SubtensorModule'

/**
 * The subnet of a stake: none on a classic chain, a named one on a dTAO chain. Never guessed: another subnet is another token.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `MISSING_INPUT`
 */
export function subnetOfStake(client: ChainClient, netuid: number | undefined): number | undefined {
  if (client.era === 'dtao' && netuid === undefined) {
    throw new BittensorError(
      'MISSING_INPUT',
      'stake on this chain belongs to a subnet: --netuid is missing',
      {
        hint: 'name the subnet with --netuid; 0 is root',
        data: { missing: ['--netuid'] },
      },
    )
  }
  if (client.era === 'classic' && netuid !== undefined) {
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `stake on this chain (spec ${client.specVersion}) belongs to no subnet`,
      { hint: 'leave out --netuid' },
    )
  }
  return netuid
}

/** One operation per share, or one for all of them. */
export function operationsOf(
  client: ChainClient,
  shares: readonly Share[],
  how: {
    readonly where: Where
    readonly batch: boolean
    /** RAO that leave the account for a share. */
    readonly spend: (share: Share) => bigint
    readonly asked: (share: Share) => Readonly<Record<string, unknown>>
  },
): Pick<StakePlan, 'operations' | 'groups'> {
  const groups = how.batch && shares.length > 1 ? [shares] : shares.map((share) => [share])
  return { groups, operations: groups.map((group) => operationOf(client, group, how)) }
}

function operationOf(
  client: ChainClient,
  group: readonly Share[],
  how: Parameters<typeof operationsOf>[2],
): Operation<StakeRead> {
  const { where } = how
  const [first] = group as readonly [Share]
  const call =
    group.length === 1
      ? first.call
      : buildCall(client, 'Utility', 'batch_all', { calls: group.map((share) => share.call) })
  return {
    label: group.map(({ target }) => target.name || target.address).join(', '),
    call,
    spendRao: group.reduce((sum, share) => sum + how.spend(share), 0n),
    netuids: where.netuid === undefined ? [] : [where.netuid],
    asked: { calls: group.map(how.asked) },
    async measure(view) {
      const [free, stakes] = await Promise.all([
        readFreeBalance(view, where.coldkey),
        Promise.all(group.map(({ target }) => stakeAt(view, target.address, where))),
      ])
      return { free, stakes }
    },
    blocksToWait: (view) => blocksToWait(view, where.coldkey),
  }
}

/** Exceeded while now - last <= limit; the transaction is judged in the block after the view's. */
export async function blocksToWait(view: ChainView, coldkey: Ss58): Promise<number> {
  if (view.era !== 'classic') return 0
  const [limit, last] = await Promise.all([readTxRateLimit(view), readLastTxBlock(view, coldkey)])
  return limit === 0 || last === 0 ? 0 : Math.max(0, last + limit - view.block.number)
}

/** @throws {BittensorError} `RATE_LIMITED` where the chain lets only one stake call pass at a time */
export async function checkBatch(view: ChainView, shares: number): Promise<void> {
  if (shares < 2 || view.era !== 'classic') return
  const limit = await readTxRateLimit(view)
  if (limit === 0) return
  throw new BittensorError(
    'RATE_LIMITED',
    'this chain does not allow several stakes in one transaction',
    {
      details: `${limit} blocks must pass between two of them`,
      hint: 'leave out --batch; they are then sent one after another',
      data: { txRateLimit: limit },
    },
  )
}

/** The hotkeys left out, as lines of the preview. */
export function skipFacts(skipped: readonly Skip[]): Fact[] {
  return skipped.map(({ target, reason }) => ({
    label: 'skipped',
    value: { name: target.name, address: target.address },
    note: reason,
  }))
}

/** When nothing is left to do: a failure, unless what was asked for is already so for all of them. */
export function checkAnyLeft(shares: readonly unknown[], skipped: readonly Skip[]): void {
  const { code, hint } = skipped.find((skip) => skip.code !== undefined) ?? {}
  if (shares.length > 0 || code === undefined) return
  const lines = skipped.map(({ target, reason }) => `${target.name || target.address}: ${reason}`)
  if (lines.length === 1) throw new BittensorError(code, lines[0] ?? '', { hint })
  throw new BittensorError(code, 'there is nothing to do for any of the hotkeys', {
    details: lines.join('\n'),
    hint,
  })
}
