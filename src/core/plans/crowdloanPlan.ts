/** What `crowdloan_contribute` and `crowdloan_withdraw` check, and what they show before signing. */
import { buildCall } from '../chain/calls.js'
import {
  type Crowdloan,
  type CrowdloanState,
  readContribution,
  readCrowdloan,
  stateOf,
} from '../chain/crowdloans.js'
import type { ChainClient, ChainView } from '../chain/types.js'
import { asBigint } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import { formatTao, type Rao, rao } from '../units.js'
import { type CallPlan, planCall } from './callPlan.js'
import { largest, smallest } from './extremes.js'
import type { Fact, Party, Planning } from './plan.js'
import { blocksAsTime } from './texts.js'

/** What the wallet gave to the crowdloan. */
export type CrowdloanPlan = CallPlan<Rao> & {
  readonly crowdloan: Crowdloan
  /** RAO that go in, or come back. */
  readonly amount: Rao
}

/**
 * Gives τ to a crowdloan (`Crowdloan.contribute`). More than is missing is not taken.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` · `USAGE` for a crowdloan that takes nothing any more · `BAD_AMOUNT` below the
 * minimum · `INSUFFICIENT_BALANCE`
 */
export async function planContribute(
  planning: Planning,
  terms: { readonly wallet: Party; readonly id: number; readonly amount: Rao },
): Promise<CrowdloanPlan> {
  const { client, view } = planning
  const { wallet, id, amount } = terms
  const crowdloan = await readCrowdloan(view, id)
  const given = await readContribution(view, id, wallet.address)
  const { cap, raised, minContribution } = crowdloan
  const state = stateOf(crowdloan, view.block.number + 1)
  if (state !== 'open') {
    throw new BittensorError('USAGE', `crowdloan ${id} takes nothing any more`, {
      details: CLOSED[state],
      data: { crowdloan: id, state },
    })
  }
  if (amount < minContribution) {
    throw new BittensorError(
      'BAD_AMOUNT',
      `crowdloan ${id} takes τ${formatTao(minContribution)} or more at a time`,
      { data: { minContributionRao: minContribution } },
    )
  }
  checkRoom(client, crowdloan)
  const most = await mostOfEach(view, crowdloan, given)
  const taken = rao(smallest(amount, cap - raised, most ?? amount))
  // No more than what is shown, even if others withdraw meanwhile; the chain compares its minimum with what is offered.
  const offered = largest(taken, minContribution)
  const call = buildCall(client, 'Crowdloan', 'contribute', { crowdloan_id: id, amount: offered })
  const plan = await planCall<Rao>(planning, {
    signer: wallet,
    call,
    cost: taken,
    label: `crowdloan ${id}`,
    measure: (at) => readContribution(at, id, wallet.address),
    facts: [
      ...crowdloanFacts(planning, crowdloan),
      {
        label: 'you give',
        value: `τ${formatTao(taken, 'full')}`,
        ...(taken < amount
          ? {
              note: `of τ${formatTao(amount)}: ${taken === most ? 'no more is taken from one account' : 'no more is missing'}`,
            }
          : {}),
      },
    ],
    effects: [{ label: 'given by you', before: given, after: given + taken }],
    notes: ['until it is finalized you can withdraw; afterwards the money is gone for its purpose'],
    question: `Give τ${formatTao(taken)} to crowdloan ${id}?`,
  })
  return { ...plan, crowdloan, amount: taken }
}

/**
 * Takes back what the wallet gave (`Crowdloan.withdraw`); the creator's deposit stays.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` · `USAGE` for a finalized crowdloan, or where nothing of the wallet is in it
 */
export async function planWithdraw(
  planning: Planning,
  { wallet, id }: { readonly wallet: Party; readonly id: number },
): Promise<CrowdloanPlan> {
  const { client, view } = planning
  const crowdloan = await readCrowdloan(view, id)
  const given = await readContribution(view, id, wallet.address)
  if (crowdloan.finalized) {
    throw new BittensorError('USAGE', `nothing comes back from crowdloan ${id}`, {
      details: CLOSED.finalized,
    })
  }
  const isCreator = crowdloan.creator === wallet.address
  const stays = isCreator ? crowdloan.deposit : 0n
  if (given <= stays) {
    throw new BittensorError(
      'USAGE',
      `${wallet.name} has nothing to withdraw from crowdloan ${id}`,
      {
        details: isCreator
          ? `the deposit of τ${formatTao(crowdloan.deposit)} stays until it is dissolved`
          : 'it gave nothing',
      },
    )
  }
  const amount = rao(given - stays)
  const plan = await planCall<Rao>(planning, {
    signer: wallet,
    call: buildCall(client, 'Crowdloan', 'withdraw', { crowdloan_id: id }),
    back: amount,
    label: `crowdloan ${id}`,
    measure: (at) => readContribution(at, id, wallet.address),
    facts: [
      ...crowdloanFacts(planning, crowdloan),
      {
        label: 'you get',
        value: `τ${formatTao(amount, 'full')}`,
        ...(isCreator ? { note: 'the deposit stays' } : {}),
      },
    ],
    effects: [{ label: 'given by you', before: given, after: stays }],
    question: `Withdraw τ${formatTao(amount)} from crowdloan ${id}?`,
  })
  return { ...plan, crowdloan, amount }
}

const CLOSED: Readonly<Record<Exclude<CrowdloanState, 'open'>, string>> = {
  finalized: 'it is finalized: the money went where it was raised for',
  raised: 'all that it asked for is there',
  failed: 'its time is over; crowdloan_withdraw takes back what you gave',
}

/**
 * What the wallet may still give, where its creator has set a limit for each contributor (`Crowdloan.MaxContributions`, since 2026).
 * @throws {BittensorError} `USAGE` when it is reached
 */
async function mostOfEach(
  view: ChainView,
  { id }: Crowdloan,
  given: Rao,
): Promise<bigint | undefined> {
  if (!view.hasStorage('Crowdloan', 'MaxContributions')) return undefined
  const limit = await view.readStored('Crowdloan', 'MaxContributions', id)
  if (limit === undefined) return undefined
  const left = asBigint(limit) - given
  if (left > 0n) return left
  throw new BittensorError('USAGE', `crowdloan ${id} takes no more from you`, {
    details: `you gave τ${formatTao(given, 'full')}, its creator allows τ${formatTao(asBigint(limit), 'full')} each`,
  })
}

function checkRoom(client: ChainClient, { id, contributors }: Crowdloan): void {
  const most = client.constant('Crowdloan', 'MaxContributors')
  if (most === undefined || contributors === undefined || contributors < Number(most)) return
  throw new BittensorError(
    'USAGE',
    `crowdloan ${id} has ${contributors} contributors, and no more can join`,
  )
}

function crowdloanFacts(
  { client, view }: Planning,
  { id, creator, raised, cap, end, target, hasCall }: Crowdloan,
): Fact[] {
  const left = end - view.block.number
  return [
    { label: 'crowdloan', value: `${id}` },
    { label: 'created by', value: { name: '', address: creator } },
    ...(target === undefined
      ? []
      : [{ label: 'money goes to', value: { name: '', address: target } }]),
    ...(hasCall ? [{ label: 'then', value: 'a call is made when all is raised' }] : []),
    { label: 'raised', value: `τ${formatTao(raised)} of τ${formatTao(cap)}` },
    {
      label: 'ends',
      value: `in block ${end}`,
      note: left > 0 ? blocksAsTime(left, client.blockTimeMs) : 'it is over',
    },
  ]
}
