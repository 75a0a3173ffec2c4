/** SubtensorModule of spec 343: subnets with pools, neurons, stake in alpha, weights, emission. */
import type { Pallet } from '../../pallet.js'
import type { RuntimeOptions } from '../../profile.js'
import { blockStep } from './blockStep.js'
import { keyCalls } from './calls/keys.js'
import { networkCalls } from './calls/network.js'
import { faucetCall, neuronCalls } from './calls/neuron.js'
import { stakeCalls } from './calls/stake.js'
import { weightCalls } from './calls/weights.js'
import { constants } from './constants.js'
import { errors } from './errors.js'
import { events } from './events.js'
import { S } from './storage.js'

/** The pallet with its variations. */
export function subtensorPallet(options: RuntimeOptions): Pallet {
  return {
    name: 'SubtensorModule',
    index: 7,
    crate: 'pallet_subtensor',
    generics: { call: ['T'], event: ['T'], error: ['T'] },
    storage: S,
    calls: {
      ...weightCalls,
      ...neuronCalls,
      ...stakeCalls,
      ...keyCalls,
      ...networkCalls,
      faucet: faucetCall(options.faucet ?? false),
    },
    events,
    errors,
    constants,
    onInitialize: blockStep,
  }
}
