/** Which config files a run reads, and what it says about keys that nothing understands. */
import { join } from 'node:path'
import type { Config, ConfigFile } from '../core/config.js'
import { createConfig, readConfigFile, sameName } from '../core/config.js'
import type { Context, World } from './context.js'
import type { Options } from './define.js'
import { configNames } from './gather.js'
import { allOptions } from './parse.js'
import { absolutePath } from './paths.js'
import type { Entry } from './registry.js'

/**
 * Reads `--config` or `BTCLI_CONFIG_PATH`, then the user's own file if there is one.
 * @throws {BittensorError} `USAGE` when a file cannot be read or is malformed
 */
export async function loadConfig(
  texts: ReadonlyMap<string, readonly string[]>,
  world: World,
): Promise<Config> {
  if (texts.has('no_config')) return createConfig(world.env, [])
  const named = texts.get('config')?.at(-1) ?? world.env['BTCLI_CONFIG_PATH']
  const files: ConfigFile[] = []
  if (named) {
    const file = await readConfigFile(absolutePath(named, world), { layer: 'file' })
    if (file) files.push(file)
  }
  const own = await readConfigFile(join(world.home, '.bittensor', 'config.yml'), {
    layer: 'user file',
    optional: true,
  })
  if (own && own.path !== files[0]?.path) files.push(own)
  return createConfig(world.env, files)
}

/** Keys that bittensor-cli 9 keeps in the same file and that mean nothing here. */
const FOREIGN_KEYS = [
  'use_cache',
  'disk_cache',
  'metagraph_cols',
  'dashboard_path',
  'rate_tolerance',
  'safe_staking',
  'allow_partial_stake',
  'rpc_config',
  'mev_protection',
  'proxy',
]

/** Warns of keys that no option of any command has. Other commands are looked at only if this one does not know a key. */
export async function warnOfUnknownKeys(
  config: Config,
  options: Options,
  { ctx, entries }: { readonly ctx: Pick<Context, 'warn'>; readonly entries: readonly Entry[] },
): Promise<void> {
  let unknown = keysWithout(config, new Set([...namesOf(options), ...FOREIGN_KEYS]))
  if (unknown.length === 0) return
  const commands = await Promise.all(entries.map((entry) => entry.load()))
  unknown = keysWithout(
    config,
    new Set(commands.flatMap((command) => namesOf(allOptions(command)))),
    unknown,
  )
  for (const { key, path, line } of unknown) {
    ctx.warn(`unknown key \`${key}\` at line ${line} of ${path}`)
  }
}

type Key = { readonly key: string; readonly path: string; readonly line: number }

function keysWithout(config: Config, known: ReadonlySet<string>, among?: readonly Key[]): Key[] {
  const keys =
    among ??
    config.files.flatMap(({ path, values }) =>
      [...values].map(([key, { line }]) => ({ key, path, line })),
    )
  return keys.filter(({ key }) => {
    const name = sameName(key)
    return !known.has(name) && !FOREIGN_KEYS.some((foreign) => name.startsWith(`${foreign}_`))
  })
}

function namesOf(options: Options): string[] {
  return Object.values(options).flatMap((option) => configNames(option).map(sameName))
}
