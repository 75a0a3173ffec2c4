/** Every command of btcli as a user of one chain would run it, in an order in which each finds what it needs. */
import { readFreeBalance } from '../../src/core/chain/balances.js'
import { readFamily } from '../../src/core/chain/children.js'
import { readContribution } from '../../src/core/chain/crowdloans.js'
import { readDelegate, readTakeOf } from '../../src/core/chain/delegates.js'
import { readIdentities, readSubnetIdentities } from '../../src/core/chain/identities.js'
import { readPendingCalls } from '../../src/core/chain/multisigs.js'
import { readAxon, readUid, readWeightsOf } from '../../src/core/chain/neurons.js'
import { readProxies } from '../../src/core/chain/proxies.js'
import { readProposals, readSenateMembers } from '../../src/core/chain/senate.js'
import { readOwner, readStake } from '../../src/core/chain/stake.js'
import { readNetuids } from '../../src/core/chain/subnets.js'
import type { ChainView } from '../../src/core/chain/types.js'
import type { Ss58 } from '../../src/core/keys/ss58.js'
import { readPendingSwap } from '../../src/core/plans/coldkeySwapPlan.js'
import { commitHash } from '../../src/core/plans/commitPlan.js'
import { parseTao } from '../../src/core/units.js'
import type { Changes } from './changes.js'

/** What steps know. */
export type Facts = {
  readonly alice: Ss58
  readonly bob: Ss58
  /** Who gets what multisigs and crowdloans pay, and everything of bob in the end. */
  readonly carol: Ss58
  readonly heir: Ss58
  /** Hotkeys of alice. */
  readonly miner: Ss58
  readonly racer: Ss58
  readonly spare: Ss58
  readonly fresh: Ss58
  /** Stake is per subnet. */
  readonly dtao: boolean
  /** Subnets that the steps have made. */
  readonly netuid: number
  readonly second: number
  /** Digits of an open proposal. */
  readonly proposal: string
  /** The account of alice, bob and heir together, and the hash of a call that it waits to make. */
  readonly multisig: Ss58
  readonly callHash: string
  /** Folder for files. */
  readonly folder: string
  /** `data` of the answer to the step before. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  readonly last: any
}

export type Step = {
  /** Command line; its first word is the command. */
  readonly line: string | ((facts: Facts) => string)
  /** `Pallet.name` of calls or storage: without any of them the command must say that the runtime has no such thing. */
  readonly needs?: readonly string[]
  /** Whether the chain shows what the command was for; `old` is the block before. */
  readonly holds?: (view: ChainView, facts: Facts, old: ChainView) => Promise<boolean>
  /** A refusal that is right on this runtime, although it has what the step needs. */
  readonly orRefused?: (view: ChainView) => RegExp | undefined
  /** Changes the chain's storage first, as only a test chain allows: rate limits, difficulty, seats. */
  readonly before?: (facts: Facts) => Changes
  /** Blocks to make first. */
  readonly blocks?: number
  /** What later steps need to know. */
  readonly learn?: (view: ChainView, facts: Facts) => Promise<Partial<Facts>>
}

const M = 'SubtensorModule'
const tao = parseTao

/** `-n N`, where stake is per subnet. */
const on = ({ dtao, netuid }: Facts) => (dtao ? `--netuid ${netuid}` : '')
/** How the amount of stake is named that is taken back. */
const alpha = ({ dtao }: Facts) => (dtao ? '--amount_alpha' : '--amount')
const free = async (view: ChainView, address: Ss58) => readFreeBalance(view, address)
const newest = async (view: ChainView) => (await readNetuids(view)).at(-1) ?? 0
const addressed = (hotkey: Ss58) => `--delegate_ss58key ${hotkey}`

const wallets: Step[] = [
  { line: 'new_coldkey -w alice --uri //Alice --no_password' },
  { line: 'new_coldkey -w bob --uri //Bob --no_password' },
  { line: 'new_coldkey -w heir --uri //Heir --no_password' },
  { line: 'wallet_create -w both -H default --uri //Both --no_password' },
  ...['miner', 'racer', 'spare', 'fresh'].map((name) => ({
    line: `new_hotkey -w alice -H ${name} --uri //Alice//${name}`,
  })),
  { line: 'new_hotkey -w bob -H default --uri //Bob//default' },
  {
    line: 'regen_coldkey -w again --seed 0x398f0c28f98885e046333d4a41c19cee4c37368a9832c6502f6cfd182e2aef89 --no_password',
  },
  {
    line: 'regen_hotkey -w again -H default --seed 0x398f0c28f98885e046333d4a41c19cee4c37368a9832c6502f6cfd182e2aef89',
  },
  { line: ({ bob }) => `regen_coldkeypub -w watched --ss58_address ${bob}` },
  { line: 'list' },
  { line: 'sign -w alice -m hello' },
  { line: ({ alice, last }) => `verify -a ${alice} -s ${last.signature} -m hello` },
]

const money: Step[] = [
  { line: 'balance --all' },
  {
    line: ({ bob }) => `transfer -w alice --dest ${bob} --amount 12.5`,
    holds: async (view, { bob }) => (await free(view, bob)) >= tao('12.5'),
  },
  // A hotkey that will send a proof of work: runtimes of late 2025 take a fee for it.
  { line: ({ spare }) => `transfer -w alice --dest ${spare} --amount 0.1` },
  {
    line: ({ bob, folder }) =>
      `transfer -w alice --dest ${bob} --amount 1 --unsigned ${folder}/transfer.json`,
  },
  {
    line: ({ folder }) => `sign_tx ${folder}/transfer.json -w alice --out ${folder}/signed.json`,
  },
  { line: ({ folder }) => `submit ${folder}/signed.json` },
  { line: 'history' },
]

/** No waiting, no limits, a difficulty for one core. */
const easy =
  (which: 'netuid' | 'second') =>
  (facts: Facts): Changes => {
    const of = (value: unknown) => [[[facts[which]], value]]
    return {
      [M]: {
        Difficulty: of(100_000),
        Burn: of(1_000_000_000),
        NetworkRegistrationAllowed: of(true),
        NetworkPowRegistrationAllowed: of(true),
        MaxRegistrationsPerBlock: of(100),
        TargetRegistrationsPerInterval: of(100),
        WeightsSetRateLimit: of(0),
        MinAllowedWeights: of(1),
        CommitRevealWeightsEnabled: of(false),
        MaxWeightsLimit: of(65_535),
        SubnetTAO: of('1000000000000000'),
        SubnetAlphaIn: of('1000000000000000'),
      },
    }
  }

const subnets: Step[] = [
  { line: 'subnet_cost', needs: [`${M}.NetworkLastLockCost`] },
  {
    line: 'subnet_create -w alice -H miner',
    needs: [`${M}.register_network`],
    learn: async (view) => ({ netuid: await newest(view) }),
  },
  {
    line: 'subnet_create -w alice -H racer',
    needs: [`${M}.register_network`],
    learn: async (view) => ({ second: await newest(view) }),
  },
  ...[11, 12].map((netuid) => ({
    line: `tx ${M}.sudo_add_network --netuid ${netuid} --tempo 99 --modality 0 --sudo -w alice`,
    needs: [`${M}.sudo_add_network`],
    holds: async (view: ChainView) => (await readNetuids(view)).includes(netuid),
    learn: async () => (netuid === 11 ? { netuid } : { second: netuid }),
  })),
  ...(['netuid', 'second'] as const).map((which) => ({
    line: (facts: Facts) => `subnet_start -w alice --netuid ${facts[which]}`,
    needs: [`${M}.start_call`],
    holds: async (view: ChainView, facts: Facts) =>
      (await view.readStored(M, 'FirstEmissionBlockNumber', facts[which])) !== undefined,
  })),
  { line: 'list_subnets', before: easy('netuid') },
  { line: ({ netuid }) => `subnet_show --netuid ${netuid}`, before: easy('second') },
  { line: 'subnet_price --current', needs: [`${M}.SubnetTAO`] },
  { line: ({ netuid }) => `hyperparameters --netuid ${netuid}` },
  {
    line: ({ netuid }) =>
      `hyperparameter_set -w alice --netuid ${netuid} --param immunity_period --value 123`,
    holds: async (view, { netuid }) => (await view.read(M, 'ImmunityPeriod', netuid)) === 123,
  },
  {
    line: ({ netuid }) => `subnet_identity_set -w alice --netuid ${netuid} --subnet_name Granary`,
    needs: [`${M}.set_subnet_identity`],
    holds: async (view, { netuid }) =>
      (await readSubnetIdentities(view, [netuid])).get(netuid)?.name === 'Granary',
  },
  {
    line: ({ netuid }) => `subnet_identity_get --netuid ${netuid}`,
    needs: [`${M}.SubnetIdentities`, `${M}.SubnetIdentitiesV3`],
  },
]

/** The runtime of March 2023 has registration closed in its code; its sudo key registers. */
const closed = (view: ChainView) =>
  view.hasCall(M, 'sudo_register') ? /RegistrationDisabled/ : undefined

/** Registered there, or by the sudo key afterwards where registration is closed. */
const sudoRegister = (
  netuid: (facts: Facts) => number,
  who: 'miner' | 'racer' | 'spare',
): Step => ({
  line: (facts) =>
    `tx ${M}.sudo_register --netuid ${netuid(facts)} --hotkey ${facts[who]} --coldkey ${facts.alice} --stake 0 --balance 0 --sudo -w alice`,
  needs: [`${M}.sudo_register`],
})

const neurons: Step[] = [
  {
    line: ({ netuid }) => `recycle_register --netuid ${netuid} -w alice -H spare`,
    orRefused: closed,
    holds: async (view, { netuid, spare }) => (await readUid(view, netuid, spare)) !== undefined,
  },
  {
    line: ({ second }) => `register --netuid ${second} -w alice -H spare -n 1`,
    before: easy('second'),
    orRefused: closed,
    holds: async (view, { second, spare }) => (await readUid(view, second, spare)) !== undefined,
  },
  sudoRegister(({ netuid }) => netuid, 'miner'),
  sudoRegister(({ netuid }) => netuid, 'racer'),
  ...['miner', 'racer'].map((name) => ({
    line: ({ netuid }: Facts) => `recycle_register --netuid ${netuid} -w alice -H ${name}`,
    // The sudo key has registered them, or the first one came with the subnet.
    orRefused: () => /registered already|already registered/,
  })),
  sudoRegister(({ netuid }) => netuid, 'spare'),
  { line: ({ netuid }) => `metagraph --netuid ${netuid}` },
  { line: 'overview -w alice' },
  { line: 'inspect -w alice' },
]

const staked = (view: ChainView, hotkey: Ss58, coldkey: Ss58) => readStake(view, hotkey, coldkey)

/** Calls of hotkeys that are limited by the block of the last one. */
const forgetLimits = ({ miner, netuid }: Facts): Changes => ({
  [M]: { TransactionKeyLastBlock: [0, 1, 2, 3].map((kind) => [[miner, netuid, kind], 0]) },
})

/** How many children a hotkey has, or will have. */
async function heirs(view: ChainView, hotkey: Ss58, netuid: number): Promise<number> {
  const { children, pending } = await readFamily(view, hotkey, netuid)
  return (pending?.children ?? children).length
}

const staking: Step[] = [
  {
    line: 'nominate -w alice -H miner',
    needs: [`${M}.become_delegate`],
    holds: async (view, { miner }) => (await readDelegate(view, miner)) !== undefined,
  },
  { line: 'list_delegates' },
  {
    line: (facts) => `stake -w alice -H miner --amount 100 ${on(facts)} --unsafe`,
    holds: async (view, { miner, alice }) => (await staked(view, miner, alice)) > tao('90'),
  },
  {
    line: (facts) => `delegate -w bob ${addressed(facts.miner)} --amount 20 ${on(facts)}`,
    holds: async (view, { miner, bob }) => (await staked(view, miner, bob)) > tao('18'),
  },
  { line: 'my_delegates -w bob' },
  {
    line: (facts) => `undelegate -w bob ${addressed(facts.miner)} ${alpha(facts)} 5 ${on(facts)}`,
    holds: async (view, { miner, bob }, old) =>
      (await staked(view, miner, bob)) < (await staked(old, miner, bob)),
  },
  {
    line: (facts) => `unstake -w alice -H miner ${alpha(facts)} 10 ${on(facts)}`,
    holds: async (view, { miner, alice }, old) =>
      (await staked(view, miner, alice)) < (await staked(old, miner, alice)),
  },
  { line: 'stake_list -w alice' },
  { line: 'balance -w alice' },
  {
    line: ({ netuid, racer }) =>
      `stake_move -w alice -H miner --dest_hotkey ${racer} -o ${netuid} --amount 10`,
    needs: [`${M}.move_stake`],
    holds: async (view, { racer, alice }) => (await staked(view, racer, alice)) > 0n,
  },
  {
    line: ({ netuid, second }) =>
      `stake_swap -w alice -H miner -o ${netuid} -d ${second} --amount 5 --unsafe`,
    needs: [`${M}.swap_stake`],
  },
  {
    line: ({ netuid, bob }) =>
      `stake_transfer -w alice -H miner --dest ${bob} -o ${netuid} --amount 5`,
    needs: [`${M}.transfer_stake`],
  },
  {
    line: ({ netuid, racer }) =>
      `children_set -w alice -H miner -n ${netuid} -c ${racer} --proportions 0.25`,
    needs: [`${M}.set_children`],
    holds: async (view, { netuid, miner }) => (await heirs(view, miner, netuid)) === 1,
  },
  {
    line: ({ netuid }) => `children_get -w alice -H miner -n ${netuid}`,
    needs: [`${M}.ChildKeys`],
  },
  {
    line: ({ netuid }) => `children_take -w alice -H miner -n ${netuid} --take 5`,
    needs: [`${M}.set_childkey_take`],
  },
  {
    line: ({ netuid }) => `children_revoke -w alice -H miner -n ${netuid}`,
    needs: [`${M}.set_children`],
    before: forgetLimits,
    holds: async (view, { netuid, miner }) => (await heirs(view, miner, netuid)) === 0,
  },
  { line: 'get_take -w alice -H miner' },
  {
    line: 'set_take -w alice -H miner --take 9',
    needs: [`${M}.decrease_take`],
    holds: async (view, { miner }) => Math.abs(((await readTakeOf(view, miner)) ?? 0) - 5898) < 2,
  },
  { line: 'claim_get -w alice', needs: [`${M}.RootClaimType`] },
  { line: 'claim_set -w alice --type keep', needs: [`${M}.set_root_claim_type`] },
  {
    line: ({ dtao }) => `stake -w alice -H miner --amount 50 ${dtao ? '--netuid 0' : ''} --unsafe`,
  },
  {
    line: 'claim_process -w alice',
    needs: [`${M}.claim_root`],
    // A tenth of an alpha for each τ on root.
    before: ({ miner, netuid }) => ({
      [M]: {
        RootClaimable: [[[miner], [[netuid, { bits: 2n ** 32n / 10n }]]]],
        // Else the chain claims by itself.
        NumRootClaim: 0,
      },
    }),
    holds: async (view, { miner, alice, netuid }) =>
      BigInt(String(await view.read(M, 'RootClaimed', netuid, miner, alice))) > tao('4'),
  },
  { line: 'auto_stake_get -w alice', needs: [`${M}.AutoStakeDestination`] },
  {
    line: ({ netuid }) => `auto_stake_set -w alice -H miner -n ${netuid}`,
    needs: [`${M}.set_coldkey_auto_stake_hotkey`],
    holds: async (view, { alice, miner, netuid }) =>
      (await view.readStored(M, 'AutoStakeDestination', alice, netuid)) === miner,
  },
  {
    line: 'associate_hotkey -w alice -H fresh',
    needs: [`${M}.try_associate_hotkey`],
    holds: async (view, { fresh, alice }) => (await readOwner(view, fresh)) === alice,
  },
]

async function weightsOf(view: ChainView, netuid: number, hotkey: Ss58): Promise<number[]> {
  const uid = (await readUid(view, netuid, hotkey)) ?? -1
  return (await readWeightsOf(view, netuid, uid)).map(([, weight]) => weight)
}

/** Weights that are committed by hand, as the chain hashes them. */
const opening = ({ netuid, miner }: Facts) => ({
  hotkey: miner,
  netuid,
  uids: [0, 1],
  values: [65_535, 21_845],
  salt: [5, 6],
  versionKey: 0n,
})

const consensus: Step[] = [
  {
    line: ({ netuid }) =>
      `set_weights --netuid ${netuid} -w alice -H miner -u 0 1 --weights 0.4 0.8`,
    before: (facts) => ({ [M]: { ValidatorPermit: [[[facts.netuid], [true, true, true]]] } }),
    holds: async (view, { netuid, miner }) => {
      const uid = (await readUid(view, netuid, miner)) ?? -1
      return (await readWeightsOf(view, netuid, uid)).length === 2
    },
  },
  { line: ({ netuid }) => `weights --netuid ${netuid}` },
  {
    line: ({ netuid }) =>
      `weights_commit --netuid ${netuid} -w alice -H miner -u 0 1 --weights 1 2`,
    needs: [`${M}.commit_weights`],
    before: ({ netuid }) => ({ [M]: { CommitRevealWeightsEnabled: [[[netuid], true]] } }),
  },
  {
    line: ({ netuid }) => `weights_reveal --netuid ${netuid} -w alice -H miner`,
    needs: [`${M}.reveal_weights`],
    orRefused: (view) =>
      // Those are revealed by the chain.
      view.hasCall(M, 'commit_timelocked_weights') ? /no commit to reveal/ : undefined,
    holds: async (view, { netuid, miner }) =>
      (await weightsOf(view, netuid, miner)).join() === '32768,65535',
  },
  {
    line: (facts) =>
      `tx ${M}.commit_weights --netuid ${facts.netuid} --commit_hash ${commitHash(opening(facts))} --signer hotkey -w alice -H miner`,
    needs: [`${M}.commit_weights`],
  },
  {
    line: ({ netuid }) =>
      `weights_reveal --netuid ${netuid} -w alice -H miner --uids 0 1 --weights 3 1 --salt 5 6 --version_key 0`,
    needs: [`${M}.reveal_weights`],
    holds: async (view, { netuid, miner }) =>
      (await weightsOf(view, netuid, miner)).join() === '65535,21845',
  },
  {
    line: ({ netuid }) =>
      `axon_set --netuid ${netuid} -w alice -H miner --ip 203.0.113.9 --port 8091`,
    before: ({ netuid }) => ({ [M]: { ServingRateLimit: [[[netuid], 0]] } }),
    holds: async (view, { netuid, miner }) => (await readAxon(view, netuid, miner))?.port === 8091,
  },
  {
    line: ({ netuid }) => `axon_reset --netuid ${netuid} -w alice -H miner`,
    orRefused: () => /InvalidIpAddress|keeps an axon/,
  },
  {
    line: 'root_register -w alice -H miner',
    needs: [`${M}.root_register`],
    before: () => ({
      [M]: {
        MaxRegistrationsPerBlock: [[[0], 10]],
        TargetRegistrationsPerInterval: [[[0], 10]],
      },
    }),
    holds: async (view, { miner }) => (await readUid(view, 0, miner)) !== undefined,
  },
  { line: 'root_list', needs: [`${M}.root_register`] },
  { line: 'root_weights', needs: [`${M}.root_register`] },
]

/** The council is made of alice, who may then propose; seats are given to hotkeys. */
const council = ({ alice, miner }: Facts): Changes => ({
  Triumvirate: { Members: [alice] },
  TriumvirateMembers: { Members: [alice] },
  SenateMembers: { Members: [miner] },
})

const inner = JSON.stringify({
  proposal: { call: 'System.remark', args: { remark: 'hello' } },
  length_bound: 64,
  duration: 1_000_000,
})

const governance: Step[] = [
  { line: 'senate', needs: ['SenateMembers.Members'], before: council },
  {
    line: `tx Triumvirate.propose -w alice --args ${inner}`,
    needs: ['Triumvirate.propose'],
    learn: async (view) => ({ proposal: (await readProposals(view))[0]?.hash ?? '0' }),
  },
  { line: 'proposals', needs: ['Triumvirate.Proposals'] },
  {
    line: ({ proposal }) => `senate_vote -w alice -H miner --proposal ${proposal} --vote aye`,
    needs: [`${M}.vote`],
    holds: async (view) => (await readProposals(view))[0]?.votes?.ayes.length === 1,
  },
  {
    line: ({ proposal }) => `proposal_votes --proposal ${proposal}`,
    needs: ['Triumvirate.Proposals'],
  },
  {
    line: 'senate_register -w alice -H racer',
    needs: ['SenateMembers.Members'],
    holds: async (view, { racer }) => (await readSenateMembers(view)).includes(racer),
  },
  { line: 'senate_leave -w alice -H miner', needs: [`${M}.leave_senate`] },
]

const accounts: Step[] = [
  {
    line: 'identity_set -w alice --id_name Aurora',
    needs: [`${M}.set_identity`],
    holds: async (view, { alice }) =>
      (await readIdentities(view, [alice])).get(alice)?.name === 'Aurora',
  },
  {
    line: 'identity_get -w alice',
    needs: [`${M}.Identities`, `${M}.IdentitiesV2`, 'Registry.IdentityOf'],
  },
  {
    line: ({ bob }) => `proxy_add -w alice --delegate ${bob} --type Staking`,
    needs: ['Proxy.add_proxy'],
    holds: async (view, { alice }) => (await readProxies(view, alice)).proxies.length === 1,
  },
  { line: 'proxy_list -w alice', needs: ['Proxy.Proxies'] },
  {
    line: ({ bob }) => `proxy_remove -w alice --delegate ${bob}`,
    needs: ['Proxy.remove_proxy'],
    holds: async (view, { alice }) => (await readProxies(view, alice)).proxies.length === 0,
  },
  {
    line: 'swap_hotkey -w alice -H spare --new_hotkey fresh',
    needs: [`${M}.swap_hotkey`],
    holds: async (view, { netuid, fresh }) => (await readUid(view, netuid, fresh)) !== undefined,
  },
  {
    line: (facts) => `unstake_all -w alice -H racer ${facts.dtao ? '' : '--dry_run'} --unsafe`,
    needs: [`${M}.unstake_all`],
  },
  {
    line: 'faucet -w alice -n 1',
    needs: [`${M}.faucet`],
    orRefused: () => /has no faucet/,
  },
]

const together = '--threshold 2 --signatories wallet:alice wallet:bob wallet:heir'
const payment = ({ carol }: Facts, value: number) =>
  `Balances.transfer_keep_alive --dest ${carol} --value ${value}tao`
const waiting = async (view: ChainView, { multisig }: Facts) =>
  (await readPendingCalls(view, multisig)).length

const multisigs: Step[] = [
  {
    line: `multisig_list ${together}`,
    needs: ['Multisig.Multisigs'],
    learn: async (_, { last }) => ({ multisig: last.multisig }),
  },
  { line: ({ multisig }) => `transfer -w alice --dest ${multisig} --amount 10` },
  {
    line: (facts) => `multisig_approve ${payment(facts, 2)} -w alice ${together}`,
    needs: ['Multisig.approve_as_multi'],
    holds: async (view, facts) => (await waiting(view, facts)) === 1,
  },
  {
    line: (facts) => `multisig_execute ${payment(facts, 2)} -w bob ${together}`,
    needs: ['Multisig.as_multi'],
    holds: async (view, facts, old) => {
      const paid = (await free(view, facts.carol)) - (await free(old, facts.carol))
      return paid === tao('2') && (await waiting(view, facts)) === 0
    },
  },
  {
    line: (facts) => `multisig_approve ${payment(facts, 3)} -w alice ${together}`,
    needs: ['Multisig.approve_as_multi'],
    learn: async (_, { last }) => ({ callHash: last.callHash }),
  },
  {
    line: ({ callHash }) => `multisig_cancel ${callHash} -w alice ${together}`,
    needs: ['Multisig.cancel_as_multi'],
    holds: async (view, facts) => (await waiting(view, facts)) === 0,
  },
]

const crowdloans: Step[] = [
  {
    line: ({ carol }) =>
      `tx Crowdloan.create -w bob --deposit 10tao --min_contribution 1tao --cap 100tao --end 60000 --call none --target_address ${carol}`,
    needs: ['Crowdloan.create'],
  },
  { line: 'crowdloan_list', needs: ['Crowdloan.Crowdloans'] },
  {
    line: 'crowdloan_contribute -w alice --id 0 --amount 5',
    needs: ['Crowdloan.contribute'],
    holds: async (view, { alice }) => (await readContribution(view, 0, alice)) === tao('5'),
  },
  {
    line: 'crowdloan_withdraw -w alice --id 0',
    needs: ['Crowdloan.withdraw'],
    holds: async (view, { alice }) => (await readContribution(view, 0, alice)) === 0n,
  },
]

/** The end of bob: whoever swaps a coldkey can do nothing else with it. */
const swaps: Step[] = [
  { line: 'swap_check -w bob' },
  {
    line: 'swap_coldkey announce -w bob --new_coldkey wallet:heir',
    needs: [`${M}.schedule_swap_coldkey`, `${M}.announce_coldkey_swap`],
    before: () => ({ [M]: { ColdkeySwapScheduleDuration: 4, ColdkeySwapAnnouncementDelay: 4 } }),
  },
  {
    line: 'swap_coldkey execute -w bob --new_coldkey wallet:heir',
    needs: [`${M}.swap_coldkey_announced`],
    blocks: 5,
  },
  {
    line: 'swap_check -w bob',
    holds: async (view, { bob, heir }) =>
      // Before mid-2024 nothing was announced.
      !hasSwaps(view) ||
      ((await readPendingSwap(view, bob)) === undefined &&
        (await free(view, bob)) === 0n &&
        (await free(view, heir)) > tao('1000')),
  },
]
const hasSwaps = (view: ChainView) => view.hasStorage(M, 'ColdkeySwapScheduled')

const anything: Step[] = [
  { line: ({ alice }) => `query System.Account ${alice}` },
  { line: 'query Balances.TotalIssuance' },
  { line: 'const Balances' },
  { line: 'api Core.version', needs: ['Core.version'] },
  { line: 'tx System.remark --remark hello -w alice' },
  { line: 'decode 0x00001468656c6c6f' },
  { line: ({ folder }) => `metadata save ${folder}/metadata.scale` },
  { line: ({ folder }) => `metadata diff ${folder}/metadata.scale ${folder}/metadata.scale` },
]

/** What no chain matters for. */
const tools: Step[] = [
  { line: 'help' },
  { line: 'policy' },
  { line: ({ bob }) => `address add exchange ${bob}` },
  { line: 'config' },
  { line: 'completion bash' },
  { line: 'pow bench --seconds 1 -n 1' },
]

export const steps: readonly Step[] = [
  ...wallets,
  ...money,
  ...subnets,
  ...neurons,
  ...staking,
  ...consensus,
  ...governance,
  ...accounts,
  ...multisigs,
  ...crowdloans,
  ...anything,
  ...swaps,
  ...tools,
]

/** Commands that are not about a chain's runtime, and why they are left out. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  gpu: 'is about this machine, and needs an optional package',
  localnet: 'starts a chain of its own',
  prompt: 'asks a neuron, not the chain',
  update: 'asks the package registry',
}
