/** The options of all commands, for `config`. */
import { closest } from '../core/closest.js'
import { sameName } from '../core/config.js'
import type { Context } from './context.js'
import type { Option } from './define.js'
import { configNames } from './gather.js'
import { globalOptions } from './options.js'

/** Options that a config file may set: the shared ones first, then those of commands, each name once. */
export async function configurableOptions(
  ctx: Pick<Context, 'commands'>,
): Promise<readonly Option<unknown>[]> {
  const shared: readonly Option<unknown>[] = Object.values(globalOptions)
  const commands = (await ctx.commands()).flatMap((command) => Object.values(command.options))
  const seen = new Set<string>(NOT_IN_FILES)
  return [...shared, ...commands].filter(({ name, secret }) => {
    if (seen.has(name) || secret) return false
    seen.add(name)
    return true
  })
}

/** What only makes sense on the command line. */
const NOT_IN_FILES: readonly string[] = ['help', 'config', 'no_config']

/** The option that a config file means by a name, and suggestions if there is none. */
export function optionNamed(
  options: readonly Option<unknown>[],
  name: string,
): { readonly option: Option<unknown> | undefined; readonly near: readonly string[] } {
  const wanted = sameName(name.replace(/^--/, ''))
  const option = options.find((one) => configNames(one).some((each) => sameName(each) === wanted))
  const names = options.map(configKey)
  return { option, near: option ? [] : closest(wanted, names) }
}

/** The name that is written to files: that of bittensor-cli 9 where there is one. */
export function configKey(option: Option<unknown>): string {
  return option.configKeys[0] ?? option.name
}
