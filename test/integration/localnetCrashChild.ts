/**
 * A process that opens the chain of a directory, says whether all money is accounted for, and makes blocks until it is
 * killed. localnetCrash.test.ts runs it bundled, for it starts two hundred of them.
 */
import { Localnet } from '../../src/localnet/index.js'
import type { StorageItem } from '../../src/localnet/runtime/pallet.js'
import { Balances } from '../../src/localnet/runtime/pallets/balances.js'
import { System } from '../../src/localnet/runtime/pallets/system.js'
import { storageKey } from '../../src/localnet/runtime/storageKey.js'
import { S } from '../../src/localnet/runtime/subtensor/storage.js'

const [directory = ''] = process.argv.slice(2)
const chain = await Localnet.start({ directory, genesis: 'dev', blocks: 'manual', finalityLag: 3 })
const say = (line: string) => process.stdout.write(`${line}\n`)

async function valuesOf<K extends readonly unknown[], V>(
  item: StorageItem<K, V>,
  at: string[],
): Promise<V[]> {
  const prefix = `0x${storageKey<readonly unknown[]>(item as never)}`
  const pairs = await chain.request<[string, string][]>('state_getPairs', [prefix, ...at])
  return pairs.map(([, value]) => item.type.codec.dec(value))
}

const sum = (parts: readonly bigint[]) => parts.reduce((a, b) => a + b, 0n)

/** The sums of a block, of the newest by default. */
async function sums(...at: string[]) {
  const one = async (item: StorageItem<[], bigint>) => (await valuesOf(item, at))[0] ?? 0n
  const accounts = (await valuesOf(System.Account, at)).map(({ data }) => data)
  return {
    accounts: sum(accounts.map((account) => account.free + account.reserved)),
    balances: await one(Balances.TotalIssuance),
    issuance: await one(S.TotalIssuance),
    totalStake: await one(S.TotalStake),
    stakes: sum(await valuesOf(S.Stake, at)),
    byHotkey: sum(await valuesOf(S.TotalHotkeyStake, at)),
    byColdkey: sum(await valuesOf(S.TotalColdkeyStake, at)),
  }
}

/** What does not add up. */
async function gaps(): Promise<string[]> {
  const [first, now] = [await sums(chain.genesisHash), await sums()]
  // Nobody stakes here but epochs, whose payouts spec 143 adds to its issuance twice.
  const paid = now.stakes - first.stakes
  const claims: [string, bigint, bigint][] = [
    ['balances', now.balances, now.accounts],
    ['stake', now.totalStake, now.stakes],
    ['stake by hotkey', now.byHotkey, now.stakes],
    ['stake by coldkey', now.byColdkey, now.stakes],
    ['issuance', now.issuance, now.balances + now.stakes + paid],
  ]
  return claims.flatMap(([name, is, should]) => (is === should ? [] : `${name}: ${is} ≠ ${should}`))
}

const { head, finalized } = chain
say(`open ${head.number} ${finalized.number} ${head.hash} ${JSON.stringify(await gaps())}`)
for (;;) {
  const target = `0x${(chain.head.number % 251).toString(16).padStart(2, '0').repeat(32)}`
  await chain.fund(target, 1_000_000n)
  say(`head ${chain.head.number} ${chain.head.hash}`)
}
