/** What `swap_hotkey` checks, and what it shows before signing. */
import { readFreeBalance } from '../chain/balances.js'
import { swapHotkeyCall } from '../chain/calls.js'
import { readRegistrations } from '../chain/neurons.js'
import { readOwner, readTotalStake } from '../chain/stake.js'
import { existingSubnet } from '../chain/subnets.js'
import type { ChainClient, ChainView } from '../chain/types.js'
import { asBigint, asNumber } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { formatTao, RAO_PER_TAO } from '../units.js'
import { checkFunds, checkOwned, checkTxRate, rateLimit } from './ownHotkey.js'
import { effectAmount, type Party, type Plan, type Planning, targetName } from './plan.js'
import { blocksToWait } from './stakeFacts.js'

/** What was asked for. */
export type SwapTerms = {
  readonly wallet: Party
  readonly from: Party
  readonly to: Party
  /** Only what the hotkey has on this subnet; everything by default. */
  readonly netuid?: number | undefined
}

/** Free balance of the coldkey, and who owns the new hotkey. */
export type SwapRead = { readonly free: bigint; readonly owner: Ss58 | undefined }
export type SwapPlan = Plan<SwapRead> & { readonly netuids: readonly number[] }

/**
 * Checks a swap and says what it would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE`, `SUBNET_NOT_FOUND`, `NOT_REGISTERED`, `KEYFILE`,
 * `ALREADY_REGISTERED`, `RATE_LIMITED`, `INSUFFICIENT_BALANCE`
 */
export async function planSwap(
  { client, view, feeOf }: Planning,
  terms: SwapTerms,
): Promise<SwapPlan> {
  const { wallet, from, to } = terms
  if (from.address === to.address) {
    throw new BittensorError('USAGE', 'the new hotkey is the old one', {
      hint: 'btcli new_hotkey makes another',
    })
  }
  const { netuid } = terms
  const call = swapHotkeyCall(client, { hotkey: from.address, newHotkey: to.address, netuid })
  const { netuids, stake } = await checked(client, view, terms)
  const cost = costOf(client, netuid)
  const fee = (await feeOf(call)) ?? 0n
  const free = await checkFunds(client, view, { wallet, cost: cost ?? 0n, fee })
  return {
    netuids,
    operations: [
      {
        label: `${from.name} to ${to.name}`,
        call,
        spendRao: cost ?? null,
        netuids,
        measure: async (at) => ({
          free: await readFreeBalance(at, wallet.address),
          owner: await readOwner(at, to.address),
        }),
        blocksToWait: (at) => blocksToWait(at, wallet.address),
      },
    ],
    facts: [
      { label: 'hotkey', value: from, note: 'the old one' },
      { label: 'to', value: to, note: 'the new one' },
      { label: 'moves', value: movesText(netuids, stake, netuid) },
      {
        label: 'cost',
        value:
          cost === undefined ? 'unknown: the chain does not tell' : `τ${formatTao(cost, 'full')}`,
        note: 'burned: it is gone for good',
      },
    ],
    effects: [
      {
        label: `${wallet.name}, free`,
        before: free,
        after: cost === undefined ? null : free - cost - fee,
      },
    ],
    notes: [
      ...(netuid === undefined ? [] : ['what the old hotkey has on other subnets stays with it']),
      'key files stay as they are; a neuron that runs must be started with the new hotkey',
    ],
    question: `Move everything${netuid === undefined ? '' : ` on subnet ${netuid}`} of ${from.name || from.address} to ${to.name || to.address}?`,
  }
}

/** What there is to move, once nothing is in the way. */
async function checked(client: ChainClient, view: ChainView, terms: SwapTerms) {
  const { wallet, from, to, netuid } = terms
  if (netuid !== undefined) await existingSubnet(view, netuid)
  await checkOwned(view, wallet, from)
  const only = netuid === undefined ? undefined : [netuid]
  const [here, there, stake] = await Promise.all([
    readRegistrations(view, [from.address], only),
    readRegistrations(view, [to.address], mayBeElsewhere(client) ? only : undefined),
    stakeOf(view, terms),
    checkNewOwner(view, terms),
    checkTxRate(client, view, wallet),
  ])
  if (there.length > 0) throw registered(to, there)
  const netuids = here.map((one) => one.netuid)
  if (netuid !== undefined && netuids.length === 0 && stake === 0n) {
    throw new BittensorError(
      'NOT_REGISTERED',
      `${targetName(from)} has nothing on subnet ${netuid}`,
      { hint: 'leave out --netuid to move everything' },
    )
  }
  const isSingle = only !== undefined
  await checkSwapRate(client, view, { wallet, places: only ?? netuids, isSingle })
  await checkCooldown(client, view, from, only ?? netuids)
  return { netuids, stake }
}

/** All stake behind the hotkey in RAO, or its alpha on the one subnet. */
async function stakeOf(view: ChainView, { from, netuid }: SwapTerms): Promise<bigint> {
  if (netuid === undefined || view.era === 'classic') return readTotalStake(view, from.address)
  return asBigint(await view.read('SubtensorModule', 'TotalHotkeyAlpha', from.address, netuid))
}

function movesText(netuids: readonly number[], stake: bigint, netuid: number | undefined): string {
  const places =
    netuids.length === 0
      ? 'no registrations'
      : `${netuids.length === 1 ? 'the registration on subnet' : 'the registrations on subnets'} ${netuids.join(', ')}`
  return `${places}, and ${effectAmount({ netuid }, stake)} of stake with all that belongs to it`
}

/** The price is a constant since 2024; the first runtimes with this call burn 1 TAO without naming it. */
function costOf(client: ChainClient, netuid: number | undefined): bigint | undefined {
  const name = netuid === undefined ? 'KeySwapCost' : 'KeySwapOnSubnetCost'
  const named = client.constant('SubtensorModule', name)
  if (named !== undefined) return BigInt(String(named))
  return client.era === 'classic' ? RAO_PER_TAO : undefined
}

/** Since early 2026 a hotkey that is swapped in on one subnet may be registered on others. */
function mayBeElsewhere(client: ChainClient): boolean {
  return client.hasCall('SubtensorModule', 'swap_hotkey_v2')
}

/**
 * A coldkey may swap on a subnet once in so many blocks; since spec 419 swaps on all subnets heed and count that too.
 * @throws {BittensorError} `RATE_LIMITED` (`LastHotkeySwapOnNetuid`, and the constant `HotkeySwapOnSubnetInterval`)
 */
async function checkSwapRate(
  client: ChainClient,
  view: ChainView,
  terms: {
    readonly wallet: Party
    readonly places: readonly number[]
    readonly isSingle: boolean
  },
): Promise<void> {
  const { wallet, places, isSingle } = terms
  const interval = client.constant('SubtensorModule', 'HotkeySwapOnSubnetInterval')
  if (interval === undefined || !view.hasStorage('SubtensorModule', 'LastHotkeySwapOnNetuid'))
    return
  if (!isSingle && view.specVersion < FIRST_LIMIT_OF_ALL) return
  const swaps = await Promise.all(
    places.map(async (netuid) => {
      const key = [netuid, wallet.address]
      const last = asNumber(await view.read('SubtensorModule', 'LastHotkeySwapOnNetuid', ...key))
      // Judged in the block after the view's, which must be later than the last swap by more than the interval.
      const wait = last + asNumber(interval) - view.block.number
      return { netuid, last, wait: last === 0 && !isSingle ? 0 : wait }
    }),
  )
  const [longest] = swaps.toSorted((a, b) => b.wait - a.wait)
  if (!longest || longest.wait <= 0) return
  const reason =
    longest.last === 0
      ? `the chain is younger than the ${interval} blocks that must pass`
      : `${wallet.name} swapped a hotkey on subnet ${longest.netuid} in block ${longest.last}, ${interval} blocks must pass`
  throw rateLimit(client, longest.wait, reason)
}

const FIRST_LIMIT_OF_ALL = 419

/**
 * Stake that came to the hotkey by a swap stays with it for a while.
 * @throws {BittensorError} `RATE_LIMITED` (`StakeMoveCooldownUntil`, since spec 473)
 */
async function checkCooldown(
  client: ChainClient,
  view: ChainView,
  { address }: Party,
  places: readonly number[],
): Promise<void> {
  if (!view.hasStorage('SubtensorModule', 'StakeMoveCooldownUntil')) return
  const blocks = await Promise.all(
    places.map((netuid) => view.read('SubtensorModule', 'StakeMoveCooldownUntil', netuid, address)),
  )
  const until = Math.max(0, ...blocks.map(asNumber))
  const left = until - (view.block.number + 1)
  if (left > 0) throw rateLimit(client, left, `its stake came by a swap, and stays until ${until}`)
}

async function checkNewOwner(view: ChainView, { wallet, to }: SwapTerms): Promise<void> {
  const owner = await readOwner(view, to.address)
  if (owner === undefined || owner === wallet.address) return
  throw new BittensorError(
    'KEYFILE',
    `the hotkey ${to.name || to.address} belongs to another coldkey`,
    {
      details: `${owner} owns it`,
      data: { hotkey: to.address, owner, coldkey: wallet.address },
    },
  )
}

function registered(to: Party, there: readonly { readonly netuid: number }[]): BittensorError {
  return new BittensorError(
    'ALREADY_REGISTERED',
    `the hotkey ${to.name || to.address} is registered already`,
    {
      details: `on ${there.map(({ netuid }) => netuid).join(', ')}; the new hotkey must not be`,
      hint: 'btcli new_hotkey makes another',
    },
  )
}
