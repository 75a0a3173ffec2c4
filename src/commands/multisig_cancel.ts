/** `btcli multisig_cancel`: take back a call that was not made yet. */
import { defineCommand } from '../cli/define.js'
import {
  actAsSignatory,
  type MultisigDone,
  multisigCall,
  multisigJson,
  multisigOptions,
  multisigText,
} from '../cli/multisigCommand.js'
import { planCancel } from '../core/plans/multisigPlan.js'

export const multisigCancel = defineCommand({
  name: 'multisig_cancel',
  summary: 'Take back a call that was not made yet.',
  usage: '<call> --threshold N --signatories ACCOUNT… [options]',
  options: multisigOptions,
  positionals: multisigCall,
  open: true,
  examples: [
    'multisig_cancel 0x7a4e…c1 -w alice --threshold 2 --signatories wallet:bob 5Carol…',
    'multisig cancel Balances.transfer_keep_alive --dest @exchange --value 5tao -w alice --threshold 2 --signatories wallet:bob 5Carol…',
  ],
  notes: 'Only who approved it first can, and gets the deposit back.',

  async run(ctx, values, [call = ''], extra): Promise<MultisigDone> {
    return actAsSignatory(
      ctx,
      values,
      { call, extra },
      { title: 'Cancel a call of a multisig', plan: planCancel },
    )
  },

  render: {
    table: (done, { style }) => multisigText(done, style, (name) => `Cancelled ${name}`),
    json: (done) => multisigJson(done),
  },
})
