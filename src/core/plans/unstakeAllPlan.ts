/** What `unstake_all` checks, and what it shows before signing. */
import { buildCall } from '../chain/calls.js'
import { hasBaskets } from '../chain/rootClaims.js'
import { readStakesOfColdkey } from '../chain/stake.js'
import { quoteStake, quoteUnstake, readPool } from '../chain/swap.js'
import type { ChainView, StakePosition } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import { alphaRao, formatTao, rao } from '../units.js'
import { type CallPlan, planCall } from './callPlan.js'
import { rateLimit } from './ownHotkey.js'
import { effectAmount, type Party, type Planning, partyName, type Risk } from './plan.js'
import { blocksOnRoot, heldReason } from './stakeFacts.js'
import { percent } from './swapTerms.js'

const MODULE = 'SubtensorModule'

/** Subnets that the chain sells in one call since it has baskets; the others are left as they are. */
const MOST_AT_ONCE = 16

export type UnstakeAllTerms = {
  readonly wallet: Party
  readonly hotkey: Party
  /** Stake the proceeds on root instead of paying them out. */
  readonly toRoot: boolean
  /** Millionths that may be lost to slippage without a question of its own. */
  readonly tolerance: number
  readonly unsafe: boolean
}

/** What is left of the stake on each subnet. */
export type UnstakeAllPlan = CallPlan<readonly StakePosition[]> & {
  readonly positions: readonly StakePosition[]
  /** RAO that are expected. */
  readonly expected: bigint
}

/**
 * Checks what selling all stake on a hotkey would give and says so. The chain sets no limit on the prices of this, so a loss
 * in one of the subnets above the tolerance is a question of its own.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `INSUFFICIENT_STAKE`, `INSUFFICIENT_BALANCE`, `RATE_LIMITED` while the chain keeps on root
 * all there is
 */
export async function planUnstakeAll(
  planning: Planning,
  terms: UnstakeAllTerms,
): Promise<UnstakeAllPlan> {
  const { client, view } = planning
  const { wallet, hotkey, toRoot } = terms
  const call = buildCall(client, MODULE, toRoot ? 'unstake_all_alpha' : 'unstake_all', {
    hotkey: hotkey.address,
  })
  const read = (at: ChainView) => positionsOn(at, terms)
  const found = await read(view)
  if (found.length === 0) throw noStake(terms)
  const where = { coldkey: wallet.address, netuid: 0 }
  const held = toRoot ? 0 : await blocksOnRoot(view, hotkey.address, where)
  const reason = heldReason(held)
  const positions = found.filter(({ netuid }) => held === 0 || netuid !== 0)
  if (positions.length === 0) throw rateLimit(client, held, reason)
  const quotes = await Promise.all(
    positions.map(async ({ netuid, alpha }) => {
      const pool = await readPool(view, netuid ?? 0)
      return quoteUnstake(view, pool, alphaRao(alpha ?? 0n))
    }),
  )
  const expected = quotes.reduce((sum, { out }) => sum + out, 0n)
  const worst = Math.max(...quotes.map(({ slippage }) => slippage))
  const [root, added] = toRoot
    ? await Promise.all([
        stakeOnRoot(view, terms),
        readPool(view, 0).then((pool) => quoteStake(view, pool, rao(expected))),
      ]).then(([stake, { out }]) => [stake, out] as const)
    : [0n, 0n]
  const plan = await planCall<readonly StakePosition[]>(planning, {
    signer: wallet,
    call,
    back: toRoot ? 0n : expected,
    label: `all stake on ${partyName(hotkey)}`,
    netuids: positions.flatMap(({ netuid }) => netuid ?? []),
    measure: read,
    facts: [
      { label: 'hotkey', value: hotkey },
      ...positions.map((one, i) => ({
        label: i === 0 ? 'sells' : '',
        value: effectAmount(one, one.alpha ?? 0n),
        note: `≈ τ${formatTao(quotes[i]?.out ?? 0n)}   slippage ${percent(quotes[i]?.slippage ?? 0)}`,
      })),
      {
        label: 'you get',
        value: `≈ τ${formatTao(expected, 'full')}`,
        note: toRoot ? 'staked on root' : 'free',
      },
      { label: 'limit', value: 'none: the chain takes no limit for this' },
    ],
    effects: toRoot
      ? [
          {
            label: `stake on ${partyName(hotkey)}`,
            netuid: 0,
            before: root,
            after: root + added,
          },
        ]
      : [],
    notes: [
      ...(positions.length < found.length ? [`what is on root is left: ${reason}`] : []),
      ...(hasBaskets(view) && positions.length > MOST_AT_ONCE
        ? [
            `the chain sells ${MOST_AT_ONCE} of the ${positions.length} at once: the others take another unstake_all`,
          ]
        : []),
    ],
    risks: riskOf(worst, terms),
    question: `Unstake everything from ${partyName(hotkey)}${toRoot ? ' and stake it on root' : ''}?`,
  })
  return { ...plan, positions, expected }
}

async function positionsOn(
  view: ChainView,
  { wallet, hotkey, toRoot }: UnstakeAllTerms,
): Promise<StakePosition[]> {
  const all = await readStakesOfColdkey(view, wallet.address)
  return all.filter((one) => one.hotkey === hotkey.address && !(toRoot && one.netuid === 0))
}

async function stakeOnRoot(view: ChainView, { wallet, hotkey }: UnstakeAllTerms): Promise<bigint> {
  const all = await readStakesOfColdkey(view, wallet.address)
  return all.find((one) => one.hotkey === hotkey.address && one.netuid === 0)?.alpha ?? 0n
}

function noStake({ wallet, hotkey }: UnstakeAllTerms): BittensorError {
  return new BittensorError('INSUFFICIENT_STAKE', `you have no stake on ${partyName(hotkey)}`, {
    hint: `btcli stake_list --wallet.name ${wallet.name} shows where you have`,
  })
}

function riskOf(slippage: number, { tolerance, unsafe }: UnstakeAllTerms): Risk[] {
  const most = tolerance / 1_000_000
  if (slippage <= most) return []
  return [
    {
      message: `In one subnet you would lose ${percent(slippage)} to slippage, more than ${percent(most)}. Go on?`,
      option: '--unsafe',
      accepted: unsafe,
    },
  ]
}
