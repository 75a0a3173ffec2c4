/** The signature library (schnorrkel and ed25519 as WASM), loaded when a key is first used and not before. */
import { BittensorError } from '../errors.js'

type Library = typeof import('@polkadot/wasm-crypto')

let loading: Promise<Library> | undefined
let ready: Library | undefined

/**
 * Loads the signature library; afterwards the synchronous functions of this folder work.
 * @throws {BittensorError} `INTERNAL` when WebAssembly is not available.
 */
export async function loadCrypto(): Promise<Library> {
  loading ??= load()
  return loading
}

async function load(): Promise<Library> {
  const library = await import('@polkadot/wasm-crypto')
  if (!(await library.waitReady())) {
    throw new BittensorError('INTERNAL', 'the signature library did not start', {
      details: 'WebAssembly is not available in this process',
    })
  }
  ready = library
  return library
}

/** The library, for code that cannot wait. Throws `INTERNAL` before {@link loadCrypto} has resolved. */
export function loadedCrypto(): Library {
  if (!ready) {
    throw new BittensorError('INTERNAL', 'the signature library is used before cryptoReady()')
  }
  return ready
}
