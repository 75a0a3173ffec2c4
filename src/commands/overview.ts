/** `btcli overview`: the registered neurons of a wallet, or of all, subnet by subnet. */
import { alphaCell, ratioCell, starCell } from '../cli/cells.js'
import { defineCommand, flag, list } from '../cli/define.js'
import {
  axonCell,
  neuronJson,
  neuronSortKeys,
  type Ratio,
  ratioCells,
  ratioColumns,
  ratioSum,
  ratiosOf,
  sinceUpdate,
  stakeCells,
  stakeColumns,
  subnetName,
  symbolOf,
} from '../cli/neuron.js'
import { grouped, taoFixed } from '../cli/numbers.js'
import { allHotkeys, block, hotkeys, parseNetuid, walletName, watch } from '../cli/options.js'
import { sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Style } from '../cli/style.js'
import type { Block, Cell, Column } from '../cli/table.js'
import { count } from '../cli/text.js'
import { type LocalHotkey, type LocalWallet, localWallets, ofHotkeys } from '../cli/wallets.js'
import { readBalances } from '../core/chain/balances.js'
import { readTokens, type Token } from '../core/chain/dynamic.js'
import {
  type MetagraphNeuron,
  readMetagraphOf,
  readRegistrationsToWeigh,
} from '../core/chain/metagraph.js'
import { priceRao, valueAt } from '../core/chain/prices.js'
import { readTempo } from '../core/chain/subnets.js'
import type { ChainView } from '../core/chain/types.js'
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
  notes:
    'EMISSION is per block, in ρ (RAO) on classic chains. Footers count each hotkey once and add up each subnet. On a dTAO chain STAKE is what counts on the subnet: ALPHA there and a part of what the hotkey has on ROOT, both with what children and parents move; what is added up over subnets is converted to τ at the prices of the block.',

  async run(ctx, values) {
    const wallets = await localWallets(ctx, values.all ? undefined : values.walletName)
    const keys = await ofHotkeys(ctx, wallets, values)
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
      ratios: ratiosOf(view),
      wallets,
      balance: read.balance,
      owners: new Map(keys.map((key) => [key.address as string, key])),
      subnets: read.subnets.map((subnet) => ({ ...subnet, neurons: neuronsOf(subnet.netuid) })),
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
          heading(subnet, style),
          {
            columns: columns(data, subnet, i === data.subnets.length - 1, style.sign.tao),
            rows: subnet.neurons.map((neuron) => cells(neuron, subnet, data)),
            shared: { netuid: subnet.netuid },
          },
          '\n',
        ]),
        ...earnings(data).map(style.dim),
        style.dim(`${balance} ${style.sign.dot} block ${data.block}`),
      ]
    },
    json: (data) => ({
      block: data.block,
      wallets: data.wallets.map((wallet) => ({
        name: wallet.name,
        coldkey: wallet.coldkey ?? null,
      })),
      subnets: data.subnets.map(({ netuid, tempo, pool, token, neurons }) => ({
        netuid,
        tempo,
        name: pool?.name || null,
        symbol: pool?.symbol || null,
        priceRao: pool ? `${priceRao(pool.price)}` : null,
        neurons: neurons.map((neuron) => ({
          coldkeyName: data.owners.get(neuron.hotkey)?.wallet ?? null,
          hotkeyName: data.owners.get(neuron.hotkey)?.name ?? null,
          ...neuronJson(neuron, data.block, token),
          emissionRaoPerBlock: `${token ? valueAt(token.price, perBlock(neuron, tempo)) : perBlock(neuron, tempo)}`,
          emissionAlphaRaoPerBlock: token ? `${perBlock(neuron, tempo)}` : null,
        })),
      })),
      balanceRao: `${data.balance}`,
    }),
  },
})

type Subnet = {
  readonly netuid: number
  readonly tempo: number
  /** Undefined on classic chains. */
  readonly pool: Token | undefined
  /** The same where stake and emission are counted in it: not on root. */
  readonly token: Token | undefined
  readonly neurons: readonly MetagraphNeuron[]
}
type Data = {
  readonly all: boolean
  readonly block: number
  readonly ratios: readonly Ratio[]
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
  const [balances, { neurons, subnets }] = await Promise.all([
    readBalances(view, [...new Set(coldkeys)]),
    readNeurons(view, keys, netuids),
  ])
  const balance = rao(balances.reduce((sum, account) => sum + account.free, 0n))
  return { balance, neurons, subnets }
}

async function readNeurons(
  view: ChainView,
  keys: readonly LocalHotkey[],
  netuids: readonly number[],
) {
  const hotkeys = keys.map((key) => key.address)
  const registrations = await readRegistrationsToWeigh(
    view,
    hotkeys,
    netuids.length === 0 ? undefined : [...new Set(netuids)],
  )
  const used = [...new Set(registrations.map(({ netuid }) => netuid))]
  const [neurons, tempos, tokens] = await Promise.all([
    readMetagraphOf(view, registrations),
    Promise.all(used.map((netuid) => readTempo(view, netuid))),
    readTokens(view, used),
  ])
  const subnets = used.map((netuid, i) => {
    const pool = tokens.get(netuid)
    return { netuid, tempo: tempos[i] ?? 0, pool, token: netuid === 0 ? undefined : pool }
  })
  return { neurons, subnets }
}

function title(data: Data): string {
  const [wallet] = data.wallets
  return data.all || !wallet ? 'All Wallets:' : `Wallet - ${wallet.name}:${wallet.coldkey ?? '?'}`
}

function nothing(data: Data): string {
  return data.owners.size === 0 ? 'No hotkeys found.' : 'None of the hotkeys is registered.'
}

function heading({ netuid, pool, token }: Subnet, { bold, dim, sign }: Style): string {
  const name = `Subnet: ${bold(subnetName(netuid, pool))}`
  if (!token) return name
  return `${name} ${dim(`${sign.dot} ${sign.tao}${taoFixed(priceRao(token.price), 9)}`)}`
}

/** Emission of an epoch over its tempo + 1 blocks: RAO, or alpha of the subnet. */
function perBlock(neuron: MetagraphNeuron, tempo: number): bigint {
  return neuron.emission / BigInt(tempo + 1)
}

/** What all neurons get in a day of 7200 blocks: tokens of several subnets can only be added as τ. */
function earnings({ subnets }: Data): string[] {
  if (!subnets.some(({ token }) => token)) return []
  const day = subnets.reduce((total, { tempo, token, neurons }) => {
    const emission = neurons.reduce((sum, neuron) => sum + neuron.emission, 0n)
    const perDay = (emission * 7200n) / BigInt(tempo + 1)
    return total + (token ? valueAt(token.price, perDay) : perDay)
  }, 0n)
  return [`Emission: ≈ ${formatBalance(day)} a day at the prices of this block`]
}

function columns(data: Data, subnet: Subnet, isLast: boolean, tao: string): Column[] {
  const { neurons, tempo, token } = subnet
  const distinct = new Map(
    data.subnets.flatMap((each) => each.neurons.map((one) => [one.hotkey, one])),
  )
  const emission = neurons.reduce((sum, neuron) => sum + perBlock(neuron, tempo), 0n)
  return [
    { title: 'COLDKEY', optional: 1 },
    { title: 'HOTKEY', footer: 'total' },
    { title: 'UID', align: 'right', footer: neurons.length },
    { title: 'ACTIVE', align: 'right', optional: 7 },
    ...stakeOf(subnet, isLast ? [...distinct.values()] : undefined, tao),
    ...ratioColumns(neurons, data.ratios),
    token
      ? {
          title: `EMISSION(${symbolOf(token)})`,
          align: 'right',
          csv: 'emission',
          footer: taoFixed(emission, 5),
        }
      : { title: 'EMISSION(ρ)', align: 'right', footer: `ρ${grouped(emission)}` },
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

/** Classic stake is the same on all subnets and is added up once, below the last; alpha is added up on each. */
function stakeOf(
  { neurons, pool, token }: Subnet,
  distinct: readonly MetagraphNeuron[] | undefined,
  tao: string,
): Column[] {
  if (pool) return stakeColumns(neurons, token, tao)
  const footer = (sum: bigint) => (distinct ? `${tao}${taoFixed(sum, 5)}` : undefined)
  return stakeColumns(distinct ?? [], undefined, tao, footer)
}

function cells(neuron: MetagraphNeuron, { tempo, token }: Subnet, data: Data): Cell[] {
  const owner = data.owners.get(neuron.hotkey)
  const emission = perBlock(neuron, tempo)
  return [
    owner?.wallet,
    owner?.name,
    neuron.uid,
    { text: neuron.active ? 'True' : 'False', exact: neuron.active },
    ...stakeCells(neuron, token),
    ...ratioCells(neuron, data.ratios),
    token ? alphaCell(emission, 5) : { text: grouped(emission), exact: emission },
    ratioCell(neuron.validatorTrust),
    starCell(neuron.validatorPermit),
    sinceUpdate(neuron, data.block),
    axonCell(neuron.axon),
    { text: neuron.hotkey, paint: 'dim' },
  ]
}
