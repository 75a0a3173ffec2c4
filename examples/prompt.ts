/** Developers: the network answers through an endpoint that bridges for others. */
import * as bt from 'bittensor'
import { BittensorLLM } from 'bittensor/langchain'

const wallet = await bt.wallet()
const subtensor = await bt.subtensor()

// The endpoint, by its hotkey: a validator that opens its axon to others, here uid 10. The foundation's, which the Python
// package asks by default, was switched off after 2023.
const hotkey = (await subtensor.neuronForUid(10, 1))?.hotkey
const endpoint = { wallet, subtensor, hotkey }

// Query through the endpoint.
console.log(await bt.prompt('Heraclitus was a ', endpoint))

// The API also contains BittensorLLM which can be integrated with LangChain.js.
const llm = new BittensorLLM(endpoint)
console.log(await llm.invoke('prompt me'))

// Return multiple responses for a single prompt.
console.log(await bt.prompt('What should I do today?', { ...endpoint, returnAll: true }))

await subtensor.close()
