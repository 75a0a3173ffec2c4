/** What changed its meaning in the runtimes of 2026: everything up to signing. */
import { describe, expect, it } from 'vitest'
import { encode } from '../../src/core/chain/encode.js'
import { revealBlocks } from '../../src/core/chain/epochs.js'
import { readStakeYields } from '../../src/core/chain/stake.js'
import { amountWithin, quoteStake, quoteUnstake, readPool } from '../../src/core/chain/swap.js'
import { account, tuple, u64, vec } from '../../src/core/chain/typeDef.js'
import type { Hex } from '../../src/core/chain/types.js'
import { toHex } from '../../src/core/keys/hex.js'
import { decodeAddress, type Ss58 } from '../../src/core/keys/ss58.js'
import { commitHash } from '../../src/core/plans/commitPlan.js'
import { setterOf } from '../../src/core/plans/hyperparameterPlan.js'
import { mayMake } from '../../src/core/plans/proxyRights.js'
import { alphaRao, rao } from '../../src/core/units.js'
import { dev } from '../support/devAccounts.js'
import { ALICE, BOB, dtaoNode, FOREIGN, fund, HOT, TAO } from '../support/dtaoNode.js'
import { documentOf, run } from '../support/run.js'

describe('pools whose sides have weights', () => {
  /** A quarter of the weight lies on τ: 100 τ and 200 alpha make τ1.5 per alpha. */
  async function weighted() {
    const world = await dtaoNode('470')
    world.chain.set('Swap', 'SwapBalancer', [2], { quote: 10n ** 18n / 4n })
    return world
  }

  it('have the price that the chain holds limits against', async () => {
    const { given } = await weighted()
    const line = 'stake -w alice -H validator -n 2 -a 1 --dry_run --json --allow_partial'
    const { data } = documentOf(await run(line, given))
    expect(data.preview.calls[0]).toMatchObject({
      name: 'add_stake_limit',
      args: { limit_price: '1507500000' },
    })
    const prices = documentOf(await run('subnet_price -n 2 --json', given)).data
    expect(JSON.stringify(prices)).toContain('1500000000')
  })

  it('move along the curve of their weights', async () => {
    const { chain } = await weighted()
    const view = await (await chain.connect()).at()
    const pool = await readPool(view, 2)
    expect(pool).toMatchObject({ price: 1_500_000_000n, taoWeight: 0.25 })
    const bought = await quoteStake(view, pool, rao(10n * TAO))
    const sold = await quoteUnstake(view, pool, alphaRao(10n * TAO))
    // The price is what the reserves make afterwards, three to one.
    const near = (price: bigint, tao: bigint, alpha: bigint) =>
      expect(Number(price - (3n * tao * TAO) / alpha)).toBeCloseTo(0, -1)
    near(bought.priceAfter, 110n * TAO, 200n * TAO - bought.out)
    near(sold.priceAfter, 100n * TAO - sold.out, 210n * TAO)
    expect(bought.out).toBeLessThan((10n * TAO * 2n) / 3n)
    expect(sold.out).toBeLessThan(15n * TAO)
    const part = amountWithin(pool, 'stake', 1_507_500_000n, 10n * TAO)
    expect((await quoteStake(view, pool, rao(part))).priceAfter).toBe(1_507_500_000n)
  })

  it('are priced by their reserves while nothing has moved the weights', async () => {
    const { given } = await dtaoNode('470')
    const line =
      'unstake -w alice -H validator -n 2 --amount_alpha 1 --dry_run --json --allow_partial'
    const { data } = documentOf(await run(line, given))
    expect(data.preview.calls[0].args).toMatchObject({ limit_price: '497500000' })
    expect(data.preview.calls[0].args.amount_unstaked).toBe(`${TAO}`)
  })
})

describe('epochs that the chain counts', () => {
  /** Subnet 2 is in epoch 40, which began in block 250 and ends 360 blocks later. */
  async function counted(block = 300) {
    const world = await dtaoNode('470', { block })
    const { set } = world
    set('CommitRevealWeightsEnabled', [2], true)
    set('ValidatorPermit', [2], [true])
    set('LastUpdate', [2], [0])
    set('MinAllowedWeights', [2], 1)
    set('MaxWeightsLimit', [2], 65_535)
    set('RevealPeriodEpochs', [2], 1)
    set('Tempo', [2], 360)
    set('LastEpochBlock', [2], 250)
    set('SubnetEpochIndex', [2], 40)
    return world
  }

  it('say when a commit is revealed', async () => {
    const { given, set } = await counted()
    const line = 'weights_commit -w alice -H validator -n 2 --uids 0 --weights 1 --dry_run --json'
    expect(documentOf(await run(line, given)).data).toMatchObject({ revealFromBlock: 610 })
    set('PendingEpochAt', [2], 320)
    expect(documentOf(await run(line, given)).data).toMatchObject({ revealFromBlock: 320 })
  })

  it('are what a commit is noted by, which is revealed by its hash', async () => {
    const opening = { hotkey: HOT, netuid: 2, uids: [0], values: [65_535], salt: [7] }
    const hash = commitHash({ ...opening, versionKey: 0n })
    const words = '-u 0 --weights 1 --version_key 0 --salt 7'
    const line = `weights_reveal -w alice -H validator -n 2 ${words} -y`
    const waiting = async (epoch: number) => {
      const { given, set } = await counted()
      set('WeightCommits', [2, HOT], [[hash, epoch, 210, 0]])
      return given
    }
    const due = await run(`${line} --dry_run`, await waiting(39))
    expect(due.stderr).toContain('of epoch 39')
    expect(due.code).toBe(0)
    const early = documentOf(await run(`${line} --json`, await waiting(40)))
    expect(early.error).toMatchObject({ code: 'RATE_LIMITED' })
    expect(JSON.stringify(early.error)).toContain('from block 610 to 969')
    const late = documentOf(await run(`${line} --json`, await waiting(38)))
    expect(late.error.message).toBe('the commit can not be revealed any more')
  })

  // What the schedule of bittensor-core 0.1.6rc73 tells of the same states.
  it.each([
    [{ index: 0, next: 60 }, 50, 10, { first: 60, last: 109 }],
    [{ index: 0, next: 95 }, 20, 91, { first: 95, last: 114 }],
    [{ index: 7, next: 90 }, 20, 91, { first: 112, last: 131 }],
  ])('%j with a tempo of %i in block %i', (state, tempo, block, expected) => {
    const epochs = { netuid: 2, tempo, period: 1, block, counted: state }
    expect(revealBlocks(epochs)).toEqual(expected)
  })
})

describe('a seat on root', () => {
  it('is not asked for with alpha of other subnets', async () => {
    const { given, set } = await dtaoNode('365')
    const member = dev('//Bob//validator')
    set('SubnetworkN', [0], 1)
    set('MaxAllowedUids', [0], 1)
    set('Keys', [0, 0], member)
    set('Uids', [0, member], 0)
    set('TotalHotkeyAlpha', [member, 0], 5n * TAO)
    set('TotalHotkeyAlpha', [HOT, 0], 4n * TAO)
    set('TotalHotkeyAlpha', [HOT, 2], 900n * TAO)
    const line = 'root_register -w alice -H validator --dry_run --json'
    const poor = documentOf(await run(line, given))
    expect(poor.error).toMatchObject({
      code: 'INSUFFICIENT_STAKE',
      details: { stakeRao: '4000000000' },
    })
    set('TotalHotkeyAlpha', [HOT, 0], 6n * TAO)
    expect(documentOf(await run(line, given))).toMatchObject({ ok: true })
  })

  it('costs what the chain takes for it', async () => {
    const { given, set } = await dtaoNode('470')
    set('MaxAllowedUids', [0], 64)
    set('TargetRegistrationsPerInterval', [0], 1)
    set('Burn', [0], 3n * TAO)
    const line = 'root_register -w alice -H miner1'
    const { data } = documentOf(await run(`${line} --dry_run --json`, given))
    expect(data.preview.spendRao).toBe('3000000000')
    const shown = await run(`${line} --dry_run`, given)
    expect(shown.stderr).toContain('cost       τ3.000000000   recycled: it is gone for good')
    set('Burn', [0], 5000n * TAO)
    const poor = documentOf(await run(`${line} -y --json`, given))
    expect(poor.error).toMatchObject({ code: 'INSUFFICIENT_BALANCE' })
  })

  it('costs nothing on runtimes before', async () => {
    const { given, set } = await dtaoNode('365')
    set('MaxAllowedUids', [0], 64)
    set('TargetRegistrationsPerInterval', [0], 1)
    set('Burn', [0], 3n * TAO)
    const line = 'root_register -w alice -H miner1 --dry_run --json'
    expect(documentOf(await run(line, given)).data.preview.spendRao).toBe('0')
  })
})

describe('a coldkey that is told when it is announced', () => {
  /** Alice announced before, to be carried out from block 90 on, and may announce again 20 blocks later. */
  async function announced(to = FOREIGN) {
    const world = await dtaoNode('470')
    const { set } = world
    set('ColdkeySwapAnnouncementDelay', [], 50)
    set('ColdkeySwapReannouncementDelay', [], 5)
    set('ColdkeySwapAnnouncements', [ALICE], [90, `0x${'ab'.repeat(32)}`])
    set('ColdkeySwapV2PolicySnapshots', [ALICE], true)
    set('ColdkeySwapReservedDestination', [ALICE], to)
    return world
  }

  it('is paid for each time, and may be in use', async () => {
    const { given, set } = await announced()
    set('StakingHotkeys', [FOREIGN], [HOT])
    const line = `swap_coldkey announce -w alice --new ${FOREIGN} --dry_run`
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data.preview).toMatchObject({
      spendRao: '100000000',
      calls: [{ name: 'announce_coldkey_swap_v2', args: { new_coldkey: FOREIGN } }],
    })
    expect((await run(line, given)).stderr).toContain('the chain takes nothing else')
  })

  it('is shown, and is the only one that can take over', async () => {
    const { given } = await announced()
    const check = documentOf(await run('swap_check -w alice --json', given)).data
    expect(check.swaps).toMatchObject([{ newColdkey: FOREIGN, newColdkeyHash: null, block: 90 }])
    const line = 'swap_coldkey execute -w alice -y --dry_run --json'
    const fine = documentOf(await run(`${line} --new ${FOREIGN}`, given)).data
    expect(fine.preview.calls[0]).toMatchObject({ name: 'swap_coldkey_announced' })
    const other = documentOf(await run(`${line} --new ${HOT}`, given))
    expect(other.error.message).toContain('another coldkey was announced')
  })

  it('can go on but not back after governance has let it', async () => {
    const { given, set } = await announced()
    set('ColdkeySwapDisputes', [ALICE], 0)
    const go = await run(`swap_coldkey execute -w alice --new ${FOREIGN} --dry_run`, given)
    expect(go.code).toBe(0)
    const back = documentOf(await run('swap_coldkey clear -w alice -y --json', given))
    expect(back.error.message).toContain('not taken back')
    set('ColdkeySwapDisputes', [ALICE], 95)
    const stopped = documentOf(
      await run(`swap_coldkey execute -w alice --new ${FOREIGN} -y --json`, given),
    )
    expect(stopped.error.message).toContain('disputed')
  })
})

describe('root dividends in baskets', () => {
  const BOB_HOT = dev('//Bob//validator')

  async function baskets(positions: readonly (readonly [Ss58, bigint])[]) {
    const world = await dtaoNode('470')
    const { chain, set } = world
    const answer = vec(tuple(account, u64, u64))
    const rows = positions.map(([hotkey, payout]) => [hotkey, 7n, payout])
    chain.calls.set(
      `BetaBasketRuntimeApi_get_root_basket_positions:${toHex(decodeAddress(ALICE))}`,
      toHex(encode([], answer, rows, 'positions')) as Hex,
    )
    set('RootClaimableThreshold', [0], { bits: `${500_000n << 32n}` })
    // What is left of the claims of before counts no more.
    set('RootClaimable', [HOT], [[1, { bits: `${1n << 30n}` }]])
    return world
  }

  it('are shown as the τ that a claim gives', async () => {
    const { given } = await baskets([
      [HOT, 2n * TAO],
      [BOB_HOT, 3n * TAO],
    ])
    const shown = await run('claim_get -w alice', given)
    expect(shown.stdout).toContain('CLAIMABLE(τ)')
    const { data } = documentOf(await run('claim_get -w alice --json', given))
    expect(data).toMatchObject({
      claimType: 'Swap',
      claims: [
        { hotkey: HOT, netuid: 0, claimableAlphaRao: '2000000000', thresholdAlphaRao: '500000' },
        { hotkey: BOB_HOT, netuid: 0, claimableAlphaRao: '3000000000' },
      ],
    })
    const list = documentOf(await run('stake_list -w alice --json', given)).data
    expect(JSON.stringify(list)).toContain('"claimableAlphaRao":"2000000000"')
  })

  it('are claimed from one validator at a time', async () => {
    const { given, set } = await baskets([
      [HOT, 2n * TAO],
      [BOB_HOT, 3n * TAO],
    ])
    set('RootStakeUnlockInterval', [], 300)
    const line = 'claim_process -w alice --dry_run'
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data.preview.calls).toMatchObject([
      { name: 'claim_root_with_hotkey', args: { hotkey: BOB_HOT } },
    ])
    const shown = (await run(line, given)).stderr
    expect(shown).toContain('there is more from another validator')
    expect(shown).toContain('no stake can leave root from there for 300 blocks')
    const own = documentOf(await run(`${line} --hotkey ${HOT} --json`, given)).data
    expect(own.claims).toEqual([{ hotkey: HOT, netuid: 0, alphaRao: '2000000000' }])
    const subnet = documentOf(await run('claim_process -w alice -n 1 -y --json', given))
    expect(subnet.error).toMatchObject({ code: 'RUNTIME_UNSUPPORTED' })
  })

  it('too small for a claim are left', async () => {
    const { given } = await baskets([[HOT, 400_000n]])
    const result = documentOf(await run('claim_process -w alice -y --json', given))
    expect(result.error.details.reason).toContain('too little for a claim: τ0.000400000')
  })

  it('can not be kept as alpha', async () => {
    const { given } = await baskets([])
    const result = documentOf(await run('claim_set --type keep -w alice -y --json', given))
    expect(result.error).toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      hint: expect.stringContaining('since then claims are'),
    })
  })
})

describe('stake that the chain keeps on root for a while', () => {
  async function kept() {
    const world = await dtaoNode('470')
    world.set('RootStakeUnlockInterval', [], 50)
    world.set('LastColdkeyHotkeyStakeBlock', [ALICE, HOT], 90)
    return world
  }

  it.each([
    'unstake -w alice -H validator -n 0 -a 5',
    'unstake -w alice -H validator -n 0 --all',
    'stake_swap -w alice -H validator --origin_netuid 0 --dest_netuid 2 --amount 5 --unsafe',
  ])('is not asked for: %s', async (line) => {
    const { given, set } = await kept()
    const early = documentOf(await run(`${line} -y --json`, given))
    expect(early.error).toMatchObject({ code: 'RATE_LIMITED' })
    expect(JSON.stringify(early.error)).toContain('39 blocks')
    set('LastColdkeyHotkeyStakeBlock', [ALICE, HOT], 51)
    const free = documentOf(await run(`${line} --dry_run --json`, given))
    expect(free).toMatchObject({ ok: true })
  })

  it('is left where all is sold', async () => {
    const { given, set } = await kept()
    const line = 'unstake_all -w alice -H validator --unsafe --dry_run'
    expect((await run(line, given)).stderr).toContain(
      'what is on root is left: stake there can leave root in 39 blocks',
    )
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(JSON.stringify(data)).not.toContain('"netuid":0')
    set('RootStakeUnlockInterval', [], 0)
    expect((await run(line, given)).stderr).not.toContain('is left')
  })

  it('leaves other subnets alone', async () => {
    const { given } = await kept()
    const line = 'unstake -w alice -H validator -n 2 --amount_alpha 5 --unsafe --dry_run --json'
    expect(documentOf(await run(line, given))).toMatchObject({ ok: true })
  })
})

describe('a move into another subnet', () => {
  it('carries its limit', async () => {
    const { given } = await dtaoNode('470')
    const line = `stake_move -w alice -H validator --dest ${dev('//Bob//validator')} -o 2 --amount_alpha 1 --dry_run`
    const other = documentOf(await run(`${line} --dest_netuid 1 --tolerance 0.1 --json`, given))
    // An alpha of subnet 2 is a sixth of one of subnet 1.
    expect(other.data.preview.calls[0]).toMatchObject({
      name: 'move_stake_limit',
      args: { limit_price: '150000000', allow_partial: false },
    })
    const shown = await run(`${line} --dest_netuid 1 --tolerance 0.1`, given)
    expect(shown.stderr).toContain('beyond it the transaction fails')
    const same = documentOf(await run(`${line} --json`, given)).data
    expect(same.preview.calls[0]).toMatchObject({ name: 'move_stake' })
  })
})

describe('settings of a subnet', () => {
  it('count the tempo among those of the owner, since epochs are counted', async () => {
    const line = 'hyperparameter_set -w alice -n 2 --param tempo --value 720 --dry_run --json'
    const { data } = documentOf(await run(line, (await dtaoNode('470')).given))
    expect(data.preview.calls[0]).toMatchObject({ name: 'sudo_set_tempo', args: { tempo: 720 } })
    const before = documentOf(await run(line, (await dtaoNode('365')).given))
    expect(before.error).toMatchObject({ code: 'KEYFILE' })
  })

  it('know the calls that refuse everybody', async () => {
    const { chain } = await dtaoNode('365')
    const view = await (await chain.connect()).at()
    const { calls = [], ...admin } = view.runtime.description.pallets['AdminUtils'] ?? {}
    const on = (...names: readonly string[]) => {
      const more = names.map((name) => ({
        ...calls.find((one) => one.name === 'sudo_set_rho')!,
        name,
      }))
      const pallets = { AdminUtils: { ...admin, calls: [...calls, ...more] } }
      const description = { ...view.runtime.description, pallets } as never
      const hasCall = (_: string, name: string) => names.includes(name)
      const runtime = { ...view.runtime, description }
      return setterOf({ ...view, hasCall, runtime }, 'owner_cut_enabled')
    }
    expect(on('sudo_set_owner_cut_enabled')).toBe('owner')
    expect(on('sudo_set_owner_cut_enabled', 'sudo_set_subnet_emission_weights')).toBe('nobody')
  })
})

describe('proxies', () => {
  it('need no money where the account pays the fee', async () => {
    const { given, chain } = await dtaoNode('470')
    fund(chain, BOB, 0n)
    const right = { delegate: BOB, proxy_type: 'Staking', delay: 0 }
    chain.set('Proxy', 'Proxies', [ALICE], [[right], TAO])
    const line = `stake -w bob -H ${HOT} --proxy ${ALICE} -n 2 -a 1 --unsafe`
    const poor = documentOf(await run(`${line} -y --json`, given))
    expect(poor.error.message).toContain('can not pay the fee')
    chain.set('Proxy', 'RealPaysFeeConsentV1', [ALICE, BOB], [])
    const paid = await run(`${line} --dry_run`, given)
    expect(paid.stderr).toContain('the fee is paid by')
    expect(paid.code).toBe(0)
  })

  it('have their rights over the newer calls too', () => {
    const call = (name: string) => ({ pallet: 'SubtensorModule', name, args: {} })
    expect(mayMake('NonTransfer', call('transfer_stake_and_hotkey'), new Map())).toBe('denied')
    expect(mayMake('NonFungible', call('stake_into_basket'), new Map())).toBe('denied')
    expect(mayMake('RootClaim', call('claim_root_with_hotkey'), new Map())).toBe('allowed')
    expect(mayMake('Staking', call('move_stake_limit'), new Map())).toBe('allowed')
  })
})

describe('bounds that runtimes of 2026 have of their own', () => {
  it('the least take of a child on a subnet', async () => {
    const { given, set } = await dtaoNode('470')
    set('MaxChildkeyTake', [], 11_796)
    set('MinChildkeyTakePerSubnet', [2], 6_554)
    const line = 'children_take -w alice -H validator -n 2 --take'
    const low = documentOf(await run(`${line} 5% -y --json`, given))
    expect(low.error.message).toContain('--take must be from 10.00 %')
    expect(documentOf(await run(`${line} 12% --dry_run --json`, given))).toMatchObject({
      ok: true,
    })
  })

  it('the rest of stake that came by a swap of hotkeys', async () => {
    const { given, set } = await dtaoNode('470', { block: 60_000 })
    set('StakeMoveCooldownUntil', [2, HOT], 60_080)
    const line = `swap_hotkey -w alice -H validator --new_hotkey ${FOREIGN} -n 2`
    const early = documentOf(await run(`${line} -y --json`, given))
    expect(early.error).toMatchObject({ code: 'RATE_LIMITED' })
    expect(JSON.stringify(early.error)).toContain('stays until 60080')
    set('StakeMoveCooldownUntil', [2, HOT], 60_001)
    expect(documentOf(await run(`${line} --dry_run --json`, given))).toMatchObject({ ok: true })
  })

  it('what one account may give to a crowdloan', async () => {
    const { given, chain } = await dtaoNode('470')
    chain.set('Crowdloan', 'Crowdloans', [3], {
      creator: FOREIGN,
      deposit: 10n * TAO,
      min_contribution: TAO,
      end: 5_000,
      cap: 100n * TAO,
      funds_account: FOREIGN,
      raised: 10n * TAO,
      finalized: false,
      contributors_count: 1,
    })
    chain.set('Crowdloan', 'MaxContributions', [3], 5n * TAO)
    const line = 'crowdloan_contribute -w alice --id 3 --amount'
    const { data } = documentOf(await run(`${line} 8 --dry_run --json`, given))
    expect(data.preview.spendRao).toBe('5000000000')
    const shown = await run(`${line} 8 --dry_run`, given)
    expect(shown.stderr).toContain('no more is taken from one account')
    chain.set('Crowdloan', 'Contributions', [3, ALICE], 5n * TAO)
    const full = documentOf(await run(`${line} 8 -y --json`, given))
    expect(full.error.message).toBe('crowdloan 3 takes no more from you')
  })

  it('the room for subnets', async () => {
    const { given, set } = await dtaoNode('470')
    set('NetworkMinLockCost', [], TAO)
    const shown = await run('subnet_create -w alice -H miner1 --dry_run', given)
    expect(shown.stderr).toContain('it waits in a queue')
  })
})

describe('earnings of a day', () => {
  it.each([
    ['470', 20_000_000_000n],
    ['365', 19_944_598_337n],
  ] as const)('go by epochs as long as the tempo of spec %s says', async (spec, perDay) => {
    const { chain, set } = await dtaoNode(spec)
    set('Tempo', [2], 360)
    set('AlphaDividendsPerSubnet', [2, HOT], TAO)
    const view = await (await chain.connect()).at()
    const holding = { hotkey: HOT, coldkey: ALICE, netuid: 2, amount: 40n * TAO }
    expect((await readStakeYields(view, [holding]))[0]?.perDay).toBe(perDay)
  })
})
