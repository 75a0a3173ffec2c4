/** `btcli subnet_identity_set`: say on chain what a subnet is. */
import type { Context } from '../cli/context.js'
import { defineCommand, type SoFar } from '../cli/define.js'
import { askedFields } from '../cli/identityQuestions.js'
import { identityJson } from '../cli/identityShow.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { givenIdentity, subnetIdentityOptions } from '../cli/subnetIdentityOptions.js'
import { transact } from '../cli/transact.js'
import {
  readSubnetIdentities,
  requireIdentities,
  type SubnetIdentity,
} from '../core/chain/identities.js'
import { existingSubnet } from '../core/chain/subnets.js'
import { type CallPlan, freeChange } from '../core/plans/callPlan.js'
import { planSubnetIdentity } from '../core/plans/identityPlan.js'
import type { Party } from '../core/plans/plan.js'

/** The present identity, for the questions. @throws {BittensorError} where there can be none */
async function identityNow(ctx: Context, { netuid: subnet }: SoFar) {
  const view = await ctx.head()
  requireIdentities(view, 'subnets')
  await existingSubnet(view, Number(subnet))
  const now = (await readSubnetIdentities(view, [Number(subnet)])).get(Number(subnet))
  return now && { ...now, subnetName: now.name }
}

type Done = SingleDone<CallPlan<SubnetIdentity | undefined>> & {
  readonly wallet: Party
  readonly netuid: number
}

export const subnetIdentitySet = defineCommand({
  name: 'subnet_identity_set',
  summary: 'Say on chain what a subnet is.',
  options: {
    walletName,
    netuid: { ...netuid, ask: askNetuidToSign },
    ...askedFields(subnetIdentityOptions, identityNow),
    ...signing,
  },
  examples: [
    'subnet_identity_set -w owner --netuid 3 --subnet_name Granary --subnet_url https://granary.example',
    'subnet_identity_set -w owner -n 3 --description "Stores files." --dry_run',
  ],
  notes:
    'The owner of the subnet signs. What is not given stays as it is; an empty text removes a field.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet } = await openColdkey(ctx, values)
    const terms = { wallet, netuid: values.netuid, given: givenIdentity(values) }
    const done = await transact(ctx, {
      title: 'Set subnet identity',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planSubnetIdentity(planning, terms),
    })
    return { ...done, wallet, netuid: values.netuid, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Set the identity of subnet ${done.netuid}`,
        changes: (before, after) => [freeChange(done.wallet, before, after)],
      }),
    json: (done) => {
      const result = done.results.at(-1)
      return {
        netuid: done.netuid,
        coldkey: done.wallet.address,
        identity: identityJson(result?.ok ? result.after?.more : undefined),
        ...singleJson(done),
      }
    },
  },
})
