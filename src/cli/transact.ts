/**
 * The one way in which a command signs and sends: plan, preview, one confirmation, unlock, plan again if blocks have
 * passed, send, report. Nothing is signed before the facts were shown and confirmed.
 */

import type { BlockRef, ChainClient, ChainView } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import type { Keypair } from '../core/keys/keypair.js'
import type { Ss58 } from '../core/keys/ss58.js'
import {
  feeReader,
  type Operation,
  type Plan,
  type Planning,
  type Risk,
} from '../core/plans/plan.js'
import { type Rao, rao } from '../core/units.js'
import type { Wallet } from '../core/wallet/wallet.js'
import type { Context } from './context.js'
import type { Intended } from './guard.js'
import { unlocking } from './passwords.js'
import { shortPath } from './paths.js'
import type { Preview } from './preview.js'
import { showPreview } from './preview.js'
import type { OperationResult } from './sendAll.js'
import { rateLimited, sendAll, waitText } from './sendAll.js'
import { actingOf } from './spendingWallet.js'

/** Values of the shared options for signing. */
export type SigningValues = {
  readonly dryRun: boolean
  readonly waitForFinalization: boolean
  readonly noWait: boolean
  readonly era: number
  /** The block from which the era counts. */
  readonly anchor?: BlockRef | undefined
  readonly allowUnknownFee: boolean
  /** Act for this account. */
  readonly proxy?: string | undefined
  /** Write to this file instead of signing. */
  readonly unsigned?: string | undefined
}

/** What to sign, with which key. */
export type Request<P extends Plan> = {
  /** Headline of the preview: `Transfer`. */
  readonly title: string
  readonly wallet: Wallet
  readonly key: 'coldkey' | 'hotkey'
  readonly values: SigningValues
  /** Checks and decides; throws the reason why it cannot be done. */
  readonly plan: (planning: Planning) => Promise<P>
}

/** What came of it. On a dry run, and if there was nothing to do, there are no results. */
export type Transacted<P extends Plan> = {
  readonly dryRun: boolean
  /** The plan that was carried out: the last one that was made. */
  readonly plan: P
  readonly preview: Preview
  readonly results: readonly OperationResult<ReadOf<P>>[]
}

/** What the operations of a plan measure. */
export type ReadOf<P extends Plan> = P extends Plan<infer Read> ? Read : never

/**
 * Does it.
 * @throws {BittensorError} what the plan throws · `POLICY` · `DECLINED` · `MISSING_INPUT` · `BAD_PASSWORD`, `KEYFILE` ·
 * for a single transaction all of `submit`; failures of several are in the results
 * @example
 * const done = await transact(ctx, { title: 'Transfer', wallet, key: 'coldkey', values, plan })
 */
export async function transact<P extends Plan>(
  ctx: Context,
  request: Request<P>,
): Promise<Transacted<P>> {
  const ready = await unsent(() => prepare(ctx, request))
  const { final, key } = ready
  const { plan, preview } = final
  if (!key) return { dryRun: request.values.dryRun, plan, preview, results: [] }
  const leave = await unsent(() => enter(ctx, final.intended))
  try {
    const results = await sendAll(ctx, {
      client: final.client,
      operations: plan.operations as readonly Operation<ReadOf<P>>[],
      intended: final.intended,
      signer: key,
      values: request.values,
    })
    return { dryRun: false, plan, preview, results }
  } finally {
    await leave()
  }
}

/** All that comes before sending. On a dry run, and if there is nothing to do, no key is unlocked. */
async function prepare<P extends Plan>(
  ctx: Context,
  request: Request<P>,
): Promise<{ readonly final: Shown<P>; readonly key: Keypair | undefined }> {
  const signer = await addressOf(request)
  const shown = await planAndShow(ctx, request, signer, undefined)
  const isIdle = shown.plan.operations.length === 0
  if (request.values.dryRun || isIdle) return { final: shown, key: undefined }
  if (request.values.unsigned !== undefined) throw await unsignedAnswer(ctx, request, signer, shown)
  await confirm(ctx, request, shown)
  const key = await unlock(ctx, request)
  return { final: await planAgain(ctx, request, signer, shown), key }
}

async function unsignedAnswer<P extends Plan>(
  ctx: Context,
  { values }: Request<P>,
  account: Ss58,
  { client, plan, preview }: Shown<P>,
): Promise<Error> {
  const { writeInstead } = await import('./unsigned.js')
  const calls = plan.operations.map(({ call }) => call)
  const { unsigned: file = '', era } = values
  return writeInstead(ctx, { file, client, account, calls, era, preview })
}

/** Failures before sending say so: where the money is must never be in doubt. */
async function unsent<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BittensorError)) throw error
    if (/nothing was sent/.test(`${error.message} ${error.details}`)) throw error
    const details = error.details ? `${error.details}\nnothing was sent` : 'nothing was sent'
    const { hint, data, cause } = error
    throw new BittensorError(error.code, error.message, { details, hint, data, cause })
  }
}

/** Who signs: with a proxy the wallet's own key, not the account that it acts for. */
function addressOf({ wallet, key }: Pick<Request<Plan>, 'wallet' | 'key'>): Promise<Ss58> {
  const signing = actingOf(wallet)?.own ?? wallet
  return key === 'coldkey' ? signing.coldkeypubAddress() : signing.hotkeyAddress()
}

function unlock(
  ctx: Context,
  { wallet, key }: Pick<Request<Plan>, 'wallet' | 'key'>,
): Promise<Keypair> {
  return unlocking(ctx, (passwords) =>
    key === 'coldkey' ? wallet.unlockColdkey(passwords) : wallet.unlockHotkey(passwords),
  )
}

type Shown<P extends Plan> = {
  readonly client: ChainClient
  readonly view: ChainView
  readonly plan: P
  readonly intended: readonly Intended[]
  readonly preview: Preview
  /** Blocks that must pass before the first transaction may be sent. */
  readonly blocksToWait: number
}

async function planAndShow<P extends Plan>(
  ctx: Context,
  request: Request<P>,
  signer: Ss58,
  confirmed: Plan | undefined,
): Promise<Shown<P>> {
  const shown = await makePlan(ctx, request, signer, confirmed)
  showPreview(ctx, shown.preview)
  refuse(ctx, request, shown)
  return shown
}

/** What stands against it is part of the preview; a dry run stops there anyway. */
function refuse<P extends Plan>(
  ctx: Context,
  { values }: Request<P>,
  { client, preview, blocksToWait }: Shown<P>,
): void {
  if (values.dryRun) return
  if (preview.violations.length > 0) throw forbidden(preview.violations)
  // What is written to a file is signed and sent later.
  if (blocksToWait > 0 && values.unsigned === undefined) {
    throw rateLimited(ctx, client, blocksToWait)
  }
}

function forbidden(violations: readonly string[]): BittensorError {
  return new BittensorError('POLICY', 'your policy forbids this', {
    details: [...violations, 'nothing was sent'].join('\n'),
    data: { violations },
  })
}

async function makePlan<P extends Plan>(
  ctx: Context,
  request: Request<P>,
  signer: Ss58,
  confirmed: Plan | undefined,
): Promise<Shown<P>> {
  const client = await ctx.chain()
  const view = await client.at()
  const fees = feeReader(client, signer)
  const plan = await planned(request, { client, view, feeOf: fees, confirmed }, signer).catch(
    notUnchanged,
  )
  const each = await Promise.all(plan.operations.map(({ call }) => fees(call)))
  const intended = plan.operations.map((operation, i) =>
    intendedOf(ctx, client, { operation, signer, fee: each[i] }),
  )
  const wait = Math.max(0, (await plan.operations[0]?.blocksToWait?.(view)) ?? 0)
  const violations: string[] = []
  for (const guard of ctx.guards) violations.push(...((await guard.review?.(intended)) ?? []))
  const { newDestinations } = await import('./knownDestinations.js')
  const { key, values } = request
  const wallet = actingOf(request.wallet)?.own ?? request.wallet
  const hotkey = `${wallet.name}/${wallet.hotkeyName}`
  const preview: Preview = {
    title: request.title,
    network: client.network,
    endpoint: client.endpoint,
    specVersion: client.specVersion,
    genesisHash: client.genesisHash,
    era: client.era,
    block: view.block.number,
    networkOrigin: ctx.origin('subtensor.network') ?? ctx.origin('subtensor.chain_endpoint'),
    value: client.value,
    signer: {
      name: key === 'coldkey' ? wallet.name : hotkey,
      address: signer,
      key,
      ...walletOrigin(ctx),
    },
    facts: plan.facts,
    fee: sum(each),
    spend: sum(plan.operations.map(({ spendRao }) => spendRao)),
    effects: plan.effects,
    notes: [...(plan.notes ?? []), ...(wait > 0 ? [waitText(client, wait)] : [])],
    newDestinations: await newDestinations(ctx, intended),
    violations,
    calls: plan.operations.map(({ call }) => call),
    validFor: { blocks: values.era, milliseconds: values.era * client.blockTimeMs },
  }
  ctx.atBlock(view.block.number)
  return { client, view, plan, intended, preview, blocksToWait: wait }
}

/** A plan for what is so already is no failure, but the answer. */
async function notUnchanged(error: unknown): Promise<never> {
  if (!(error instanceof BittensorError) || error.code !== 'DUPLICATE') throw error
  const { unchanged } = await import('./unchanged.js')
  throw unchanged(error)
}

/** The plan; with a proxy that of the other account, wrapped, where the proxy pays the fee. */
async function planned<P extends Plan>(
  request: Request<P>,
  planning: Planning,
  signer: Ss58,
): Promise<P> {
  const { wallet, key, values } = request
  const acting = actingOf(wallet)
  if (!acting) {
    if (values.proxy === undefined) return request.plan(planning)
    throw new BittensorError('USAGE', 'this command can not act for another account')
  }
  if (key === 'hotkey') {
    throw new BittensorError('USAGE', 'this is signed by a hotkey; --proxy is for coldkeys')
  }
  const { requireProxy, throughProxy } = await import('../core/plans/proxyPlan.js')
  const { client, view, feeOf } = planning
  const both = { delegate: { name: acting.own.name, address: signer }, real: acting.real }
  const rights = await requireProxy(view, both)
  const plan = await request.plan({ ...planning, feeOf: async () => rao(0n) })
  const terms = { client, view, acting: { ...both, ...rights } }
  return throughProxy(
    plan,
    terms,
    async (operations) =>
      sum(await Promise.all(operations.map(({ call }) => feeOf(call)))) ?? undefined,
  )
}

/** A wallet that nobody typed is said to be so: it decides whose money it is. */
function walletOrigin(ctx: Context): { readonly note?: string } {
  const origin = ctx.origin('wallet.name')
  if (!origin || origin.layer === 'flag' || origin.layer === 'answer') return {}
  return { note: `(from ${shortPath(origin.source, ctx.paths.home)})` }
}

/** Null as soon as one of them is not known. */
function sum(amounts: readonly (bigint | null | undefined)[]): bigint | null {
  let total = 0n
  for (const amount of amounts) {
    if (amount === null || amount === undefined) return null
    total += amount
  }
  return total
}

function intendedOf(
  ctx: Context,
  client: ChainClient,
  part: {
    readonly operation: Operation
    readonly signer: Ss58
    readonly fee: Rao | undefined
  },
): Intended {
  const { operation, signer, fee } = part
  return {
    network: client.network,
    genesisHash: client.genesisHash,
    value: client.value,
    specVersion: client.specVersion,
    command: ctx.command,
    account: signer,
    call: operation.call,
    hashed: operation.hashed,
    asked: operation.asked ?? operation.call.args,
    netuids: operation.netuids ?? [],
    destinations: operation.destinations ?? [],
    spendRao: operation.spendRao,
    feeRao: fee ?? null,
  }
}

/** Risky things first, each with its own option; then the one question about all of it. */
async function confirm<P extends Plan>(
  ctx: Context,
  { values }: Request<P>,
  { plan, preview }: Shown<P>,
): Promise<void> {
  const unknownFee: Risk = {
    message: 'The chain gives no estimate of the fee. Go on without knowing it?',
    option: '--allow_unknown_fee',
    accepted: values.allowUnknownFee,
  }
  const risks = [...(plan.risks ?? []), ...(preview.fee === null ? [unknownFee] : [])]
  for (const { message, option, accepted } of risks) {
    if (accepted) continue
    if (!(await ctx.prompt.confirm({ message, onlyBy: option }))) throw declined()
  }
  if (!(await ctx.prompt.confirm({ message: plan.question }))) throw declined()
}

function declined(): BittensorError {
  return new BittensorError('DECLINED', 'declined, nothing was sent')
}

/** While a person decided and typed a password, blocks may have passed and the runtime may have been upgraded. */
async function planAgain<P extends Plan>(
  ctx: Context,
  request: Request<P>,
  signer: Ss58,
  shown: Shown<P>,
): Promise<Shown<P>> {
  const { client, view, plan } = shown
  if (await client.refreshRuntime()) {
    ctx.warn(`the chain was upgraded to spec ${client.specVersion} meanwhile; please look again`)
    const again = await planAndShow(ctx, request, signer, plan)
    await confirm(ctx, request, again)
    return again
  }
  const head = await client.head()
  if (head.hash === view.block.hash) return shown
  const again = await makePlan(ctx, request, signer, plan)
  if (hasNewRisk(again, shown)) {
    ctx.warn('the chain changed meanwhile; please look again')
    showPreview(ctx, again.preview)
    await confirm(ctx, request, again)
  }
  refuse(ctx, request, again)
  return again
}

function hasNewRisk<P extends Plan>(again: Shown<P>, shown: Shown<P>): boolean {
  const known = new Set((shown.plan.risks ?? []).map(({ message }) => message))
  const risks = (again.plan.risks ?? []).filter(({ message }) => !known.has(message))
  return risks.length > 0 || (again.preview.fee === null && shown.preview.fee !== null)
}

async function enter(ctx: Context, intended: readonly Intended[]): Promise<() => Promise<void>> {
  const leaves: (() => Promise<void>)[] = []
  const leave = async () => {
    for (const one of leaves.reverse()) await one()
  }
  try {
    for (const guard of ctx.guards) {
      const one = await guard.enter?.(intended)
      if (one) leaves.push(one)
    }
    return leave
  } catch (error) {
    await leave()
    throw error
  }
}
