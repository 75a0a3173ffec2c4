// @ts-nocheck: it runs where its own packages are, not here.
/** @polkadot/api against a chain. Prints one JSON line per step. Argument: endpoint. */
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import { step, until } from './step.mjs'

const [endpoint] = process.argv.slice(2)
const provider = new WsProvider(endpoint)
const api = await ApiPromise.create({ provider, noInitWarn: true })
const keyring = new Keyring({ type: 'sr25519' })
const alice = keyring.addFromUri('//Alice')
// Nobody else pays to or from them.
const other = keyring.addFromUri('//polkadot-js').address
const kinds = ['ed25519', 'ecdsa'].map((type) => new Keyring({ type }).addFromUri('//Alice//kinds'))

const transfer = (dest, amount) => api.tx.balances.transferKeepAlive(dest, amount)
const freeOf = async (who) => (await api.query.system.account(who)).data.free.toBigInt()

/** Sends and waits for finality; returns the statuses and the events. */
function send(tx, signer, options = {}) {
  return new Promise((resolve, reject) => {
    const statuses = []
    tx.signAndSend(signer, { nonce: -1, ...options }, (result) => {
      statuses.push(result.status.type)
      if (result.status.isFinalized) resolve({ statuses, ...result })
    }).catch(reject)
  })
}

await step('chain, properties and runtime version', async () => {
  const chain = (await api.rpc.system.chain()).toString()
  return (
    chain === 'Bittensor' &&
    api.registry.chainDecimals[0] === 9 &&
    api.runtimeVersion.specVersion > 0
  )
})
await step('read a value', async () => (await freeOf(alice.address)) > 0n)
await step('read all entries of a map, page by page', async () => {
  const entries = await api.query.subtensorModule.keys.entriesPaged({ args: [1], pageSize: 7 })
  return entries.length === 7
})
await step('read many values in one request', async () => {
  const values = await api.queryMulti([
    [api.query.system.account, alice.address],
    api.query.system.number,
  ])
  return values.length === 2
})
await step('read at a past block', async () => {
  const at = await api.at(await api.rpc.chain.getBlockHash(0))
  return (await at.query.system.number()).toNumber() === 0
})
await step('constants', async () => api.consts.balances.existentialDeposit.toBigInt() === 500n)
await step('estimate a fee', async () => {
  const { partialFee } = await transfer(other, 1000).paymentInfo(alice)
  return partialFee.toBigInt() > 0n
})
await step('dry run', async () => {
  const signed = await transfer(other, 1000).signAsync(alice, { nonce: -1 })
  return (await api.rpc.system.dryRun(signed.toHex())).isOk
})
await step('subscribe to a value and to heads, sign and send, see both', async () => {
  const seen = []
  const heads = []
  const ends = [
    await api.query.system.account(other, ({ data }) => seen.push(data.free.toBigInt())),
    await api.rpc.chain.subscribeNewHeads((head) => heads.push(head.number.toNumber())),
  ]
  await until(() => seen.length > 0 && heads.length > 0)
  const { statuses, events } = await send(transfer(other, 1_500_000_000n), alice)
  await until(() => seen.at(-1) - seen[0] === 1_500_000_000n && heads.length > 1)
  for (const end of ends) end()
  const names = events.map(({ event }) => `${event.section}.${event.method}`)
  return statuses.includes('InBlock') && names.includes('balances.Transfer')
})
for (const pair of kinds) {
  await step(`sign with ${pair.type}`, async () => {
    await send(transfer(pair.address, 2_000_000_000n), alice)
    const { dispatchError } = await send(transfer(other, 1_000_000_000n), pair)
    return dispatchError === undefined
  })
}
await step('an immortal transaction with a tip', async () => {
  const { events } = await send(transfer(other, 1000), alice, { era: 0, tip: 5 })
  return events.some(({ event }) => event.method === 'ExtrinsicSuccess')
})
await step('a failing transaction says why', async () => {
  const { dispatchError } = await send(transfer(other, 2n * (await freeOf(alice.address))), alice)
  return dispatchError !== undefined
})
await step('a transaction from the past is refused with 1010', async () => {
  const error = await transfer(other, 1)
    .signAndSend(alice, { nonce: 0 })
    .catch((one) => one)
  return error instanceof Error && error.message.startsWith('1010: Invalid Transaction')
})
await step('a block with its extrinsics decodes', async () => {
  const { block } = await api.rpc.chain.getBlock()
  return block.extrinsics[0].method.section === 'timestamp'
})
await step('pending extrinsics', async () =>
  Array.isArray(await api.rpc.author.pendingExtrinsics()),
)
await api.disconnect()
process.exit(0)
