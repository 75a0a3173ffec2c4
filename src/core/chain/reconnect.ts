const FIRST_WAIT_MS = 500

/**
 * The wait before the next attempt to reach a lost node, in milliseconds: short at first, then longer up to a limit.
 * @param failures in a row, from 1 on
 */
export function reconnectWait(failures: number, longestMs: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1), longestMs)
}
