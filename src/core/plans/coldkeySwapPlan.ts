/** What `swap_coldkey` checks, and what it shows before signing: announced first, carried out after a delay. */
import { blake2b } from '@noble/hashes/blake2.js'
import { buildCall } from '../chain/calls.js'
import { readOwner } from '../chain/stake.js'
import type { Call, ChainClient, ChainView, Hex } from '../chain/types.js'
import { asAddress, asList, asNumber, asText } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import { toHex } from '../keys/hex.js'
import { decodeAddress, type Ss58 } from '../keys/ss58.js'
import { formatTao } from '../units.js'
import { type CallPlan, planCall } from './callPlan.js'
import { rateLimit } from './ownHotkey.js'
import type { Fact, Party, Planning } from './plan.js'
import { spanText } from './texts.js'

const MODULE = 'SubtensorModule'

/** A swap that waits. Runtimes of early 2026 keep the hash of the new coldkey only, until it is carried out. */
export type PendingSwap = {
  readonly coldkey: Ss58
  /** Block from which it can be carried out, or at which the chain does it; undefined where that is not kept. */
  readonly block: number | undefined
  readonly newColdkey: Ss58 | undefined
  readonly newColdkeyHash: Hex | undefined
  readonly isDisputed: boolean
  /** Governance has let it be announced and carried out again, but not taken back. */
  readonly isKept: boolean
}

/** Whether swaps are announced and carried out by two transactions; before 2026 the chain carried them out by itself. */
function isAnnounced(view: Pick<ChainView, 'hasCall'>): boolean {
  return view.hasCall(MODULE, 'announce_coldkey_swap')
}

/** Whether the new coldkey is told when it is announced, which the chain checks before it takes the price, each time. */
function isTold(view: Pick<ChainView, 'hasCall'>): boolean {
  return view.hasCall(MODULE, 'announce_coldkey_swap_v2')
}

/** The swap that waits for a coldkey; undefined when there is none. */
export async function readPendingSwap(
  view: ChainView,
  coldkey: Ss58,
): Promise<PendingSwap | undefined> {
  if (view.hasStorage(MODULE, 'ColdkeySwapAnnouncements')) {
    const readIf = async (item: string) =>
      view.hasStorage(MODULE, item) ? view.readStored(MODULE, item, coldkey) : undefined
    const [value, dispute, told, destination] = await Promise.all([
      view.read(MODULE, 'ColdkeySwapAnnouncements', coldkey),
      readIf('ColdkeySwapDisputes'),
      readIf('ColdkeySwapV2PolicySnapshots'),
      readIf('ColdkeySwapReservedDestination'),
    ])
    if (value === undefined) return undefined
    const [block, hash] = asList(value)
    return {
      coldkey,
      block: asNumber(block),
      newColdkey: destination === undefined ? undefined : asAddress(destination),
      // What is noted of a coldkey that was told covers more than the coldkey.
      newColdkeyHash: told === undefined ? (asText(hash) as Hex) : undefined,
      isDisputed: dispute !== undefined && asNumber(dispute) > 0,
      isKept: dispute !== undefined && asNumber(dispute) === 0,
    }
  }
  if (!view.hasStorage(MODULE, 'ColdkeySwapScheduled')) return undefined
  const keys = await view.keys(MODULE, 'ColdkeySwapScheduled', coldkey)
  if (keys.length === 0) return undefined
  const value = await view.read(MODULE, 'ColdkeySwapScheduled', coldkey)
  // The preview only marks the coldkey.
  const [block, account] = Array.isArray(value) && value.length === 2 ? asList(value) : []
  return {
    coldkey,
    block: block === undefined ? undefined : asNumber(block),
    newColdkey: account === undefined ? undefined : asAddress(account),
    newColdkeyHash: undefined,
    isDisputed: false,
    isKept: false,
  }
}

/** `announce` starts it, `execute` carries it out, `clear` takes it back, `dispute` stops it for good. */
export type SwapAction = 'announce' | 'execute' | 'clear' | 'dispute'

export type ColdkeySwapTerms = {
  readonly action: SwapAction
  readonly wallet: Party
  /** Needed to announce and to execute. */
  readonly to: Party | undefined
}

export type ColdkeySwapPlan = CallPlan<PendingSwap | undefined>

/**
 * Checks a step of a coldkey swap and says what it would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE`, `MISSING_INPUT` without the new coldkey, `RATE_LIMITED` before its time,
 * `INSUFFICIENT_BALANCE`
 */
export async function planColdkeySwap(
  planning: Planning,
  terms: ColdkeySwapTerms,
): Promise<ColdkeySwapPlan> {
  const { client, view } = planning
  const { action, wallet } = terms
  const call = callOf(client, terms)
  const pending = await readPendingSwap(view, wallet.address)
  if (action === 'announce') await checkNew(view, terms)
  await checkTime(planning, terms, pending)
  // A swap that the chain carries out by itself is paid then.
  const paysNow =
    action === 'announce' && isAnnounced(client) && (pending === undefined || isTold(client))
  const cost = paysNow ? costOf(client) : 0n
  return planCall<PendingSwap | undefined>(planning, {
    signer: wallet,
    call,
    cost,
    label: `${action} coldkey swap of ${wallet.name}`,
    ...(terms.to ? { destinations: [{ address: terms.to.address, amountRao: null }] } : {}),
    measure: (at) => readPendingSwap(at, wallet.address),
    facts: await factsOf(planning, terms),
    notes: [
      ...NOTES[action],
      ...(action === 'announce' && isAnnounced(client)
        ? ['until it is carried out or taken back the chain takes nothing else from the coldkey']
        : []),
    ],
    question: questionOf(terms),
  })
}

const NOTES: Readonly<Record<SwapAction, readonly string[]>> = {
  announce: [
    'all τ, stake, hotkeys and subnets of the coldkey go to the new one; keep the words of both',
  ],
  execute: ['this can not be taken back: everything of the old coldkey belongs to the new one'],
  clear: [],
  dispute: [
    'the swap is stopped until the governance of the chain decides; this can not be taken back',
  ],
}

function callOf(client: ChainClient, { action, to }: ColdkeySwapTerms): Call {
  if (action === 'clear') return buildCall(client, MODULE, 'clear_coldkey_swap_announcement', {})
  if (action === 'dispute') return buildCall(client, MODULE, 'dispute_coldkey_swap', {})
  if (!to) {
    throw new BittensorError('MISSING_INPUT', 'the new coldkey is missing: --new_coldkey', {
      data: { missing: ['--new_coldkey'] },
    })
  }
  if (action === 'execute') {
    return buildCall(client, MODULE, 'swap_coldkey_announced', { new_coldkey: to.address })
  }
  if (!isAnnounced(client)) {
    return buildCall(client, MODULE, 'schedule_swap_coldkey', { new_coldkey: to.address })
  }
  if (isTold(client)) {
    return buildCall(client, MODULE, 'announce_coldkey_swap_v2', { new_coldkey: to.address })
  }
  return buildCall(client, MODULE, 'announce_coldkey_swap', {
    new_coldkey_hash: hashOf(to.address),
  })
}

function hashOf(address: Ss58): Hex {
  return toHex(blake2b(decodeAddress(address), { dkLen: 32 })) as Hex
}

async function checkNew(view: ChainView, { wallet, to }: ColdkeySwapTerms): Promise<void> {
  if (!to) return
  if (to.address === wallet.address)
    throw new BittensorError('USAGE', 'the new coldkey is the old one')
  const [owner, staking] = await Promise.all([
    readOwner(view, to.address),
    view.hasStorage(MODULE, 'StakingHotkeys')
      ? view.read(MODULE, 'StakingHotkeys', to.address)
      : [],
  ])
  if (owner !== undefined) throw new BittensorError('USAGE', `${to.name || to.address} is a hotkey`)
  // Runtimes that are told the new coldkey add to what it has.
  if (asList(staking).length > 0 && !isTold(view)) {
    throw new BittensorError('USAGE', `${to.name || to.address} has stake already`, {
      hint: 'use a coldkey that was never used: btcli new_coldkey',
    })
  }
}

async function checkTime(
  planning: Planning,
  terms: ColdkeySwapTerms,
  pending: PendingSwap | undefined,
): Promise<void> {
  const { action } = terms
  if (pending === undefined) {
    if (action === 'announce') return
    throw new BittensorError('USAGE', 'no coldkey swap is announced', {
      hint: 'btcli swap_coldkey announce',
    })
  }
  if (pending.isDisputed) {
    throw new BittensorError('USAGE', 'the swap is disputed: only governance can go on')
  }
  if (action === 'clear' && pending.isKept) {
    throw new BittensorError('USAGE', 'governance lets this swap be carried out, not taken back')
  }
  if (action === 'execute') checkDue(planning, terms, pending)
  if (action === 'announce' || action === 'clear') await checkChange(planning, pending)
}

function checkDue(
  { client, view }: Planning,
  { to }: ColdkeySwapTerms,
  pending: PendingSwap,
): void {
  if (to && !mayBe(pending, to.address)) {
    throw new BittensorError('USAGE', 'another coldkey was announced than the one that is given')
  }
  const from = pending.block ?? 0
  const left = from - (view.block.number + 1)
  if (left > 0) throw rateLimit(client, left, `the swap can be carried out from block ${from} on`)
}

/** Neither is known of a coldkey that was told once its reservation is over: then the chain decides. */
function mayBe({ newColdkey, newColdkeyHash }: PendingSwap, address: Ss58): boolean {
  if (newColdkeyHash !== undefined) return newColdkeyHash === hashOf(address)
  return newColdkey === undefined || newColdkey === address
}

/** An announcement stands for a while before it can be changed or taken back. */
async function checkChange({ client, view }: Planning, pending: PendingSwap): Promise<void> {
  if (!isAnnounced(client)) {
    throw new BittensorError('USAGE', 'a swap of this coldkey is scheduled already', {
      hint: 'btcli swap_check shows it',
    })
  }
  const delay = asNumber(await view.read(MODULE, 'ColdkeySwapReannouncementDelay'))
  const from = (pending.block ?? 0) + delay
  const left = from - (view.block.number + 1)
  if (left > 0) {
    throw rateLimit(client, left, `an announcement can be changed from block ${from} on`)
  }
}

/** A constant; null where the runtime does not name it. */
function costOf(client: ChainClient): bigint | null {
  const named = client.constant(MODULE, 'KeySwapCost')
  return named === undefined ? null : BigInt(String(named))
}

async function factsOf(
  { client, view }: Planning,
  { action, to }: ColdkeySwapTerms,
): Promise<Fact[]> {
  const facts: Fact[] = to ? [{ label: 'to', value: to, note: 'the new coldkey' }] : []
  if (action !== 'announce') return facts
  const item = isAnnounced(client) ? 'ColdkeySwapAnnouncementDelay' : 'ColdkeySwapScheduleDuration'
  const delay = asNumber(await view.read(MODULE, item))
  const span = `${delay} blocks, ≈ ${spanText(delay * client.blockTimeMs)}`
  const how = isAnnounced(client) ? 'by you, with `swap_coldkey execute`' : 'by the chain itself'
  const carried: Fact = { label: 'carried out', value: how, note: `after ${span}` }
  const price = isAnnounced(client) ? null : costOf(client)
  if (price === null) return [...facts, carried]
  return [...facts, carried, { label: 'costs', value: `τ${formatTao(price)}`, note: 'paid then' }]
}

function questionOf({ action, wallet, to }: ColdkeySwapTerms): string {
  const who = wallet.name
  const name = to?.name || to?.address
  return {
    announce: `Announce that everything of ${who} goes to ${name}?`,
    execute: `Give everything of ${who} to ${name} now?`,
    clear: `Take the announced swap of ${who} back?`,
    dispute: `Dispute the announced swap of ${who}?`,
  }[action]
}
