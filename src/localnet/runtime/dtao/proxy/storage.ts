/** What the Proxy pallet keeps: who may act for whom, and what was announced. */
import { checksOf } from '../../failure.js'
import { map, storageOf, twox } from '../../pallet.js'
import { AccountId, H256, struct, tuple, u32, u64, type Variant, variant } from '../../scale.js'
import { boundedVec } from '../../types.js'

/** In the order of their numbers. */
const PROXY_TYPES = [
  'Any',
  'Owner',
  'NonCritical',
  'NonTransfer',
  'Senate',
  'NonFungible',
  'Triumvirate',
  'Governance',
  'Staking',
  'Registration',
  'Transfer',
  'SmallTransfer',
  'RootWeights',
  'ChildKeys',
  'SudoUncheckedSetCode',
  'SwapHotkey',
  'SubnetLeaseBeneficiary',
  'RootClaim',
]

export const ProxyType = variant(
  () => Object.fromEntries(PROXY_TYPES.map((name, index) => [name, { index }])),
  { path: ['subtensor_runtime_common', 'ProxyType'] },
)
export const numberOf = (type: Variant): number => PROXY_TYPES.indexOf(type.type)

const CRATE = 'pallet_subtensor_proxy'
const accountParam = { name: 'AccountId', type: AccountId }
const blockParam = { name: 'BlockNumber', type: u32 }

const ProxyDefinition = struct(
  { delegate: AccountId, proxy_type: ProxyType, delay: u32 },
  {
    path: [CRATE, 'ProxyDefinition'],
    params: [accountParam, { name: 'ProxyType', type: ProxyType }, blockParam],
  },
)
const AnnouncementType = struct(
  { real: AccountId, call_hash: H256, height: u32 },
  {
    path: [CRATE, 'Announcement'],
    params: [accountParam, { name: 'Hash', type: H256 }, blockParam],
  },
)

export type Definition = { delegate: string; proxy_type: Variant; delay: number }
export type Announcement = { real: string; call_hash: string; height: number }

export const Proxied = storageOf('Proxy', {
  Proxies: map([twox(AccountId)], tuple(boundedVec(ProxyDefinition), u64), [[], 0n] as [
    Definition[],
    bigint,
  ]),
  Announcements: map([twox(AccountId)], tuple(boundedVec(AnnouncementType), u64), [[], 0n] as [
    Announcement[],
    bigint,
  ]),
})

export const ERRORS = [
  'TooMany',
  'NotFound',
  'NotProxy',
  'Unproxyable',
  'Duplicate',
  'NoPermission',
  'Unannounced',
  'NoSelfProxy',
  'AnnouncementDepositInvariantViolated',
  'InvalidDerivedAccountId',
] as const
export const { ensure, fail } = checksOf<(typeof ERRORS)[number]>('Proxy')
