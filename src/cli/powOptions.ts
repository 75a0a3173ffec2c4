/** Options of the commands that search proofs of work. */
import { fromHex } from '../core/keys/hex.js'
import { parseAccount } from '../core/keys/ss58.js'
import { POW_SCHEMES, type PowScheme } from '../core/pow/challenge.js'
import { availableCores } from '../core/pow/cores.js'
import { LONGEST_MS } from '../core/pow/solve.js'
import { flag, list, option } from './define.js'
import { oneOf, wholeNumber } from './options.js'

const processes = option({
  flags:
    '-n, --num_processes, --subtensor.register.num_processes, --pow_register.num_processes, --pow_workers <n>',
  description: 'threads that search (default: one for each processor that may be used)',
  env: ['BT_SUBTENSOR_REGISTER_NUM_PROCESSES'],
  parse: parseThreads,
})

const nice = option({
  flags: '--nice <n>',
  description: 'niceness of these threads, 0 to 19: with 19 everything else goes first',
  parse: (text) => wholeNumber(text, 0, 19),
})

const updateInterval = option({
  flags:
    '-u, --update_interval, --subtensor.register.update_interval, --subtensor.register.cuda.update_interval, --cuda.update_interval, --pow_register.update_interval <nonces>',
  description:
    'nonces that a thread tries between two looks for a new block (default: what takes 1 ms; at most 4 ms)',
  env: ['BT_SUBTENSOR_REGISTER_UPDATE_INTERVAL'],
  parse: (text) => wholeNumber(text, 1, 2 ** 31),
})

const gpu = flag({
  flags:
    '--gpu, --cuda, --cuda.use_cuda, --subtensor.register.cuda.use_cuda, --pow_register.cuda.use_cuda',
  description: 'search with GPUs, see `btcli gpu list`; with -n threads search beside them',
})

const noGpu = flag({
  flags:
    '--no_gpu, --no_cuda, --cuda.no_cuda, --subtensor.register.cuda.no_cuda, --pow_register.cuda.no_cuda',
  description: 'search with the processors only, as without any of these options',
  conflicts: ['gpu', 'gpu_id'],
})

const gpuIds = list({
  flags:
    '--gpu_id, --cuda.dev_id, --subtensor.register.cuda.dev_id, --pow_register.cuda.dev_id, --pow_device <ids...>',
  description: 'search with these GPUs (default: all)',
  parse: (text) => wholeNumber(text, 0, 255),
})

const gpuThreads = option({
  flags: '--gpu_threads, --cuda.tpb, --subtensor.register.cuda.tpb, --pow_register.cuda.tpb <n>',
  description: 'threads of a workgroup on a GPU (default: 64)',
  parse: (text) => wholeNumber(text, 1, 1024),
})

/** How threads and GPUs are to work. */
export const searching = { processes, nice, updateInterval, gpu, noGpu, gpuIds, gpuThreads }

const noOutputInPlace = flag({
  flags:
    '--no_output_in_place, --subtensor.register.no_output_in_place, --pow_register.no_output_in_place',
  description: 'a line a minute instead of a panel that is drawn anew',
})

const roundTimes = flag({
  flags: '--subtensor.register.verbose, --pow_register.verbose',
  description: 'show the times of the rounds as well',
})

/** How progress is shown. */
export const showing = { noOutputInPlace, roundTimes }

/** Text to 32 bytes. */
export function parseHash(text: string): Uint8Array {
  const bytes = fromHex(text, 32)
  if (bytes) return bytes
  throw new RangeError('must be 32 bytes as 0x and 64 hex digits')
}

/** Text, ss58 or hex, to a public key. */
export function parseKey(text: string): Uint8Array {
  if (/^[0-9a-f]{64}$/i.test(text)) throw new RangeError('a public key in hex begins with 0x')
  return parseAccount(text).publicKey
}

/** Text to a difficulty or a nonce. */
export function parseU64(text: string): bigint {
  const value = /^\d+$/.test(text) ? BigInt(text) : -1n
  if (value >= 0n && value < 1n << 64n) return value
  throw new RangeError('must be a whole number from 0 to 2^64-1')
}

/** Text to a number of nonces. */
export function parseNonceCount(text: string): bigint {
  const value = /^\d+$/.test(text) ? BigInt(text) : 0n
  if (value > 0n && value <= 1n << 64n) return value
  throw new RangeError('must be a whole number from 1 to 2^64')
}

/** Text to a scheme; `_` and `-` are the same, as they are in options. */
export function parseScheme(text: string): PowScheme {
  const same = (name: string) => name.toLowerCase().replaceAll('_', '-')
  return POW_SCHEMES.find((scheme) => same(scheme) === same(text)) ?? oneOf(text, POW_SCHEMES)
}

/** The longest time limit, 24 days: timers of the engine take no more. */
export const MOST_SECONDS = Math.floor(LONGEST_MS / 1000)

/** Text to seconds, fractions allowed. */
export function parseSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (seconds >= 0.01 && seconds <= MOST_SECONDS) return seconds
  throw new RangeError(`must be a number of seconds from 0.01 to ${MOST_SECONDS}`)
}

/** Threads per processor: more never help, and hundreds take so long to start that nothing else is heard meanwhile. */
const MOST_PER_CORE = 32

function parseThreads(text: string): number {
  const cores = availableCores()
  const most = Math.min(1024, cores * MOST_PER_CORE)
  const value = wholeNumber(text, 1, 1024)
  if (value <= most) return value
  const processors = cores === 1 ? 'one processor' : `${cores} processors`
  throw new RangeError(`at most ${most} threads make sense with ${processors}`)
}
