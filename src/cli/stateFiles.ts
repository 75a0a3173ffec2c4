/** Where btcli keeps what protects the user's money: beside the wallets, so that one folder holds all that matters. */
import { join } from 'node:path'
import { type Journal, openJournal } from '../core/journal.js'
import type { Context } from './context.js'

type Needed = Pick<Context, 'paths' | 'clock'>

/** `~/.bittensor` */
export function stateFolder({ paths }: Pick<Context, 'paths'>): string {
  return join(paths.home, '.bittensor')
}

/** Folder of the journal and of the locks. */
export function historyFolder(ctx: Pick<Context, 'paths'>): string {
  return join(stateFolder(ctx), 'history')
}

/** The journal of this user. */
export function journalOf(ctx: Needed): Journal {
  return openJournal({ directory: historyFolder(ctx), now: () => ctx.clock.now() })
}

/** The address book of this user. */
export function addressBookPath(ctx: Pick<Context, 'paths'>): string {
  return join(stateFolder(ctx), 'addresses.json')
}
