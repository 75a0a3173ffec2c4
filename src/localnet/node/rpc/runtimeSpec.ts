/** The runtime's version in the form of the newer methods. */
import type { RuntimeVersion } from '../../runtime/runtime.js'

/** `{ type: 'valid', spec }`, with the APIs as an object by hash. */
export function runtimeSpec(version: RuntimeVersion) {
  const { specName, implName, specVersion, implVersion, transactionVersion } = version
  const apis = Object.fromEntries(version.apis)
  return {
    type: 'valid',
    spec: { specName, implName, specVersion, implVersion, transactionVersion, apis },
  }
}
