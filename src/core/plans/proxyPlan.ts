/** Plans carried out by a proxy: one account signs and pays the fee, another's money moves. */
import { readFreeBalance } from '../chain/balances.js'
import { buildCall } from '../chain/calls.js'
import { readProxies, realPaysFee } from '../chain/proxies.js'
import { type ProxyFilters, readProxyFilters } from '../chain/proxyFilters.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { formatTao } from '../units.js'
import { type Effect, type Operation, type Party, type Plan, partyName } from './plan.js'
import { mayMake, typeMadeFor, typeText, widestFirst } from './proxyRights.js'

/** Who signs for whom. */
export type Acting = {
  readonly delegate: Party
  readonly real: Party
  /** What the proxy may do, from {@link requireProxy}. */
  readonly types: readonly string[]
  readonly filters: ProxyFilters
}

/**
 * Wraps every call of a plan in `Proxy.proxy`, and adds what the proxy pays.
 * @param fee of all wrapped calls in RAO; undefined if the chain does not tell
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes without proxies, `USAGE` when the type of the proxy does not
 * allow a call, `INSUFFICIENT_BALANCE` when the proxy can not pay the fee
 */
export async function throughProxy<P extends Plan>(
  plan: P,
  {
    client,
    view,
    acting,
  }: {
    readonly client: ChainClient
    readonly view: ChainView
    readonly acting: Acting
  },
  feeOf: (operations: readonly Operation[]) => Promise<bigint | undefined>,
): Promise<P> {
  const { delegate, real } = acting
  const operations = plan.operations.map((one) => wrapped(client, one, acting))
  const [free, fee, isPaid] = await Promise.all([
    readFreeBalance(view, delegate.address),
    feeOf(operations),
    realPaysFee(view, real.address, delegate.address),
  ])
  if (!isPaid && fee !== undefined && free < fee) {
    throw new BittensorError('INSUFFICIENT_BALANCE', `${delegate.name} can not pay the fee`, {
      details: `the proxy pays τ${formatTao(fee, 'full')} and has τ${formatTao(free, 'full')} free`,
      data: { freeRao: free, feeRao: fee },
    })
  }
  const pays: Effect = {
    label: delegate.name,
    before: free,
    after: isPaid ? free : fee === undefined ? null : free - fee,
    note: isPaid ? `the fee is paid by ${partyName(real)}` : 'pays the fee',
  }
  return {
    ...plan,
    operations,
    facts: [{ label: 'for', value: real }, ...plan.facts],
    effects: [...plan.effects, pays],
    notes: [
      ...(plan.notes ?? []),
      ...new Set(plan.operations.flatMap(({ call }) => doubtNote(call, acting))),
    ],
  }
}

function wrapped(client: ChainClient, operation: Operation, acting: Acting): Operation {
  const { call } = operation
  const { real } = acting
  return {
    ...operation,
    call: buildCall(client, 'Proxy', 'proxy', {
      real: real.address,
      force_proxy_type: typeFor(call, acting),
      call,
    }),
    // The same wish as another account, or for another one, is another wish.
    asked: {
      real: real.address,
      call: `${call.pallet}.${call.name}`,
      arguments: operation.asked ?? call.args,
    },
  }
}

/**
 * The right under which a call is made. The chain takes the first that it finds when none is named, and refuses the call
 * if that one does not allow it, for a fee.
 * @throws {BittensorError} `USAGE` when none of them allows it
 */
function typeFor(call: Call, { delegate, real, types, filters }: Acting): string {
  const rights = widestFirst(types)
  const found =
    rights.find((type) => mayMake(type, call, filters) === 'allowed') ??
    rights.find((type) => mayMake(type, call, filters) === 'unknown')
  if (found !== undefined) return found
  const name = `${call.pallet}.${call.name}`
  const wanted = typeMadeFor(call, filters)
  throw new BittensorError('USAGE', `${delegate.name} may not do this for ${partyName(real)}`, {
    details: `a proxy of type ${types.map(typeText).join(' or ')} may not make ${name}`,
    hint: `another right, from the wallet of the account: btcli proxy_add --delegate ${delegate.address}${wanted === undefined ? '' : ` --type ${wanted}`}`,
    data: { delegate: delegate.address, real: real.address, types, call: name },
  })
}

/** Said where nobody knows before. */
function doubtNote(call: Call, acting: Acting): readonly string[] {
  const type = typeFor(call, acting)
  return mayMake(type, call, acting.filters) === 'allowed'
    ? []
    : [
        `not every runtime lets a proxy of type ${type} make ${call.pallet}.${call.name}; if this one does not, nothing is done and the fee is paid`,
      ]
}

/**
 * Checks that one account may act for another at once.
 * @returns what it may do, by the runtime's names, and what these mean
 * @throws {BittensorError} `USAGE` when it may not; `RUNTIME_UNSUPPORTED` on runtimes without proxies
 */
export async function requireProxy(
  view: ChainView,
  { delegate, real }: Pick<Acting, 'delegate' | 'real'>,
): Promise<Pick<Acting, 'types' | 'filters'>> {
  const [{ proxies }, filters] = await Promise.all([
    readProxies(view, real.address),
    readProxyFilters(view),
  ])
  const own = proxies.filter((one) => one.delegate === delegate.address)
  const [first] = own
  if (!first) {
    throw new BittensorError('USAGE', `${delegate.name} is no proxy of ${real.address}`, {
      hint: `its owner can change that: btcli proxy_add --delegate ${delegate.address}`,
      data: { delegate: delegate.address, real: real.address },
    })
  }
  const free = own.filter(({ delay }) => delay === 0).map(({ type }) => type)
  if (free.length > 0) return { types: free, filters }
  throw new BittensorError(
    'USAGE',
    `${delegate.name} has to announce what it does for ${real.address} ${first.delay} blocks before`,
    { hint: 'btcli tx Proxy.announce, then btcli tx Proxy.proxy_announced' },
  )
}
