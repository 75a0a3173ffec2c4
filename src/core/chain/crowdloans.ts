/** Crowdloans: τ that many give for one purpose (pallet Crowdloan, dTAO runtimes since mid-2025). */
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type Rao, rao } from '../units.js'
import type { Capabilities, ChainValue, ChainView } from './types.js'
import { asAddress, asBigint, asBoolean, asNumber, asRecord } from './values.js'

/** One crowdloan (`Crowdloan.Crowdloans`). */
export type Crowdloan = {
  readonly id: number
  readonly creator: Ss58
  /** What the creator put in, part of `raised`; stays until the end. */
  readonly deposit: Rao
  /** The least that one may give at a time. */
  readonly minContribution: Rao
  /** From this block on nothing can be given. */
  readonly end: number
  /** No more than this is taken. */
  readonly cap: Rao
  readonly raised: Rao
  /** Who gets the money; undefined if the call decides, which is made when all is raised. */
  readonly target: Ss58 | undefined
  /** Whether a call is made when all is raised. */
  readonly hasCall: boolean
  readonly finalized: boolean
  /** Undefined where the runtime does not count. */
  readonly contributors: number | undefined
}

/** What came of a crowdloan so far. `failed`: time is over and too little was given; everybody can have it back. */
export type CrowdloanState = 'open' | 'raised' | 'failed' | 'finalized'

/** @param next the block in which a call would be judged */
export function stateOf({ finalized, raised, cap, end }: Crowdloan, next: number): CrowdloanState {
  if (finalized) return 'finalized'
  if (raised >= cap) return 'raised'
  return next < end ? 'open' : 'failed'
}

/** @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes without crowdloans */
function requireCrowdloans(chain: Capabilities & { readonly specVersion: number }): void {
  if (chain.hasPallet('Crowdloan')) return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${chain.specVersion}) has no crowdloans`,
    { details: 'those came in mid-2025', data: { specVersion: chain.specVersion } },
  )
}

/** All crowdloans that were not dissolved, the oldest first. @throws {BittensorError} `RUNTIME_UNSUPPORTED` */
export async function readCrowdloans(view: ChainView): Promise<readonly Crowdloan[]> {
  requireCrowdloans(view)
  const entries = await view.entries('Crowdloan', 'Crowdloans')
  return entries
    .map(({ keys, value }) => crowdloanOf(asNumber(keys[0]), value))
    .sort((a, b) => a.id - b.id)
}

/** One of them. @throws {BittensorError} `RUNTIME_UNSUPPORTED`; `USAGE` when there is none of this number */
export async function readCrowdloan(view: ChainView, id: number): Promise<Crowdloan> {
  requireCrowdloans(view)
  const value = await view.readStored('Crowdloan', 'Crowdloans', id)
  if (value !== undefined) return crowdloanOf(id, value)
  throw new BittensorError('USAGE', `there is no crowdloan ${id}`, {
    hint: 'btcli crowdloan_list shows all',
    data: { crowdloan: id },
  })
}

function crowdloanOf(id: number, value: ChainValue): Crowdloan {
  const fields = asRecord(value)
  const { target_address: target, contributors_count: contributors } = fields
  const amount = (name: string) => rao(asBigint(fields[name]))
  return {
    id,
    creator: asAddress(fields['creator']),
    deposit: amount('deposit'),
    minContribution: amount('min_contribution'),
    end: asNumber(fields['end']),
    cap: amount('cap'),
    raised: amount('raised'),
    target: target === undefined ? undefined : asAddress(target),
    hasCall: fields['call'] !== undefined,
    finalized: asBoolean(fields['finalized']),
    contributors: contributors === undefined ? undefined : asNumber(contributors),
  }
}

/** What an account gave (`Crowdloan.Contributions`), the deposit of the creator included. */
export async function readContribution(view: ChainView, id: number, account: Ss58): Promise<Rao> {
  requireCrowdloans(view)
  const value = await view.readStored('Crowdloan', 'Contributions', id, account)
  return rao(value === undefined ? 0n : asBigint(value))
}

/** What one account gave. */
export type Contribution = { readonly account: Ss58; readonly amount: Rao }

/** Who gave how much, the most first. */
export async function readContributions(
  view: ChainView,
  id: number,
): Promise<readonly Contribution[]> {
  requireCrowdloans(view)
  const entries = await view.entries('Crowdloan', 'Contributions', id)
  return entries
    .map(({ keys, value }) => ({ account: asAddress(keys.at(-1)), amount: rao(asBigint(value)) }))
    .sort((a, b) => (a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1))
}
