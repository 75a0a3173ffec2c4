/** The `classic` profile: spec 143, before dTAO. */
import { buildGenesis } from '../genesis/build.js'
import type { GenesisSpec } from '../genesis/spec.js'
import type { Call } from './pallet.js'
import { adminUtilsPallet } from './pallets/adminUtils.js'
import { balancesPallet, canWithdraw, deposit, settleFee, takeFee } from './pallets/balances.js'
import { collectivePallet } from './pallets/collective.js'
import { commitmentsPallet } from './pallets/commitments.js'
import {
  auraPallet,
  grandpaPallet,
  randomnessPallet,
  timestampPallet,
} from './pallets/consensus.js'
import { registryPallet } from './pallets/registry.js'
import { senate, triumvirateMembers } from './pallets/seats.js'
import { sudoPallet } from './pallets/sudo.js'
import { bumpNonce, System, systemPallet } from './pallets/system.js'
import { transactionPaymentPallet } from './pallets/transactionPayment.js'
import { utilityPallet } from './pallets/utility.js'
import type { Ledger, PalletParts, Profile } from './profile.js'
import { subtensorPallet } from './subtensor/pallet.js'
import { S } from './subtensor/storage.js'
import { DispatchErrorType } from './types.js'
import { validateTransaction } from './validity.js'

/** One RAO per byte of a call that pays; the weight costs nothing, since the multiplier is 0 from block 1 on. */
const ledger: Ledger = {
  account(state, who) {
    const { nonce, data } = state.get(System.Account, who)
    return { nonce, free: data.free }
  },
  bumpNonce,
  mint(context, who, amount) {
    deposit(context, who, amount)
    context.state.set(S.TotalIssuance, [], context.state.get(S.TotalIssuance) + amount)
  },
  issuance: (state) => state.get(S.TotalIssuance),
  weightToFee: ({ ref_time }) => ref_time / 1_000_000_000n,
  feeParts: (book, call: Call, length) => ({
    base: 0n,
    length: book.definition(call).pays ? BigInt(length) : 0n,
    weight: 0n,
  }),
  canPay: (state, who, _call, amount) => canWithdraw(state, who, amount),
  charge(context, who, _call, amount) {
    if (!takeFee(context, who, amount)) throw new Error('the sender cannot pay the fee')
    return amount
  },
  settle: (context, who, _call, taken, kept) => settleFee(context, who, taken, kept),
}

function pallets({ callType, eventRecordType, book, options }: PalletParts) {
  return [
    systemPallet(eventRecordType),
    randomnessPallet,
    timestampPallet,
    auraPallet,
    grandpaPallet,
    balancesPallet,
    transactionPaymentPallet,
    subtensorPallet(callType, options),
    collectivePallet({
      runtimeCall: callType,
      seats: (state) => senate.members({ state }).length,
      weightOf: book.costOf,
    }),
    triumvirateMembers.pallet,
    senate.pallet,
    utilityPallet(callType),
    sudoPallet(callType),
    registryPallet,
    commitmentsPallet,
    adminUtilsPallet,
  ]
}

export const classicProfile: Profile = {
  name: 'classic',
  pallets,
  ledger,
  dispatchErrorType: DispatchErrorType,
  validate: (book, state, transaction) => validateTransaction(book, ledger, state, transaction),
  buildGenesis: (open, state, spec) => buildGenesis(open, state, spec as GenesisSpec),
}
