/** The same steps come to the same chain. */
import { expect, onTestFinished, test } from 'vitest'
import { Localnet, type LocalnetOptions } from '../../src/localnet/index.js'
import { twox128 } from '../../src/localnet/runtime/storageKey.js'
import { dev } from '../support/devAccounts.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { run } from '../support/run.js'

const OPTIONS: LocalnetOptions = { profile: 'dtao', now: () => 1_800_000_000_000 }

const BOB_HOT = dev('//Bob//validator')
const STEPS = [
  'stake add -w alice -H validator --netuid 5 --amount 20',
  `stake_move -w alice -H validator --dest_hotkey ${BOB_HOT} -o 3 -a 10`,
  'stake_swap -w alice -H validator -o 3 -d 1 -a 10',
  'recycle_register -w alice -H fresh --netuid 1',
  'transfer -w bob --dest wallet:dave --amount 1.5',
  'subnet_create -w dave -H validator',
]

/** An epoch of the fastest subnet halfway and in the end, so that there are payments and claims. */
async function live() {
  const { localnet, given } = await dtaoChain(OPTIONS)
  for (const [i, step] of STEPS.entries()) {
    const result = await run(`${step} -y`, given)
    expect([step, result.code, result.stderr]).toEqual([step, 0, expect.any(String)])
    if (i % 3 === 2) await localnet.advance(12)
  }
  return localnet
}

/** All state but what System keeps of blocks and their hashes. */
async function stateOf(chain: Localnet): Promise<string[][]> {
  const system = `0x${twox128('System')}`
  const kept = ['Account', 'Number', 'EventCount'].map((item) => system + twox128(item))
  const pairs = await chain.request<string[][]>('state_getPairs', ['0x'])
  return pairs.filter(
    ([key = '']) => !key.startsWith(system) || kept.some((prefix) => key.startsWith(prefix)),
  )
}

async function bodies(chain: Localnet): Promise<string[][]> {
  const all: string[][] = []
  for (let number = 1; number <= chain.head.number; number++) {
    const hash = await chain.request('chain_getBlockHash', [number])
    const { block } = await chain.request<{ block: { extrinsics: string[] } }>('chain_getBlock', [
      hash,
    ])
    all.push(block.extrinsics.slice(1))
  }
  return all
}

test('transactions signed anew leave the same state, the same transactions the same blocks', {
  timeout: 120_000,
}, async () => {
  const [first, second] = [await live(), await live()]
  // Signatures have a random part, and the hashes of blocks go with it.
  expect(second.head.hash).not.toBe(first.head.hash)
  const state = await stateOf(first)
  expect(state.length).toBeGreaterThan(1_000)
  expect(await stateOf(second)).toEqual(state)

  const replica = await Localnet.start({ ...OPTIONS, blocks: 'manual' })
  onTestFinished(() => replica.stop())
  for (const extrinsics of await bodies(first)) {
    for (const bytes of extrinsics) await replica.request('author_submitExtrinsic', [bytes])
    await replica.advance()
  }
  expect(replica.head).toEqual(first.head)
})
