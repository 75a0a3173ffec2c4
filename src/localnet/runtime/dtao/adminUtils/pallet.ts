/** AdminUtils of spec 343: settings of the chain and of its subnets. */
import {
  blake,
  call,
  cost,
  errorsInOrder,
  eventsInOrder,
  map,
  type Pallet,
  storageOf,
} from '../../pallet.js'
import { ensureRoot } from '../../pallets/system.js'
import { bool, u16, variant } from '../../scale.js'
import { consensusCalls } from './consensus.js'
import { ERRORS } from './errors.js'
import { globalCalls } from './global.js'
import { mechanismCalls } from './mechanisms.js'
import { registrationCalls } from './registration.js'

const PRECOMPILES = [
  'BalanceTransfer',
  'Staking',
  'Subnet',
  'Metagraph',
  'Neuron',
  'UidLookup',
  'Alpha',
  'Crowdloan',
  'PureProxy',
  'Leasing',
]
const PrecompileEnum = variant(
  () => Object.fromEntries(PRECOMPILES.map((name, index) => [name, { index }])),
  { path: ['pallet_admin_utils', 'pallet', 'PrecompileEnum'] },
)

const storage = storageOf('AdminUtils', {
  PrecompileEnable: map([blake(PrecompileEnum)], bool, true),
})

const toggled = { netuid: u16, enabled: bool }

export const adminUtilsPallet: Pallet = {
  name: 'AdminUtils',
  index: 19,
  crate: 'pallet_admin_utils',
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage,
  calls: {
    ...globalCalls,
    ...registrationCalls,
    ...consensusCalls,
    ...mechanismCalls,
    sudo_toggle_evm_precompile: call({
      index: 62,
      args: { precompile_id: PrecompileEnum, enabled: bool },
      weight: cost(10_020_000, 3507, 1, 0),
      class: 'Operational',
      run({ origin, state, emit }, { precompile_id, enabled }) {
        ensureRoot(origin)
        if (state.get(storage.PrecompileEnable, precompile_id) === enabled) return undefined
        state.set(storage.PrecompileEnable, [precompile_id], enabled)
        emit('AdminUtils', 'PrecompileUpdated', { precompile_id, enabled })
        return undefined
      },
    }),
  },
  events: eventsInOrder({
    PrecompileUpdated: { precompile_id: PrecompileEnum, enabled: bool },
    Yuma3EnableToggled: toggled,
    BondsResetToggled: toggled,
  }),
  errors: errorsInOrder(ERRORS),
  constants: {},
}
