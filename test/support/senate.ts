/** What tests of the senate need: hashes of open proposals, and a chain whose runtime has no senate. */
import type { ChainRequest } from '../../src/cli/context.js'
import { readProposals } from '../../src/core/chain/senate.js'
import type { ChainClient, ChainView, Hex } from '../../src/core/chain/types.js'

/** Hashes of the open proposals, oldest first. */
export async function proposalHashes(view: ChainView): Promise<[Hex, Hex]> {
  const [first, second] = await readProposals(view)
  if (!first || !second) throw new Error('the development chain opens with two proposals')
  return [first.hash, second.hash]
}

/** The same chain with a runtime that has lost its senate. */
export function withoutSenate(chain: (request: ChainRequest) => Promise<ChainClient>) {
  return async (request: ChainRequest) => {
    const client = await chain(request)
    const hasPallet = (name: string) => name !== 'SenateMembers' && client.hasPallet(name)
    const hasCall = (pallet: string, call: string) =>
      !/senate|^vote$/.test(call) && client.hasCall(pallet, call)
    const lost = { hasPallet, hasCall }
    return instead(client, {
      ...lost,
      at: async (block?: Parameters<ChainClient['at']>[0]) => instead(await client.at(block), lost),
    })
  }
}

function instead<T extends object>(target: T, members: Readonly<Record<string, unknown>>): T {
  return new Proxy(target, {
    get(object, name) {
      if (typeof name === 'string' && Object.hasOwn(members, name)) return members[name]
      const found = Reflect.get(object, name, object)
      return typeof found === 'function' ? found.bind(object) : found
    },
  })
}
