/** The largest and the smallest of some amounts; Math.max knows no bigint. */

/** The largest. */
export function largest(first: bigint, ...more: readonly bigint[]): bigint {
  // biome-ignore lint/complexity/useMathMinMax: for numbers only
  return more.reduce((most, each) => (each > most ? each : most), first)
}

/** The smallest. */
export function smallest(first: bigint, ...more: readonly bigint[]): bigint {
  // biome-ignore lint/complexity/useMathMinMax: for numbers only
  return more.reduce((least, each) => (each < least ? each : least), first)
}
