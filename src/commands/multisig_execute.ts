/** `btcli multisig_execute`: make a call that enough signatories approved. */
import { defineCommand } from '../cli/define.js'
import {
  actAsSignatory,
  type MultisigDone,
  multisigCall,
  multisigJson,
  multisigOptions,
  multisigText,
} from '../cli/multisigCommand.js'
import { planExecute } from '../core/plans/multisigPlan.js'

export const multisigExecute = defineCommand({
  name: 'multisig_execute',
  summary: 'Make a call that enough signatories approved.',
  usage: '<call> --threshold N --signatories ACCOUNT… [options]',
  options: multisigOptions,
  positionals: multisigCall,
  open: true,
  examples: [
    'multisig_execute Balances.transfer_keep_alive --dest @exchange --value 5tao -w bob --threshold 2 --signatories 5Alice… 5Carol…',
    'multisig execute 0x0503… -w bob --threshold 2 --signatories 5Alice… 5Carol… --dry_run',
  ],
  notes:
    'Whoever makes the call approves it by that, so one approval less is needed before. The call must be the same to the last byte.',

  async run(ctx, values, [call = ''], extra): Promise<MultisigDone> {
    return actAsSignatory(
      ctx,
      values,
      { call, extra },
      { title: 'Make a call of a multisig', plan: planExecute },
    )
  },

  render: {
    table: (done, { style }) => multisigText(done, style, (name) => `Made ${name}`),
    json: (done) => multisigJson(done),
  },
})
