/** proxy_add, proxy_remove, proxy_list, and `--proxy` on other commands. */
import { beforeAll, describe, expect, it } from 'vitest'
import { encode } from '../../src/core/chain/encode.js'
import { storageKey } from '../../src/core/chain/storageKey.js'
import type { Hex } from '../../src/core/chain/types.js'
import { toHex } from '../../src/core/keys/hex.js'
import { DEV, type DryChain, dryChain } from '../support/dryChain.js'
import { dtaoChain } from '../support/dtaoChain.js'
import { devHome, localChain } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

let home = ''
const classic = localChain()

beforeAll(async () => {
  home = await devHome({ alice: { uri: '//Alice' }, bob: { uri: '//Bob' } })
})

type Right = { readonly delegate: string; readonly type: string; readonly delay?: number }

function setProxies(chain: DryChain, account: string, rights: readonly Right[], deposit: bigint) {
  const { types, pallets } = chain.description
  const item = pallets['Proxy']!.storage['Proxies']!
  const list = rights.map(({ delegate, type, delay = 0 }) => ({
    delegate,
    proxy_type: type,
    delay,
  }))
  const value = encode(types, item.value, [list, deposit], 'proxies')
  chain.storage.set(storageKey(types, item, [account]), toHex(value) as Hex)
}

/** Alice has money and these proxies; Bob has a little. */
function setUp(rights: readonly Right[], spec: '218' | '343' = '343') {
  const chain = dryChain(spec)
  chain.give(DEV.alice, 100)
  chain.give(DEV.bob, 1)
  if (rights.length > 0) setProxies(chain, DEV.alice, rights, 93_000_000n)
  return { home, chain: chain.open }
}

const bob = (type: string, delay = 0) => ({ delegate: DEV.bob, type, delay })

describe('btcli proxy_list', () => {
  it('shows the proxies of an account, and for whom one acts', async () => {
    const given = setUp([bob('Staking'), bob('Transfer', 10)])
    const { stdout } = await run('proxy list -w alice', given)
    expect(stdout).toMatch(new RegExp(`${DEV.bob} +Staking +0\n${DEV.bob} +Transfer +10\n`))
    expect(stdout).toContain('2 proxies of alice, deposit τ0.093')
    const reverse = documentOf(await run('proxy_list -w bob --reverse --json', given))
    expect(reverse.data.proxies).toEqual([
      { address: DEV.alice, type: 'Staking', delay: 0 },
      { address: DEV.alice, type: 'Transfer', delay: 10 },
    ])
    expect((await run('proxies list -w bob', given)).stdout).toBe('Nobody may act for bob.\n')
  })

  it('says where there are none at all', async () => {
    const old = await run('proxy_list -w alice', { home, chain: classic.open })
    expect(old).toMatchObject({ code: 1 })
    expect(old.stderr).toContain('this chain (spec 143) has no proxies')
  })
})

describe('btcli proxy_add', () => {
  it('shows the deposit and what the proxy may do', async () => {
    const line = 'proxy_add -w alice --delegate wallet:bob --type staking --dry_run'
    const result = await run(line, setUp([]))
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toMatch(/may do +Staking\n/)
    expect(result.stderr).toMatch(/deposit +τ0\.093 +reserved until the proxy is removed/)
    const { data } = documentOf(await run(`${line} --json`, setUp([])))
    expect(data.preview.calls[0]).toMatchObject({
      pallet: 'Proxy',
      name: 'add_proxy',
      args: { delegate: DEV.bob, proxy_type: { type: 'Staking' }, delay: 0 },
    })
  })

  it('asks on its own about a proxy that may do everything', async () => {
    const line = 'proxy_add -w alice --delegate wallet:bob --type any'
    const script = await run(`${line} -y`, setUp([]))
    expect(script.stderr).toContain('--allow_any confirms it; -y alone does not')
    const declined = await run(line, {
      ...setUp([]),
      prompts: [['A proxy of type Any can move all that alice has', false]],
    })
    expect(declined.code).toBe(4)
  })

  it('names the types of the runtime, and sends nothing for what is there already', async () => {
    const line = 'proxy_add -w alice --delegate wallet:bob -y --type'
    const wrong = await run(`${line} Everything`, setUp([]))
    expect(wrong.stderr).toContain('it has Any, Owner, NonCritical')
    expect(wrong.stderr).toContain('RootClaim')
    const twice = await run(`${line} Staking`, setUp([bob('Staking')]))
    expect(twice.code).toBe(0)
    expect(twice.stdout).toContain('is such a proxy already')
    const self = await run(
      'proxy_add -w alice --delegate wallet:alice -y --type Staking',
      setUp([]),
    )
    expect(self).toMatchObject({ code: 2 })
    expect(self.stderr).toContain('alice can not be its own proxy')
  })
})

describe('btcli proxy_remove', () => {
  it('removes the right that is there, with its delay, and gives the deposit back', async () => {
    const line = 'proxy_remove -w alice --delegate wallet:bob --dry_run --json'
    const { data } = documentOf(await run(line, setUp([bob('Staking', 7)])))
    expect(data.preview.calls[0].args).toEqual({
      delegate: DEV.bob,
      proxy_type: { type: 'Staking' },
      delay: 7,
    })
    expect(data.preview.effects[0]).toMatchObject({
      beforeRao: '100000000000',
      afterRao: `${100_000_000_000 + 93_000_000 - 1000}`,
    })
  })

  it('wants to know which of several, or all', async () => {
    const given = setUp([bob('Staking'), bob('Transfer')])
    const which = await run('proxy_remove -w alice --delegate wallet:bob -y', given)
    expect(which.stderr).toContain('name one with --type')
    const all = await run('proxy_remove -w alice --all --dry_run --json', given)
    expect(documentOf(all).data.preview.calls[0].name).toBe('remove_proxies')
    const none = await run('proxy_remove -w alice --delegate wallet:bob -y', setUp([]))
    expect(none.stderr).toContain('has not made bob')
  })
})

describe('--proxy', () => {
  const line = `transfer -w bob --proxy wallet:alice -d ${DEV.charlie} -a 2 --dry_run`

  it('moves the money of the account, and the proxy pays the fee', async () => {
    const result = await run(line, setUp([bob('Transfer')]))
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toMatch(/from +bob +5FHneW46/)
    expect(result.stderr).toMatch(/for +alice +5GrwvaEF/)
    expect(result.stderr).toMatch(/alice +τ100\.000000000 ➡ +τ98\.000000000\n/)
    expect(result.stderr).toMatch(/bob +τ1\.000000000 ➡ +τ0\.999999000 +pays the fee/)
    const { data } = documentOf(await run(`${line} --json`, setUp([bob('Transfer')])))
    expect(data.from).toBe(DEV.alice)
    expect(data.preview.calls[0]).toMatchObject({
      pallet: 'Proxy',
      name: 'proxy',
      args: {
        real: DEV.alice,
        force_proxy_type: { type: 'Transfer' },
        call: { pallet: 'Balances', name: 'transfer_keep_alive', args: { dest: DEV.charlie } },
      },
    })
  })

  it.each([
    [['Staking', 'Transfer'], 'Transfer'],
    [['Staking', 'Any'], 'Any'],
    [['NonTransfer', 'Transfer'], 'Transfer'],
  ])('of several rights %j uses the one that allows the call', async (types, used) => {
    const given = setUp(types.map((type) => bob(type)))
    const { data } = documentOf(await run(`${line} --json`, given))
    expect(data.preview.calls[0].args.force_proxy_type).toEqual({ type: used })
  })

  it('is refused to others, and where an announcement comes first', async () => {
    const stranger = await run(line, setUp([]))
    expect(stranger).toMatchObject({ code: 2 })
    expect(stranger.stderr).toContain(`bob is no proxy of ${DEV.alice}`)
    const delayed = await run(line, setUp([bob('Transfer', 100)]))
    expect(delayed.stderr).toContain('has to announce')
  })

  it.each([
    ['Staking', 'Transfer'],
    ['NonTransfer', 'Transfer'],
    ['SwapHotkey', 'Transfer'],
  ])('of type %s is refused a transfer before anything is signed', async (type, wanted) => {
    const { error } = documentOf(await run(`${line} --json`, setUp([bob(type)])))
    expect(error).toMatchObject({
      code: 'USAGE',
      message: 'bob may not do this for alice',
      hint: `another right, from the wallet of the account: btcli proxy_add --delegate ${DEV.bob} --type ${wanted}`,
      details: { types: [type], call: 'Balances.transfer_keep_alive' },
    })
    expect(error.details.reason).toContain(`a proxy of type ${type} may not make Balances.`)
  })

  it('offers all of what the account has', async () => {
    const result = await run(`transfer -w bob --proxy wallet:alice -d ${DEV.charlie} --dry_run`, {
      ...setUp([bob('Transfer')]),
      prompts: [['"all" for all of τ100.000000000', '2']],
    })
    expect(result).toMatchObject({ code: 0 })
  })

  it('of small transfers is refused large ones', async () => {
    const given = setUp([bob('SmallTransfer')])
    expect((await run(line, given)).stderr).toContain(
      'a proxy of type SmallTransfer (below τ0.5) may not make Balances.transfer_keep_alive',
    )
    const small = await run(line.replace('-a 2', '-a 0.499999999'), given)
    expect(small).toMatchObject({ code: 0 })
  })

  it('is doubted, not refused, where a runtime may say so or so', async () => {
    const remark = 'tx System.remark --remark a -w bob --proxy wallet:alice --dry_run'
    const { code, stderr } = await run(remark, setUp([bob('Staking')]))
    expect(code).toBe(0)
    expect(stderr).toContain('not every runtime lets a proxy of type Staking make System.remark')
  })

  it('is named as the reason where the chain refuses after all', async () => {
    const { given } = await dtaoChain()
    await run('proxy_add -w alice --delegate wallet:bob --type ChildKeys -y', given)
    const call = 'tx System.remark --remark hi -w bob --proxy wallet:alice -y --json'
    expect(documentOf(await run(call, given)).error).toMatchObject({
      code: 'EXTRINSIC_FAILED',
      message:
        'the chain refused: System.CallFiltered — the type of the proxy does not allow this call',
    })
  })

  it('works on any call, and takes all of the account but its deposit', async () => {
    const any = await run(
      'tx System.remark --remark a -w bob --proxy wallet:alice --dry_run --json',
      setUp([bob('Any')]),
    )
    expect(documentOf(any).data.preview.calls[0].args.call.name).toBe('remark')
    const all = await run(line.replace('-a 2', '--all'), setUp([bob('Any')]))
    expect(all.stderr).toMatch(/amount +τ99\.999999500 +all/)
  })
})
