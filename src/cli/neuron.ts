/** Neurons as tables and JSON show them, shared by the commands that list them. */

import type { Token } from '../core/chain/dynamic.js'
import type { MetagraphNeuron } from '../core/chain/metagraph.js'
import { valueAt } from '../core/chain/prices.js'
import type { AxonInfo, ChainView, Neuron } from '../core/chain/types.js'
import { U16_MAX } from '../core/units.js'
import { alphaCell, ratioCell, taoCell } from './cells.js'
import { taoFixed } from './numbers.js'
import type { SortKeys } from './sortBy.js'
import type { Cell, Column } from './table.js'

/** `ip:port`, or undefined when no axon is served: the address of zeros takes one back. */
export function axonText(axon: AxonInfo | undefined): string | undefined {
  if (!axon || axon.port === 0 || /^(0\.0\.0\.0|::)$/.test(axon.ip)) return undefined
  return axon.ip.includes(':') ? `[${axon.ip}]:${axon.port}` : `${axon.ip}:${axon.port}`
}

/** The announced axon, `none` in yellow without one. */
export function axonCell(axon: AxonInfo | undefined): Cell {
  return axonText(axon) ?? { text: 'none', paint: 'yellow', exact: null }
}

/** Columns to compare neurons by; `block` makes UPDATED. */
export function neuronSortKeys(block: number): SortKeys<MetagraphNeuron> {
  return {
    uid: (neuron) => neuron.uid,
    stake: countedStake,
    alpha: (neuron) => neuron.weighed?.alphaStake ?? 0n,
    root: (neuron) => neuron.weighed?.taoStake ?? 0n,
    rank: (neuron) => neuron.rank,
    trust: (neuron) => neuron.trust,
    consensus: (neuron) => neuron.consensus,
    incentive: (neuron) => neuron.incentive,
    dividends: (neuron) => neuron.dividends,
    emission: (neuron) => neuron.emission,
    vtrust: (neuron) => neuron.validatorTrust,
    updated: (neuron) => sinceUpdate(neuron, block),
    active: (neuron) => (neuron.active ? 1 : 0),
    axon: (neuron) => axonText(neuron.axon) ?? '',
    hotkey: (neuron) => neuron.hotkey,
    coldkey: (neuron) => neuron.coldkey,
  }
}

/** Blocks since the last weights. A development chain may start with weights of its block 1. */
export function sinceUpdate(neuron: Neuron, block: number): number {
  return Math.max(0, block - neuron.lastUpdate)
}

const RATIOS = ['rank', 'trust', 'consensus', 'incentive', 'dividends'] as const

/** The ratios that a runtime reckons: those since 2026 have no ranks and no trust, and answer zeros. */
export function ratiosOf(view: ChainView): readonly Ratio[] {
  return RATIOS.filter(
    (name) =>
      (name !== 'rank' || view.hasStorage('SubtensorModule', 'Rank')) &&
      (name !== 'trust' || view.hasStorage('SubtensorModule', 'Trust')),
  )
}

export type Ratio = (typeof RATIOS)[number]

/** RANK to DIVIDENDS with their sums in the footer. */
export function ratioColumns(neurons: readonly Neuron[], ratios: readonly Ratio[]): Column[] {
  const least = ['TRUST', 'CONSENSUS', 'RANK']
  return ratios.map((name) => ({
    title: name.toUpperCase(),
    align: 'right' as const,
    footer: ratioSum(neurons, (neuron) => neuron[name]),
    ...(least.includes(name.toUpperCase())
      ? { optional: least.indexOf(name.toUpperCase()) + 1 }
      : {}),
  }))
}

/** Cells of {@link ratioColumns}. */
export function ratioCells(neuron: Neuron, ratios: readonly Ratio[]): Cell[] {
  return ratios.map((name) => ratioCell(neuron[name]))
}

/** Sum of u16 ratios as a fraction with five decimals. */
export function ratioSum(neurons: readonly Neuron[], of: (neuron: Neuron) => number): string {
  return (neurons.reduce((sum, neuron) => sum + of(neuron), 0) / U16_MAX).toFixed(5)
}

/** What counts for permits and dividends: on classic chains all stake there is. */
export function countedStake({ weighed, stake }: MetagraphNeuron): bigint {
  return weighed?.totalStake ?? stake
}

/** Sign of a token: its symbol, or the number of the subnet where it has none, or one that passes for τ. */
export function symbolOf({ symbol, netuid }: Token): string {
  return symbol === '' || /^[τΤ𝜏𝛕𝝉𝞃]$/u.test(symbol) ? `SN${netuid}` : symbol
}

/** `1 α Lumen`: number, symbol and name of a subnet as far as it has them. */
export function subnetName(netuid: number, token: Token | undefined): string {
  return [netuid, token?.symbol, token?.name].filter((part) => part || part === 0).join(' ')
}

/** STAKE, and on subnets with a token what it is made of, with sums of one subnet in the footer. */
export function stakeColumns(
  neurons: readonly MetagraphNeuron[],
  token: Token | undefined,
  tao: string,
  footer: (sum: bigint) => Cell = (sum) => taoFixed(sum, 5),
): Column[] {
  const sum = (of: (neuron: MetagraphNeuron) => bigint) =>
    footer(neurons.reduce((total, one) => total + of(one), 0n))
  const stake = sum(countedStake)
  if (!token) return [{ title: `STAKE(${tao})`, align: 'right', footer: stake }]
  return [
    { title: 'STAKE', align: 'right', csv: 'stake_weight', footer: stake },
    {
      title: `ALPHA(${symbolOf(token)})`,
      align: 'right',
      optional: 1,
      csv: 'stake',
      footer: sum(({ weighed }) => weighed?.alphaStake ?? 0n),
    },
    {
      title: `ROOT(${tao})`,
      align: 'right',
      optional: 1,
      footer: sum(({ weighed }) => weighed?.taoStake ?? 0n),
    },
  ]
}

/** Cells of {@link stakeColumns}. */
export function stakeCells(neuron: MetagraphNeuron, token: Token | undefined): Cell[] {
  const { weighed } = neuron
  if (!token) return [taoCell(countedStake(neuron), 5)]
  return [
    alphaCell(countedStake(neuron), 5),
    alphaCell(weighed?.alphaStake, 5),
    taoCell(weighed?.taoStake, 5),
  ]
}

/**
 * The fields of a neuron in JSON: amounts as strings, ratios as fractions. What is named RAO is τ: of alpha its value at the
 * price of the block. On classic chains and on root, where there is no token, the fields of alpha are null.
 */
export function neuronJson(neuron: MetagraphNeuron, block: number, token: Token | undefined) {
  const { weighed, alphaDividends, rootDividends } = neuron
  const alpha = (amount: bigint | undefined) => (token && amount !== undefined ? `${amount}` : null)
  const value = (amount: bigint) => `${token ? valueAt(token.price, amount) : amount}`
  return {
    uid: neuron.uid,
    hotkey: neuron.hotkey,
    coldkey: neuron.coldkey,
    active: neuron.active,
    stakeRao: value(token ? (weighed?.alphaStake ?? 0n) : countedStake(neuron)),
    alphaStakeRao: alpha(weighed?.alphaStake),
    taoStakeRao: weighed ? `${weighed.taoStake}` : null,
    stakeWeightRao: `${countedStake(neuron)}`,
    rank: neuron.rank / U16_MAX,
    trust: neuron.trust / U16_MAX,
    consensus: neuron.consensus / U16_MAX,
    incentive: neuron.incentive / U16_MAX,
    dividends: neuron.dividends / U16_MAX,
    emissionRao: value(neuron.emission),
    emissionAlphaRao: alpha(neuron.emission),
    dividendsAlphaRao: alpha(alphaDividends),
    rootDividendsAlphaRao: alpha(rootDividends),
    validatorTrust: neuron.validatorTrust / U16_MAX,
    validatorPermit: neuron.validatorPermit,
    lastUpdate: neuron.lastUpdate,
    blocksSinceUpdate: sinceUpdate(neuron, block),
    axon: axonText(neuron.axon) ?? null,
  }
}
