/** Values of options from environment and config files, and where each came from. */
import { readFile } from 'node:fs/promises'
import type { Document, LineCounter, Node, Pair } from 'yaml'
import { BittensorError, fileReason } from './errors.js'

/** The source of a value, for previews and `config`. */
export type Origin = {
  readonly layer: 'flag' | 'environment' | 'file' | 'user file' | 'answer'
  /** `--wallet.name`, `BT_WALLET_NAME`, or the path of a file. */
  readonly source: string
}

/** A value found in some layer, still text; a switch has `true` or `false`. */
export type Found = { readonly texts: readonly string[]; readonly origin: Origin }

/** A value of a config file. Text is as written, so that amounts stay exact. */
export type ConfigValue = { readonly texts: readonly string[]; readonly line: number }

/** A config file that was read: keys in dotted form as written (`wallet: { name: x }` is `wallet.name`). */
export type ConfigFile = {
  readonly path: string
  readonly layer: 'file' | 'user file'
  readonly values: ReadonlyMap<string, ConfigValue>
}

/** The layers below the command line, highest first: environment, then files. */
export type Config = {
  readonly files: readonly ConfigFile[]
  /** The first of these variables that is set, else the first file that has one of these keys. */
  find(env: readonly string[], keys: readonly string[]): Found | undefined
}

/** Dots, dashes and underscores are the same in the names of options, as is the case of letters. */
export function sameName(name: string): string {
  return name.replace(/[.-]/g, '_').toLowerCase()
}

/**
 * Joins the environment and the files (highest first) to one place to look values up.
 * @example
 * createConfig({ BT_NETWORK: 'test' }, []).find(['BT_NETWORK'], ['network'])?.texts // ['test']
 */
export function createConfig(
  env: Readonly<Record<string, string | undefined>>,
  files: readonly ConfigFile[],
): Config {
  const tables = files.map((file) => ({
    file,
    byName: new Map([...file.values].map(([key, value]) => [sameName(key), value])),
  }))
  return {
    files,
    find(variables, keys) {
      for (const variable of variables) {
        const text = env[variable]
        if (text !== undefined && text !== '') {
          return { texts: [text], origin: { layer: 'environment', source: variable } }
        }
      }
      for (const { file, byName } of tables) {
        for (const key of keys) {
          const value = byName.get(sameName(key))
          if (value) {
            return { texts: value.texts, origin: { layer: file.layer, source: file.path } }
          }
        }
      }
      return undefined
    },
  }
}

/**
 * Reads a YAML file of option values: flat dotted keys, nested maps, or both; empty values count as absent.
 * @returns undefined when an optional file does not exist
 * @throws {BittensorError} `USAGE` naming file and line when it cannot be read or is malformed
 */
export async function readConfigFile(
  path: string,
  options: { readonly layer: 'file' | 'user file'; readonly optional?: boolean },
): Promise<ConfigFile | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (options.optional && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new BittensorError('USAGE', `cannot read the config file ${path}: ${fileReason(cause)}`, {
      cause,
      hint: 'correct the path, or use --no_config to read no config file',
    })
  }
  const { LineCounter, parseDocument, isMap, isScalar, isSeq } = await import('./yaml.js')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true })
  const at = place(path)
  const fault = document.errors[0]
  if (fault) throw at(fault.linePos?.[0]?.line, firstSentence(fault.message))
  const values = new Map<string, ConfigValue>()
  collect(document, { isMap, isScalar, isSeq, at, values, lines })
  return { path, layer: options.layer, values }
}

type Collector = {
  isMap: typeof import('yaml').isMap
  isScalar: typeof import('yaml').isScalar
  isSeq: typeof import('yaml').isSeq
  at: (line: number | undefined, why: string) => BittensorError
  values: Map<string, ConfigValue>
  lines: LineCounter
}

function collect(document: Document, tools: Collector): void {
  const root = document.contents
  if (root === null || (tools.isScalar(root) && root.value === null)) return
  if (!tools.isMap(root)) throw tools.at(1, 'it must hold `name: value` lines')
  for (const pair of root.items) collectPair(pair as Pair<Node, Node | null>, '', tools)
}

function collectPair(pair: Pair<Node, Node | null>, prefix: string, tools: Collector): void {
  const { isMap, isScalar, isSeq, lines, at, values } = tools
  const line = lines.linePos(pair.key.range?.[0] ?? 0).line
  const key = `${prefix}${isScalar(pair.key) ? `${pair.key.value}` : ''}`
  const node = pair.value
  if (node === null) return
  if (isMap(node)) {
    for (const inner of node.items) {
      collectPair(inner as Pair<Node, Node | null>, `${key}.`, tools)
    }
    return
  }
  const scalars = isSeq(node) ? node.items : [node]
  const texts = scalars.flatMap((scalar) => {
    if (!isScalar(scalar))
      throw at(line, `the value of \`${key}\` must be text, a number or a list`)
    return scalar.value === null ? [] : [textOf(scalar)]
  })
  if (texts.length > 0) values.set(key, { texts, line })
}

function textOf(scalar: { value: unknown; source?: string }): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? `${scalar.value}`)
}

function place(path: string): Collector['at'] {
  return (line, why) =>
    new BittensorError('USAGE', `the config file ${path} is malformed at line ${line ?? 1}`, {
      details: why,
      hint: 'correct the line, or use --no_config to read no config file',
      data: { path, line: line ?? 1 },
    })
}

function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? message
}
