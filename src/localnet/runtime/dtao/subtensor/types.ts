/** Named types of the pallet's storage and calls (spec 343). */
import {
  AccountId,
  bytes,
  option,
  type ScaleType,
  struct,
  u8,
  u16,
  u32,
  u64,
  type ValueOf,
  type Variant,
  type VariantCase,
  variant,
} from '../../scale.js'
import { boundedBytes, Percent } from '../types.js'

const own = (name: string) => ['pallet_subtensor', 'pallet', name]

const bytesOf = <const N extends string>(...names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, bytes])) as Record<N, ScaleType<Uint8Array>>

export const ChainIdentity = struct(
  bytesOf('name', 'url', 'image', 'discord', 'description', 'additional'),
  { path: own('ChainIdentity') },
)
export const ChainIdentityV2 = struct(
  bytesOf('name', 'url', 'github_repo', 'image', 'discord', 'description', 'additional'),
  { path: own('ChainIdentityV2') },
)
export const SubnetIdentity = struct(bytesOf('subnet_name', 'github_repo', 'subnet_contact'), {
  path: own('SubnetIdentity'),
})
export const SubnetIdentityV2 = struct(
  bytesOf(
    'subnet_name',
    'github_repo',
    'subnet_contact',
    'subnet_url',
    'discord',
    'description',
    'additional',
  ),
  { path: own('SubnetIdentityV2') },
)
export const SubnetIdentityV3 = struct(
  bytesOf(
    'subnet_name',
    'github_repo',
    'subnet_contact',
    'subnet_url',
    'discord',
    'description',
    'logo_url',
    'additional',
  ),
  { path: own('SubnetIdentityV3') },
)
export type ChainIdentityValue = ValueOf<typeof ChainIdentityV2>
export type SubnetIdentityValue = ValueOf<typeof SubnetIdentityV3>

export const NeuronCertificate = struct(
  { public_key: boundedBytes, algorithm: u8 },
  { path: own('NeuronCertificate') },
)

const cases = (...names: string[]): Record<string, VariantCase> =>
  Object.fromEntries(names.map((name, index) => [name, { index }]))

/** What becomes of the alpha that is taken from an owner's miners. */
export const RecycleOrBurnEnum: ScaleType<Variant> = variant(() => cases('Burn', 'Recycle'), {
  path: own('RecycleOrBurnEnum'),
})

/** Whether root dividends are sold for TAO or kept as alpha. */
export const RootClaimTypeEnum: ScaleType<Variant> = variant(() => cases('Swap', 'Keep'), {
  path: own('RootClaimTypeEnum'),
})

/** Settings that an owner may change once every so many epochs. */
const Hyperparameter = variant(
  () =>
    cases(
      'Unknown',
      'ServingRateLimit',
      'MaxDifficulty',
      'AdjustmentAlpha',
      'MaxWeightLimit',
      'ImmunityPeriod',
      'MinAllowedWeights',
      'Kappa',
      'Rho',
      'ActivityCutoff',
      'PowRegistrationAllowed',
      'MinBurn',
      'MaxBurn',
      'BondsMovingAverage',
      'BondsPenalty',
      'CommitRevealEnabled',
      'LiquidAlphaEnabled',
      'AlphaValues',
      'WeightCommitInterval',
      'TransferEnabled',
      'AlphaSigmoidSteepness',
      'Yuma3Enabled',
      'BondsResetEnabled',
      'ImmuneNeuronLimit',
      'RecycleOrBurn',
      'MaxAllowedUids',
    ),
  { path: ['pallet_subtensor', 'utils', 'rate_limiting', 'Hyperparameter'] },
)

/** What a rate limit is about. */
export const RateLimitKey = variant(
  () => ({
    SetSNOwnerHotkey: { index: 0, fields: [u16] },
    OwnerHyperparamUpdate: { index: 1, fields: [u16, Hyperparameter] },
    NetworkLastRegistered: { index: 2 },
    LastTxBlock: { index: 3, fields: [AccountId] },
    LastTxBlockChildKeyTake: { index: 4, fields: [AccountId] },
    LastTxBlockDelegateTake: { index: 5, fields: [AccountId] },
  }),
  {
    path: ['pallet_subtensor', 'RateLimitKey'],
    params: [{ name: 'AccountId', type: AccountId }],
  },
)

export const SubnetLease = struct(
  {
    beneficiary: AccountId,
    coldkey: AccountId,
    hotkey: AccountId,
    emissions_share: Percent,
    end_block: option(u32),
    netuid: u16,
    cost: u64,
  },
  {
    path: ['pallet_subtensor', 'subnets', 'leasing', 'SubnetLease'],
    params: [
      { name: 'AccountId', type: AccountId },
      { name: 'BlockNumber', type: u32 },
      { name: 'Balance', type: u64 },
    ],
  },
)
