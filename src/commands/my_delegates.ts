/** `btcli my_delegates`: where wallets have staked, and what it earns. */

import { taoCell } from '../cli/cells.js'
import { defineCommand, flag } from '../cli/define.js'
import {
  dailyPerKtao,
  nominatorDaily,
  ownerStake,
  takeCell,
  takeDaily,
} from '../cli/delegateFigures.js'
import { delegateNames, noNames } from '../cli/delegateNames.js'
import { taoFixed } from '../cli/numbers.js'
import { block, walletName } from '../cli/options.js'
import type { Cell, Column, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { localColdkeys } from '../cli/wallets.js'
import { readDelegated } from '../core/chain/delegates.js'
import { readPrices, valueAt } from '../core/chain/prices.js'
import { readHoldings, readStakeYields, valueHoldings } from '../core/chain/stake.js'
import type { ChainView, Delegation } from '../core/chain/types.js'
import type { DelegateNames } from '../core/delegateNames.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { shortAddress } from '../core/plans/texts.js'
import { U16_MAX } from '../core/units.js'

export const myDelegates = defineCommand({
  name: 'my_delegates',
  summary: 'Show all delegates where I am delegating a positive amount of stake.',
  options: {
    all: flag({ flags: '--all', description: 'all wallets' }),
    walletName: { ...walletName, askWhen: (soFar) => soFar['all'] !== true },
    noNames,
    block,
  },
  examples: ['my_delegates --wallet.name alice', 'my_delegates --all'],
  notes:
    'τ/24h is your share, the take of the delegate subtracted; for a delegate of your own the take is part of it. 24h/kτ is what 1000 τ get. On a dTAO chain there is a row for each subnet; τ/24h is what its stake got in the last epoch, and all is worth so much at the prices of the block.',

  async run(ctx, values) {
    const known = await localColdkeys(ctx, values.all ? undefined : values.walletName)
    const view = await ctx.head()
    const wallets = await ctx.progress(
      `Reading delegations of ${count(known.length, 'wallet')} from ${view.network}`,
      () =>
        Promise.all(
          known.map(async (wallet) => ({ ...wallet, rows: await readRows(view, wallet.coldkey) })),
        ),
    )
    const delegates = wallets.flatMap(({ rows }) => rows.map(({ delegate }) => delegate))
    const names = await delegateNames(ctx, delegates, values)
    return { network: view.network, block: view.block.number, wallets, names }
  },

  render: {
    table: ({ network, block, wallets, names }, view) => {
      const all = wallets.flatMap((wallet) => wallet.rows.map((row) => ({ wallet, row })))
      return {
        columns: columns(
          all.map(({ row }) => row),
          view.style.sign.tao,
        ),
        rows: all.map(({ wallet, row }) => cells(wallet.name, row, names, view)),
        note: `${count(all.length, 'delegation')} of ${count(wallets.length, 'wallet')}, by total stake ${view.style.sign.dot} ${network} ${view.style.sign.dot} block ${block}`,
        empty: emptyText(wallets),
      }
    },
    json: ({ wallets, names }) => ({
      wallets: wallets.map(({ name, coldkey, rows }) => ({
        name,
        coldkey,
        delegations: rows.map((row) => toJson(row, names)),
      })),
      totals: {
        stakeRao: sum(wallets.flatMap(({ rows }) => rows).map(({ stake }) => stake)),
        dailyRao: sum(wallets.flatMap(({ rows }) => rows).map(dailyOf)),
      },
    }),
  },
})

/** A delegation; on dTAO chains one per subnet, with its value in τ. */
type Row = Delegation & {
  readonly coldkey: Ss58
  readonly netuid: number | undefined
  readonly alpha: bigint | undefined
  /** What the stake earns in a day, in RAO; of alpha what it is worth. */
  readonly daily: bigint
}

async function readRows(view: ChainView, coldkey: Ss58): Promise<Row[]> {
  const delegations = (await readDelegated(view, coldkey)).toSorted((a, b) =>
    a.delegate.totalStake < b.delegate.totalStake ? 1 : -1,
  )
  if (view.era === 'classic') {
    return delegations.map((one) => {
      const row = { ...one, coldkey, netuid: undefined, alpha: undefined }
      return { ...row, daily: classicDaily(row) }
    })
  }
  const holdings = await readHoldings(view, coldkey)
  const [positions, yields, prices] = await Promise.all([
    valueHoldings(view, holdings),
    readStakeYields(view, holdings),
    readPrices(
      view,
      holdings.flatMap(({ netuid }) => netuid ?? []),
    ),
  ])
  return delegations.flatMap(({ delegate }) =>
    positions.flatMap(({ hotkey, netuid, alpha, stake }, i): Row[] => {
      if (hotkey !== delegate.hotkey) return []
      const daily = valueAt(prices.get(netuid ?? 0), yields[i]?.perDay ?? 0n)
      return [{ delegate, coldkey, netuid, alpha, stake, daily }]
    }),
  )
}

/** The share that is left by the take; the owner gets the take as well. */
function classicDaily({ delegate, stake, coldkey }: Omit<Row, 'daily'>): bigint {
  const share = nominatorDaily(delegate, stake)
  return delegate.owner === coldkey ? share + takeDaily(delegate) : share
}

const dailyOf = ({ daily }: Row) => daily

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

function emptyText(wallets: readonly { readonly name: string }[]): string {
  const [only] = wallets
  if (wallets.length === 1 && only) return `${only.name} has no stake with any delegate.`
  return wallets.length === 0 ? 'No wallets found.' : 'No wallet has stake with any delegate.'
}

function columns(rows: readonly Row[], tao: string): Column[] {
  const hasSubnets = rows.some(({ netuid }) => netuid !== undefined)
  return [
    { title: 'WALLET', footer: 'total' },
    { title: 'OWNER' },
    { title: 'SS58', address: true },
    ...(hasSubnets ? [{ title: 'NETUID', align: 'right' } satisfies Column] : []),
    {
      title: `DELEGATION(${tao})`,
      align: 'right',
      footer: taoFixed(sum(rows.map(({ stake }) => stake)), 5),
    },
    { title: `${tao}/24h`, align: 'right', footer: taoFixed(sum(rows.map(dailyOf)), 5) },
    { title: 'NOMS', align: 'right', optional: 3 },
    { title: `OWNER STAKE(${tao})`, align: 'right', optional: 6 },
    { title: `TOTAL STAKE(${tao})`, align: 'right', optional: 4 },
    { title: 'SUBNETS', optional: 7 },
    { title: 'VPERMIT', optional: 5 },
    { title: 'TAKE', align: 'right', optional: 1 },
    { title: `24h/k${tao}`, align: 'right', optional: 2 },
    { title: 'DESC', optional: 8 },
  ]
}

function cells(wallet: string, row: Row, names: DelegateNames, view: View): Cell[] {
  const { delegate, stake, netuid } = row
  const about = names.get(delegate.hotkey)
  return [
    wallet,
    about?.name,
    view.wide || view.width >= 160 ? delegate.hotkey : shortAddress(delegate.hotkey),
    ...(netuid === undefined ? [] : [netuid]),
    taoCell(stake, 5),
    taoCell(dailyOf(row), 5),
    delegate.nominators.length,
    taoCell(ownerStake(delegate), 5),
    taoCell(delegate.totalStake, 5),
    delegate.registrations.join(','),
    delegate.validatorPermits.join(','),
    takeCell(delegate.take),
    taoCell(dailyPerKtao(delegate), 5),
    about?.description,
  ]
}

function toJson(row: Row, names: DelegateNames) {
  const { delegate, stake, netuid, alpha } = row
  return {
    hotkey: delegate.hotkey,
    name: names.get(delegate.hotkey)?.name ?? null,
    owner: delegate.owner,
    netuid: netuid ?? null,
    stakeRao: stake,
    alphaRao: alpha ?? null,
    dailyRao: dailyOf(row),
    totalStakeRao: delegate.totalStake,
    ownerStakeRao: ownerStake(delegate),
    nominators: delegate.nominators.length,
    subnets: delegate.registrations,
    permits: delegate.validatorPermits,
    take: delegate.take / U16_MAX,
  }
}
