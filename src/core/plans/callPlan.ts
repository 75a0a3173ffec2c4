/** Plans of commands that send one call: its fee and cost against the free balance, and what it changes. */
import { readFreeBalance } from '../chain/balances.js'
import type { Call, ChainView } from '../chain/types.js'
import { checkFunds } from './ownHotkey.js'
import type { Effect, Operation, Party, Plan, Planning } from './plan.js'

/** The free balance of who signs, and what else a plan measures. */
export type CallRead<More> = { readonly free: bigint; readonly more: More }

/** A plan of one call. */
export type CallPlan<More = undefined> = Plan<CallRead<More>>

type Part<More> = Pick<Plan, 'facts' | 'notes' | 'risks' | 'question'> &
  Pick<Operation, 'label' | 'netuids' | 'destinations' | 'asked' | 'hashed'> & {
    /** Who signs and pays the fee. */
    readonly signer: Party
    readonly call: Call
    /** RAO that leave besides the fee; none by default, null if the chain decides. */
    readonly cost?: bigint | null
    /** RAO that come back, as far as it can be said before. */
    readonly back?: bigint
    readonly effects?: readonly Effect[]
    readonly measure?: (view: ChainView) => Promise<More>
  }

/**
 * Checks that cost and fee can be paid and makes the plan. A hotkey needs no funds: what it signs is free on most runtimes,
 * and paid by its coldkey on others.
 * @throws {BittensorError} `INSUFFICIENT_BALANCE`
 */
export async function planCall<More = undefined>(
  { client, view, feeOf }: Planning,
  part: Part<More>,
  key: 'coldkey' | 'hotkey' = 'coldkey',
): Promise<CallPlan<More>> {
  const { signer, call, cost = 0n, back = 0n, effects = [], measure, ...rest } = part
  const fee = (await feeOf(call)) ?? 0n
  const free =
    key === 'hotkey'
      ? await readFreeBalance(view, signer.address)
      : await checkFunds(client, view, { wallet: signer, cost: cost ?? 0n, fee })
  const { label, netuids, destinations, asked, hashed, ...shown } = rest
  const after = cost === null ? null : free + back - cost - fee
  return {
    ...shown,
    effects: [
      ...(key === 'hotkey' ? [] : [{ label: freeLabel(signer), before: free, after }]),
      ...effects,
    ],
    operations: [
      {
        label,
        call,
        spendRao: cost,
        ...(netuids ? { netuids } : {}),
        ...(destinations ? { destinations } : {}),
        ...(asked ? { asked } : {}),
        ...(hashed ? { hashed } : {}),
        async measure(at) {
          const [left, more] = await Promise.all([
            readFreeBalance(at, signer.address),
            measure?.(at),
          ])
          return { free: left, more: more as More }
        },
      },
    ],
  }
}

function freeLabel({ name, address }: Party): string {
  return `${name || address}, free`
}

/** The free balance before and after, for the lines after a success. */
export function freeChange(
  signer: Party,
  before: CallRead<unknown>,
  after: CallRead<unknown>,
): Effect {
  return { label: freeLabel(signer), before: before.free, after: after.free }
}
