/**
 * The call that each command builds on each runtime, from March 2023 to mid-2026, or how it says that this runtime has none.
 * A command that signs and has no line here fails.
 */
import { expect, test } from 'vitest'
import { registry } from '../../../src/cli/registry.js'
import { faucetCall, registerCall } from '../../../src/core/chain/calls.js'
import { decodeAs } from '../../../src/core/chain/decodeAny.js'
import type { Call, ChainClient, DecodedCall } from '../../../src/core/chain/types.js'
import { fromHex } from '../../../src/core/keys/hex.js'
import { dev } from '../../support/devAccounts.js'
import { documentOf, run } from '../../support/run.js'
import {
  hashOf,
  OPENING,
  PROPOSAL,
  SPECS,
  type Spec,
  writersWorld,
} from '../../support/writersWorld.js'

const BOB = dev('//Bob')
const BOB_HOT = dev('//Bob//validator')
const TOGETHER = '--threshold 2 --signatories wallet:alice wallet:bob'
const PAY = `Balances.transfer_keep_alive --dest ${BOB} --value 1tao`
const dtao = (spec: Spec) => spec >= 218
const on = (spec: Spec) => (dtao(spec) ? '--netuid 2' : '')
const taking = (spec: Spec) => (dtao(spec) ? '--amount_alpha 5 --netuid 2' : '--amount 5')
const A = '-w alice -H validator'
const WEIGHTS = '--uids 0 1 --weights 1 1'

/** A line for each command; several where it has several calls. */
const LINES: Readonly<Record<string, readonly ((spec: Spec) => string)[]>> = {
  transfer: [
    () => `-w alice --dest ${BOB} --amount 1`,
    () => `-w alice --dest ${BOB} --amount 1 --allow_death`,
    () => `-w alice --dest ${BOB} --all`,
  ],
  stake: [
    (spec) => `${A} --amount 5 ${on(spec)}`,
    (spec) => `${A} --amount 5 ${on(spec)} ${dtao(spec) ? '--unsafe' : ''}`,
  ],
  unstake: [
    (spec) => `${A} ${taking(spec)}`,
    (spec) => `${A} ${taking(spec)} ${dtao(spec) ? '--unsafe' : ''}`,
  ],
  delegate: [(spec) => `-w alice --delegate_ss58key ${BOB_HOT} --amount 5 ${on(spec)}`],
  undelegate: [(spec) => `-w alice --delegate_ss58key ${BOB_HOT} ${taking(spec)}`],
  nominate: [() => '-w alice -H miner1'],
  recycle_register: [() => '--netuid 2 -w alice -H fresh'],
  senate_register: [() => '-w bob -H validator'],
  senate_leave: [() => A],
  senate_vote: [() => `${A} --proposal ${PROPOSAL} --vote aye`],
  stake_move: [() => `${A} --dest_hotkey ${BOB_HOT} -o 2 --amount 5`],
  stake_swap: [() => `${A} -o 2 -d 1 --amount 5`, () => `${A} -o 2 -d 1 --amount 5 --unsafe`],
  stake_transfer: [() => `${A} --dest ${BOB} -o 2 --amount 5`],
  unstake_all: [() => `${A} --unsafe`, () => `${A} --alpha --unsafe`],
  children_set: [() => `${A} -n 2 -c ${BOB_HOT} --proportions 0.5`],
  children_revoke: [() => `${A} -n 2`],
  children_take: [() => `${A} -n 2 --take 5`],
  set_take: [() => `${A} --take 11`, () => `${A} --take 5`],
  claim_set: [() => '-w alice --type keep'],
  claim_process: [() => '-w alice'],
  auto_stake_set: [() => `${A} -n 2`],
  associate_hotkey: [() => '-w alice -H fresh'],
  subnet_create: [() => '-w alice -H fresh', () => '-w alice -H fresh --subnet_name Granary'],
  subnet_start: [() => '-w alice --netuid 2'],
  subnet_identity_set: [() => '-w alice --netuid 2 --subnet_name Granary'],
  identity_set: [() => '-w alice --id_name Aurora'],
  root_register: [() => A],
  set_weights: [() => `${A} --netuid 2 ${WEIGHTS}`],
  weights_commit: [() => `${A} --netuid 1 ${WEIGHTS}`],
  weights_reveal: [
    () => `${A} --netuid 1 ${WEIGHTS} --salt ${OPENING.salt.join(' ')} --version_key 0`,
  ],
  swap_coldkey: ['announce', 'execute', 'clear', 'dispute'].map(
    (action) => () =>
      `${action} -w ${action === 'announce' ? 'alice' : 'bob'} ${/announce|execute/.test(action) ? `--new_coldkey ${dev('//Ferdie')}` : ''}`,
  ),
  axon_set: [() => `${A} --netuid 2 --ip 203.0.113.9 --port 8091`],
  axon_reset: [() => `${A} --netuid 2`],
  swap_hotkey: [() => `${A} --new_hotkey fresh`],
  hyperparameter_set: [() => '-w alice --netuid 2 --param immunity_period --value 7200'],
  tx: [() => `System.remark --remark hello -w alice`],
  proxy_add: [() => `-w alice --delegate ${dev('//Dave')} --type Staking`],
  proxy_remove: [() => `-w alice --delegate ${BOB}`, () => '-w alice --all'],
  multisig_approve: [() => `${PAY} -w alice ${TOGETHER}`],
  multisig_execute: [() => `System.remark --remark x -w alice ${TOGETHER.replace('2', '1')}`],
  multisig_cancel: [() => `${hashOf('0xaa')} -w alice ${TOGETHER}`],
  crowdloan_contribute: [() => '-w alice --id 3 --amount 5'],
  crowdloan_withdraw: [() => '-w alice --id 3'],
}

const proof = { blockNumber: 7, nonce: 2n ** 63n, work: new Uint8Array(32).fill(1) }
/** Commands whose call carries a proof, which is searched first. */
const PROVED: Readonly<Record<string, (client: ChainClient) => Call>> = {
  register: (client) =>
    registerCall(client, { ...proof, netuid: 1, hotkey: BOB_HOT, coldkey: BOB }),
  faucet: (client) => faucetCall(client, proof),
}

/** Sends what another command has built. */
const BUILDS_NOTHING = ['submit']

test('every command that signs has a line', async () => {
  const commands = await Promise.all(registry.map(({ load }) => load()))
  const signing = commands
    .filter(({ options }) => Object.values(options).some(({ name }) => name === 'dry_run'))
    .map(({ name }) => name)
  const known = [...Object.keys(LINES), ...Object.keys(PROVED), ...BUILDS_NOTHING]
  expect(known.toSorted()).toEqual(signing.toSorted())
})

/** What came of it: `Pallet.call(arguments)`, or `none:` and the sentence. Anything else is told as it is. */
async function outcomeOf(given: Parameters<typeof run>[1], client: ChainClient, line: string) {
  const { error, data } = documentOf(await run(`${line} --dry_run --json`, given))
  if (error) {
    const isAbsent = error.code === 'RUNTIME_UNSUPPORTED'
    return `${isAbsent ? 'none' : `FAILED ${error.code}`}: ${error.message}`
  }
  const calls: readonly { data: string }[] = data.preview.calls
  return calls.map((call) => textOf(client, call.data)).join(' + ')
}

/** The call as its bytes read by the metadata. */
function textOf({ runtime }: ChainClient, data: string): string {
  const read = decodeAs(runtime.description, fromHex(data)!, 'call')
  if (read.kind !== 'call') throw new Error(`${data} is no call`)
  return signatureOf(read.call)
}

/** `Pallet.name(arguments)`, calls inside it written out. */
function signatureOf({ pallet, name, args }: DecodedCall): string {
  const inner = (value: unknown) => (value as { readonly pallet?: string }).pallet !== undefined
  const shown = Object.entries(args).map(([arg, value]) =>
    typeof value === 'object' && inner(value) ? signatureOf(value as never) : arg,
  )
  return `${pallet}.${name}(${shown.join(', ')})`
}

test.each(SPECS)('spec %i', async (spec) => {
  const { chain, given } = await writersWorld(spec)
  const client = await chain.connect()
  const table: Record<string, string> = {}
  for (const [command, lines] of Object.entries(LINES)) {
    const outcomes: string[] = []
    for (const line of lines)
      outcomes.push(await outcomeOf(given, client, `${command} ${line(spec)}`))
    table[command] = [...new Set(outcomes)].join('\n')
  }
  for (const [command, build] of Object.entries(PROVED)) {
    try {
      table[command] = textOf(client, build(client).data)
    } catch (error) {
      table[command] = `none: ${(error as Error).message}`
    }
  }
  expect(Object.entries(table).filter(([, text]) => /FAILED/.test(text))).toEqual([])
  expect(table).toMatchSnapshot()
})
