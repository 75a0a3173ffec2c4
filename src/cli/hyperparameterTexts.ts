/** What the settings of a subnet mean, and how their values are read and written. */
import type { TypeDef } from '../core/chain/typeDef.js'
import { BittensorError } from '../core/errors.js'
import { spanText } from '../core/plans/texts.js'
import { formatTao, parseTao, U16_MAX } from '../core/units.js'
import { parseBoolean } from './define.js'
import { taoFixed } from './numbers.js'

/** `ratio`: of 65535. `ratio64`: of 2⁶⁴ − 1. `tao`: RAO. `blocks`: a number of blocks. `millionth`: of a million. */
export type HyperparameterKind = 'ratio' | 'ratio64' | 'tao' | 'blocks' | 'millionth' | 'plain'

/** Kind and meaning by the runtime's own name. */
export const HYPERPARAMETERS: Readonly<
  Record<string, { readonly kind: HyperparameterKind; readonly about: string }>
> = {
  rho: { kind: 'plain', about: 'steepness of the trust curve' },
  kappa: { kind: 'ratio', about: 'share of stake that makes a majority' },
  immunity_period: { kind: 'blocks', about: 'for which a new neuron is not replaced' },
  min_allowed_weights: { kind: 'plain', about: 'weights that a validator sets at least' },
  max_weights_limit: { kind: 'ratio', about: 'largest share of one weight' },
  tempo: { kind: 'blocks', about: 'between two epochs' },
  min_difficulty: { kind: 'plain', about: 'floor of the proof of work' },
  max_difficulty: { kind: 'plain', about: 'ceiling of the proof of work' },
  difficulty: { kind: 'plain', about: 'of the proof of work now' },
  weights_version: { kind: 'plain', about: 'version key that weights must carry' },
  weights_rate_limit: { kind: 'blocks', about: 'between two settings of weights' },
  adjustment_interval: { kind: 'blocks', about: 'between two changes of difficulty and burn' },
  adjustment_alpha: { kind: 'ratio64', about: 'how slowly difficulty and burn follow' },
  activity_cutoff: { kind: 'blocks', about: 'without weights after which a validator is inactive' },
  registration_allowed: { kind: 'plain', about: 'whether registration is open' },
  target_regs_per_interval: {
    kind: 'plain',
    about: 'registrations per interval that are aimed at',
  },
  max_regs_per_block: { kind: 'plain', about: 'registrations per block at most' },
  min_burn: { kind: 'tao', about: 'lowest price of recycle_register' },
  max_burn: { kind: 'tao', about: 'highest price of recycle_register' },
  bonds_moving_avg: { kind: 'millionth', about: 'how slowly bonds follow the weights' },
  serving_rate_limit: { kind: 'blocks', about: 'between two announcements of an axon' },
  max_validators: { kind: 'plain', about: 'neurons that may hold a validator permit' },
  commit_reveal_period: { kind: 'plain', about: 'epochs between commit and reveal of weights' },
  commit_reveal_weights_enabled: { kind: 'plain', about: 'whether weights are committed first' },
  alpha_high: { kind: 'ratio', about: 'upper bound of liquid alpha' },
  alpha_low: { kind: 'ratio', about: 'lower bound of liquid alpha' },
  liquid_alpha_enabled: { kind: 'plain', about: 'whether bonds follow at a speed of their own' },
  alpha_sigmoid_steepness: { kind: 'plain', about: 'steepness of liquid alpha' },
  yuma_version: { kind: 'plain', about: 'form of the consensus' },
  yuma3_enabled: { kind: 'plain', about: 'whether Yuma 3 makes the consensus' },
  subnet_is_active: { kind: 'plain', about: 'whether the token is traded' },
  subtoken_enabled: { kind: 'plain', about: 'whether the token is traded' },
  transfers_enabled: { kind: 'plain', about: 'whether stake may change owners' },
  bonds_reset_enabled: { kind: 'plain', about: 'whether bonds can be reset' },
  bonds_penalty: { kind: 'ratio', about: 'how much weights off the consensus cost bonds' },
  user_liquidity_enabled: { kind: 'plain', about: 'whether others may add liquidity' },
}

type Value = number | bigint | boolean

const SCALES: Readonly<Record<string, bigint>> = {
  ratio: BigInt(U16_MAX),
  ratio64: (1n << 64n) - 1n,
  millionth: 1_000_000n,
}

/** A share from 0 to 1; undefined for what is no share. */
export function normalize(name: string, value: Value): number | undefined {
  const scale = SCALES[HYPERPARAMETERS[name]?.kind ?? '']
  return scale === undefined || typeof value === 'boolean'
    ? undefined
    : Number(value) / Number(scale)
}

/** What a value means: a share, τ or a span of time. */
export function shown(
  { name, value }: { readonly name: string; readonly value: Value },
  blockTimeMs: number,
  tao: string,
): string {
  const share = normalize(name, value)
  if (share !== undefined) return share.toFixed(5)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const kind = HYPERPARAMETERS[name]?.kind
  if (kind === 'tao') return `${tao}${taoFixed(BigInt(value), 9)}`
  if (kind === 'blocks') return `≈ ${spanText(Number(value) * blockTimeMs)}`
  return `${value}`
}

/** A value for the preview: as the chain has it and what it means. */
export function valueText(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number' && typeof value !== 'bigint') return String(value)
  if (HYPERPARAMETERS[name]?.kind === 'tao') return `τ${formatTao(BigInt(value), 'full')}`
  const share = normalize(name, value)
  return share === undefined ? `${value}` : `${value} (${share.toFixed(5)})`
}

/**
 * Text to the value of a setting, within the range of its type. Shares may be written as `0.5` or `50%`; amounts need a unit,
 * since a bare number could be either.
 * @throws {BittensorError} `USAGE`, `BAD_AMOUNT`
 */
export function parseSetting(name: string, text: string, type: TypeDef): unknown {
  if (type.kind === 'bool') return parsed(name, () => parseBoolean(text))
  if (type.kind === 'uint' || type.kind === 'int' || type.kind === 'compact') {
    const value = numberOf(name, text)
    const bits = BigInt(type.bytes * 8)
    const [low, high] =
      type.kind === 'int'
        ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
        : [0n, (1n << bits) - 1n]
    if (value < low || value > high) throw wrong(name, `must be from ${low} to ${high}`)
    return value
  }
  if (type.kind === 'variant') {
    const found = type.cases.find((one) => one.name.toLowerCase() === text.toLowerCase())
    if (found) return { type: found.name }
    throw wrong(name, `must be one of ${type.cases.map((one) => one.name).join(', ')}`)
  }
  if (type.kind === 'account') return text
  throw wrong(name, 'has a form that can not be typed here; btcli tx takes any value')
}

/** There is no half RAO. */
function unitsFor(text: string): string {
  return text.includes('.') ? `${text}τ` : `${text}τ, or ${text}rao`
}

function numberOf(name: string, text: string): bigint {
  const kind = HYPERPARAMETERS[name]?.kind
  if (kind === 'tao') {
    if (/^[\d.,_]+$/.test(text.trim())) throw wrong(name, `needs a unit: ${unitsFor(text)}`)
    try {
      return parseTao(text.replace(/tao$/i, 'τ'))
    } catch {
      throw wrong(name, 'must be an amount such as 1.5τ or 1500000rao')
    }
  }
  const scale = SCALES[kind ?? '']
  const [, whole = '', fraction = '', sign] = /^(-?\d*)(?:\.(\d+))?\s*(%?)$/.exec(text.trim()) ?? []
  if (whole + fraction === '' || whole + fraction === '-') throw wrong(name, 'must be a number')
  if (fraction === '' && sign === '') return BigInt(whole)
  if (scale === undefined) throw wrong(name, 'must be a whole number')
  const parts = BigInt(whole + fraction)
  const unit = 10n ** BigInt(fraction.length) * (sign === '%' ? 100n : 1n)
  if (parts < 0n || parts > unit) throw wrong(name, 'must be a share from 0 to 1, or a percentage')
  return (parts * scale) / unit
}

function parsed<T>(name: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw error instanceof RangeError ? wrong(name, error.message) : error
  }
}

function wrong(name: string, what: string): BittensorError {
  return new BittensorError('USAGE', `${name}: ${what}`)
}
