/** What `claim_set` and `claim_process` check, and what they show before signing. */
import { buildCall } from '../chain/calls.js'
import {
  hasBaskets,
  type RootClaim,
  type RootClaimType,
  readRootClaims,
  readRootClaimType,
} from '../chain/rootClaims.js'
import { readHoldings } from '../chain/stake.js'
import { existingSubnet } from '../chain/subnets.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { asNumber } from '../chain/values.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type CallPlan, planCall } from './callPlan.js'
import { effectAmount, type Party, type Planning, partyName } from './plan.js'
import { spanText } from './texts.js'

const MODULE = 'SubtensorModule'
/** Subnets in one claim (opentensor/subtensor, MAX_SUBNET_CLAIMS). */
const MOST_SUBNETS = 5

/** `sold for τ on root`, `kept as alpha`, `kept on 3, 7, sold elsewhere`. */
export function claimTypeText(type: RootClaimType): string {
  if (type.type !== 'KeepSubnets') {
    return type.type === 'Swap'
      ? 'sold for τ that is staked on root'
      : 'kept as alpha of the subnets'
  }
  return `kept as alpha on ${type.subnets.join(', ')}, sold for τ elsewhere`
}

function isSame(a: RootClaimType, b: RootClaimType): boolean {
  return claimTypeText(a) === claimTypeText(b)
}

/**
 * Checks what shall become of root dividends and says what it would do.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `DUPLICATE` if it is so already, `INSUFFICIENT_BALANCE`
 */
export async function planClaimType(
  planning: Planning,
  { wallet, type }: { readonly wallet: Party; readonly type: RootClaimType },
): Promise<CallPlan<RootClaimType>> {
  const { client, view } = planning
  const call = claimTypeCall(client, type)
  const now = await readRootClaimType(view, wallet.address)
  if (isSame(now, type)) {
    throw new BittensorError(
      'DUPLICATE',
      `root dividends of ${wallet.name} are ${claimTypeText(now)} already`,
    )
  }
  return planCall<RootClaimType>(planning, {
    signer: wallet,
    call,
    label: `root claims of ${wallet.name}`,
    measure: (at) => readRootClaimType(at, wallet.address),
    facts: [{ label: 'dividends', value: claimTypeText(type), note: `now ${claimTypeText(now)}` }],
    question: `Have root dividends ${claimTypeText(type)} from now on?`,
  })
}

/** @throws {BittensorError} `RUNTIME_UNSUPPORTED` also where the runtime has no such choice */
function claimTypeCall(client: ChainClient, type: RootClaimType): Call {
  const build = (value: Readonly<Record<string, unknown>>) =>
    buildCall(client, MODULE, 'set_root_claim_type', { new_root_claim_type: value })
  if (type.type !== 'KeepSubnets') return build({ type: type.type })
  try {
    return build({ type: type.type, value: { subnets: type.subnets } })
  } catch (cause) {
    // The choice is not among the variants of the argument.
    if (!(cause instanceof BittensorError && cause.code === 'USAGE')) throw cause
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `this chain (spec ${client.specVersion}) keeps alpha of all subnets or of none`,
      { hint: 'choose --type keep or --type swap', cause },
    )
  }
}

/** What a coldkey can claim, and what becomes of it. */
export async function readClaims(
  view: ChainView,
  coldkey: Ss58,
): Promise<{ readonly type: RootClaimType; readonly claims: readonly RootClaim[] }> {
  const [type, holdings] = await Promise.all([
    readRootClaimType(view, coldkey),
    readHoldings(view, coldkey),
  ])
  return { type, claims: await readRootClaims(view, coldkey, holdings) }
}

export type ClaimPlan = CallPlan<readonly RootClaim[]> & { readonly claims: readonly RootClaim[] }

type ClaimTerms = {
  readonly wallet: Party
  readonly netuids: readonly number[]
  /** Only what this validator owes, on runtimes with baskets. */
  readonly hotkey: Party | undefined
}

/**
 * Checks a claim and says what it would do. Without `netuids` it claims where most is due: as many subnets as one claim takes,
 * or the basket of one validator.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE` when nothing is due, `SUBNET_NOT_FOUND`, `INSUFFICIENT_BALANCE`
 */
export function planClaim(planning: Planning, terms: ClaimTerms): Promise<ClaimPlan> {
  return hasBaskets(planning.view)
    ? planBasketClaim(planning, terms)
    : planSubnetClaim(planning, terms)
}

async function planSubnetClaim(
  planning: Planning,
  { wallet, netuids, hotkey }: ClaimTerms,
): Promise<ClaimPlan> {
  const { client, view } = planning
  if (hotkey !== undefined) {
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `root dividends on this chain (spec ${client.specVersion}) are claimed by subnet, of all validators at once`,
      { hint: 'use --netuid instead of --hotkey' },
    )
  }
  if (netuids.length > MOST_SUBNETS) {
    throw new BittensorError('USAGE', `one claim takes at most ${MOST_SUBNETS} subnets`)
  }
  const build = (subnets: readonly number[]) => buildCall(client, MODULE, 'claim_root', { subnets })
  build([1])
  await Promise.all(netuids.map((netuid) => existingSubnet(view, netuid)))
  const due = await dueTo(view, wallet)
  const all = [...new Set(due.list.map(({ netuid }) => netuid))]
  const chosen = (netuids.length > 0 ? netuids : all.slice(0, MOST_SUBNETS)).toSorted(
    (a, b) => a - b,
  )
  const taken = due.list.filter(({ netuid }) => chosen.includes(netuid))
  if (taken.length === 0) {
    const asked = due.claims.filter(({ netuid }) => netuids.length === 0 || chosen.includes(netuid))
    throw nothingDue(wallet, asked, netuids.length === 0 ? '' : ` on ${netuids.join(', ')}`)
  }
  return claimPlan(planning, wallet, {
    taken,
    call: build(chosen),
    netuids: chosen,
    fate: claimTypeText(due.type),
    notes:
      all.length > MOST_SUBNETS && netuids.length === 0
        ? [`there is more on ${all.length - MOST_SUBNETS} other subnets; claim again for those`]
        : [],
    question: `Claim root dividends on ${chosen.length === 1 ? 'subnet' : 'subnets'} ${chosen.join(', ')}?`,
  })
}

/** One validator at a time: a claim from all of them is refused, for its whole fee, when there is too much to walk through. */
async function planBasketClaim(
  planning: Planning,
  { wallet, netuids, hotkey }: ClaimTerms,
): Promise<ClaimPlan> {
  const { client, view } = planning
  if (netuids.length > 0) {
    throw new BittensorError(
      'RUNTIME_UNSUPPORTED',
      `root dividends on this chain (spec ${client.specVersion}) are claimed by validator, of all subnets at once`,
      { hint: 'use --hotkey instead of --netuid' },
    )
  }
  const due = await dueTo(view, wallet)
  const isAsked = (claim: RootClaim) => hotkey === undefined || claim.hotkey === hotkey.address
  const [most] = due.list.filter(isAsked)
  if (!most) {
    throw nothingDue(wallet, due.claims.filter(isAsked), hotkey ? ` from ${partyName(hotkey)}` : '')
  }
  const held = view.hasStorage(MODULE, 'RootStakeUnlockInterval')
    ? asNumber(await view.read(MODULE, 'RootStakeUnlockInterval'))
    : 0
  const others = due.list.length - 1
  return claimPlan(planning, wallet, {
    taken: [most],
    call: buildCall(client, MODULE, 'claim_root_with_hotkey', { hotkey: most.hotkey }),
    netuids: [0],
    fate: 'staked on root with the same validator',
    notes: [
      ...(others > 0 && hotkey === undefined
        ? [
            `there is more from ${others === 1 ? 'another validator' : `${others} other validators`}; claim again for it`,
          ]
        : []),
      ...(held > 0
        ? [`after it no stake can leave root from there for ${heldText(client, held)}`]
        : []),
    ],
    question: `Claim root dividends of ${effectAmount(most, most.claimable)}?`,
  })
}

function heldText(client: ChainClient, blocks: number): string {
  return `${blocks} blocks (≈ ${spanText(blocks * client.blockTimeMs)})`
}

/** Claims that are large enough, most first, and all there are. */
async function dueTo(view: ChainView, wallet: Party) {
  const { type, claims } = await readClaims(view, wallet.address)
  const list = claims
    .filter(({ claimable, threshold }) => claimable >= threshold)
    .toSorted((a, b) => (a.claimable < b.claimable ? 1 : -1))
  return { type, claims, list }
}

async function claimPlan(
  planning: Planning,
  wallet: Party,
  part: {
    readonly taken: readonly RootClaim[]
    readonly call: Call
    readonly netuids: readonly number[]
    readonly fate: string
    readonly notes: readonly string[]
    readonly question: string
  },
): Promise<ClaimPlan> {
  const { taken, call, netuids, fate, notes, question } = part
  const plan = await planCall<readonly RootClaim[]>(planning, {
    signer: wallet,
    call,
    label: `root dividends of ${wallet.name}`,
    netuids,
    measure: async (at) => (await readClaims(at, wallet.address)).claims,
    facts: [
      ...taken.map((claim, i) => ({
        label: i === 0 ? 'claim' : '',
        value: effectAmount(claim, claim.claimable),
        note: `from ${claim.hotkey}`,
      })),
      { label: 'then', value: fate },
    ],
    notes,
    question,
  })
  return { ...plan, claims: taken }
}

/** @param where of those that were asked for */
function nothingDue(wallet: Party, claims: readonly RootClaim[], where: string): BittensorError {
  const small = claims.map(
    (claim) =>
      `${effectAmount(claim, claim.claimable)} (from ${effectAmount(claim, claim.threshold)} on)`,
  )
  return new BittensorError('USAGE', `${wallet.name} has no root dividends to claim${where}`, {
    details: small.length === 0 ? undefined : `too little for a claim: ${small.join(', ')}`,
    hint: 'btcli claim_get shows what there is',
  })
}
