/** Calls about whole subnets and about who is who. */
import { call, cost } from '../../../pallet.js'
import { AccountId, bytes, option, u16 } from '../../../scale.js'
import { updateSymbol } from '../holding.js'
import { nameSubnet, setIdentity } from '../identities.js'
import { dissolveNetwork, registerNetwork, startCall } from '../networks.js'
import { SubnetIdentityV3 } from '../types.js'

export const networkCalls = {
  register_network: call({
    index: 59,
    args: { hotkey: AccountId },
    weight: cost(235_400_000, 0, 39, 56),
    run: registerNetwork,
  }),
  dissolve_network: call({
    index: 61,
    args: { coldkey: AccountId, netuid: u16 },
    weight: cost(119_000_000, 0, 6, 31),
    class: 'Operational',
    run: dissolveNetwork,
  }),
  set_identity: call({
    index: 68,
    args: {
      name: bytes,
      url: bytes,
      github_repo: bytes,
      image: bytes,
      discord: bytes,
      description: bytes,
      additional: bytes,
    },
    weight: cost(38_230_000, 0, 3, 1),
    run: setIdentity,
  }),
  set_subnet_identity: call({
    index: 78,
    args: {
      netuid: u16,
      subnet_name: bytes,
      github_repo: bytes,
      subnet_contact: bytes,
      subnet_url: bytes,
      discord: bytes,
      description: bytes,
      logo_url: bytes,
      additional: bytes,
    },
    weight: cost(24_350_000, 0, 1, 1),
    run: nameSubnet,
  }),
  register_network_with_identity: call({
    index: 79,
    args: { hotkey: AccountId, identity: option(SubnetIdentityV3) },
    weight: cost(234_200_000, 0, 38, 55),
    run: registerNetwork,
  }),
  start_call: call({
    index: 92,
    args: { netuid: u16 },
    weight: cost(29_780_000, 0, 4, 2),
    run: startCall,
  }),
  update_symbol: call({
    index: 112,
    args: { netuid: u16, symbol: bytes },
    weight: cost(26_200_000, 0, 4, 1),
    run: updateSymbol,
  }),
  root_dissolve_network: call({
    index: 120,
    args: { netuid: u16 },
    weight: cost(119_000_000, 0, 6, 31),
    class: 'Operational',
    run: dissolveNetwork,
  }),
}
