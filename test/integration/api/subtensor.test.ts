/** The API against the embedded chain, over a real socket. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  Balance,
  type Hex,
  keypairFromUri,
  type SubmitPhase,
  Subtensor,
  Wallet,
} from '../../../src/index.js'
import { Localnet } from '../../../src/localnet/index.js'
import { roundGenesis } from '../../support/chain.js'
import { dev, NOBODY } from '../../support/devAccounts.js'
import { devHome } from '../../support/localnet.js'

let localnet: Localnet
let subtensor: Subtensor
let alice: Wallet
let bob: Wallet

beforeAll(async () => {
  localnet = await Localnet.start({
    genesis: roundGenesis,
    port: 0,
    now: () => Date.UTC(2023, 6, 1),
  })
  subtensor = await Subtensor.connect({ endpoint: localnet.endpoint, cacheDir: null })
  const home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: { validator: '//Alice//validator', fresh: '//Alice//fresh' },
    },
    bob: { uri: '//Bob', hotkeys: { miner1: '//Bob//miner1' } },
  })
  const path = `${home}/.bittensor/wallets`
  alice = new Wallet({ name: 'alice', hotkey: 'validator', path })
  bob = new Wallet({ name: 'bob', hotkey: 'miner1', path })
})
afterAll(async () => {
  await subtensor.close()
  await localnet.stop()
})

const one = dev('//One')
const validator = dev('//Alice//validator')
const tao = (text: string) => Balance.fromTao(text)

describe('reads', () => {
  test('accounts', async () => {
    expect(`${await subtensor.getBalance(one)}`).toBe('τ1,000.000000000')
    expect(`${await subtensor.getBalance(NOBODY)}`).toBe('τ0.000000000')
    expect(await subtensor.getAccount(dev('//Bob'))).toMatchObject({ nonce: 0 })
    expect((await subtensor.getBalances()).get(one)?.tao).toBe('1000')
    expect(`${await subtensor.getExistentialDeposit()}`).toBe('τ0.000000500')
    const fee = await subtensor.getTransferFee({ from: one, dest: NOBODY, amount: '1' })
    expect(fee.rao > 0n && fee < tao('0.01')).toBe(true)
    await expect(subtensor.getBalance('5abc')).rejects.toMatchObject({ code: 'BAD_ADDRESS' })
  })

  test('stake and delegates', async () => {
    expect((await subtensor.getTotalStakeForHotkey(validator)).tao).toBe('42500')
    expect((await subtensor.getTotalStakeForColdkey(dev('//Alice'))).tao).toBe('42000')
    const keys = { hotkey: validator, coldkey: one }
    expect((await subtensor.getStakeForColdkeyAndHotkey(keys)).tao).toBe('500')
    expect(await subtensor.getStake(validator)).toHaveLength(2)
    expect((await subtensor.getStakeInfoForColdkey(one))[0]).toMatchObject({
      hotkey: validator,
      netuid: undefined,
      alpha: undefined,
    })
    expect(new Map(await subtensor.getNominatorsForHotkey(validator)).get(one)?.tao).toBe('500')
    expect(await subtensor.getHotkeyOwner(validator)).toBe(dev('//Alice'))
    expect(await subtensor.doesHotkeyExist(NOBODY)).toBe(false)
    expect(await subtensor.isHotkeyDelegate(validator)).toBe(true)
    expect(await subtensor.getDelegateTake(validator)).toBeCloseTo(0.18, 4)
    const delegate = await subtensor.getDelegateByHotkey(validator)
    expect(delegate?.totalStake.tao).toBe('42500')
    expect(await subtensor.getDelegates()).toHaveLength(2)
    expect((await subtensor.getDelegated(one))[0]?.stake.tao).toBe('500')
    expect((await subtensor.totalStake()).tao).toBe('42500')
    expect(await subtensor.totalIssuance()).toBeInstanceOf(Balance)
  })

  test('registrations and neurons', async () => {
    expect(await subtensor.isHotkeyRegistered(validator, 1)).toBe(true)
    expect(await subtensor.isHotkeyRegisteredAny(NOBODY)).toBe(false)
    expect(await subtensor.isHotkeyRegisteredOnSubnet(NOBODY, 1)).toBe(false)
    expect(await subtensor.getUidForHotkeyOnSubnet(validator, 1)).toBe(0)
    expect(await subtensor.getNetuidsForHotkey(validator)).toEqual([1])
    expect(await subtensor.getAllUidsForHotkey(validator)).toEqual([{ netuid: 1, uid: 0 }])
    const [neuron] = await subtensor.neuronsLite(1)
    expect(neuron).toMatchObject({ uid: 0, hotkey: validator, axon: { ip: '0.0.0.0', port: 0 } })
    expect(neuron?.stake.tao).toBe('42500')
    expect((await subtensor.neurons(1))[0]).toMatchObject({ uid: 0, weights: [], bonds: [] })
    expect(await subtensor.neuronForUid(0, 1)).toMatchObject({ hotkey: validator })
    expect(await subtensor.neuronForUid(99, 1)).toBeUndefined()
    expect(await subtensor.neuronForWallet(alice, 1)).toMatchObject({ uid: 0 })
    expect(await subtensor.getNeuronForPubkeyAndSubnet(NOBODY, 1)).toBeUndefined()
    expect(await subtensor.getAllNeuronsForPubkey(validator)).toHaveLength(1)
    expect(await subtensor.neuronHasValidatorPermit(0, 1)).toBe(true)
    expect(await subtensor.neuronHasValidatorPermit(99, 1)).toBe(false)
    expect((await subtensor.weights(1)).size).toBe(0)
    expect((await subtensor.bonds(1)).get(0)).toEqual([])
    expect(await subtensor.getAxonInfo(1, validator)).toBeUndefined()
    expect(await subtensor.getPrometheusInfo(1, validator)).toBeUndefined()
  })

  test('subnets and their settings', async () => {
    expect(await subtensor.getSubnets()).toEqual([0, 1])
    expect(await subtensor.getAllSubnetNetuids()).toEqual([0, 1])
    expect(await subtensor.getTotalSubnets()).toBe(2)
    expect(await subtensor.subnetExists(9)).toBe(false)
    expect((await subtensor.getSubnetInfo(1))?.burn.tao).toBe('0.5')
    expect(await subtensor.getSubnetInfo(9)).toBeUndefined()
    expect(await subtensor.getAllSubnetsInfo()).toHaveLength(2)
    expect(await subtensor.getSubnetHyperparameters(1)).toMatchObject({ tempo: 100 })
    expect(await subtensor.getSubnetBurnCost()).toBeInstanceOf(Balance)
    expect(await subtensor.getSubnetModality(1)).toBe(0)
    expect(await subtensor.getEmissionValueBySubnet(1)).toBeInstanceOf(Balance)
    expect(await subtensor.tempo(1)).toBe(100)
    expect(await subtensor.tempo(9)).toBeUndefined()
    expect((await subtensor.burn(1))?.tao).toBe('0.5')
    expect(await subtensor.difficulty(1)).toBeTypeOf('bigint')
    expect(await subtensor.kappa(1)).toBeCloseTo(0.5, 3)
    expect(await subtensor.subnetworkN(1)).toBe(4)
    const numbers = await Promise.all([
      subtensor.rho(1),
      subtensor.immunityPeriod(1),
      subtensor.maxAllowedValidators(1),
      subtensor.minAllowedWeights(1),
      subtensor.maxWeightLimit(1),
      subtensor.scalingLawPower(1),
      subtensor.maxN(1),
      subtensor.blocksSinceEpoch(1),
      subtensor.servingRateLimit(1),
      subtensor.txRateLimit(),
    ])
    expect(numbers.every((value) => typeof value === 'number')).toBe(true)
    expect(await subtensor.validatorPruneLen(1)).toBe(1)
    await expect(subtensor.getAllDynamicInfo()).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
    })
  })

  test('the senate', async () => {
    expect(await subtensor.getSenateMembers()).toEqual([])
    expect(await subtensor.isSenateMember(validator)).toBe(false)
    expect(await subtensor.getTriumvirate()).toEqual([])
    expect(await subtensor.getProposals()).toEqual([])
    expect(await subtensor.getProposalHashes()).toEqual([])
    const hash: Hex = `0x${'11'.repeat(32)}`
    expect(await subtensor.getVoteData(hash)).toBeUndefined()
    expect(await subtensor.getProposalCallData(hash)).toBeUndefined()
  })

  test('anything by its name', async () => {
    expect(await subtensor.queryModule('System', 'Number')).toBeTypeOf('number')
    expect(await subtensor.querySubtensor('Tempo', [1])).toBe(100)
    expect(await subtensor.queryMapSubtensor('NetworksAdded')).toHaveLength(2)
    expect(await subtensor.queryMap('SubtensorModule', 'Keys', [1])).toHaveLength(4)
    expect(await subtensor.queryConstant('Balances', 'ExistentialDeposit')).toBe(500n)
    await expect(subtensor.queryModule('No', 'Such')).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
    })
  })

  test('a block of the past, and one block for many reads', async () => {
    const before = await subtensor.getBlock()
    expect(await subtensor.getBlockHash(before.number)).toBe(before.hash)
    await subtensor.transfer({ wallet: alice, dest: NOBODY, amount: '1' })
    const then = await subtensor.at(before.number)
    expect(await then.getCurrentBlock()).toBe(before.number)
    expect((await then.getBalance(NOBODY)).isZero).toBe(true)
    expect((await subtensor.getBalance(NOBODY, { at: before.hash })).isZero).toBe(true)
    expect((await subtensor.getBalance(NOBODY)).tao).toBe('1')
  })

  test('reads made together need one question for the block', async () => {
    const asked: string[] = []
    const { request } = subtensor.client
    Object.assign(subtensor.client, {
      request: (method: string, params?: readonly unknown[]) => {
        asked.push(method)
        return request(method, params)
      },
    })
    await Promise.all([subtensor.getBalance(one), subtensor.getCurrentBlock(), subtensor.tempo(1)])
    Object.assign(subtensor.client, { request })
    expect(asked.filter((method) => method === 'chain_getHeader')).toHaveLength(1)
  })

  test('a signal ends the waiting', async () => {
    const aborted = AbortSignal.abort()
    await expect(subtensor.getBalance(one, { signal: aborted })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
    const controller = new AbortController()
    const reading = subtensor.getDelegates({ signal: controller.signal })
    controller.abort()
    await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

describe('extrinsics', () => {
  test('a transfer, and what it says of itself', async () => {
    const phases: SubmitPhase['phase'][] = []
    let written = ''
    const before = await subtensor.getBalance(one)
    const result = await subtensor.transfer({
      wallet: alice,
      dest: one,
      amount: '10.0',
      wait: 'finalization',
      onPhase: ({ phase }) => phases.push(phase),
      beforeSend: async ({ hash }) => {
        written = hash
      },
    })
    expect(result).toMatchObject({ ok: true, extrinsicHash: written })
    expect(phases).toEqual(expect.arrayContaining(['signing', 'sending', 'accepted', 'finalized']))
    expect(result.fee?.rao).toBeGreaterThan(0n)
    expect(result.events.map(({ pallet, name }) => `${pallet}.${name}`)).toContain(
      'Balances.Transfer',
    )
    expect((await subtensor.getBalance(one)).sub(before).tao).toBe('10')
  })

  test('what cannot be is refused before anything is signed', async () => {
    const nonce = (await subtensor.getAccount(dev('//Bob'))).nonce
    const common = { wallet: bob, dest: one }
    await expect(subtensor.transfer({ ...common, amount: '1e6' })).rejects.toMatchObject({
      code: 'BAD_AMOUNT',
    })
    await expect(subtensor.transfer({ ...common, amount: 5 as never })).rejects.toMatchObject({
      code: 'BAD_AMOUNT',
    })
    await expect(subtensor.transfer({ ...common, amount: -5n })).rejects.toMatchObject({
      code: 'BAD_AMOUNT',
    })
    await expect(subtensor.transfer({ ...common, amount: '99999999' })).rejects.toMatchObject({
      code: 'INSUFFICIENT_BALANCE',
    })
    const toHotkey = { wallet: bob, dest: validator, amount: '1' }
    await expect(subtensor.transfer(toHotkey)).rejects.toMatchObject({
      code: 'USAGE',
      hint: 'accept it with allowHotkeyDest: true',
    })
    await expect(subtensor.addStake({ wallet: bob, amount: '1', netuid: 3 })).rejects.toMatchObject(
      { code: 'RUNTIME_UNSUPPORTED' },
    )
    await expect(subtensor.unstake({ wallet: bob, amount: '1' })).rejects.toMatchObject({
      code: 'INSUFFICIENT_STAKE',
    })
    await expect(
      subtensor.delegate({ wallet: bob, delegate: dev('//Bob//miner1'), amount: '1' }),
    ).rejects.toMatchObject({ code: 'NOT_DELEGATE' })
    expect((await subtensor.getAccount(dev('//Bob'))).nonce).toBe(nonce)
  })

  test('many at once get numbers of their own', async () => {
    const { nonce } = await subtensor.getAccount(dev('//Bob'))
    const results = await Promise.all(
      Array.from({ length: 5 }, () => subtensor.transfer({ wallet: bob, dest: one, amount: '1' })),
    )
    const nonces = results.map(({ transaction }) => transaction.nonce)
    expect(nonces.sort()).toEqual([0, 1, 2, 3, 4].map((i) => nonce + i))
  })

  test('stake comes and goes', async () => {
    await subtensor.addStake({ wallet: bob, amount: '100' })
    const keys = { hotkey: dev('//Bob//miner1'), coldkey: dev('//Bob') }
    expect((await subtensor.getStakeForColdkeyAndHotkey(keys)).tao).toBe('100')
    await subtensor.unstake({ wallet: bob, amount: tao('40') })
    expect((await subtensor.getStakeForColdkeyAndHotkey(keys)).tao).toBe('60')
    await subtensor.unstake({ wallet: bob, amount: 'all' })
    expect((await subtensor.getStakeForColdkeyAndHotkey(keys)).isZero).toBe(true)
    await subtensor.delegate({ wallet: bob, delegate: validator, amount: '7' })
    await subtensor.undelegate({ wallet: bob, delegate: validator, amount: 'all' })
  })

  test('stakes to several hotkeys; one failure does not stop the others', async () => {
    const results = await subtensor.addStakeMultiple({
      wallet: bob,
      stakes: [
        { hotkey: dev('//Bob//validator'), amount: '5' },
        { hotkey: NOBODY, amount: '5' },
        { hotkey: dev('//Bob//miner1'), amount: '6' },
      ],
    })
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true])
    expect(results[1]).toMatchObject({ error: { code: 'NOT_REGISTERED' } })
    const back = await subtensor.unstakeMultiple({
      wallet: bob,
      stakes: [
        { hotkey: dev('//Bob//validator'), amount: 'all' },
        { hotkey: dev('//Bob//miner1'), amount: '6' },
      ],
    })
    expect(back.map(({ ok }) => ok)).toEqual([true, true])
  })

  test('a nomination, once', async () => {
    await subtensor.nominate({ wallet: bob })
    expect(await subtensor.isHotkeyDelegate(dev('//Bob//miner1'))).toBe(true)
    await expect(subtensor.nominate({ wallet: bob })).rejects.toMatchObject({ code: 'DUPLICATE' })
  })

  test('registration by recycling', async () => {
    const fresh = new Wallet({ name: 'alice', hotkey: 'fresh', path: alice.path })
    await subtensor.burnedRegister({ wallet: fresh, netuid: 1 })
    const uid = await subtensor.getUidForHotkeyOnSubnet(await fresh.hotkeyAddress(), 1)
    expect(uid).toBe(4)
    await expect(subtensor.burnedRegister({ wallet: fresh, netuid: 1 })).rejects.toMatchObject({
      code: 'ALREADY_REGISTERED',
    })
    expect(await subtensor.register({ wallet: fresh, netuid: 1 })).toMatchObject({
      uid,
      alreadyRegistered: true,
    })
    await expect(subtensor.register({ wallet: fresh, netuid: 9 })).rejects.toMatchObject({
      code: 'SUBNET_NOT_FOUND',
    })
  })

  test('weights', async () => {
    const common = { wallet: bob, netuid: 1 }
    await expect(
      subtensor.setWeights({ ...common, uids: [99], weights: [1] }),
    ).rejects.toMatchObject({ code: 'USAGE' })
    await expect(
      subtensor.setWeights({ ...common, uids: [0], weights: [-1] }),
    ).rejects.toMatchObject({ code: 'USAGE' })
    await subtensor.setWeights({ ...common, uids: [1, 0], weights: [0.25, 0.5] })
    expect(await subtensor.weights(1)).toEqual(
      new Map([
        [
          3,
          [
            [1, 32_768],
            [0, 65_535],
          ],
        ],
      ]),
    )
  })

  test('endpoints', async () => {
    await subtensor.servePrometheus({ wallet: bob, netuid: 1, ip: '203.0.113.9', port: 7091 })
    expect(await subtensor.getPrometheusInfo(1, dev('//Bob//miner1'))).toMatchObject({
      ip: '203.0.113.9',
      port: 7091,
    })
    await expect(
      subtensor.servePrometheus({ wallet: bob, netuid: 1, ip: 'nowhere', port: 7091 }),
    ).rejects.toMatchObject({ code: 'USAGE' })
    const endpoint = { wallet: bob, netuid: 1, ip: '2001:db8::9', port: 8092 }
    expect(await subtensor.serve(endpoint)).toMatchObject({ ok: true })
    expect(await subtensor.getAxonInfo(1, dev('//Bob//miner1'))).toMatchObject({
      ip: '2001:db8::9',
      ipType: 6,
      port: 8092,
      protocol: 4,
    })
    expect(await subtensor.serve(endpoint)).toBeUndefined()
    await expect(subtensor.serve({ ...endpoint, ip: 'nowhere' })).rejects.toMatchObject({
      code: 'USAGE',
    })
  })

  test('any call, and none that the runtime does not have', async () => {
    const remark = { remark: '0x68656c6c6f' }
    const sent = await subtensor.submitCall({
      wallet: bob,
      pallet: 'System',
      call: 'remark',
      args: remark,
      wait: 'none',
    })
    expect(sent).toMatchObject({ ok: true, blockHash: undefined })
    await expect(
      subtensor.submitCall({ wallet: bob, pallet: 'System', call: 'fly', args: {} }),
    ).rejects.toMatchObject({ code: 'RUNTIME_UNSUPPORTED' })
    await expect(subtensor.leaveSenate({ wallet: bob })).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
    })
    await expect(
      subtensor.voteSenate({ wallet: bob, proposal: 0, approve: true }),
    ).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
  })

  test('a seat in the senate, which comes with one on root', async () => {
    await subtensor.registerSenate({ wallet: alice })
    expect(await subtensor.isSenateMember(validator)).toBe(true)
    await expect(subtensor.registerSenate({ wallet: alice })).rejects.toMatchObject({
      code: 'DUPLICATE',
      details: 'nothing was sent',
    })
    await expect(subtensor.rootRegister({ wallet: alice })).rejects.toMatchObject({
      code: 'ALREADY_REGISTERED',
    })
  })

  test('a hotkey that moves', async () => {
    const to = await keypairFromUri('//Bob//moved')
    await subtensor.swapHotkey({ wallet: bob, newHotkey: to.address })
    expect(await subtensor.getUidForHotkeyOnSubnet(to.address, 1)).toBe(3)
  })
})
