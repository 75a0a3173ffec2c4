/** How fast a search goes and how long it should take. */
import type { Challenge } from './challenge.js'
import { largestSeal } from './seal.js'

/** A moment of a search. Rates are hashes per second, times seconds. */
export type Progress = {
  readonly challenge: Challenge
  /** Threads. */
  readonly workers: number
  /** Names of the GPUs at work. */
  readonly helpers: readonly string[]
  readonly hashes: bigint
  /** Searching, all rounds together. */
  readonly seconds: number
  /** Over the last moments, the newest weighing most. */
  readonly rateNow: number
  /** Over all the time. */
  readonly rateMean: number
  /** Rates of the last moments, oldest first. */
  readonly history: readonly number[]
  readonly expected: ExpectedTime
}

/** How long from now on. A search has no memory: what was tried before does not shorten it. */
export type ExpectedTime = {
  readonly mean: number
  /** Time within which half of all searches end. */
  readonly half: number
  /** Time within which 95 % of all searches end. */
  readonly most: number
}

/**
 * Expected times at a hash rate; `Infinity` at rate 0.
 * @example
 * expectedTime(10_000_000n, 7.6e6) // { mean: 1.32, half: 0.91, most: 3.94 }
 */
export function expectedTime(difficulty: bigint, rate: number): ExpectedTime {
  // Chance of one nonce: a share of all 2^256 seals.
  const chance = Number((largestSeal(difficulty) + 1n) >> 128n) / 2 ** 128
  const mean = rate > 0 ? 1 / (chance * rate) : Number.POSITIVE_INFINITY
  return { mean, half: mean * Math.LN2, most: mean * Math.log(20) }
}

/**
 * The chance to find a proof within some time.
 * @example
 * chanceWithin(12, 10_000_000n, 7.6e6) // 0.9999
 */
export function chanceWithin(seconds: number, difficulty: bigint, rate: number): number {
  return -Math.expm1(-seconds / expectedTime(difficulty, rate).mean)
}

// Samples behind "now", each weighing 0.8 of the next younger one, as in bittensor 5.3.1 (which weighs the oldest most).
const RECENT = 10
const DECAY = 0.8
const HISTORY = 60

/** Turns totals, read from time to time, into rates. */
export type RateMeter = {
  /** Takes what was tried up to a time in seconds; samples closer than a hundredth of a second are left out. */
  sample(seconds: number, hashes: bigint): void
  /** Hashes per second over the last samples, or undefined before there are two. */
  now(): number | undefined
  /** Rates between samples, oldest first, at most 60. */
  history(): readonly number[]
}

/** Makes a meter. */
export function createRateMeter(): RateMeter {
  const rates: number[] = []
  let last: { readonly seconds: number; readonly hashes: bigint } | undefined
  return {
    sample(seconds, hashes) {
      if (last && seconds - last.seconds < 0.01) return
      if (last) rates.push(Number(hashes - last.hashes) / (seconds - last.seconds))
      if (rates.length > HISTORY) rates.shift()
      last = { seconds, hashes }
    },
    now() {
      const recent = rates.slice(-RECENT).reverse()
      if (recent.length === 0) return undefined
      const weights = recent.map((_, age) => DECAY ** age)
      const sum = recent.reduce((total, rate, age) => total + rate * (weights[age] ?? 0), 0)
      return sum / weights.reduce((total, weight) => total + weight, 0)
    },
    history: () => [...rates],
  }
}
