/** Crowdloan of spec 343: raising TAO from many for one purpose. */
import { bytesToHex } from '@noble/hashes/utils.js'
import {
  type Call,
  call,
  cost,
  errorsInOrder,
  eventsInOrder,
  type Pallet,
  type RuntimeContext,
} from '../../pallet.js'
import {
  AccountId,
  compact,
  fixedBytes,
  option,
  type ScaleType,
  u32,
  u64,
  wrapper,
} from '../../scale.js'
import {
  contribute,
  create,
  dissolve,
  finalize,
  LEAST_CONTRIBUTION,
  LONGEST,
  MAX_CONTRIBUTORS,
  MINIMUM_DEPOSIT,
  PALLET_ID,
  REFUNDS_PER_CALL,
  refund,
  SHORTEST,
  type Tools,
  updateCap,
  updateEnd,
  updateMinContribution,
  withdraw,
} from './loans.js'
import { crowdloanItems, ERRORS } from './storage.js'

const id = { crowdloan_id: u32 }
const events = eventsInOrder({
  Created: { ...id, creator: AccountId, end: u32, cap: u64 },
  Contributed: { ...id, contributor: AccountId, amount: u64 },
  Withdrew: { ...id, contributor: AccountId, amount: u64 },
  PartiallyRefunded: id,
  AllRefunded: id,
  Finalized: id,
  Dissolved: id,
  MinContributionUpdated: { ...id, new_min_contribution: u64 },
  EndUpdated: { ...id, new_end: u32 },
  CapUpdated: { ...id, new_cap: u64 },
})

const C32 = compact(u32)
const C64 = compact(u64)
const byId = { crowdloan_id: C32 }

/** Gives a call its tools. */
const using =
  <A>(tools: Tools, run: (tools: Tools, context: RuntimeContext, args: A) => undefined) =>
  (context: RuntimeContext, args: A): undefined =>
    run(tools, context, args)

const moneyCalls = (tools: Tools) => ({
  create: call({
    index: 0,
    args: {
      deposit: C64,
      min_contribution: C64,
      cap: C64,
      end: C32,
      call: option(tools.runtimeCall),
      target_address: option(AccountId),
    },
    weight: cost(42_930_000, 6148, 3, 5),
    run: using(tools, create),
  }),
  contribute: call({
    index: 1,
    args: { ...byId, amount: C64 },
    weight: cost(44_192_000, 6148, 4, 4),
    run: using(tools, contribute),
  }),
  withdraw: call({
    index: 2,
    args: byId,
    weight: cost(40_907_000, 6148, 4, 4),
    run: using(tools, withdraw),
  }),
  finalize: call({
    index: 3,
    args: byId,
    weight: cost(41_858_000, 6148, 4, 4),
    run: using(tools, finalize),
  }),
  refund: call({
    index: 4,
    args: byId,
    weight: cost(1_554_393_002, 132_693, 102, 100),
    run: using(tools, refund),
  }),
  dissolve: call({
    index: 5,
    args: byId,
    weight: cost(44_402_000, 6148, 4, 3),
    run: using(tools, dissolve),
  }),
})

const updateCalls = (tools: Tools) => ({
  update_min_contribution: call({
    index: 6,
    args: { ...byId, new_min_contribution: C64 },
    weight: cost(9_137_000, 3743, 1, 1),
    run: using(tools, updateMinContribution),
  }),
  update_end: call({
    index: 7,
    args: { ...byId, new_end: C32 },
    weight: cost(9_438_000, 3743, 1, 1),
    run: using(tools, updateEnd),
  }),
  update_cap: call({
    index: 8,
    args: { ...byId, new_cap: C64 },
    weight: cost(9_087_000, 3743, 1, 1),
    run: using(tools, updateCap),
  }),
})

const PalletId = wrapper(fixedBytes(8), { path: ['frame_support', 'PalletId'] })

/** The pallet over the calls of the runtime. */
export function crowdloanPallet(runtimeCall: ScaleType<Call>): Pallet {
  const tools = { C: crowdloanItems(runtimeCall), runtimeCall }
  return {
    name: 'Crowdloan',
    index: 27,
    crate: 'pallet_crowdloan',
    generics: { call: ['T'], event: ['T'], error: ['T'] },
    storage: tools.C,
    calls: { ...moneyCalls(tools), ...updateCalls(tools) },
    events,
    errors: errorsInOrder(ERRORS),
    constants: {
      PalletId: { type: PalletId, value: `0x${bytesToHex(PALLET_ID)}` },
      MinimumDeposit: { type: u64, value: MINIMUM_DEPOSIT },
      AbsoluteMinimumContribution: { type: u64, value: LEAST_CONTRIBUTION },
      MinimumBlockDuration: { type: u32, value: SHORTEST },
      MaximumBlockDuration: { type: u32, value: LONGEST },
      RefundContributorsLimit: { type: u32, value: REFUNDS_PER_CALL },
      MaxContributors: { type: u32, value: MAX_CONTRIBUTORS },
    },
  }
}
