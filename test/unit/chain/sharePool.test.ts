/** Shares of stake pools as runtimes since 2026 keep them: decimal numbers, beside entries that were not written since. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alphaOfShare } from '../../../src/core/chain/sharePool.js'
import { readStakesOfColdkey, readStakesOfHotkey } from '../../../src/core/chain/stake.js'
import type { ChainValue, ChainView } from '../../../src/core/chain/types.js'
import type { Ss58 } from '../../../src/core/keys/ss58.js'
import { dev } from '../../support/devAccounts.js'
import { recordedChain } from './recordedChain.js'

const HOT = dev('//Alice//validator')
const [ALICE, BOB] = [dev('//Alice'), dev('//Bob')]

type Items = Readonly<Record<string, Readonly<Record<string, ChainValue>>>>

/** The runtime of spec 365 with the maps of spec 425 over it. */
async function laterView(items: Items): Promise<ChainView> {
  const chain = recordedChain({ spec: '343', metadata: 'spec-365.v16', v15: 'spec-365.v16' })
  const base = await (await chain.connect()).at()
  const stored = async (item: string, keys: readonly unknown[]) => items[item]?.[keys.join(' ')]
  return {
    ...base,
    hasRuntimeApi: () => false,
    hasStorage: (pallet, item) => item in items || base.hasStorage(pallet, item),
    readStored: (_, item, ...keys) => stored(item, keys),
    read: async (pallet, item, ...keys) =>
      item in items ? await stored(item, keys) : base.read(pallet, item, ...keys),
    entries: async (_, item, ...prefix) =>
      Object.entries(items[item] ?? {})
        .filter(([key]) => key.startsWith(prefix.join(' ')))
        .map(([key, value]) => {
          const [hotkey = '', coldkey = '', netuid] = key.split(' ')
          return { keys: [hotkey, coldkey, Number(netuid)], value }
        }),
  }
}

const float = (mantissa: bigint, exponent: number) => ({ mantissa, exponent: BigInt(exponent) })
const fixed = (value: bigint) => ({ bits: value << 64n })

const shared: Items = {
  // Bob's entry was not written since the upgrade; a leftover of his in the new map must not count twice.
  Alpha: { [`${HOT} ${BOB} 0`]: fixed(7n) },
  AlphaV2: {
    [`${HOT} ${ALICE} 0`]: float(300_000_000_000_000_000_000n, -20),
    [`${HOT} ${BOB} 0`]: float(999_000_000_000_000_000_000n, -20),
  },
  TotalHotkeyShares: {},
  TotalHotkeySharesV2: { [`${HOT} 0`]: float(1_000_000_000_000_000_000_000n, -20) },
  TotalHotkeyAlpha: { [`${HOT} 0`]: 100n },
  StakingHotkeys: { [ALICE]: [HOT], [BOB]: [HOT] },
}

test('stake of a hotkey and of a coldkey is found in both maps', async () => {
  const view = await laterView(shared)
  const amounts = (await readStakesOfHotkey(view, HOT)).map(({ coldkey, alpha }) => [
    coldkey,
    alpha,
  ])
  expect(new Map(amounts as [Ss58, bigint][])).toEqual(
    new Map([
      [ALICE, 30n],
      [BOB, 70n],
    ]),
  )
  expect(await readStakesOfColdkey(view, ALICE)).toMatchObject([{ hotkey: HOT, alpha: 30n }])
  expect(await readStakesOfColdkey(view, BOB)).toMatchObject([{ hotkey: HOT, alpha: 70n }])
})

test('an empty pool is worth nothing', async () => {
  const view = await laterView({ ...shared, TotalHotkeySharesV2: { [`${HOT} 0`]: float(0n, 0) } })
  const share = { hotkey: HOT, coldkey: ALICE, netuid: 0, shares: float(3n, 0) }
  expect(await alphaOfShare(view, share)).toBe(0n)
})

test('old shares in an old pool are worth what they were, but for the last digit', async () => {
  const u64 = fc.bigInt({ min: 1n, max: (1n << 63n) - 1n })
  const view = await laterView(shared)
  const property = fc.asyncProperty(u64, u64, u64, async (one, rest, pool) => {
    const all = one + rest
    const at: ChainView = {
      ...view,
      readStored: async (_, item) => (item === 'TotalHotkeyShares' ? { bits: all } : undefined),
      read: async (_, item) => (item === 'TotalHotkeyAlpha' ? pool : float(0n, 0)),
    }
    const share = { hotkey: HOT, coldkey: ALICE, netuid: 0, shares: { bits: one } }
    const exact = (pool * one) / all
    const found = await alphaOfShare(at, share)
    expect(found - exact <= 1n && exact - found <= 1n).toBe(true)
  })
  await fc.assert(property, { numRuns: 200 })
})
