/** `btcli overview`: the registered neurons of a wallet, or of all, subnet by subnet. */
import { ratioCell, starCell } from '../cli/cells.js'
import { defineCommand, flag, list } from '../cli/define.js'
import {
  axonCell,
  neuronJson,
  neuronSortKeys,
  ratioCells,
  ratioColumns,
  ratioSum,
  sinceUpdate,
  stakeCell,
} from '../cli/neuron.js'
import { grouped, taoFixed } from '../cli/numbers.js'
import { allHotkeys, block, hotkeys, parseNetuid, walletName, watch } from '../cli/options.js'
import { sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Block, Cell, Column } from '../cli/table.js'
import { count } from '../cli/text.js'
import { type LocalHotkey, type LocalWallet, localWallets, ofHotkeys } from '../cli/wallets.js'
import { readBalances } from '../core/chain/balances.js'
import { readRegistered, readRegistrations } from '../core/chain/neurons.js'
import { readTempo } from '../core/chain/subnets.js'
import type { ChainView, Neuron } from '../core/chain/types.js'
import { formatBalance, type Rao, rao } from '../core/units.js'

export const overview = defineCommand({
  name: 'overview',
  summary: 'Show registered account overview.',
  options: {
    all: flag({ flags: '--all', description: 'all wallets' }),
    walletName: { ...walletName, askWhen: (soFar) => soFar['all'] !== true },
    netuid: list({
      flags: '-n, --netuid <n...>',
      description: 'only these subnets',
      parse: parseNetuid,
    }),
    hotkeys,
    allHotkeys,
    sortBy,
    sortOrder,
    block,
    watch,
  },
  examples: [
    'overview --wallet.name alice',
    'overview --all --netuid 1 3 --sort_by incentive --sort_order desc',
  ],
  notes: 'EMISSION is RAO per block. Footers count each hotkey once and add up each subnet.',

  async run(ctx, values) {
    const wallets = await localWallets(ctx, values.all ? undefined : values.walletName)
    const keys = ofHotkeys(wallets, values)
    const view = await ctx.head()
    const read = await ctx.progress(
      `Reading ${count(keys.length, 'hotkey')} from ${view.network}`,
      () => readAll(view, wallets, keys, values.netuid),
    )
    const block = view.block.number
    const neuronsOf = (netuid: number) =>
      sorted(
        read.neurons.filter((neuron) => neuron.netuid === netuid),
        neuronSortKeys(block),
        values.sortBy,
        values.sortOrder,
      )
    return {
      all: values.all,
      block,
      wallets,
      balance: read.balance,
      owners: new Map(keys.map((key) => [key.address as string, key])),
      subnets: read.tempos.map(([netuid, tempo]) => ({
        netuid,
        tempo,
        neurons: neuronsOf(netuid),
      })),
    }
  },

  render: {
    table: (data, { style }) => {
      const balance = `Wallet balance: ${formatBalance(data.balance)}`
      if (data.subnets.length === 0) {
        return [`${style.bold(title(data))}\n`, nothing(data), style.dim(balance)]
      }
      return [
        `${style.bold(title(data))}\n`,
        ...data.subnets.flatMap((subnet, i): Block[] => [
          `Subnet: ${style.bold(`${subnet.netuid}`)}`,
          {
            columns: columns(data, subnet, i === data.subnets.length - 1, style.sign.tao),
            rows: subnet.neurons.map((neuron) => cells(neuron, subnet.tempo, data)),
            shared: { netuid: subnet.netuid },
          },
          '\n',
        ]),
        style.dim(`${balance} ${style.sign.dot} block ${data.block}`),
      ]
    },
    json: (data) => ({
      block: data.block,
      wallets: data.wallets.map((wallet) => ({
        name: wallet.name,
        coldkey: wallet.coldkey ?? null,
      })),
      subnets: data.subnets.map(({ netuid, tempo, neurons }) => ({
        netuid,
        tempo,
        neurons: neurons.map((neuron) => ({
          coldkeyName: data.owners.get(neuron.hotkey)?.wallet ?? null,
          hotkeyName: data.owners.get(neuron.hotkey)?.name ?? null,
          ...neuronJson(neuron, data.block),
          emissionRaoPerBlock: `${perBlock(neuron, tempo)}`,
        })),
      })),
      balanceRao: `${data.balance}`,
    }),
  },
})

type Subnet = {
  readonly netuid: number
  readonly tempo: number
  readonly neurons: readonly Neuron[]
}
type Data = {
  readonly all: boolean
  readonly block: number
  readonly wallets: readonly LocalWallet[]
  readonly balance: Rao
  readonly owners: ReadonlyMap<string, LocalHotkey>
  readonly subnets: readonly Subnet[]
}

async function readAll(
  view: ChainView,
  wallets: readonly LocalWallet[],
  keys: readonly LocalHotkey[],
  netuids: readonly number[],
) {
  const coldkeys = wallets.flatMap((wallet) => wallet.coldkey ?? [])
  const [balances, { neurons, tempos }] = await Promise.all([
    readBalances(view, [...new Set(coldkeys)]),
    readNeurons(view, keys, netuids),
  ])
  const balance = rao(balances.reduce((sum, account) => sum + account.free, 0n))
  return { balance, neurons, tempos }
}

async function readNeurons(
  view: ChainView,
  keys: readonly LocalHotkey[],
  netuids: readonly number[],
) {
  const hotkeys = keys.map((key) => key.address)
  const registrations = await readRegistrations(
    view,
    hotkeys,
    netuids.length === 0 ? undefined : [...new Set(netuids)],
  )
  const used = [...new Set(registrations.map(({ netuid }) => netuid))]
  const [neurons, tempos] = await Promise.all([
    readRegistered(view, registrations),
    Promise.all(used.map(async (netuid) => [netuid, await readTempo(view, netuid)] as const)),
  ])
  return { neurons, tempos }
}

function title(data: Data): string {
  const [wallet] = data.wallets
  return data.all || !wallet ? 'All Wallets:' : `Wallet - ${wallet.name}:${wallet.coldkey ?? '?'}`
}

function nothing(data: Data): string {
  return data.owners.size === 0 ? 'No hotkeys found.' : 'None of the hotkeys is registered.'
}

/** RAO per block: the emission of an epoch over its tempo + 1 blocks. */
function perBlock(neuron: Neuron, tempo: number): bigint {
  return neuron.emission / BigInt(tempo + 1)
}

function columns(data: Data, subnet: Subnet, isLast: boolean, tao: string): Column[] {
  const { neurons, tempo } = subnet
  const distinct = new Map(
    data.subnets.flatMap((each) => each.neurons.map((one) => [one.hotkey, one])),
  )
  const stake = [...distinct.values()].reduce((sum, neuron) => sum + neuron.stake, 0n)
  const emission = neurons.reduce((sum, neuron) => sum + perBlock(neuron, tempo), 0n)
  const total = isLast ? distinct.size : undefined
  return [
    { title: 'COLDKEY', footer: total, optional: 1 },
    { title: 'HOTKEY', footer: total },
    { title: 'UID', align: 'right', footer: neurons.length },
    { title: 'ACTIVE', align: 'right', optional: 7 },
    {
      title: `STAKE(${tao})`,
      align: 'right',
      footer: isLast ? `${tao}${taoFixed(stake, 5)}` : undefined,
    },
    ...ratioColumns(neurons),
    { title: 'EMISSION(ρ)', align: 'right', footer: `ρ${grouped(emission)}` },
    {
      title: 'VTRUST',
      align: 'right',
      optional: 4,
      footer: ratioSum(neurons, (neuron) => neuron.validatorTrust),
    },
    { title: 'VPERMIT', align: 'right', optional: 6 },
    { title: 'UPDATED', align: 'right', ticks: true },
    { title: 'AXON', optional: 8 },
    { title: 'HOTKEY_SS58', address: true, optional: 9 },
  ]
}

function cells(neuron: Neuron, tempo: number, data: Data): Cell[] {
  const owner = data.owners.get(neuron.hotkey)
  const emission = perBlock(neuron, tempo)
  return [
    owner?.wallet,
    owner?.name,
    neuron.uid,
    { text: neuron.active ? 'True' : 'False', exact: neuron.active },
    stakeCell(neuron),
    ...ratioCells(neuron),
    { text: grouped(emission), exact: emission },
    ratioCell(neuron.validatorTrust),
    starCell(neuron.validatorPermit),
    sinceUpdate(neuron, data.block),
    axonCell(neuron.axon),
    { text: neuron.hotkey, paint: 'dim' },
  ]
}
