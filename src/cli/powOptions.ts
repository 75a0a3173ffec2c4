/** Options of the commands that search proofs of work. */
import { flag, option } from './define.js'
import { wholeNumber } from './options.js'

const processes = option({
  flags:
    '-n, --num_processes, --subtensor.register.num_processes, --pow_register.num_processes <n>',
  description: 'threads that search (default: one for each processor that may be used)',
  env: ['BT_SUBTENSOR_REGISTER_NUM_PROCESSES'],
  parse: (text) => wholeNumber(text, 1, 1024),
})

const nice = option({
  flags: '--nice <n>',
  description: 'niceness of these threads, 0 to 19: with 19 everything else goes first',
  parse: (text) => wholeNumber(text, 0, 19),
})

const updateInterval = option({
  flags:
    '-u, --update_interval, --subtensor.register.update_interval, --subtensor.register.cuda.update_interval, --cuda.update_interval, --pow_register.update_interval <nonces>',
  description: 'nonces that a thread tries between two looks for a new block (default: about 4 ms)',
  env: ['BT_SUBTENSOR_REGISTER_UPDATE_INTERVAL'],
  parse: (text) => wholeNumber(text, 1, 2 ** 31),
})

/** How the threads are to work. */
export const searching = { processes, nice, updateInterval }

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
