/** What the chain knows of an axon, and how to reach it. */

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
 * @example
 * const reachable = metagraph.axons.filter(isServing)
 */
export function isServing(info: Pick<AxonInfo, 'ip'>): boolean {
  return info.ip !== '0.0.0.0' && info.ip !== '::' && info.ip !== ''
}
