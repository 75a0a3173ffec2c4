/** Finds out the own address as the internet sees it. Never asked unless a program wants it. */
import { isIP } from 'node:net'
import { BittensorError } from '../core/errors.js'

/** A service that tells callers their address. */
export type IpService = {
  readonly url: string
  /** Finds the address in the answer. */
  readonly read: (answer: { readonly body: string; readonly headers: Headers }) => unknown
}

const plainText: IpService['read'] = ({ body }) => body.trim()

/** The services that bittensor 5.3.1 asks, in its order. */
const SERVICES: readonly IpService[] = [
  { url: 'https://checkip.amazonaws.com', read: plainText },
  { url: 'https://ifconfig.me/ip', read: plainText },
  { url: 'https://ipinfo.io', read: ({ body }) => (JSON.parse(body) as { ip?: unknown }).ip },
  { url: 'https://myip.dnsomatic.com', read: plainText },
  { url: 'https://ident.me', read: plainText },
  { url: 'https://www.wikipedia.org', read: ({ headers }) => headers.get('x-client-ip') },
]

/** No such answer is longer. */
const LONGEST_ANSWER = 64 * 1024

/**
 * Asks public services for this machine's address, one after the other until one answers with an IP address.
 * @throws {BittensorError} `CONNECTION` when none does
 * @example
 * const axon = new Axon({ wallet, externalIp: await detectExternalIp() })
 */
export async function detectExternalIp(
  options: {
    readonly services?: readonly IpService[] | undefined
    /** for each service; default 3 s */
    readonly timeoutMs?: number | undefined
  } = {},
): Promise<string> {
  const services = options.services ?? SERVICES
  for (const service of services) {
    const found = await ask(service, options.timeoutMs ?? 3000).catch(() => undefined)
    if (typeof found === 'string' && isIP(found) !== 0) return found
  }
  throw new BittensorError('CONNECTION', 'no service told this machine its external address', {
    details: `asked ${services.map(({ url }) => new URL(url).host).join(', ')}`,
    hint: 'give the address as `externalIp`',
  })
}

async function ask({ url, read }: IpService, timeoutMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, { signal, headers: { accept: 'text/plain, application/json' } })
  if (!response.ok) return undefined
  const body = await readUpTo(response, LONGEST_ANSWER)
  return read({ body, headers: response.headers })
}

/** The beginning of a body: what comes after it is not an address. */
async function readUpTo(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  const body: AsyncIterable<Uint8Array> | null = response.body
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= limit) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
