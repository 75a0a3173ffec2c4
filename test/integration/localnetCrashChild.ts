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

async function valuesOf<K extends readonly unknown[], V>(item: StorageItem<K, V>): Promise<V[]> {
  const prefix = `0x${storageKey<readonly unknown[]>(item as never)}`
  const pairs = await chain.request<[string, string][]>('state_getPairs', [prefix])
  return pairs.map(([, value]) => item.type.codec.dec(value))
}

const sum = (parts: readonly bigint[]) => parts.reduce((a, b) => a + b, 0n)

/** What does not add up. */
async function gaps(): Promise<string[]> {
  const one = async (item: StorageItem<[], bigint>) => (await valuesOf(item))[0] ?? 0n
  const accounts = (await valuesOf(System.Account)).map(({ data }) => data)
  const staked = sum(await valuesOf(S.Stake))
  const byHotkey = sum(await valuesOf(S.TotalHotkeyStake))
  const byColdkey = sum(await valuesOf(S.TotalColdkeyStake))
  const claims: [string, bigint, bigint][] = [
    ['issuance', await one(S.TotalIssuance), (await one(Balances.TotalIssuance)) + staked],
    ['balances', await one(Balances.TotalIssuance), sum(accounts.map((a) => a.free + a.reserved))],
    ['stake', await one(S.TotalStake), staked],
    ['stake by hotkey', byHotkey, staked],
    ['stake by coldkey', byColdkey, staked],
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
