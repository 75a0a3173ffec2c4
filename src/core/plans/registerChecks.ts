/** Why a hotkey cannot be registered by proof of work, found out before anything is solved. */
import { registerCall } from '../chain/calls.js'
import { readUid } from '../chain/neurons.js'
import { readOwner } from '../chain/stake.js'
import { existingSubnet, readBurn } from '../chain/subnets.js'
import type { ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import type { PowScheme } from '../pow/challenge.js'
import { chooseScheme } from '../pow/scheme.js'
import { formatTao } from '../units.js'
import { probeByteOrder } from './probe.js'
import { spanText } from './texts.js'

/** Who registers where. */
export type Registrant = { readonly netuid: number; readonly hotkey: Ss58; readonly coldkey: Ss58 }

/** The rule by which a chain reads proofs, and the version of the runtime of which that is known. */
export type Rule = { readonly scheme: PowScheme; readonly specVersion: number }

const MODULE = 'SubtensorModule'

/**
 * The uid that the hotkey has already, or the scheme by which it can get one. Where only the chain itself can tell the
 * scheme, it is asked by dry runs.
 * @throws {BittensorError} `SUBNET_NOT_FOUND` · `USAGE` for root · `POW_DISABLED`, also where no uid is to be had ·
 * `RUNTIME_UNSUPPORTED` · `RATE_LIMITED` the quota of the interval is used up · `ALREADY_REGISTERED` the hotkey has another owner
 */
export async function checkRegistration(
  client: ChainClient,
  view: ChainView,
  who: Registrant,
): Promise<{ readonly uid: number } | Rule> {
  const { netuid } = who
  // Begun together, all of it is one question to the node.
  const [subnet, seat, owner, ...limits] = await Promise.allSettled([
    existingSubnet(view, netuid),
    readUid(view, netuid, who.hotkey),
    checkOwner(view, who),
    checkOpen(view, netuid),
    checkBlockQuota(view, netuid),
    checkRoom(view, netuid),
    checkInterval(client, view, netuid),
  ])
  outcomeOf(subnet)
  const uid = outcomeOf(seat)
  if (uid !== undefined) {
    outcomeOf(owner)
    return { uid }
  }
  if (netuid === 0) throw rootSubnet()
  const scheme = await schemeOf(client, view, netuid)
  for (const check of [...limits, owner]) outcomeOf(check)
  return { scheme, specVersion: view.specVersion }
}

function outcomeOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'fulfilled') return settled.value
  throw settled.reason
}

/**
 * Makes sure that the chain still reads proofs by the rule. An upgrade may change it in the middle of a search, and a
 * `register` that takes a proof and one that burns TAO are encoded alike.
 * @throws {BittensorError} `POW_DISABLED` with the price where there is no proof of work any more; `RUNTIME_UNSUPPORTED`
 */
export async function checkRule(
  client: ChainClient,
  view: ChainView,
  { netuid, scheme, specVersion }: Rule & Pick<Registrant, 'netuid'>,
): Promise<void> {
  if (view.specVersion === specVersion) return
  if ((await schemeOf(client, view, netuid)) === scheme) return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `the chain was upgraded from spec ${specVersion} to ${view.specVersion}, which reads proofs by another rule`,
    {
      details: 'what was searched so far is worth nothing there',
      hint: 'run it again: it then follows the new rule',
      data: { specVersion: view.specVersion, before: specVersion },
    },
  )
}

/** Why a subnet takes no proofs of work from anybody; undefined if it does. */
export async function whyNoProofs(view: ChainView, netuid: number): Promise<string | undefined> {
  if (netuid === 0) return rootSubnet().message
  const choice = chooseScheme(view)
  if (choice.kind === 'none' || choice.kind === 'unclear') return choice.reason
  try {
    await checkOpen(view, netuid)
    await checkBlockQuota(view, netuid)
    await checkRoom(view, netuid)
    return undefined
  } catch (error) {
    if (error instanceof BittensorError && error.code === 'POW_DISABLED') return error.message
    throw error
  }
}

function rootSubnet(): BittensorError {
  return new BittensorError('USAGE', 'the root network takes no proof of work', {
    details: 'seats there go to the hotkeys with most stake',
    hint: 'btcli recycle_register --netuid 0',
  })
}

async function schemeOf(client: ChainClient, view: ChainView, netuid: number): Promise<PowScheme> {
  const choice = chooseScheme(view)
  if (choice.kind === 'solve') return choice.scheme
  if (choice.kind === 'probe') {
    return probeByteOrder(client, view, choice.reason, ({ key: { address }, ...proof }) =>
      registerCall(client, { ...proof, netuid, hotkey: address, coldkey: address }),
    )
  }
  if (choice.kind === 'none') {
    throw new BittensorError('POW_DISABLED', choice.reason, {
      details: `nothing was sent; ${await priceText(view, netuid)}`,
      hint: `btcli recycle_register --netuid ${netuid}`,
      data: { netuid, specVersion: view.specVersion, burns: choice.burns },
    })
  }
  throw new BittensorError('RUNTIME_UNSUPPORTED', choice.reason, {
    details: 'a proof by the wrong rule would never be taken, so none is solved; nothing was sent',
    hint: `btcli recycle_register --netuid ${netuid}`,
    data: { netuid, specVersion: view.specVersion },
  })
}

async function priceText(view: ChainView, netuid: number): Promise<string> {
  if (!view.hasStorage(MODULE, 'Burn')) return 'the price of a registration is not known'
  return `a registration by recycling costs τ${formatTao(await readBurn(view, netuid))} now`
}

/**
 * Runtimes until October 2023 had one switch for both kinds of registration; later ones have one for each.
 * @throws {BittensorError} `POW_DISABLED`
 */
export async function checkOpen(view: ChainView, netuid: number): Promise<void> {
  const items = ['NetworkPowRegistrationAllowed', 'NetworkRegistrationAllowed'].filter((item) =>
    view.hasStorage(MODULE, item),
  )
  const [pow, any] = await Promise.all(items.map((item) => view.read(MODULE, item, netuid)))
  if (pow !== false) return
  const recycling = any === true
  throw new BittensorError(
    'POW_DISABLED',
    `subnet ${netuid} takes no registrations by proof of work`,
    {
      details: recycling ? await priceText(view, netuid) : 'nor any other registrations now',
      hint: recycling ? `btcli recycle_register --netuid ${netuid}` : 'choose another subnet',
      data: { netuid },
    },
  )
}

/** A quota per block is free again in each; only one of 0 never is. */
async function checkBlockQuota(view: ChainView, netuid: number): Promise<void> {
  if (!view.hasStorage(MODULE, 'MaxRegistrationsPerBlock')) return
  if ((await view.read(MODULE, 'MaxRegistrationsPerBlock', netuid)) !== 0) return
  throw new BittensorError('POW_DISABLED', `subnet ${netuid} takes no registration in any block`, {
    details: 'its limit per block is 0',
    hint: 'choose another subnet',
    data: { netuid },
  })
}

/**
 * A full subnet gives away the uid of the neuron with the lowest score; if all are immune, that of an immune one. Runtimes
 * with `MinNonImmuneUids` keep so many of the others, so that a subnet of no more, none of them immune, has none to give
 * (opentensor/subtensor, get_neuron_to_prune). Whose uids its owner keeps besides, a dry run tells.
 * @throws {BittensorError} `POW_DISABLED` where no registration can get a uid
 */
async function checkRoom(view: ChainView, netuid: number): Promise<void> {
  const read = async (item: string, ...keys: readonly unknown[]) =>
    view.hasStorage(MODULE, item)
      ? Number(await view.read(MODULE, item, netuid, ...keys))
      : undefined
  const [most, taken = 0, kept = 0, immunity = 0] = await Promise.all(
    ['MaxAllowedUids', 'SubnetworkN', 'MinNonImmuneUids', 'ImmunityPeriod'].map((item) =>
      read(item),
    ),
  )
  if (most === 0) throw noUid(netuid, 'its limit of neurons is 0')
  if (most === undefined || taken < most || taken > kept) return
  const uids = Array.from({ length: taken }, (_, uid) => uid)
  const since = await Promise.all(uids.map((uid) => read('BlockAtRegistration', uid)))
  if (since.some((block = 0) => view.block.number - block < immunity)) return
  throw noUid(netuid, `it is full, and keeps ${kept} neurons that are not immune`)
}

/** The failure where no registration can get a uid. */
export function noUid(netuid: number, details: string): BittensorError {
  return new BittensorError('POW_DISABLED', `subnet ${netuid} has no uid to give`, {
    details,
    hint: 'choose another subnet',
    data: { netuid },
  })
}

/** Whether a block has taken as many registrations as one may. */
export async function isBlockFull(view: ChainView, netuid: number): Promise<boolean> {
  const items = ['RegistrationsThisBlock', 'MaxRegistrationsPerBlock']
  if (items.some((item) => !view.hasStorage(MODULE, item))) return false
  const [done = 0, most = 0] = await Promise.all(
    items.map(async (item) => Number(await view.read(MODULE, item, netuid))),
  )
  return done >= most
}

/**
 * Three times the target per interval; another block does not help, the next interval does.
 * @throws {BittensorError} `RATE_LIMITED`
 */
export async function checkInterval(
  client: ChainClient,
  view: ChainView,
  netuid: number,
): Promise<void> {
  const left = await blocksUntilQuota(view, netuid)
  if (left > 0) throw quotaUsedUp(client, netuid, left)
}

/**
 * Blocks until the quota of the interval opens again; 0 when it is open. Since spec 401 prices that halve over time take
 * the place of the quota, but on root; its numbers are still stored, as they were then.
 */
export async function blocksUntilQuota(view: ChainView, netuid: number): Promise<number> {
  if (netuid !== 0 && view.hasStorage(MODULE, 'BurnHalfLife')) return 0
  const items = [
    'RegistrationsThisInterval',
    'TargetRegistrationsPerInterval',
    'LastAdjustmentBlock',
    'AdjustmentInterval',
  ]
  if (items.some((item) => !view.hasStorage(MODULE, item))) return 0
  const [done = 0, target = 0, last = 0, interval = 0] = await Promise.all(
    items.map(async (item) => Number(await view.read(MODULE, item, netuid))),
  )
  if (done < 3 * target) return 0
  return Math.max(1, last + interval - view.block.number)
}

/** The failure when the quota of the interval is used up. */
export function quotaUsedUp(client: ChainClient, netuid: number, blocks: number): BittensorError {
  const time = spanText(blocks * client.blockTimeMs)
  return new BittensorError(
    'RATE_LIMITED',
    `subnet ${netuid} has taken all registrations of this interval`,
    {
      details: `the next interval begins in ${blocks} blocks (≈ ${time})`,
      hint: 'try again then; another block alone does not help',
      data: { netuid, blocksLeft: blocks },
    },
  )
}

export async function checkOwner(view: ChainView, who: Registrant): Promise<void> {
  const owner = await readOwner(view, who.hotkey)
  if (owner === undefined || owner === who.coldkey) return
  throw new BittensorError('ALREADY_REGISTERED', 'the hotkey belongs to another coldkey', {
    details: `${who.hotkey} is owned by ${owner}, this wallet's coldkey is ${who.coldkey}`,
    hint: 'use the wallet of its owner, or another hotkey',
    data: { hotkey: who.hotkey, owner, coldkey: who.coldkey },
  })
}
