// @ts-nocheck: it runs where its own packages are, not here.
/**
 * polkadot-api against a chain: descriptors are generated already (`papi add chain`). Prints one JSON line per step.
 * Arguments: endpoint, version of the metadata.
 */

import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { chain } from '@polkadot-api/descriptors'
import { createClient } from 'polkadot-api'
import { getPolkadotSigner } from 'polkadot-api/signer'
import { getWsProvider } from 'polkadot-api/ws'
import { step, until } from './step.mjs'

const [endpoint, metadata] = process.argv.slice(2)
const client = createClient(getWsProvider(endpoint))
const api = client.getTypedApi(chain)

await cryptoWaitReady()
const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice')
const signer = getPolkadotSigner(alice.publicKey, 'Sr25519', (bytes) => alice.sign(bytes))
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
// Nobody else pays to or from it.
const OTHER = new Keyring({ type: 'sr25519' }).addFromUri('//papi').address

const transfer = (value) => {
  const args = { dest: { type: 'Id', value: OTHER }, value }
  return api.tx.Balances.transfer_keep_alive(args)
}

await step('chain name and properties', async () => {
  const { name, properties } = await client.getChainSpecData()
  return name === 'Bittensor' && properties.tokenSymbol === 'TAO'
})
await step('read a value', async () => {
  const { data } = await api.query.System.Account.getValue(ALICE)
  return data.free > 0n
})
await step('read all entries of a map', async () => {
  const entries = await api.query.SubtensorModule.NetworksAdded.getEntries()
  return entries.length >= 2 && entries.every(({ value }) => value === true)
})
await step('read a constant', async () => (await api.constants.System.Version()).spec_version > 0)
// Runtime APIs are in metadata from V15 on; without it polkadot-api takes fees for 128 bits, which they are not here.

if (metadata !== '14') {
  await step('call a runtime API', async () => {
    const nonce = await api.apis.AccountNonceApi.account_nonce(ALICE)
    return nonce >= 0
  })
  await step('estimate a fee', async () => {
    return (await transfer(1_000_000n).getEstimatedFees(ALICE)) > 0n
  })
}
await step('subscribe to a value, sign and send, see it change', async () => {
  const seen = []
  const watch = api.query.System.Account.watchValue(OTHER, { at: 'best' }).subscribe((one) => {
    seen.push(one.value.data.free)
  })
  await until(() => seen.length > 0)
  const { ok, events } = await transfer(1_500_000_000n).signAndSubmit(signer)
  await until(() => seen.at(-1) - seen[0] === 1_500_000_000n)
  watch.unsubscribe()
  return ok && events.some(({ type, value }) => type === 'Balances' && value.type === 'Transfer')
})
await step('watch the stages of a transaction', async () => {
  const stages = []
  await new Promise((resolve, reject) => {
    transfer(1_000_000n)
      .signSubmitAndWatch(signer)
      .subscribe({ next: ({ type }) => stages.push(type), error: reject, complete: resolve })
  })
  return (
    stages[0] === 'signed' && stages.includes('txBestBlocksState') && stages.at(-1) === 'finalized'
  )
})
await step('a failing transaction says why', async () => {
  const all = (await api.query.System.Account.getValue(ALICE)).data.free
  const { ok, dispatchError } = await transfer(2n * all).signAndSubmit(signer)
  return !ok && dispatchError !== undefined
})
await step('a transaction from the past is refused', async () => {
  const error = await transfer(1n)
    .signAndSubmit(signer, { nonce: 0 })
    .catch((one) => one)
  return error instanceof Error && /Stale|Invalid/.test(JSON.stringify(error) + error.message)
})
await step('headers and bodies of blocks', async () => {
  const { hash, number } = await client.getFinalizedBlock()
  const header = await client.getBlockHeader(hash)
  const body = await client.getBlockBody(hash)
  return header.number === number && body.length >= 1
})
await step('events of a block', async () => {
  const events = await api.query.System.Events.getValue()
  return events.length > 0 && events.at(-1).event.type.length > 0
})
client.destroy()
process.exit(0)
