/** Faults on demand: a node that misbehaves in a chosen way, to test what clients make of it. */
import { BittensorError } from '../../core/errors.js'

const RANDOM_KINDS = ['drop-connection', 'delay', 'garbage', 'no-finality'] as const

export const FAULT_KINDS = [...RANDOM_KINDS, 'runtime-upgrade'] as const

/**
 * How a node can misbehave. `drop-connection`, `delay` and `garbage` befall messages on their way to socket clients;
 * `no-finality` befalls blocks; `runtime-upgrade` befalls the chain once, at a block.
 */
export type FaultKind = (typeof FAULT_KINDS)[number]

type RandomKind = (typeof RANDOM_KINDS)[number]

/** A fault that happens every now and then. */
export type RandomFault = {
  readonly kind: RandomKind
  /** Share of the messages or blocks that it befalls, from 0 (none) to 1 (all). */
  readonly rate: number
}

/** The chain changes from `classic` to `dtao` while clients are connected. */
export type UpgradeFault = {
  readonly kind: 'runtime-upgrade'
  /** The block that brings the new runtime, which makes the one after it; ten blocks from the start by default. */
  readonly at?: number | undefined
}

/** Something that a node does wrong on purpose. */
export type Fault = RandomFault | UpgradeFault

/** The faults of one node. */
export type Faults = {
  /** Whether the fault happens to the message or block at hand. */
  strikes(kind: RandomKind): boolean
}

/** The upgrade among some faults. */
export const upgradeOf = (faults: readonly Fault[]): UpgradeFault | undefined =>
  faults.find((fault) => fault.kind === 'runtime-upgrade')

/**
 * Draws which messages and blocks a fault befalls. The draws look random and are the same in every run, so that what a
 * client did wrong can be seen again.
 * @throws {BittensorError} `USAGE` for a rate that is not from 0 to 1, or a kind that there is not.
 */
export function createFaults(faults: readonly Fault[]): Faults {
  const rates = new Map<RandomKind, { readonly rate: number; readonly draw: () => number }>()
  for (const fault of faults) {
    if (fault.kind === 'runtime-upgrade') continue
    const { kind, rate } = fault
    const place = RANDOM_KINDS.indexOf(kind)
    if (place < 0)
      throw new BittensorError('USAGE', `\`${kind}\` is no fault`, { hint: KINDS_HINT })
    if (!(rate >= 0 && rate <= 1)) {
      throw new BittensorError('USAGE', 'the rate of a fault must be from 0 to 1')
    }
    rates.set(kind, { rate, draw: sequence(place + 1) })
  }
  return {
    strikes(kind) {
      const found = rates.get(kind)
      return found !== undefined && found.draw() < found.rate
    },
  }
}

const KINDS_HINT = `the faults are ${FAULT_KINDS.join(', ')}`

/** Numbers from 0 to 1, exclusive, that always come in the same order (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The way of messages to one client. */
export type Wire = {
  send(text: string): void
  /** Ends the connection without a farewell. */
  cut(): void
}

/** How late a delayed message is, and with it those behind it. */
export const DELAY_MS = 2000

/** A wire on which the faults happen. Messages stay in order: a delayed one holds up those behind it. */
export function faultyWire(faults: Faults, wire: Wire): Wire {
  const waiting: string[] = []
  let timer: NodeJS.Timeout | undefined
  let bad = 0
  const release = () => {
    timer = undefined
    for (const text of waiting.splice(0)) wire.send(text)
  }
  const cut = () => {
    clearTimeout(timer)
    waiting.length = 0
    wire.cut()
  }
  return {
    cut,
    send(text) {
      if (faults.strikes('drop-connection')) return cut()
      const sent = faults.strikes('garbage') ? spoil(text, bad++) : text
      if (faults.strikes('delay')) timer ??= setTimeout(release, DELAY_MS).unref()
      if (timer) waiting.push(sent)
      else wire.send(sent)
    },
  }
}

/** What comes instead of a message: by turns half of it, noise, and an answer to nobody's question. */
function spoil(text: string, turn: number): string {
  if (turn % 3 === 0) return text.slice(0, Math.ceil(text.length / 2))
  if (turn % 3 === 1) return '\u0000\ufffd<html>502 Bad Gateway</html>'
  return '{"jsonrpc":"2.0","id":"no such request","result":{"garbage":true}}'
}
