/** What the commands about child hotkeys check, and what they show before signing. */
import { buildCall } from '../chain/calls.js'
import { type Family, type Kin, readFamily, WHOLE_PROPORTION } from '../chain/children.js'
import { readTotalStake } from '../chain/stake.js'
import { existingSubnet } from '../chain/subnets.js'
import type { ChainView } from '../chain/types.js'
import { asNumber } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import { formatTao } from '../units.js'
import { type CallPlan, planCall } from './callPlan.js'
import { checkOwned, rateLimit } from './ownHotkey.js'
import { type Fact, type Party, type Planning, partyName } from './plan.js'
import { spanText, takeText } from './texts.js'

const MODULE = 'SubtensorModule'
const MOST_CHILDREN = 5
/** Numbers among the kinds of `TransactionKeyLastBlock` (opentensor/subtensor, rate_limiting.rs). */
const CHILDREN = 0
const CHILD_TAKE = 1
/** Blocks between two calls of `set_children`; a constant of the same file, and longer before December 2024. */
const CHILDREN_LIMIT = 150

export type ChildrenTerms = {
  readonly wallet: Party
  readonly hotkey: Party
  readonly netuid: number
  /** All children from then on; none takes them all back. */
  readonly children: readonly Kin[]
}

export type ChildrenPlan = CallPlan<Family>

/**
 * Checks new children of a hotkey and says what they would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE`, `SUBNET_NOT_FOUND`, `NOT_REGISTERED`, `KEYFILE`, `INSUFFICIENT_STAKE`,
 * `INSUFFICIENT_BALANCE`, `RATE_LIMITED`
 */
export async function planChildren(
  planning: Planning,
  terms: ChildrenTerms,
): Promise<ChildrenPlan> {
  const { client, view } = planning
  const { wallet, hotkey, netuid, children } = terms
  const call = buildCall(client, MODULE, 'set_children', {
    hotkey: hotkey.address,
    netuid,
    children: children.map((child) => [child.proportion, child.hotkey]),
  })
  checkChildren(terms)
  await Promise.all([existingSubnet(view, netuid), checkOwned(view, wallet, hotkey)])
  const [now, cooldown] = await Promise.all([
    readFamily(view, hotkey.address, netuid),
    cooldownOf(view),
    children.length === 0 ? undefined : checkStake(view, terms),
  ])
  if (children.length === 0 && now.children.length === 0 && now.pending === undefined) {
    throw new BittensorError('USAGE', `${partyName(hotkey)} has no children on subnet ${netuid}`, {
      hint: 'btcli children_get shows them',
    })
  }
  await checkChildrenRate(planning, hotkey, netuid)
  return planCall<Family>(planning, {
    signer: wallet,
    call,
    label: `children of ${partyName(hotkey)}`,
    netuids: [netuid],
    measure: (at) => readFamily(at, hotkey.address, netuid),
    facts: [
      { label: 'hotkey', value: hotkey, note: `on subnet ${netuid}` },
      ...kinFacts('now', now.children),
      ...kinFacts('then', children),
      { label: 'effect', value: effectText(planning, cooldown) },
    ],
    notes: now.pending ? [`children that wait for block ${now.pending.block} are replaced`] : [],
    question:
      children.length === 0
        ? `Take all children back from ${partyName(hotkey)} on subnet ${netuid}?`
        : `Set ${children.length === 1 ? 'one child' : `${children.length} children`} of ${partyName(hotkey)} on subnet ${netuid}?`,
  })
}

function kinFacts(label: string, kin: readonly Kin[]): Fact[] {
  if (kin.length === 0) return [{ label, value: 'no children' }]
  return kin.map(({ hotkey, proportion }, i) => ({
    label: i === 0 ? label : '',
    value: { name: '', address: hotkey },
    note: proportionText(proportion),
  }))
}

/** `30.00 %` */
export function proportionText(proportion: bigint): string {
  const hundredths = (proportion * 10_000n + WHOLE_PROPORTION / 2n) / WHOLE_PROPORTION
  return `${hundredths / 100n}.${`${hundredths % 100n}`.padStart(2, '0')} %`
}

function checkChildren({ hotkey, netuid, children }: ChildrenTerms): void {
  if (netuid === 0) throw new BittensorError('USAGE', 'hotkeys have no children on root')
  if (children.length > MOST_CHILDREN) {
    throw new BittensorError('USAGE', `a hotkey has at most ${MOST_CHILDREN} children`)
  }
  if (children.some((child) => child.hotkey === hotkey.address)) {
    throw new BittensorError('USAGE', 'a hotkey can not be its own child')
  }
  const addresses = children.map((child) => child.hotkey)
  const twice = addresses.find((address, i) => addresses.indexOf(address) !== i)
  if (twice !== undefined) throw new BittensorError('USAGE', `the child ${twice} is given twice`)
  const total = children.reduce((sum, { proportion }) => sum + proportion, 0n)
  if (total <= WHOLE_PROPORTION) return
  throw new BittensorError('USAGE', 'the proportions add up to more than 1', {
    details: `they make ${proportionText(total)}`,
  })
}

/** Children that wait take effect with the epoch of the subnet that follows the block. */
function effectText({ client, view }: Planning, cooldown: number | undefined): string {
  if (cooldown === undefined) return 'at once'
  if (cooldown === 0) return 'with the next epoch of the subnet'
  const span = spanText(cooldown * client.blockTimeMs)
  return `with the first epoch after block ${view.block.number + 1 + cooldown}, ≈ ${span} from now`
}

/** Blocks that new children wait; undefined on runtimes where they do not. */
async function cooldownOf(view: ChainView): Promise<number | undefined> {
  if (!view.hasStorage(MODULE, 'PendingChildKeyCooldown')) return undefined
  return asNumber(await view.read(MODULE, 'PendingChildKeyCooldown'))
}

async function checkStake(view: ChainView, { hotkey, netuid }: ChildrenTerms): Promise<void> {
  if (!view.hasStorage(MODULE, 'StakeThreshold')) return
  const [threshold, stake, owner] = await Promise.all([
    view.read(MODULE, 'StakeThreshold'),
    readTotalStake(view, hotkey.address),
    view.read(MODULE, 'SubnetOwnerHotkey', netuid),
  ])
  const needed = BigInt(String(threshold))
  if (stake >= needed || owner === hotkey.address) return
  throw new BittensorError(
    'INSUFFICIENT_STAKE',
    `${partyName(hotkey)} has too little stake to have children`,
    {
      details: `τ${formatTao(stake, 'full')} staked, τ${formatTao(needed, 'full')} needed`,
      data: { stakeRao: stake, neededRao: needed },
    },
  )
}

export type ChildTakeTerms = {
  readonly wallet: Party
  readonly hotkey: Party
  readonly netuid: number
  /** u16 ratio. */
  readonly take: number
}

/**
 * Checks a new take as a child and says what it would do.
 * @throws {BittensorError} as {@link planChildren}
 */
export async function planChildTake(
  planning: Planning,
  { wallet, hotkey, netuid, take }: ChildTakeTerms,
): Promise<CallPlan<Family>> {
  const { client, view } = planning
  const call = buildCall(client, MODULE, 'set_childkey_take', {
    hotkey: hotkey.address,
    netuid,
    take,
  })
  await Promise.all([existingSubnet(view, netuid), checkOwned(view, wallet, hotkey)])
  const [now, most, least, leastThere] = await Promise.all([
    readFamily(view, hotkey.address, netuid),
    view.read(MODULE, 'MaxChildkeyTake'),
    view.read(MODULE, 'MinChildkeyTake'),
    view.hasStorage(MODULE, 'MinChildkeyTakePerSubnet')
      ? view.read(MODULE, 'MinChildkeyTakePerSubnet', netuid)
      : 0,
  ])
  // Since 2026 the owner of a subnet may ask for more than the chain does.
  const lowest = Math.max(asNumber(least), asNumber(leastThere))
  const highest = asNumber(most)
  if (take < lowest || take > highest) {
    throw new BittensorError(
      'USAGE',
      `--take must be from ${takeText(lowest)} to ${takeText(highest)}`,
      { data: { take, least: lowest, most: highest } },
    )
  }
  if (take > now.take) await checkTakeRate(planning, hotkey, netuid)
  return planCall<Family>(planning, {
    signer: wallet,
    call,
    label: `child take of ${partyName(hotkey)}`,
    netuids: [netuid],
    measure: (at) => readFamily(at, hotkey.address, netuid),
    facts: [
      { label: 'hotkey', value: hotkey, note: `on subnet ${netuid}` },
      { label: 'child take', value: takeText(take), note: `now ${takeText(now.take)}` },
    ],
    question: `Change the child take of ${partyName(hotkey)} on subnet ${netuid} to ${takeText(take)}?`,
  })
}

async function checkTakeRate(planning: Planning, hotkey: Party, netuid: number): Promise<void> {
  const { client, view } = planning
  const [limit, block] = await Promise.all([
    view.read(MODULE, 'TxChildkeyTakeRateLimit').then(asNumber),
    lastBlock(view, hotkey, netuid, CHILD_TAKE),
  ])
  const left = block + limit - (view.block.number + 1)
  if (block === 0 || left <= 0) return
  throw rateLimit(client, left, `the child take was changed in block ${block}`)
}

async function checkChildrenRate(
  { client, view }: Planning,
  hotkey: Party,
  netuid: number,
): Promise<void> {
  if (!view.hasStorage(MODULE, 'TransactionKeyLastBlock')) return
  const block = await lastBlock(view, hotkey, netuid, CHILDREN)
  const left = block + CHILDREN_LIMIT - (view.block.number + 1)
  if (block === 0 || left <= 0) return
  throw rateLimit(client, left, `the children were changed in block ${block}`)
}

/** When the hotkey last made such a call on the subnet; 0 for never. */
async function lastBlock(
  view: ChainView,
  hotkey: Party,
  netuid: number,
  kind: number,
): Promise<number> {
  return asNumber(await view.read(MODULE, 'TransactionKeyLastBlock', hotkey.address, netuid, kind))
}
