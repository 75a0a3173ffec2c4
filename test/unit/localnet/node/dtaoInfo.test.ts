import { describe, expect, test } from 'vitest'
import { Localnet } from '../../../../src/localnet/index.js'
import { fromHex, toHex } from '../../../../src/localnet/node/bytes.js'
import { dtaoInfoApis } from '../../../../src/localnet/node/dtaoInfo/dtaoInfo.js'
import { findApiMethod } from '../../../../src/localnet/node/runtimeApis.js'
import { str, struct, vec } from '../../../../src/localnet/runtime/scale.js'
import { account } from '../../../support/localWorld.js'

const alice = account('//Alice')
const hotkey = account('//Alice//validator')

/** Arguments that every method understands. */
const ARGS: Record<string, unknown> = {
  netuid: 1,
  uid: 3,
  mecid: 0,
  subid: 0,
  metagraph_indexes: [0, 1, 9, 52, 54, 67, 72, 73],
  delegate_account: hotkey,
  delegatee_account: alice,
  coldkey: alice,
  coldkey_account: alice,
  hotkey_account: hotkey,
  coldkey_accounts: [alice, account('//One')],
  origin: [hotkey, 1],
  origin_coldkey_account: alice,
  destination: undefined,
  destination_coldkey_account: alice,
  amount: 1_000_000_000n,
  tao: 1_000_000_000n,
  alpha: 1_000_000_000n,
}

type Answer = Record<'tao_amount' | 'alpha_amount' | 'tao_slippage' | 'alpha_slippage', bigint>

type Stake = { netuid: number; stake: bigint }

const methods = dtaoInfoApis.flatMap(({ name, methods }) =>
  Object.keys(methods).map((method) => `${name}_${method}`),
)

describe('runtime APIs of spec 343', async () => {
  const net = await Localnet.start({ profile: 'dtao', blocks: 'manual' })

  async function ask(name: string, args = ARGS): Promise<unknown> {
    const method = findApiMethod(dtaoInfoApis, name)
    if (!method) throw new Error(`no ${name}`)
    const input = struct(method.inputs).codec.enc(args as never)
    const answer = await net.request('state_call', [name, toHex(input)])
    return method.output.codec.dec(fromHex(answer as string))
  }

  test.each(methods)('%s answers', async (name) => {
    await expect(ask(name)).resolves.not.toThrow()
  })

  test('a price is what a small trade costs', async () => {
    const price = Number(await ask('SwapRuntimeApi_current_alpha_price')) / 1e9
    const trade = (await ask('SwapRuntimeApi_sim_swap_tao_for_alpha')) as Record<string, bigint>
    const paid = Number(trade['tao_amount']) / Number(trade['alpha_amount'])
    expect(paid / price).toBeCloseTo(1, 3)
    expect(trade['tao_fee']).toBe(503_547n)
  })

  test('all prices at once are those asked for one by one', async () => {
    const all = (await ask('SwapRuntimeApi_current_alpha_price_all')) as Record<string, unknown>[]
    expect(all.map((one) => one['netuid'])).toEqual([0, 1, 2, 3, 4, 5])
    for (const { netuid, price } of all) {
      expect(await ask('SwapRuntimeApi_current_alpha_price', { netuid })).toBe(price)
    }
  })

  test('all of a stake is available, on the subnets that are asked for', async () => {
    const stakes = (await ask('StakeInfoRuntimeApi_get_stake_info_for_coldkey')) as Stake[]
    const available = async (netuids: number[] | undefined) => {
      const args = { coldkey_accounts: [alice, alice], netuids }
      const answer = await ask('StakeInfoRuntimeApi_get_stake_availability_for_coldkeys', args)
      return answer as [string, [number, Record<string, bigint>][]][]
    }
    const netuids = [...new Set(stakes.map(({ netuid }) => netuid))]
    const expected = netuids.map((netuid) => {
      const parts = stakes.filter((one) => one.netuid === netuid).map(({ stake }) => stake)
      const total = parts.reduce((sum, stake) => sum + stake, 0n)
      return [netuid, { total, locked: 0n, available: total }]
    })
    expect(expected.length).toBeGreaterThan(2)
    expect(await available(undefined)).toEqual([[alice, expected]])
    expect(await available([3, 1, 3, 77])).toEqual([
      [alice, expected.filter(([netuid]) => netuid === 1 || netuid === 3)],
    ])
    expect(await available([])).toEqual([[alice, []]])
    expect(await available([0, 1, 2, 3, 4, 5, 6])).toEqual([[alice, []]])
  })

  test('slippage is what a trade gives less than at the present price', async () => {
    const price = Number(await ask('SwapRuntimeApi_current_alpha_price')) / 1e9
    const amount = 500_000_000_000n
    const args = { netuid: 1, tao: amount, alpha: amount }
    const buy = (await ask('SwapRuntimeApi_sim_swap_tao_for_alpha', args)) as Answer
    const sell = (await ask('SwapRuntimeApi_sim_swap_alpha_for_tao', args)) as Answer
    expect(Number(buy.alpha_amount + buy.alpha_slippage) * price).toBeCloseTo(Number(amount), -4)
    expect(Number(sell.tao_amount + sell.tao_slippage) / price).toBeCloseTo(Number(amount), -4)
    expect(buy.alpha_slippage > buy.alpha_amount / 300n).toBe(true)
    expect([buy.tao_slippage, sell.alpha_slippage]).toEqual([0n, 0n])
  })

  test('the newest form of settings has all of the form before, each with its kind', async () => {
    const before = (await ask('SubnetInfoRuntimeApi_get_subnet_hyperparams_v2')) as object
    const now = (await ask('SubnetInfoRuntimeApi_get_subnet_hyperparams_v3')) as {
      name: Uint8Array
      value: { type: string; value: unknown }
    }[]
    const entries = now.map(({ name, value }) => [Buffer.from(name).toString(), value] as const)
    const values = Object.fromEntries(entries.map(([name, { value }]) => [name, value]))
    expect(values).toEqual({
      ...before,
      activity_cutoff_factor: 500_000,
      burn_half_life: 0,
      burn_increase_mult: 1n << 64n,
      owner_cut_enabled: true,
      owner_cut_auto_lock_enabled: false,
      min_childkey_take: 0,
    })
    const kinds = Object.fromEntries(entries.map(([name, { type }]) => [name, type]))
    expect(kinds).toMatchObject({
      tempo: 'U16',
      difficulty: 'U64',
      min_burn: 'TaoBalance',
      registration_allowed: 'Bool',
      alpha_sigmoid_steepness: 'I32F32',
    })
  })

  test('what is not there is none', async () => {
    const none = { ...ARGS, netuid: 77 }
    expect(await ask('SubnetInfoRuntimeApi_get_metagraph', none)).toBeUndefined()
    expect(await ask('SubnetInfoRuntimeApi_get_dynamic_info', none)).toBeUndefined()
    expect(await ask('NeuronInfoRuntimeApi_get_neurons_lite', none)).toEqual([])
  })

  test('a selective metagraph has what was asked for', async () => {
    const graph = (await ask('SubnetInfoRuntimeApi_get_selective_metagraph')) as Record<
      string,
      unknown
    >
    const given = Object.keys(graph).filter((name) => graph[name] !== undefined)
    expect(given).toEqual([
      'netuid',
      'name',
      'last_step',
      'hotkeys',
      'identities',
      'alpha_stake',
      'validators',
      'commitments',
    ])
  })

  test('arguments may come without 0x, as Python clients send them', async () => {
    const params = ['SubnetInfoRuntimeApi_get_all_dynamic_info', '']
    await expect(net.request('state_call', params)).resolves.toMatch(/^0x18/)
  })

  test('metadata 15 has the extrinsic type that clients look up by its path', async () => {
    const name = 'Metadata_metadata_at_version'
    const metadata = (await net.request('state_call', [name, '0x0f000000'])) as string
    const path = ['sp_runtime', 'generic', 'unchecked_extrinsic', 'UncheckedExtrinsic']
    const encoded = vec(str).codec.enc(path)
    expect(metadata).toContain(toHex(encoded).slice(2))
  })
})
