/** How much a block takes, as the runtime's constants say. */
import type { Pallet } from '../../runtime/pallet.js'

/** Limits for ordinary transactions. */
export type Limits = {
  /** Bytes of all transactions of a block. */
  readonly length: number
  /** Picoseconds of all transactions of a block. */
  readonly refTime: bigint
}

type BlockWeights = { per_class: { normal: { max_total?: { ref_time: bigint } } } }
type BlockLength = { max: { normal: number } }

/** Reads the limits from System's constants. */
export function limitsOf(pallets: readonly Pallet[]): Limits {
  const constants = pallets.find((pallet) => pallet.name === 'System')?.constants
  const weights = constants?.['BlockWeights']?.value as BlockWeights | undefined
  const lengths = constants?.['BlockLength']?.value as BlockLength | undefined
  return {
    length: lengths?.max.normal ?? 3_932_160,
    refTime: weights?.per_class.normal.max_total?.ref_time ?? 3_000_000_000_000n,
  }
}
