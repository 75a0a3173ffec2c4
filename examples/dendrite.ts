/** A validator asks a miner, without a bridge in between. */
import * as bt from 'bittensor'

// Your validator wallet.
const wallet = await bt.wallet()

// Get state from subnetwork 1.
const metagraph = await bt.metagraph({ netuid: 1 })

// Connect to the axon running on slot 10, use the wallet to sign messages.
const dendrite = bt.textPrompting({ signer: wallet.hotkey, axon: metagraph.axons[10] })

// Send a prompt to this endpoint.
const answer = await dendrite.forward({
  roles: ['system', 'user'],
  messages: ['you are my financial advisor', 'should I buy a boat?'],
})
console.log(answer.completion)

// Tell it how good that was.
await dendrite.backward({
  roles: ['user'],
  messages: ['should I buy a boat?'],
  completion: answer.completion,
  rewards: [1],
})
dendrite.close()
