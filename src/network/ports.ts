/** The ports of an axon: which protocols are spoken on each, and the servers that listen there. */
import type { AddressInfo, Server } from 'node:net'
import { BittensorError } from '../core/errors.js'
import { hostPort } from './address.js'
import type { ProtocolName } from './call.js'

/** A protocol on the axon's own port, or on a port of its own. */
export type ProtocolOption = ProtocolName | { readonly name: ProtocolName; readonly port: number }

/** What is to be opened. */
export type PortPlan = { readonly port: number; readonly protocols: ReadonlySet<ProtocolName> }

/**
 * Groups protocols by port; the axon's own port comes first where any protocol uses it.
 * @throws {BittensorError} `USAGE` for no protocol at all, the same one twice, or a port that is none
 */
export function planPorts(options: readonly ProtocolOption[], ownPort: number): PortPlan[] {
  const names = options.map((option) => (typeof option === 'string' ? option : option.name))
  if (names.length === 0) throw new BittensorError('USAGE', 'an axon needs at least one protocol')
  if (new Set(names).size < names.length) {
    throw new BittensorError('USAGE', 'an axon speaks each protocol on one port only')
  }
  const own = options.filter((option) => typeof option === 'string')
  const others = options.filter((option) => typeof option !== 'string')
  const plans = new Map<number | ProtocolName, { port: number; protocols: Set<ProtocolName> }>()
  if (own.length > 0) plans.set(ownPort, { port: ownPort, protocols: new Set(own) })
  for (const { name, port } of others) {
    // Each 0 is another free port.
    const key = port === 0 ? name : port
    const plan = plans.get(key) ?? { port, protocols: new Set() }
    plan.protocols.add(name)
    plans.set(key, plan)
  }
  const result = [...plans.values()]
  for (const { port } of result) checkPort(port)
  return result
}

function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return
  throw new BittensorError('USAGE', `${port} is not a port`)
}

/** @throws {BittensorError} `CONNECTION` when the port cannot be had */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => {
      reject(
        new BittensorError('CONNECTION', `cannot listen on ${hostPort(host, port)}`, {
          details: cause.code,
          hint: cause.code === 'EADDRINUSE' ? 'another program uses this port' : undefined,
          cause,
        }),
      )
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.removeListener('error', fail)
      resolve()
    })
  })
}

/** The port that a server has open; undefined while it has none. */
export function openPortOf(server: Server): number | undefined {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' ? address?.port : undefined
}
