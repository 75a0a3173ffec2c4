/** What `stake` checks, how much goes to each hotkey, and what it shows before signing. */
import { readBalance } from '../chain/balances.js'
import { readTakeOf } from '../chain/delegates.js'
import { isRegisteredAnywhere } from '../chain/neurons.js'
import { readOwner } from '../chain/stake.js'
import { quoteStake, readPool } from '../chain/swap.js'
import type { AccountBalance, Call, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import type { Rao } from '../units.js'
import { formatTao, rao } from '../units.js'
import { largest, smallest } from './extremes.js'
import type { Fact, Planning } from './plan.js'
import { type Target, targetName } from './plan.js'
import type { Share, Skip, StakePlan, Where } from './stakeFacts.js'
import {
  checkAnyLeft,
  checkBatch,
  operationsOf,
  skipFacts,
  stakeAt,
  stakeEffects,
  subnetOfStake,
} from './stakeFacts.js'
import type { SwapTerms } from './swapTerms.js'
import { checkPrice, isPartial, swapFacts, tradeCall } from './swapTerms.js'
import { checkTrading } from './trading.js'

/** What was asked for. `amount` is for each hotkey. */
export type StakeTerms = SwapTerms & {
  readonly wallet: string
  readonly coldkey: Ss58
  readonly targets: readonly Target[]
  readonly netuid: number | undefined
  readonly wanted: { readonly amount: Rao } | { readonly maxStake: Rao } | 'all'
  readonly split: boolean
  readonly keep: Rao | undefined
  readonly batch: boolean
  /** The hotkeys are to be delegates, which need not be registered. */
  readonly delegates?: true
}

/**
 * Checks a stake and says what it would do.
 * @throws {BittensorError} `NOT_REGISTERED`, `NOT_DELEGATE`, `INSUFFICIENT_BALANCE`, `SLIPPAGE`, `RATE_LIMITED`, `USAGE`
 */
export async function planStake(planning: Planning, terms: StakeTerms): Promise<StakePlan> {
  const { client, view } = planning
  const netuid = subnetOfStake(client, terms.netuid)
  checkUnits(terms, netuid)
  const where: Where = { coldkey: terms.coldkey, netuid }
  const [balance, facts, pool] = await Promise.all([
    readBalance(view, terms.coldkey),
    Promise.all(terms.targets.map((target) => factsOf(view, target, where))),
    netuid === undefined ? undefined : readPool(view, netuid),
    netuid === undefined ? undefined : checkTrading(view, netuid),
  ])
  const skipped: Skip[] = facts.flatMap((fact) => refusal(fact, terms))
  const usable = facts.filter((fact) => !skipped.some(({ target }) => target === fact.target))
  const callOf = (target: Target, amount: bigint) =>
    tradeCall(client, 'stake', { hotkey: target.address, amount, netuid, pool, terms })
  const fee = await feeOfEach(planning, usable, (fact) => callOf(fact.target, balance.free))
  const room = roomOf(balance, client.existentialDeposit, terms.keep)
  const amounts = amountsOf({ usable, terms, room: room - fee * BigInt(usable.length), skipped })
  const shares = await Promise.all(
    amounts.map(
      async ({ fact, amount }): Promise<Share> => ({
        target: fact.target,
        amount,
        stake: fact.stake,
        stakeAfter: fact.stake + (pool ? (await quoteStake(view, pool, rao(amount))).out : amount),
        call: callOf(fact.target, amount),
      }),
    ),
  )
  checkAnyLeft(shares, skipped)
  const total = shares.reduce((sum, { amount }) => sum + amount, 0n)
  const fees = fee * BigInt(shares.length)
  if (total + fees > room) throw notEnough({ terms, balance, total, fees, room })
  if (terms.batch) await checkBatch(view, shares.length)
  const swap = pool && {
    ...({ client, pool, amount: total, direction: 'stake', terms } as const),
    quote: await quoteStake(view, pool, rao(total)),
  }
  checkPrice(swap, shares, terms)
  return {
    ...operationsOf(client, shares, {
      where,
      batch: terms.batch,
      spend: ({ amount }) => amount,
      asked: ({ target, amount }) => ({
        hotkey: target.address,
        amount: terms.wanted === 'all' ? 'all' : amount,
        ...(netuid === undefined ? {} : { netuid }),
      }),
    }),
    skipped,
    facts: [...targetFacts(usable, shares, terms), ...skipFacts(skipped), ...swapFacts(swap)],
    effects: stakeEffects(
      { wallet: terms.wallet, before: balance.free, after: balance.free - total - fees },
      shares,
      netuid,
      swap !== undefined && isPartial(swap),
    ),
    notes:
      terms.wanted === 'all' && terms.keep === undefined
        ? ['only the existential deposit stays free; --keep 0.01 would leave more for fees']
        : [],
    question: questionOf(shares, total),
  }
}

type TargetFact = {
  readonly target: Target
  readonly isRegistered: boolean
  readonly owner: Ss58 | undefined
  /** u16 ratio; undefined for no delegate. */
  readonly take: number | undefined
  readonly stake: bigint
}

/** Stake on a subnet is alpha, which a bound in τ can not be held against. */
function checkUnits({ wanted }: StakeTerms, netuid: number | undefined): void {
  if (wanted === 'all' || !('maxStake' in wanted) || netuid === undefined || netuid === 0) return
  throw new BittensorError('USAGE', `--max_stake is in τ, but stake on subnet ${netuid} is alpha`, {
    hint: 'use --amount, the τ to stake',
  })
}

async function factsOf(view: ChainView, target: Target, where: Where): Promise<TargetFact> {
  const [isRegistered, owner, take, stake] = await Promise.all([
    view.era === 'classic' ? isRegisteredAnywhere(view, target.address) : true,
    readOwner(view, target.address),
    readTakeOf(view, target.address),
    stakeAt(view, target.address, where),
  ])
  return { target, isRegistered, owner, take, stake }
}

/** Why nothing can be staked to a hotkey. On a classic chain it must be registered, and one's own or a delegate. */
function refusal(fact: TargetFact, terms: StakeTerms): Skip[] {
  const { target, owner, take } = fact
  const isNeeded = !(terms.delegates && take !== undefined)
  if ((isNeeded && !fact.isRegistered) || owner === undefined) {
    return [
      {
        target,
        code: 'NOT_REGISTERED',
        reason: 'the hotkey is not registered on any subnet',
        hint: 'btcli recycle_register registers it',
      },
    ]
  }
  const isForeign = owner !== terms.coldkey
  if (isForeign && take === undefined && terms.netuid === undefined) {
    return [
      { target, code: 'NOT_DELEGATE', reason: `the hotkey belongs to ${owner} and is no delegate` },
    ]
  }
  return []
}

/** The fee of one transaction: all are of the same length. */
async function feeOfEach(
  planning: Planning,
  usable: readonly TargetFact[],
  callOf: (fact: TargetFact) => Call,
): Promise<bigint> {
  const [first] = usable
  return (first && (await planning.feeOf(callOf(first)))) ?? 0n
}

/** What may leave the account, fees included. */
function roomOf(balance: AccountBalance, deposit: Rao, keep: Rao | undefined): bigint {
  const floor = largest(balance.frozen, deposit, keep ?? 0n)
  return balance.free > floor ? balance.free - floor : 0n
}

type Amount = { readonly fact: TargetFact; readonly amount: bigint }

function amountsOf(part: {
  readonly usable: readonly TargetFact[]
  readonly terms: StakeTerms
  readonly room: bigint
  readonly skipped: Skip[]
}): Amount[] {
  const { usable, terms, room, skipped } = part
  const { wanted } = terms
  if (wanted === 'all') return allAmounts(usable, terms, room)
  if ('amount' in wanted) return usable.map((fact) => ({ fact, amount: wanted.amount }))
  let left = room
  return usable.flatMap((fact) => {
    const missing = wanted.maxStake - fact.stake
    if (missing <= 0n) {
      const reason = `its stake of τ${formatTao(fact.stake)} is not below --max_stake`
      skipped.push({ target: fact.target, code: undefined, reason })
      return []
    }
    const amount = smallest(missing, left)
    if (amount <= 0n) {
      skipped.push({
        target: fact.target,
        code: 'INSUFFICIENT_BALANCE',
        reason: 'no free balance is left for it',
      })
      return []
    }
    left -= amount
    return [{ fact, amount }]
  })
}

function allAmounts(usable: readonly TargetFact[], terms: StakeTerms, room: bigint): Amount[] {
  if (usable.length > 1 && !terms.split) {
    throw new BittensorError(
      'USAGE',
      `--all with ${usable.length} hotkeys does not say who gets how much`,
      {
        hint: 'add --split to divide it equally, or use --amount or --max_stake',
      },
    )
  }
  const amount = usable.length === 0 || room <= 0n ? 0n : room / BigInt(usable.length)
  if (usable.length > 0 && amount === 0n) {
    throw new BittensorError('INSUFFICIENT_BALANCE', 'there is no free balance to stake', {
      details: `${terms.wallet} has nothing beyond the existential deposit and the fee`,
    })
  }
  return usable.map((fact) => ({ fact, amount }))
}

function notEnough(part: {
  readonly terms: StakeTerms
  readonly balance: AccountBalance
  readonly total: bigint
  readonly fees: bigint
  readonly room: bigint
}): BittensorError {
  const { terms, balance, total, fees, room } = part
  const count = BigInt(Math.max(1, terms.targets.length))
  const most = room > fees ? (room - fees) / count : 0n
  return new BittensorError(
    'INSUFFICIENT_BALANCE',
    `not enough free balance to stake τ${formatTao(total)}`,
    {
      details: `${terms.wallet} has τ${formatTao(balance.free, 'full')} free, of which τ${formatTao(room)} can be used; τ${formatTao(total)} + fee τ${formatTao(fees)} needed`,
      hint: most > 0n ? `stake less: --amount ${formatTao(most)}` : undefined,
      data: { freeRao: balance.free, usableRao: room, amountRao: total, feeRao: fees },
    },
  )
}

function targetFacts(
  usable: readonly TargetFact[],
  shares: readonly Share[],
  terms: StakeTerms,
): Fact[] {
  return shares.map(({ target, amount }) => {
    const fact = usable.find((one) => one.target === target)
    return {
      label: 'to',
      value: { name: target.name, address: target.address },
      note: `τ${formatTao(amount, 'full')}   ${fact ? relation(fact, terms) : ''}`,
    }
  })
}

function relation({ owner, take }: TargetFact, { coldkey }: StakeTerms): string {
  if (owner === coldkey) return 'your own hotkey'
  const share = take === undefined ? '' : `, takes ${((take / 65_535) * 100).toFixed(2)} %`
  return `owned by ${owner}${share}`
}

function questionOf(shares: readonly Share[], total: bigint): string {
  const [first] = shares
  if (shares.length === 1 && first) {
    return `Stake τ${formatTao(total)} to ${targetName(first.target)}?`
  }
  return `Stake τ${formatTao(total)} in all to ${shares.length} hotkeys?`
}
