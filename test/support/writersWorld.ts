/** One node for every runtime there is metadata of, on which each command that writes finds what it needs. */
import { blake2b } from '@noble/hashes/blake2.js'
import { type Changes, rawChanges } from '../../scripts/test-runtime/changes.js'
import { encode } from '../../src/core/chain/encode.js'
import { multisigAddress } from '../../src/core/chain/multisigs.js'
import { account as account32, tuple, u64, vec } from '../../src/core/chain/typeDef.js'
import { toHex } from '../../src/core/keys/hex.js'
import { decodeAddress, type Ss58 } from '../../src/core/keys/ss58.js'
import { commitHash } from '../../src/core/plans/commitPlan.js'
import { type RecordedChain, recordedChain, versionOf } from '../unit/chain/recordedChain.js'
import { dev } from './devAccounts.js'
import { devHome } from './localnet.js'
import { autumn2026, july2023, mid2026 } from './synthetic.js'

/** Spec versions; 127, 425 and 470 are put together from what is known of them. */
export const SPECS = [103, 127, 143, 218, 343, 365, 425, 470] as const
export type Spec = (typeof SPECS)[number]

const TAO = 1_000_000_000n
/** Late enough for a new subnet to be started. */
const BLOCK = 60_050
const [ALICE, BOB] = [dev('//Alice'), dev('//Bob')]
/** On subnets 1 and 2, delegates, with stake of their coldkeys. */
const HOT = dev('//Alice//validator')
const BOB_HOT = dev('//Bob//validator')
/** On subnets 1 and 2, no delegate. */
const MINER = dev('//Alice//miner1')
export const PROPOSAL = `0x${'11'.repeat(32)}`
/** Weights that Alice's validator has committed on subnet 1. */
export const OPENING = { uids: [0, 1], weights: [1, 1], salt: [7, 8], versionKey: 0 }

function chainOf(spec: Spec): RecordedChain {
  const block = BLOCK
  const of = (file: string, v15?: string) => {
    const known = `${spec === 127 ? 143 : spec > 343 ? 343 : spec}`
    return { spec: known, metadata: file, block, ...(v15 ? { v15 } : {}) }
  }
  switch (spec) {
    case 127: {
      const synthetic = { specVersion: spec, description: july2023() }
      return recordedChain({ ...of('spec-143.v14'), synthetic })
    }
    case 425:
    case 470: {
      const description = spec === 425 ? mid2026() : autumn2026()
      const synthetic = { specVersion: spec, description }
      return recordedChain({ ...of('spec-365.v16'), synthetic })
    }
    case 365: {
      const chain = recordedChain(of('spec-365.v16', 'spec-365.v16'))
      chain.answers['state_getRuntimeVersion'] = () => ({ ...versionOf('343'), specVersion: spec })
      return chain
    }
    case 103:
    case 143:
      return recordedChain(of(`spec-${spec}.v14`))
    default:
      return recordedChain(of(`spec-${spec}.v14`, `spec-${spec}.v15`))
  }
}

/** A node, and a home with the wallets of its accounts. */
export async function writersWorld(spec: Spec) {
  const chain = chainOf(spec)
  for (const [key, value] of rawChanges(chain.description, stateOf(spec))) {
    chain.storage.set(key, value)
  }
  chain.answers['system_accountNextIndex'] = () => 0
  chain.answers['chain_getFinalizedHead'] = () => `0x${'11'.repeat(32)}`
  const call = chain.answers['state_call']
  // One validator, which owes 2 τ for 7 shares of its basket.
  const owed = toHex(
    encode([], vec(tuple(account32, u64, u64)), [[HOT, 7n, 2n * TAO]], 'positions'),
  )
  chain.answers['state_call'] = (params) =>
    // A weight of 20 and 5, the class Normal, and a fee of 1000 RAO.
    params[0] === 'TransactionPaymentApi_query_info'
      ? '0x501400e803000000000000'
      : params[0] === 'BetaBasketRuntimeApi_get_root_basket_positions'
        ? owed
        : call?.(params)
  const home = await devHome({
    alice: {
      uri: '//Alice',
      hotkeys: {
        validator: '//Alice//validator',
        miner1: '//Alice//miner1',
        fresh: '//Alice//fresh',
      },
    },
    bob: { uri: '//Bob', hotkeys: { validator: '//Bob//validator' } },
  })
  return { chain, given: { home, chain: () => chain.connect(), filters: false } }
}

const account = (who: Ss58) => [[who], { providers: 1, data: { free: 100_000n * TAO } }]

function stateOf(spec: Spec): Changes {
  const pools = spec > 127 ? [0, 1, 2] : [1, 2]
  const shares = (alpha: bigint) => (spec === 218 ? alpha : { bits: `${alpha << 64n}` })
  const float = (mantissa: bigint) => ({ mantissa, exponent: 0n })
  const each = <T>(netuids: readonly number[], value: T) =>
    netuids.map((netuid) => [[netuid], value])
  const staked = [
    [HOT, ALICE],
    [BOB_HOT, BOB],
    [BOB_HOT, ALICE],
  ] as const
  const onSubnets = <T>(value: (hotkey: Ss58, uid: number, netuid: number) => T) =>
    [1, 2].flatMap((netuid) =>
      [HOT, BOB_HOT, MINER].map((hotkey, uid) => value(hotkey, uid, netuid)),
    )
  const opening = {
    hotkey: HOT,
    netuid: 1,
    uids: OPENING.uids,
    values: [65_535, 65_535],
    salt: OPENING.salt,
    versionKey: 0n,
  }
  return {
    System: { Account: [account(ALICE), account(BOB)] },
    Sudo: { Key: ALICE },
    SubtensorModule: {
      NetworksAdded: each(pools, true),
      TotalNetworks: pools.length,
      NetworkRegistrationAllowed: each(pools, true),
      NetworkPowRegistrationAllowed: each(pools, true),
      MaxRegistrationsPerBlock: each(pools, 10),
      TargetRegistrationsPerInterval: each(pools, 10),
      Difficulty: each(pools, 1000),
      Burn: each(pools, TAO),
      Tempo: each(pools, 99),
      MinAllowedWeights: each(pools, 1),
      MaxWeightsLimit: each(pools, 65_535),
      WeightsSetRateLimit: each(pools, 0),
      CommitRevealWeightsEnabled: [
        [[1], true],
        [[2], false],
      ],
      Owner: [
        [[HOT], ALICE],
        [[MINER], ALICE],
        [[BOB_HOT], BOB],
      ],
      OwnedHotkeys: [[[ALICE], [HOT, MINER]]],
      StakingHotkeys: [[[ALICE], [HOT, BOB_HOT]]],
      Delegates: [
        [[HOT], 6000],
        [[BOB_HOT], 6000],
      ],
      Stake: staked.map((keys) => [keys, 50n * TAO]),
      TotalHotkeyStake: [
        [[HOT], 50n * TAO],
        [[BOB_HOT], 100n * TAO],
      ],
      TotalStake: 150n * TAO,
      SubnetMechanism: each([1, 2], 1),
      SubnetTAO: each([0, 1, 2], 100_000n * TAO),
      SubnetAlphaIn: each([0, 1, 2], 100_000n * TAO),
      SubtokenEnabled: each([0, 1, 2], true),
      FirstEmissionBlockNumber: [[[1], 5]],
      NetworkRegisteredAt: each([1, 2], 0),
      TotalHotkeyAlpha: [0, 1, 2].flatMap((netuid) => [
        [[HOT, netuid], 50n * TAO],
        [[BOB_HOT, netuid], 100n * TAO],
      ]),
      TotalHotkeyShares: [0, 1, 2].flatMap((netuid) => [
        [[HOT, netuid], shares(50n * TAO)],
        [[BOB_HOT, netuid], shares(100n * TAO)],
      ]),
      TotalHotkeySharesV2: [0, 1, 2].flatMap((netuid) => [
        [[HOT, netuid], float(50n * TAO)],
        [[BOB_HOT, netuid], float(100n * TAO)],
      ]),
      AlphaV2: [0, 1, 2].flatMap((netuid) =>
        staked.map((keys) => [[...keys, netuid], float(50n * TAO)]),
      ),
      LastEpochBlock: each([1, 2], BLOCK - 50),
      SubnetEpochIndex: each([1, 2], 40),
      Alpha: [0, 1, 2].flatMap((netuid) =>
        staked.map((keys) => [[...keys, netuid], shares(50n * TAO)]),
      ),
      Uids: onSubnets((hotkey, uid, netuid) => [[netuid, hotkey], uid]),
      Keys: onSubnets((hotkey, uid, netuid) => [[netuid, uid], hotkey]),
      IsNetworkMember: onSubnets((hotkey, _, netuid) => [[hotkey, netuid], true]),
      SubnetworkN: each([1, 2], 3),
      ValidatorPermit: each([1, 2], [true, true, true]),
      SubnetOwner: each([1, 2], ALICE),
      SubnetOwnerHotkey: each([1, 2], HOT),
      ChildKeys: [[[HOT, 2], [[2n ** 62n, BOB_HOT]]]],
      // Since epochs are counted a commit is noted with its own.
      WeightCommits: [
        [[1, HOT], [[commitHash(opening), spec >= 425 ? 39 : BLOCK - 100, BLOCK - 50, BLOCK + 50]]],
      ],
      ColdkeySwapAnnouncements: [[[BOB], [1, swapHash(dev('//Ferdie'))]]],
      RootClaimable: [[[HOT], [[2, { bits: 2n ** 32n }]]]],
      Axons: [
        [
          [2, HOT],
          {
            block: 1,
            version: 1,
            ip: 1n << 24n,
            port: 8091,
            ip_type: 4,
            protocol: 4,
            placeholder1: 0,
            placeholder2: 0,
          },
        ],
      ],
    },
    SenateMembers: { Members: [HOT] },
    Triumvirate: {
      Members: [ALICE],
      Proposals: [PROPOSAL],
      ProposalOf: [[[PROPOSAL], { pallet: 'System', name: 'remark', args: { remark: '0x01' } }]],
      Voting: [[[PROPOSAL], { index: 0, threshold: 1, ayes: [], nays: [], end: BLOCK + 500 }]],
    },
    Proxy: { Proxies: [[[ALICE], [[{ delegate: BOB, proxy_type: 'Any', delay: 0 }], TAO]]] },
    Multisig: {
      Multisigs: [pending('0xaa', ALICE), pending('0xbb', BOB)],
    },
    Crowdloan: {
      Crowdloans: [
        [
          [3],
          {
            creator: BOB,
            deposit: 10n * TAO,
            min_contribution: TAO,
            end: BLOCK + 500,
            cap: 100n * TAO,
            funds_account: BOB,
            raised: 15n * TAO,
            target_address: ALICE,
            call: undefined,
            finalized: false,
            contributors_count: 2,
          },
        ],
      ],
      Contributions: [[[3, ALICE], 5n * TAO]],
    },
  }
}

/** A call of the multisig of both that one of them has approved; its hash is made of one byte. */
function pending(byte: string, depositor: Ss58) {
  const when = { height: 7, index: 1 }
  const value = { when, deposit: TAO, depositor, approvals: [depositor] }
  return [[multisigAddress([ALICE, BOB], 2), hashOf(byte)], value]
}

/** The hash by which a coldkey is announced. */
const swapHash = (coldkey: Ss58) => toHex(blake2b(decodeAddress(coldkey), { dkLen: 32 }))

export const hashOf = (byte: string) => `0x${byte.slice(2).repeat(32)}`
