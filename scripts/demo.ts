/**
 * The main job from end to end: an embedded chain in this process on a temporary folder, the real `main(argv)`, each
 * command as a user would type it. After each step the chain (not the text) is asked whether it did what it should.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { World } from '../src/cli/context.js'
import { main } from '../src/cli/main.js'
import { processWorld } from '../src/cli/processContext.js'
import { readFreeBalance } from '../src/core/chain/balances.js'
import { connect } from '../src/core/chain/connect.js'
import { readDelegate } from '../src/core/chain/delegates.js'
import { readUid } from '../src/core/chain/neurons.js'
import { readProposals, readSenateMembers } from '../src/core/chain/senate.js'
import { readStake } from '../src/core/chain/stake.js'
import { readTempo } from '../src/core/chain/subnets.js'
import type { ChainView } from '../src/core/chain/types.js'
import type { Ss58 } from '../src/core/keys/ss58.js'
import { parseTao } from '../src/core/units.js'
import { openWallet } from '../src/core/wallet/wallet.js'
import { Localnet } from '../src/localnet/index.js'

const folder = mkdtempSync(join(tmpdir(), 'btcli-demo-'))
const wallets = join(folder, 'wallets')
const directory = join(folder, 'localnet')
const started = Date.now()
const localnet = await Localnet.start({ profile: 'classic', blocks: 'instant', port: 0, directory })
const chain = await connect({ network: 'local', endpoint: localnet.endpoint })

const processes = processWorld()
const world: World = {
  ...processes,
  home: folder,
  cwd: folder,
  env: {
    ...processes.env,
    BT_WALLET_PATH: wallets,
    BT_SUBTENSOR_CHAIN_ENDPOINT: localnet.endpoint,
    BT_WALLET_PASSWORD: 'demo: correct horse battery',
    BTCLI_NO_SPINNER: '1',
  },
}

let failures = 0

/** Runs one command and then the check of its effect. */
async function step(line: string, check: (view: ChainView) => Promise<boolean> | boolean) {
  const sign = process.stdout.isTTY ? '\x1b[1m$\x1b[0m' : '$'
  // As it would be typed: JSON in quotes.
  console.log(`\n${sign} btcli ${line.replace(/\{\S+/, "'$&'")}`)
  const status = await main(line.split(' '), () => world)
  const held = status === 0 && (await check(await chain.at()))
  if (held) return
  failures += 1
  console.error(
    `FAILED: status ${status}; the chain does not show what this command should have done`,
  )
}

const names = '--wallet.name alice'
const keys = `${names} --wallet.hotkey miner`
const addressOf = (hotkey: string) => {
  const wallet = openWallet({ root: wallets, name: 'alice', hotkey })
  return { coldkey: () => wallet.coldkeypubAddress(), hotkey: () => wallet.hotkeyAddress() }
}
const miner = addressOf('miner')
const racer = addressOf('racer')
const free = async (view: ChainView, address: Ss58) => readFreeBalance(view, address)

/** The triumvirate proposes a longer tempo for subnet 5, the senate votes, anybody closes it: then it holds. */
async function govern(): Promise<void> {
  const tempo = async (view: ChainView) => readTempo(view, 5)
  const members = ['Bob', 'Charlie', 'Dave'].map((name) => ({ name, uri: `//${name}` }))
  for (const { name, uri } of members) {
    await step(`new_coldkey --wallet.name ${name} --uri ${uri} -y`, () => true)
    const hotkey = `--wallet.hotkey validator --uri ${uri}//validator`
    await step(`new_hotkey --wallet.name ${name} ${hotkey} -y`, () => true)
  }
  await step('senate', async (view) => (await readSenateMembers(view)).length > 0)
  const inner = { call: 'AdminUtils.sudo_set_tempo', args: { netuid: 5, tempo: 30 } }
  const proposal = { call: 'SubtensorModule.sudo', args: { call: inner } }
  const args = JSON.stringify({ proposal, length_bound: 64, duration: 7200 })
  const known = new Set((await readProposals(await chain.at())).map(({ hash }) => hash))
  const proposed = async (view: ChainView) =>
    (await readProposals(view)).find(({ hash }) => !known.has(hash))
  await step(`tx Triumvirate.propose -w Bob --args ${args} -y`, async (view) => {
    return (await proposed(view))?.call?.name === 'sudo'
  })
  const open = await proposed(await chain.at())
  if (!open?.votes) throw new Error('without a proposal there is nothing to vote on')
  const { hash, votes } = open
  await step('proposals', () => true)
  for (const [i, { name }] of members.entries()) {
    const vote = `senate_vote -w ${name} -H validator --proposal ${hash} --vote aye -y`
    await step(vote, async (view) => (await proposed(view))?.votes?.ayes.length === i + 1)
  }
  const bounds = { proposal_weight_bound: { ref_time: 10_000_000_000, proof_size: 10_000 } }
  const close = { proposal_hash: hash, index: votes.index, length_bound: 64, ...bounds }
  await step(`tx Triumvirate.close -w Dave --args ${JSON.stringify(close)} -y`, async (view) => {
    return (await proposed(view)) === undefined && (await tempo(view)) === 30
  })
}

try {
  await step(`new_coldkey ${names} -y`, async () => (await miner.coldkey()).startsWith('5'))
  await step(`new_hotkey ${keys} -y`, async () => (await miner.hotkey()).startsWith('5'))
  await step(`new_hotkey ${names} --wallet.hotkey racer -y`, async () => {
    return (await racer.hotkey()) !== (await miner.hotkey())
  })
  const alice = await miner.coldkey()
  await step(`localnet fund ${alice} 1000 --directory ${directory}`, async (view) => {
    return (await free(view, alice)) === parseTao('1000')
  })
  await step('list_subnets', () => true)
  await step(`recycle_register --netuid 1 ${keys} -y`, async (view) => {
    const uid = await readUid(view, 1, await miner.hotkey())
    return uid !== undefined && (await free(view, alice)) < parseTao('1000')
  })
  await step(`register --netuid 3 ${names} --wallet.hotkey racer -y`, async (view) => {
    return (await readUid(view, 3, await racer.hotkey())) !== undefined
  })
  await step(`stake ${keys} --amount 100 -y`, async (view) => {
    return (await readStake(view, await miner.hotkey(), alice)) === parseTao('100')
  })
  const savings = () => openWallet({ root: wallets, name: 'savings' }).coldkeypubAddress()
  await step('new_coldkey --wallet.name savings --no_password -y', async () => {
    return (await savings()).startsWith('5')
  })
  await step(`transfer ${names} --dest ${await savings()} --amount 12.5 -y`, async (view) => {
    return (await free(view, await savings())) === parseTao('12.5')
  })
  await step(`overview ${names}`, () => true)
  await step('metagraph --netuid 3', () => true)
  await step(`inspect ${names}`, () => true)
  await step(`unstake ${keys} --amount 40 -y`, async (view) => {
    return (await readStake(view, await miner.hotkey(), alice)) === parseTao('60')
  })
  await step(`nominate ${keys} -y`, async (view) => {
    return (await readDelegate(view, await miner.hotkey())) !== undefined
  })
  const delegate = `--delegate_ss58 ${await miner.hotkey()}`
  await step(`delegate --wallet.name savings ${delegate} --amount 5 -y`, async (view) => {
    return (await readStake(view, await miner.hotkey(), await savings())) === parseTao('5')
  })
  await step('my_delegates --wallet.name savings', () => true)
  await govern()
} finally {
  await chain.close()
  await localnet.stop()
  rmSync(folder, { recursive: true, force: true })
}
const seconds = ((Date.now() - started) / 1000).toFixed(1)
console.log(
  failures === 0
    ? `\nAll steps held on the chain, in ${seconds} s.`
    : `\n${failures} steps failed.`,
)
process.exitCode = failures === 0 ? 0 : 1
