/** The state of a subnet. */
import * as bt from 'bittensor'

// Bittensor's chain state object.
const metagraph = await bt.metagraph({ netuid: 1 })

// Resync the graph with the most recent chain state.
await metagraph.sync()
console.log(`${metagraph}`)

// Get the list of stake values, in τ; `metagraph.stake` has them exactly.
console.log(metagraph.S)

// Get endpoint information for the entire subnetwork.
console.log(metagraph.axons.length, 'axons')

// Get the hotkey information for the miner in the 10th slot.
console.log('uid 10', metagraph.hotkeys[10])

// Sync the metagraph at another block.
await metagraph.sync({ block: metagraph.block - 1 })

// Save the metagraph.
console.log('saved', await metagraph.save())

// Load the same.
await metagraph.load()
console.log('loaded block', metagraph.block)
