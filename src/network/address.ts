/** Endpoints as sockets and people read them. */

/**
 * `host:port` for a URL or a socket: IPv6 in brackets.
 * @example
 * hostPort('2001:db8::1', 8091) // '[2001:db8::1]:8091'
 */
export function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

/**
 * The form that metagraphs print: `/ipv4/1.2.3.4:8091` (bittensor 5.3.1, ip_str).
 * @example
 * formatEndpoint({ ip: '1.2.3.4', port: 8091 }) // '/ipv4/1.2.3.4:8091'
 */
export function formatEndpoint(endpoint: { readonly ip: string; readonly port: number }): string {
  const type = endpoint.ip.includes(':') ? 6 : 4
  return `/ipv${type}/${endpoint.ip}:${endpoint.port}`
}
