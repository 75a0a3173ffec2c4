/** `btcli swap_coldkey`: move everything of a coldkey to a new one, in two steps. */
import { defineCommand, flag, option } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { destinationFacts, lookalikeRisk } from '../cli/knownDestinations.js'
import { oneOf, signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { freeChange } from '../core/plans/callPlan.js'
import {
  type ColdkeySwapPlan,
  planColdkeySwap,
  type SwapAction,
} from '../core/plans/coldkeySwapPlan.js'
import type { Party } from '../core/plans/plan.js'

const ACTIONS = ['announce', 'execute', 'clear', 'dispute'] as const

type Done = SingleDone<ColdkeySwapPlan> & {
  readonly action: SwapAction
  readonly wallet: Party
  readonly to: Party | undefined
}

export const swapColdkey = defineCommand({
  name: 'swap_coldkey',
  summary: 'Move everything of a coldkey to a new coldkey.',
  positionals: [
    {
      name: 'action',
      description: 'announce it, execute it after the delay, clear or dispute it',
      required: true,
      choices: ACTIONS,
    },
  ],
  options: {
    walletName,
    newColdkey: option({
      flags: '--new_coldkey, --new_coldkey_ss58, --new <ss58>',
      description:
        'the new coldkey: ss58, 0x public key, wallet:NAME or a name of the address book; to announce and to execute',
      parse: parseDestination,
      address: 'party',
      ask: { message: 'Enter the new coldkey: address, wallet:NAME or @NAME' },
      askWhen: (_, [action]) => action === 'announce' || action === 'execute',
      optional: true,
    }),
    allowLookalike: flag({
      flags: '--allow_lookalike',
      description: 'go on although the new coldkey resembles an address that is known',
    }),
    ...signing,
  },
  examples: [
    'swap_coldkey announce -w alice --new_coldkey wallet:alice2',
    'swap_coldkey execute -w alice --new_coldkey wallet:alice2 --dry_run',
  ],
  notes:
    'For a coldkey that others may have seen. The announcement costs τ; the delay lets an owner notice a swap that a thief announced: swap_check shows it. On runtimes before 2026 the chain carries an announced swap out by itself.',

  async run(ctx, values, [word = '']): Promise<Done> {
    const action = oneOf(word, ACTIONS)
    const { opened, wallet } = await openColdkey(ctx, values)
    const resolved = values.newColdkey && (await resolveDestination(ctx, values.newColdkey))
    const { genesisHash } = await ctx.chain()
    const known =
      resolved && (await destinationFacts(ctx, { address: resolved.address, genesisHash }))
    const risk = known && lookalikeRisk(known, values.allowLookalike)
    const terms = { action, wallet, to: resolved }
    const done = await transact(ctx, {
      title: 'Swap coldkey',
      wallet: opened,
      key: 'coldkey',
      values,
      async plan(planning) {
        const plan = await planColdkeySwap(planning, terms)
        return risk ? { ...plan, risks: [risk] } : plan
      },
    })
    return { ...done, ...terms, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Coldkey swap of ${done.wallet.name}: ${DONE[done.action]}`,
        changes: (before, after) => [freeChange(done.wallet, before, after)],
      }),
    json: (done) => {
      const result = done.results.at(-1)
      const pending = result?.ok ? result.after?.more : undefined
      return {
        action: done.action,
        coldkey: done.wallet.address,
        newColdkey: done.to?.address ?? null,
        pendingBlock: pending?.block ?? null,
        ...singleJson(done),
      }
    },
  },
})

const DONE: Readonly<Record<SwapAction, string>> = {
  announce: 'announced',
  execute: 'carried out',
  clear: 'taken back',
  dispute: 'disputed',
}
