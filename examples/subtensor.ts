/** The chain: what it says, and transactions. */
import * as bt from 'bittensor'

const wallet = await bt.wallet()

// Bittensor's chain interface: finney, or what BT_SUBTENSOR_NETWORK or BT_SUBTENSOR_CHAIN_ENDPOINT names.
const subtensor = await bt.subtensor()

// Get the chain block.
console.log('block', await subtensor.getCurrentBlock())

// Transfer Tao to a destination address.
const dest = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const { blockNumber } = await subtensor.transfer({ wallet, dest, amount: '10.0' })
console.log('transferred in block', blockNumber)

// Register a wallet onto a subnetwork.
const { uid } = await subtensor.register({ wallet, netuid: 1 })
console.log('registered as uid', uid)

await subtensor.close()
