/**
 * All keys of storage below a prefix. A node gives a thousand at once, in their order; where there are more, the rest is cut
 * into ranges of about as many and asked for together, so that a large map takes few waits instead of one for each page.
 */
import { BittensorError } from '../errors.js'
import type { Request } from './runtime.js'
import type { Hex } from './types.js'

/** The most that `state_getKeysPaged` of a node gives at once. */
const PAGE = 1000
/** Keys that a range should have: hashes are spread evenly, so that hardly one of them needs a second page. */
const RANGE = 800
/** Requests that are under way at once. */
const MOST_RANGES = 64

/** Keys after `from`, before `to`; neither is a key itself. */
type Range = { readonly from: string; readonly to: string }

/**
 * Keys in their order.
 * @throws {BittensorError} `CONNECTION` when the node answers something else than keys
 */
export async function allKeys(request: Request, prefix: Hex, at: Hex): Promise<string[]> {
  const below = async (range: Range): Promise<string[]> => {
    const { from, to } = range
    const page = await onePage(request, [prefix, PAGE, from === prefix ? null : from, at])
    const last = page.at(-1)
    // A node that repeats itself must not keep us here.
    if (page.length < PAGE || last === undefined || last <= from)
      return within(page, prefix.toLowerCase(), range)
    if (last >= to) return within(page, prefix.toLowerCase(), range)
    const rest = await Promise.all(split(page, range).map(below))
    return [...within(page, prefix.toLowerCase(), range), ...rest.flat()]
  }
  return below({ from: prefix, to: whole(next(prefix.toLowerCase())) })
}

/** The prefix may be a whole key: then it is the one that is there. */
function within(page: readonly string[], prefix: string, { from, to }: Range): string[] {
  return page.filter((key) => (key > from || key === prefix) && key < to)
}

async function onePage(request: Request, params: readonly unknown[]): Promise<string[]> {
  const page = await request('state_getKeysPaged', params)
  if (!Array.isArray(page)) {
    throw new BittensorError('CONNECTION', 'the node answered state_getKeysPaged with no list')
  }
  return page.map((key) => String(key).toLowerCase())
}

/** Digits of a key that tell how densely the keys of a page lie. */
const DIGITS = 8
/** So many equal digits more than the bounds of a range have are chance; with more, the keys of a page belong together. */
const CHANCE = 3

/**
 * What lies behind a full page, in ranges of about so many keys as come with one request. How many there are is told by how
 * far the keys of the page lie apart: up to the end of the range, or, where they belong together, up to the end of those.
 */
function split(page: readonly string[], { from, to }: Range): Range[] {
  const [first = '', last = ''] = [page[0], page.at(-1)]
  const outer = agreeing(from, to)
  const inner = agreeing(first, last)
  const together = inner.length - outer.length > CHANCE
  const common = together ? inner : outer
  const end = together ? whole(next(inner)) : to
  const digits = (key: string) =>
    Number.parseInt(key.slice(common.length, common.length + DIGITS).padEnd(DIGITS, '0'), 16)
  const reach = end.startsWith(common) ? digits(end) : 16 ** DIGITS
  const left = reach - digits(last)
  const expected = (left * page.length) / (digits(last) - digits(first) + 1)
  const ranges = Math.max(1, Math.min(MOST_RANGES, Math.ceil(expected / RANGE)))
  const cuts = Array.from({ length: ranges - 1 }, (_, i) => {
    const at = digits(last) + Math.floor((left * (i + 1)) / ranges)
    return whole(`${common}${at.toString(16).padStart(DIGITS, '0')}`)
  })
  const inside = [...cuts, end].filter((cut) => cut > last && cut < to)
  const bounds = [last, ...new Set(inside), to]
  return bounds.slice(0, -1).map((at, i) => ({ from: at, to: bounds[i + 1] ?? to }))
}

/** The digits in which two keys agree from the start. */
function agreeing(a: string, b: string): string {
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  return a.slice(0, same)
}

/** Nodes take whole bytes. */
function whole(hex: string): string {
  return hex.length % 2 === 0 ? hex : `${hex}0`
}

/** The first of all texts in hex that come after those which start so. */
function next(hex: string): string {
  const short = hex.replace(/f+$/, '')
  const digit = Number.parseInt(short.slice(-1), 16)
  return `${short.slice(0, -1)}${(digit + 1).toString(16)}`
}
