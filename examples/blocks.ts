/** Blocks and events as they come. */
import * as bt from 'bittensor'

const subtensor = await bt.subtensor()

// Every new block. A signal ends the loop from outside, `break` from inside, and closing the connection ends it too.
for await (const { number, hash } of subtensor.blocks()) {
  console.log('block', number, hash)
  break
}

// Every transfer of the next block that has one.
for await (const { block, data } of subtensor.events({ pallet: 'Balances', name: 'Transfer' })) {
  const { amount } = data as { readonly amount: bigint }
  console.log('block', block.number, 'moved', `${bt.Balance.fromRao(amount)}`)
  break
}

await subtensor.close()
