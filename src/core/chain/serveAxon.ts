/** Announces on chain where a neuron can be reached. */
import { BittensorError } from '../errors.js'
import type { Keypair } from '../keys/keypair.js'
import type { Ss58 } from '../keys/ss58.js'
import { serveAxonCall } from './calls.js'
import { parseIp } from './ip.js'
import { readAxon, readUid } from './neurons.js'
import { submit } from './submit.js'
import { subnetExists, subnetNotFound } from './subnets.js'
import type { AxonInfo, ChainClient, ChainView, Receipt, SubmitOptions } from './types.js'
import { asNumber } from './values.js'

/** What is announced. */
export type AxonEndpoint = {
  /** version integer of the software that serves, such as 531 or 10005000 */
  readonly version: number
  /** IPv4 or IPv6 text */
  readonly ip: string
  readonly port: number
  /** 4 for all Python releases */
  readonly protocol: number
}

export type ServeAxonOptions = Omit<SubmitOptions, 'call' | 'signer'> & {
  readonly netuid: number
  readonly endpoint: AxonEndpoint
  /** The hotkey of the neuron. */
  readonly signer: Keypair
}

/** What came of it. `unchanged`: the chain has this endpoint already, nothing was sent. */
export type AxonServed =
  | { readonly outcome: 'unchanged'; readonly axon: AxonInfo }
  | { readonly outcome: 'served'; readonly receipt: Receipt }

const MODULE = 'SubtensorModule'

/**
 * Announces an axon (SubtensorModule.serve_axon, signed by the hotkey), unless the chain has it already.
 * @throws {BittensorError} `USAGE` for an address or port that nobody could reach; `SUBNET_NOT_FOUND`; `NOT_REGISTERED`;
 * `RATE_LIMITED` with `data.blocksLeft`; after signing all of `submit`
 * @example
 * await serveAxon(chain, { netuid: 1, signer: hotkey, endpoint: { version: 531, ip: '203.0.113.9', port: 8091, protocol: 4 } })
 */
export async function serveAxon(
  client: ChainClient,
  options: ServeAxonOptions,
): Promise<AxonServed> {
  const { netuid, endpoint, signer, ...rest } = options
  const { ip, ipType } = checkEndpoint(endpoint)
  const view = await client.at()
  const known = await checkNeuron(view, netuid, signer.address)
  if (known && isSameAxon(known, endpoint)) return { outcome: 'unchanged', axon: known }
  await checkServingRate(view, netuid, known)
  const { version, port, protocol } = endpoint
  const call = serveAxonCall(client, { netuid, version, ip, port, ipType, protocol })
  return { outcome: 'served', receipt: await submit(client, { ...rest, call, signer }) }
}

/** The chain's own rules, which differ between runtimes only for the address 0. */
export function checkEndpoint({ ip, port }: AxonEndpoint): ReturnType<typeof checkAddress> {
  const parsed = checkAddress(ip)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new BittensorError('USAGE', `${port} is not a port from 1 to 65535`)
  }
  return parsed
}

/** Reads an address that the chain takes for an axon. @throws {BittensorError} `USAGE` */
export function checkAddress(text: string): { readonly ip: bigint; readonly ipType: 4 | 6 } {
  const parsed = parseIp(text)
  if (!parsed) throw new BittensorError('USAGE', `\`${text.slice(0, 60)}\` is not an IP address`)
  const { ip, ipType } = parsed
  const isLocal = ip === (ipType === 4 ? 0x7f00_0001n : 1n)
  const highest = ipType === 4 ? (1n << 32n) - 1n : (1n << 128n) - 1n
  if (ip === 0n || ip === highest || isLocal) {
    throw new BittensorError('USAGE', `nobody else can reach an axon at ${text}`, {
      hint: 'give the address under which others see this machine',
    })
  }
  return parsed
}

/** The endpoint that a neuron announced last. @throws {BittensorError} `SUBNET_NOT_FOUND`, `NOT_REGISTERED` */
export async function checkNeuron(
  view: ChainView,
  netuid: number,
  hotkey: Ss58,
): Promise<AxonInfo | undefined> {
  const [exists, uid, axon] = await Promise.all([
    subnetExists(view, netuid),
    readUid(view, netuid, hotkey),
    readAxon(view, netuid, hotkey),
  ])
  if (!exists) throw await subnetNotFound(view, netuid)
  if (uid !== undefined) return axon
  throw new BittensorError(
    'NOT_REGISTERED',
    `the hotkey ${hotkey} is not registered on subnet ${netuid}`,
    { hint: `btcli recycle_register --netuid ${netuid}`, data: { netuid, hotkey } },
  )
}

/** Whether the chain has this endpoint, however its address is spelled. */
export function isSameAxon(known: AxonInfo, endpoint: AxonEndpoint): boolean {
  return (
    known.version === endpoint.version &&
    known.port === endpoint.port &&
    known.protocol === endpoint.protocol &&
    parseIp(known.ip)?.ip === parseIp(endpoint.ip)?.ip
  )
}

/** The transaction is judged in the block after the view's. */
export async function checkServingRate(
  view: ChainView,
  netuid: number,
  known: AxonInfo | undefined,
): Promise<void> {
  // Of block 0 is one that nobody announced yet.
  if (!known?.block || !view.hasStorage(MODULE, 'ServingRateLimit')) return
  const limit = await readServingRateLimit(view, netuid)
  const blocksLeft = known.block + limit - (view.block.number + 1)
  if (blocksLeft <= 0) return
  throw new BittensorError(
    'RATE_LIMITED',
    `the axon can be announced again in ${blocksLeft === 1 ? '1 block' : `${blocksLeft} blocks`}`,
    {
      details: `subnet ${netuid} wants ${limit} blocks between two announcements; the last was in block ${known.block}`,
      data: { blocksLeft },
    },
  )
}

/** Blocks between two announcements; early runtimes keep one number for all subnets. */
export async function readServingRateLimit(view: ChainView, netuid: number): Promise<number> {
  const item = view.runtime.description.pallets[MODULE]?.storage['ServingRateLimit']
  const keys = item?.keys.length === 0 ? [] : [netuid]
  return asNumber(await view.read(MODULE, 'ServingRateLimit', ...keys))
}
