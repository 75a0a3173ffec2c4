/** A chain that claims another version, and whose node may answer requests its own way. */
import type { ChainRequest } from '../../src/cli/context.js'
import type { ChainClient, ChainView } from '../../src/core/chain/types.js'

/** What it claims; `request` answers instead of the node, unless it returns undefined. */
export type Pose = {
  readonly specVersion?: number
  readonly hasCall?: (pallet: string, call: string) => boolean | undefined
  readonly request?: (method: string, params: readonly unknown[]) => Promise<unknown> | undefined
}

/** Wraps what opens connections: `run(…, { chain: posing(chain, { specVersion: 280 }) })`. */
export function posing(
  open: (request: ChainRequest) => Promise<ChainClient>,
  pose: Pose,
): (request: ChainRequest) => Promise<ChainClient> {
  return async (request) => disguised(await open(request), pose)
}

function disguised<T extends ChainClient | ChainView>(real: T, pose: Pose): T {
  const members: Record<string, unknown> = {
    ...(pose.specVersion === undefined ? {} : { specVersion: pose.specVersion }),
    hasCall: (pallet: string, call: string) =>
      pose.hasCall?.(pallet, call) ?? real.hasCall(pallet, call),
    request: (method: string, params: readonly unknown[] = []) =>
      pose.request?.(method, params) ?? real.request(method, params),
    at: async (...block: []) => disguised(await (real as ChainClient).at(...block), pose),
  }
  return new Proxy<T>({} as T, {
    get(_, key) {
      if (typeof key === 'string' && Object.hasOwn(members, key)) return members[key]
      const value: unknown = Reflect.get(real, key, real)
      return typeof value === 'function' ? value.bind(real) : value
    },
  })
}
