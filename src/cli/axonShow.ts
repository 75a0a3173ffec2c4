/** How `axon_set` and `axon_reset` show what they did. */
import type { AxonInfo } from '../core/chain/types.js'
import { type AxonPlan, endpointText } from '../core/plans/axonPlan.js'
import { type Party, partyName } from '../core/plans/plan.js'
import { type SingleDone, singleJson, singleText } from './singleDone.js'
import type { Style } from './style.js'

/** What a run of one of them ends with. */
export type AxonDone = SingleDone<AxonPlan> & { readonly hotkey: Party; readonly netuid: number }

function axonAfter({ results }: AxonDone): AxonInfo | undefined {
  const result = results.at(-1)
  return result?.ok ? result.after?.more : undefined
}

export function axonText(done: AxonDone, style: Style): string {
  return singleText(done, style, {
    headline: `${partyName(done.hotkey)} has ${endpointText(axonAfter(done))} on subnet ${done.netuid}`,
  })
}

export function axonJson(done: AxonDone) {
  const axon = axonAfter(done)
  return {
    netuid: done.netuid,
    hotkey: done.hotkey.address,
    axon: axon
      ? { ip: axon.ip, port: axon.port, protocol: axon.protocol, version: axon.version }
      : null,
    ...singleJson(done),
  }
}
