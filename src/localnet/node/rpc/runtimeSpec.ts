/** The runtime's version in the form of the newer methods. */
import type { Node } from '../node.js'

/** `{ type: 'valid', spec }`, with the APIs as an object by hash. */
export function runtimeSpec({ runtime: { version } }: Node) {
  const { specName, implName, specVersion, implVersion, transactionVersion } = version
  const apis = Object.fromEntries(version.apis)
  return {
    type: 'valid',
    spec: { specName, implName, specVersion, implVersion, transactionVersion, apis },
  }
}
