/**
 * A miner: registers, serves, and answers validators until it is stopped with Ctrl-C.
 *
 *     npx tsx examples/miner/miner.ts --wallet.name alice --wallet.hotkey miner --netuid 1 --external_ip 203.0.113.9
 *
 * `--limit N` makes it a bad one: it tries no prime above N.
 */
import { Axon, createBlacklist, createPriority, parseTao, Subtensor, Wallet } from 'bittensor'
import { readOptions, register } from '../subnet/neuron.js'
import { factorize, PrimeFactors } from '../subnet/primeFactors.js'

const options = readOptions({
  port: { type: 'string', default: '8091' },
  external_ip: { type: 'string' },
  limit: { type: 'string' },
})
const netuid = Number(options.netuid)
const limit = options.limit === undefined ? undefined : Number(options.limit)

const wallet = new Wallet({
  name: options['wallet.name'],
  hotkey: options['wallet.hotkey'],
  path: options['wallet.path'],
})
const subtensor = await Subtensor.connect({ network: options['subtensor.network'] })
const uid = await register(subtensor, wallet, netuid)
const metagraph = await subtensor.metagraph(netuid)

const axon = new Axon({
  wallet,
  subtensor,
  netuid,
  port: Number(options.port),
  externalIp: options.external_ip,
  protocols: ['btauth', 'http'],
})
axon.attach(PrimeFactors, {
  forward: ({ number }) => ({ factors: factorize(number, limit) }),
  // The metagraph is the same object all the time; the loop below keeps it fresh.
  blacklist: createBlacklist(() => metagraph, { minAllowedStake: parseTao('1') }),
  priority: createPriority(() => metagraph),
})
await axon.start()
await axon.serve()
console.log(`miner uid ${uid} serves on port ${axon.port}`)

const stopping = new AbortController()
process.once('SIGINT', () => stopping.abort())
process.once('SIGTERM', () => stopping.abort())
try {
  for await (const { number } of subtensor.blocks({ signal: stopping.signal })) {
    if (number % 5 === 0) await metagraph.sync({ subtensor })
  }
} catch (error) {
  if (!stopping.signal.aborted) throw error
} finally {
  await axon.stop()
  await subtensor.close()
  console.log(`miner uid ${uid} has stopped`)
}
