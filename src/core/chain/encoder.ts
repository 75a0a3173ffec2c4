/** @polkadot/api as a second encoder: the only module that loads it at run time, at the first signature. */
import type { ApiPromise } from '@polkadot/api'
import type { ApiOptions } from '@polkadot/api/types'
import type { Runtime } from './description.js'
import { isEmptyExtension } from './extrinsic.js'
import { frozenProvider } from './frozenProvider.js'
import type { Hex } from './types.js'

/** What makes an encoder: a runtime with its SCALE metadata, and the chain it runs on. */
export type EncodedChain = {
  readonly runtime: Runtime
  readonly metadata: Hex
  readonly genesisHash: Hex
  readonly ss58Format: number
}

/** @polkadot/api over a provider. */
export async function createApi(chain: EncodedChain, provider: object): Promise<ApiPromise> {
  const { ApiPromise } = await import('@polkadot/api')
  const { version, description } = chain.runtime
  // Extensions that add no bytes need no code; without this @polkadot/api warns about each that it does not know.
  const empty = description.extensions.filter((extension) =>
    isEmptyExtension(description.types, extension),
  )
  return ApiPromise.create({
    provider: provider as NonNullable<ApiOptions['provider']>,
    noInitWarn: true,
    throwOnConnect: true,
    metadata: { [`${chain.genesisHash}-${version.specVersion}`]: chain.metadata },
    signedExtensions: Object.fromEntries(
      empty.map(({ name }) => [name, { extrinsic: {}, payload: {} }]),
    ),
  })
}

/** @polkadot/api without any connection: encodes what is signed, on a machine without network too. */
export async function createEncoder(chain: EncodedChain): Promise<ApiPromise> {
  const { genesisHash, ss58Format } = chain
  const { version } = chain.runtime
  const api = await createApi(chain, frozenProvider({ genesisHash, version, ss58Format }))
  // Ends its timers; what it knows stays.
  await api.disconnect()
  return api
}
