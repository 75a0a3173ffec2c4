/** Tells processes of this machine apart. Loads nothing: every start of btcli makes a probe, few use it. */

/** This process, and how to ask about others on the same machine. */
export type ProcessProbe = {
  readonly pid: number
  /**
   * Something that tells a process from a later one with the same number, such as its start time; any constant where
   * the system does not say; undefined when no such process lives.
   */
  identify(pid: number): Promise<string | undefined>
}

/**
 * A probe for this machine. Where /proc tells the start time of processes, a number that was given to another process
 * meanwhile does not look alive.
 * @param isAlive whether a process of this number lives, such as signal 0 tells
 */
export function processProbe(self: {
  readonly pid: number
  readonly isAlive: (pid: number) => boolean
}): ProcessProbe {
  return {
    pid: self.pid,
    async identify(pid) {
      if (!self.isAlive(pid)) return undefined
      const { readFile } = await import('node:fs/promises')
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
      if (text === undefined) return 'alive'
      // The name in parentheses may hold anything; after it come the state (field 3) and the start time (field 22).
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? undefined : `started ${fields[19]}`
    },
  }
}
