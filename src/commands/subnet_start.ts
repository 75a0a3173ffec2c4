/** `btcli subnet_start`: let the token of a subnet be traded, or show whether it is. */
import { defineCommand, flag } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { type CallPlan, freeChange } from '../core/plans/callPlan.js'
import type { Party } from '../core/plans/plan.js'
import { planStart, readStart, type StartState, startText } from '../core/plans/subnetPlan.js'

type Checked = {
  readonly checked: true
  readonly state: StartState
  readonly block: number
  readonly blockTimeMs: number
}
type Done = { readonly checked: false } & SingleDone<CallPlan<StartState>> & {
    readonly wallet: Party
    readonly netuid: number
  }

export const subnetStart = defineCommand({
  name: 'subnet_start',
  summary: 'Start a subnet, or show whether it can be.',
  options: {
    netuid: { ...netuid, ask: askNetuidToSign },
    check: flag({ flags: '--check', description: 'only show whether it was, or can be, started' }),
    walletName: { ...walletName, askWhen: (soFar) => soFar['check'] !== true },
    ...signing,
  },
  examples: ['subnet_start -w owner --netuid 3', 'subnet_start --netuid 3 --check'],
  notes:
    'Emissions and trade of a new subnet begin when its owner starts it, some time after its creation.',

  async run(ctx, values): Promise<Checked | Done> {
    if (values.check) {
      const { blockTimeMs } = await ctx.chain()
      const view = await ctx.head()
      const state = await readStart(view, values.netuid)
      return { checked: true, state, block: view.block.number, blockTimeMs }
    }
    const { opened, wallet } = await openColdkey(ctx, values)
    const terms = { wallet, netuid: values.netuid }
    const done = await transact(ctx, {
      title: 'Start subnet',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planStart(planning, terms),
    })
    return { checked: false, ...done, ...terms, commandLine: ctx.commandLine() }
  },

  render: {
    table: (data, { style }) =>
      data.checked
        ? `Subnet ${data.state.netuid} ${startText(data.state, data.block, data.blockTimeMs)}.`
        : singleText(data, style, {
            headline: `Started subnet ${data.netuid}`,
            changes: (before, after) => [freeChange(data.wallet, before, after)],
          }),
    json: (data) => {
      if (data.checked) return stateJson(data.state)
      const result = data.results.at(-1)
      const state = result?.ok ? result.after?.more : undefined
      return { netuid: data.netuid, ...(state ? stateJson(state) : {}), ...singleJson(data) }
    },
  },
})

function stateJson({ netuid: subnet, startedAt, possibleFrom }: StartState) {
  return {
    netuid: subnet,
    started: startedAt !== undefined,
    startedAtBlock: startedAt ?? null,
    possibleFromBlock: possibleFrom,
  }
}
