import { describe, expect, it } from 'vitest'
import { freshChain, roundGenesis } from '../support/chain.js'
import { devWorld } from '../support/devAccounts.js'
import { ALICE, dtaoNode, HOT, TAO } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe('stake_list on spec 343', () => {
  async function setUp() {
    const world = await dtaoNode('343')
    world.set('AlphaDividendsPerSubnet', [2, HOT], 2n * TAO)
    world.set('TokenSymbol', [2], '0xceb2')
    world.set('SubnetIdentitiesV3', [2], {
      subnet_name: '0x4f6d656761',
      github_repo: '0x',
      subnet_contact: '0x',
      subnet_url: '0x',
      discord: '0x',
      description: '0x',
      logo_url: '0x',
      additional: '0x',
    })
    // 0.25 alpha of subnet 1 per τ on root, of which 1 alpha was claimed.
    world.set('RootClaimable', [HOT], [[1, { bits: `${1n << 30n}` }]])
    world.set('RootClaimed', [1, HOT, ALICE], TAO)
    return world
  }

  it('shows each position with price, value and what can be claimed', async () => {
    const { given } = await setUp()
    const result = await run('stake_list -w alice', { ...given, columns: 160 })
    expect(result).toMatchObject({ code: 0 })
    expect(result.stdout).toMatchInlineSnapshot(`
      "Stake of alice (5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY)
      NETUID  SUBNET   NAME             HOTKEY                                               STAKE  PRICE(τ)  VALUE(≈ τ)  REGISTERED   PER DAY  CLAIMABLE
           0  𝜏        alice/validator  5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB  20.00000  1.000000    20.00000  no
           1  𝜏        alice/validator  5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB  10.00000  3.000000    30.00000  no           0.00000    4.00000
           2  β Omega  alice/validator  5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB  40.00000  0.500000    20.00000  yes         40.00000
                                                                                                                70.00000
      3 positions · local · block 100
      free τ1000.000000000, staked ≈ τ70.000000000, total ≈ τ1070.000000000
      "
    `)
  })

  it('is one JSON document, filtered by subnet, and known as `st list`', async () => {
    const { given } = await setUp()
    const { data } = documentOf(await run('st list -w alice -n 2 --json', given))
    expect(data).toMatchInlineSnapshot(`
      {
        "block": 100,
        "coldkeys": [
          {
            "coldkey": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            "freeRao": "1000000000000",
            "locks": [],
            "name": "alice",
            "stakedRao": "20000000000",
            "stakes": [
              {
                "alphaPerDayRao": "40000000000",
                "alphaRao": "40000000000",
                "claimableAlphaRao": "0",
                "hotkey": "5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB",
                "hotkeyName": "alice/validator",
                "netuid": 2,
                "priceRao": "500000000",
                "registered": true,
                "stakeRao": "20000000000",
                "subnetName": "Omega",
                "symbol": "β",
              },
            ],
            "totalRao": "1020000000000",
          },
        ],
        "totals": {
          "freeRao": "1000000000000",
          "stakedRao": "20000000000",
        },
      }
    `)
  })

  it('takes addresses, and says when there is nothing', async () => {
    const { given } = await setUp()
    const result = await run(`stake_list --ss58 ${HOT}`, given)
    expect(result).toMatchObject({ code: 0 })
    expect(result.stdout).toContain('has no stake here')
  })
})

it('spec 218 reads the same from shares without a fraction', async () => {
  const { given } = await dtaoNode('218')
  const { data } = documentOf(await run('stake_list -w alice --json', given))
  expect(data.coldkeys[0].stakes).toMatchObject([
    { netuid: 2, alphaRao: '40000000000', priceRao: '500000000', stakeRao: '20000000000' },
  ])
})

it('on a classic chain stake is τ', async () => {
  const { home } = await devWorld()
  const { chain } = await freshChain({ genesis: roundGenesis })
  const result = await run('stake_list -w alice', { home, chain })
  expect(result.stdout).toMatchInlineSnapshot(`
    "Stake of alice (5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY)
    NAME             HOTKEY                                               STAKE(τ)
    alice/validator  5HavK3WjXJvq2m6quTLBpd7NutX97nhpkBU2QraTFsSmBhCB  42000.00000
    total                                                              42000.00000
    1 position · local · block 0
    free τ100000.000000000, staked τ42000.000000000, total τ142000.000000000
    "
  `)
})
