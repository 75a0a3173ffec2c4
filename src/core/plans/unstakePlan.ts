/** What `unstake` checks, how much comes from each hotkey, and what it shows before signing. */
import { readBalance } from '../chain/balances.js'
import { readTakeOf } from '../chain/delegates.js'
import { readOwner } from '../chain/stake.js'
import { quoteUnstake, readPool } from '../chain/swap.js'
import type { AccountBalance, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { alphaRao, formatTao } from '../units.js'
import type { Planning } from './plan.js'
import { effectAmount, type Fact, type Target, targetName } from './plan.js'
import type { Share, Skip, StakePlan, Where } from './stakeFacts.js'
import {
  blocksOnRoot,
  checkAnyLeft,
  checkBatch,
  heldReason,
  operationsOf,
  skipFacts,
  stakeAt,
  stakeEffects,
  subnetOfStake,
} from './stakeFacts.js'
import type { SwapTerms } from './swapTerms.js'
import { checkPrice, isPartial, swapFacts, tradeCall } from './swapTerms.js'
import { checkTrading } from './trading.js'

/** What was asked for, for each hotkey: amounts are RAO, of alpha on a dTAO chain. */
export type UnstakeTerms = SwapTerms & {
  readonly wallet: string
  readonly coldkey: Ss58
  readonly targets: readonly Target[]
  readonly netuid: number | undefined
  readonly wanted: { readonly amount: bigint } | { readonly leave: bigint } | 'all'
  readonly batch: boolean
}

/**
 * Checks an unstake and says what it would do.
 * @throws {BittensorError} `INSUFFICIENT_STAKE`, `INSUFFICIENT_BALANCE` for the fee, `NOT_DELEGATE`, `SLIPPAGE`, `RATE_LIMITED`
 */
export async function planUnstake(planning: Planning, terms: UnstakeTerms): Promise<StakePlan> {
  const { client, view } = planning
  const where: Where = { coldkey: terms.coldkey, netuid: subnetOfStake(client, terms.netuid) }
  const [balance, facts, pool] = await Promise.all([
    readBalance(view, terms.coldkey),
    Promise.all(terms.targets.map((target) => factsOf(view, target, where))),
    where.netuid === undefined ? undefined : readPool(view, where.netuid),
    where.netuid === undefined ? undefined : checkTrading(view, where.netuid),
  ])
  const choices = facts.map((fact) => choose(fact, terms, where))
  const skipped = choices.flatMap((choice) => ('reason' in choice ? [choice] : []))
  const chosen = choices.flatMap((choice) => ('reason' in choice ? [] : [choice]))
  checkAnyLeft(chosen, skipped)
  const shares = chosen.map(
    (choice): Share => ({
      ...choice,
      stakeAfter: choice.stake - choice.amount,
      call: tradeCall(client, 'unstake', {
        hotkey: choice.target.address,
        amount: choice.amount,
        netuid: where.netuid,
        pool,
        terms,
      }),
    }),
  )
  const total = shares.reduce((sum, { amount }) => sum + amount, 0n)
  const fees = await sumOfFees(planning, shares)
  checkFee(balance, fees, terms)
  if (terms.batch) await checkBatch(view, shares.length)
  const swap = pool && {
    ...({ client, pool, amount: total, direction: 'unstake', terms } as const),
    quote: await quoteUnstake(view, pool, alphaRao(total)),
  }
  checkPrice(swap, shares, terms)
  const back = swap ? swap.quote.out : total
  return {
    ...operationsOf(client, shares, {
      where,
      batch: terms.batch,
      spend: () => 0n,
      asked: ({ target, amount }) => ({
        hotkey: target.address,
        amount: terms.wanted === 'all' ? 'all' : amount,
        ...(where.netuid === undefined ? {} : { netuid: where.netuid }),
      }),
    }),
    skipped,
    facts: [
      ...shares.map((share): Fact => fromFact(share, where)),
      ...skipFacts(skipped),
      ...swapFacts(swap),
    ],
    effects: stakeEffects(
      { wallet: terms.wallet, before: balance.free, after: balance.free + back - fees },
      shares,
      where.netuid,
      swap !== undefined && isPartial(swap),
    ),
    question: questionOf(shares, effectAmount(where, total)),
  }
}

type UnstakeFact = {
  readonly target: Target
  readonly owner: Ss58 | undefined
  readonly isDelegate: boolean
  readonly stake: bigint
  /** Blocks for which it can not leave root. */
  readonly held: number
}

async function factsOf(view: ChainView, target: Target, where: Where): Promise<UnstakeFact> {
  const [owner, take, stake, held] = await Promise.all([
    readOwner(view, target.address),
    readTakeOf(view, target.address),
    stakeAt(view, target.address, where),
    blocksOnRoot(view, target.address, where),
  ])
  return { target, owner, isDelegate: take !== undefined, stake, held }
}

type Chosen = { readonly target: Target; readonly stake: bigint; readonly amount: bigint }

/** How much comes from a hotkey, or why nothing does. Registration is not needed to take stake back. */
function choose(fact: UnstakeFact, terms: UnstakeTerms, where: Where): Chosen | Skip {
  const { target, stake } = fact
  const { wanted } = terms
  if (stake === 0n) {
    const reason = 'you have no stake there'
    const hint = 'btcli stake_list shows where you have'
    return { target, code: 'INSUFFICIENT_STAKE', reason, hint }
  }
  const isForeign = fact.owner !== undefined && fact.owner !== terms.coldkey
  if (isForeign && !fact.isDelegate && where.netuid === undefined) {
    const reason = `the hotkey belongs to ${fact.owner} and is no delegate`
    return { target, code: 'NOT_DELEGATE', reason }
  }
  if (fact.held > 0) {
    return { target, code: 'RATE_LIMITED', reason: heldReason(fact.held) }
  }
  if (wanted === 'all') return { target, stake, amount: stake }
  const has = `your stake there is ${effectAmount(where, stake)}`
  if ('leave' in wanted) {
    if (stake > wanted.leave) return { target, stake, amount: stake - wanted.leave }
    return { target, code: undefined, reason: `${has}, not above --max_stake` }
  }
  if (wanted.amount <= stake) return { target, stake, amount: wanted.amount }
  return {
    target,
    code: 'INSUFFICIENT_STAKE',
    reason: `${has}, less than ${effectAmount(where, wanted.amount)}`,
    hint: '--all takes all of it',
  }
}

async function sumOfFees(planning: Planning, shares: readonly Share[]): Promise<bigint> {
  const fees = await Promise.all(shares.map(({ call }) => planning.feeOf(call)))
  return fees.reduce<bigint>((sum, fee) => sum + (fee ?? 0n), 0n)
}

/** The fee is taken from the free balance before the stake comes back. */
function checkFee(balance: AccountBalance, fees: bigint, terms: UnstakeTerms): void {
  if (fees <= balance.free) return
  throw new BittensorError('INSUFFICIENT_BALANCE', 'not enough free balance for the fee', {
    details: `${terms.wallet} has τ${formatTao(balance.free, 'full')} free; fee τ${formatTao(fees)} needed`,
    data: { freeRao: balance.free, feeRao: fees },
  })
}

function fromFact({ target, amount, stake }: Share, where: Where): Fact {
  const note =
    amount === stake ? `${effectAmount(where, amount)}   all of it` : effectAmount(where, amount)
  return { label: 'hotkey', value: { name: target.name, address: target.address }, note }
}

function questionOf(shares: readonly Share[], total: string): string {
  const [first] = shares
  if (shares.length === 1 && first) return `Unstake ${total} from ${targetName(first.target)}?`
  return `Unstake ${total} in all from ${shares.length} hotkeys?`
}
