/** `btcli claim_set`: what becomes of root dividends. */
import { defineCommand, list, option } from '../cli/define.js'
import { oneOf, parseNetuid, signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import type { RootClaimType } from '../core/chain/rootClaims.js'
import { BittensorError } from '../core/errors.js'
import { type CallPlan, freeChange } from '../core/plans/callPlan.js'
import type { Party } from '../core/plans/plan.js'
import { claimTypeText, planClaimType } from '../core/plans/rootClaimPlan.js'

type Done = SingleDone<CallPlan<RootClaimType>> & {
  readonly wallet: Party
  readonly type: RootClaimType
}

export const claimSet = defineCommand({
  name: 'claim_set',
  summary: 'Decide what becomes of root dividends.',
  options: {
    walletName,
    type: option({
      flags: '--type, --claim_type <swap|keep|keep_subnets>',
      description: 'sell for τ on root, keep as alpha, or keep on --keep_netuids only',
      parse: (text) => oneOf(text.replaceAll('-', '_'), ['swap', 'keep', 'keep_subnets']),
      ask: {
        message: 'What shall become of root dividends?',
        choices: [
          { value: 'swap', description: 'sell them for τ that is staked on root' },
          { value: 'keep', description: 'keep them as alpha of the subnets' },
        ],
      },
    }),
    keepNetuids: list({
      flags: '--keep_netuids, --netuids <n...>',
      description: 'with keep_subnets: where to keep alpha; it is sold elsewhere',
      parse: parseNetuid,
    }),
    ...signing,
  },
  examples: [
    'claim_set -w alice --type keep',
    'claim_set -w alice --type keep_subnets --keep_netuids 3 7 --dry_run',
  ],
  notes: 'It holds for all root stake of the coldkey, also for what can be claimed already.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet } = await openColdkey(ctx, values)
    const type = typeOf(values)
    const done = await transact(ctx, {
      title: 'Set root claim',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planClaimType(planning, { wallet, type }),
    })
    return { ...done, wallet, type, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Root dividends of ${done.wallet.name} are ${claimTypeText(done.type)}`,
        changes: (before, after) => [freeChange(done.wallet, before, after)],
      }),
    json: (done) => ({
      coldkey: done.wallet.address,
      claimType: done.type.type,
      keepSubnets: done.type.type === 'KeepSubnets' ? done.type.subnets : null,
      ...singleJson(done),
    }),
  },
})

function typeOf(values: {
  readonly type: 'swap' | 'keep' | 'keep_subnets'
  readonly keepNetuids: readonly number[]
}): RootClaimType {
  const { type, keepNetuids } = values
  if ((type === 'keep_subnets') !== keepNetuids.length > 0) {
    throw new BittensorError('USAGE', '--type keep_subnets and --keep_netuids belong together')
  }
  if (type !== 'keep_subnets') return { type: type === 'swap' ? 'Swap' : 'Keep' }
  return { type: 'KeepSubnets', subnets: keepNetuids.toSorted((a, b) => a - b) }
}
