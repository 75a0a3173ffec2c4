/** Any call of the chain from its name and the texts of its arguments, and what it would do. */

import { readFreeBalance } from '../core/chain/balances.js'
import { buildCall } from '../core/chain/calls.js'
import type { Runtime } from '../core/chain/description.js'
import { type HumanValue, humanValue } from '../core/chain/humanValue.js'
import type { Field, VariantCase } from '../core/chain/typeDef.js'
import type { Call, ChainClient, ChainValue, ChainView } from '../core/chain/types.js'
import { closest } from '../core/closest.js'
import { sameName } from '../core/config.js'
import { BittensorError } from '../core/errors.js'
import { spendOf } from '../core/plans/callSpend.js'
import type { Effect, Fact, Party, Plan, Planning } from '../core/plans/plan.js'
import { formatTao, type Rao } from '../core/units.js'
import { calls, findNamed, type Named } from './chainNames.js'
import { fieldTypeText, fieldValue, humanLine } from './chainValues.js'
import type { Context } from './context.js'
import { whyNotAsked } from './gather.js'
import { prose, safe } from './text.js'

/** The texts of a call's arguments: from options, and from one JSON object. */
export type CallTexts = {
  readonly options: ReadonlyMap<string, string>
  readonly json: Readonly<Record<string, unknown>> | undefined
}

/**
 * A JSON object of arguments; undefined without a text.
 * @param what names the text in the failure
 * @throws {BittensorError} `USAGE`
 */
export function jsonObject(
  text: string | undefined,
  what: string,
): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>
    }
  } catch {
    // Told below.
  }
  throw new BittensorError('USAGE', `${what} is no JSON object`)
}

/**
 * Builds a call; asks for what is missing on a terminal.
 * @throws {BittensorError} `USAGE` for an argument that the call does not have, `MISSING_INPUT` naming all that lack
 */
export async function callFromTexts(
  ctx: Context,
  client: ChainClient,
  name: string,
  texts: CallTexts,
): Promise<Call> {
  const named = findNamed(client.runtime, calls, name)
  const given = argumentTexts(client.runtime, named, texts)
  const missing = named.found.fields.filter(([field]) => !given.has(field))
  if (missing.length > 0 && !ctx.settings.interactive) {
    const names = missing.map(([field]) => `--${field}`)
    throw new BittensorError(
      'MISSING_INPUT',
      `${whyNotAsked(ctx)} and ${names.length === 1 ? `${names[0]} is` : `these are`} missing${names.length === 1 ? '' : `: ${names.join(', ')}`}`,
      { hint: signature(client.runtime, named), data: { missing: names } },
    )
  }
  const args: Record<string, unknown> = {}
  for (const field of named.found.fields) {
    const [argument] = field
    const text = given.get(argument)
    args[argument] =
      text === undefined
        ? await askedValue(ctx, client, named.owner, field)
        : await fieldValue(ctx, client, named.owner, field, text)
  }
  return buildCall(client, named.owner, named.name, args)
}

const TRIES = 3

/** Asks for one argument, again where the answer is none. */
async function askedValue(
  ctx: Context,
  client: ChainClient,
  owner: string,
  field: Field,
): Promise<unknown> {
  const [name] = field
  const message = `${name}, ${fieldTypeText(client.runtime, field)} (--${name})`
  for (let tries = 1; ; tries++) {
    const text = (await ctx.prompt.input({ message })).trim()
    try {
      const value = await fieldValue(ctx, client, owner, field, text)
      ctx.noteAnswer(name, [text])
      return value
    } catch (error) {
      if (!(error instanceof BittensorError) || tries === TRIES) throw error
      const { message: fault, hint } = error
      const told = safe(hint ? `${fault}; ${hint}` : fault)
      ctx.stderr.line(prose(told, ctx.stderr.columns))
    }
  }
}

function argumentTexts(
  runtime: Runtime,
  { owner, name, found }: Named<VariantCase>,
  { options, json }: CallTexts,
): ReadonlyMap<string, string> {
  const fields = found.fields.map(([field]) => field)
  const given = new Map<string, string>()
  const typed: [string, string][] = [
    ...Object.entries(json ?? {}).map(([key, value]): [string, string] => [key, textOf(value)]),
    ...options,
  ]
  for (const [key, text] of typed) {
    const field = fields.find((one) => sameName(one) === sameName(key))
    if (field === undefined) {
      const near = closest(sameName(key), fields)
      throw new BittensorError('USAGE', `${owner}.${name} takes no --${key}`, {
        details: signature(runtime, { owner, name, found }),
        ...(near.length > 0 ? { hint: `did you mean --${near.join(' or --')}?` } : {}),
        data: { suggestions: near },
      })
    }
    given.set(field, text)
  }
  return given
}

function textOf(value: unknown): string {
  if (value === null) return 'none'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** `SubtensorModule.add_stake(hotkey: AccountId, amount_staked: u64)`. */
export function signature(runtime: Runtime, { owner, name, found }: Named<VariantCase>): string {
  const fields = found.fields.map((field) => `${field[0]}: ${fieldTypeText(runtime, field)}`)
  return `${owner}.${name}(${fields.join(', ')})`
}

/** A call as people read it: `{ call, args }` with amounts in their units. */
export function humanCall(client: Pick<ChainClient, 'runtime' | 'era'>, call: Call): HumanValue {
  const { description } = client.runtime
  const { pallet, name, args } = call
  const value = { pallet, name, args } as ChainValue
  return humanValue(description, description.call, value, { era: client.era, pallet, name })
}

/** What {@link planCall} measures: the signer's free balance. */
export type FreeBalance = { readonly free: Rao }

/** The plan of a call about which nothing is known but its arguments. */
export async function planCall(
  { client, view, feeOf }: Planning,
  { call, signer, label }: { readonly call: Call; readonly signer: Party; readonly label: string },
): Promise<Plan<FreeBalance>> {
  const [free, fee] = await Promise.all([readFreeBalance(view, signer.address), feeOf(call)])
  await checkSudo(view, call, signer)
  const spend = spendOf(client, call)
  if (fee !== undefined && spend !== null && free < spend + fee) {
    throw new BittensorError('INSUFFICIENT_BALANCE', 'not enough free balance for this call', {
      details: `${signer.name} has τ${formatTao(free)} free; the call takes τ${formatTao(spend)}, and its fee is τ${formatTao(fee)}`,
      data: { freeRao: free, spendRao: spend, feeRao: fee },
    })
  }
  const effects: Effect[] =
    spend === null || fee === undefined
      ? [{ label: signer.name, before: free, after: null }]
      : [{ label: signer.name, before: free, after: free - spend - fee }]
  return {
    operations: [
      {
        label,
        call,
        spendRao: spend,
        measure: async (at) => ({ free: await readFreeBalance(at, signer.address) }),
      },
    ],
    facts: argumentFacts(client, call),
    effects,
    ...(spend === null
      ? { notes: ['what this call costs besides the fee is not known before'] }
      : {}),
    question: `Sign ${label}?`,
  }
}

/** A call as root is refused by the chain for all but one key, which is told before it costs a fee. */
async function checkSudo(view: ChainView, { pallet }: Call, signer: Party): Promise<void> {
  if (pallet !== 'Sudo' || !view.hasStorage('Sudo', 'Key')) return
  const key = await view.read('Sudo', 'Key')
  if (key === undefined || key === signer.address) return
  throw new BittensorError('KEYFILE', `${signer.name} does not hold the sudo key of this chain`, {
    details: `${key} does`,
    data: { sudoKey: key },
  })
}

/** The call and its arguments as lines of the preview. */
export function argumentFacts(client: ChainClient, call: Call): Fact[] {
  const human = humanCall(client, call) as { readonly args: Readonly<Record<string, HumanValue>> }
  const facts = Object.entries(human.args).map(
    ([label, value]): Fact => ({ label, value: humanLine(value) }),
  )
  return [{ label: 'call', value: `${call.pallet}.${call.name}` }, ...facts]
}
