/**
 * The embedded chain at scale: start with 32 subnets of 256 neurons and one of 4096, a block with 100 transactions, and
 * an epoch of 4096 neurons with 64 validators. Prints each beside what it may take.
 *
 *   npx tsx bench/localnet.ts
 */
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { genesisSpec } from '../src/localnet/genesis/presets.js'
import { Localnet } from '../src/localnet/index.js'
import { runEpoch as runDtaoEpoch } from '../src/localnet/runtime/dtao/subtensor/epochStore.js'
import { createState, memoryBackend } from '../src/localnet/runtime/overlay.js'
import { createRuntime } from '../src/localnet/runtime/runtime.js'
import type { State } from '../src/localnet/runtime/state.js'
import { runEpoch } from '../src/localnet/runtime/subtensor/epochStore.js'
import { signTransfer } from '../test/support/signed.js'

const row = (what: string, ms: number, limit: number) => {
  const ratio = (ms / limit).toFixed(2)
  console.log(`${what.padEnd(70)} ${ms.toFixed(0).padStart(6)} ms   ${ratio} of ${limit} ms`)
}

/** Milliseconds of processor time that a piece of work takes: what it would take on a machine that does nothing else. */
async function timed(work: () => unknown): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

async function startLarge(profile: 'classic' | 'dtao'): Promise<Localnet> {
  // Loads what any start loads.
  await (await Localnet.start({ profile, genesis: 'empty' })).stop()
  const options = { profile, genesis: 'large', blocks: 'manual', port: 0 } as const
  let chain: Localnet | undefined
  const start = await timed(async () => {
    chain = await Localnet.start(options)
  })
  row(`start of preset large (32 × 256 + 4096 neurons), ${profile}`, start, 3000)
  if (!chain) throw new Error('it did not start')
  return chain
}

await (await startLarge('dtao')).stop()
const chain = await startLarge('classic')

await cryptoWaitReady()
const keyring = new Keyring({ type: 'sr25519' })
const alice = keyring.addFromUri('//Alice')
const transactions: string[] = []
for (let nonce = 0; nonce < 500; nonce++) {
  transactions.push(await signTransfer(chain, alice, { nonce, amount: 1_000n + BigInt(nonce) }))
}
const blocks: number[] = []
let accept = 0
while (transactions.length > 0) {
  const some = transactions.splice(0, 100)
  accept += await timed(async () => {
    for (const one of some) await chain.request('author_submitExtrinsic', [one])
  })
  blocks.push(await timed(() => chain.advance(1)))
}
row('block with 100 transfers, slowest of five', Math.max(...blocks), 200)
row('block with 100 transfers, fastest of five', Math.min(...blocks), 200)
row('taking 100 transfers into the pool', accept / 5, 200)
const idle: number[] = []
for (let i = 0; i < 20; i++) idle.push(await timed(() => chain.advance(1)))
row('block without transactions, slowest of twenty', Math.max(...idle), 1000)
await chain.stop()

type Epoch = (state: State, block: number) => unknown
const EPOCHS: Readonly<Record<'classic' | 'dtao', Epoch>> = {
  classic: (state, block) => runEpoch(state, 33, block, 10n ** 12n),
  dtao: (state, block) => runDtaoEpoch({ state, block, emit: () => {} }, 33, 10n ** 12n),
}
for (const profile of ['classic', 'dtao'] as const) {
  const state = createState(memoryBackend())
  createRuntime(profile).genesis(state, genesisSpec('large', profile as never))
  const epochs: number[] = []
  for (let i = 0; i < 5; i++) epochs.push(await timed(() => EPOCHS[profile](state, 2 + i)))
  const what = `epoch of 4096 neurons with 64 validators, ${profile},`
  row(`${what} first`, epochs[0] ?? 0, 1000)
  row(`${what} fastest of five`, Math.min(...epochs), 1000)
}
console.log(`memory of the process: ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`)
