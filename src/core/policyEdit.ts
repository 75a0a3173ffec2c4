/** Changes a policy file's text rule by rule and keeps its comments. */
import type { Document } from 'yaml'
import { BittensorError } from './errors.js'
import { type PolicyKey, parsePolicy } from './policy.js'

/** One change: a value, a list, or undefined to remove the rule. `address` is for one entry of `max_per_destination`. */
export type PolicyChange = {
  readonly key: PolicyKey
  readonly address?: string
  readonly value: string | readonly string[] | undefined
}

const HEAD =
  ' Limits that btcli checks before it signs anything: they can only forbid.\n `btcli policy` shows them. A day is the last 24 hours.'

/**
 * The text of a policy file after one change. Comments and the order of rules stay.
 * @param before the text now, undefined if there is no file
 * @throws {BittensorError} `POLICY` when the text before or after is not a valid policy
 * @example
 * await changePolicyText(undefined, 'policy.yml', { key: 'max_per_day', value: '50' })
 */
export async function changePolicyText(
  before: string | undefined,
  path: string,
  change: PolicyChange,
): Promise<string> {
  if (before !== undefined) await parsePolicy(before, path)
  const text = await (path.endsWith('.json')
    ? changeJson(before, change)
    : changeYaml(before, change))
  try {
    await parsePolicy(text, path)
  } catch (error) {
    // The file was fine before: it is the new value that means nothing.
    if (!(error instanceof BittensorError)) throw error
    throw new BittensorError('POLICY', `that is no value of ${change.key}`, {
      details: `${error.details}\nnothing was changed`,
    })
  }
  return text
}

async function changeYaml(before: string | undefined, change: PolicyChange): Promise<string> {
  const { isMap, isScalar, parseDocument } = await import('./yaml.js')
  const document = parseDocument(before ?? '{}', { schema: 'failsafe', merge: false })
  if (before === undefined) document.commentBefore = HEAD
  const { key, address, value } = change
  if (address !== undefined && !isMap(document.get(key))) {
    const all = document.get(key, true)
    // One limit for all becomes the limit of those that are not named.
    document.set(key, document.createNode(isScalar(all) ? { default: all.value } : {}))
  }
  const where = address === undefined ? [key] : [key, address]
  if (value === undefined) document.deleteIn(where)
  else if (typeof value === 'string') document.setIn(where, value)
  else replaceList(document, key, value)
  const rule = document.get(key)
  if (isMap(rule) && rule.items.length === 0) document.delete(key)
  if (isMap(document.contents)) document.contents.flow = document.contents.items.length === 0
  return document.toString({ lineWidth: 0 })
}

/** A list that is there keeps its style and its comments. */
function replaceList(document: Document, key: string, values: readonly string[]): void {
  const fresh = document.createNode(values)
  const old = document.get(key) as { items?: unknown } | undefined
  if (Array.isArray(old?.items)) old.items = fresh.items
  else document.set(key, fresh)
}

async function changeJson(before: string | undefined, change: PolicyChange): Promise<string> {
  const { parse } = await import('./yaml.js')
  const { key, address, value } = change
  // Not JSON.parse: amounts stay as they are written, digit by digit.
  const rules = parse(before ?? '{}', { schema: 'failsafe' }) as Record<string, unknown>
  const next = address === undefined ? value : changeEntry(rules[key], address, value)
  const { [key]: _, ...others } = rules
  return `${JSON.stringify(next === undefined ? others : { ...rules, [key]: next }, null, 2)}\n`
}

function changeEntry(
  rule: unknown,
  address: string,
  value: PolicyChange['value'],
): Readonly<Record<string, unknown>> | undefined {
  const old = typeof rule === 'object' && rule !== null ? rule : { default: rule }
  const entries = Object.entries({ ...old, [address]: value }).filter(
    ([, limit]) => limit !== undefined,
  )
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
