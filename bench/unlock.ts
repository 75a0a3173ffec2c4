/**
 * Unlocking a `$NACL` keyfile against the limit of the machine: libsodium called directly with the same cost, turn by
 * turn in the same process. Also how long the event loop stood still meanwhile. `npx tsx bench/unlock.ts [runs]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import sodium from 'sodium-native'
import { keypairFromUri } from '../src/core/keys/keypair.js'
import { createColdkey } from '../src/core/wallet/create.js'
import { openWallet } from '../src/core/wallet/wallet.js'

// The cost that every `$NACL` keyfile has.
const SENSITIVE = { passes: 8, memoryKib: 524_288 }
const runs = Number(process.argv[2] ?? 3)
const root = mkdtempSync(join(tmpdir(), 'btcli-unlock-'))
const alice = await keypairFromUri('//Alice')

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The hash alone, by libsodium itself. */
function native(password: string): Promise<unknown> {
  const [key, salt] = [Buffer.alloc(32), Buffer.alloc(16)]
  const memory = SENSITIVE.memoryKib * 1024
  const algorithm = sodium.crypto_pwhash_ALG_ARGON2I13
  const secret = Buffer.from(password)
  return sodium.crypto_pwhash_async(key, secret, salt, SENSITIVE.passes, memory, algorithm)
}

/** Creating and opening share one hash: a password's key is remembered, so each run has a password of its own. */
async function encryptAndUnlock(run: number): Promise<void> {
  const name = `wallet${run}`
  const password = `bench password ${run}`
  await createColdkey({ root, name }, alice, { password })
  const source = async () => ({ password, retry: false, origin: 'bench' })
  await openWallet({ root, name }).unlockColdkey(source)
}

let pause = 0
const [bare, own]: [number[], number[]] = [[], []]
try {
  for (let run = 0; run < runs; run++) {
    bare.push(await timed(() => native(`other ${run}`)))
    // A histogram of its own: one that is switched off and on counts the time between as a pause.
    const delays = monitorEventLoopDelay({ resolution: 2 })
    delays.enable()
    own.push(await timed(() => encryptAndUnlock(run)))
    delays.disable()
    pause = Math.max(pause, delays.max / 1e6)
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}
console.log(
  `medians of ${runs} runs, Argon2i ${SENSITIVE.passes} passes over ${SENSITIVE.memoryKib / 1024} MiB`,
)
console.log(`libsodium alone                  ${median(bare).toFixed(0)} ms`)
console.log(
  `encrypt and unlock (one hash)    ${median(own).toFixed(0)} ms  ${(median(own) / median(bare)).toFixed(2)}x`,
)
console.log(`longest pause of the event loop  ${pause.toFixed(0)} ms`)
