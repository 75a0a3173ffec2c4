/** `btcli stake_list`: all stake of coldkeys by hotkey and subnet, with prices and what it is worth. */

import { alphaCell, taoCell } from '../cli/cells.js'
import { defineCommand, flag, list } from '../cli/define.js'
import { delegateNames, type Named, noNames } from '../cli/delegateNames.js'
import { taoFixed } from '../cli/numbers.js'
import { block, parseNetuid, walletName, watch } from '../cli/options.js'
import type { Block, Cell, Column, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { localColdkeys, localWallets } from '../cli/wallets.js'
import { readFreeBalance } from '../core/chain/balances.js'
import { type DynamicSubnet, readDynamicSubnets } from '../core/chain/dynamic.js'
import { readStakeLocks, type StakeLock } from '../core/chain/locks.js'
import { priceRao } from '../core/chain/prices.js'
import { type RootClaim, readRootClaims } from '../core/chain/rootClaims.js'
import {
  readHoldings,
  readOwners,
  readStakeYields,
  type StakeHolding,
  type StakeYield,
  valueHoldings,
} from '../core/chain/stake.js'
import type { ChainView, StakePosition } from '../core/chain/types.js'
import type { DelegateNames } from '../core/delegateNames.js'
import { parseAccount, type Ss58 } from '../core/keys/ss58.js'
import { alphaRao, rao } from '../core/units.js'

export const stakeList = defineCommand({
  name: 'stake_list',
  summary: 'List the stake of wallets by hotkey and subnet.',
  options: {
    all: flag({ flags: '--all', description: 'all wallets' }),
    ss58: list({
      flags: '--ss58, --coldkey_ss58 <address...>',
      description: 'these coldkeys instead of a wallet',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    walletName: {
      ...walletName,
      askWhen: (soFar) =>
        soFar['all'] !== true && !(Array.isArray(soFar['ss58']) && soFar['ss58'].length > 0),
    },
    netuid: list({
      flags: '-n, --netuid <n...>',
      description: 'only these subnets',
      parse: parseNetuid,
    }),
    noNames,
    block,
    watch,
  },
  examples: [
    'stake_list --wallet.name alice',
    'stake_list --all --netuid 0 3',
    'stake_list --ss58 5Grw… --json_output',
  ],
  notes:
    'STAKE is in the token of the subnet, VALUE what it is worth in τ at the price of the moment, before slippage. PER DAY is what it earned in the last epoch, times the epochs of a day. On a classic chain stake is τ and belongs to no subnet.',

  async run(ctx, values) {
    const accounts =
      values.ss58.length > 0
        ? values.ss58.map((coldkey) => ({ name: '', coldkey }))
        : await localColdkeys(ctx, values.all ? undefined : values.walletName)
    const local = await localHotkeys(ctx)
    const view = await ctx.head()
    const [subnets, { found, names }] = await ctx.progress(
      `Reading stake of ${count(accounts.length, 'coldkey')} from ${view.network}`,
      () =>
        Promise.all([
          view.era === 'dtao' ? readDynamicSubnets(view) : [],
          readAccounts(view, accounts, (named) => delegateNames(ctx, named, values)),
        ]),
    )
    const wanted = ({ netuid }: { readonly netuid: number | undefined }) =>
      values.netuid.length === 0 || (netuid !== undefined && values.netuid.includes(netuid))
    const holders = found
      .map((one) => holderOf(one, subnets))
      .map((one) => ({
        ...one,
        rows: one.rows.filter(wanted),
        locks: one.locks.filter(wanted),
      }))
    const { network, era, block } = view
    return { network, era, block: block.number, holders, names, local }
  },

  render: {
    table: ({ network, era, block, holders, names, local }, view) =>
      holders.flatMap((holder): Block[] => [
        {
          title: `Stake of ${holder.name === '' ? holder.coldkey : `${holder.name} (${holder.coldkey})`}`,
          columns: columns(holder, era === 'dtao', view),
          rows: holder.rows.map((row) => cells(row, nameOf(row.hotkey, names, local))),
          shared: { wallet: holder.name, coldkey: holder.coldkey },
          note: `${count(holder.rows.length, 'position')} ${view.style.sign.dot} ${network} ${view.style.sign.dot} block ${block}`,
          empty: `${holder.name || holder.coldkey} has no stake${era === 'dtao' ? ' here' : ''}.`,
        },
        ...holder.locks.map(lockText),
        `free ${view.style.sign.tao}${taoFixed(holder.free, 9)}, staked ${era === 'dtao' ? '≈ ' : ''}${view.style.sign.tao}${taoFixed(staked(holder), 9)}, total ${era === 'dtao' ? '≈ ' : ''}${view.style.sign.tao}${taoFixed(holder.free + staked(holder), 9)}`,
      ]),
    json: ({ block, holders, names, local }) => ({
      block,
      coldkeys: holders.map((holder) => ({
        name: holder.name === '' ? null : holder.name,
        coldkey: holder.coldkey,
        freeRao: holder.free,
        stakedRao: staked(holder),
        totalRao: holder.free + staked(holder),
        locks: holder.locks.map(({ netuid, total, locked, available }) => ({
          netuid,
          alphaRao: total,
          lockedAlphaRao: locked,
          availableAlphaRao: available,
        })),
        stakes: holder.rows.map((row) => toJson(row, nameOf(row.hotkey, names, local))),
      })),
      totals: {
        freeRao: holders.reduce((sum, { free }) => sum + free, 0n),
        stakedRao: holders.reduce((sum, holder) => sum + staked(holder), 0n),
      },
    }),
  },
})

type Holder = {
  readonly name: string
  readonly coldkey: Ss58
  readonly free: bigint
  readonly locks: readonly StakeLock[]
  readonly rows: readonly Row[]
}

/** A position with what is shown of its subnet; all of that undefined on a classic chain. */
type Row = StakePosition & {
  readonly subnet: DynamicSubnet | undefined
  readonly yield: StakeYield | undefined
  /** Alpha that can be claimed from the hotkey on this subnet. */
  readonly claimable: bigint
}

async function localHotkeys(
  ctx: Parameters<typeof localWallets>[0],
): Promise<ReadonlyMap<Ss58, string>> {
  const wallets = await localWallets(ctx, undefined)
  return new Map(
    wallets.flatMap(({ hotkeys }) =>
      hotkeys.map(({ wallet, name, address }) => [address, `${wallet}/${name}`] as const),
    ),
  )
}

type Account = { readonly name: string; readonly coldkey: Ss58 }

type Found = Account & {
  readonly free: bigint
  readonly locks: readonly StakeLock[]
  readonly positions: readonly StakePosition[]
  readonly yields: readonly (StakeYield | undefined)[]
  readonly claims: readonly RootClaim[]
}

/** Whatever needs only the holdings is asked at once: each wait for the node is felt. */
async function readAccounts(
  view: ChainView,
  accounts: readonly Account[],
  namesOf: (named: readonly Named[]) => Promise<DelegateNames>,
): Promise<{ readonly found: readonly Found[]; readonly names: DelegateNames }> {
  const [free, holdings, locks] = await Promise.all([
    Promise.all(accounts.map(({ coldkey }) => readFreeBalance(view, coldkey))),
    Promise.all(accounts.map(({ coldkey }) => readHoldings(view, coldkey))),
    Promise.all(accounts.map(({ coldkey }) => readStakeLocks(view, coldkey))),
  ])
  const readNames = async () => {
    const hotkeys = [...new Set(holdings.flat().map(({ hotkey }) => hotkey))]
    const owners = await readOwners(view, hotkeys)
    return namesOf(hotkeys.map((hotkey, i) => ({ hotkey, owner: owners[i] ?? hotkey })))
  }
  const [found, names] = await Promise.all([
    Promise.all(
      accounts.map(async (one, i) => ({
        ...one,
        free: free[i] ?? 0n,
        locks: locks[i] ?? [],
        ...(await readFigures(view, one.coldkey, holdings[i] ?? [])),
      })),
    ),
    readNames(),
  ])
  return { found, names }
}

async function readFigures(view: ChainView, coldkey: Ss58, holdings: readonly StakeHolding[]) {
  const [positions, yields, claims] = await Promise.all([
    valueHoldings(view, holdings),
    readStakeYields(view, holdings),
    readRootClaims(view, coldkey, holdings),
  ])
  return { positions, yields, claims }
}

function holderOf(found: Found, subnets: readonly DynamicSubnet[]): Holder {
  const { name, coldkey, free, locks, positions, yields, claims } = found
  const rows = positions.map((position, i): Row => {
    const own = claims.filter((claim) => isSamePlace(claim, position))
    return {
      ...position,
      subnet: subnets.find(({ netuid }) => netuid === position.netuid),
      yield: yields[i],
      claimable: own.reduce((sum, { claimable }) => sum + claimable, 0n),
    }
  })
  const claimOnly = claims
    .filter((claim) => !rows.some((row) => isSamePlace(row, claim)))
    .map(
      ({ hotkey, netuid, claimable }): Row => ({
        hotkey,
        coldkey,
        netuid,
        stake: rao(0n),
        alpha: alphaRao(0n),
        subnet: subnets.find((subnet) => subnet.netuid === netuid),
        yield: undefined,
        claimable,
      }),
    )
  return { name, coldkey, free, locks, rows: [...rows, ...claimOnly].toSorted(byValue) }
}

type Place = Pick<StakePosition, 'hotkey' | 'netuid'>

function isSamePlace(a: Place, b: Place): boolean {
  return a.hotkey === b.hotkey && a.netuid === b.netuid
}

/** Root first, then by what it is worth. */
function byValue(a: Row, b: Row): number {
  const isRoot = (row: Row) => (row.netuid === 0 ? 1 : 0)
  return isRoot(b) - isRoot(a) || (a.stake < b.stake ? 1 : -1)
}

function lockText({ netuid, locked, available }: StakeLock): string {
  return `locked on subnet ${netuid}: ${taoFixed(locked, 9)} SN${netuid}; ${taoFixed(available, 9)} SN${netuid} can be unstaked`
}

function staked({ rows }: Pick<Holder, 'rows'>): bigint {
  return rows.reduce((sum, { stake }) => sum + stake, 0n)
}

function nameOf(
  hotkey: Ss58,
  names: DelegateNames,
  local: ReadonlyMap<Ss58, string>,
): string | undefined {
  return local.get(hotkey) ?? names.get(hotkey)?.name
}

function columns(holder: Holder, isDtao: boolean, { style }: View): Column[] {
  const value = taoFixed(staked(holder), 5)
  const { tao } = style.sign
  if (!isDtao) {
    return [
      { title: 'NAME', footer: 'total' },
      { title: 'HOTKEY', address: true },
      { title: `STAKE(${tao})`, align: 'right', footer: value },
    ]
  }
  return [
    { title: 'NETUID', align: 'right' },
    { title: 'SUBNET', optional: 5 },
    { title: 'NAME', optional: 3 },
    { title: 'HOTKEY', address: true },
    { title: 'STAKE', align: 'right' },
    { title: `PRICE(${tao})`, align: 'right', optional: 1 },
    { title: `VALUE(≈ ${tao})`, align: 'right', footer: value },
    { title: 'REGISTERED', optional: 4 },
    { title: 'PER DAY', align: 'right', optional: 2 },
    { title: 'CLAIMABLE', align: 'right', optional: 6 },
  ]
}

function cells(row: Row, name: string | undefined): Cell[] {
  const { hotkey } = row
  if (row.netuid === undefined) return [name, hotkey, taoCell(row.stake, 5)]
  return [
    row.netuid,
    [row.subnet?.symbol, row.subnet?.name].filter(Boolean).join(' '),
    name,
    hotkey,
    alphaCell(row.alpha, 5),
    taoCell(row.subnet && priceRao(row.subnet.price), 6),
    taoCell(row.stake, 5),
    row.yield && (row.yield.registered ? 'yes' : 'no'),
    alphaCell(row.yield?.perDay, 5),
    row.claimable === 0n ? undefined : alphaCell(row.claimable, 5),
  ]
}

function toJson(row: Row, name: string | undefined) {
  return {
    hotkey: row.hotkey,
    hotkeyName: name ?? null,
    netuid: row.netuid ?? null,
    subnetName: row.subnet?.name || null,
    symbol: row.subnet?.symbol || null,
    alphaRao: row.alpha ?? null,
    priceRao: row.subnet ? priceRao(row.subnet.price) : null,
    stakeRao: row.stake,
    registered: row.yield?.registered ?? null,
    alphaPerDayRao: row.yield?.perDay ?? null,
    claimableAlphaRao: row.netuid === undefined ? null : row.claimable,
  }
}
