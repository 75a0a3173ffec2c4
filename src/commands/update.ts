/** `btcli update`: compare the installed version with the newest one, and bring it up to date when told to. */
import { fileURLToPath } from 'node:url'
import { type RunChild, runChild } from '../cli/childProcess.js'
import type { Context } from '../cli/context.js'
import { defineCommand, flag } from '../cli/define.js'
import { compareVersions, type Installation, installationAt, PACKAGE } from '../cli/installation.js'
import type { View } from '../cli/table.js'
import { BittensorError } from '../core/errors.js'
import { VERSION } from '../core/version.js'

/** What was found, and what was done. */
type Found = {
  readonly installed: string
  readonly available: string
  readonly outdated: boolean
  readonly kind: Installation['kind']
  /** The command that updates this copy, as it would be typed. */
  readonly command: string
  readonly directory: string | undefined
  readonly updated: boolean
}

const options = {
  check: flag({ flags: '--check', description: 'only compare; change nothing, ask nothing' }),
}

/**
 * The command for a copy at a given place, and a way to run programs; both differ in tests only.
 * @param modulePath path of a module of this copy
 */
export function updateCommand(modulePath: string, run: RunChild) {
  return defineCommand({
    name: 'update',
    summary: 'Updates your bittensor installation.',
    options,
    examples: ['update --check', 'update'],
    notes:
      'Asks the package registry that npm is set up with, and nothing else in btcli ever does. An update runs only after a question, and only where npm installed btcli globally; for other ways of installing the command is shown.',

    async run(ctx, { check }) {
      const installation = installationAt(modulePath)
      const available = await ctx.progress('Asking the package registry', () =>
        newestVersion(ctx, run),
      )
      const words = installation.update(available)
      const found: Found = {
        installed: VERSION,
        available,
        outdated: compareVersions(VERSION, available) < 0,
        kind: installation.kind,
        command: words.join(' '),
        directory: installation.directory,
        updated: false,
      }
      const { settings } = ctx
      const mayRun = installation.kind === 'npm-global' && (settings.interactive || settings.yes)
      if (check || !found.outdated || !mayRun) return found
      const message = `Update from ${VERSION} to ${available}: run \`${found.command}\`?`
      if (!(await ctx.prompt.confirm({ message }))) {
        throw new BittensorError('DECLINED', 'nothing was changed')
      }
      await install(ctx, run, words)
      return { ...found, updated: true }
    },

    render: {
      table: shown,
      json: ({ directory, ...found }) => ({ ...found, directory: directory ?? null }),
    },
  })
}

export const update = updateCommand(fileURLToPath(import.meta.url), runChild)

const TIMEOUT_MS = 20_000

async function newestVersion(ctx: Context, run: RunChild): Promise<string> {
  const patience = ['--fetch-retries=0', '--fetch-timeout=10000']
  const { code, stdout } = await run(
    'npm',
    ['view', PACKAGE, 'version', 'bin', '--json', ...patience],
    { env: ctx.env, signal: ctx.signal, timeoutMs: TIMEOUT_MS, output: 'capture' },
  )
  const answer = parse(stdout)
  if (code !== 0) throw unanswered(answer)
  const { version, bin } = answer
  const isOurs = typeof bin === 'object' && bin !== null && 'btcli' in bin
  if (typeof version === 'string' && /^\d+\.\d+\.\d+([.+-][\w.+-]*)?$/.test(version) && isOurs) {
    return version
  }
  throw new BittensorError(
    'INTERNAL',
    `the registry's package \`${PACKAGE}\` is not this program`,
    {
      details: 'it has no `btcli`, so it is not installed',
    },
  )
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function unanswered(answer: Readonly<Record<string, unknown>>): BittensorError {
  const error = answer['error'] as
    | { readonly code?: unknown; readonly summary?: unknown }
    | undefined
  if (error?.code === 'E404') {
    return new BittensorError('INTERNAL', `the registry has no package \`${PACKAGE}\``, {
      hint: 'look where you got btcli from',
    })
  }
  return new BittensorError('INTERNAL', 'the package registry cannot be reached', {
    details: typeof error?.summary === 'string' ? error.summary : undefined,
    hint: `btcli ${VERSION} goes on working; try again when you are online`,
  })
}

async function install(ctx: Context, run: RunChild, words: readonly string[]): Promise<void> {
  const [program = '', ...args] = words
  const { code } = await run(program, args, { env: ctx.env, signal: ctx.signal, output: 'show' })
  if (code === 0) return
  throw new BittensorError('INTERNAL', `\`${words.join(' ')}\` failed`, {
    details: code === null ? 'it was ended by a signal' : `its exit status is ${code}`,
    hint: 'what it printed above says why; without the rights to write there, use a version manager or sudo',
    data: { exitStatus: code ?? 1 },
  })
}

function shown(found: Found, { style }: View): string {
  const { installed, available, outdated, updated, command, directory } = found
  const lines = [`installed  ${installed}`, `available  ${available}`]
  const ok = style.green(style.sign.ok)
  if (updated) return [`${ok} Updated from ${installed} to ${available}.`].join('\n')
  if (!outdated) return [...lines, `${ok} This is the newest version.`].join('\n')
  const where = directory === undefined ? '' : ` (in ${directory})`
  return [...lines, `update     ${command}${where}`].join('\n')
}
