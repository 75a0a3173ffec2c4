/**
 * The APIs of classic runtimes that describe neurons, subnets, delegates and stakes. The build of spec 143 that is
 * modelled exports none of them, but nodes of its time did, and their clients cannot do without.
 */
import type { Runtime } from '../../runtime/runtime.js'
import type { RuntimeApi } from '../runtimeApis.js'
import { delegateInfoApi } from './delegates.js'
import { neuronInfoApi } from './neurons.js'
import { stakeInfoApi } from './stake.js'
import { subnetInfoApi, subnetRegistrationApi } from './subnets.js'

export function classicInfoApis(runtime: Runtime): RuntimeApi[] {
  // Only runtimes of mid-2023 had the call, and with it the older description of subnets.
  const old = runtime.pallets.some(({ calls }) => Object.hasOwn(calls, 'join_senate'))
  return [delegateInfoApi, neuronInfoApi, stakeInfoApi, subnetInfoApi(old), subnetRegistrationApi]
}
