/** What the Crowdloan pallet keeps. */
import { checksOf } from '../../failure.js'
import {
  type Call,
  identity,
  map,
  optionalMap,
  optionalValue,
  storageOf,
  twox,
  value,
} from '../../pallet.js'
import {
  AccountId,
  bool,
  H256,
  option,
  type ScaleType,
  struct,
  u32,
  u64,
  type Variant,
  variant,
} from '../../scale.js'
import { boundedBytes } from '../types.js'

export type Crowdloan = {
  creator: string
  deposit: bigint
  min_contribution: bigint
  end: number
  cap: bigint
  funds_account: string
  raised: bigint
  target_address: string | undefined
  call: Variant | undefined
  finalized: boolean
  contributors_count: number
}

const Hasher = struct({}, { path: ['sp_runtime', 'traits', 'BlakeTwo256'] })

/** A call: in place, or by its hash where a preimage holds it. */
const bounded = (runtimeCall: ScaleType<Call>) =>
  variant(
    () => ({
      Legacy: { index: 0, fields: { hash: H256 } },
      Inline: { index: 1, fields: [boundedBytes] },
      Lookup: { index: 2, fields: { hash: H256, len: u32 } },
    }),
    {
      path: ['frame_support', 'traits', 'preimages', 'Bounded'],
      params: [
        { name: 'T', type: runtimeCall },
        { name: 'H', type: Hasher },
      ],
    },
  )

function infoType(runtimeCall: ScaleType<Call>): ScaleType<Crowdloan> {
  const call = bounded(runtimeCall)
  return struct(
    {
      creator: AccountId,
      deposit: u64,
      min_contribution: u64,
      end: u32,
      cap: u64,
      funds_account: AccountId,
      raised: u64,
      target_address: option(AccountId),
      call: option(call),
      finalized: bool,
      contributors_count: u32,
    },
    {
      path: ['pallet_crowdloan', 'CrowdloanInfo'],
      params: [
        { name: 'AccountId', type: AccountId },
        { name: 'Balance', type: u64 },
        { name: 'BlockNumber', type: u32 },
        { name: 'Call', type: call },
      ],
    },
  )
}

export type CrowdloanItems = ReturnType<typeof crowdloanItems>

export const crowdloanItems = (runtimeCall: ScaleType<Call>) =>
  storageOf('Crowdloan', {
    Crowdloans: optionalMap([twox(u32)], infoType(runtimeCall)),
    NextCrowdloanId: value(u32, 0),
    Contributions: optionalMap([twox(u32), identity(AccountId)], u64),
    CurrentCrowdloanId: optionalValue(u32),
    HasMigrationRun: map([identity(boundedBytes)], bool, false),
  })

export const ERRORS = [
  'DepositTooLow',
  'CapTooLow',
  'MinimumContributionTooLow',
  'CannotEndInPast',
  'BlockDurationTooShort',
  'BlockDurationTooLong',
  'InsufficientBalance',
  'Overflow',
  'InvalidCrowdloanId',
  'CapRaised',
  'ContributionPeriodEnded',
  'ContributionTooLow',
  'InvalidOrigin',
  'AlreadyFinalized',
  'ContributionPeriodNotEnded',
  'NoContribution',
  'CapNotRaised',
  'Underflow',
  'CallUnavailable',
  'NotReadyToDissolve',
  'DepositCannotBeWithdrawn',
  'MaxContributorsReached',
] as const
export const { ensure, fail } = checksOf<(typeof ERRORS)[number]>('Crowdloan')
