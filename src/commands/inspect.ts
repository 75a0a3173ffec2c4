/** `btcli inspect`: balance, delegations and registrations of one wallet or all. */
import { alphaCell, taoCell } from '../cli/cells.js'
import { defineCommand, flag } from '../cli/define.js'
import { delegateNames, noNames } from '../cli/delegateNames.js'
import { neuronJson, symbolOf } from '../cli/neuron.js'
import { taoFixed } from '../cli/numbers.js'
import { block, walletName } from '../cli/options.js'
import type { Cell, Column, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { type LocalColdkey, localColdkeys } from '../cli/wallets.js'
import { readBalances } from '../core/chain/balances.js'
import { readDelegated } from '../core/chain/delegates.js'
import { readTokens, type Token } from '../core/chain/dynamic.js'
import {
  type MetagraphNeuron,
  readMetagraphOf,
  readRegistrationsToWeigh,
} from '../core/chain/metagraph.js'
import { valueAt } from '../core/chain/prices.js'
import {
  readHoldings,
  readOwnedHotkeys,
  readOwners,
  readStakeYields,
  valueHoldings,
} from '../core/chain/stake.js'
import type { ChainView } from '../core/chain/types.js'
import type { DelegateNames } from '../core/delegateNames.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { type Rao, rao } from '../core/units.js'

export const inspect = defineCommand({
  name: 'inspect',
  summary: 'Inspect a wallet cold, hot pair',
  options: {
    all: flag({ flags: '--all', description: 'all wallets' }),
    walletName: { ...walletName, askWhen: (soFar) => soFar['all'] !== true },
    noNames,
    block,
  },
  examples: ['inspect --wallet.name alice', 'inspect --all'],
  notes:
    'The first EMISSION is what a delegation earns per day (classic: before the take of the delegate), the second that of a neuron in the last epoch. On a dTAO chain STAKE is what the coldkey has staked, in the token of the subnet, VALUE the same as τ at the price of the block, PER DAY what it earns; UID, HOTKEY STAKE and EMISSION are those of its own neurons.',

  async run(ctx, values) {
    const known = await localColdkeys(ctx, values.all ? undefined : values.walletName)
    const view = await ctx.head()
    const wallets = await ctx.progress(
      `Reading ${count(known.length, 'wallet')} from ${view.network}`,
      () => Promise.all(known.map((wallet) => readWallet(view, wallet))),
    )
    const staked = [...new Set(wallets.flatMap((one) => one.stakes.map(({ hotkey }) => hotkey)))]
    const owners = await readOwners(view, staked)
    const named = staked.map((hotkey, i) => ({ hotkey, owner: owners[i] }))
    const names = await delegateNames(ctx, named, values)
    return { network: view.network, era: view.era, block: view.block.number, wallets, names }
  },

  render: {
    table: (data, view) => {
      const { network, block, wallets } = data
      const { dot } = view.style.sign
      return {
        columns: data.era === 'dtao' ? tokenColumns(wallets, view) : classicColumns(wallets, view),
        rows: wallets.flatMap((wallet) =>
          data.era === 'dtao' ? tokenRows(wallet, data) : classicRows(wallet, data),
        ),
        note: `${count(wallets.length, 'wallet')} ${dot} ${network} ${dot} block ${block}`,
        empty: 'No wallets found.',
      }
    },
    json: (data) => ({
      wallets: data.wallets.map((wallet) => toJson(wallet, data)),
      totals: {
        freeRao: `${sum(data.wallets, (wallet) => wallet.free)}`,
        delegatedRao: `${sum(data.wallets, staked)}`,
      },
    }),
  },
})

type Data = {
  readonly block: number
  readonly wallets: readonly Inspected[]
  readonly names: DelegateNames
}

type Inspected = {
  readonly name: string
  readonly coldkey: Ss58
  readonly free: Rao
  readonly stakes: readonly Stake[]
  readonly neurons: readonly MetagraphNeuron[]
  readonly tokens: Tokens
  readonly hotkeyNames: ReadonlyMap<string, string>
}

/** Tokens of subnets by netuid; none for root, where there is τ only. */
type Tokens = ReadonlyMap<number, Token>

/** What the coldkey has staked to a hotkey; on dTAO chains on one subnet. */
type Stake = {
  readonly hotkey: Ss58
  readonly netuid: number | undefined
  /** RAO, or alpha of the subnet. */
  readonly amount: bigint
  /** What it is worth. */
  readonly value: bigint
  /** What it earns in a day, in the unit of `amount`; undefined for root, whose dividends are claimed. */
  readonly daily: bigint | undefined
}

/** Neurons of hotkeys that lie in the wallet, and of those that the chain knows as the coldkey's own. */
async function readWallet(view: ChainView, wallet: LocalColdkey): Promise<Inspected> {
  const { name, coldkey } = wallet
  const [balances, { stakes, own }, owned] = await Promise.all([
    readBalances(view, [coldkey]),
    view.era === 'dtao' ? alphaStakes(view, coldkey) : classicStakes(view, coldkey),
    readOwnedHotkeys(view, coldkey).then((found) => found ?? []),
  ])
  const hotkeys = [...new Set([...wallet.hotkeys.map((key) => key.address), ...owned, ...own])]
  const registrations = await readRegistrationsToWeigh(view, hotkeys)
  const netuids = [
    ...registrations.map(({ netuid }) => netuid),
    ...stakes.flatMap(({ netuid }) => netuid ?? []),
  ]
  const [neurons, tokens] = await Promise.all([
    readMetagraphOf(view, registrations),
    readTokens(
      view,
      [...new Set(netuids)].filter((netuid) => netuid !== 0),
    ),
  ])
  return {
    name,
    coldkey,
    free: balances[0]?.free ?? rao(0n),
    stakes,
    neurons: neurons
      .filter((neuron) => neuron.coldkey === coldkey)
      .sort((a, b) => a.netuid - b.netuid || a.uid - b.uid),
    tokens,
    hotkeyNames: new Map(wallet.hotkeys.map((key) => [key.address as string, key.name])),
  }
}

type Staked = { readonly stakes: readonly Stake[]; readonly own: readonly Ss58[] }

async function classicStakes(view: ChainView, coldkey: Ss58): Promise<Staked> {
  const delegations = await readDelegated(view, coldkey)
  return {
    stakes: delegations.map(({ delegate, stake }) => ({
      hotkey: delegate.hotkey,
      netuid: undefined,
      amount: stake,
      value: stake,
      // The share of the delegate's return that this stake earns, before take.
      daily:
        delegate.totalStake === 0n ? 0n : (delegate.totalDailyReturn * stake) / delegate.totalStake,
    })),
    own: delegations
      .filter(({ delegate }) => delegate.owner === coldkey)
      .map(({ delegate }) => delegate.hotkey),
  }
}

async function alphaStakes(view: ChainView, coldkey: Ss58): Promise<Staked> {
  const holdings = await readHoldings(view, coldkey)
  const [positions, yields] = await Promise.all([
    valueHoldings(view, holdings),
    readStakeYields(view, holdings),
  ])
  const stakes = holdings.map(
    ({ hotkey, netuid, amount }, i): Stake => ({
      ...{ hotkey, netuid, amount },
      value: positions[i]?.stake ?? 0n,
      daily: yields[i]?.perDay,
    }),
  )
  return { stakes: stakes.toSorted(byValue), own: [] }
}

/** Root first, then by what it is worth. */
function byValue(a: Stake, b: Stake): number {
  const isRoot = ({ netuid }: Stake) => (netuid === 0 ? 1 : 0)
  return isRoot(b) - isRoot(a) || (a.value < b.value ? 1 : -1)
}

function staked(wallet: Inspected): bigint {
  return wallet.stakes.reduce((total, { value }) => total + value, 0n)
}

function sum(wallets: readonly Inspected[], of: (wallet: Inspected) => bigint): bigint {
  return wallets.reduce((total, wallet) => total + of(wallet), 0n)
}

function classicColumns(wallets: readonly Inspected[], { style }: View): Column[] {
  const { tao } = style.sign
  return [
    ...walletColumns(wallets, tao),
    { title: 'DELEGATE', address: true },
    {
      title: `STAKE(${tao})`,
      align: 'right',
      csv: 'delegated',
      footer: taoFixed(sum(wallets, staked), 9),
    },
    {
      title: `EMISSION(${tao}/DAY)`,
      align: 'right',
      optional: 2,
      csv: 'delegated_emission_day',
    },
    { title: 'NETUID', align: 'right' },
    { title: 'HOTKEY', address: true },
    { title: `STAKE(${tao})`, align: 'right', csv: 'hotkey_stake' },
    { title: `EMISSION(${tao})`, align: 'right', optional: 1, csv: 'hotkey_emission' },
  ]
}

function walletColumns(wallets: readonly Inspected[], tao: string): Column[] {
  const free = taoFixed(
    sum(wallets, (wallet) => wallet.free),
    9,
  )
  return [
    { title: 'COLDKEY' },
    { title: `BALANCE(${tao})`, align: 'right', csv: 'balance', footer: free },
  ]
}

function classicRows(wallet: Inspected, { names }: Data): Cell[][] {
  return [
    [wallet.name, taoCell(wallet.free, 9)],
    ...wallet.stakes.map(({ hotkey, amount, daily }): Cell[] => [
      ...['', ''],
      { text: nameOf(wallet, names, hotkey) ?? hotkey, exact: hotkey },
      taoCell(amount, 9),
      taoCell(daily, 9),
    ]),
    ...wallet.neurons.map((neuron): Cell[] => [
      ...['', '', '', '', ''],
      neuron.netuid,
      nameAnd(wallet.hotkeyNames.get(neuron.hotkey), neuron.hotkey),
      taoCell(neuron.stake, 9),
      taoCell(neuron.emission, 9),
    ]),
  ]
}

/** A row for each subnet and hotkey; amounts of several subnets stand below each other, so that each carries its token. */
function tokenColumns(wallets: readonly Inspected[], { style }: View): Column[] {
  const { tao } = style.sign
  return [
    ...walletColumns(wallets, tao),
    { title: 'NETUID', align: 'right' },
    { title: 'HOTKEY', address: true },
    { title: 'STAKE', align: 'right', csv: 'delegated' },
    {
      title: `VALUE(≈ ${tao})`,
      align: 'right',
      csv: 'delegated_value',
      footer: taoFixed(sum(wallets, staked), 5),
    },
    { title: 'PER DAY', align: 'right', optional: 1, csv: 'delegated_emission_day' },
    { title: 'UID', align: 'right', optional: 2 },
    { title: 'HOTKEY STAKE', align: 'right', optional: 4, csv: 'hotkey_stake' },
    { title: 'EMISSION', align: 'right', optional: 3, csv: 'hotkey_emission' },
  ]
}

function tokenRows(wallet: Inspected, { names }: Data): Cell[][] {
  const inToken = (netuid: number, amount: bigint | undefined): Cell => {
    const token = wallet.tokens.get(netuid)
    const cell = alphaCell(amount, 5)
    return cell && { ...cell, text: token ? `${cell.text} ${symbolOf(token)}` : `τ${cell.text}` }
  }
  return [
    [wallet.name, taoCell(wallet.free, 9)],
    ...placesOf(wallet).map(({ netuid, hotkey, stake, neuron }): Cell[] => [
      ...['', ''],
      netuid,
      nameAnd(nameOf(wallet, names, hotkey), hotkey),
      inToken(netuid, stake?.amount),
      taoCell(stake?.value, 5),
      inToken(netuid, stake?.daily),
      neuron?.uid,
      inToken(netuid, neuron && stakeOf(neuron)),
      inToken(netuid, neuron?.emission),
    ]),
  ]
}

/** Where the coldkey has stake, a neuron, or both: what it has staked first. */
function placesOf({ stakes, neurons }: Inspected) {
  const isAt = (place: Place) => (other: Place) =>
    other.netuid === place.netuid && other.hotkey === place.hotkey
  return [
    ...stakes.map((stake) => ({
      ...{ netuid: stake.netuid ?? 0, hotkey: stake.hotkey, stake },
      neuron: neurons.find(isAt(stake)),
    })),
    ...neurons
      .filter((neuron) => !stakes.some(isAt(neuron)))
      .map((neuron) => ({
        netuid: neuron.netuid,
        hotkey: neuron.hotkey,
        stake: undefined,
        neuron,
      })),
  ]
}

type Place = Pick<Stake, 'netuid' | 'hotkey'>

/** Alpha on the subnet, without what its root stake adds; on root τ. */
function stakeOf({ netuid, weighed }: MetagraphNeuron): bigint | undefined {
  return netuid === 0 ? weighed?.taoStake : weighed?.alphaStake
}

/** Its name in the wallet, or the one that it goes by as a delegate. */
function nameOf(wallet: Inspected, names: DelegateNames, hotkey: Ss58): string | undefined {
  return wallet.hotkeyNames.get(hotkey) ?? names.get(hotkey)?.name
}

function nameAnd(name: string | undefined, hotkey: Ss58): string {
  return name === undefined ? hotkey : `${name}-${hotkey}`
}

function toJson(wallet: Inspected, { block, names }: Data) {
  return {
    name: wallet.name,
    coldkey: wallet.coldkey,
    freeRao: `${wallet.free}`,
    delegations: wallet.stakes.map(({ hotkey, netuid, amount, value, daily }) => {
      const token = wallet.tokens.get(netuid ?? 0)
      const alpha = (of: bigint | undefined) => (token && of !== undefined ? `${of}` : null)
      return {
        hotkey,
        name: names.get(hotkey)?.name ?? null,
        netuid: netuid ?? null,
        stakeRao: `${value}`,
        alphaRao: alpha(amount),
        dailyRao: `${token ? valueAt(token.price, daily ?? 0n) : (daily ?? 0n)}`,
        dailyAlphaRao: alpha(daily),
      }
    }),
    neurons: wallet.neurons.map((neuron) => ({
      netuid: neuron.netuid,
      hotkeyName: wallet.hotkeyNames.get(neuron.hotkey) ?? null,
      ...neuronJson(neuron, block, wallet.tokens.get(neuron.netuid)),
    })),
  }
}
