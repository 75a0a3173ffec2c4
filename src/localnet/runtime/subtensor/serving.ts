/** Where neurons can be reached. */
import type { RuntimeContext } from '../pallet.js'
import { signedBy } from '../pallets/system.js'
import { ensure } from './declarations.js'
import { isRegisteredAnywhere } from './neurons.js'
import { S } from './storage.js'

type Endpoint = { netuid: number; version: number; ip: bigint; port: number; ip_type: number }
type AxonArgs = Endpoint & { protocol: number; placeholder1: number; placeholder2: number }

export function serveAxon(context: RuntimeContext, args: AxonArgs): undefined {
  const hotkey = checkEndpoint(context, args, S.Axons)
  const { netuid, ...info } = args
  context.state.set(S.Axons, [netuid, hotkey], { block: BigInt(context.block), ...info })
  context.emit('SubtensorModule', 'AxonServed', [netuid, hotkey])
}

export function servePrometheus(context: RuntimeContext, args: Endpoint): undefined {
  const hotkey = checkEndpoint(context, args, S.Prometheus)
  const { netuid, ...info } = args
  context.state.set(S.Prometheus, [netuid, hotkey], { block: BigInt(context.block), ...info })
  context.emit('SubtensorModule', 'PrometheusServed', [netuid, hotkey])
}

/** The checks of both calls, in order; returns the signing hotkey. The subnet itself need not exist. */
function checkEndpoint(
  { state, block, origin }: RuntimeContext,
  { netuid, ip, port, ip_type }: Endpoint,
  item: typeof S.Axons | typeof S.Prometheus,
): string {
  const hotkey = signedBy(origin)
  ensure(isRegisteredAnywhere(state, hotkey), 'NotRegistered')
  ensure(ip_type === 4 || ip_type === 6, 'InvalidIpType')
  ensure(isPublicAddress(ip_type, ip), 'InvalidIpAddress')
  const limit = state.get(S.ServingRateLimit, netuid)
  const last = state.get(item as typeof S.Prometheus, netuid, hotkey)?.block ?? 0n
  const free = limit === 0n || last === 0n || BigInt(block) - last >= limit
  ensure(free, 'ServingRateLimitExceeded')
  ensure(port !== 0, 'InvalidPort')
  return hotkey
}

const LOCALHOST = { 4: 0x7f00_0001n, 6: 1n }
const LIMIT = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n }

function isPublicAddress(type: number, ip: bigint): boolean {
  const kind = type === 4 ? 4 : 6
  return ip !== 0n && ip < LIMIT[kind] && ip !== LOCALHOST[kind]
}
