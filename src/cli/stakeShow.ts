/** How `stake`, `unstake`, `delegate` and `undelegate` show what they did. */

import { movedStake } from '../core/chain/stakeEvents.js'
import type { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { effectAmount, targetName } from '../core/plans/plan.js'
import type { Share, Skip, StakePlan, StakeRead } from '../core/plans/stakeFacts.js'
import { errorFields } from './json.js'
import { previewJson } from './preview.js'
import { paidFee, successText } from './results.js'
import type { OperationResult } from './sendAll.js'
import { receiptJson } from './sendAll.js'
import type { Block, Cell, View } from './table.js'
import type { Transacted } from './transact.js'

/** What a run of `stake`, `unstake`, `delegate` or `undelegate` ends with. */
export type StakeDone = Transacted<StakePlan> & {
  readonly verb: 'Staked' | 'Unstaked' | 'Delegated' | 'Undelegated'
  readonly wallet: string
  readonly coldkey: Ss58
  readonly netuid: number | undefined
  readonly commandLine: string
}

/** One hotkey's part: done, failed or left out. */
type Line =
  | { readonly kind: 'skipped'; readonly skip: Skip }
  | {
      readonly kind: 'done' | 'failed'
      readonly share: Share
      readonly result: OperationResult<StakeRead>
      readonly before: bigint | undefined
      readonly after: bigint | undefined
    }

function isStaking({ verb }: StakeDone): boolean {
  return verb === 'Staked' || verb === 'Delegated'
}

function linesOf({ plan, results }: StakeDone): Line[] {
  const lines = results.flatMap((result, i): Line[] =>
    (plan.groups[i] ?? []).map((share, k) => ({
      kind: result.ok ? 'done' : 'failed',
      share,
      result,
      before: result.ok ? result.before?.stakes[k] : undefined,
      after: result.ok ? result.after?.stakes[k] : undefined,
    })),
  )
  return [...lines, ...plan.skipped.map((skip): Line => ({ kind: 'skipped', skip }))]
}

/** What went through: where a limit on the price lets a part through, it may be less than what was asked for. */
function filledOf(done: StakeDone, { call, target, amount }: Share, result: Sent): bigint {
  if (!result.ok || result.receipt.outcome === 'sent' || done.netuid === undefined) return amount
  if (call.args['allow_partial'] !== true) return amount
  const place = { hotkey: target.address, netuid: done.netuid }
  const { events } = result.receipt
  return isStaking(done)
    ? (movedStake(events, 'StakeAdded', place)?.tao ?? amount)
    : (movedStake(events, 'StakeRemoved', place)?.alpha ?? amount)
}

type Sent = OperationResult<StakeRead>

/** For people. */
export function stakeTable(done: StakeDone, view: View): Block | readonly Block[] {
  if (done.dryRun) return `Dry run: nothing was sent. To do it:\n  ${done.commandLine}`
  const lines = linesOf(done)
  const [only] = lines
  if (lines.length === 1 && only?.kind === 'done' && only.result.ok) {
    return singleText(done, only.share, only.result, view)
  }
  return [
    {
      columns: [
        { title: 'HOTKEY' },
        { title: 'ADDRESS', address: true, optional: 1 },
        { title: 'AMOUNT', align: 'right' },
        { title: 'STAKE', align: 'right' },
        { title: 'RESULT' },
        { title: 'BLOCK', align: 'right', optional: 2 },
      ],
      rows: lines.map((line) => row(done, line)),
      note: summaryOf(done, lines),
    },
    ...balanceLine(done, view),
  ]
}

function singleText(
  done: StakeDone,
  share: Share,
  result: OperationResult<StakeRead> & { readonly ok: true },
  { style }: View,
): string {
  const { before, after, receipt } = result
  const preposition = isStaking(done) ? 'to' : 'from'
  // What is staked is τ; what comes back on a dTAO chain is the subnet's token.
  const unit = isStaking(done) ? {} : done
  const filled = filledOf(done, share, result)
  const asked = effectAmount(unit, share.amount)
  const amount =
    filled === share.amount ? asked : `${effectAmount(unit, filled)} of ${asked}, up to the limit,`
  const changes =
    before && after
      ? [
          { label: `${done.wallet}, free`, before: before.free, after: after.free },
          {
            label: `stake on ${share.target.name || targetName(share.target)}`,
            netuid: done.netuid,
            before: before.stakes[0] ?? 0n,
            after: after.stakes[0] ?? 0n,
          },
        ]
      : []
  const headline = `${done.verb} ${amount} ${preposition} ${targetName(share.target)}`
  const fee = paidFee(receipt, done.preview.fee)
  return successText({ headline, receipt, fee, changes }, style)
}

function row(done: StakeDone, line: Line): Cell[] {
  if (line.kind === 'skipped') {
    const { target, reason } = line.skip
    return [
      target.name,
      target.address,
      null,
      null,
      { text: `skipped: ${reason}`, paint: 'yellow' },
    ]
  }
  const { share, result, before, after } = line
  const unit = isStaking(done) ? {} : done
  const stakes =
    before === undefined || after === undefined
      ? null
      : `${effectAmount(done, before)} ➡ ${effectAmount(done, after)}`
  const filled = filledOf(done, share, result)
  const part = filled === share.amount ? '' : ' in part'
  const verdict: Cell = result.ok
    ? { text: `${result.receipt.outcome}${part}`, paint: 'green' }
    : { text: `failed: ${result.error.message}`, paint: 'red' }
  const block =
    result.ok && result.receipt.outcome !== 'sent' ? result.receipt.blockNumber : undefined
  const { name, address } = share.target
  return [name, address, effectAmount(unit, filled), stakes, verdict, block]
}

function summaryOf({ verb }: StakeDone, lines: readonly Line[]): string {
  const count = (kind: Line['kind']) => lines.filter((line) => line.kind === kind).length
  const parts = [
    [count('done'), verb.toLowerCase()],
    [count('skipped'), 'skipped'],
    [count('failed'), 'failed'],
  ] as const
  const shown = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`)
  return shown.join(', ')
}

function balanceLine(done: StakeDone, { style }: View): string[] {
  const { first, last } = freeBalances(done)
  if (first === undefined || last === undefined) return []
  return [`Balance: ${effectAmount({}, first)} ${style.sign.arrow} ${effectAmount({}, last)}`]
}

/** The free balance before the first and after the last transaction that went well. */
function freeBalances({ results }: StakeDone): { first?: bigint; last?: bigint } {
  const reads = results.flatMap((result) =>
    result.ok && result.before && result.after ? [result] : [],
  )
  const first = reads[0]?.before?.free
  const last = reads.at(-1)?.after?.free
  return { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) }
}

/** For programs. */
export function stakeJson(done: StakeDone) {
  const { first, last } = freeBalances(done)
  return {
    ...(done.dryRun ? { dryRun: true, commandLine: done.commandLine } : {}),
    coldkey: done.coldkey,
    results: done.dryRun
      ? done.plan.groups.flat().map(plannedJson(done))
      : linesOf(done).map(lineJson(done)),
    balanceBeforeRao: first,
    balanceAfterRao: last,
    preview: previewJson(done.preview),
  }
}

function plannedJson(done: StakeDone) {
  return ({ target, amount, stake, stakeAfter }: Share) => ({
    hotkey: target.address,
    hotkeyName: target.name || null,
    netuid: done.netuid ?? null,
    amountRao: amount,
    stakeBeforeRao: stake,
    stakeAfterRao: stakeAfter,
  })
}

function lineJson(done: StakeDone) {
  return (line: Line) => {
    const target = line.kind === 'skipped' ? line.skip.target : line.share.target
    const common = {
      // What is left out is listed and is no failure: `ok` agrees with the exit status.
      ok: line.kind !== 'failed',
      hotkey: target.address,
      hotkeyName: target.name || null,
      netuid: done.netuid ?? null,
    }
    if (line.kind === 'skipped') {
      const { code, reason } = line.skip
      return { ...common, success: false, skipped: true, code: code ?? null, reason }
    }
    const { share, result, before, after } = line
    return {
      ...common,
      success: result.ok,
      skipped: false,
      amountRao: share.amount,
      filledRao: result.ok ? filledOf(done, share, result) : null,
      stakeBeforeRao: before ?? share.stake,
      stakeAfterRao: after,
      ...(result.ok
        ? { ...receiptJson(result.receipt), error: null }
        : {
            extrinsicHash: hashOf(result.error),
            blockHash: null,
            error: errorFields(result.error),
          }),
    }
  }
}

function hashOf({ data }: BittensorError): string | null {
  const hash = data?.['hash']
  return typeof hash === 'string' ? hash : null
}
