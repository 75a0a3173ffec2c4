/**
 * Alpha that shares of a hotkey's pool stand for, to the digit that the runtime answers. Shares were whole in the preview of
 * dTAO, had a binary fraction after it, and are decimal floating-point numbers since 2026, entry by entry as each is written.
 */
import type { Ss58 } from '../keys/ss58.js'
import type { ChainValue, ChainView } from './types.js'
import { asBigint, asRecord } from './values.js'

const MODULE = 'SubtensorModule'

/** A share of a coldkey as the chain keeps it. */
export type Share = {
  readonly hotkey: Ss58
  readonly coldkey: Ss58
  readonly netuid: number
  readonly shares: ChainValue
}

/** Storage items that hold shares; where one coldkey is in both, the first counts. */
export function shareItems(view: ChainView): readonly string[] {
  return ['Alpha', 'AlphaV2'].filter((item) => view.hasStorage(MODULE, item))
}

/** The alpha of a share. */
export async function alphaOfShare(view: ChainView, share: Share): Promise<bigint> {
  const { hotkey, netuid, shares } = share
  const [pool, old, all] = await Promise.all([
    view.read(MODULE, 'TotalHotkeyAlpha', hotkey, netuid),
    view.hasStorage(MODULE, 'TotalHotkeyShares')
      ? view.readStored(MODULE, 'TotalHotkeyShares', hotkey, netuid)
      : undefined,
    view.hasStorage(MODULE, 'TotalHotkeySharesV2')
      ? view.read(MODULE, 'TotalHotkeySharesV2', hotkey, netuid)
      : undefined,
  ])
  if (all === undefined) {
    const fractionBits = view.specVersion < FIRST_FRACTION ? 0n : 64n
    return alphaOfBits(asBigint(shares), asBigint(old ?? 0), { pool: asBigint(pool), fractionBits })
  }
  const { mantissa, exponent } = floatOf(shares)
  const total = floatOf(old ?? all)
  if (total.mantissa === 0n) return 0n
  const shared = normalized(asBigint(pool), 0)
  return whole(
    normalized(
      (shared.mantissa * mantissa) / total.mantissa,
      shared.exponent + exponent - total.exponent,
    ),
  )
}

/** Shares have a fraction since dTAO is on the main network. */
const FIRST_FRACTION = 233

/**
 * First the alpha per share, in I96F32 while shares were whole (opentensor/subtensor 7dcb6a7c5, staking/alpha.rs), in U64F64
 * since they have a fraction (v2.0.0, share-pool).
 */
function alphaOfBits(
  shares: bigint,
  allShares: bigint,
  { pool, fractionBits }: { readonly pool: bigint; readonly fractionBits: bigint },
): bigint {
  if (allShares === 0n) return 0n
  const precision = fractionBits === 0n ? 32n : 64n
  const perShare = (pool << (precision + fractionBits)) / allShares
  return (perShare * shares) >> (precision + fractionBits)
}

/** mantissa × 10^exponent, with 21 digits in the mantissa (opentensor/subtensor, primitives/share-pool at spec 425). */
type Float = { readonly mantissa: bigint; readonly exponent: number }

const MAX_MANTISSA = 10n ** 21n

function normalized(mantissa: bigint, exponent: number): Float {
  if (mantissa === 0n) return { mantissa, exponent: 0 }
  let [value, power] = [mantissa, exponent]
  for (; value > MAX_MANTISSA; power++) value /= 10n
  for (; value <= MAX_MANTISSA / 10n; power--) value *= 10n
  return { mantissa: value, exponent: power }
}

/** A share in its newest form, or with a binary fraction. */
function floatOf(value: ChainValue): Float {
  if (typeof value === 'object' && 'mantissa' in value) {
    const { mantissa = 0n, exponent = 0n } = asRecord(value)
    return { mantissa: asBigint(mantissa), exponent: Number(asBigint(exponent)) }
  }
  const bits = asBigint(value)
  const fraction = normalized(bits & ((1n << 64n) - 1n), 0)
  const unit = normalized(1n << 64n, 0)
  const part = normalized(
    (fraction.mantissa * MAX_MANTISSA) / unit.mantissa,
    fraction.exponent - unit.exponent - 21,
  )
  return sum(normalized(bits >> 64n, 0), part)
}

function sum(a: Float, b: Float): Float {
  if (a.mantissa === 0n) return b
  if (b.mantissa === 0n) return a
  const [high, low] = a.exponent >= b.exponent ? [a, b] : [b, a]
  const shifted = low.mantissa / 10n ** BigInt(high.exponent - low.exponent)
  return normalized(high.mantissa + shifted, high.exponent)
}

/** Rounded down, as the chain does. */
function whole({ mantissa, exponent }: Float): bigint {
  const scale = 10n ** BigInt(Math.abs(exponent))
  return exponent < 0 ? mantissa / scale : mantissa * scale
}
