/** The way out of a network that lets nobody out directly: proxies by HTTP CONNECT and by SOCKS. */
import type { Agent } from 'node:http'
import { BittensorError } from '../errors.js'
import { isThisMachine } from './rpc.js'

/** Where to go through, as the usual variables say it: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY. */
export type ProxySettings = {
  readonly https?: string | undefined
  readonly http?: string | undefined
  readonly all?: string | undefined
  /** Hosts to reach directly: `localhost,.example.org,10.0.0.1`, or `*`. */
  readonly no?: string | undefined
}

/** The proxy for an endpoint, undefined to go directly. This machine itself is never reached through one. */
export function proxyFor(endpoint: string, settings: ProxySettings): string | undefined {
  if (isThisMachine(endpoint)) return undefined
  const { protocol, hostname } = new URL(endpoint)
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (isExcepted(bare, settings.no ?? '')) return undefined
  const own = protocol === 'wss:' ? settings.https : settings.http
  const proxy = [own, settings.all].find((text) => text !== undefined && text.trim() !== '')
  return proxy?.trim()
}

function isExcepted(host: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .some((one) => {
      if (one === '*') return true
      const suffix = one.replace(/^\*?\.?/, '').replace(/:\d+$/, '')
      return host === suffix || host.endsWith(`.${suffix}`)
    })
}

/**
 * An agent that connects through a proxy.
 * @throws {BittensorError} `USAGE` for a proxy that is no http, https or socks URL
 */
export async function agentThrough(proxy: string): Promise<Agent> {
  // `localhost:3128` alone would pass for a URL of the scheme `localhost`.
  const url = /^[a-z][\w+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`
  if (/^https?:/i.test(url)) {
    const { HttpsProxyAgent } = await import('https-proxy-agent')
    return new HttpsProxyAgent(url) as unknown as Agent
  }
  if (/^socks/i.test(url)) {
    const { SocksProxyAgent } = await import('socks-proxy-agent')
    return new SocksProxyAgent(url) as unknown as Agent
  }
  // The text may hold a password, so it is not repeated.
  throw new BittensorError('USAGE', 'the proxy is neither http, https nor socks', {
    hint: 'look at HTTPS_PROXY and ALL_PROXY',
  })
}
