/** What the chain knows of an axon, and how to reach it. */
import { encodeIp, formatEndpoint } from './address.js'

/** An endpoint as it stands on chain. */
export type AxonInfo = {
  /** version integer of the software that serves, such as 531 or 10005000 */
  readonly version: number
  /** IPv4 or IPv6 text */
  readonly ip: string
  readonly port: number
  readonly ipType: number
  /** ss58 address */
  readonly hotkey: string
  /** ss58 address; empty when unknown */
  readonly coldkey: string
  /** 4 for all Python releases */
  readonly protocol: number
  readonly placeholder1: number
  readonly placeholder2: number
}

/**
 * Whether the neuron published an address at all (bittensor 5.3.1, axon_info.is_serving).
 * @public
 */
export function isServing(info: Pick<AxonInfo, 'ip'>): boolean {
  return info.ip !== '0.0.0.0' && info.ip !== '::' && info.ip !== ''
}

/**
 * Whether publishing would change nothing: all fields that go to the chain are equal.
 * @public
 */
export function isSameEndpoint(a: AxonInfo, b: AxonInfo): boolean {
  return (
    a.version === b.version &&
    a.ip === b.ip &&
    a.port === b.port &&
    a.ipType === b.ipType &&
    a.protocol === b.protocol &&
    a.placeholder1 === b.placeholder1 &&
    a.placeholder2 === b.placeholder2
  )
}

/**
 * `/ipv4/1.2.3.4:8091`.
 * @public
 */
export function axonEndpoint(info: Pick<AxonInfo, 'ip' | 'port'>): string {
  return formatEndpoint(info)
}

/** The arguments of the call SubtensorModule.serve_axon. */
export type ServeAxonArguments = {
  readonly netuid: number
  readonly version: number
  readonly ip: bigint
  readonly port: number
  readonly ip_type: number
  readonly protocol: number
  readonly placeholder1: number
  readonly placeholder2: number
}

/**
 * What serve_axon is called with; the hotkey signs it.
 * @throws {BittensorError} `USAGE` when the info has no valid IP address.
 * @public
 */
export function serveAxonArguments(netuid: number, info: AxonInfo): ServeAxonArguments {
  const { value, ipType } = encodeIp(info.ip)
  return {
    netuid,
    version: info.version,
    ip: value,
    port: info.port,
    ip_type: ipType,
    protocol: info.protocol,
    placeholder1: info.placeholder1,
    placeholder2: info.placeholder2,
  }
}
