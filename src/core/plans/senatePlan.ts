/** What `senate_register` and `senate_leave` check, and what they show before signing. */
import { readFreeBalance } from '../chain/balances.js'
import { adjustSenateCall, joinSenateCall, leaveSenateCall } from '../chain/calls.js'
import { readTakeOf } from '../chain/delegates.js'
import { isRegisteredAnywhere, readUid } from '../chain/neurons.js'
import { readSenateMembers } from '../chain/senate.js'
import { readTotalStake } from '../chain/stake.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { formatTao } from '../units.js'
import { checkFunds, checkOwned } from './ownHotkey.js'
import { type Party, type Plan, type Planning, partyName } from './plan.js'
import { planRootSeat } from './rootSeat.js'
import { checkSenator } from './votePlan.js'

/** Who takes or leaves a seat. */
export type SeatTerms = { readonly wallet: Party; readonly hotkey: Party }

/** Free balance of the coldkey, and whether the hotkey sits in the senate. */
export type SeatRead = { readonly free: bigint; readonly isMember: boolean }

export type SeatPlan = Plan<SeatRead> & {
  /** Name of the call by which this runtime does it. */
  readonly call: string
}

const MODULE = 'SubtensorModule'

/**
 * Checks how this runtime gives seats in the senate, and says what that would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `NOT_DELEGATE`, `NOT_REGISTERED`, `KEYFILE`, `INSUFFICIENT_STAKE`,
 * `INSUFFICIENT_BALANCE`
 */
export async function planJoin(planning: Planning, terms: SeatTerms): Promise<SeatPlan> {
  const { client, view } = planning
  const { hotkey } = terms
  await readSenateMembers(view)
  if (client.hasCall(MODULE, 'join_senate')) {
    await Promise.all([checkOwned(view, terms.wallet, hotkey), checkDelegate(view, terms)])
    return seatPlan(planning, terms, joinSenateCall(client, { hotkey: hotkey.address }))
  }
  const isOnRoot = (await readUid(view, 0, hotkey.address)) !== undefined
  if (!isOnRoot && client.hasCall(MODULE, 'root_register')) return rootPlan(planning, terms)
  if (!client.hasCall(MODULE, 'adjust_senate')) throw noWay(client, terms, isOnRoot)
  await checkOwned(view, terms.wallet, hotkey)
  return seatPlan(planning, terms, adjustSenateCall(client, { hotkey: hotkey.address }))
}

/**
 * Checks that a seat can be given up, and says what that would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `NOT_SENATE_MEMBER`, `NOT_REGISTERED`, `KEYFILE`, `INSUFFICIENT_BALANCE`
 */
export async function planLeave(planning: Planning, terms: SeatTerms): Promise<SeatPlan> {
  const { client, view } = planning
  const call = leaveSenateCall(client, { hotkey: terms.hotkey.address })
  await checkSenator(view, terms.hotkey)
  await checkOwned(view, terms.wallet, terms.hotkey)
  const plan = await seatPlan(planning, terms, call)
  return {
    ...plan,
    notes: ['its votes on open proposals are removed as well'],
    question: `Give up the seat of ${partyName(terms.hotkey)} in the senate?`,
  }
}

/** Where seats come with registration on root. */
async function rootPlan(planning: Planning, terms: SeatTerms): Promise<SeatPlan> {
  const { operations, ...plan } = await planRootSeat(planning, terms)
  const stake = await readTotalStake(planning.view, terms.hotkey.address)
  return {
    ...plan,
    call: 'root_register',
    operations: operations.map((one) => ({ ...one, measure: (at) => readSeat(at, terms) })),
    facts: [
      ...plan.facts,
      { label: 'stake', value: `τ${formatTao(stake, 'full')}` },
      { label: 'by', value: 'root_register', note: 'a seat comes with registration on root' },
    ],
    question: `Register ${partyName(terms.hotkey)} on root for a seat in the senate?`,
  }
}

async function seatPlan(
  { view, client, feeOf }: Planning,
  terms: SeatTerms,
  call: Call,
): Promise<SeatPlan> {
  const { wallet, hotkey } = terms
  const fee = (await feeOf(call)) ?? 0n
  const [free, stake] = await Promise.all([
    checkFunds(client, view, { wallet, cost: 0n, fee }),
    readTotalStake(view, hotkey.address),
  ])
  return {
    call: call.name,
    operations: [
      {
        label: partyName(hotkey),
        call,
        spendRao: 0n,
        measure: (at) => readSeat(at, terms),
      },
    ],
    facts: [
      { label: 'hotkey', value: hotkey, note: 'your own hotkey' },
      { label: 'stake', value: `τ${formatTao(stake, 'full')}` },
      { label: 'by', value: call.name },
    ],
    effects: [{ label: `${wallet.name}, free`, before: free, after: free - fee }],
    question: `Register ${partyName(hotkey)} to the senate?`,
  }
}

async function readSeat(view: ChainView, { wallet, hotkey }: SeatTerms): Promise<SeatRead> {
  const [free, members] = await Promise.all([
    readFreeBalance(view, wallet.address),
    readSenateMembers(view),
  ])
  return { free, isMember: members.includes(hotkey.address) }
}

async function checkDelegate(view: ChainView, { wallet, hotkey }: SeatTerms): Promise<void> {
  const [take, isRegistered] = await Promise.all([
    readTakeOf(view, hotkey.address),
    isRegisteredAnywhere(view, hotkey.address),
  ])
  const data = { hotkey: hotkey.address }
  if (take === undefined) {
    throw new BittensorError('NOT_DELEGATE', `the hotkey ${partyName(hotkey)} is not a delegate`, {
      details: 'only delegates sit in the senate',
      hint: `btcli nominate --wallet.name ${wallet.name} --wallet.hotkey ${hotkey.name}`,
      data,
    })
  }
  if (isRegistered) return
  throw new BittensorError('NOT_REGISTERED', `${partyName(hotkey)} is registered on no subnet`, {
    hint: `btcli recycle_register --wallet.name ${wallet.name} --wallet.hotkey ${hotkey.name}`,
    data,
  })
}

function noWay(
  { specVersion }: ChainClient,
  { hotkey }: SeatTerms,
  isOnRoot: boolean,
): BittensorError {
  const data = { hotkey: hotkey.address, specVersion }
  if (!isOnRoot) {
    return new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `this chain (spec ${specVersion}) has no call that gives a seat in the senate`,
      { details: 'neither join_senate nor adjust_senate nor root_register', data },
    )
  }
  return new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${specVersion}) gives a seat only at registration on root`,
    {
      details: `${partyName(hotkey)} is on root already, and others with more stake have the seats`,
      data,
    },
  )
}
