/**
 * A subnet at work: an embedded chain in this process, and as processes of their own two miners, of which one is good, and a
 * validator that asks them for three epochs. In the end the chain, not the text, is asked who earns more.
 *
 *     npm run demo:subnet [-- --profile dtao]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { toHex } from '../src/core/keys/hex.js'
import { decodeAddress } from '../src/core/keys/ss58.js'
import { parseTao, Subtensor, Wallet } from '../src/index.js'
import type { DtaoGenesisSpec } from '../src/localnet/genesis/dtao/spec.js'
import { type GenesisSpec, Localnet } from '../src/localnet/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const NETUID = 1
const EPOCHS = 3
/** From the range for documentation: nobody's. The validator is told that it means this machine. */
const IP = '203.0.113.7'

const folder = mkdtempSync(join(tmpdir(), 'bittensor-subnet-'))
const started = Date.now()
const children: ChildProcess[] = []
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
let isInterrupted = false
process.once('SIGINT', () => {
  isInterrupted = true
  // The children get Ctrl-C as well: they are of the same process group, and end by themselves.
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
  void Promise.all(running.map((child) => once(child, 'exit'))).then(() => process.exit(130))
})

const { values: flags } = parseArgs({ options: { profile: { type: 'string' } } })

const pace = {
  Tempo: 10,
  Burn: parseTao('1'),
  MinAllowedWeights: 1,
  MaxWeightsLimit: 65_535,
  WeightsSetRateLimit: 0n,
  ServingRateLimit: 0n,
  MaxRegistrationsPerBlock: 8,
  TargetRegistrationsPerInterval: 8,
}

/** A subnet of whoever validates, whose weights are plain. */
function dtaoGenesis(owner: string, ownerHotkey: string): DtaoGenesisSpec {
  return {
    profile: 'dtao',
    name: 'demo-subnet',
    sudo: owner,
    balances: [],
    settings: { TxRateLimit: 0n, StakeThreshold: parseTao('10') },
    subnets: [
      {
        netuid: NETUID,
        owner,
        ownerHotkey,
        lock: 0n,
        pool: { tao: parseTao('1000000'), alpha: parseTao('1000000') },
        settings: { ...pace, CommitRevealWeightsEnabled: false },
        neurons: [{ hotkey: ownerHotkey, coldkey: owner }],
        weights: [],
      },
    ],
  }
}

/** An empty subnet whose epochs last eleven blocks. */
function classicGenesis(owner: string): GenesisSpec {
  return {
    name: 'demo-subnet',
    sudo: owner,
    balances: [],
    settings: { TxRateLimit: 0n, WeightsMinStake: parseTao('10') },
    subnets: [
      {
        netuid: NETUID,
        owner,
        lock: 0n,
        settings: pace,
        neurons: [],
        weights: [],
      },
    ],
  }
}

async function newWallet(name: string): Promise<Wallet> {
  const wallet = new Wallet({ name, path: folder })
  return wallet.create({ coldkeyPassword: null })
}

/** Starts an example with a wallet, and shows what it prints. */
function run(wallet: Wallet, script: string, words: readonly string[]) {
  const { name, path } = wallet
  const own = ['--subtensor.network', localnet.endpoint, '--netuid', String(NETUID)]
  const keys = ['--wallet.name', name, '--wallet.path', path]
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...own, ...keys, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  createInterface({ input: child.stdout }).on('line', (line) => {
    console.log(`${name.padEnd(10)} ${line}`)
  })
  return once(child, 'exit').then(([code]) => Number(code ?? 1))
}

/** The wallet's row of the metagraph. */
async function rowOf(subtensor: Subtensor, wallet: Wallet) {
  const metagraph = await subtensor.metagraph(NETUID)
  const uid = metagraph.hotkeys.indexOf(await wallet.hotkeyAddress())
  return { uid, incentive: metagraph.I[uid] ?? 0, emission: metagraph.E[uid] ?? 0 }
}

const [good, poor, judge] = [
  await newWallet('good'),
  await newWallet('poor'),
  await newWallet('validator'),
]
const owner = toHex(decodeAddress(await judge.coldkeypubAddress()))
const isDtao = flags.profile === 'dtao'
const genesis = isDtao
  ? dtaoGenesis(owner, toHex(decodeAddress(await judge.hotkeyAddress())))
  : classicGenesis(owner)
const localnet = await Localnet.start({ blocks: 250, port: 0, genesis })
const subtensor = await Subtensor.connect({ endpoint: localnet.endpoint })
try {
  for (const wallet of [good, poor, judge]) {
    await localnet.fund(await wallet.coldkeypubAddress(), parseTao('1000'))
  }
  const served = ['--port', '0', '--external_ip', IP]
  const miners = [
    run(good, 'examples/miner/miner.ts', served),
    run(poor, 'examples/miner/miner.ts', [...served, '--limit', '13']),
  ]
  const validator = run(judge, 'examples/validator/validator.ts', [
    ...['--epochs', String(EPOCHS), '--external_ip', IP],
  ])
  // The owner of the validator stakes to it as soon as it is registered.
  const stake = async () => {
    const hotkey = await judge.hotkeyAddress()
    for await (const _block of subtensor.blocks()) {
      if (await subtensor.isHotkeyRegistered(hotkey)) break
    }
    const netuid = isDtao ? NETUID : undefined
    await subtensor.addStake({ wallet: judge, hotkey, amount: '100', netuid })
  }
  const [status] = await Promise.all([validator, stake()])
  // What is left to do then is to wait for the end.
  if (isInterrupted) await new Promise(() => {})
  const [better, worse, own] = [
    await rowOf(subtensor, good),
    await rowOf(subtensor, poor),
    await rowOf(subtensor, judge),
  ]
  console.log(
    `\nincentive  good ${better.incentive.toFixed(3)}, poor ${worse.incentive.toFixed(3)}`,
  )
  for (const child of children) child.kill('SIGTERM')
  const stopped = await Promise.all(miners)
  const held = {
    'the validator ended well': status === 0,
    'both miners stopped well': stopped.every((code) => code === 0),
    'the good miner has more incentive': better.incentive > worse.incentive,
    'incentives are shares of the whole': Math.abs(better.incentive + worse.incentive - 1) < 0.01,
    'the validator has none': own.incentive === 0,
  }
  for (const [what, isTrue] of Object.entries(held)) console.log(`${isTrue ? '✔' : '✘'} ${what}`)
  process.exitCode = Object.values(held).every(Boolean) ? 0 : 1
} finally {
  for (const child of children) child.kill('SIGKILL')
  await subtensor.close()
  await localnet.stop()
}
console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`)
