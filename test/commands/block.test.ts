import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/core/chain/connect.js'
import { Localnet } from '../../src/localnet/index.js'
import { startProxy } from '../integration/chainProxy.js'
import { freshChain, roundGenesis } from '../support/chain.js'
import { devHome } from '../support/localnet.js'
import { documentOf, run } from '../support/run.js'

const READS = [
  'balance --all',
  'hyperparameters --netuid 1',
  'identity_get --wallet.name alice',
  'subnet_cost',
  'inspect --all',
  'list_delegates --no_history',
  'list_subnets',
  'metagraph --netuid 1',
  'my_delegates --all',
  'overview --all',
  'proposals',
  'root_list',
  'root_weights',
  'senate',
  'stake_list --all',
  'get_take --wallet.name alice --wallet.hotkey validator',
  'weights --netuid 1',
]
const alice = { alice: { uri: '//Alice', hotkeys: { validator: '//Alice//validator' } } }

test.each(READS)('%s shows a block of the past', async (line) => {
  const { localnet, chain } = await freshChain({ genesis: roundGenesis })
  const home = await devHome(alice)
  await localnet.request('dev_newBlock', [3])
  const now = documentOf(await run(`${line} --json`, { chain, home }))
  const past = documentOf(await run(`${line} --block 1 --json`, { chain, home }))
  expect([now.ok, now.block, past.ok, past.block]).toEqual([true, 3, true, 1])
})

test('the past is what it was', async () => {
  const { localnet, chain } = await freshChain({ genesis: roundGenesis })
  const home = await devHome({ one: { uri: '//One' } })
  const one = documentOf(await run('balance --wallet.name one --json', { chain, home }))
  await localnet.fund(one.data.accounts[0].coldkey, 5_000_000_000n)
  const free = async (extra: string) =>
    documentOf(await run(`balance --wallet.name one --json ${extra}`, { chain, home })).data.totals
      .freeRao
  expect(await free('')).toBe('1005000000000')
  expect(await free('--block 0')).toBe('1000000000000')
})

test.each(READS)('%s says so when the node no longer has it', async (line) => {
  const localnet = await Localnet.start({ blocks: 'instant', genesis: roundGenesis, port: 0 })
  onTestFinished(() => localnet.stop())
  const proxy = await startProxy(localnet.endpoint)
  onTestFinished(() => proxy.stop())
  proxy.decide = ({ id, method }) => {
    const isState = /^state_(queryStorageAt|getKeysPaged|call|getStorage)$/.test(method ?? '')
    if (!isState) return 'pass'
    const error = { code: 4003, message: 'Client error: UnknownBlock: State already discarded' }
    return { answer: JSON.stringify({ jsonrpc: '2.0', id, error }) }
  }
  const chain = () => connect({ network: 'local', endpoint: proxy.endpoint })
  const result = await run(`${line} --block 0`, { chain, home: await devHome(alice) })
  expect(result).toMatchObject({ code: 3, stdout: '' })
  expect(result.stderr).toContain('no longer keeps the state of this block')
  expect(result.stderr).toContain('--subtensor.network archive')
})

test('a block that does not exist, and what is no block', async () => {
  const { chain } = await freshChain({ genesis: roundGenesis })
  expect(await run('senate --block 99', { chain })).toMatchObject({
    code: 2,
    stderr: 'error: there is no block 99 yet\n  the newest of in-process is 0\n',
  })
  expect((await run('senate --block -1', { chain })).code).toBe(2)
  expect((await run('senate --block latest', { chain })).code).toBe(2)
  expect((await run('transfer --block 1 -y', { chain })).stderr).toContain('unknown option')
})
