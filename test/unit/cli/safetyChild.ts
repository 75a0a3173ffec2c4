/** A process that writes the line of a transaction and is then killed by safetyGuard.test.ts, before it could send. */
import type { Intended } from '../../../src/cli/guard.js'
import { safetyGuard } from '../../../src/cli/safetyGuard.js'
import type { Ss58 } from '../../../src/core/keys/ss58.js'

const [home = '', hash = ''] = process.argv.slice(2)
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' as Ss58
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'

const unused = () => {
  throw new Error('not needed here')
}
const guard = safetyGuard(
  {
    chain: unused,
    clock: { now: () => new Date(), sleep: async () => undefined },
    command: 'transfer',
    paths: { home, wallets: '', cache: '', localnet: '', state: '', cwd: home },
    prompt: { input: unused, password: unused, confirm: unused, select: unused },
    say: () => undefined,
    settings: {} as never,
    signal: new AbortController().signal,
    warn: () => undefined,
  },
  { self: { pid: process.pid, identify: async () => 'alive' }, allowDuplicate: () => false },
)

const args = { dest: BOB, value: 1_000_000_000n }
const intended: Intended = {
  network: 'finney',
  genesisHash: '0x2f',
  value: 'unknown',
  specVersion: 143,
  command: 'transfer',
  account: ALICE,
  call: { pallet: 'Balances', name: 'transfer_keep_alive', args, data: '0x00', specVersion: 143 },
  asked: { dest: BOB },
  netuids: [],
  destinations: [],
  spendRao: 1_000_000_000n,
  feeRao: 1n,
}
await guard.enter?.([intended])
await guard.beforeSend?.(intended, {
  hash: hash as `0x${string}`,
  bytes: '0x0102',
  nonce: 7,
  era: { period: 64, birth: 100, death: 163 },
  from: ALICE,
  genesisHash: '0x2f',
  specVersion: 143,
})
process.stdout.write('written\n')
setInterval(() => undefined, 1000)
