/** The password hash of `$NACL` key files: Argon2i, 8 passes over 512 MiB, seconds of work kept off the main thread. */
import { createHmac, randomBytes } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { BittensorError } from '../errors.js'

/** How much work the hash is. Key files always use {@link SENSITIVE}; tests use less. */
export type Argon2Cost = { readonly passes: number; readonly memoryKib: number }

/** libsodium's crypto_pwhash_argon2i SENSITIVE limits, as every wallet since bittensor 6 uses them. */
const SENSITIVE: Argon2Cost = { passes: 8, memoryKib: 524_288 }

/** The same for everybody, as all these wallets have it; the strength lies in the cost alone. */
const SALT = Buffer.from('137183dff15a09bc9c90b5518739e9b1', 'hex')
const KEY_BYTES = 32

const cache = new Map<string, Promise<Uint8Array>>()
const cacheSecret = randomBytes(32)

/**
 * The 32-byte encryption key of a password. Derived once per password and process: the key is remembered, under a keyed
 * hash of the password, the password is not.
 * @throws {BittensorError} `KEYFILE` when the memory is not to be had.
 */
export async function naclKey(password: string): Promise<Uint8Array> {
  const name = createHmac('sha256', cacheSecret).update(password).digest('hex')
  let derived = cache.get(name)
  if (!derived) {
    derived = argon2i(password, SENSITIVE)
    cache.set(name, derived)
    derived.catch(() => cache.delete(name))
  }
  return derived
}

/** Native where libsodium is prebuilt for this system, otherwise WebAssembly in a worker at about half the speed. */
async function argon2i(password: string, cost: Argon2Cost): Promise<Uint8Array> {
  const isNative = await import('sodium-native').then(
    () => true,
    () => false,
  )
  return isNative ? argon2iNative(password, cost) : argon2iWasm(password, cost)
}

/** By libsodium, on a thread of Node's pool. */
export async function argon2iNative(password: string, cost: Argon2Cost): Promise<Uint8Array> {
  const { default: sodium } = await import('sodium-native')
  const key = Buffer.alloc(KEY_BYTES)
  const secret = Buffer.from(password, 'utf8')
  try {
    await sodium.crypto_pwhash_async(
      key,
      secret,
      SALT,
      cost.passes,
      cost.memoryKib * 1024,
      sodium.crypto_pwhash_ALG_ARGON2I13,
    )
    return new Uint8Array(key)
  } catch (cause) {
    throw notEnoughMemory(cost, cause)
  } finally {
    secret.fill(0)
  }
}

/** By WebAssembly, in a worker of its own. */
export function argon2iWasm(password: string, cost: Argon2Cost): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./argon2Worker.js', import.meta.url), {
      workerData: { password, salt: SALT, ...cost, keyBytes: KEY_BYTES },
    })
    worker.once('message', (key: Uint8Array) => resolve(key))
    worker.once('error', (cause) => reject(notEnoughMemory(cost, cause)))
    worker.once('exit', () => reject(notEnoughMemory(cost, undefined)))
  })
}

function notEnoughMemory({ memoryKib }: Argon2Cost, cause: unknown): BittensorError {
  const mib = Math.ceil(memoryKib / 1024)
  return new BittensorError(
    'KEYFILE',
    `the password could not be checked: that takes ${mib} MiB of memory`,
    {
      details:
        'opening or encrypting a key file needs this memory for some seconds, by design of the format',
      hint: 'close other programs, or raise the memory limit of this process or container',
      cause,
    },
  )
}
