/** What `set_take` checks, and what it shows before signing. */
import { buildCall } from '../chain/calls.js'
import { readTakeOf } from '../chain/delegates.js'
import type { ChainView } from '../chain/types.js'
import { asNumber } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import { type CallPlan, planCall } from './callPlan.js'
import { checkTakeRange } from './nominatePlan.js'
import { checkOwned, rateLimit } from './ownHotkey.js'
import { type Party, type Planning, partyName } from './plan.js'
import { takeText } from './texts.js'

const MODULE = 'SubtensorModule'

export type TakeTerms = {
  readonly wallet: Party
  readonly hotkey: Party
  /** u16 ratio. */
  readonly take: number
}

/** The take, u16 ratio. */
export type TakePlan = CallPlan<number>

/**
 * The take that applies to a hotkey, u16: its own, else the default of `Delegates`.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readAppliedTake(view: ChainView, hotkey: Party): Promise<number> {
  return asNumber(await view.read(MODULE, 'Delegates', hotkey.address))
}

/**
 * Checks a new take and says what it would do. Raising it is possible once in a while only, lowering it at any time.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE`, `DUPLICATE` if it is so already, `NOT_REGISTERED`, `KEYFILE`, `RATE_LIMITED`, `INSUFFICIENT_BALANCE`
 */
export async function planTake(planning: Planning, terms: TakeTerms): Promise<TakePlan> {
  const { client, view } = planning
  const { wallet, hotkey, take } = terms
  const [now, stored] = await Promise.all([
    readAppliedTake(view, hotkey),
    readTakeOf(view, hotkey.address),
    checkOwned(view, wallet, hotkey),
  ])
  const isRaise = take > now
  const call = buildCall(client, MODULE, isRaise ? 'increase_take' : 'decrease_take', {
    hotkey: hotkey.address,
    take,
  })
  await checkTakeRange(view, take)
  if (take === stored) {
    throw new BittensorError(
      'DUPLICATE',
      `the take of ${partyName(hotkey)} is ${takeText(take)} already`,
    )
  }
  if (isRaise) await checkRate(planning, hotkey)
  return planCall<number>(planning, {
    signer: wallet,
    call,
    label: `take of ${partyName(hotkey)}`,
    measure: (at) => readAppliedTake(at, hotkey),
    facts: [
      { label: 'hotkey', value: hotkey, note: 'your own hotkey' },
      { label: 'take', value: takeText(take), note: `now ${takeText(now)}` },
    ],
    question: `Change the take of ${partyName(hotkey)} to ${takeText(take)}?`,
  })
}

async function checkRate({ client, view }: Planning, hotkey: Party): Promise<void> {
  const [limit, last] = await Promise.all([
    view.read(MODULE, 'TxDelegateTakeRateLimit'),
    view.read(MODULE, 'LastTxBlockDelegateTake', hotkey.address),
  ])
  const block = asNumber(last)
  const left = block + asNumber(limit) - (view.block.number + 1)
  if (block === 0 || asNumber(limit) === 0 || left <= 0) return
  throw rateLimit(client, left, `the take was changed in block ${block}`)
}
