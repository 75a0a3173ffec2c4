/** What `recycle_register` checks, and what it shows before signing. */
import { readBalance, readFreeBalance } from '../chain/balances.js'
import { buildCall, burnedRegisterCall, rootRegisterCall } from '../chain/calls.js'
import { readUid } from '../chain/neurons.js'
import { hasBaskets } from '../chain/rootClaims.js'
import { readOwner } from '../chain/stake.js'
import { readBurn, readSubnet } from '../chain/subnets.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import type { Rao } from '../units.js'
import { formatTao, rao } from '../units.js'
import { largest } from './extremes.js'
import type { Party, Plan, Planning } from './plan.js'
import { checkInterval } from './registerChecks.js'

/** What was asked for. */
export type RecycleTerms = {
  readonly wallet: Party
  readonly hotkey: Party
  readonly netuid: number
  /** The most that may be paid, in RAO. */
  readonly maxBurn: Rao | undefined
}

/** Free balance of the coldkey, and the uid of the hotkey. */
export type RecycleRead = { readonly free: Rao; readonly uid: number | undefined }

/** A plan with the cost at its block. */
export type RecyclePlan = Plan<RecycleRead> & { readonly cost: Rao }

/** How far a limit that nobody set may be above the cost, in thousandths: what bittensor-cli 9 allows. */
const SLACK = 5n

/**
 * Checks a registration and says what it would do.
 * @throws {BittensorError} `SUBNET_NOT_FOUND`, `ALREADY_REGISTERED`, `INSUFFICIENT_BALANCE`, `SLIPPAGE` when it costs more
 * than allowed or than was confirmed, `RATE_LIMITED` while registration is closed or the quota of the interval used up
 */
export async function planRecycle(planning: Planning, terms: RecycleTerms): Promise<RecyclePlan> {
  const { client, view } = planning
  const { wallet, hotkey, netuid } = terms
  const cost = await costOf(view, netuid)
  const [balance, uid, owner] = await Promise.all([
    readBalance(view, wallet.address),
    readUid(view, netuid, hotkey.address),
    readOwner(view, hotkey.address),
  ])
  if (uid !== undefined) throw registeredMeanwhile(terms, uid)
  checkOwner(owner, terms)
  // Refused in the block it would cost the fee all the same.
  await checkInterval(client, view, netuid)
  checkCost(cost, terms, planning.confirmed as RecyclePlan | undefined)
  const call = callOf(client, terms, cost)
  const fee = (await planning.feeOf(call)) ?? 0n
  const deposit = client.existentialDeposit
  const floor = largest(balance.frozen, deposit)
  if (balance.free < cost + fee + floor) {
    throw notEnough({ free: balance.free, cost, fee, deposit: floor, name: wallet.name })
  }
  return {
    cost,
    operations: [
      {
        label: hotkey.name || hotkey.address,
        call,
        spendRao: cost,
        netuids: [netuid],
        asked: { netuid, hotkey: hotkey.address },
        measure: (at) => readBoth(at, terms),
      },
    ],
    facts: [
      { label: 'hotkey', value: hotkey, note: owner ? 'your own hotkey' : 'new on this chain' },
      { label: 'subnet', value: netuid === 0 ? '0, the root network' : `${netuid}` },
      {
        label: 'cost',
        value: `τ${formatTao(cost, 'full')}`,
        note:
          netuid === 0 && cost === 0n
            ? 'a seat goes to those with the most stake'
            : 'recycled: it is gone for good',
      },
      ...(terms.maxBurn === undefined || netuid === 0
        ? []
        : [{ label: 'at most', value: `τ${formatTao(terms.maxBurn, 'full')}` }]),
    ],
    effects: [
      {
        label: `${wallet.name}, free`,
        before: balance.free,
        after: balance.free - cost - fee,
      },
    ],
    question: `Recycle τ${formatTao(cost)} to register ${hotkey.name || hotkey.address} on subnet ${netuid}?`,
  }
}

async function readBoth(
  view: ChainView,
  { wallet, hotkey, netuid }: RecycleTerms,
): Promise<RecycleRead> {
  const [free, uid] = await Promise.all([
    readFreeBalance(view, wallet.address),
    readUid(view, netuid, hotkey.address),
  ])
  return { free, uid }
}

/** On root a seat goes to who has more stake; since mid-2026 it is bought as others are, at a price of its own. */
async function costOf(view: ChainView, netuid: number): Promise<Rao> {
  if (netuid === 0) return hasBaskets(view) ? readBurn(view, 0) : rao(0n)
  const subnet = await readSubnet(view, netuid)
  if (subnet.registrationAllowed === false) {
    throw new BittensorError('RATE_LIMITED', `registration on subnet ${netuid} is closed`, {
      details: 'its owner has switched it off',
    })
  }
  return subnet.burn
}

function registeredMeanwhile({ hotkey, netuid }: RecycleTerms, uid: number): BittensorError {
  return new BittensorError(
    'ALREADY_REGISTERED',
    `${hotkey.name || hotkey.address} was registered on subnet ${netuid} meanwhile, as uid ${uid}`,
    { data: { netuid, uid } },
  )
}

/** A hotkey belongs to one coldkey for ever: with another one the chain would refuse. */
function checkOwner(owner: Ss58 | undefined, { wallet, hotkey }: RecycleTerms): void {
  if (owner === undefined || owner === wallet.address) return
  throw new BittensorError(
    'ALREADY_REGISTERED',
    `${hotkey.name || hotkey.address} belongs to another coldkey`,
    {
      details: `${owner} owns it, the coldkey of ${wallet.name} is ${wallet.address}`,
      hint: 'choose the wallet that owns it, or another hotkey',
      data: { hotkey: hotkey.address, owner, coldkey: wallet.address },
    },
  )
}

function checkCost(cost: Rao, { maxBurn }: RecycleTerms, confirmed: RecyclePlan | undefined): void {
  if (maxBurn !== undefined && cost > maxBurn) {
    throw new BittensorError('SLIPPAGE', 'registration costs more than you allow', {
      details: `it costs τ${formatTao(cost, 'full')}, --max_burn is τ${formatTao(maxBurn, 'full')}`,
      hint: 'wait until it is cheaper, or raise --max_burn',
      data: { costRao: cost, maxBurnRao: maxBurn },
    })
  }
  if (maxBurn === undefined && confirmed && cost > confirmed.cost) {
    throw new BittensorError(
      'SLIPPAGE',
      `the cost rose from τ${formatTao(confirmed.cost, 'full')} to τ${formatTao(cost, 'full')} while you decided`,
      {
        hint: 'run it again, with --max_burn to allow for a higher cost',
        data: { confirmedRao: confirmed.cost, costRao: cost },
      },
    )
  }
}

function callOf(client: ChainClient, { hotkey, netuid, maxBurn }: RecycleTerms, cost: Rao): Call {
  if (netuid === 0) return rootRegisterCall(client, { hotkey: hotkey.address })
  if (client.hasCall('SubtensorModule', 'register_limit')) {
    return buildCall(client, 'SubtensorModule', 'register_limit', {
      netuid,
      hotkey: hotkey.address,
      limit_price: maxBurn ?? (cost * (1000n + SLACK)) / 1000n,
    })
  }
  return burnedRegisterCall(client, { netuid, hotkey: hotkey.address })
}

function notEnough(part: {
  readonly free: bigint
  readonly cost: bigint
  readonly fee: bigint
  readonly deposit: bigint
  readonly name: string
}): BittensorError {
  const { free, cost, fee, deposit, name } = part
  return new BittensorError('INSUFFICIENT_BALANCE', 'not enough free balance to register', {
    details: `${name} has τ${formatTao(free, 'full')} free; cost τ${formatTao(cost)} + fee τ${formatTao(fee)} + existential deposit τ${formatTao(deposit)} needed`,
    data: { freeRao: free, costRao: cost, feeRao: fee, existentialDepositRao: deposit },
  })
}
