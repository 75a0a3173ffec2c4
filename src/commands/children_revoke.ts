/** `btcli children_revoke`: take the stake of a hotkey back from its children. */
import { type ChildrenDone, childrenJson, childrenText } from '../cli/childrenShow.js'
import { defineCommand } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, signing } from '../cli/options.js'
import { openParties, partyOptions } from '../cli/parties.js'
import { transact } from '../cli/transact.js'
import { planChildren } from '../core/plans/childrenPlan.js'

export const childrenRevoke = defineCommand({
  name: 'children_revoke',
  summary: 'Take the stake of a hotkey back from its children.',
  options: { ...partyOptions, netuid: { ...netuid, ask: askNetuidToSign }, ...signing },
  examples: [
    'children_revoke -w alice -H validator --netuid 3',
    'children_revoke -w alice -H validator -n 3 --dry_run',
  ],
  notes:
    'All children of the hotkey on the subnet are taken back, after the waiting time of the chain.',

  async run(ctx, values): Promise<ChildrenDone> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const done = await transact(ctx, {
      title: 'Revoke children',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) =>
        planChildren(planning, { wallet, hotkey, netuid: values.netuid, children: [] }),
    })
    return { ...done, wallet, hotkey, netuid: values.netuid, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) => childrenText(done, style),
    json: (done) => childrenJson(done),
  },
})
