/** How `children_set`, `children_revoke` and `children_take` show what they did. */
import { type Family, type Kin, WHOLE_PROPORTION } from '../core/chain/children.js'
import { freeChange } from '../core/plans/callPlan.js'
import { type ChildrenPlan, proportionText } from '../core/plans/childrenPlan.js'
import { type Party, partyName } from '../core/plans/plan.js'
import { shortAddress, takeText } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'
import { type SingleDone, singleJson, singleText } from './singleDone.js'
import type { Style } from './style.js'

/** What a run ends with. */
export type ChildrenDone = SingleDone<ChildrenPlan> & {
  readonly wallet: Party
  readonly hotkey: Party
  readonly netuid: number
}

export function childrenText(done: ChildrenDone, style: Style): string {
  return singleText(done, style, {
    headline: headlineOf(done),
    changes: (before, after) => [freeChange(done.wallet, before, after)],
  })
}

function familyAfter({ results }: ChildrenDone): Family | undefined {
  const result = results.at(-1)
  return result?.ok ? result.after?.more : undefined
}

function headlineOf(done: ChildrenDone): string {
  const where = `${partyName(done.hotkey)} on subnet ${done.netuid}`
  const family = familyAfter(done)
  if (!family) return `Changed the family of ${where}`
  const call = done.plan.operations[0]?.call.name
  if (call === 'set_childkey_take') return `The child take of ${where} is ${takeText(family.take)}`
  const { children, block } = family.pending ?? { children: family.children, block: undefined }
  const list =
    children.length === 0
      ? 'no children'
      : children
          .map((kin) => `${shortAddress(kin.hotkey)} ${proportionText(kin.proportion)}`)
          .join(', ')
  return `${where}: ${list}${block === undefined ? '' : `, from the first epoch after block ${block} on`}`
}

export function childrenJson(done: ChildrenDone) {
  const family = familyAfter(done)
  return {
    hotkey: done.hotkey.address,
    coldkey: done.wallet.address,
    netuid: done.netuid,
    childTake: family ? family.take / U16_MAX : null,
    children: family?.children.map(kinJson) ?? null,
    pending: family?.pending
      ? { block: family.pending.block, children: family.pending.children.map(kinJson) }
      : null,
    ...singleJson(done),
  }
}

/** A relation in JSON. */
export function kinJson({ hotkey, proportion }: Kin) {
  return {
    hotkey,
    proportion: Number(proportion) / Number(WHOLE_PROPORTION),
    proportionU64: `${proportion}`,
  }
}
