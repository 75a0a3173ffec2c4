/** What `nominate` checks, and what it shows before signing. */
import { buildCall, nominateCall } from '../chain/calls.js'
import { readTakeOf } from '../chain/delegates.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { U16_MAX } from '../units.js'
import { checkFunds, checkOwned, checkTxRate } from './ownHotkey.js'
import type { Operation, Party, Plan, Planning } from './plan.js'
import { blocksToWait } from './stakeFacts.js'
import { takeText } from './texts.js'

/** What was asked for. */
export type NominateTerms = {
  readonly wallet: Party
  readonly hotkey: Party
  /** u16 ratio; undefined for the chain's own choice. */
  readonly take: number | undefined
}

/** The take of the hotkey; undefined while it is no delegate. */
export type NominateRead = { readonly take: number | undefined }

export type NominatePlan = Plan<NominateRead> & {
  /** The take that will apply; undefined if the chain does not tell. */
  readonly take: number | undefined
}

const MODULE = 'SubtensorModule'

/**
 * Checks a nomination and says what it would do; without operations if the hotkey is a delegate with that take.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE` for a take out of range, `NOT_REGISTERED`, `KEYFILE`,
 * `RATE_LIMITED`, `INSUFFICIENT_BALANCE`
 */
export async function planNominate(
  { client, view, feeOf }: Planning,
  terms: NominateTerms,
): Promise<NominatePlan> {
  const { wallet, hotkey } = terms
  const [now, initial] = await Promise.all([
    readTakeOf(view, hotkey.address),
    defaultTake(view),
    checkOwned(view, wallet, hotkey),
  ])
  if (terms.take !== undefined) await checkTakeRange(view, terms.take)
  const calls = callsOf(client, terms, now, initial)
  const take = terms.take ?? now ?? initial
  const fees = await Promise.all(calls.map(feeOf))
  const fee = fees.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n)
  const free = await checkFunds(client, view, { wallet, cost: 0n, fee })
  if (calls.length > 0) await checkTxRate(client, view, wallet)
  return {
    take,
    operations: calls.map((call) => operationOf(call, terms)),
    facts: [
      { label: 'hotkey', value: hotkey, note: 'your own hotkey' },
      {
        label: 'take',
        value: take === undefined ? 'set by the chain' : takeText(take),
        note: takeNote(now, terms),
      },
    ],
    effects: [{ label: `${wallet.name}, free`, before: free, after: free - fee }],
    question:
      now === undefined
        ? `Make ${hotkey.name || hotkey.address} a delegate?`
        : `Change the take of ${hotkey.name || hotkey.address} to ${takeText(take ?? 0)}?`,
  }
}

function takeNote(now: number | undefined, { take }: NominateTerms): string {
  if (now !== undefined) return `now ${takeText(now)}`
  return take === undefined ? 'the default of this chain' : 'as asked for'
}

function operationOf(call: Call, { wallet, hotkey, take }: NominateTerms): Operation<NominateRead> {
  return {
    label: `${call.name} ${hotkey.name || hotkey.address}`,
    call,
    spendRao: 0n,
    asked: { hotkey: hotkey.address, take: take ?? null, call: call.name },
    measure: async (at) => ({ take: await readTakeOf(at, hotkey.address) }),
    blocksToWait: (at) => blocksToWait(at, wallet.address),
  }
}

/** Becoming a delegate comes with a take; another one is set afterwards, where the runtime can. */
function callsOf(
  client: ChainClient,
  { hotkey, take }: NominateTerms,
  now: number | undefined,
  initial: number | undefined,
): Call[] {
  const args = client.callArgs(MODULE, 'become_delegate')
  if (now === undefined && take !== undefined && args?.includes('take')) {
    return [buildCall(client, MODULE, 'become_delegate', { hotkey: hotkey.address, take })]
  }
  const first = now === undefined ? [nominateCall(client, { hotkey: hotkey.address })] : []
  const current = now ?? initial
  if (take === undefined || take === current) return first
  const name = current !== undefined && take > current ? 'increase_take' : 'decrease_take'
  if (!client.hasCall(MODULE, name)) throw fixedTake(client, current)
  return [...first, buildCall(client, MODULE, name, { hotkey: hotkey.address, take })]
}

function fixedTake({ specVersion }: ChainClient, take: number | undefined): BittensorError {
  return new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `the take cannot be chosen on this chain (spec ${specVersion})`,
    {
      details: take === undefined ? undefined : `every delegate takes ${takeText(take)}`,
      hint: 'leave out --take',
      data: { specVersion },
    },
  )
}

/** What a new delegate takes: a default that later became the maximum. */
async function defaultTake(view: ChainView): Promise<number | undefined> {
  const item = ['DefaultTake', 'MaxTake', 'MaxDelegateTake'].find((name) =>
    view.hasStorage(MODULE, name),
  )
  if (item !== undefined) return Number(await view.read(MODULE, item))
  const initial = view.constant(MODULE, 'InitialDefaultTake')
  return initial === undefined ? undefined : Number(initial)
}

/** @throws {BittensorError} `USAGE` for a take outside of what the chain allows */
export async function checkTakeRange(view: ChainView, take: number): Promise<void> {
  const limit = async (names: readonly string[], otherwise: number) => {
    const item = names.find((name) => view.hasStorage(MODULE, name))
    return item === undefined ? otherwise : Number(await view.read(MODULE, item))
  }
  const [least, most] = await Promise.all([
    limit(['MinDelegateTake', 'MinTake'], 0),
    limit(['MaxDelegateTake', 'MaxTake'], U16_MAX),
  ])
  if (take >= least && take <= most) return
  throw new BittensorError('USAGE', `--take must be from ${takeText(least)} to ${takeText(most)}`, {
    data: { take, least, most },
  })
}
