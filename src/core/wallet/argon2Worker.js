// @ts-check
/** Argon2i by WebAssembly, for systems without the native library. Plain JavaScript, because Node 20 starts no .ts worker. */
import { parentPort, workerData } from 'node:worker_threads'
import { argon2i } from 'hash-wasm'

/** @type {{ password: string, salt: Uint8Array, passes: number, memoryKib: number, keyBytes: number }} */
const { password, salt, passes, memoryKib, keyBytes } = workerData

parentPort?.postMessage(
  await argon2i({
    password,
    salt,
    parallelism: 1,
    iterations: passes,
    memorySize: memoryKib,
    hashLength: keyBytes,
    outputType: 'binary',
  }),
)
