/**
 * A validator: registers, asks the miners of the subnet, scores their answers, and sets weights, once in each epoch.
 *
 *     npx tsx examples/validator/validator.ts --wallet.name alice --wallet.hotkey validator --netuid 1 --epochs 3
 *
 * The hotkey needs stake: weights count for as much as the stake behind them, and the chain gives permits to the neurons
 * with the most.
 */
import { randomInt } from 'node:crypto'
import { type AxonInfo, Dendrite, isServing, Subtensor, Wallet } from 'bittensor'
import { nextEpoch, readOptions, register } from '../subnet/neuron.js'
import { PrimeFactors, score } from '../subnet/primeFactors.js'

const options = readOptions({
  epochs: { type: 'string', default: '3' },
  tasks: { type: 'string', default: '8' },
  external_ip: { type: 'string' },
})
const netuid = Number(options.netuid)

const wallet = new Wallet({
  name: options['wallet.name'],
  hotkey: options['wallet.hotkey'],
  path: options['wallet.path'],
})
await using subtensor = await Subtensor.connect({ network: options['subtensor.network'] })
const uid = await register(subtensor, wallet, netuid)
console.log(`validator uid ${uid} waits for its permit`)
while (!(await subtensor.neuronHasValidatorPermit(uid, netuid))) await nextEpoch(subtensor, netuid)

const dendrite = new Dendrite({ wallet, externalIp: options.external_ip })
/** By hotkey: when a uid changes hands, its new owner starts from nothing. */
const averages = new Map<string, number>()

let epochs = 0
while (epochs < Number(options.epochs)) {
  const { axons, hotkeys } = await subtensor.metagraph(netuid)
  await judge(axons.filter(isServing))
  const weights = hotkeys.map((hotkey) => averages.get(hotkey) ?? 0)
  // All zero until the first miner has answered well: there is nothing to say on chain yet.
  if (weights.some((weight) => weight > 0)) {
    await subtensor.setWeights({ wallet, netuid, uids: [...hotkeys.keys()], weights })
    epochs++
    const shown = weights.flatMap((weight, i) =>
      weight > 0 ? [`uid ${i} ${weight.toFixed(2)}`] : [],
    )
    console.log(`epoch ${epochs}: weights ${shown.join(', ')}`)
  }
  await nextEpoch(subtensor, netuid)
}
dendrite.close()

/** Gives all miners the same tasks and moves their averages by how many they solve; who is gone is forgotten. */
async function judge(miners: readonly AxonInfo[]): Promise<void> {
  const points = new Map(miners.map(({ hotkey }) => [hotkey, 0]))
  for (let task = 0; task < Number(options.tasks); task++) {
    const number = randomInt(1_000_000, 1_000_000_000)
    const results = await dendrite.query(miners, PrimeFactors, { number }, { timeoutMs: 4000 })
    for (const { target, ok, values } of results) {
      const won = ok ? score(number, values.factors) : 0
      points.set(target.hotkey, (points.get(target.hotkey) ?? 0) + won)
    }
  }
  for (const hotkey of averages.keys()) if (!points.has(hotkey)) averages.delete(hotkey)
  for (const [hotkey, won] of points) {
    const share = won / Number(options.tasks)
    averages.set(hotkey, 0.5 * (averages.get(hotkey) ?? share) + 0.5 * share)
  }
}
