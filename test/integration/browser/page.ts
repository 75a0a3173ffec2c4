/** What the browser test runs: one line per result. */
import * as bt from 'bittensor/browser'

async function results(): Promise<string[]> {
  const key = await bt.keypairFromUri('//Alice')
  const phrase = await bt.generateMnemonic(12)
  const message = new TextEncoder().encode('hello')
  const signature = key.sign(message)
  const graph = new bt.MetagraphData(
    { netuid: 1, network: 'finney', block: 5, version: 531 },
    {
      uids: Uint16Array.of(0),
      hotkeys: [key.address],
      coldkeys: [key.address],
      stake: BigUint64Array.of(1_500_000_000n),
      ranks: Float32Array.of(1),
      trust: Float32Array.of(1),
      consensus: Float32Array.of(1),
      validatorTrust: Float32Array.of(1),
      incentive: Float32Array.of(1),
      dividends: Float32Array.of(1),
      emission: BigUint64Array.of(0n),
      active: Uint8Array.of(1),
      validatorPermit: Uint8Array.of(1),
      lastUpdate: Float64Array.of(4),
      axons: [],
      weights: [{ uids: Uint16Array.of(0), values: Uint16Array.of(65_535) }],
      bonds: [{ uids: Uint16Array.of(0), values: Uint16Array.of(7) }],
    },
  )
  return [
    `address ${key.address}`,
    `valid ${await bt.verify(message, signature, key.publicKey)}`,
    `wrong ${await bt.verify(message.slice(1), signature, key.publicKey)}`,
    `words ${phrase.split(' ').length} ${(await bt.keypairFromMnemonic(phrase)).address.length}`,
    `ed25519 ${(await bt.keypairFromUri('//Alice', { cryptoType: 'ed25519' })).address}`,
    `balance ${bt.Balance.fromTao('2.01')} ${bt.Balance.fromTao('2.01').rao}`,
    `refused ${await bt.validateMnemonic('not a phrase').catch(({ code }) => code)}`,
    `weights ${JSON.stringify(bt.weightsToChain([0, 1], [1, 0.5]))}`,
    `graph ${graph} ${[...graph.S]} ${[...graph.W]} ${[...graph.B]}`,
    `again ${bt.MetagraphData.fromJSON({ ...graph.toJSON(), axons: [{}] }).n}`,
  ]
}

/** Tells the test: in a browser by a request to where the page came from, elsewhere by a global. */
function tell(lines: readonly string[]): void {
  Object.assign(globalThis, { done: lines })
  if ('location' in globalThis) void fetch('/done', { method: 'POST', body: lines.join('\n') })
}

results().then(tell, (error: unknown) => tell([`failed: ${error}`]))
