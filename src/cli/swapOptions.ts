/** Options that set the terms of a swap between TAO and alpha. */
import { BittensorError } from '../core/errors.js'
import { flag, option } from './define.js'

/** Options of commands that swap TAO and alpha; without effect on classic chains and on root. */
export const swapOptions = {
  tolerance: option({
    flags: '--tolerance, --rate_tolerance <share>',
    description: 'how far the price may move, as 0.005 or 0.5% (default: 0.005); dTAO chains',
    parse: parseTolerance,
    default: 5_000,
  }),
  safe: flag({
    flags: '--safe, --safe_staking',
    description: 'hold the swap to a limit price; that is the default',
    conflicts: ['unsafe'],
  }),
  unsafe: flag({ flags: '--unsafe', description: 'set no limit on the price; dTAO chains' }),
  allowPartial: flag({
    flags: '--allow_partial, --partial',
    description: 'do what fits within the limit instead of failing; dTAO chains',
  }),
}

/** `0.005` or `0.5%` in millionths. */
export function parseTolerance(text: string): number {
  const [, digits, percent] = /^(\d*\.?\d+)\s*(%?)$/.exec(text.trim()) ?? []
  const share = digits === undefined ? Number.NaN : Number(digits) / (percent === '%' ? 100 : 1)
  if (!(share >= 0 && share < 1))
    throw new BittensorError('USAGE', 'must be a share from 0 to 1, or a percentage')
  return Math.round(share * 1_000_000)
}
