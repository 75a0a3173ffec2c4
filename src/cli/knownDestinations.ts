/** What this machine knows of a destination before TAO goes there: its name, when it was last paid, what it resembles. */
import {
  bookAddresses,
  findLookalikes,
  type KnownAddress,
  knownDestination,
  paidAddresses,
  readAddressBook,
} from '../core/addressBook.js'
import { paymentsOf } from '../core/callFacts.js'
import type { Risk } from '../core/plans/plan.js'
import type { Context } from './context.js'
import type { Intended } from './guard.js'
import { addressBookPath, journalOf } from './stateFiles.js'

/** For the preview. */
export type DestinationFacts = {
  /** `@exchange · last paid 2025-06-01`, or `new: never paid from this machine`. */
  readonly note: string
  /** Known addresses that begin and end alike. */
  readonly lookalikes: readonly KnownAddress[]
}

/**
 * Reads the book and the journal. `own` are addresses of the user's wallets: they count as known, for comparing.
 * @throws {BittensorError} `USAGE` for a damaged address book, `INTERNAL` for an unreadable journal
 */
export async function destinationFacts(
  ctx: Pick<Context, 'paths' | 'clock'>,
  destination: { readonly address: string; readonly genesisHash: string },
  own: readonly KnownAddress[] = [],
): Promise<DestinationFacts> {
  const { address, genesisHash } = destination
  const [book, { entries }] = await Promise.all([
    readAddressBook(addressBookPath(ctx)),
    journalOf(ctx).read(),
  ])
  const known = knownDestination(address, { book, entries, genesisHash })
  const paid = known?.lastPaid && `last paid ${known.lastPaid.slice(0, 10)}`
  const words = [known?.name, paid ?? 'new: never paid from this machine'].filter((word) => !!word)
  return {
    note: words.join(' · '),
    lookalikes: findLookalikes(address, [
      ...bookAddresses(book),
      ...own,
      ...paidAddresses(entries),
    ]),
  }
}

/**
 * Who would get TAO, stake or power for the first time from this machine, on this chain; the signer itself is not counted.
 * @throws {BittensorError} `USAGE` for a damaged address book, `INTERNAL` for an unreadable journal
 */
export async function newDestinations(
  ctx: Pick<Context, 'paths' | 'clock'>,
  intended: readonly Intended[],
): Promise<readonly string[]> {
  const accounts = new Set<string>(intended.map(({ account }) => account))
  const paid = intended.flatMap((one) =>
    paymentsOf(one).map(({ address }) => ({ address, genesisHash: one.genesisHash })),
  )
  const others = paid.filter(({ address }) => !accounts.has(address))
  if (others.length === 0) return []
  const { entries } = await journalOf(ctx).read()
  const isNew = ({ address, genesisHash }: (typeof others)[number]) =>
    knownDestination(address, { book: [], entries, genesisHash }) === undefined
  return [...new Set(others.filter(isNew).map(({ address }) => address))]
}

/** The question that a lookalike needs; `-y` does not answer it. Undefined where there is none. */
export function lookalikeRisk(facts: DestinationFacts, accepted: boolean): Risk | undefined {
  const [first] = facts.lookalikes
  if (!first) return undefined
  const other = first.name ? `${first.name} (${first.address})` : `${first.address}, paid before`
  return {
    message: `The destination begins and ends like ${other}, but it is another address: thieves make such ones. Is it really the one you mean?`,
    option: '--allow_lookalike',
    accepted,
  }
}
