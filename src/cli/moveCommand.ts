/** Options and output that `stake_move`, `stake_swap` and `stake_transfer` share. */
import { movedStake } from '../core/chain/stakeEvents.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { freeChange } from '../core/plans/callPlan.js'
import { type MovePlan, type Place, stakeLabel } from '../core/plans/movePlan.js'
import { effectAmount } from '../core/plans/plan.js'
import type { Context } from './context.js'
import { flag, option } from './define.js'
import { askNetuidTo } from './netuid.js'
import { netuid, parseNetuid } from './options.js'
import { type SingleDone, singleJson, singleText } from './singleDone.js'
import { parseAlpha, stakeText } from './stakeAmounts.js'
import type { Style } from './style.js'

export const moveOptions = {
  originNetuid: option({
    flags: '-o, --origin_netuid, --netuid <n>',
    description: 'subnet in which the stake is; 0 is root',
    parse: netuid.parse,
    ask: askNetuidTo('in which the stake is'),
  }),
  destNetuid: option({
    flags: '--dest_netuid, --destination_netuid <n>',
    description: 'subnet in which it shall be (default: the same)',
    parse: parseNetuid,
  }),
}

/** How much: alpha of the origin. */
export const moveAmounts = {
  amountAlpha: option({
    flags: '-a, --amount_alpha, --amount <alpha>',
    description: 'alpha of the origin subnet; `all` is the same as --all; asked for if missing',
    parse: (text) => (/^(all|max)$/i.test(text) ? ('all' as const) : parseAlpha(text)),
    ask: async (ctx: Context, soFar) => ({
      message: `Enter amount, "all" for all of it${await stakeText(ctx, soFar)}`,
    }),
    askWhen: (soFar) => soFar['all'] !== true,
    conflicts: ['all'],
  }),
  all: flag({ flags: '--all', description: 'all of the stake there' }),
}

/** What a run of one of the three ends with. */
export type MoveDone = SingleDone<MovePlan> & {
  readonly verb: 'Moved' | 'Swapped' | 'Transferred'
  readonly from: Place
  readonly to: Place
}

/** The amount that was asked for. */
export function wantedAlpha(values: {
  readonly amountAlpha: bigint | 'all' | undefined
  readonly all: boolean
}): bigint | 'all' {
  return values.all || values.amountAlpha === undefined ? 'all' : values.amountAlpha
}

export function moveText(done: MoveDone, style: Style): string {
  const { verb, from, to, plan } = done
  const target = {
    Moved: `to ${to.hotkey.name || to.hotkey.address}`,
    Swapped: `into subnet ${to.netuid}`,
    Transferred: `to ${to.coldkey.name || to.coldkey.address}`,
  }
  const asked = effectAmount(from, plan.amount)
  const filled = filledOf(done)
  const amount =
    filled === plan.amount ? asked : `${effectAmount(from, filled)} of ${asked}, up to the limit,`
  return singleText(done, style, {
    headline: `${verb} ${amount} ${target[verb]}`,
    changes: (before, after) => [
      freeChange(from.coldkey, before, after),
      {
        label: stakeLabel(from),
        netuid: from.netuid,
        before: before.more.from,
        after: after.more.from,
      },
      {
        label: stakeLabel(to),
        netuid: to.netuid,
        before: before.more.to,
        after: after.more.to,
      },
    ],
  })
}

/** What went through: where a limit on the price lets a part through, it may be less than what was asked for. */
function filledOf({ plan, from, results }: MoveDone): bigint {
  const result = results.at(-1)
  if (!result?.ok || result.receipt.outcome === 'sent') return plan.amount
  if (plan.operations[0]?.call.args['allow_partial'] !== true) return plan.amount
  const place = { hotkey: from.hotkey.address, netuid: from.netuid }
  return movedStake(result.receipt.events, 'StakeRemoved', place)?.alpha ?? plan.amount
}

export function moveJson(done: MoveDone) {
  const { from, to, plan } = done
  const result = done.results.at(-1)
  const [before, after] = result?.ok ? [result.before?.more, result.after?.more] : []
  return {
    from: placeJson(from),
    to: placeJson(to),
    amountAlphaRao: plan.amount,
    filledAlphaRao: result?.ok ? filledOf(done) : null,
    expectedAlphaRao: plan.expected,
    receivedAlphaRao: before && after ? after.to - before.to : null,
    originStakeAfterRao: after?.from ?? null,
    destinationStakeAfterRao: after?.to ?? null,
    ...singleJson(done),
  }
}

function placeJson({ coldkey, hotkey, netuid: subnet }: Place): {
  readonly coldkey: Ss58
  readonly hotkey: Ss58
  readonly netuid: number
} {
  return { coldkey: coldkey.address, hotkey: hotkey.address, netuid: subnet }
}
