/** Calls that a proxy announces first, so that the account it acts for has time to object. */
import type { Call, RuntimeContext } from '../../pallet.js'
import { blake256, lookup, signedBy } from '../../pallets/system.js'
import type { ScaleType, Variant } from '../../scale.js'
import { actFor, changeDeposit, findProxy, pokeProxies } from './proxies.js'
import { type Announcement, ensure, Proxied } from './storage.js'

const DEPOSIT_BASE = 36_000_000n
const DEPOSIT_FACTOR = 68_000_000n
const MAX_PENDING = 75

const depositFor = (count: number): bigint =>
  count === 0 ? 0n : DEPOSIT_BASE + DEPOSIT_FACTOR * BigInt(count)

function store(context: RuntimeContext, who: string, announcements: Announcement[]): void {
  const { state } = context
  const [, before] = state.get(Proxied.Announcements, who)
  const deposit = depositFor(announcements.length)
  changeDeposit(context, who, before, deposit)
  if (announcements.length === 0) state.remove(Proxied.Announcements, who)
  else state.set(Proxied.Announcements, [who], [announcements, deposit])
}

/** Drops announcements of a delegate; at least one must go. */
function drop(
  context: RuntimeContext,
  delegate: string,
  goes: (one: Announcement) => boolean,
  error: 'NotFound' | 'Unannounced' = 'NotFound',
): void {
  const [announcements] = context.state.get(Proxied.Announcements, delegate)
  const left = announcements.filter((one) => !goes(one))
  ensure(left.length < announcements.length, error)
  store(context, delegate, left)
}

type Args = { real: Variant; call_hash: string }

export function announce(context: RuntimeContext, args: Args): undefined {
  const { state, block } = context
  const who = signedBy(context.origin)
  const real = lookup(args.real)
  const { call_hash } = args
  findProxy(state, real, who)
  const [announcements] = state.get(Proxied.Announcements, who)
  ensure(announcements.length < MAX_PENDING, 'TooMany')
  store(context, who, [...announcements, { real, call_hash, height: block }])
  context.emit('Proxy', 'Announced', { real, proxy: who, call_hash })
}

export function removeAnnouncement(context: RuntimeContext, args: Args): undefined {
  const real = lookup(args.real)
  drop(
    context,
    signedBy(context.origin),
    (one) => one.real === real && one.call_hash === args.call_hash,
  )
}

export function rejectAnnouncement(
  context: RuntimeContext,
  { delegate, call_hash }: { delegate: Variant; call_hash: string },
): undefined {
  const who = signedBy(context.origin)
  drop(context, lookup(delegate), (one) => one.real === who && one.call_hash === call_hash)
}

type AnnouncedArgs = {
  delegate: Variant
  real: Variant
  force_proxy_type: Variant | undefined
  call: Call
}

/** Anybody may run an announced call when its time has come. */
export const proxyAnnounced =
  (runtimeCall: ScaleType<Call>) =>
  (context: RuntimeContext, args: AnnouncedArgs): undefined => {
    signedBy(context.origin)
    const [delegate, real] = [lookup(args.delegate), lookup(args.real)]
    const definition = findProxy(context.state, real, delegate, args.force_proxy_type)
    const hash = blake256(runtimeCall.codec.enc(args.call))
    drop(
      context,
      delegate,
      (one) =>
        one.real === real &&
        one.call_hash === hash &&
        context.block - one.height >= definition.delay,
      'Unannounced',
    )
    actFor(context, definition, real, args.call)
  }

/** Free when it changes anything. */
export function pokeDeposit(context: RuntimeContext): { pays?: boolean } {
  const who = signedBy(context.origin)
  const proxies = pokeProxies(context, who)
  const [announcements, old_deposit] = context.state.get(Proxied.Announcements, who)
  const new_deposit = depositFor(announcements.length)
  if (new_deposit === old_deposit) return proxies ? { pays: false } : {}
  store(context, who, announcements)
  const kind = { type: 'Announcements' }
  context.emit('Proxy', 'DepositPoked', { who, kind, old_deposit, new_deposit })
  return { pays: false }
}
