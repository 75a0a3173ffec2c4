/** Which delegate is meant: an address, a name that only one delegate has, or a choice from a list. */

import { looksLikeAddress } from '../core/addressText.js'
import { readDelegated, readDelegates } from '../core/chain/delegates.js'
import { readOwner } from '../core/chain/stake.js'
import type { Delegate } from '../core/chain/types.js'
import { closest } from '../core/closest.js'
import type { DelegateNames } from '../core/delegateNames.js'
import { BittensorError } from '../core/errors.js'
import { parseAccount, type Ss58 } from '../core/keys/ss58.js'
import type { Target } from '../core/plans/plan.js'
import { shortAddress, takeText } from '../core/plans/texts.js'
import { openWallet } from '../core/wallet/wallet.js'
import { bookAddress } from './bookNames.js'
import type { Context } from './context.js'
import type { Ask, Choice, SoFar } from './define.js'
import { option } from './define.js'
import { dailyPerKtao } from './delegateFigures.js'
import { delegateNames } from './delegateNames.js'
import { type Destination, parseDestination, resolveDestination } from './destination.js'
import { taoFixed } from './numbers.js'
import { widthOf } from './text.js'

/** How a delegate may be written. */
export type DelegateRef = Destination | { readonly kind: 'name'; readonly name: string }

const common = {
  flags: '--delegate_ss58key, --delegate_ss58, --delegate <ss58|name>',
  address: 'hotkey',
  parse: parseDelegate,
} as const

/** The delegate to stake to; on a terminal chosen from all of them. */
export const delegateToStake = option({
  ...common,
  description: 'delegate by address, or by a name that no other delegate has',
  ask: askDelegate,
})

/** The delegate to take stake from; on a terminal chosen from those where there is some. */
export const delegateToUnstake = option({
  ...common,
  description: 'delegate by address, or by a name that no other delegate has',
  ask: askMyDelegate,
})

/**
 * Reads a delegate: ss58, public key, `wallet:alice/miner1`, a name of the address book, or a registered name.
 * @throws {BittensorError} `BAD_ADDRESS`
 */
export function parseDelegate(text: string): DelegateRef {
  if (/^(wallet:|@)/.test(text)) return parseDestination(text)
  if (looksLikeAddress(text)) return { kind: 'address', address: parseAccount(text).address }
  return { kind: 'name', name: text }
}

/**
 * The hotkey of a delegate and its name. Whether it is a delegate is for the plan to check.
 * @throws {BittensorError} `NOT_DELEGATE` for a name that nobody has, `USAGE` for one that several have, `BAD_ADDRESS` for one
 * that the address book has for another account
 */
export async function resolveDelegate(ctx: Context, ref: DelegateRef): Promise<Target> {
  if (ref.kind === 'name') return byName(ctx, ref.name, await bookAddress(ctx, ref.name))
  const party = await resolveDestination(ctx, ref)
  if (party.name !== '') return party
  const owner = await readOwner(await ctx.head(), party.address)
  const names = await delegateNames(ctx, [{ hotkey: party.address, owner }])
  return { name: names.get(party.address)?.name ?? '', address: party.address }
}

/** Anybody may register a name: where the address book has it too, for another account, the person has to say which. */
async function byName(ctx: Context, name: string, own: Ss58 | undefined): Promise<Target> {
  const delegates = await readDelegates(await ctx.head())
  const names = await delegateNames(ctx, delegates)
  const same = (text: string | undefined) => text?.toLowerCase() === name.toLowerCase()
  const found = delegates.filter(({ hotkey }) => same(names.get(hotkey)?.name))
  const [first] = found
  if (own && found.every(({ hotkey }) => hotkey === own)) {
    return { name: names.get(own)?.name ?? `@${name}`, address: own }
  }
  if (own) {
    throw new BittensorError(
      'BAD_ADDRESS',
      `\`${name}\` is a delegate and a name of the address book`,
      {
        details: found.map(({ hotkey }) => hotkey).join('\n'),
        hint: `write @${name} for ${own}, or the address of the delegate`,
      },
    )
  }
  if (first && found.length === 1) {
    return { name: names.get(first.hotkey)?.name ?? name, address: first.hotkey }
  }
  if (found.length > 1) {
    throw new BittensorError('USAGE', `${found.length} delegates call themselves \`${name}\``, {
      details: found.map(({ hotkey }) => hotkey).join('\n'),
      hint: 'give the address of the one you mean',
    })
  }
  const known = delegates.flatMap(({ hotkey }) => names.get(hotkey)?.name ?? [])
  const near = closest(name, known)
  throw new BittensorError('NOT_DELEGATE', `there is no delegate \`${name}\``, {
    hint:
      near.length > 0
        ? `did you mean ${near.map((one) => `\`${one}\``).join(' or ')}?`
        : 'btcli list_delegates shows them all',
    data: { name, suggestions: near },
  })
}

async function askDelegate(ctx: Context): Promise<Ask> {
  const view = await ctx.head()
  const delegates = await ctx.progress('Reading delegates', () => readDelegates(view))
  if (delegates.length === 0) {
    throw new BittensorError('NOT_DELEGATE', `there are no delegates on ${view.network}`)
  }
  const names = await delegateNames(ctx, delegates)
  const rows = byStake(delegates).map((delegate, index) => ({
    hotkey: delegate.hotkey,
    cells: [
      `${index}`,
      names.get(delegate.hotkey)?.name ?? '',
      shortAddress(delegate.hotkey),
      `τ${taoFixed(delegate.totalStake, 2)}`,
      takeText(delegate.take),
      `${taoFixed(dailyPerKtao(delegate) ?? 0n, 4)} 24h/kτ`,
    ],
  }))
  return {
    message: 'Delegate to (--delegate_ss58key; type to search)',
    choices: choices(rows, names),
  }
}

async function askMyDelegate(ctx: Context, soFar: SoFar): Promise<Ask> {
  const wallet = openWallet({ root: ctx.paths.wallets, name: String(soFar['walletName']) })
  const view = await ctx.head()
  const mine = await readDelegated(view, await wallet.coldkeypubAddress())
  if (mine.length === 0) {
    throw new BittensorError('INSUFFICIENT_STAKE', `${wallet.name} has no stake with any delegate`)
  }
  const delegates = mine.map(({ delegate }) => delegate)
  const names = await delegateNames(ctx, delegates)
  const rows = mine
    .toSorted((a, b) => (a.stake < b.stake ? 1 : -1))
    .map(({ delegate, stake }, index) => ({
      hotkey: delegate.hotkey,
      cells: [
        `${index}`,
        names.get(delegate.hotkey)?.name ?? '',
        shortAddress(delegate.hotkey),
        `your stake τ${taoFixed(stake, 5)}`,
      ],
    }))
  return {
    message: 'Take stake from (--delegate_ss58key; type to search)',
    choices: choices(rows, names),
  }
}

/** Most stake first. */
export function byStake(delegates: readonly Delegate[]): Delegate[] {
  return delegates.toSorted((a, b) =>
    a.totalStake === b.totalStake
      ? a.hotkey < b.hotkey
        ? -1
        : 1
      : a.totalStake < b.totalStake
        ? 1
        : -1,
  )
}

type Row = { readonly hotkey: Ss58; readonly cells: readonly string[] }

/** Rows in columns: the name to the left, figures to the right. */
function choices(rows: readonly Row[], names: DelegateNames): Choice[] {
  const width = (column: number) =>
    Math.max(...rows.map(({ cells }) => widthOf(cells[column] ?? '')))
  return rows.map(({ hotkey, cells }) => {
    const padded = cells.map((cell, i) => {
      const gap = ' '.repeat(width(i) - widthOf(cell))
      return i === 1 || i === 2 ? cell + gap : gap + cell
    })
    const about = names.get(hotkey)?.description
    return {
      value: hotkey,
      name: padded.join('  '),
      description: about === undefined ? hotkey : `${hotkey} ${about}`,
    }
  })
}
