/** `btcli stake_transfer`: give stake to another coldkey without selling it. */
import { defineCommand, flag, option } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { destinationFacts, lookalikeRisk } from '../cli/knownDestinations.js'
import {
  type MoveDone,
  moveAmounts,
  moveJson,
  moveOptions,
  moveText,
  wantedAlpha,
} from '../cli/moveCommand.js'
import { signing } from '../cli/options.js'
import { openParties, partyOptions } from '../cli/parties.js'
import { swapOptions } from '../cli/swapOptions.js'
import { transact } from '../cli/transact.js'
import { planMove } from '../core/plans/movePlan.js'

const { allowPartial: _, ...tolerance } = swapOptions

export const stakeTransfer = defineCommand({
  name: 'stake_transfer',
  summary: 'Give stake to another coldkey.',
  usage: '--dest COLDKEY --origin_netuid N [--dest_netuid M] (--amount_alpha A | --all) [options]',
  options: {
    ...partyOptions,
    dest: option({
      flags: '--dest, --dest_coldkey <ss58>',
      description:
        'coldkey that gets the stake: ss58, 0x public key, wallet:NAME or a name of the address book',
      parse: parseDestination,
      address: 'party',
      ask: { message: 'Enter the coldkey that gets the stake' },
    }),
    ...moveOptions,
    ...moveAmounts,
    ...tolerance,
    allowLookalike: flag({
      flags: '--allow_lookalike',
      description: 'send although the destination resembles an address that is known',
    }),
    ...signing,
  },
  examples: [
    'stake_transfer -w alice -H validator --dest wallet:bob --origin_netuid 3 --amount_alpha 10',
    'stake_transfer -w alice -H 5Hot… --dest @partner -o 3 --all --dry_run',
  ],
  notes:
    'The stake stays on its hotkey and belongs to the other coldkey from then on. A subnet may forbid that.',

  async run(ctx, values): Promise<MoveDone> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const resolved = await resolveDestination(ctx, values.dest)
    const { genesisHash } = await ctx.chain()
    const known = await destinationFacts(ctx, { address: resolved.address, genesisHash })
    const risk = lookalikeRisk(known, values.allowLookalike)
    const from = { coldkey: wallet, hotkey, netuid: values.originNetuid }
    const to = {
      coldkey: { ...resolved, note: known.note },
      hotkey,
      netuid: values.destNetuid ?? values.originNetuid,
    }
    const terms = { ...values, kind: 'transfer', from, to, allowPartial: false } as const
    const done = await transact(ctx, {
      title: 'Transfer stake',
      wallet: opened,
      key: 'coldkey',
      values,
      async plan(planning) {
        const plan = await planMove(planning, { ...terms, wanted: wantedAlpha(values) })
        return risk ? { ...plan, risks: [risk] } : plan
      },
    })
    return { ...done, verb: 'Transferred', from, to, commandLine: ctx.commandLine() }
  },

  render: { table: (done, { style }) => moveText(done, style), json: (done) => moveJson(done) },
})
