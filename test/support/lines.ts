/** Lines of commands that work on the worlds of the tests: one for each command, several where it has several calls. */
import { dev } from './devAccounts.js'
import { hashOf, OPENING, PROPOSAL, type Spec } from './writersWorld.js'

export const BOB = dev('//Bob')
export const BOB_HOT = dev('//Bob//validator')
const TOGETHER = '--threshold 2 --signatories wallet:alice wallet:bob'
const PAY = `Balances.transfer_keep_alive --dest ${BOB} --value 1tao`
const dtao = (spec: Spec) => spec >= 218
const on = (spec: Spec) => (dtao(spec) ? '--netuid 2' : '')
const taking = (spec: Spec) => (dtao(spec) ? '--amount_alpha 5 --netuid 2' : '--amount 5')
const A = '-w alice -H validator'
const WEIGHTS = '--uids 0 1 --weights 1 1'

/** Of commands that sign, on the nodes of writersWorld.ts. */
export const WRITES: Readonly<Record<string, readonly ((spec: Spec) => string)[]>> = {
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

/** A line that shows something, and one that finds nothing, or only the chain is empty. */
type Read = { readonly line: string; readonly nothing?: string | 'empty chain' }

/** Of commands that read a chain, on the embedded chain of each profile. */
export const READS: Readonly<Record<'classic' | 'dtao', Readonly<Record<string, Read>>>> = {
  classic: {
    balance: { line: '-w alice', nothing: '-w frank' },
    const: { line: 'Balances.ExistentialDeposit' },
    hyperparameters: { line: '--netuid 1' },
    inspect: { line: '-w alice', nothing: '-w frank' },
    list_delegates: { line: '', nothing: 'empty chain' },
    list_subnets: { line: '', nothing: 'empty chain' },
    metagraph: { line: '--netuid 3' },
    my_delegates: { line: '-w alice', nothing: '-w frank' },
    overview: { line: '-w alice', nothing: '-w frank' },
    proposal_votes: { line: '--proposal 0' },
    proposals: { line: '', nothing: 'empty chain' },
    query: { line: 'SubtensorModule.Burn 1', nothing: `SubtensorModule.Axons 1 ${BOB}` },
    root_list: { line: '', nothing: 'empty chain' },
    root_weights: { line: '', nothing: 'empty chain' },
    senate: { line: '', nothing: 'empty chain' },
    weights: { line: '--netuid 3', nothing: '--netuid 3 --uid 19' },
  },
  dtao: {
    api: { line: 'SwapRuntimeApi.current_alpha_price 1' },
    auto_stake_get: { line: '-w alice', nothing: '-w frank' },
    children_get: { line: '-w alice -H validator -n 1', nothing: '-w alice -H miner1 -n 1' },
    claim_get: { line: '-w alice', nothing: '-w frank' },
    crowdloan_list: { line: '' },
    get_take: { line: '-w alice -H validator' },
    identity_get: { line: '-w alice', nothing: '-w frank' },
    multisig_list: { line: '--threshold 2 --signatories wallet:alice wallet:bob' },
    proxy_list: { line: '-w alice', nothing: '-w frank' },
    stake_list: { line: '-w alice', nothing: '-w frank' },
    subnet_cost: { line: '' },
    subnet_identity_get: { line: '-n 1' },
    subnet_price: { line: '--current', nothing: 'empty chain' },
    subnet_show: { line: '-n 1' },
    swap_check: { line: '-w alice', nothing: '-w frank' },
  },
}

const HASH = `0x${'11'.repeat(32)}`

/** Of commands that need no chain. */
export const OFFLINE: Readonly<Record<string, Read>> = {
  address: { line: 'list' },
  completion: { line: 'bash' },
  config: { line: 'list --all' },
  decode: { line: '0x00001468656c6c6f --metadata HOME/metadata' },
  help: { line: 'stake' },
  history: { line: 'list' },
  list: { line: '', nothing: '--wallet.path HOME/none' },
  metadata: { line: 'diff HOME/metadata HOME/metadata' },
  policy: { line: 'show' },
  pow: { line: `solve --block_hash ${HASH} --hotkey ${BOB} --difficulty 1 -n 1 --nonce_start 0` },
  sign: { line: '-w alice --message hello' },
  verify: { line: `--address ${BOB} --signature 0x${'00'.repeat(64)} --message hello` },
}
