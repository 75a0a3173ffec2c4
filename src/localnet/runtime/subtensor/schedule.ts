/** When a subnet's epoch is due. */

/** Whether the block ends an epoch: a matter of the present tempo alone. A tempo of 0 never does. */
export function isEpochBlock(netuid: number, tempo: number, block: number): boolean {
  return tempo !== 0 && (block + netuid + 1) % (tempo + 1) === tempo
}
