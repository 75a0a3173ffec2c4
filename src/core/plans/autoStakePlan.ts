/** What `auto_stake_set` checks, and what it shows before signing. */
import { buildCall } from '../chain/calls.js'
import { readUid } from '../chain/neurons.js'
import { existingSubnet } from '../chain/subnets.js'
import type { ChainView } from '../chain/types.js'
import { asAddress } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type CallPlan, planCall } from './callPlan.js'
import { type Party, type Planning, partyName } from './plan.js'

const MODULE = 'SubtensorModule'

/**
 * The hotkey to which a coldkey's mining rewards of a subnet are staked; undefined while they stay on the mining hotkey.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes before late 2025
 */
export async function readAutoStake(
  view: ChainView,
  coldkey: Ss58,
  netuid: number,
): Promise<Ss58 | undefined> {
  const value = await view.read(MODULE, 'AutoStakeDestination', coldkey, netuid)
  return value === undefined ? undefined : asAddress(value)
}

/**
 * Checks a destination of mining rewards and says what it would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `SUBNET_NOT_FOUND`, `NOT_REGISTERED`, `DUPLICATE` if it is so already,
 * `INSUFFICIENT_BALANCE`
 */
export async function planAutoStake(
  planning: Planning,
  terms: { readonly wallet: Party; readonly hotkey: Party; readonly netuid: number },
): Promise<CallPlan<Ss58 | undefined>> {
  const { client, view } = planning
  const { wallet, hotkey, netuid } = terms
  const call = buildCall(client, MODULE, 'set_coldkey_auto_stake_hotkey', {
    netuid,
    hotkey: hotkey.address,
  })
  await existingSubnet(view, netuid)
  const [uid, now] = await Promise.all([
    readUid(view, netuid, hotkey.address),
    readAutoStake(view, wallet.address, netuid),
  ])
  if (uid === undefined) {
    throw new BittensorError(
      'NOT_REGISTERED',
      `${partyName(hotkey)} is not registered on subnet ${netuid}`,
      { hint: `btcli metagraph --netuid ${netuid} shows who is` },
    )
  }
  if (now === hotkey.address) {
    throw new BittensorError('DUPLICATE', `mining rewards go to ${partyName(hotkey)} already`)
  }
  return planCall<Ss58 | undefined>(planning, {
    signer: wallet,
    call,
    label: `auto-stake of ${wallet.name}`,
    netuids: [netuid],
    measure: (at) => readAutoStake(at, wallet.address, netuid),
    facts: [
      { label: 'rewards', value: `of all your miners on subnet ${netuid}` },
      { label: 'staked to', value: hotkey, note: `uid ${uid}` },
      {
        label: 'now',
        value:
          now === undefined
            ? 'they stay on the hotkey that earned them'
            : { name: '', address: now },
      },
    ],
    question: `Stake mining rewards of subnet ${netuid} to ${partyName(hotkey)} from now on?`,
  })
}
