/** Starts this program again as a process of its own, which outlives the one that started it. */
import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'

/** How to start this program. */
export type Program = {
  /** The Node executable, its own options, and the script. */
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The process that was started. */
export type Detached = {
  /** Whether it has ended already. */
  readonly ended: boolean
}

/** Passwords and the like in variables are for the process that they were given to. */
const SECRET = /^BT_(PW|COLD_PW|WALLET_PASSWORD)(_|$)/i

/**
 * Starts `btcli <words>` in the background; what it prints goes to a file.
 * @example
 * await startDetached({ command: [process.execPath, 'btcli.js'], env: {} }, ['localnet', 'start'], '/tmp/log')
 */
export async function startDetached(
  program: Program,
  words: readonly string[],
  logFile: string,
): Promise<Detached> {
  const [executable = '', ...args] = program.command
  const env = Object.entries(program.env).filter(([name]) => !SECRET.test(name))
  const log = await open(logFile, 'w', 0o600)
  try {
    const child = spawn(executable, [...args, ...words], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: Object.fromEntries(env),
    })
    let ended = false
    const end = () => {
      ended = true
    }
    child.once('exit', end)
    child.once('error', end)
    child.unref()
    return {
      get ended() {
        return ended
      },
    }
  } finally {
    await log.close()
  }
}
