/** What commands check of a hotkey that has to belong to the wallet's coldkey. */
import { readBalance } from '../chain/balances.js'
import { readOwner } from '../chain/stake.js'
import type { ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { formatTao } from '../units.js'
import { largest } from './extremes.js'
import type { Party } from './plan.js'
import { blocksToWait } from './stakeFacts.js'
import { spanText } from './texts.js'

/**
 * A hotkey belongs to one coldkey; from any other the chain would refuse the call.
 * @throws {BittensorError} `NOT_REGISTERED` when the chain does not know the hotkey, `KEYFILE` when another coldkey owns it
 */
export async function checkOwned(view: ChainView, wallet: Party, hotkey: Party): Promise<void> {
  const owner = await readOwner(view, hotkey.address)
  if (owner === wallet.address) return
  const name = hotkey.name || hotkey.address
  if (owner === undefined) {
    throw new BittensorError('NOT_REGISTERED', `the chain does not know the hotkey ${name}`, {
      details: 'a hotkey gets its owner when it is registered for the first time',
      hint: `btcli recycle_register --wallet.name ${wallet.name} --wallet.hotkey ${hotkey.name}`,
      data: { hotkey: hotkey.address },
    })
  }
  throw new BittensorError('KEYFILE', `the hotkey ${name} belongs to another coldkey`, {
    details: `${owner} owns it, the coldkey of ${wallet.name} is ${wallet.address}`,
    hint: 'choose the wallet that owns it, or another hotkey',
    data: { hotkey: hotkey.address, owner, coldkey: wallet.address },
  })
}

/**
 * @throws {BittensorError} `INSUFFICIENT_BALANCE` unless cost, fee and what has to stay are there
 * @returns the free balance before
 */
export async function checkFunds(
  client: ChainClient,
  view: ChainView,
  part: { readonly wallet: Party; readonly cost: bigint; readonly fee: bigint },
): Promise<bigint> {
  const { wallet, cost, fee } = part
  const balance = await readBalance(view, wallet.address)
  // What costs nothing is possible with an empty account.
  const stays = cost + fee === 0n ? 0n : largest(balance.frozen, client.existentialDeposit)
  if (balance.free >= cost + fee + stays) return balance.free
  throw new BittensorError('INSUFFICIENT_BALANCE', 'not enough free balance', {
    details: `${wallet.name} has τ${formatTao(balance.free, 'full')} free; cost τ${formatTao(cost)} + fee τ${formatTao(fee)} + existential deposit τ${formatTao(stays)} needed`,
    data: { freeRao: balance.free, costRao: cost, feeRao: fee, staysRao: stays },
  })
}

/** @throws {BittensorError} `RATE_LIMITED` while the coldkey's last stake, delegate or swap call is too recent */
export async function checkTxRate(
  client: ChainClient,
  view: ChainView,
  wallet: Party,
): Promise<void> {
  const blocks = await blocksToWait(view, wallet.address)
  if (blocks > 0) throw rateLimit(client, blocks, `the last call of ${wallet.name} was too recent`)
}

/** The refusal of a call that the chain takes again in so many blocks. */
export function rateLimit(
  { blockTimeMs }: Pick<ChainClient, 'blockTimeMs'>,
  blocks: number,
  reason: string,
): BittensorError {
  const span = spanText(blocks * blockTimeMs)
  return new BittensorError(
    'RATE_LIMITED',
    `the chain allows this in ${blocks === 1 ? '1 block' : `${blocks} blocks`} (≈ ${span})`,
    { details: reason, data: { blocksLeft: blocks } },
  )
}
