/** What the commands of multisigs have in common: who may sign, which call is meant, and how they show what they did. */
import { decodeAs } from '../core/chain/decodeAny.js'
import { callHashOf, type PendingCall, requireMultisigs } from '../core/chain/multisigs.js'
import type { Call, Hex } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { fromHex, toHex } from '../core/keys/hex.js'
import { freeChange } from '../core/plans/callPlan.js'
import type { MultisigPlan, MultisigTerms } from '../core/plans/multisigPlan.js'
import type { Party, Planning } from '../core/plans/plan.js'
import { argumentFacts, callFromTexts, humanCall, jsonObject } from './anyCall.js'
import type { Context } from './context.js'
import { list, option } from './define.js'
import { type Destination, parseDestination, resolveDestination } from './destination.js'
import { completeLists } from './lists.js'
import { signing, walletName, wholeNumber } from './options.js'
import { openColdkey } from './parties.js'
import { type SingleDone, singleJson, singleText } from './singleDone.js'
import type { Style } from './style.js'
import { type SigningValues, transact } from './transact.js'

const thresholdSpec = {
  flags: '--threshold <n>',
  description: 'how many signatories must agree',
  parse: (text: string) => wholeNumber(text, 1, 65_535),
}

/** For commands that can do without. */
export const maybeThreshold = option(thresholdSpec)

const threshold = option({
  ...thresholdSpec,
  ask: { message: 'Enter how many signatories must agree' },
})

export const signatories = list({
  flags: '--signatories, --other_signatories <account...>',
  description:
    'who may sign, in any order, with or without the wallet itself: ss58, 0x public key, wallet:NAME or a name of the address book',
  parse: parseDestination,
  address: 'party',
})

/** Options of all that sign. */
export const multisigOptions = {
  walletName,
  threshold,
  signatories,
  args: option({
    flags: '--args <json>',
    description: 'all arguments of the call as one JSON object',
  }),
  ...signing,
}

/** The call that is meant. */
export const multisigCall = [
  {
    name: 'call',
    description: 'Pallet.call with its arguments as options; or 0x and its bytes, or its hash',
    required: true,
  },
] as const

type Values = SigningValues & {
  readonly walletName: string
  readonly threshold: number
  readonly signatories: readonly Destination[]
  readonly args: string | undefined
}

export type MultisigDone = SingleDone<MultisigPlan> & {
  readonly wallet: Party
  readonly threshold: number
  readonly signatories: readonly Party[]
  readonly callHash: Hex
  readonly call: ReturnType<typeof humanCall> | null
  readonly callData: Hex | null
  readonly name: string
}

/** Finds out what is meant, shows it, and does it. */
export async function actAsSignatory(
  ctx: Context,
  values: Values,
  written: { readonly call: string; readonly extra: ReadonlyMap<string, string> },
  how: {
    readonly title: string
    readonly plan: (planning: Planning, terms: MultisigTerms) => Promise<MultisigPlan>
  },
): Promise<MultisigDone> {
  const client = await ctx.chain()
  requireMultisigs(client)
  const { opened, wallet } = await openColdkey(ctx, values)
  const { signatories: given } = await completeLists(
    ctx,
    { signatories: { given: values.signatories, parse: parseDestination } },
    'name everybody who may sign',
  )
  const all = await signatoriesOf(ctx, given, wallet)
  const meant = await callOf(ctx, values, written)
  const { call, callHash } = meant
  const terms = {
    wallet,
    signatories: all,
    joined: all.length > given.length,
    threshold: values.threshold,
    callHash,
    call,
    shown: call ? argumentFacts(client, call) : [],
  }
  const done = await transact(ctx, {
    title: how.title,
    wallet: opened,
    key: 'coldkey',
    values,
    plan: (planning) => how.plan(planning, terms),
  })
  return {
    ...done,
    wallet,
    threshold: values.threshold,
    signatories: all,
    callHash,
    call: call ? humanCall(client, call) : null,
    callData: call?.data ?? null,
    name: call ? `${call.pallet}.${call.name}` : `call ${callHash}`,
    commandLine: ctx.commandLine(),
  }
}

/** The parties, the wallet's account among them whether it is given or not. */
export async function signatoriesOf(
  ctx: Context,
  given: readonly Destination[],
  wallet: Party | undefined,
): Promise<readonly Party[]> {
  const parties = await Promise.all(given.map((one) => resolveDestination(ctx, one)))
  if (!wallet || parties.some(({ address }) => address === wallet.address)) return parties
  return [wallet, ...parties]
}

const HASH_DIGITS = 64

async function callOf(
  ctx: Context,
  { args }: Values,
  { call: text, extra }: { readonly call: string; readonly extra: ReadonlyMap<string, string> },
): Promise<{ readonly call: Call | undefined; readonly callHash: Hex }> {
  const client = await ctx.chain()
  if (!/^0x/i.test(text)) {
    const call = await callFromTexts(ctx, client, text, {
      options: extra,
      json: jsonObject(args, '--args'),
    })
    return { call, callHash: callHashOf(call) }
  }
  const [unknown] = extra.keys()
  if (unknown !== undefined) {
    throw new BittensorError('USAGE', `unknown option \`--${unknown}\``, {
      details: 'a call that is given as bytes has its arguments in them',
    })
  }
  const bytes = fromHex(text.toLowerCase())
  if (!bytes) throw new BittensorError('USAGE', 'the call is no hex: write 0x and its bytes')
  const data = toHex(bytes) as Hex
  if (text.length === HASH_DIGITS + 2) return { call: undefined, callHash: data }
  const decoded = decodeAs(client.runtime.description, bytes, 'call')
  if (decoded.kind !== 'call') throw new BittensorError('USAGE', 'these bytes are no call')
  const call = { ...decoded.call, data, specVersion: client.specVersion }
  return { call, callHash: callHashOf(call) }
}

/** For people. */
export function multisigText(
  done: MultisigDone,
  style: Style,
  headline: (name: string, left: PendingCall | undefined) => string,
): string {
  const result = done.results.at(-1)
  return singleText(done, style, {
    headline: headline(done.name, result?.ok ? result.after?.more : undefined),
    changes: (before, after) => [freeChange(done.wallet, before, after)],
  })
}

/** For programs. */
export function multisigJson(done: MultisigDone) {
  const result = done.results.at(-1)
  const after = result?.ok ? result.after?.more : undefined
  return {
    multisig: done.plan.multisig,
    threshold: done.threshold,
    signatories: done.signatories.map(({ address }) => address),
    signatory: done.wallet.address,
    callHash: done.callHash,
    call: done.call,
    callData: done.callData,
    approvalsBefore: done.plan.pending?.approvals ?? [],
    approvalsAfter: after?.approvals ?? null,
    ...singleJson(done),
  }
}
