/** Names of delegates: from a cache on disk, refreshed now and then, never required and never worth waiting for. */
import { readFile } from 'node:fs/promises'
import { writeFileAtomic } from './atomicFile.js'
import { decodeAddress } from './keys/ss58.js'

/** What a delegate says of itself. Claims, not proofs: show the address with it. */
export type DelegateName = {
  readonly name: string
  readonly url: string | undefined
  readonly description: string | undefined
}

/** Names by hotkey ss58. */
export type DelegateNames = ReadonlyMap<string, DelegateName>

/** Where the delegates of the first chain generation registered their names; the path is that of bittensor 5.3.1. */
export const DELEGATES_URL =
  'https://raw.githubusercontent.com/opentensor/bittensor-delegates/main/public/delegates.json'

/** Gets a text from a URL; rejects on any failure, also on a status other than 200. */
export type FetchText = (url: string, options: { readonly signal: AbortSignal }) => Promise<string>

export type DelegateNameOptions = {
  /** Where names are kept between runs. */
  readonly cacheFile: string
  readonly now: () => Date
  /** Absent: only the cache and the given names are used. */
  readonly fetchText?: FetchText | undefined
  /** Names known otherwise, such as those of the embedded chain or identities on chain; they win. */
  readonly known?: DelegateNames
  /** How long the source may take; 3000 ms by default. */
  readonly timeoutMs?: number
  /** Ends waiting early, as Ctrl-C does. */
  readonly signal?: AbortSignal
}

const FRESH_MS = 24 * 60 * 60 * 1000
/** After a failure the source is left alone for a while: without internet each command would wait in vain. */
const RETRY_MS = 60 * 60 * 1000
/** The real file has some 30 kB. */
const LARGEST = 2_000_000

type Cache = {
  /** When the source last answered, ms. */
  readonly fetchedMs: number
  /** When it was last asked, ms. */
  readonly askedMs: number
  readonly delegates: Readonly<Record<string, unknown>>
}

/**
 * All names that are known. Never throws and never takes longer than the timeout: without a source, a cache or a
 * network there are fewer names.
 * @example
 * const names = await readDelegateNames({ cacheFile, now: () => new Date(), fetchText })
 * names.get(hotkey)?.name
 */
export async function readDelegateNames(options: DelegateNameOptions): Promise<DelegateNames> {
  const now = options.now().getTime()
  const cache = await readCache(options.cacheFile)
  const delegates = isDue(cache, now) ? await refresh(options, cache, now) : cache?.delegates
  return new Map([...readNames(delegates ?? {}), ...(options.known ?? [])])
}

function isDue(cache: Cache | undefined, now: number): boolean {
  if (!cache) return true
  // A time in the future is of a clock that was set back: it says nothing.
  const age = (since: number) => (since > now ? Number.POSITIVE_INFINITY : now - since)
  return age(cache.fetchedMs) >= FRESH_MS && age(cache.askedMs) >= RETRY_MS
}

async function refresh(
  options: DelegateNameOptions,
  cache: Cache | undefined,
  now: number,
): Promise<Cache['delegates'] | undefined> {
  if (!options.fetchText) return cache?.delegates
  const found = await ask(options.fetchText, options)
  const next: Cache = {
    fetchedMs: found ? now : (cache?.fetchedMs ?? 0),
    askedMs: now,
    delegates: found ?? cache?.delegates ?? {},
  }
  await writeFileAtomic(options.cacheFile, JSON.stringify(next)).catch(() => undefined)
  return next.delegates
}

async function ask(
  fetchText: FetchText,
  { timeoutMs = 3000, signal }: DelegateNameOptions,
): Promise<Cache['delegates'] | undefined> {
  const late = AbortSignal.timeout(timeoutMs)
  const stop = signal ? AbortSignal.any([late, signal]) : late
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined)
    stop.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  try {
    // The race is for sources that do not listen to the signal.
    const text = await Promise.race([fetchText(DELEGATES_URL, { signal: stop }), stopped])
    return text === undefined || text.length > LARGEST ? undefined : recordOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

async function readCache(path: string): Promise<Cache | undefined> {
  try {
    const cache = recordOf(JSON.parse(await readFile(path, 'utf8')))
    const { fetchedMs, askedMs } = cache ?? {}
    const delegates = recordOf(cache?.['delegates'])
    if (typeof fetchedMs !== 'number' || typeof askedMs !== 'number' || !delegates) return undefined
    return { fetchedMs, askedMs, delegates }
  } catch {
    return undefined
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return value as Readonly<Record<string, unknown>>
}

/**
 * Names from an object of hotkey ➡ {name, url, description}, as the source and the embedded chain have it. Entries
 * without a valid address or a name are left out; text is made short and free of control characters.
 */
export function readNames(delegates: Readonly<Record<string, unknown>>): DelegateNames {
  const names = new Map<string, DelegateName>()
  for (const [hotkey, value] of Object.entries(delegates)) {
    const fields = recordOf(value)
    const name = plain(fields?.['name'], 40)
    if (name === undefined || !isAddress(hotkey)) continue
    const url = plain(fields?.['url'], 200)
    names.set(hotkey, {
      name,
      url: url !== undefined && /^https?:\/\//i.test(url) ? url : undefined,
      description: plain(fields?.['description'], 500),
    })
  }
  return names
}

function isAddress(text: string): boolean {
  try {
    decodeAddress(text)
    return true
  } catch {
    return false
  }
}

/** Text of strangers: control and direction characters out, white space as single blanks, cut. */
function plain(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value
    .slice(0, longest * 4)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .trim()
  const characters = [...text]
  if (characters.length === 0) return undefined
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text
}
