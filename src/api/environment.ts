/** What the API takes from the process around it: the only place here that looks at it. */
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The variables of this process. */
export function environment(): Environment {
  return process.env
}

/** The words after the program's name. */
export function programArguments(): readonly string[] {
  return process.argv.slice(2)
}

/** Where error messages and logs go. */
export function writeError(text: string): void {
  process.stderr.write(text)
}

/** Whether stderr is a terminal that shows colours. */
export function hasColours(): boolean {
  return process.stderr.isTTY === true && !process.env['NO_COLOR']
}

/**
 * An absolute path; a leading `~` is the home folder.
 * @example
 * absolutePath('~/.bittensor/wallets') // '/home/alice/.bittensor/wallets'
 */
export function absolutePath(path: string): string {
  if (path === '~' || /^~[\\/]/.test(path)) return resolve(homedir(), `.${path.slice(1)}`)
  return resolve(path)
}

/** The folder in which described runtimes are kept, shared with btcli. */
export function cacheFolder(env: Environment = environment()): string {
  const folder = env['XDG_CACHE_HOME']
  return join(folder && isAbsolute(folder) ? folder : join(homedir(), '.cache'), 'btcli')
}
