/** A process that writes journal entries and says so, made to be killed by journal.test.ts. */
import { type NewEntry, openJournal } from '../../src/core/journal.js'

const [mode = '', directory = ''] = process.argv.slice(2)
const journal = openJournal({ directory, now: () => new Date() })

function entry(nonce: number): NewEntry {
  return {
    network: 'mock',
    genesisHash: '0x00',
    specVersion: 143,
    command: 'transfer',
    account: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    call: { name: 'Balances.transfer', args: { value: BigInt(nonce), filler: 'x'.repeat(5000) } },
    intent: 'a'.repeat(32),
    nonce,
    era: { birth: 1, death: 64 },
    hash: '0x01',
    spendRao: 1n,
    feeRao: 1n,
  }
}

const rounds = mode === 'once' ? 1 : mode === 'fifty' ? 50 : Number.POSITIVE_INFINITY
for (let nonce = 1; nonce <= rounds; nonce++) {
  const { id } = await journal.record(entry(nonce))
  process.stdout.write(`${id}\n`)
}
if (mode === 'once') setInterval(() => undefined, 1000)
