/** `btcli claim_process`: claim root dividends now. */
import { defineCommand, list, option } from '../cli/define.js'
import { parseNetuid, signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import type { RootClaim } from '../core/chain/rootClaims.js'
import { parseAccount } from '../core/keys/ss58.js'
import { freeChange } from '../core/plans/callPlan.js'
import type { Party } from '../core/plans/plan.js'
import { type ClaimPlan, planClaim } from '../core/plans/rootClaimPlan.js'
import { shortAddress } from '../core/plans/texts.js'

type Done = SingleDone<ClaimPlan> & { readonly wallet: Party }

export const claimProcess = defineCommand({
  name: 'claim_process',
  summary: 'Claim root dividends now.',
  options: {
    walletName,
    netuid: list({
      flags: '-n, --netuid, --netuids <n...>',
      description: 'only these subnets, at most five (default: where most is due)',
      parse: parseNetuid,
    }),
    hotkey: option({
      flags: '--hotkey, --hotkey_ss58 <ss58>',
      description:
        'only from this validator, on runtimes since spec 441 (default: the one that owes most)',
      parse: (text) => parseAccount(text).address,
      address: 'account',
      optional: true,
    }),
    ...signing,
  },
  examples: ['claim_process -w alice', 'claim_process -w alice --netuid 3 7 --dry_run'],
  notes:
    'claim_set decides whether they are kept or sold. Since spec 441 each validator has a basket of them, from which they are paid as τ that is staked on root: one validator with each claim.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet } = await openColdkey(ctx, values)
    const done = await transact(ctx, {
      title: 'Claim root dividends',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) =>
        planClaim(planning, {
          wallet,
          netuids: values.netuid,
          hotkey: values.hotkey === undefined ? undefined : { name: '', address: values.hotkey },
        }),
    })
    return { ...done, wallet, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Claimed root dividends ${whereText(done.plan.claims)}`,
        changes: (before, after) => [
          freeChange(done.wallet, before, after),
          ...done.plan.claims.map((claim) => ({
            label: `claimable from ${shortAddress(claim.hotkey)}`,
            netuid: claim.netuid,
            before: claimableIn(before.more, claim),
            after: claimableIn(after.more, claim),
          })),
        ],
      }),
    json: (done) => ({
      coldkey: done.wallet.address,
      claims: done.plan.claims.map(({ hotkey, netuid, claimable }) => ({
        hotkey,
        netuid,
        alphaRao: claimable,
      })),
      ...singleJson(done),
    }),
  },
})

/** Of a basket the validator counts, whose subnets are all in it. */
function whereText(claims: readonly RootClaim[]): string {
  const [first] = claims
  if (first?.netuid === 0) return `from ${shortAddress(first.hotkey)}`
  return `on ${[...new Set(claims.map(({ netuid }) => netuid))].join(', ')}`
}

function claimableIn(claims: readonly RootClaim[], { hotkey, netuid }: RootClaim): bigint {
  const found = claims.find((one) => one.hotkey === hotkey && one.netuid === netuid)
  return found?.claimable ?? 0n
}
