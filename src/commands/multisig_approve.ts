/** `btcli multisig_approve`: approve a call of an account of several signatories. */
import { defineCommand } from '../cli/define.js'
import {
  actAsSignatory,
  type MultisigDone,
  multisigCall,
  multisigJson,
  multisigOptions,
  multisigText,
} from '../cli/multisigCommand.js'
import { planApprove } from '../core/plans/multisigPlan.js'

export const multisigApprove = defineCommand({
  name: 'multisig_approve',
  summary: 'Approve a call of an account of several signatories.',
  usage: '<call> --threshold N --signatories ACCOUNT… [options]',
  options: multisigOptions,
  positionals: multisigCall,
  open: true,
  examples: [
    'multisig_approve Balances.transfer_keep_alive --dest @exchange --value 5tao -w alice --threshold 2 --signatories wallet:bob 5Carol…',
    'multisig approve 0x7a4e…c1 -w bob --threshold 2 --signatories 5Alice… 5Carol… --dry_run',
  ],
  notes:
    'The account of a multisig follows from its signatories and the threshold. The first to approve reserves a deposit until the call is made or cancelled. The last one uses multisig_execute at once.',

  async run(ctx, values, [call = ''], extra): Promise<MultisigDone> {
    return actAsSignatory(
      ctx,
      values,
      { call, extra },
      { title: 'Approve a call of a multisig', plan: planApprove },
    )
  },

  render: {
    table: (done, { style }) =>
      multisigText(
        done,
        style,
        (name, left) => `Approved ${name}: ${left?.approvals.length ?? 0} of ${done.threshold}`,
      ),
    json: (done) => multisigJson(done),
  },
})
