/** `btcli subnet_create`: create a subnet. */
import { defineCommand, option } from '../cli/define.js'
import { parseAmount, signing } from '../cli/options.js'
import { openParties, partyOptions } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { givenIdentity, subnetIdentityOptions } from '../cli/subnetIdentityOptions.js'
import { transact } from '../cli/transact.js'
import { freeChange } from '../core/plans/callPlan.js'
import { subnetIdentityArgument } from '../core/plans/identityPlan.js'
import type { Party } from '../core/plans/plan.js'
import { type CreatePlan, planCreate } from '../core/plans/subnetPlan.js'

type Done = SingleDone<CreatePlan> & { readonly wallet: Party; readonly hotkey: Party }

export const subnetCreate = defineCommand({
  name: 'subnet_create',
  summary: 'Create a subnet.',
  options: {
    ...partyOptions,
    maxCost: option({
      flags: '--max_cost <tao>',
      description: 'do not go on if it costs more',
      parse: parseAmount,
    }),
    ...subnetIdentityOptions,
    ...signing,
  },
  examples: [
    'subnet_create -w alice -H owner --max_cost 500',
    'subnet_create -w alice -H owner --subnet_name Granary --dry_run',
  ],
  notes:
    'The cost is locked and moves from block to block: subnet_cost shows it. The hotkey becomes the first neuron of the subnet.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const { maxCost } = values
    const given = givenIdentity(values)
    const done = await transact(ctx, {
      title: 'Create subnet',
      wallet: opened,
      key: 'coldkey',
      values,
      async plan(planning) {
        const identity = subnetIdentityArgument(planning.client, given)
        return planCreate(planning, { wallet, hotkey, identity, maxCost })
      },
    })
    return { ...done, wallet, hotkey, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: headlineOf(done),
        changes: (before, after) => [freeChange(done.wallet, before, after)],
      }),
    json: (done) => ({
      netuid: createdIn(done) ?? null,
      coldkey: done.wallet.address,
      hotkey: done.hotkey.address,
      costRao: done.plan.cost,
      ...singleJson(done),
    }),
  },
})

/** Where there is no room for it the subnet comes later. */
function headlineOf(done: Done): string {
  const netuid = createdIn(done)
  const result = done.results.at(-1)
  if (netuid !== undefined) return `Created subnet ${netuid}`
  return result?.ok && result.after
    ? 'Paid for a subnet that is not there yet: it waits until another one is dissolved'
    : 'Created subnet'
}

/** The subnet that the coldkey owns now and did not before. */
function createdIn({ results }: Done): number | undefined {
  const result = results.at(-1)
  if (!result?.ok || !result.before || !result.after) return undefined
  const before = result.before.more
  return result.after.more.find((netuid) => !before.includes(netuid))
}
