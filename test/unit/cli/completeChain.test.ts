/** Completion over the parts of a runtime that was seen, and help on them while no node answers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { completionText } from '../../../src/cli/complete.js'
import { resolvePaths } from '../../../src/cli/paths.js'
import { registry } from '../../../src/cli/registry.js'
import { rememberNetuids } from '../../../src/cli/seenNetuids.js'
import { addName } from '../../../src/core/addressBook.js'
import { connect } from '../../../src/core/chain/connect.js'
import { writeCached, writeCachedMetadata } from '../../../src/core/chain/metadataCache.js'
import { fromHex } from '../../../src/core/keys/hex.js'
import { run } from '../../support/run.js'
import { tempFolder } from '../../support/tempFolder.js'
import { descriptionOf, metadataHex, versionOf } from '../chain/recordedChain.js'

const GENESIS = `0x${'22'.repeat(32)}` as const
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

let home: string
beforeEach(async () => {
  home = tempFolder()
  for (const wallet of ['alice', 'bob']) {
    mkdirSync(join(home, '.bittensor', 'wallets', wallet, 'hotkeys'), { recursive: true })
    writeFileSync(join(home, '.bittensor', 'wallets', wallet, 'hotkeys', 'default'), '{}')
  }
  const { cache } = resolvePaths({ env: {}, home, cwd: home }, undefined)
  const runtime = { version: versionOf('343'), description: descriptionOf('spec-343.v15') }
  await writeCached(cache, GENESIS, runtime)
  await writeCachedMetadata(cache, GENESIS, 343, fromHex(metadataHex('spec-343.v15'))!)
  await rememberNetuids(cache, [0, 1, 12])
  await addName(join(home, '.bittensor', 'addresses.json'), { name: 'exchange', address: BOB })
})

/** Suggestions for words; the last one is being typed. */
async function complete(...words: string[]): Promise<string[]> {
  const world = { env: {}, home, cwd: home }
  const text = await completionText(words, { entries: registry, world })
  return text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']))
}

describe('completion of arguments', () => {
  it('offers the arguments of a call, and what each can be', async () => {
    const call = ['tx', 'SubtensorModule.set_root_claim_type']
    expect(await complete(...call, '--new')).toContain('--new_root_claim_type')
    expect(await complete(...call, '--new_root_claim_type', '')).toEqual(['Swap', 'Keep'])
    expect(await complete(...call, '--new_root_claim_type', 'Ke')).toEqual(['Keep'])
    expect(await complete(...call, '--new_root_claim_type=S')).toEqual([
      '--new_root_claim_type=Swap',
    ])
  })

  it('offers wallets and names for accounts, subnets for netuids, words for switches', async () => {
    const stake = ['tx', 'SubtensorModule.add_stake_limit']
    expect(await complete(...stake, '--hotkey', '')).toEqual([
      'wallet:alice',
      'wallet:bob',
      '@exchange',
    ])
    expect(await complete(...stake, '--hotkey', 'wallet:b')).toEqual(['wallet:bob'])
    expect(await complete(...stake, '--netuid', '1')).toEqual(['1', '12'])
    expect(await complete(...stake, '--allow_partial', '')).toEqual(['true', 'false'])
    expect(await complete(...stake, '--amount_staked', '')).toEqual([])
    expect(await complete('tx', 'Balances.transfer_keep_alive', '--dest', '@')).toEqual([
      '@exchange',
    ])
  })

  it('offers keys of storage and arguments of runtime APIs', async () => {
    expect(await complete('query', 'System.Account', '')).toContain('wallet:alice')
    expect(await complete('query', 'SubtensorModule.Uids', '1')).toEqual(['1', '12'])
    expect(await complete('query', 'SubtensorModule.Uids', '1', '@')).toEqual(['@exchange'])
    expect(await complete('api', 'NeuronInfoRuntimeApi.get_neuron_lite', '0')).toEqual(['0'])
    expect(await complete('query', 'SubtensorModule.TotalStake', '')).toEqual([])
  })

  it('knows the calls of a multisig', async () => {
    expect(await complete('multisig', 'approve', 'System.rem')).toContain('System.remark')
    expect(
      await complete('multisig_approve', 'Balances.transfer_keep_alive', '--dest', 'wallet:a'),
    ).toEqual(['wallet:alice'])
  })
})

describe('help while no node answers', () => {
  const chain = () => connect({ endpoint: 'ws://127.0.0.1:1', network: 'local' })
  const seen = 'spec 343, which was seen last: the chain can not be reached now'

  it.each([
    ['tx SubtensorModule.add_stake', 'hotkey', `, ${seen}`],
    ['tx Balances', 'Balances.transfer_keep_alive(dest', `In ${seen}`],
    ['query SubtensorModule.Uids', '<key1> <key2>', `In ${seen}`],
    ['const SubtensorModule.KeySwapCost', 'btcli const', `In ${seen}`],
    ['api NeuronInfoRuntimeApi.get_neuron_lite', '<netuid> <uid>', `In ${seen}`],
  ])('%s is that of the runtime that was seen', async (line, shown, source) => {
    const network = ['--subtensor.network', 'local']
    const { code, stdout } = await run([...line.split(' '), ...network, '--help'], { home, chain })
    expect(code).toBe(0)
    expect(stdout).toContain(shown)
    expect(stdout).toContain(source)
  })

  it('has what the authors wrote, from the cache as well', async () => {
    const words = ['tx', 'SubtensorModule.set_weights', '--subtensor.network', 'local', '--help']
    expect((await run(words, { home, chain })).stdout).toContain('Sets the caller weights')
  })

  it('is none where no runtime of that chain was seen', async () => {
    const words = ['query', 'System.Account', '--subtensor.network', 'finney', '--help']
    expect(await run(words, { home, chain })).toMatchObject({ code: 3, stdout: '' })
  })
})
