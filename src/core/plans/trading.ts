/** Whether the token of a subnet can be bought and sold. */
import { existingSubnet } from '../chain/subnets.js'
import type { ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'

const MODULE = 'SubtensorModule'

/**
 * @throws {BittensorError} `SUBNET_NOT_FOUND`, or `EXTRINSIC_FAILED` for a subnet whose token is not traded yet
 * (`SubtokenEnabled`): the chain would refuse
 */
export async function checkTrading(view: ChainView, netuid: number): Promise<void> {
  await existingSubnet(view, netuid)
  if (netuid === 0 || !(await isOff(view, 'SubtokenEnabled', netuid))) return
  throw new BittensorError('EXTRINSIC_FAILED', `the token of subnet ${netuid} is not traded yet`, {
    details: 'trading begins when the owner of the subnet starts it',
    hint: `btcli subnet_start --netuid ${netuid} --check`,
    data: { netuid },
  })
}

/** Whether a switch of a subnet exists and is off. */
export async function isOff(view: ChainView, item: string, netuid: number): Promise<boolean> {
  return view.hasStorage(MODULE, item) && (await view.read(MODULE, item, netuid)) === false
}
