/** Where neurons can be reached. */
import type { RuntimeContext } from '../../pallet.js'
import { signedBy } from '../../pallets/system.js'
import type { State } from '../../state.js'
import { ensure, fail, type SubtensorError } from './errors.js'
import { isRegisteredAnywhere } from './neurons.js'
import { S } from './storage.js'

type Endpoint = { netuid: number; version: number; ip: bigint; port: number; ip_type: number }
export type AxonArgs = Endpoint & {
  protocol: number
  placeholder1: number
  placeholder2: number
}

export function serveAxon(context: RuntimeContext, args: AxonArgs): undefined {
  const { state, block } = context
  const hotkey = signedBy(context.origin)
  const problem = axonProblem(state, BigInt(block), hotkey, args)
  if (problem) fail(problem)
  const { netuid, ...info } = args
  state.set(S.Axons, [netuid, hotkey], { block: BigInt(block), ...info })
  context.emit('SubtensorModule', 'AxonServed', [netuid, hotkey])
}

/** Longest public key of a certificate. */
const MAX_KEY = 64

/** {@link serveAxon} with a TLS key: its algorithm in the first byte. One of another form is passed over. */
export function serveAxonTls(
  context: RuntimeContext,
  { certificate, ...args }: AxonArgs & { certificate: Uint8Array },
): undefined {
  serveAxon(context, args)
  const [algorithm] = certificate
  if (algorithm === undefined || certificate.length > MAX_KEY + 1) return
  const value = { algorithm, public_key: certificate.slice(1) }
  context.state.set(S.NeuronCertificates, [args.netuid, signedBy(context.origin)], value)
}

/** Why an axon cannot be published, undefined when it can. A zero address is allowed: it means nowhere. */
export function axonProblem(
  state: State,
  block: bigint,
  hotkey: string,
  { netuid, ip, ip_type, port }: Endpoint,
): SubtensorError | undefined {
  if (!isRegisteredAnywhere(state, hotkey)) return 'HotKeyNotRegisteredInNetwork'
  if (ip_type !== 4 && ip_type !== 6) return 'InvalidIpType'
  if (ip !== 0n && !isPublicAddress(ip_type, ip)) return 'InvalidIpAddress'
  const last = state.get(S.Axons, netuid, hotkey)?.block ?? 0n
  if (!isRested(state, netuid, last, block)) return 'ServingRateLimitExceeded'
  return port === 0 ? 'InvalidPort' : undefined
}

const isRested = (state: State, netuid: number, last: bigint, block: bigint): boolean => {
  const limit = state.get(S.ServingRateLimit, netuid)
  return limit === 0n || last === 0n || block - last >= limit
}

export function servePrometheus(context: RuntimeContext, args: Endpoint): undefined {
  const { state } = context
  const block = BigInt(context.block)
  const hotkey = signedBy(context.origin)
  const { netuid, ...info } = args
  ensure(info.ip_type === 4 || info.ip_type === 6, 'InvalidIpType')
  ensure(isPublicAddress(info.ip_type, info.ip), 'InvalidIpAddress')
  ensure(isRegisteredAnywhere(state, hotkey), 'HotKeyNotRegisteredInNetwork')
  const last = state.get(S.Prometheus, netuid, hotkey)?.block ?? 0n
  ensure(isRested(state, netuid, last, block), 'ServingRateLimitExceeded')
  ensure(info.port !== 0, 'InvalidPort')
  state.set(S.Prometheus, [netuid, hotkey], { block, ...info })
  context.emit('SubtensorModule', 'PrometheusServed', [netuid, hotkey])
}

const LOCALHOST = { 4: 0x7f00_0001n, 6: 1n }
const LIMIT = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n }

function isPublicAddress(type: number, ip: bigint): boolean {
  const kind = type === 4 ? 4 : 6
  return ip !== 0n && ip < LIMIT[kind] && ip !== LOCALHOST[kind]
}
