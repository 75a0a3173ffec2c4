/** `btcli delegate`: stake τ of the coldkey to a delegate. */

import { defineCommand } from '../cli/define.js'
import { delegateToStake, resolveDelegate } from '../cli/delegateChoice.js'
import { signing, walletName } from '../cli/options.js'
import { problemOf } from '../cli/sendAll.js'
import { spendingWallet } from '../cli/spendingWallet.js'
import { stakeAmounts, stakeNetuid, wantedToStake } from '../cli/stakeAmounts.js'
import type { StakeDone } from '../cli/stakeShow.js'
import { stakeJson, stakeTable } from '../cli/stakeShow.js'
import { swapOptions } from '../cli/swapOptions.js'
import { transact } from '../cli/transact.js'
import { readTakeOf } from '../core/chain/delegates.js'
import type { ChainView } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import type { StakeTerms } from '../core/plans/stakePlan.js'
import { planStake } from '../core/plans/stakePlan.js'

export const delegate = defineCommand({
  name: 'delegate',
  summary: 'Delegate Stake to an account.',
  usage: '--delegate_ss58key ADDRESS (--amount N | --all [--keep N]) [options]',
  options: {
    delegate: delegateToStake,
    walletName,
    netuid: stakeNetuid('stake in'),
    ...stakeAmounts,
    ...swapOptions,
    ...signing,
  },
  examples: [
    'delegate --wallet.name alice --delegate_ss58key 5Hav… --amount 10',
    'delegate -w alice --delegate Aurora --all --keep 0.01 --dry_run',
    'delegate -w alice --delegate_ss58key 5Hav… -a 10 -y --json_output',
  ],
  notes:
    'Delegated τ stays yours and comes back with `btcli undelegate`. The delegate keeps its take of what the stake earns. btcli list_delegates compares them.',

  async run(ctx, values): Promise<StakeDone> {
    const wallet = await spendingWallet(ctx, { name: values.walletName }, values)
    const coldkey = await wallet.coldkeypubAddress()
    const target = await resolveDelegate(ctx, values.delegate)
    const terms: StakeTerms = {
      ...values,
      wallet: wallet.name,
      coldkey,
      targets: [target],
      delegates: true,
      wanted: wantedToStake({ ...values, maxStake: undefined }),
      split: false,
      batch: false,
    }
    const done = await transact(ctx, {
      title: 'Delegate',
      wallet,
      key: 'coldkey',
      values,
      plan: async (planning) => {
        await checkDelegate(planning.view, target.address)
        return planStake(planning, terms)
      },
    })
    return {
      ...done,
      verb: 'Delegated' as const,
      wallet: wallet.name,
      coldkey,
      netuid: values.netuid,
      commandLine: ctx.commandLine(),
    }
  },

  render: { table: (done, view) => stakeTable(done, view), json: (done) => stakeJson(done) },
  problem: ({ results }) => problemOf(results),
})

/** On dTAO chains everyone may stake to every hotkey. */
async function checkDelegate(view: ChainView, hotkey: Ss58): Promise<void> {
  if (view.era === 'dtao' || (await readTakeOf(view, hotkey)) !== undefined) return
  throw new BittensorError('NOT_DELEGATE', `${hotkey} is not a delegate`, {
    details: 'nobody but its owner can stake to it',
    hint: 'btcli list_delegates shows who is one',
    data: { hotkey },
  })
}
