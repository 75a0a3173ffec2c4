/** Values of the chain on the command line: how they are typed and how they are printed. */
import type { Runtime } from '../core/chain/description.js'
import type { HumanValue } from '../core/chain/humanValue.js'
import { parseValue } from '../core/chain/parseValue.js'
import type { Field } from '../core/chain/typeDef.js'
import type { ChainEra } from '../core/chain/types.js'
import { typeText } from '../core/chain/typeText.js'
import { parseAccount } from '../core/keys/ss58.js'
import type { Context } from './context.js'
import { parseDestination, resolveDestination } from './destination.js'

/** Reads the text of one field: keys, arguments of calls and of runtime APIs. */
export async function fieldValue(
  ctx: Context,
  { runtime, era }: { readonly runtime: Runtime; readonly era: ChainEra },
  pallet: string,
  [name, type, label]: Field,
  text: string,
): Promise<unknown> {
  const { types } = runtime.description
  const account = async (written: string) =>
    (await resolveDestination(ctx, parseDestination(written))).address
  // Older runtime APIs take accounts as bytes.
  if (label === 'account' && typeof type !== 'number') {
    const keys = await Promise.all(text.split(',').map(async (one) => account(one.trim())))
    const bytes = keys.map((address) => parseAccount(address).publicKey)
    return type.kind === 'vec' ? bytes : type.kind === 'account' ? keys[0] : bytes[0]
  }
  return parseValue({ types, era, account }, type, text, { pallet, name, label })
}

/** The type of a field for help and questions: `amount_staked: TaoCurrency`. */
export function fieldTypeText({ description }: Runtime, [, type, label]: Field): string {
  const plain = typeText(description.types, type)
  if (label === undefined || /[<:]/.test(label)) return plain
  return label === 'account' ? 'AccountId' : label
}

/** Plain values as they are, structures as indented JSON. */
export function humanText(value: HumanValue): string {
  if (value === null) return 'none'
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : `${value}`
}

/** A value within one line. */
export function humanLine(value: HumanValue): string {
  if (value === null) return 'none'
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`
}
