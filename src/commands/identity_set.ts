/** `btcli identity_set`: say on chain who owns a coldkey. */
import type { Context } from '../cli/context.js'
import { defineCommand, option, type SoFar } from '../cli/define.js'
import { askedFields } from '../cli/identityQuestions.js'
import { identityJson } from '../cli/identityShow.js'
import { signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { readIdentities, requireIdentities } from '../core/chain/identities.js'
import type { Identity } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { type CallPlan, freeChange } from '../core/plans/callPlan.js'
import { planIdentity } from '../core/plans/identityPlan.js'
import type { Party } from '../core/plans/plan.js'

const fields = {
  name: option({ flags: '--id_name, --display <text>', description: 'name to be shown' }),
  url: option({ flags: '--web_url, --url <url>', description: 'web page' }),
  githubRepo: option({ flags: '--github_repo, --github <url>', description: 'source code' }),
  image: option({ flags: '--image_url, --image <url>', description: 'picture' }),
  discord: option({ flags: '--discord <name>', description: 'name on Discord' }),
  description: option({ flags: '--description <text>', description: 'a few words' }),
  additional: option({ flags: '--additional <text>', description: 'anything else' }),
}

/** The present identity, for the questions. @throws {BittensorError} where there can be none */
async function identityNow(ctx: Context, { walletName: name }: SoFar) {
  const { wallet } = await openColdkey(ctx, { walletName: String(name) })
  const view = await ctx.head()
  requireIdentities(view, 'coldkeys')
  return (await readIdentities(view, [wallet.address])).get(wallet.address)
}

type Done = SingleDone<CallPlan<Identity | undefined>> & { readonly wallet: Party }

export const identitySet = defineCommand({
  name: 'identity_set',
  summary: 'Say on chain who owns a coldkey.',
  options: {
    walletName,
    ...askedFields(fields, identityNow),
    ...signing,
  },
  examples: [
    'identity_set -w alice --id_name Aurora --web_url https://aurora.example',
    'identity_set -w alice --description "" --dry_run',
  ],
  notes:
    'What is not given stays as it is; an empty text removes a field. The coldkey must own a hotkey that is registered on a subnet.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet } = await openColdkey(ctx, values).catch(tellNames)
    const { name, url, githubRepo, image, discord, description, additional } = values
    const given = { name, url, githubRepo, image, discord, description, additional }
    const done = await transact(ctx, {
      title: 'Set identity',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) => planIdentity(planning, { wallet, given }),
    })
    return { ...done, wallet, commandLine: ctx.commandLine() }
  },

  render: {
    table: (done, { style }) =>
      singleText(done, style, {
        headline: `Set the identity of ${done.wallet.name}`,
        changes: (before, after) => [freeChange(done.wallet, before, after)],
      }),
    json: (done) => {
      const result = done.results.at(-1)
      return {
        coldkey: done.wallet.address,
        identity: identityJson(result?.ok ? result.after?.more : undefined),
        ...singleJson(done),
      }
    },
  },
})

/** `--name` is the wallet for all commands; here it is easily meant for the other name. */
function tellNames(error: unknown): never {
  if (!(error instanceof BittensorError) || error.code !== 'WALLET_NOT_FOUND') throw error
  const { message, details, data } = error
  throw new BittensorError(error.code, message, {
    details,
    hint: '--id_name is the name to be shown; --name and --wallet.name are the wallet, see btcli list',
    data,
  })
}
