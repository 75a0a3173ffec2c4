/** The `dtao` profile: spec 343, with a pool and a token for every subnet. */
import { buildDtaoGenesis } from '../../genesis/dtao/build.js'
import { randomnessPallet, timestampPallet } from '../pallets/consensus.js'
import type { PalletParts, Profile } from '../profile.js'
import { adminUtilsPallet } from './adminUtils/pallet.js'
import { crowdloanPallet } from './crowdloan/pallet.js'
import { withLater } from './later/later.js'
import { mevShieldPallet } from './later/mevShield.js'
import { ledger } from './ledger.js'
import { migrateClassic } from './migration.js'
import { multisigPallet } from './multisig/pallet.js'
import { balancesPallet } from './pallets/balances.js'
import { commitmentsPallet } from './pallets/commitments.js'
import { auraPallet, grandpaPallet } from './pallets/consensus.js'
import { drandPallet } from './pallets/drand.js'
import { sudoPallet } from './pallets/sudo.js'
import { systemPallet } from './pallets/system.js'
import { transactionPaymentPallet } from './pallets/transactionPayment.js'
import { utilityPallet } from './pallets/utility.js'
import { proxyPallet } from './proxy/pallet.js'
import { subtensorPallet } from './subtensor/pallet.js'
import { swapPallet } from './swap/pallet.js'
import { DispatchErrorType } from './types.js'
import { validateTransaction } from './validity.js'

const pallets = ({ callType, eventRecordType, book, options }: PalletParts) => [
  systemPallet(eventRecordType),
  randomnessPallet,
  timestampPallet,
  auraPallet,
  grandpaPallet,
  balancesPallet,
  transactionPaymentPallet,
  withLater(subtensorPallet(options)),
  utilityPallet(callType),
  sudoPallet(callType),
  multisigPallet(callType, book),
  proxyPallet(callType),
  commitmentsPallet,
  adminUtilsPallet,
  drandPallet,
  crowdloanPallet(callType),
  swapPallet,
  mevShieldPallet,
]

export const dtaoProfile: Profile = {
  name: 'dtao',
  pallets,
  ledger,
  dispatchErrorType: DispatchErrorType,
  validate: (book, state, transaction, block) =>
    validateTransaction(book, ledger, { state, block }, transaction),
  buildGenesis: buildDtaoGenesis,
  migrate: migrateClassic,
}
