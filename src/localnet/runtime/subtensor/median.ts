/** The stake-weighted median that consensus is made of. */

/**
 * The score at which the stake below first passes `minority`. Elements keep their order while they are split around a
 * pivot, because on ties the pivot decides what the runtime answers.
 * @param stakes shares of the voters
 * @param scores their scores, in the same order
 */
export function weightedMedian(
  stakes: ArrayLike<number>,
  scores: ArrayLike<number>,
  minority: number,
  sum: number,
): number {
  let search: Search = {
    part: Array.from({ length: stakes.length }, (_, i) => i),
    low: 0,
    high: sum,
  }
  for (;;) {
    const { part } = search
    const pivot = scores[part[part.length >> 1] ?? 0] ?? 0
    if (part.length <= 1) return part.length === 0 ? 0 : pivot
    const next = narrow(search, partition(part, stakes, scores, pivot), minority)
    if (!next) return pivot
    search = next
  }
}

type Search = { readonly part: readonly number[]; readonly low: number; readonly high: number }

/** The side of the pivot to go on with, undefined when the pivot is it. */
function narrow(
  { low, high }: Search,
  { lower, upper, below, above }: ReturnType<typeof partition>,
  minority: number,
): Search | undefined {
  const isBelow = minority < low + below
  const isAbove = high - above <= minority
  if (isBelow && lower.length > 0) return { part: lower, low, high: low + below }
  if (isAbove && upper.length > 0) return { part: upper, low: high - above, high }
  return undefined
}

function partition(
  part: readonly number[],
  stakes: ArrayLike<number>,
  scores: ArrayLike<number>,
  pivot: number,
) {
  const lower: number[] = []
  const upper: number[] = []
  let [below, above] = [0, 0]
  for (const i of part) {
    const score = scores[i] ?? 0
    if (score < pivot) {
      lower.push(i)
      below += stakes[i] ?? 0
    } else if (score > pivot) {
      upper.push(i)
      above += stakes[i] ?? 0
    }
  }
  return { lower, upper, below, above }
}
