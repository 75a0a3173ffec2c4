/** Proxies: accounts that may act for another one (pallet Proxy, dTAO runtimes). */
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type Rao, rao } from '../units.js'
import { resolve } from './decode.js'
import type { ChainValue, ChainView } from './types.js'
import { asAddress, asBigint, asList, asNumber, asRecord } from './values.js'

/** One right to act for an account. */
export type ProxyOf = {
  readonly delegate: Ss58
  /** What it may do: `Any`, `Transfer`, `Staking` … as the runtime names them. */
  readonly type: string
  /** Blocks between announcing an act and doing it; 0 for at once. */
  readonly delay: number
}

/** Proxies of an account, and the RAO that are reserved for the list (`Proxy.Proxies`). */
export type ProxyList = { readonly proxies: readonly ProxyOf[]; readonly deposit: Rao }

/** @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes without proxies */
export async function readProxies(view: ChainView, account: Ss58): Promise<ProxyList> {
  requirePallet(view)
  return listOf(await view.read('Proxy', 'Proxies', account))
}

/**
 * Accounts for which one may act. Reads the whole map, as it is kept by the account that gives the right.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes without proxies
 */
export async function readProxied(
  view: ChainView,
  delegate: Ss58,
): Promise<readonly { readonly real: Ss58; readonly type: string; readonly delay: number }[]> {
  requirePallet(view)
  const entries = await view.entries('Proxy', 'Proxies')
  return entries.flatMap(({ keys, value }) =>
    listOf(value)
      .proxies.filter((one) => one.delegate === delegate)
      .map(({ type, delay }) => ({ real: asAddress(keys[0]), type, delay })),
  )
}

/**
 * Whether an account pays the fees of what a proxy does for it (`Proxy.set_real_pays_fee`, since 2026); the proxy pays else.
 */
export async function realPaysFee(view: ChainView, real: Ss58, delegate: Ss58): Promise<boolean> {
  const item = ['RealPaysFeeConsentV1', 'RealPaysFee'].find((name) =>
    view.hasStorage('Proxy', name),
  )
  if (item === undefined) return false
  // An entry holds nothing: that it is there is what it says.
  return (await view.keys('Proxy', item, real)).some(([, other]) => other === delegate)
}

function listOf(value: ChainValue): ProxyList {
  const [proxies, deposit] = asList(value)
  return {
    proxies: asList(proxies).map((one) => {
      const { delegate, proxy_type: type, delay } = asRecord(one)
      return {
        delegate: asAddress(delegate),
        type: String(asRecord(type)['type']),
        delay: asNumber(delay),
      }
    }),
    deposit: rao(asBigint(deposit)),
  }
}

/** Names of the types of proxies that this runtime has. */
export function proxyTypes({ runtime }: Pick<ChainView, 'runtime'>): readonly string[] {
  const { pallets, types } = runtime.description
  const call = pallets['Proxy']?.calls.find(({ name }) => name === 'add_proxy')
  const field = call?.fields.find(([name]) => name === 'proxy_type')
  const def = field && resolve(types, field[1])
  return def?.kind === 'variant' ? def.cases.map(({ name }) => name) : []
}

function requirePallet(view: ChainView): void {
  if (view.hasPallet('Proxy')) return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${view.specVersion}) has no proxies`,
    { details: 'those came in late 2024', data: { specVersion: view.specVersion } },
  )
}
