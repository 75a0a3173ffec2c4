/** Locked stake as runtimes since 2026 tell it; the embedded chain has the runtime API, but nothing locked. */
import { expect, test } from 'vitest'
import { encode } from '../../../src/core/chain/encode.js'
import { readStakeLocks } from '../../../src/core/chain/locks.js'
import { account, c64, struct, tuple, u16, vec } from '../../../src/core/chain/typeDef.js'
import type { ChainView } from '../../../src/core/chain/types.js'
import { toHex } from '../../../src/core/keys/hex.js'
import { decodeAddress } from '../../../src/core/keys/ss58.js'
import { dev } from '../../support/devAccounts.js'
import { dtaoChain } from '../../support/dtaoChain.js'
import { recordedChain } from './recordedChain.js'

const ALICE = dev('//Alice')
const availability = struct({ total: c64, locked: c64, available: c64 })
const answer = vec(tuple(account, vec(tuple(u16, availability))))

test('are what is locked of each subnet, asked for with one account and all netuids', async () => {
  const chain = recordedChain({ spec: '343', metadata: 'spec-365.v16', v15: 'spec-365.v16' })
  const base = await (await chain.connect()).at()
  const asked: string[] = []
  const view: ChainView = {
    ...base,
    apiOutput: () => answer,
    callApi: async (trait, method, args) => {
      asked.push(`${trait}.${method} ${toHex(args ?? new Uint8Array())}`)
      const free = { total: 5n, locked: 0n, available: 5n }
      const held = { total: 90n, locked: 60n, available: 30n }
      return encode(
        base.runtime.description.types,
        answer,
        [
          [
            ALICE,
            [
              [0, free],
              [7, held],
            ],
          ],
        ],
        'answer',
      )
    },
  }
  expect(await readStakeLocks(view, ALICE)).toEqual([
    { netuid: 7, total: 90n, locked: 60n, available: 30n },
  ])
  const key = toHex(decodeAddress(ALICE)).slice(2)
  expect(asked).toEqual([`StakeInfoRuntimeApi.get_stake_availability_for_coldkeys 0x04${key}00`])
  expect(await readStakeLocks(base, ALICE)).toEqual([])
})

test('are none on the embedded chain, which answers the question', async () => {
  const { head } = await dtaoChain()
  const view = await head()
  expect(view.apiOutput('StakeInfoRuntimeApi', 'get_stake_availability_for_coldkeys')).toBeDefined()
  expect(await readStakeLocks(view, ALICE)).toEqual([])
})
