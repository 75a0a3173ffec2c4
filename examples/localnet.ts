/** A chain of your own in this process: for tests, demos and offline work. */
import * as bt from 'bittensor'
import { Localnet } from 'bittensor/localnet'

const chain = await Localnet.start({ blocks: 'instant' })
const address = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
await chain.fund(address, bt.parseTao('12.5'))

const subtensor = await bt.Subtensor.connect({ provider: chain.provider() })
const balance = await subtensor.getBalance(address)
console.log(balance > bt.Balance.fromTao('12'), (await subtensor.getSubnets()).length, 'subnets')

await subtensor.close()
await chain.stop()
