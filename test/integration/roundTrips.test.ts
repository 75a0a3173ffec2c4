import { describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import type { Hex } from '../../src/core/chain/types.js'
import { followHeads } from '../../src/core/plans/powHeads.js'
import type { ProfileName } from '../../src/localnet/runtime/profile.js'
import { NOBODY } from '../support/devAccounts.js'
import { devHome, localChain } from '../support/localnet.js'
import { type SlowLine, slowLine } from '../support/roundTrips.js'
import { run } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'

const cacheDir = tempFolder()

/** Over the internet each of them costs a tenth of a second, whatever the machine: a regression here is felt. */
describe.each<[ProfileName, Readonly<Record<string, number>>]>([
  [
    'classic',
    {
      list_subnets: 5,
      'metagraph --netuid 1': 6,
      'overview -w alice': 6,
      'overview -w alice --netuid 1': 5,
      'stake_list -w alice': 6,
      'balance -w alice': 4,
      'register --netuid 5 -w alice -H fresh --dry_run': 6,
      'transfer --dest 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --amount 1 -w alice -y': 15,
    },
  ],
  [
    'dtao',
    {
      list_subnets: 5,
      'metagraph --netuid 1': 5,
      'overview -w alice': 6,
      'overview -w alice --netuid 1': 5,
      'stake_list -w alice': 6,
      'balance -w alice': 5,
      'transfer --dest 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --amount 1 -w alice -y': 15,
    },
  ],
])('round trips on a %s chain, opening the connection included', (profile, expected) => {
  const local = localChain({ profile })

  it('are few', async () => {
    const home = await devHome({
      alice: {
        uri: '//Alice',
        hotkeys: {
          validator: '//Alice//validator',
          miner1: '//Alice//miner1',
          fresh: '//Alice//fresh',
        },
      },
    })
    const over = (line: SlowLine) => ({
      home,
      chain: () => connect({ network: 'local', provider: line.provider, cacheDir }),
    })
    // The first command keeps the metadata for those after it.
    await run('list_subnets', over(slowLine(local.localnet.provider())))
    const counted: Record<string, number> = {}
    for (const command of Object.keys(expected)) {
      const line = slowLine(local.localnet.provider())
      const { code } = await run(command, over(line))
      expect({ command, code }).toEqual({ command, code: 0 })
      counted[command] = line.roundTrips()
    }
    expect(counted).toEqual(expected)
  })
})

describe('a search for a proof', () => {
  const local = localChain({ blocks: 'manual' })

  it('hears of a new block, and knows all that matters of it one round trip later', async () => {
    const line = slowLine(local.localnet.provider())
    const client = await connect({ network: 'local', provider: line.provider, cacheDir })
    const { specVersion } = client
    const rule = { scheme: 'register-be', specVersion } as const
    const source = await followHeads(client, { ...rule, netuid: 1, hotkey: NOBODY })
    const heads = source.heads[Symbol.asyncIterator]()
    const during = async <T>(work: () => Promise<T>) => {
      const [trips, asked] = [line.roundTrips(), line.requests.length]
      const result = await work()
      return { result, trips: line.roundTrips() - trips, asked: line.requests.slice(asked) }
    }
    // The first is read before the subscription, which begins with the same one.
    await heads.next()
    await heads.next()
    for (const block of [1, 2]) {
      const { result, ...cost } = await during(async () => {
        await local.localnet.advance()
        return (await heads.next()).value
      })
      expect(result.blockNumber).toBe(block)
      const asked = ['state_getRuntimeVersion', 'state_queryStorageAt']
      expect(cost).toEqual({ trips: 1, asked })
      // The newest block is known already, if it is that one still.
      expect(await during(source.latest)).toEqual({
        result,
        trips: 1,
        asked: ['chain_getHeader'],
      })
    }
    source.stop()
    await client.close()
  })
})

describe('a block of the past', () => {
  const local = localChain()

  it.each([
    ['by its hash', 1],
    ['by its number', 2],
  ])('is there %s after a few round trips', async (how, trips) => {
    const { hash, number } = await local.localnet.advance(3)
    await local.localnet.advance()
    const line = slowLine(local.localnet.provider())
    const client = await connect({ network: 'local', provider: line.provider, cacheDir })
    const before = line.roundTrips()
    const view = await client.at(how === 'by its hash' ? (hash as Hex) : number)
    expect({ block: view.block, trips: line.roundTrips() - before }).toEqual({
      block: { number, hash },
      trips,
    })
    await client.close()
  })
})
