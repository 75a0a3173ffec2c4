/** Whether a hotkey can get a seat on the root network. */
import { hotkeyStake, readNeurons } from '../chain/neurons.js'
import { hasBaskets } from '../chain/rootClaims.js'
import { readSubnet } from '../chain/subnets.js'
import type { ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { formatTao } from '../units.js'
import type { Party, Planning } from './plan.js'
import { planRecycle, type RecyclePlan } from './recyclePlan.js'

/**
 * Checks a registration on root and says what it would do.
 * @throws {BittensorError} `INSUFFICIENT_STAKE` when all seats are taken by those with more stake, and all of
 * `planRecycle`
 */
export async function planRootSeat(
  planning: Planning,
  who: { readonly wallet: Party; readonly hotkey: Party },
): Promise<RecyclePlan> {
  const plan = await planRecycle(planning, { ...who, netuid: 0, maxBurn: undefined })
  const doubt = await seatDoubt(planning.view, who.hotkey)
  if (doubt === undefined) return plan
  // Since seats are bought, those that are new are kept for a while, whatever the stake: what is left is not said here.
  if (!hasBaskets(planning.view)) throw doubt
  return { ...plan, notes: [`${doubt.message}; the chain may refuse (${doubt.details})`] }
}

/** `INSUFFICIENT_STAKE` when all seats are taken by those with more stake: of alpha, only what is on root counts. */
async function seatDoubt(view: ChainView, hotkey: Party): Promise<BittensorError | undefined> {
  const root = await readSubnet(view, 0)
  if (root.n < root.maxN) return undefined
  const [members, stake] = await Promise.all([
    readNeurons(view, 0),
    hotkeyStake(view, 0, hotkey.address),
  ])
  const least = members.reduce<bigint | undefined>(
    (lowest, one) => (lowest === undefined || one.stake < lowest ? one.stake : lowest),
    undefined,
  )
  if (least !== undefined && least < stake) return undefined
  return new BittensorError(
    'INSUFFICIENT_STAKE',
    'all seats on root are taken by members with more stake',
    {
      details: `${hotkey.name} has τ${formatTao(stake, 'full')} staked${view.era === 'dtao' ? ' on root' : ''}, the poorest of ${root.n} members τ${formatTao(least ?? 0n, 'full')}`,
      hint: `stake more: btcli stake --wallet.hotkey ${hotkey.name}`,
      data: { stakeRao: stake, leastRao: least ?? null, members: root.n },
    },
  )
}
