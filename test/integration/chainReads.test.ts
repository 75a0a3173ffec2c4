/** Reads of a living classic chain: they agree with each other, and with what transactions change. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nominateCall, stakeCall, unstakeCall, voteCall } from '../../src/core/chain/calls.js'
import { connect } from '../../src/core/chain/connect.js'
import {
  readDelegate,
  readDelegated,
  readDelegates,
  readTakeOf,
} from '../../src/core/chain/delegates.js'
import { describeCall } from '../../src/core/chain/describeCall.js'
import {
  readNeuron,
  readNeurons,
  readNeuronsOfHotkeys,
  readNeuronsOfSubnets,
} from '../../src/core/chain/neurons.js'
import {
  readProposal,
  readProposals,
  readSenateMembers,
  readTriumvirate,
} from '../../src/core/chain/senate.js'
import {
  readOwner,
  readStake,
  readStakesOfColdkey,
  readStakesOfHotkey,
  readTotalStake,
  readTotalStaked,
} from '../../src/core/chain/stake.js'
import { submit } from '../../src/core/chain/submit.js'
import { readNetuids, readSubnet, readSubnets } from '../../src/core/chain/subnets.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { keypairFromUri } from '../../src/core/keys/keypair.js'
import { Localnet } from '../../src/localnet/index.js'

let net: Localnet
let chain: ChainClient

beforeAll(async () => {
  net = await Localnet.start({ port: 0 })
  chain = await connect({ network: 'local', endpoint: net.endpoint })
})
afterAll(async () => {
  await chain.close()
  await net.stop()
})

describe('tables', () => {
  test('list the same subnets, alone and together', async () => {
    const view = await chain.at()
    const subnets = await readSubnets(view)
    expect(subnets.map(({ netuid }) => netuid)).toEqual(await readNetuids(view))
    for (const subnet of subnets) expect(await readSubnet(view, subnet.netuid)).toEqual(subnet)
  })

  test('hold the same neurons however they are asked for', async () => {
    const view = await chain.at()
    const subnets = await readSubnets(view)
    const together = await readNeuronsOfSubnets(
      view,
      subnets.map(({ netuid }) => netuid),
      { stakes: true },
    )
    for (const { netuid, n } of subnets) {
      const neurons = await readNeurons(view, netuid, { stakes: true })
      expect(neurons).toHaveLength(n)
      expect(neurons.map(({ uid }) => uid)).toEqual(Array.from({ length: n }, (_, uid) => uid))
      expect(together.get(netuid)).toEqual(neurons)
      for (const { stake, stakes = [] } of neurons) {
        expect(stakes.reduce((sum, [, one]) => sum + one, 0n)).toBe(stake)
      }
      const last = neurons.at(-1)
      expect(await readNeuron(view, netuid, n - 1, { stakes: true })).toEqual(last)
    }
    const hotkeys = [...new Set([...together.values()].flat().map(({ hotkey }) => hotkey))]
    expect(await readNeuronsOfHotkeys(view, hotkeys, { stakes: true })).toEqual(
      [...together.values()].flat(),
    )
  })

  test('show delegates whose nominations add up', async () => {
    const view = await chain.at()
    const delegates = await readDelegates(view)
    expect(delegates.length).toBeGreaterThan(2)
    for (const delegate of delegates) {
      expect(await readTotalStake(view, delegate.hotkey)).toBe(delegate.totalStake)
      expect(await readOwner(view, delegate.hotkey)).toBe(delegate.owner)
      expect(await readDelegate(view, delegate.hotkey)).toEqual(delegate)
      const positions = await readStakesOfHotkey(view, delegate.hotkey)
      expect(positions.map(({ coldkey, stake }) => [coldkey, stake])).toEqual(delegate.nominators)
    }
    const nominator = delegates[0]!.nominators[0]![0]
    const delegated = await readDelegated(view, nominator)
    expect(delegated.map(({ delegate }) => delegate.hotkey)).toContain(delegates[0]!.hotkey)
    for (const { delegate, stake } of delegated) {
      expect(await readStake(view, delegate.hotkey, nominator)).toBe(stake)
    }
    const all = await readStakesOfColdkey(view, nominator)
    expect(all.length).toBeGreaterThanOrEqual(delegated.length)
  })
})

describe('after transactions', () => {
  const send = async (call: Parameters<typeof submit>[1]['call'], uri: string) =>
    submit(chain, { call, signer: await keypairFromUri(uri) })

  test('stake, total and events move by the same amount', async () => {
    const view = await chain.at()
    const [delegate] = await readDelegates(view)
    const { hotkey } = delegate!
    const { address } = await keypairFromUri('//Alice')
    const [before, total] = [await readStake(view, hotkey, address), await readTotalStaked(view)]
    const receipt = await send(stakeCall(chain, { hotkey, amount: 2_000_000_000n }), '//Alice')
    expect(receipt.events.find(({ name }) => name === 'StakeAdded')?.data).toEqual([
      hotkey,
      2_000_000_000n,
    ])
    const after = await chain.at(receipt.blockHash)
    expect((await readStake(after, hotkey, address)) - before).toBe(2_000_000_000n)
    expect((await readTotalStaked(after)) - total).toBeGreaterThanOrEqual(2_000_000_000n)
    await send(unstakeCall(chain, { hotkey, amount: 2_000_000_000n }), '//Alice')
    expect(await readStake(await chain.at(), hotkey, address)).toBe(before)
  })

  test('a hotkey becomes a delegate once', async () => {
    const view = await chain.at()
    const neurons = [...(await readNeuronsOfSubnets(view, await readNetuids(view))).values()].flat()
    const { address } = await keypairFromUri('//Alice')
    const delegates = new Set((await readDelegates(view)).map(({ hotkey }) => hotkey))
    const own = neurons.find(({ coldkey, hotkey }) => coldkey === address && !delegates.has(hotkey))
    expect(own).toBeDefined()
    expect(await readTakeOf(view, own!.hotkey)).toBeUndefined()
    await send(nominateCall(chain, { hotkey: own!.hotkey }), '//Alice')
    expect(await readTakeOf(await chain.at(), own!.hotkey)).toBe(11_796)
    await expect(
      send(nominateCall(chain, { hotkey: own!.hotkey }), '//Alice'),
    ).rejects.toMatchObject({ code: 'EXTRINSIC_FAILED', data: { name: 'AlreadyDelegate' } })
  })

  test('a senator votes on an open proposal', async () => {
    const view = await chain.at()
    const senators = await readSenateMembers(view)
    expect(await readTriumvirate(view)).toHaveLength(3)
    const open = (await readProposals(view)).map(({ hash, call, votes }) => ({
      hash,
      text: call && describeCall(call),
      votes,
    }))
    expect(open[0]?.text).toMatch(/^sudo\(call: sudo_set_\w+\(/)
    const { hash, votes } = open[0]!
    const undecided = senators.find(
      (hotkey) => !votes!.ayes.includes(hotkey) && !votes!.nays.includes(hotkey),
    )!
    const owner = await readOwner(view, undecided)
    const names = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie']
    const keys = await Promise.all(names.map((name) => keypairFromUri(name)))
    const signer = keys.find(({ address }) => address === owner)
    expect(signer).toBeDefined()
    const call = voteCall(chain, {
      hotkey: undecided,
      proposal: hash,
      index: votes!.index,
      approve: true,
    })
    const receipt = await submit(chain, { call, signer: signer! })
    const after = await readProposal(await chain.at(receipt.blockHash), hash)
    expect(after?.votes?.ayes).toContain(undecided)
    expect(await readProposal(view, `0x${'00'.repeat(32)}`)).toBeUndefined()
  })
})
