/** Sorts names as people count. Not Intl.Collator: loading its tables takes longer than all the rest of `btcli list`. */

/**
 * Compares two names: runs of digits by value, other text without regard to case, ties by plain code units.
 * @example
 * ['miner10', 'Zed', 'miner2', 'alice'].sort(naturalOrder) // ['alice', 'miner2', 'miner10', 'Zed']
 */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [pieces(a), pieces(b)]
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = comparePieces(left[index] ?? '', right[index] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length || compareText(a, b)
}

/** `miner10b` in `miner`, `10`, `b`. */
function pieces(name: string): readonly string[] {
  return name.toLowerCase().match(/\d+|\D+/g) ?? []
}

function comparePieces(a: string, b: string): number {
  const areNumbers = /^\d/.test(a) && /^\d/.test(b)
  return areNumbers ? compareNumbers(a, b) : compareText(a, b)
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return left.length - right.length || compareText(left, right)
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
