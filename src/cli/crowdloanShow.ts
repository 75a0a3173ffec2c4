/** What the commands of crowdloans have in common: which one, and how they show what they did. */
import { type CallRead, freeChange } from '../core/plans/callPlan.js'
import type { CrowdloanPlan } from '../core/plans/crowdloanPlan.js'
import type { Party } from '../core/plans/plan.js'
import type { Rao } from '../core/units.js'
import { option } from './define.js'
import { wholeNumber } from './options.js'
import { type SingleDone, singleJson, singleText } from './singleDone.js'
import type { Style } from './style.js'

const idSpec = {
  flags: '--id, --crowdloan_id <n>',
  description: 'number of the crowdloan; btcli crowdloan_list shows all',
  parse: (text: string) => wholeNumber(text, 0, 0xff_ff_ff_ff),
}

/** For a command that can do without. */
export const maybeCrowdloanId = option(idSpec)

export const crowdloanId = option({ ...idSpec, ask: { message: 'Enter the crowdloan' } })

export type CrowdloanDone = SingleDone<CrowdloanPlan> & { readonly wallet: Party }

/** For people. */
export function crowdloanText(done: CrowdloanDone, style: Style, headline: string): string {
  const { wallet } = done
  return singleText(done, style, {
    headline,
    changes: (before: CallRead<Rao>, after: CallRead<Rao>) => [
      freeChange(wallet, before, after),
      { label: `given by ${wallet.name}`, before: before.more, after: after.more },
    ],
  })
}

/** For programs. */
export function crowdloanJson(done: CrowdloanDone) {
  const result = done.results.at(-1)
  const read = result?.ok ? result : undefined
  return {
    crowdloan: done.plan.crowdloan.id,
    account: done.wallet.address,
    amountRao: done.plan.amount,
    contributionBeforeRao: read?.before?.more ?? null,
    contributionAfterRao: read?.after?.more ?? null,
    ...singleJson(done),
  }
}
