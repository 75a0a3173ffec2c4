/** A miner's endpoint: what it answers, and how others find it. */
import * as bt from 'bittensor'

const wallet = await bt.wallet()
const subtensor = await bt.subtensor()

// Instantiate a Bittensor endpoint. Others reach this machine at the external address.
const axon = await bt.axon({ wallet, externalIp: '203.0.113.9' })

// The wire protocol of text prompting: every part of it is a function.
new bt.TextPromptingSynapse(axon, {
  // Return the priority of the request, larger numbers are serviced by the endpoint first.
  priority: () => 0,
  // Return true if the request will not be serviced by this miner endpoint.
  blacklist: () => false,
  // Accept and optionally apply the feedback from a validator on the network.
  backward: ({ completion, rewards }) => console.log('feedback', completion, rewards),
  // Return an output which will be rewarded highly by validators on this subnetwork.
  forward: () => 'hello im a chat bot.',
})

// Start servicing messages on the wire.
await axon.start()

// Register this axon on a subnetwork.
await subtensor.serveAxon({ netuid: 1, axon })
console.log('serving on port', axon.port)

// Turn off the axon.
await axon.stop()
await subtensor.close()
