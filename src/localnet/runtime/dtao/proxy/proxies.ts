/** Acting for others, and who may. */
import type { Call, RuntimeContext } from '../../pallet.js'
import { blake256, lookup, signedBy } from '../../pallets/system.js'
import { AccountId, fixedBytes, tuple, u16, u32, type Variant } from '../../scale.js'
import type { State } from '../../state.js'
import { less } from '../fixed.js'
import { reserve, unreserve } from '../pallets/balances.js'
import { allows } from './filter.js'
import { type Definition, ensure, fail, numberOf, Proxied, ProxyType } from './storage.js'

const DEPOSIT_BASE = 60_000_000n
const DEPOSIT_FACTOR = 33_000_000n
const MAX_PROXIES = 20

const depositFor = (count: number): bigint =>
  count === 0 ? 0n : DEPOSIT_BASE + DEPOSIT_FACTOR * BigInt(count)

/** Reserves or frees what a deposit has become more or less. */
export function changeDeposit(
  context: RuntimeContext,
  who: string,
  before: bigint,
  now: bigint,
): void {
  if (now > before) reserve(context, who, now - before)
  else unreserve(context, who, less(before, now))
}

function store(context: RuntimeContext, who: string, definitions: Definition[]): void {
  const { state } = context
  const [, before] = state.get(Proxied.Proxies, who)
  const deposit = depositFor(definitions.length)
  changeDeposit(context, who, before, deposit)
  if (definitions.length === 0) state.remove(Proxied.Proxies, who)
  else state.set(Proxied.Proxies, [who], [definitions, deposit])
}

/** By the bytes of the delegate, the type and the delay. */
function compare(a: Definition, b: Definition): number {
  if (a.delegate !== b.delegate) return a.delegate < b.delegate ? -1 : 1
  return numberOf(a.proxy_type) - numberOf(b.proxy_type) || a.delay - b.delay
}

type ProxyArgs = { delegate: Variant; proxy_type: Variant; delay: number }

export function addProxy(context: RuntimeContext, args: ProxyArgs): undefined {
  const who = signedBy(context.origin)
  const { proxy_type, delay } = args
  const delegate = lookup(args.delegate)
  ensure(who !== delegate, 'NoSelfProxy')
  const [definitions] = context.state.get(Proxied.Proxies, who)
  const added: Definition = { delegate, proxy_type, delay }
  ensure(!definitions.some((one) => compare(one, added) === 0), 'Duplicate')
  ensure(definitions.length < MAX_PROXIES, 'TooMany')
  store(context, who, [...definitions, added].sort(compare))
  context.emit('Proxy', 'ProxyAdded', { delegator: who, delegatee: delegate, proxy_type, delay })
}

export function removeProxy(context: RuntimeContext, args: ProxyArgs): undefined {
  const who = signedBy(context.origin)
  const { proxy_type, delay } = args
  const delegate = lookup(args.delegate)
  const removed: Definition = { delegate, proxy_type, delay }
  const [definitions] = context.state.get(Proxied.Proxies, who)
  const left = definitions.filter((one) => compare(one, removed) !== 0)
  ensure(left.length < definitions.length, 'NotFound')
  store(context, who, left)
  context.emit('Proxy', 'ProxyRemoved', { delegator: who, delegatee: delegate, proxy_type, delay })
}

export function removeProxies(context: RuntimeContext): undefined {
  store(context, signedBy(context.origin), [])
}

/** The first entry by which a delegate may act for an account, of the type if one is asked for. */
export function findProxy(
  state: State,
  real: string,
  delegate: string,
  type?: Variant | undefined,
): Definition {
  const [definitions] = state.get(Proxied.Proxies, real)
  const found = definitions.find(
    (one) => one.delegate === delegate && (!type || one.proxy_type.type === type.type),
  )
  return found ?? fail('NotProxy')
}

/** Runs a call as another account, within what the type of proxy allows. */
export function actFor(
  context: RuntimeContext,
  { proxy_type }: Definition,
  real: string,
  call: Call,
) {
  const filter = (inner: Call): boolean => allows(proxy_type, inner)
  const outcome = context.dispatch(call, { kind: 'signed', account: real, filter })
  context.emit('Proxy', 'ProxyExecuted', { result: context.result(outcome) })
}

export function proxy(
  context: RuntimeContext,
  args: { real: Variant; force_proxy_type: Variant | undefined; call: Call },
): undefined {
  const who = signedBy(context.origin)
  const real = lookup(args.real)
  const definition = findProxy(context.state, real, who, args.force_proxy_type)
  ensure(definition.delay === 0, 'Unannounced')
  actFor(context, definition, real, args.call)
}

const Entropy = tuple(fixedBytes(16), AccountId, u32, u32, ProxyType, u16)
/** `modlpy/proxy____`. */
const PREFIX = '0x6d6f646c70792f70726f78795f5f5f5f'

/** The account without a key that belongs to whoever makes it, by place and time. */
const pureAccount = (
  who: string,
  type: Variant,
  index: number,
  height: number,
  extrinsic: number,
): string => blake256(Entropy.codec.enc([PREFIX, who, height, extrinsic, type, index]))

type PureArgs = { proxy_type: Variant; delay: number; index: number }

export function createPure(context: RuntimeContext, args: PureArgs): undefined {
  const { state, block, extrinsic } = context
  const who = signedBy(context.origin)
  const { proxy_type, delay, index } = args
  const pure = pureAccount(who, proxy_type, index, block, extrinsic)
  ensure(!state.has(Proxied.Proxies, pure), 'Duplicate')
  const deposit = depositFor(1)
  reserve(context, who, deposit)
  state.set(Proxied.Proxies, [pure], [[{ delegate: who, proxy_type, delay }], deposit])
  const disambiguation_index = index
  context.emit('Proxy', 'PureCreated', { pure, who, proxy_type, disambiguation_index })
}

type KillArgs = {
  spawner: Variant
  proxy_type: Variant
  index: number
  height: number
  ext_index: number
}

export function killPure(context: RuntimeContext, args: KillArgs): undefined {
  const { state } = context
  const who = signedBy(context.origin)
  const spawner = lookup(args.spawner)
  const { proxy_type, index, height, ext_index } = args
  const pure = pureAccount(spawner, proxy_type, index, height, ext_index)
  ensure(pure === who, 'NoPermission')
  const [, deposit] = state.get(Proxied.Proxies, who)
  state.remove(Proxied.Proxies, who)
  unreserve(context, spawner, deposit)
  const disambiguation_index = index
  context.emit('Proxy', 'PureKilled', { pure: who, spawner, proxy_type, disambiguation_index })
}

/** Brings a deposit to what it would be today; returns whether it changed. */
export function pokeProxies(context: RuntimeContext, who: string): boolean {
  const [definitions, old_deposit] = context.state.get(Proxied.Proxies, who)
  const new_deposit = depositFor(definitions.length)
  if (new_deposit === old_deposit) return false
  store(context, who, definitions)
  const kind = { type: 'Proxies' }
  context.emit('Proxy', 'DepositPoked', { who, kind, old_deposit, new_deposit })
  return true
}
