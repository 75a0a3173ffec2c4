/** Plans carried out by a proxy: one account signs and pays the fee, another's money moves. */
import { readFreeBalance } from '../chain/balances.js'
import { buildCall } from '../chain/calls.js'
import { readProxies } from '../chain/proxies.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { formatTao } from '../units.js'
import type { Effect, Operation, Party, Plan } from './plan.js'

/** Who signs for whom. */
export type Acting = {
  readonly delegate: Party
  readonly real: Party
  /** What the proxy may do, from {@link requireProxy}. */
  readonly types: readonly string[]
}

/**
 * Wraps every call of a plan in `Proxy.proxy`, and adds what the proxy pays.
 * @param fee of all wrapped calls in RAO; undefined if the chain does not tell
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes without proxies, `INSUFFICIENT_BALANCE` when the proxy can
 * not pay the fee
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
  const [free, fee] = await Promise.all([
    readFreeBalance(view, delegate.address),
    feeOf(operations),
  ])
  if (fee !== undefined && free < fee) {
    throw new BittensorError('INSUFFICIENT_BALANCE', `${delegate.name} can not pay the fee`, {
      details: `the proxy pays τ${formatTao(fee, 'full')} and has τ${formatTao(free, 'full')} free`,
      data: { freeRao: free, feeRao: fee },
    })
  }
  const pays: Effect = {
    label: delegate.name,
    before: free,
    after: fee === undefined ? null : free - fee,
    note: 'pays the fee',
  }
  return {
    ...plan,
    operations,
    facts: [{ label: 'for', value: real }, ...plan.facts],
    effects: [...plan.effects, pays],
  }
}

function wrapped(client: ChainClient, operation: Operation, { real, types }: Acting): Operation {
  const { call } = operation
  return {
    ...operation,
    call: buildCall(client, 'Proxy', 'proxy', {
      real: real.address,
      force_proxy_type: typeFor(call, types),
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

/** Types that allow nearly everything, the widest first. */
const WIDE = ['Any', 'NonCritical']

/** Types made for some calls (opentensor/subtensor, runtime/src/lib.rs, InstanceFilter). */
const MADE_FOR: readonly (readonly [type: string, calls: RegExp])[] = [
  ['Transfer', /^Balances\.transfer|\.transfer_stake$/],
  ['SmallTransfer', /^Balances\.transfer|\.transfer_stake$/],
  ['Staking', /\.(add|remove|move|swap|recycle|burn)_(stake|alpha)|\.unstake_all/],
  ['Registration', /\.(burned_register|register)(_limit)?$/],
  ['ChildKeys', /\.(set_children|set_childkey_take)$/],
  ['SwapHotkey', /\.swap_hotkey/],
  ['RootClaim', /\.(claim_root|set_root_claim_type)$/],
  ['RootWeights', /\.set_root_weights$|\.set_weights$/],
  ['Owner', /^AdminUtils\.|\.(set_subnet_identity|update_symbol|start_call)/],
]

/**
 * The right under which a call is made. The chain takes the first that it finds when none is named, and refuses the call
 * if that one does not allow it.
 */
function typeFor(
  { pallet, name }: Pick<Call, 'pallet' | 'name'>,
  types: readonly string[],
): string {
  const full = `${pallet}.${name}`
  const made = MADE_FOR.filter(([, calls]) => calls.test(full)).map(([type]) => type)
  const isTransfer = made.includes('Transfer')
  const order = [...WIDE, ...(isTransfer ? [] : ['NonTransfer']), ...made]
  return order.find((type) => types.includes(type)) ?? types[0] ?? 'Any'
}

/**
 * Checks that one account may act for another at once.
 * @returns what it may do, by the runtime's names
 * @throws {BittensorError} `USAGE` when it may not; `RUNTIME_UNSUPPORTED` on runtimes without proxies
 */
export async function requireProxy(
  view: ChainView,
  { delegate, real }: Omit<Acting, 'types'>,
): Promise<readonly string[]> {
  const { proxies } = await readProxies(view, real.address)
  const own = proxies.filter((one) => one.delegate === delegate.address)
  const [first] = own
  if (!first) {
    throw new BittensorError('USAGE', `${delegate.name} is no proxy of ${real.address}`, {
      hint: `its owner can change that: btcli proxy_add --delegate ${delegate.address}`,
      data: { delegate: delegate.address, real: real.address },
    })
  }
  const free = own.filter(({ delay }) => delay === 0).map(({ type }) => type)
  if (free.length > 0) return free
  throw new BittensorError(
    'USAGE',
    `${delegate.name} has to announce what it does for ${real.address} ${first.delay} blocks before`,
    { hint: 'btcli tx Proxy.announce, then btcli tx Proxy.proxy_announced' },
  )
}
