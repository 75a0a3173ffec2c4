/** What `proxy_add` and `proxy_remove` check, and what they show before signing. */
import { readFreeBalance } from '../chain/balances.js'
import { buildCall } from '../chain/calls.js'
import { type ProxyOf, proxyTypes, readProxies } from '../chain/proxies.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { asBigint, asNumber } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { formatTao, type Rao } from '../units.js'
import { type Fact, type Party, type Plan, type Planning, targetName } from './plan.js'

/** Free balance of the account and the right itself: there or not. */
export type ProxyState = { readonly free: Rao; readonly proxies: readonly ProxyOf[] }

export type AddTerms = {
  readonly account: Party
  readonly delegate: Party
  /** As the runtime names it; upper and lower case are equal. */
  readonly type: string
  readonly delay: number
  /** A proxy that may do everything was asked for in so many words. */
  readonly allowAny: boolean
}

/**
 * Gives an account the right to act for another.
 * @throws {BittensorError} `USAGE` for an unknown type or the account itself, `DUPLICATE` for a right that is there already; `INSUFFICIENT_BALANCE`
 */
export async function planProxyAdd(planning: Planning, terms: AddTerms): Promise<Plan<ProxyState>> {
  const { client, view } = planning
  const { account, delegate, delay } = terms
  if (delegate.address === account.address) {
    throw new BittensorError('USAGE', `${account.name} can not be its own proxy`, {
      hint: 'name the account that may act for it with --delegate',
    })
  }
  const { proxies, deposit } = await readProxies(view, account.address)
  const type = typeNamed(view, terms.type)
  if (proxies.some((one) => one.delegate === delegate.address && one.type === type)) {
    throw new BittensorError('DUPLICATE', `${targetName(delegate)} is such a proxy already`, {
      data: { delegate: delegate.address, type },
    })
  }
  const limit = asNumber(client.constant('Proxy', 'MaxProxies'))
  if (proxies.length >= limit) {
    throw new BittensorError('USAGE', `an account may have ${limit} proxies, and has as many`, {
      details: 'nothing was sent',
    })
  }
  const call = buildCall(client, 'Proxy', 'add_proxy', {
    delegate: delegate.address,
    proxy_type: type,
    delay,
  })
  const reserve = depositFor(client, proxies.length + 1) - deposit
  const isAny = type === 'Any'
  return planOf(planning, {
    account,
    call,
    reserve,
    facts: [
      { label: 'proxy', value: delegate },
      { label: 'may do', value: type },
      delayFact(delay),
    ],
    question: `Let ${targetName(delegate)} act for ${account.name} (${type})?`,
    risks: isAny
      ? [
          {
            message: `A proxy of type Any can move all that ${account.name} has. Add it?`,
            option: '--allow_any',
            accepted: terms.allowAny,
          },
        ]
      : [],
  })
}

export type RemoveTerms = {
  readonly account: Party
  /** Undefined for all proxies. */
  readonly delegate: Party | undefined
  readonly type: string | undefined
}

/**
 * Takes rights back.
 * @throws {BittensorError} `USAGE` when there is no such proxy, or several fit
 */
export async function planProxyRemove(
  planning: Planning,
  { account, delegate, type }: RemoveTerms,
): Promise<Plan<ProxyState>> {
  const { client, view } = planning
  const { proxies, deposit } = await readProxies(view, account.address)
  if (!delegate) {
    if (proxies.length === 0) throw noProxy(account, undefined)
    return planOf(planning, {
      account,
      call: buildCall(client, 'Proxy', 'remove_proxies', {}),
      reserve: -deposit,
      facts: [{ label: 'proxies', value: `all ${proxies.length}` }],
      question: `Remove all proxies of ${account.name}?`,
      risks: [],
    })
  }
  const wanted = type === undefined ? undefined : typeNamed(view, type)
  const fitting = proxies.filter(
    (one) => one.delegate === delegate.address && (wanted === undefined || one.type === wanted),
  )
  const [only, second] = fitting
  if (!only) throw noProxy(account, delegate)
  if (second) {
    throw new BittensorError('USAGE', `${targetName(delegate)} is a proxy of several types`, {
      details: fitting.map((one) => one.type).join(', '),
      hint: 'name one with --type',
    })
  }
  const call = buildCall(client, 'Proxy', 'remove_proxy', {
    delegate: delegate.address,
    proxy_type: only.type,
    delay: only.delay,
  })
  const left = proxies.length - 1
  return planOf(planning, {
    account,
    call,
    reserve: (left === 0 ? 0n : depositFor(client, left)) - deposit,
    facts: [
      { label: 'proxy', value: delegate },
      { label: 'may do', value: only.type },
      delayFact(only.delay),
    ],
    question: `Remove ${targetName(delegate)} as proxy of ${account.name} (${only.type})?`,
    risks: [],
  })
}

type Parts = {
  readonly account: Party
  readonly call: Call
  /** RAO that are reserved (or freed, below zero) while the list is as long. */
  readonly reserve: bigint
  readonly facts: readonly Fact[]
  readonly question: string
  readonly risks: NonNullable<Plan['risks']>
}

async function planOf({ view, feeOf }: Planning, parts: Parts): Promise<Plan<ProxyState>> {
  const { account, call, reserve } = parts
  const [free, fee = 0n] = await Promise.all([readFreeBalance(view, account.address), feeOf(call)])
  if (free < reserve + fee) {
    throw new BittensorError('INSUFFICIENT_BALANCE', 'not enough free balance for the deposit', {
      details: `${account.name} has τ${formatTao(free, 'full')} free; deposit τ${formatTao(reserve)} + fee τ${formatTao(fee)} needed`,
      data: { freeRao: free, depositRao: reserve, feeRao: fee },
    })
  }
  return {
    operations: [
      {
        label: `${call.pallet}.${call.name}`,
        call,
        // Reserved τ stays the account's own.
        spendRao: 0n,
        measure: (at) => stateOf(at, account.address),
      },
    ],
    facts: [...parts.facts, depositFact(reserve)],
    effects: [{ label: `${account.name}, free`, before: free, after: free - reserve - fee }],
    risks: parts.risks,
    question: parts.question,
  }
}

async function stateOf(view: ChainView, account: Ss58): Promise<ProxyState> {
  const [free, { proxies }] = await Promise.all([
    readFreeBalance(view, account),
    readProxies(view, account),
  ])
  return { free, proxies }
}

function delayFact(delay: number): Fact {
  return { label: 'delay', value: delay === 0 ? 'none' : `${delay} blocks after announcing` }
}

function depositFact(reserve: bigint): Fact {
  const note = reserve < 0n ? 'comes back' : 'reserved until the proxy is removed'
  return { label: 'deposit', value: `τ${formatTao(reserve < 0n ? -reserve : reserve)}`, note }
}

function depositFor(client: ChainClient, proxies: number): bigint {
  const base = asBigint(client.constant('Proxy', 'ProxyDepositBase'))
  return base + asBigint(client.constant('Proxy', 'ProxyDepositFactor')) * BigInt(proxies)
}

function typeNamed(view: ChainView, text: string): string {
  const types = proxyTypes(view)
  const found = types.find((one) => one.toLowerCase() === text.toLowerCase().replaceAll('_', ''))
  if (found !== undefined) return found
  throw new BittensorError('USAGE', `this chain has no proxies of type ${text}`, {
    hint: `it has ${types.join(', ')}`,
    data: { types },
  })
}

function noProxy(account: Party, delegate: Party | undefined): BittensorError {
  const who = delegate === undefined ? 'any account' : targetName(delegate)
  return new BittensorError('USAGE', `${account.name} has not made ${who} its proxy`, {
    details: 'nothing was sent',
    hint: 'btcli proxy_list shows the proxies of an account',
  })
}
