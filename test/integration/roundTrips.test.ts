import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import type { ProfileName } from '../../src/localnet/runtime/profile.js'
import { devHome, localChain } from '../support/localnet.js'
import { type SlowLine, slowLine } from '../support/roundTrips.js'
import { run } from '../support/run.js'

const cacheDir = mkdtempSync(join(tmpdir(), 'btcli-test-'))
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }))

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
    },
  ],
])('round trips on a %s chain, opening the connection included', (profile, expected) => {
  const local = localChain({ profile })

  it('are few', async () => {
    const home = await devHome({
      alice: {
        uri: '//Alice',
        hotkeys: { validator: '//Alice//validator', miner1: '//Alice//miner1' },
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
