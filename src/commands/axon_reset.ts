/** `btcli axon_reset`: take back where a neuron can be reached. */
import { type AxonDone, axonJson, axonText } from '../cli/axonShow.js'
import { defineCommand } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, ownSigning } from '../cli/options.js'
import { openHotkey, partyOptions } from '../cli/parties.js'
import { transact } from '../cli/transact.js'
import { planAxon } from '../core/plans/axonPlan.js'

export const axonReset = defineCommand({
  name: 'axon_reset',
  summary: 'Take back on chain where a neuron can be reached.',
  options: { netuid: { ...netuid, ask: askNetuidToSign }, ...partyOptions, ...ownSigning },
  examples: [
    'axon_reset --netuid 3 -w alice -H miner1',
    'axon_reset -n 3 -w alice -H miner1 --dry_run',
  ],
  notes: 'The address 0.0.0.0 stands for none. Runtimes before 2025 refuse it.',

  async run(ctx, values): Promise<AxonDone> {
    const { opened, hotkey } = await openHotkey(ctx, values)
    const terms = { hotkey, netuid: values.netuid, endpoint: undefined }
    const done = await transact(ctx, {
      title: 'Reset axon',
      wallet: opened,
      key: 'hotkey',
      values,
      plan: (planning) => planAxon(planning, terms),
    })
    return { ...done, ...terms, commandLine: ctx.commandLine() }
  },

  render: { table: (done, { style }) => axonText(done, style), json: (done) => axonJson(done) },
})
