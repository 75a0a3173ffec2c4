/** A chain that claims another version, and whose node may answer requests its own way. */
import type { ChainRequest } from '../../src/cli/context.js'
import type { ChainClient, ChainView, Head } from '../../src/core/chain/types.js'

/** What it claims; `request` answers instead of the node, unless it returns undefined. */
export type Pose = {
  readonly specVersion?: number
  readonly hasCall?: (pallet: string, call: string) => boolean | undefined
  readonly request?: (method: string, params: readonly unknown[]) => Promise<unknown> | undefined
}

type Open = (request: ChainRequest) => Promise<ChainClient>

/** Wraps what opens connections: `run(…, { chain: posing(chain, { specVersion: 280 }) })`. */
export function posing(open: Open, pose: Pose): Open {
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
    readHead: (head: Head, read: (view: ChainView) => unknown) =>
      (real as ChainClient).readHead(head, async (view) => read(disguised(view, pose))),
  }
  return new Proxy<T>({} as T, {
    get(_, key) {
      if (typeof key === 'string' && Object.hasOwn(members, key)) return members[key]
      const value: unknown = Reflect.get(real, key, real)
      return typeof value === 'function' ? value.bind(real) : value
    },
  })
}

/** What opens connections, and the moment in which a race begins to follow the blocks. */
export function watched(open: Open) {
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const chain: Open = async (request) => {
    const client = await open(request)
    return new Proxy(client, {
      get(target, key) {
        if (key === 'subscribeHeads') begin()
        const value: unknown = Reflect.get(target, key, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  return { chain, begun }
}
