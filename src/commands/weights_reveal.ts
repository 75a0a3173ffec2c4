/** `btcli weights_reveal`: reveal weights that were committed as a hash. */
import { defineCommand, list } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, ownSigning, wholeNumber } from '../cli/options.js'
import { openHotkey, partyOptions } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { keptOpenings } from '../cli/weightCommits.js'
import { weightOptions } from '../cli/weightOptions.js'
import { BittensorError } from '../core/errors.js'
import { type Opening, planReveal, type RevealPlan } from '../core/plans/commitPlan.js'
import type { Party } from '../core/plans/plan.js'
import { weightsToChain } from '../core/weights.js'

type Done = SingleDone<RevealPlan> & { readonly hotkey: Party; readonly netuid: number }

export const weightsReveal = defineCommand({
  name: 'weights_reveal',
  summary: 'Reveal weights that were committed as a hash.',
  options: {
    netuid: { ...netuid, ask: askNetuidToSign },
    ...partyOptions,
    ...weightOptions,
    salt: list({
      flags: '-s, --salt <n...>',
      description: 'the salt of the commit; kept on the machine that made it',
      parse: (text) => wholeNumber(text, 0, 65_535),
    }),
    ...ownSigning,
  },
  examples: [
    'weights_reveal --netuid 3 -w alice -H validator',
    'weights_reveal -n 3 -w alice -H validator -u 4 5 --weights 1 1 --salt 7 8 9 --version_key 0',
  ],
  notes:
    'It is possible in one epoch only, RevealPeriodEpochs after that of the commit. Timelocked commits are revealed by the chain.',

  async run(ctx, values): Promise<Done> {
    const { opened, hotkey } = await openHotkey(ctx, values)
    const given = typed()
    const terms = {
      hotkey,
      netuid: values.netuid,
      openings: given ?? (await keptOpenings(ctx, hotkey.address, values.netuid)),
      isTyped: given !== undefined,
    }
    const done = await transact(ctx, {
      title: 'Reveal weights',
      wallet: opened,
      key: 'hotkey',
      values,
      plan: (planning) => planReveal(planning, terms),
    })
    return { ...done, hotkey, netuid: values.netuid, commandLine: ctx.commandLine() }

    function typed(): Opening[] | undefined {
      const { uids, weights, salt, versionKey } = values
      if (uids.length + weights.length + salt.length === 0) return undefined
      if (uids.length === 0 || salt.length === 0 || versionKey === undefined) {
        throw new BittensorError(
          'USAGE',
          '--uids, --weights, --salt and --version_key belong together',
        )
      }
      const chain = weightsToChain(uids, weights)
      return [
        {
          hotkey: hotkey.address,
          netuid: values.netuid,
          uids: chain.uids,
          values: chain.values,
          salt,
          versionKey,
        },
      ]
    }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Revealed ${done.plan.opening.uids.length} weights on subnet ${done.netuid}`,
      }),
    json: (done) => ({
      netuid: done.netuid,
      hotkey: done.hotkey.address,
      uids: done.plan.opening.uids,
      weights: done.plan.opening.values,
      ...singleJson(done),
    }),
  },
})
