/** Changes one value of a config file's text and keeps everything else: comments, order, keys of other programs. */
import type { Document, Pair, YAMLMap } from 'yaml'
import { sameName } from './config.js'
import { BittensorError } from './errors.js'

/** A change of one option. */
export type ConfigChange = {
  /** Names under which the option may stand in the file, dots for nested maps; the first is used if none is there. */
  readonly names: readonly string[]
  /** Undefined removes it, wherever it stands. */
  readonly value: string | boolean | readonly string[] | undefined
}

/** A file's text after a change, and the value before and after it; lists are joined by commas. */
export type ChangedConfig = {
  readonly text: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/**
 * The text of a config file after one change. A value that is there is replaced where it stands, flat or nested.
 * @param text the text now, empty for a new file
 * @throws {BittensorError} `USAGE` when the text is no YAML map
 * @example
 * (await changeConfigText('network: finney # main\n', { names: ['network'], value: 'test' })).text // 'network: test # main\n'
 */
export async function changeConfigText(text: string, change: ConfigChange): Promise<ChangedConfig> {
  const { isMap, parseDocument } = await import('./yaml.js')
  const document: Document = parseDocument(text)
  const fault = document.errors[0]
  if (fault || !(document.contents === null || isMap(document.contents))) {
    throw new BittensorError('USAGE', 'the config file is malformed', {
      details: fault?.message.split('\n')[0] ?? 'it must hold `name: value` lines',
      hint: 'correct it with an editor; it was not changed',
    })
  }
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never
  const root = document.contents as unknown as YAMLMap
  const places = findPlaces(root, new Set(change.names.map(sameName)), '', isMap)
  const [name = ''] = change.names
  const [first] = places
  const before = first && valueText(first.map.get(first.key))
  for (const { map, key } of places) {
    if (change.value === undefined) map.delete(key)
    else put(document, map, key, change.value)
  }
  if (change.value === undefined) dropEmptyMaps(root, isMap)
  else if (places.length === 0) put(document, root, name, change.value)
  root.flow = false
  return {
    text: root.items.length === 0 ? commentsOnly(document) : document.toString({ lineWidth: 0 }),
    before,
    after: change.value === undefined ? undefined : valueText(change.value),
  }
}

function valueText(value: unknown): string {
  const items = (value as { items?: readonly { value?: unknown }[] } | null)?.items
  if (items) return items.map((item) => `${item.value}`).join(',')
  return Array.isArray(value) ? value.join(',') : `${value}`
}

type Place = { readonly map: YAMLMap; readonly key: unknown }
type IsMap = typeof import('yaml').isMap

function findPlaces(
  map: YAMLMap,
  names: ReadonlySet<string>,
  prefix: string,
  isMap: IsMap,
): readonly Place[] {
  return map.items.flatMap((pair) => {
    const name = `${prefix}${keyText(pair)}`
    if (isMap(pair.value)) return findPlaces(pair.value, names, `${name}.`, isMap)
    return names.has(sameName(name)) ? [{ map, key: pair.key }] : []
  })
}

function keyText(pair: Pair): string {
  const key = pair.key as { readonly value?: unknown } | string
  return `${typeof key === 'object' ? key.value : key}`
}

function put(
  document: Document,
  map: YAMLMap,
  key: unknown,
  value: Exclude<ConfigChange['value'], undefined>,
): void {
  const old = map.get(key, true) as { value?: unknown } | undefined
  // A scalar is changed in place: the comment at its end stays.
  if (old && 'value' in old && !Array.isArray(value)) old.value = value
  else map.set(key, document.createNode(value))
}

function dropEmptyMaps(map: YAMLMap, isMap: IsMap): void {
  for (const pair of [...map.items]) {
    if (!isMap(pair.value)) continue
    dropEmptyMaps(pair.value, isMap)
    if (pair.value.items.length === 0) map.delete(pair.key)
  }
}

/** An empty map would be written as `{}`. */
function commentsOnly(document: Document): string {
  if (!document.commentBefore) return ''
  const lines = document.commentBefore.split('\n')
  return `${lines.map((line) => `#${line}`).join('\n')}\n`
}
