/** Takes all steps on a chain, one after the other, and tells what came of each. */
import { join } from 'node:path'
import type { World } from '../../src/cli/context.js'
import { main } from '../../src/cli/main.js'
import { processWorld } from '../../src/cli/processContext.js'
import { registry } from '../../src/cli/registry.js'
import type { ChainClient } from '../../src/core/chain/types.js'
import { keypairFromUri } from '../../src/core/keys/keypair.js'
import { type Changes, rawChanges } from './changes.js'
import { type Facts, LEFT_OUT, type Step, steps } from './steps.js'

/** `absent`: the runtime has no such thing, and the command has said so. */
export type Outcome = {
  readonly command: string
  readonly line: string
  readonly result: 'ok' | 'absent' | 'refused' | 'FAILED'
  readonly why: string
}

const processes = processWorld()

/**
 * All of btcli against a test chain that is fresh and answers `dev_setStorage` and `dev_newBlock`.
 * @param folder home of the commands, empty
 * @param told hears of each outcome at once
 */
export async function takeSteps(
  client: ChainClient,
  folder: string,
  told: (outcome: Outcome) => void = () => undefined,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  const tell = (outcome: Outcome) => {
    outcomes.push(outcome)
    told(outcome)
  }
  let facts = await prepare(client, folder)
  for (const step of steps) {
    const [outcome, learnt] = await take(step, facts, client)
    facts = { ...facts, ...learnt }
    tell(outcome)
  }
  const ran = new Set(outcomes.map(({ command }) => command))
  const forgotten = registry.filter(({ name }) => !ran.has(name) && LEFT_OUT[name] === undefined)
  for (const { name } of forgotten) {
    tell({ command: name, line: name, result: 'FAILED', why: 'is in no step' })
  }
  return outcomes
}

/** Accounts with funds, a sudo key, and no waiting between transactions. */
async function prepare(client: ChainClient, folder: string): Promise<Facts> {
  const address = async (uri: string) => (await keypairFromUri(uri)).address
  const alice = await address('//Alice')
  const bob = await address('//Bob')
  const account = (who: string) => [[who], { providers: 1, data: { free: '100000000000000' } }]
  await change(client, {
    System: { Account: [account(alice), account(bob)] },
    Sudo: { Key: alice },
    SubtensorModule: {
      TxRateLimit: 0,
      NetworkRateLimit: 0,
      TxDelegateTakeRateLimit: 0,
      TxChildkeyTakeRateLimit: 0,
      WeightsMinStake: 0,
    },
  })
  return {
    alice,
    bob,
    carol: await address('//Carol'),
    heir: await address('//Heir'),
    miner: await address('//Alice//miner'),
    racer: await address('//Alice//racer'),
    spare: await address('//Alice//spare'),
    fresh: await address('//Alice//fresh'),
    dtao: client.era === 'dtao',
    netuid: 0,
    second: 0,
    proposal: '0',
    multisig: bob,
    callHash: `0x${'0'.repeat(64)}`,
    folder,
    last: undefined,
  }
}

/** Sets storage as only a test chain allows. */
async function change(client: ChainClient, changes: Changes): Promise<void> {
  await client.request('dev_setStorage', [rawChanges(client.runtime.description, changes)])
  await blocks(client, 1)
}

async function blocks(client: ChainClient, count: number): Promise<void> {
  // One by one: a real runtime may take a second for each.
  for (let i = 0; i < count; i++) await client.request('dev_newBlock', [{ count: 1 }])
}

async function take(
  step: Step,
  facts: Facts,
  client: ChainClient,
): Promise<readonly [Outcome, Partial<Facts>]> {
  const line = typeof step.line === 'string' ? step.line : step.line(facts)
  const words = line.match(/'[^']*'|\S+/g)?.map((word) => word.replace(/^'|'$/g, '')) ?? []
  const [command = ''] = words
  const outcome = (result: Outcome['result'], why = '') => ({ command, line, result, why })
  if (step.before) await change(client, step.before(facts))
  if (step.blocks !== undefined) await blocks(client, step.blocks)
  const old = await client.at()
  const answer = await patiently([...words, '-y', '--json_output'], client, facts.folder)
  const view = await client.at()
  const isHere = !step.needs || step.needs.some((path) => has(view, path))
  if (answer.status !== 0) {
    const { code = '', message = answer.stderr } = answer.error
    const why = `${code}: ${message}`
    if (!isHere && code === 'RUNTIME_UNSUPPORTED') return [outcome('absent', message), {}]
    if (isHere && step.orRefused?.(view)?.test(message)) return [outcome('refused', message), {}]
    return [outcome('FAILED', why), {}]
  }
  if (!isHere) return [outcome('FAILED', 'the runtime has no such thing, yet it went through'), {}]
  const now = { ...facts, last: answer.data }
  if (step.holds && !(await step.holds(view, now, old))) {
    return [outcome('FAILED', 'the chain does not show what this should have done'), {}]
  }
  return [outcome('ok'), { last: answer.data, ...(await step.learn?.(view, now)) }]
}

function has(view: Awaited<ReturnType<ChainClient['at']>>, path: string): boolean {
  const [pallet = '', name = ''] = path.split('.')
  const isListed = view.apiOutput(pallet, name) !== undefined
  return view.hasCall(pallet, name) || view.hasStorage(pallet, name) || isListed
}

const LONGEST_WAIT = 500

/** Runs a command, once more after the blocks that the chain is said to want first. */
async function patiently(words: readonly string[], client: ChainClient, folder: string) {
  const answer = await run(words, client.endpoint, folder)
  const left = Number(answer.error.details?.blocksLeft ?? 0)
  if (left < 1 || left > LONGEST_WAIT) return answer
  await blocks(client, left)
  return run(words, client.endpoint, folder)
}

/** Runs the real `main` in a home of its own. */
async function run(words: readonly string[], endpoint: string, folder: string) {
  const written = { stdout: '', stderr: '' }
  const sink = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
    },
    isTTY: false,
    columns: undefined,
  })
  const world: World = {
    ...processes,
    home: folder,
    cwd: folder,
    stdin: { isTTY: false, readText: async () => '' },
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {
      ...processes.env,
      BT_WALLET_PATH: join(folder, 'wallets'),
      BT_SUBTENSOR_CHAIN_ENDPOINT: endpoint,
      BTCLI_NO_SPINNER: '1',
    },
  }
  const status = await main([...words], () => world)
  const document = parse(written.stdout)
  return { status, data: document?.data, error: document?.error ?? {}, ...written }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
