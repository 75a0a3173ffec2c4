/** Stake that cannot be taken out: runtimes since 2026 let a coldkey lock alpha of a subnet, which comes free slowly. */
import { decodeAddress, type Ss58 } from '../keys/ss58.js'
import { type AlphaRao, alphaRao } from '../units.js'
import { compact, concat } from './encode.js'
import { callDecoded } from './runtimeApi.js'
import type { ChainValue, ChainView } from './types.js'
import { asBigint, asList, asNumber, asRecord } from './values.js'

const API = 'StakeInfoRuntimeApi'
const METHOD = 'get_stake_availability_for_coldkeys'

/** What a coldkey has on a subnet with all hotkeys together. */
export type StakeLock = {
  readonly netuid: number
  readonly total: AlphaRao
  readonly locked: AlphaRao
  /** What can be taken out now. */
  readonly available: AlphaRao
}

/**
 * Subnets on which a coldkey has locked stake, ascending by netuid; none on runtimes without locks. Runtime API
 * `StakeInfoRuntimeApi.get_stake_availability_for_coldkeys`.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function readStakeLocks(view: ChainView, coldkey: Ss58): Promise<StakeLock[]> {
  if (view.apiOutput(API, METHOD) === undefined) return []
  // One account, and no list of netuids: all of them.
  const args = concat([compact(1n), decodeAddress(coldkey), Uint8Array.of(0)])
  const [own] = asList((await callDecoded(view, API, METHOD, args, [])) ?? []).map(asList)
  return asList(own?.[1] ?? [])
    .map(lockOf)
    .filter(({ locked }) => locked > 0n)
}

function lockOf(entry: ChainValue): StakeLock {
  const [netuid, availability] = asList(entry)
  const { total, locked, available } = asRecord(availability)
  const amount = (value: ChainValue) => alphaRao(asBigint(value))
  return {
    netuid: asNumber(netuid),
    total: amount(total),
    locked: amount(locked),
    available: amount(available),
  }
}
