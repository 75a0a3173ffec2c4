/** Names and addresses that people and subnets give themselves. */
import type { RuntimeContext } from '../../pallet.js'
import { signedBy } from '../../pallets/system.js'
import { ensure } from './errors.js'
import { isRegisteredAnywhere } from './neurons.js'
import { S } from './storage.js'
import type { ChainIdentityValue, SubnetIdentityValue } from './types.js'

type Limits = Readonly<Record<string, number>>

/** Longest texts, in bytes. */
const PERSON: Limits = {
  name: 256,
  url: 256,
  github_repo: 256,
  image: 1024,
  discord: 256,
  description: 1024,
  additional: 1024,
}
const SUBNET: Limits = {
  subnet_name: 256,
  github_repo: 1024,
  subnet_contact: 1024,
  subnet_url: 1024,
  discord: 256,
  description: 1024,
  logo_url: 1024,
  additional: 1024,
}

const fits = (texts: Readonly<Record<string, Uint8Array>>, limits: Limits): boolean =>
  Object.entries(limits).every(([name, limit]) => (texts[name]?.length ?? 0) <= limit)

/** Sets the identity of the signer, who must own a hotkey that is registered somewhere. */
export function setIdentity(context: RuntimeContext, identity: ChainIdentityValue): undefined {
  const { state } = context
  const coldkey = signedBy(context.origin)
  const hotkeys = state.get(S.OwnedHotkeys, coldkey)
  const registered = hotkeys.some((hotkey) => isRegisteredAnywhere(state, hotkey))
  ensure(registered, 'HotKeyNotRegisteredInNetwork')
  ensure(fits(identity, PERSON), 'InvalidIdentity')
  state.set(S.IdentitiesV2, [coldkey], identity)
  context.emit('SubtensorModule', 'ChainIdentitySet', coldkey)
}

export const checkSubnetIdentity = (identity: SubnetIdentityValue): void =>
  ensure(fits(identity, SUBNET), 'InvalidIdentity')

/** Stores a subnet's identity. Raises SubnetIdentitySet. */
export function setSubnetIdentity(
  context: Pick<RuntimeContext, 'state' | 'emit'>,
  netuid: number,
  identity: SubnetIdentityValue,
): void {
  context.state.set(S.SubnetIdentitiesV3, [netuid], identity)
  context.emit('SubtensorModule', 'SubnetIdentitySet', netuid)
}

/** The call of the subnet's owner. */
export function nameSubnet(
  context: RuntimeContext,
  { netuid, ...identity }: SubnetIdentityValue & { netuid: number },
): undefined {
  const coldkey = signedBy(context.origin)
  ensure(context.state.get(S.SubnetOwner, netuid) === coldkey, 'NotSubnetOwner')
  checkSubnetIdentity(identity)
  setSubnetIdentity(context, netuid, identity)
}
