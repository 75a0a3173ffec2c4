/** `btcli get_take`: what a delegate keeps of what stake on it earns. */
import { defineCommand } from '../cli/define.js'
import { block } from '../cli/options.js'
import { hotkeyParty, partyOptions } from '../cli/parties.js'
import { readTakeOf } from '../core/chain/delegates.js'
import { partyName } from '../core/plans/plan.js'
import { readAppliedTake } from '../core/plans/takePlan.js'
import { takeText } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

export const getTake = defineCommand({
  name: 'get_take',
  summary: 'Show what a hotkey keeps of what stake on it earns.',
  options: { ...partyOptions, block },
  examples: ['get_take -w alice -H validator', 'get_take -H 5Hot… --json_output'],

  async run(ctx, values) {
    const hotkey = await hotkeyParty(ctx, values.walletName, values.walletHotkey)
    const view = await ctx.head()
    const [take, own] = await Promise.all([
      readAppliedTake(view, hotkey),
      readTakeOf(view, hotkey.address),
    ])
    return { hotkey, take, isOwn: own !== undefined, era: view.era }
  },

  render: {
    table: ({ hotkey, take, isOwn, era }) => {
      if (!isOwn && era === 'classic') return `${partyName(hotkey)} is no delegate.`
      return `The take of ${partyName(hotkey)} is ${takeText(take)}${isOwn ? '' : ', the default'}.`
    },
    json: ({ hotkey, take, isOwn, era }) => ({
      hotkey: hotkey.address,
      take: !isOwn && era === 'classic' ? null : take / U16_MAX,
      isDefault: !isOwn,
    }),
  },
})
