/** `btcli metadata`: compares runtimes, and saves metadata to a file. */
import type { Context } from '../cli/context.js'
import { defineCommand, option } from '../cli/define.js'
import { absolutePath } from '../cli/paths.js'
import { count } from '../cli/text.js'
import type { Description } from '../core/chain/description.js'
import type { Difference } from '../core/chain/metadataDiff.js'
import { networkNames } from '../core/chain/networks.js'
import type { Hex } from '../core/chain/types.js'
import { BittensorError, fileReason } from '../core/errors.js'
import { fromHex } from '../core/keys/hex.js'

export const metadata = defineCommand({
  name: 'metadata',
  summary: 'Compare two runtimes, or save the metadata of one.',
  usage: 'diff <a> <b> [--only KIND] · save <file>',
  options: {
    only: option({
      flags: '--only <kind>',
      description: 'pallet, storage, call, event, error, constant, api or extension',
      parse: (text) => {
        const kind = KINDS.find((one) => one === text.replace(/s$/, ''))
        if (kind === undefined) throw new RangeError(`must be one of ${KINDS.join(', ')}`)
        return kind
      },
    }),
  },
  positionals: [
    { name: 'action', description: 'diff or save', required: true, choices: ['diff', 'save'] },
    {
      name: 'runtimes',
      description:
        'each a file of metadata, a network or ws:// address, a spec version seen before (spec:143), or a block of the connected chain (4100000)',
      many: true,
    },
  ],
  examples: [
    'metadata diff spec-218.scale finney --only call',
    'metadata diff 4100000 4920350 --subtensor.network archive',
    'metadata save finney.scale',
  ],

  async run(ctx, { only }, [action = '', ...names]) {
    if (action === 'save') return save(ctx, names)
    const [a, b, more] = names
    if (a === undefined || b === undefined || more !== undefined) {
      throw new BittensorError('USAGE', '`btcli metadata diff` needs two runtimes')
    }
    const [before, after] = [await runtimeNamed(ctx, a), await runtimeNamed(ctx, b)]
    const { diffDescriptions } = await import('../core/chain/metadataDiff.js')
    const all = diffDescriptions(before.description, after.description)
    const differences = only === undefined ? all : all.filter(({ kind }) => kind === only)
    return { kind: 'diff' as const, before, after, differences }
  },

  render: {
    table(data, { style }) {
      if (data.kind === 'saved')
        return `Saved ${data.bytes} bytes of spec ${data.specVersion} to ${data.path}`
      const { before, after, differences } = data
      const lines = differences.flatMap(({ kind, name, before: old, after: now }) => {
        const sign =
          old === undefined
            ? style.green('+')
            : now === undefined
              ? style.red('-')
              : style.yellow('~')
        if (old === undefined || now === undefined)
          return [`${sign} ${kind} ${name} ${now ?? old ?? ''}`]
        return [
          `${sign} ${kind} ${name}`,
          `    ${style.red(`- ${old}`)}`,
          `    ${style.green(`+ ${now}`)}`,
        ]
      })
      const summary = `${before.label} ${style.sign.arrow} ${after.label}: ${differences.length === 0 ? 'no differences' : count(differences.length, 'difference')}`
      return [...lines, summary].join('\n')
    },
    json(data): Answer {
      if (data.kind === 'saved')
        return { path: data.path, bytes: data.bytes, specVersion: data.specVersion }
      const { before, after, differences } = data
      return {
        a: { name: before.label, specVersion: before.specVersion ?? null },
        b: { name: after.label, specVersion: after.specVersion ?? null },
        differences: differences.map((one) => ({
          kind: one.kind,
          name: one.name,
          change:
            one.before === undefined ? 'added' : one.after === undefined ? 'removed' : 'changed',
          before: one.before ?? null,
          after: one.after ?? null,
        })),
      }
    },
  },
})

type Answer = {
  readonly path?: string
  readonly bytes?: number
  readonly specVersion?: number
  readonly a?: { readonly name: string; readonly specVersion: number | null }
  readonly b?: { readonly name: string; readonly specVersion: number | null }
  readonly differences?: readonly {
    readonly kind: string
    readonly name: string
    readonly change: string
    readonly before: string | null
    readonly after: string | null
  }[]
}

const KINDS: readonly Difference['kind'][] = [
  'pallet',
  'storage',
  'call',
  'event',
  'error',
  'constant',
  'api',
  'extension',
]

type Compared = {
  readonly label: string
  readonly specVersion: number | undefined
  readonly description: Description
}

async function save(ctx: Context, [file, more]: readonly string[]) {
  if (file === undefined || more !== undefined) {
    throw new BittensorError('USAGE', '`btcli metadata save` needs one file')
  }
  const client = await ctx.chain()
  const bytes = fromHex(await client.metadata()) ?? new Uint8Array()
  const path = absolutePath(file, ctx.paths)
  const { writeFile } = await import('node:fs/promises')
  await writeFile(path, bytes).catch((cause: unknown) => {
    throw new BittensorError('USAGE', `cannot write ${path}: ${fileReason(cause)}`, { cause })
  })
  return { kind: 'saved' as const, path, bytes: bytes.length, specVersion: client.specVersion }
}

async function runtimeNamed(ctx: Context, name: string): Promise<Compared> {
  const block = /^(\d+|0x[0-9a-f]{64})$/i.test(name)
  if (block) {
    const at = name.startsWith('0x') ? (name.toLowerCase() as Hex) : Number(name)
    const { runtime, specVersion } = await (await ctx.chain()).at(at)
    return { label: `block ${name} (spec ${specVersion})`, specVersion, ...runtime }
  }
  const spec = /^spec[:-](\d+)$/.exec(name)?.[1]
  if (spec !== undefined) return cachedRuntime(ctx, Number(spec))
  if (networkNames.includes(name) || /^wss?:\/\//.test(name)) return runtimeOfNetwork(ctx, name)
  const { describeMetadata, readMetadataFile, specVersionIn } = await import(
    '../core/chain/metadataFile.js'
  )
  const path = absolutePath(name, ctx.paths)
  const description = await describeMetadata(await readMetadataFile(path), path)
  const specVersion = await specVersionIn(description)
  const label = specVersion === undefined ? name : `${name} (spec ${specVersion})`
  return { label, specVersion, description }
}

async function cachedRuntime(ctx: Context, specVersion: number): Promise<Compared> {
  const { newestCached } = await import('../core/chain/metadataCache.js')
  const found = await newestCached(ctx.paths.cache, { specVersion })
  if (found) return { label: `spec ${specVersion}`, specVersion, description: found.description }
  throw new BittensorError('USAGE', `no runtime of spec ${specVersion} was seen on this machine`, {
    hint: 'name a file of metadata, a network, or a block',
  })
}

/** A connection of its own, closed at once. */
async function runtimeOfNetwork(ctx: Context, name: string): Promise<Compared> {
  const { settings, paths, signal } = ctx
  const { openChain } = await import('../api/openChain.js')
  const client = await openChain({
    network: name,
    endpoint: undefined,
    cacheDir: paths.cache,
    localnetDir: paths.localnet,
    timeoutMs: settings.timeoutMs,
    signal,
  })
  try {
    const { specVersion } = client
    return { label: `${name} (spec ${specVersion})`, specVersion, ...client.runtime }
  } finally {
    await client.close()
  }
}
