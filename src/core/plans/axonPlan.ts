/** What `axon_set` and `axon_reset` check, and what they show before signing. */
import { serveAxonCall } from '../chain/calls.js'
import { placeOf } from '../chain/ip.js'
import { readAxon } from '../chain/neurons.js'
import {
  type AxonEndpoint,
  checkEndpoint,
  checkNeuron,
  checkServingRate,
  isSameAxon,
} from '../chain/serveAxon.js'
import type { AxonInfo } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { type CallPlan, planCall } from './callPlan.js'
import { type Party, type Planning, partyName } from './plan.js'

export type AxonTerms = {
  readonly hotkey: Party
  readonly netuid: number
  /** Undefined takes the axon back: later runtimes keep the address 0 for that. */
  readonly endpoint: AxonEndpoint | undefined
}

/** What the chain has. */
export type AxonPlan = CallPlan<AxonInfo | undefined>

/** opentensor/subtensor, pallets/subtensor/src/subnets/serving.rs: from here on the address 0 is taken. */
const NOWHERE_SINCE = 272

/** The address that stands for none. */
const NOWHERE = { ip: 0n, ipType: 4, port: 1, version: 0, protocol: 4 } as const

/**
 * Checks an endpoint and says what announcing it would do.
 * @throws {BittensorError} `USAGE` for an address that nobody could reach, `DUPLICATE` for one that is announced already; `SUBNET_NOT_FOUND`,
 * `NOT_REGISTERED`, `RATE_LIMITED`; `RUNTIME_UNSUPPORTED` where an axon can not be taken back
 */
export async function planAxon(planning: Planning, terms: AxonTerms): Promise<AxonPlan> {
  const { client, view } = planning
  const { hotkey, netuid, endpoint } = terms
  if (!endpoint && view.specVersion < NOWHERE_SINCE) throw noReset(view.specVersion)
  const address = endpoint ? { ...endpoint, ...checkEndpoint(endpoint) } : NOWHERE
  const known = await checkNeuron(view, netuid, hotkey.address)
  if (isSame(known, endpoint)) {
    throw new BittensorError(
      'DUPLICATE',
      `${partyName(hotkey)} has ${endpointText(known)} on subnet ${netuid} already`,
    )
  }
  await checkServingRate(view, netuid, known)
  const { version, ip, port, ipType, protocol } = address
  return planCall<AxonInfo | undefined>(
    planning,
    {
      signer: hotkey,
      call: serveAxonCall(client, { netuid, version, ip, port, ipType, protocol }),
      label: `axon of ${partyName(hotkey)}`,
      netuids: [netuid],
      measure: (at) => readAxon(at, netuid, hotkey.address),
      facts: [
        { label: 'hotkey', value: hotkey, note: `on subnet ${netuid}` },
        {
          label: 'axon',
          value: endpoint ? `${endpoint.ip} port ${endpoint.port}` : 'none',
          note: `now ${endpointText(known)}`,
        },
      ],
      notes: placeNotes(endpoint),
      question: endpoint
        ? `Announce ${endpoint.ip} port ${endpoint.port} on subnet ${netuid}?`
        : `Take the axon of ${partyName(hotkey)} back on subnet ${netuid}?`,
    },
    'hotkey',
  )
}

/** A private address is right on a chain of one's own, and a mistake on any other: the chain takes it. */
function placeNotes(endpoint: AxonEndpoint | undefined): string[] {
  const place = endpoint && placeOf(endpoint.ip)
  return place ? [`${endpoint.ip} is an address ${place}: nobody outside reaches it`] : []
}

function noReset(specVersion: number): BittensorError {
  return new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${specVersion}) keeps an axon once it is announced`,
    {
      details: 'an empty address is taken since mid-2025; nothing was sent',
      hint: 'axon_set can announce another address',
      data: { specVersion },
    },
  )
}

function isSame(known: AxonInfo | undefined, endpoint: AxonEndpoint | undefined): boolean {
  if (!known || known.ip === '0.0.0.0') return endpoint === undefined
  return endpoint !== undefined && isSameAxon(known, endpoint)
}

/** `203.0.113.9 port 8091`, or `no axon`. */
export function endpointText(axon: AxonInfo | undefined): string {
  return axon && axon.ip !== '0.0.0.0' ? `${axon.ip} port ${axon.port}` : 'no axon'
}
