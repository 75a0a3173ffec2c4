/** `btcli pow`: search a proof of work without a chain, and measure how fast this machine is at it. */
import { defineCommand, option } from '../cli/define.js'
import { parseNetuid } from '../cli/options.js'
import {
  type BenchData,
  type PowData,
  runBench,
  runSolve,
  type SolveData,
} from '../cli/powActions.js'
import {
  parseHash,
  parseKey,
  parseNonceCount,
  parseScheme,
  parseSeconds,
  parseU64,
  searching,
  showing,
} from '../cli/powOptions.js'
import type { View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { BittensorError } from '../core/errors.js'
import { toHex } from '../core/keys/hex.js'
import { encodeAddress } from '../core/keys/ss58.js'
import { duration, hashRate, millify } from '../core/pow/panel.js'

export const pow = defineCommand({
  name: 'pow',
  summary: 'Search a proof of work offline, or measure the speed of this machine.',
  streams: true,
  usage: '<bench | solve> [options]',
  options: {
    blockHash: option({
      flags: '--block_hash <hex>',
      description: 'solve: hash of the block to solve, 0x and 64 hex digits',
      parse: parseHash,
    }),
    hotkey: option({
      flags: '--hotkey <ss58>',
      address: 'account',
      description: 'solve: hotkey to register, ss58 or 0x public key; for a faucet the coldkey',
      parse: parseKey,
    }),
    difficulty: option({
      flags: '--difficulty <n>',
      description:
        'solve: difficulty to meet, about so many hashes are needed; bench: tell how long that takes, without a chain',
      parse: parseU64,
    }),
    scheme: option({
      flags: '--scheme <name>',
      description:
        'solve: register-be (spec up to 277), register-le (283 to 393) or pow_register (from 475)',
      parse: parseScheme,
      default: 'register-be' as const,
    }),
    coldkey: option({
      flags: '--coldkey <ss58>',
      address: 'account',
      description: 'solve: coldkey that will sign, for pow_register',
      parse: parseKey,
    }),
    netuid: option({
      flags: '--netuid <n>',
      description: 'solve: subnet, for pow_register; bench: subnet whose difficulty is looked up',
      parse: parseNetuid,
    }),
    nonceStart: option({
      flags: '--nonce_start <n>',
      description: 'solve: first nonce of a range that is searched to its end (default: 0)',
      parse: parseU64,
    }),
    nonceCount: option({
      flags: '--nonce_count <n>',
      description: 'solve: nonces in the range; status 1 when none of them is a proof',
      parse: parseNonceCount,
    }),
    timeout: option({
      flags: '--timeout <seconds>',
      description: 'solve: give up after this time',
      parse: parseSeconds,
    }),
    seconds: option({
      flags: '--seconds <n>',
      description: 'bench: how long to measure each number of threads (default: 3)',
      parse: parseSeconds,
      default: 3,
    }),
    ...searching,
    ...showing,
  },
  positionals: [{ name: 'action', description: 'what to do', choices: ['bench', 'solve'] }],
  examples: [
    'pow bench',
    'pow bench --netuid 1 --subtensor.network local',
    'pow bench --difficulty 10000000',
    'pow solve --block_hash 0x… --hotkey 5F… --difficulty 10000000',
    'pow solve --block_hash 0x… --hotkey 5F… --difficulty 9 --nonce_count 99',
  ],
  notes:
    'Several machines share a search when each gets a range of its own. A proof is worth something only while its block is among the newest two.',

  async run(ctx, values, [action]): Promise<PowData> {
    if (action === 'bench') return runBench(ctx, values)
    if (action === 'solve') return runSolve(ctx, values)
    throw new BittensorError('MISSING_INPUT', 'what to do is missing', {
      hint: 'btcli pow bench, or btcli pow solve',
    })
  },

  render: {
    table: (data, view) => (data.kind === 'bench' ? benchText(data, view) : solveText(data)),
    json: (data) => (data.kind === 'bench' ? benchJson(data) : solveJson(data)),
  },

  problem(data) {
    if (data.kind === 'bench' || data.result.found) return undefined
    const nonces = `${count(data.result.hashes, 'nonce')} from ${data.range?.start ?? 0n} on`
    return new BittensorError('POW_NOT_FOUND', 'the range holds no proof', {
      details: `${nonces} tried, the whole range`,
      hint: 'search another range',
    })
  },
})

function solveText({ result }: SolveData): string {
  if (!result.found) return ''
  const { nonce, seal } = result.solution
  const speed = hashRate(Number(result.hashes) / result.seconds)
  return `nonce  ${nonce}\nwork   ${toHex(seal)}\n${count(result.hashes, 'hash', 'hashes')} in ${duration(result.seconds)} (${speed}/s)\n`
}

function solveJson({ result, challenge, range }: SolveData) {
  const { scheme, blockHash, key, coldkey, netuid, difficulty } = challenge
  return {
    found: result.found,
    nonce: result.found ? result.solution.nonce : null,
    work: result.found ? toHex(result.solution.seal) : null,
    hashes: result.hashes,
    seconds: result.seconds,
    scheme,
    blockHash: toHex(blockHash),
    hotkey: encodeAddress(key),
    coldkey: coldkey ? encodeAddress(coldkey) : null,
    netuid: netuid ?? null,
    difficulty,
    nonceStart: range?.start ?? null,
    nonceCount: range?.count ?? null,
  }
}

function benchText({ kernel, rates, target }: BenchData, { style }: View): string {
  const lines = rates.map(({ label, workers, rate }) => {
    const each = workers > 1 ? ` (${hashRate(rate / workers)}/s each)` : ''
    return `${label}: ${hashRate(rate)}/s${each}`
  })
  const expected = target
    ? [
        `${subject(target)} ${millify(target.difficulty)}: 50 % within ${duration(target.expected.half)}, 95 % within ${duration(target.expected.most)}`,
      ]
    : []
  return `${style.bold(`Kernel ${kernel}`)}\n${[...lines, ...expected].join('\n')}\n`
}

function subject({ netuid }: { readonly netuid: number | undefined }): string {
  return netuid === undefined ? 'Difficulty' : `Subnet ${netuid}, difficulty`
}

function benchJson({ kernel, rates, target }: BenchData) {
  return {
    kernel,
    results: rates.map(({ label, workers, rate, seconds }) => ({
      name: label,
      workers,
      hashesPerSecond: rate,
      hashesPerSecondPerThread: workers > 0 ? rate / workers : null,
      seconds,
    })),
    netuid: target?.netuid ?? null,
    difficulty: target?.difficulty ?? null,
    expectedSeconds50: target?.expected.half ?? null,
    expectedSeconds95: target?.expected.most ?? null,
  }
}
