/** `btcli faucet`: free τ on chains that give some for a proof of work. */
import { defineCommand } from '../cli/define.js'
import { type FaucetPlan, faucetPlanner, noFaucet } from '../cli/faucetPlan.js'
import type { Guard } from '../cli/guard.js'
import { ownSigning, walletName } from '../cli/options.js'
import { searching } from '../cli/powOptions.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { BittensorError } from '../core/errors.js'
import type { Party } from '../core/plans/plan.js'
import { tryProof } from '../core/plans/trial.js'
import { formatTao } from '../core/units.js'
import { openWallet } from '../core/wallet/wallet.js'

type Done = SingleDone<FaucetPlan> & { readonly wallet: Party }

export const faucet = defineCommand({
  name: 'faucet',
  summary: 'Get free τ from a test chain by proof of work.',
  streams: true,
  options: { walletName, ...searching, ...ownSigning },
  examples: [
    'faucet --wallet.name alice --subtensor.network local',
    'faucet -w alice -y --json_output',
  ],
  notes:
    'Only chains built for development have a faucet. The proof takes about a million hashes, a second or two, and is good for three blocks.',

  async run(ctx, values): Promise<Done> {
    const opened = openWallet(
      { root: ctx.paths.wallets, name: values.walletName },
      { onWarning: ctx.warn },
    )
    const wallet = { name: opened.name, address: await opened.coldkeypubAddress() }
    try {
      const client = await ctx.chain()
      const trial: Guard = {
        beforeSend: async ({ call }, transaction) =>
          tryProof(client, call, transaction, await client.head()),
      }
      const guards = [trial, ...ctx.guards]
      const done = await transact(
        { ...ctx, guards },
        {
          title: 'Faucet',
          wallet: opened,
          key: 'coldkey',
          values,
          plan: faucetPlanner(ctx, wallet, values),
        },
      )
      return { ...done, wallet, commandLine: ctx.commandLine() }
    } catch (error) {
      throw isDisabled(error)
        ? noFaucet(
            (await ctx.chain()).network,
            'its runtime was built without one: SubtensorModule.FaucetDisabled',
          )
        : error
    }
  },

  render: {
    table(done, { style }) {
      const gained = gainOf(done)
      return singleText(done, style, {
        headline: `The faucet gave ${gained === undefined ? 'τ' : `τ${formatTao(gained)}`} to ${done.wallet.name}`,
        changes: (before, after) => [{ label: `${done.wallet.name}, free`, before, after }],
      })
    },
    json(done) {
      const result = done.results.at(-1)
      return {
        coldkey: done.wallet.address,
        gainedRao: gainOf(done) ?? null,
        balanceBeforeRao: (result?.ok ? result.before : undefined) ?? null,
        balanceAfterRao: (result?.ok ? result.after : undefined) ?? null,
        ...singleJson(done),
      }
    },
  },
})

function gainOf({ results }: Done): bigint | undefined {
  const result = results.at(-1)
  if (!result?.ok || result.before === undefined || result.after === undefined) return undefined
  return result.after - result.before
}

/** Only an attempt or a dry run tells: the call is in the metadata of chains that refuse it. */
function isDisabled(error: unknown): boolean {
  if (!(error instanceof BittensorError)) return false
  const { name, answers } = error.data ?? {}
  return [name, answers].flat().includes('FaucetDisabled')
}
