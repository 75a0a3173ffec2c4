/** What `claim_set` and `claim_process` check, and what they show before signing. */
import { buildCall } from '../chain/calls.js'
import {
  type RootClaim,
  type RootClaimType,
  readRootClaims,
  readRootClaimType,
} from '../chain/rootClaims.js'
import { readHoldings } from '../chain/stake.js'
import { existingSubnet } from '../chain/subnets.js'
import type { Call, ChainClient, ChainView } from '../chain/types.js'
import { BittensorError } from '../errors.js'
import type { Ss58 } from '../keys/ss58.js'
import { type CallPlan, planCall } from './callPlan.js'
import { effectAmount, type Party, type Planning } from './plan.js'

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
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE` if it is so already, `INSUFFICIENT_BALANCE`
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
      'USAGE',
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

/**
 * Checks a claim and says what it would do. Without `netuids` it claims where most is due, as many subnets as one claim takes.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED`, `USAGE` when nothing is due, `SUBNET_NOT_FOUND`, `INSUFFICIENT_BALANCE`
 */
export async function planClaim(
  planning: Planning,
  { wallet, netuids }: { readonly wallet: Party; readonly netuids: readonly number[] },
): Promise<ClaimPlan> {
  const { client, view } = planning
  if (netuids.length > MOST_SUBNETS) {
    throw new BittensorError('USAGE', `one claim takes at most ${MOST_SUBNETS} subnets`)
  }
  const build = (subnets: readonly number[]) => buildCall(client, MODULE, 'claim_root', { subnets })
  build([1])
  await Promise.all(netuids.map((netuid) => existingSubnet(view, netuid)))
  const { type, claims } = await readClaims(view, wallet.address)
  const due = claims.filter(({ claimable, threshold }) => claimable >= threshold)
  const byAmount = due.toSorted((a, b) => (a.claimable < b.claimable ? 1 : -1))
  const all = [...new Set(byAmount.map(({ netuid }) => netuid))]
  const chosen = (netuids.length > 0 ? netuids : all.slice(0, MOST_SUBNETS)).toSorted(
    (a, b) => a - b,
  )
  const taken = due.filter(({ netuid }) => chosen.includes(netuid))
  if (taken.length === 0) throw nothingDue(wallet, claims, netuids)
  const plan = await planCall<readonly RootClaim[]>(planning, {
    signer: wallet,
    call: build(chosen),
    label: `root dividends of ${wallet.name}`,
    netuids: chosen,
    measure: async (at) => (await readClaims(at, wallet.address)).claims,
    facts: [
      ...taken.map((claim, i) => ({
        label: i === 0 ? 'claim' : '',
        value: effectAmount(claim, claim.claimable),
        note: `from ${claim.hotkey}`,
      })),
      { label: 'then', value: claimTypeText(type) },
    ],
    notes:
      all.length > MOST_SUBNETS && netuids.length === 0
        ? [`there is more on ${all.length - MOST_SUBNETS} other subnets; claim again for those`]
        : [],
    question: `Claim root dividends on ${chosen.length === 1 ? 'subnet' : 'subnets'} ${chosen.join(', ')}?`,
  })
  return { ...plan, claims: taken }
}

function nothingDue(
  wallet: Party,
  claims: readonly RootClaim[],
  netuids: readonly number[],
): BittensorError {
  const small = claims
    .filter(({ netuid }) => netuids.length === 0 || netuids.includes(netuid))
    .map(
      (claim) =>
        `${effectAmount(claim, claim.claimable)} (from ${effectAmount(claim, claim.threshold)} on)`,
    )
  const where = netuids.length === 0 ? '' : ` on ${netuids.join(', ')}`
  return new BittensorError('USAGE', `${wallet.name} has no root dividends to claim${where}`, {
    details: small.length === 0 ? undefined : `too little for a claim: ${small.join(', ')}`,
    hint: 'btcli claim_get shows what there is',
  })
}
