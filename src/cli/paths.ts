/** Where files lie: the classic layout for wallets, the XDG folders for everything else. */
import { isAbsolute, join, resolve, sep } from 'node:path'
import type { Env, Paths } from './context.js'

/**
 * All folders, absolute. Nothing is created.
 * @example
 * resolvePaths({ home: '/home/a', cwd: '/tmp', env: {} }, undefined).wallets // '/home/a/.bittensor/wallets'
 */
export function resolvePaths(
  world: { readonly home: string; readonly cwd: string; readonly env: Env },
  wallets: string | undefined,
): Paths {
  const { home, cwd, env } = world
  const xdg = (variable: string, fallback: string) => {
    const folder = env[variable]
    // The XDG rules: relative paths are to be ignored.
    return join(folder && isAbsolute(folder) ? folder : join(home, fallback), 'btcli')
  }
  return {
    home,
    cwd,
    wallets: absolutePath(wallets ?? join(home, '.bittensor', 'wallets'), world),
    cache: xdg('XDG_CACHE_HOME', '.cache'),
    state: xdg('XDG_STATE_HOME', '.local/state'),
    localnet: join(xdg('XDG_DATA_HOME', '.local/share'), 'localnet'),
  }
}

/**
 * A path for people: below the home folder it begins with `~`.
 * @example
 * shortPath('/home/a/.bittensor/config.yml', '/home/a') // '~/.bittensor/config.yml'
 */
export function shortPath(path: string, home: string): string {
  return path.startsWith(join(home, sep)) ? `~${path.slice(join(home).length)}` : path
}

/** Makes a path absolute; a leading `~` is the home folder. */
export function absolutePath(
  path: string,
  world: { readonly home: string; readonly cwd: string },
): string {
  if (path === '~' || /^~[\\/]/.test(path)) return resolve(world.home, `.${path.slice(1)}`)
  return resolve(world.cwd, path)
}
