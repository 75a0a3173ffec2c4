/** `btcli stake_move`: move stake to another hotkey, in the same subnet or another. */
import { defineCommand, option } from '../cli/define.js'
import {
  type MoveDone,
  moveAmounts,
  moveJson,
  moveOptions,
  moveText,
  wantedAlpha,
} from '../cli/moveCommand.js'
import { signing } from '../cli/options.js'
import { hotkeyParty, openParties, partyOptions } from '../cli/parties.js'
import { swapOptions } from '../cli/swapOptions.js'
import { transact } from '../cli/transact.js'
import { planMove } from '../core/plans/movePlan.js'

const { allowPartial: _, ...tolerance } = swapOptions

export const stakeMove = defineCommand({
  name: 'stake_move',
  summary: 'Move stake to another hotkey.',
  usage:
    '--dest_hotkey HOTKEY --origin_netuid N [--dest_netuid M] (--amount_alpha A | --all) [options]',
  options: {
    ...partyOptions,
    destHotkey: option({
      flags: '--dest_hotkey, --dest, --destination_hotkey <name|ss58>',
      address: 'hotkey',
      description: 'hotkey that gets the stake: one of the wallet by name, or an address',
      ask: { message: 'Enter the hotkey that gets the stake' },
    }),
    ...moveOptions,
    ...moveAmounts,
    ...tolerance,
    ...signing,
  },
  examples: [
    'stake_move -w alice -H validator --dest_hotkey 5Hot… --origin_netuid 3 --amount_alpha 10',
    'stake_move -w alice -H 5Old… --dest_hotkey 5New… -o 3 --dest_netuid 0 --all --dry_run',
  ],
  notes:
    'In the same subnet the alpha moves one to one. Into another it is sold and bought again, at the prices of both pools; before 2026 the chain takes no limit for that, so the price is checked before sending only.',

  async run(ctx, values): Promise<MoveDone> {
    const { opened, wallet, hotkey } = await openParties(ctx, values)
    const from = { coldkey: wallet, hotkey, netuid: values.originNetuid }
    const to = {
      coldkey: wallet,
      hotkey: await hotkeyParty(ctx, values.walletName, values.destHotkey),
      netuid: values.destNetuid ?? values.originNetuid,
    }
    const terms = { ...values, kind: 'move', from, to, allowPartial: false } as const
    const done = await transact(ctx, {
      title: 'Move stake',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planMove(planning, { ...terms, wanted: wantedAlpha(values) }),
    })
    return { ...done, verb: 'Moved', from, to, commandLine: ctx.commandLine() }
  },

  render: { table: (done, { style }) => moveText(done, style), json: (done) => moveJson(done) },
})
