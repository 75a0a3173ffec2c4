/** Neurons as tables and JSON show them, shared by the commands that list them. */

import type { AxonInfo, Neuron } from '../core/chain/types.js'
import { U16_MAX } from '../core/units.js'
import { ratioCell, taoCell } from './cells.js'
import type { SortKeys } from './sortBy.js'
import type { Cell, Column } from './table.js'

/** `ip:port`, or undefined when no axon is served. */
export function axonText(axon: AxonInfo | undefined): string | undefined {
  if (!axon || axon.port === 0) return undefined
  return axon.ip.includes(':') ? `[${axon.ip}]:${axon.port}` : `${axon.ip}:${axon.port}`
}

/** The announced axon, `none` in yellow without one. */
export function axonCell(axon: AxonInfo | undefined): Cell {
  return axonText(axon) ?? { text: 'none', paint: 'yellow', exact: null }
}

/** Columns to compare neurons by; `block` makes UPDATED. */
export function neuronSortKeys(block: number): SortKeys<Neuron> {
  return {
    uid: (neuron) => neuron.uid,
    stake: (neuron) => neuron.stake,
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

/** RANK to DIVIDENDS with their sums in the footer. */
export function ratioColumns(neurons: readonly Neuron[]): Column[] {
  const least = ['TRUST', 'CONSENSUS', 'RANK']
  return RATIOS.map((name) => ({
    title: name.toUpperCase(),
    align: 'right' as const,
    footer: ratioSum(neurons, (neuron) => neuron[name]),
    ...(least.includes(name.toUpperCase())
      ? { optional: least.indexOf(name.toUpperCase()) + 1 }
      : {}),
  }))
}

/** Cells of {@link ratioColumns}. */
export function ratioCells(neuron: Neuron): Cell[] {
  return RATIOS.map((name) => ratioCell(neuron[name]))
}

/** Sum of u16 ratios as a fraction with five decimals. */
export function ratioSum(neurons: readonly Neuron[], of: (neuron: Neuron) => number): string {
  return (neurons.reduce((sum, neuron) => sum + of(neuron), 0) / U16_MAX).toFixed(5)
}

/** Stake in TAO with five decimals, as 5.3.1 shows it. */
export function stakeCell(neuron: Neuron): Cell {
  return taoCell(neuron.stake, 5)
}

/** The fields of a neuron in JSON: amounts as strings of RAO, ratios as fractions. */
export function neuronJson(neuron: Neuron, block: number) {
  return {
    uid: neuron.uid,
    hotkey: neuron.hotkey,
    coldkey: neuron.coldkey,
    active: neuron.active,
    stakeRao: `${neuron.stake}`,
    rank: neuron.rank / U16_MAX,
    trust: neuron.trust / U16_MAX,
    consensus: neuron.consensus / U16_MAX,
    incentive: neuron.incentive / U16_MAX,
    dividends: neuron.dividends / U16_MAX,
    emissionRao: `${neuron.emission}`,
    validatorTrust: neuron.validatorTrust / U16_MAX,
    validatorPermit: neuron.validatorPermit,
    lastUpdate: neuron.lastUpdate,
    blocksSinceUpdate: sinceUpdate(neuron, block),
    axon: axonText(neuron.axon) ?? null,
  }
}
