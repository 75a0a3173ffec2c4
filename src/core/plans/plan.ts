/**
 * What is to be done on a chain, before anything is signed: checked facts, the calls, and what they would change.
 * Plans decide; commands show them and ask, the API carries them out.
 */
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Payment } from '../journal.js'
import type { Ss58 } from '../keys/ss58.js'
import { formatTao, type Rao } from '../units.js'
import { shortAddress } from './texts.js'

/** An account with what it is called. */
export type Party = { readonly name: string; readonly address: Ss58; readonly note?: string }

/** `validator`, or the address of who has no name. */
export function partyName({ name, address }: Pick<Party, 'name' | 'address'>): string {
  return name || address
}

/** A line of the preview: `amount  τ10.500000000`. */
export type Fact = {
  readonly label: string
  readonly value: string | Party
  readonly note?: string
}

/** A balance or stake before and after, in RAO of its token. */
export type Effect = {
  /** `alice`, `stake on miner1`. */
  readonly label: string
  /** Subnet whose alpha it is; τ without. */
  readonly netuid?: number | undefined
  readonly before: bigint
  /** Null if it cannot be said before. */
  readonly after: bigint | null
  readonly note?: string
}

/** Units are part of the number: alpha of a subnet is no τ. */
export function effectAmount({ netuid }: Pick<Effect, 'netuid'>, amount: bigint | null): string {
  if (amount === null) return 'unknown'
  return netuid === undefined || netuid === 0
    ? `τ${formatTao(amount, 'full')}`
    : `${formatTao(amount, 'full')} SN${netuid}`
}

/** A hotkey; `name` is empty for one that is given as an address. */
export type Target = { readonly name: string; readonly address: Ss58 }

/** `miner1 (5F3sa2…utQY)`: a name is a claim, the address stands with it. */
export function targetName({ name, address }: Pick<Party, 'name' | 'address'>): string {
  const short = shortAddress(address)
  return name === '' ? short : `${name} (${short})`
}

/** One transaction of a plan. `Read` is what is measured before and after it. */
export type Operation<Read = unknown> = {
  /** What result lines call it: the hotkey's name, the destination. */
  readonly label: string
  readonly call: Call
  /** The call that a hash in this one stands for, where it is known. */
  readonly hashed?: Call | undefined
  /** RAO that leave, without the fee; null if the chain decides. */
  readonly spendRao: bigint | null
  readonly destinations?: readonly Payment[]
  readonly netuids?: readonly number[]
  /** What was asked for, where the call's arguments differ from run to run: `{ amount: 'all' }`. */
  readonly asked?: Readonly<Record<string, unknown>>
  /** Reads what changes: just before and at the block of inclusion. */
  readonly measure?: (view: ChainView) => Promise<Read>
  /** Blocks that must pass before it may be sent, such as a rate limit leaves. */
  readonly blocksToWait?: (view: ChainView) => Promise<number>
}

/** A question of its own about something risky; `-y` does not answer it, its option does. */
export type Risk = { readonly message: string; readonly option: string; readonly accepted: boolean }

/** What would be done, from the facts of one block. */
export type Plan<Read = unknown> = {
  readonly operations: readonly Operation<Read>[]
  readonly facts: readonly Fact[]
  readonly effects: readonly Effect[]
  readonly notes?: readonly string[]
  readonly risks?: readonly Risk[]
  /** `Send τ10.5 to 5FHn…?` */
  readonly question: string
}

/** What a plan is made from. */
export type Planning = {
  readonly client: ChainClient
  readonly view: ChainView
  /** Fee of a call in RAO. Undefined if the chain gives no estimate; that then needs a confirmation of its own. */
  feeOf(call: Call): Promise<Rao | undefined>
  /** The plan that was confirmed, when planning again because blocks have passed. Throw if it got worse. */
  readonly confirmed: Plan | undefined
}

/** Asks the chain once per call. Without an answer the fee is unknown, which a person has to accept. */
export function feeReader(
  client: ChainClient,
  signer: Ss58,
): (call: Call) => Promise<Rao | undefined> {
  const known = new Map<string, Promise<Rao | undefined>>()
  const read = async (call: Call) => {
    const { estimateFee } = await import('../chain/sign.js')
    try {
      return await estimateFee(client, call, signer)
    } catch (error) {
      if (error instanceof BittensorError && error.code !== 'INTERRUPTED') return undefined
      throw error
    }
  }
  return (call) => {
    const fee = known.get(call.data) ?? read(call)
    known.set(call.data, fee)
    return fee
  }
}
