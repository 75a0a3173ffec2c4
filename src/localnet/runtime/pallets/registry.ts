/** Identities of delegates on root and of subnet owners, against a deposit. */
import { checksOf } from '../failure.js'
import {
  call,
  cost,
  type EventDef,
  errorsInOrder,
  optionalMap,
  type Pallet,
  type RuntimeContext,
  storageOf,
  twox,
} from '../pallet.js'
import { AccountId, fixedBytes, option, struct, tuple, u32, u64, type ValueOf } from '../scale.js'
import type { State } from '../state.js'
import { ROOT } from '../subtensor/registration.js'
import { ownsHotkey } from '../subtensor/staking.js'
import { S } from '../subtensor/storage.js'
import { boundedVec, dataType } from '../types.js'
import { reserve, unreserve } from './balances.js'
import { signedBy } from './system.js'

const NAME = 'Registry'
const CRATE = 'pallet_registry'
/** RAO set aside for an identity, and again for each additional field. */
const DEPOSIT = 100_000_000n
const MAX_ADDITIONAL = 1

const Data = dataType(CRATE, 64)
const IdentityInfo = struct(
  {
    additional: boundedVec(tuple(Data, Data), MAX_ADDITIONAL),
    display: Data,
    legal: Data,
    web: Data,
    riot: Data,
    email: Data,
    pgp_fingerprint: option(fixedBytes(20)),
    image: Data,
    twitter: Data,
  },
  { path: [CRATE, 'types', 'IdentityInfo'], params: [{ name: 'FieldLimit', type: undefined }] },
)
const Registration = struct(
  { deposit: u64, info: IdentityInfo },
  {
    path: [CRATE, 'types', 'Registration'],
    params: [
      { name: 'Balance', type: u64 },
      { name: 'MaxAdditionalFields', type: undefined },
    ],
  },
)

const Registry = storageOf(NAME, { IdentityOf: optionalMap([twox(AccountId)], Registration) })

const ERRORS = ['CannotRegister', 'TooManyFields', 'NotRegistered'] as const
const { ensure, fail } = checksOf<(typeof ERRORS)[number]>(NAME)

const events: Record<string, EventDef> = {
  IdentitySet: { index: 0, fields: { who: AccountId } },
  IdentityDissolved: { index: 1, fields: { who: AccountId } },
}

/** A coldkey for its hotkey that sits on root, or a subnet owner for itself. */
function mayRegister(state: State, who: string, identified: string): boolean {
  if (who === identified) return state.entries(S.SubnetOwner).some(([, owner]) => owner === who)
  return ownsHotkey(state, who, identified) && state.has(S.Uids, ROOT, identified)
}

type SetArgs = { identified: string; info: ValueOf<typeof IdentityInfo> }

function setIdentity(context: RuntimeContext, { identified, info }: SetArgs): undefined {
  const { state } = context
  const who = signedBy(context.origin)
  ensure(mayRegister(state, who, identified), 'CannotRegister')
  const extra = info.additional.length
  ensure(extra <= MAX_ADDITIONAL, 'TooManyFields')
  const before = state.get(Registry.IdentityOf, identified)?.deposit ?? 0n
  const deposit = DEPOSIT * BigInt(1 + extra)
  if (deposit > before) reserve(context, who, deposit - before)
  else unreserve(context, who, before - deposit)
  state.set(Registry.IdentityOf, [identified], { deposit, info })
  context.emit(NAME, 'IdentitySet', { who: identified })
}

function clearIdentity(context: RuntimeContext, args: { identified: string }): undefined {
  const { state } = context
  const who = signedBy(context.origin)
  ensure(mayRegister(state, who, args.identified), 'CannotRegister')
  const { deposit } = state.get(Registry.IdentityOf, args.identified) ?? fail('NotRegistered')
  state.remove(Registry.IdentityOf, args.identified)
  unreserve(context, who, deposit)
  context.emit(NAME, 'IdentityDissolved', { who: args.identified })
}

export const registryPallet: Pallet = {
  name: NAME,
  index: 16,
  crate: CRATE,
  generics: { call: ['T'], event: ['T'], error: ['T'] },
  storage: Registry,
  calls: {
    set_identity: call({
      index: 0,
      args: { identified: AccountId, info: IdentityInfo },
      weight: cost(41_000_000, 3499, 1, 1),
      class: 'Operational',
      run: setIdentity,
    }),
    clear_identity: call({
      index: 1,
      args: { identified: AccountId },
      weight: cost(36_000_000, 3860, 1, 1),
      run: clearIdentity,
    }),
  },
  events,
  errors: errorsInOrder(ERRORS),
  constants: {
    MaxAdditionalFields: { type: u32, value: MAX_ADDITIONAL },
    InitialDeposit: { type: u64, value: DEPOSIT },
    FieldDeposit: { type: u64, value: DEPOSIT },
  },
}
