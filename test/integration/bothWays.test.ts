/** On the embedded dTAO chain runtime APIs and plain storage give the same answers. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { readDelegates } from '../../src/core/chain/delegates.js'
import { readMetagraph, readMetagraphOf } from '../../src/core/chain/metagraph.js'
import { readNeurons } from '../../src/core/chain/neurons.js'
import { readStakesOfColdkey } from '../../src/core/chain/stake.js'
import { readHyperparameters, readNetuids, readSubnets } from '../../src/core/chain/subnets.js'
import type { ChainClient, ChainView } from '../../src/core/chain/types.js'
import { keypairFromUri } from '../../src/core/keys/keypair.js'
import { Localnet } from '../../src/localnet/index.js'

let net: Localnet
let chain: ChainClient
let byApi: ChainView
let byStorage: ChainView

beforeAll(async () => {
  net = await Localnet.start({ port: 0, profile: 'dtao' })
  await net.advance(3)
  chain = await connect({ network: 'local', endpoint: net.endpoint })
  byApi = await chain.at()
  byStorage = { ...byApi, hasRuntimeApi: () => false, apiOutput: () => undefined }
})
afterAll(async () => {
  await chain.close()
  await net.stop()
})

test('on subnets', async () => {
  expect(byApi.hasRuntimeApi('SubnetInfoRuntimeApi', 'get_subnets_info')).toBe(true)
  const subnets = await readSubnets(byApi)
  expect(subnets.length).toBeGreaterThan(2)
  // The one answer that is no storage: this runtime ignores the stored limit and says 65535 for all.
  const apart = (rows: typeof subnets) => rows.map((row) => ({ ...row, maxWeightsLimit: 65_535 }))
  expect(subnets).toEqual(apart(subnets))
  expect(apart(await readSubnets(byStorage))).toEqual(subnets)
})

test('on the neurons of every subnet', async () => {
  for (const netuid of await readNetuids(byApi)) {
    const neurons = await readNeurons(byApi, netuid)
    expect(await readNeurons(byStorage, netuid)).toEqual(neurons)
  }
})

test('on the metagraph of every subnet, whole and neuron by neuron', async () => {
  for (const netuid of await readNetuids(byApi)) {
    const graph = await readMetagraph(byApi, netuid)
    expect(graph.length).toBeGreaterThan(0)
    // The selective API has no prometheus, and alpha as it counts instead of the hotkey's own.
    const stored = (await readMetagraph(byStorage, netuid)).map((neuron) => ({
      ...neuron,
      stake: neuron.weighed?.alphaStake,
      prometheus: undefined,
    }))
    expect(stored).toEqual(graph)
    const single = await readMetagraphOf(byApi, graph)
    expect(single.map(({ weighed, alphaDividends }) => ({ weighed, alphaDividends }))).toEqual(
      graph.map(({ weighed, alphaDividends }) => ({ weighed, alphaDividends })),
    )
  }
})

test('on the settings that storage knows', async () => {
  const byName = await readHyperparameters(byApi, 1)
  const stored = await readHyperparameters(byStorage, 1)
  const both = Object.keys(stored).filter((name) => stored[name] !== undefined && name in byName)
  expect(both.length).toBeGreaterThan(15)
  for (const name of both) expect([name, stored[name]]).toEqual([name, byName[name]])
})

test('on the stake of a coldkey', async () => {
  const { address } = await keypairFromUri('//Alice')
  const stakes = await readStakesOfColdkey(byApi, address)
  expect(stakes.length).toBeGreaterThan(1)
  const sorted = (rows: typeof stakes) =>
    rows.toSorted((a, b) => `${a.hotkey}${a.netuid}`.localeCompare(`${b.hotkey}${b.netuid}`))
  expect(sorted(await readStakesOfColdkey(byStorage, address))).toEqual(sorted(stakes))
})

test('on delegates', async () => {
  const delegates = await readDelegates(byApi)
  expect(delegates.length).toBeGreaterThan(0)
  const stored = new Map((await readDelegates(byStorage)).map((one) => [one.hotkey, one]))
  for (const one of delegates) expect(stored.get(one.hotkey)?.owner).toBe(one.owner)
})
