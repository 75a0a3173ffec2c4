/** What the API takes from the process around it: the only place here that looks at it. */
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { ProxySettings } from '../core/chain/proxyAgent.js'

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

/** Nodes that stand in for the usual one, and nodes that keep all blocks, by the variables of bittensor 11. */
export function moreNodes(env: Environment = environment()): {
  readonly fallbacks: readonly string[]
  readonly archives: readonly string[]
} {
  const list = (name: string) => (env[name] ?? '').split(/[\s,]+/).filter((one) => one !== '')
  return { fallbacks: list('BT_FALLBACK_ENDPOINTS'), archives: list('BT_ARCHIVE_ENDPOINTS') }
}

/** Proxies, by the usual variables in either case. */
export function proxySettings(env: Environment = environment()): ProxySettings {
  const either = (name: string) => env[name] ?? env[name.toLowerCase()]
  return {
    https: either('HTTPS_PROXY'),
    http: either('HTTP_PROXY'),
    all: either('ALL_PROXY'),
    no: either('NO_PROXY'),
  }
}
