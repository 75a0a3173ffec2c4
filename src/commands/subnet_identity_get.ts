/** `btcli subnet_identity_get`: what the owner of a subnet says of it. */
import { defineCommand } from '../cli/define.js'
import { identityJson, identityTable } from '../cli/identityShow.js'
import { askNetuid } from '../cli/netuid.js'
import { block, netuid } from '../cli/options.js'
import { readSubnetIdentities, requireIdentities } from '../core/chain/identities.js'
import { existingSubnet } from '../core/chain/subnets.js'

export const subnetIdentityGet = defineCommand({
  name: 'subnet_identity_get',
  summary: 'Show what the owner of a subnet says of it.',
  options: { netuid: { ...netuid, ask: askNetuid }, block },
  examples: ['subnet_identity_get --netuid 3', 'subnet_identity_get -n 3 --json_output'],

  async run(ctx, values) {
    const view = await ctx.head()
    requireIdentities(view, 'subnets')
    await existingSubnet(view, values.netuid)
    const identity = (await readSubnetIdentities(view, [values.netuid])).get(values.netuid)
    return { network: view.network, block: view.block.number, netuid: values.netuid, identity }
  },

  render: {
    table: ({ network, block, netuid: subnet, identity }, { style }) =>
      identityTable(
        `Identity of subnet ${subnet}`,
        identity,
        `${network} ${style.sign.dot} block ${block}`,
      ),
    json: ({ block, netuid: subnet, identity }) => ({
      netuid: subnet,
      block,
      identity: identityJson(identity),
    }),
  },
})
