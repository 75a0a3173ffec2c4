/** The APIs of spec 343, with some later methods, that describe neurons, subnets, delegates, stakes and prices. */
import type { RuntimeApi } from '../runtimeApis.js'
import { delegateInfoApi } from './delegates.js'
import { withLaterMethods } from './later/later.js'
import { betaBasketApi } from './later/stake.js'
import { neuronInfoApi } from './neurons.js'
import { stakeInfoApi } from './stake.js'
import { subnetInfoApi } from './subnetInfo.js'
import { subnetRegistrationApi, swapApi } from './swap.js'

export const dtaoInfoApis: readonly RuntimeApi[] = [
  ...[
    delegateInfoApi,
    neuronInfoApi,
    subnetInfoApi,
    stakeInfoApi,
    subnetRegistrationApi,
    swapApi,
  ].map(withLaterMethods),
  betaBasketApi,
]
