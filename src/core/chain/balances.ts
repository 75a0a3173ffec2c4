/** Balances of accounts, and how much TAO there is. */
import type { Ss58 } from '../keys/ss58.js'
import { type Rao, rao } from '../units.js'
import type { AccountBalance, ChainValue, ChainView } from './types.js'
import { asBigint, asNumber, asRao, asRecord } from './values.js'

/**
 * What an account can use, in RAO; 0 for an unknown account.
 * @throws {BittensorError} `BAD_ADDRESS`, `CONNECTION`, `TIMEOUT`
 */
export async function readFreeBalance(view: ChainView, address: Ss58): Promise<Rao> {
  return (await readBalance(view, address)).free
}

/** Free, reserved and frozen balance of an account in RAO, and its nonce. */
export async function readBalance(view: ChainView, address: Ss58): Promise<AccountBalance> {
  const account = asRecord(await view.read('System', 'Account', address))
  const data = asRecord(account['data'])
  return {
    address,
    free: asRao(data['free']),
    reserved: asRao(data['reserved']),
    frozen: rao(frozenOf(data)),
    nonce: asNumber(account['nonce']),
  }
}

/** Balances of several accounts in their order, with one request. */
export function readBalances(
  view: ChainView,
  addresses: readonly Ss58[],
): Promise<AccountBalance[]> {
  return Promise.all(addresses.map((address) => readBalance(view, address)))
}

/** All TAO that the chain counts as issued, in RAO. */
export async function readTotalIssuance(view: ChainView): Promise<Rao> {
  return asRao(await view.read('SubtensorModule', 'TotalIssuance'))
}

/** Old runtimes freeze for fees and for other ends apart; what counts for a transfer is the larger. */
function frozenOf(data: { readonly [name: string]: ChainValue }): bigint {
  if (data['frozen'] !== undefined) return asBigint(data['frozen'])
  const fee = asBigint(data['fee_frozen'] ?? 0)
  const misc = asBigint(data['misc_frozen'] ?? 0)
  if (misc > fee) return misc
  return fee
}
