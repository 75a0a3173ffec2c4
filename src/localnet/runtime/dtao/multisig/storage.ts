/** What the Multisig pallet keeps: operations that wait for approvals. */
import { checksOf } from '../../failure.js'
import { blake, optionalMap, storageOf, twox } from '../../pallet.js'
import { AccountId, fixedBytes, struct, u32, u64, type ValueOf } from '../../scale.js'
import { boundedVec } from '../../types.js'

const CRATE = 'pallet_multisig'
const blockParam = { name: 'BlockNumber', type: u32 }

/** Block and place in it of the first approval. */
export const Timepoint = struct(
  { height: u32, index: u32 },
  { path: [CRATE, 'Timepoint'], params: [blockParam] },
)
export type Time = ValueOf<typeof Timepoint>

const Operation = struct(
  { when: Timepoint, deposit: u64, depositor: AccountId, approvals: boundedVec(AccountId) },
  {
    path: [CRATE, 'Multisig'],
    params: [
      blockParam,
      { name: 'Balance', type: u64 },
      { name: 'AccountId', type: AccountId },
      { name: 'MaxApprovals', type: undefined },
    ],
  },
)

export const CallHash = fixedBytes(32)

export const Multisig = storageOf('Multisig', {
  Multisigs: optionalMap([twox(AccountId), blake(CallHash)], Operation),
})

export const ERRORS = [
  'MinimumThreshold',
  'AlreadyApproved',
  'NoApprovalsNeeded',
  'TooFewSignatories',
  'TooManySignatories',
  'SignatoriesOutOfOrder',
  'SenderInSignatories',
  'NotFound',
  'NotOwner',
  'NoTimepoint',
  'WrongTimepoint',
  'UnexpectedTimepoint',
  'MaxWeightTooLow',
  'AlreadyStored',
] as const
export const { ensure, fail } = checksOf<(typeof ERRORS)[number]>('Multisig')
