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
  const library = await partOf(() => import('@polkadot/wasm-crypto'))
  if (!(await library.waitReady())) {
    throw new BittensorError('INTERNAL', 'the signature library did not start', {
      details: 'WebAssembly is not available in this process',
    })
  }
  ready = library
  return library
}

/**
 * Imports what keys need.
 * @throws {BittensorError} `INTERNAL` when it is not there, or broken: no key is to blame for that
 */
export async function partOf<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (cause) {
    throw new BittensorError('INTERNAL', 'a part of bittensor that keys need can not be loaded', {
      details: cause instanceof Error ? cause.message : String(cause),
      hint: 'the installation is not complete: install bittensor again',
      cause,
    })
  }
}

/** The library, for code that cannot wait. Throws `INTERNAL` before {@link loadCrypto} has resolved. */
export function loadedCrypto(): Library {
  if (!ready) {
    throw new BittensorError('INTERNAL', 'the signature library is used before cryptoReady()')
  }
  return ready
}
