/** The runtime APIs that describe neurons, subnets, delegates and stakes, by profile. */
import type { Runtime } from '../runtime/runtime.js'
import { classicInfoApis } from './classicInfo/classicInfo.js'
import { dtaoInfoApis } from './dtaoInfo/dtaoInfo.js'
import type { RuntimeApi } from './runtimeApis.js'

export function infoApis(runtime: Runtime): readonly RuntimeApi[] {
  return runtime.profile === 'classic' ? classicInfoApis(runtime) : dtaoInfoApis
}
