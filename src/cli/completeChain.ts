/** Completion over the parts of a runtime. */
import { type CallableMethod, callableMethods } from '../core/chain/apiCall.js'
import { resolve } from '../core/chain/decode.js'
import { capabilitiesOf, eraOfDescription, type Runtime } from '../core/chain/description.js'
import type { TypeRef } from '../core/chain/typeDef.js'
import { sameName } from '../core/config.js'
import { calls, constants, findNamed, storageItems } from './chainNames.js'
import { fieldTypeText } from './chainValues.js'
import type { Candidate } from './complete.js'

/** `Owner.name` of everything that a command can be asked about; nothing while no runtime was seen. */
export async function chainWords(command: string, runtime: Runtime | undefined): Promise<string[]> {
  if (!runtime) return []
  return Object.entries(thingsOf(command, runtime)).flatMap(([owner, things]) =>
    Object.keys(things).map((name) => `${owner}.${name}`),
  )
}

function thingsOf(
  command: string,
  runtime: Runtime,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { description } = runtime
  switch (command) {
    case 'query':
      return storageItems.all(description)
    case 'const':
      return constants.all(description)
    case 'tx':
    case 'multisig_approve':
    case 'multisig_execute':
    case 'multisig_cancel':
      return calls.all(description)
    default: {
      const { hasRuntimeApi } = capabilitiesOf(() => runtime)
      return callableMethods(runtime, eraOfDescription(description), hasRuntimeApi)
    }
  }
}

/** What can be offered for a value: these words, or accounts or subnets that this machine knows. */
export type Offer = { readonly words: readonly string[] } | 'account' | 'netuid'

/** What an argument of a call can be. */
export function argumentOffer(runtime: Runtime, call: string, argument: string): Offer {
  const { fields } = findNamed(runtime, calls, call).found
  const field = fields.find(([name]) => sameName(name) === sameName(argument))
  return field ? offerFor(runtime, field[1], /netuid/.test(field[0])) : { words: [] }
}

/** What the next key of a storage item, or the next argument of a runtime API, can be. */
export function wordOffer(
  command: string,
  runtime: Runtime,
  { name, index }: { readonly name: string; readonly index: number },
): Offer {
  if (command === 'query') {
    const key = findNamed(runtime, storageItems, name).found.keys[index]
    // Keys have no names; a short number in front is a subnet in every item of SubtensorModule.
    return key ? offerFor(runtime, key.type, index === 0 && isShort(runtime, key.type)) : NOTHING
  }
  const [trait = '', method = ''] = name.split('.')
  const things = thingsOf(command, runtime)[trait] as Readonly<Record<string, CallableMethod>>
  const field = things?.[method]?.inputs[index]
  return field ? offerFor(runtime, field[1] as TypeRef, /netuid/.test(field[0])) : NOTHING
}

const NOTHING: Offer = { words: [] }

function isShort({ description }: Runtime, type: TypeRef): boolean {
  const def = resolve(description.types, type)
  return def.kind === 'uint' && def.bytes === 2
}

function offerFor(runtime: Runtime, type: TypeRef, isNetuid: boolean): Offer {
  const def = resolve(runtime.description.types, type)
  if (isNetuid) return 'netuid'
  switch (def.kind) {
    case 'account':
    case 'address':
      return 'account'
    case 'bool':
      return { words: ['true', 'false'] }
    case 'variant':
      return { words: def.cases.map(({ name }) => name) }
    case 'option': {
      const inner = offerFor(runtime, def.of, false)
      return typeof inner === 'string' ? inner : { words: [...inner.words, 'none'] }
    }
    case 'vec':
      return offerFor(runtime, def.of, false)
    default:
      return NOTHING
  }
}

/** The arguments of a call as options, their types as descriptions. */
export function callArguments(runtime: Runtime, call: string): Candidate[] {
  return findNamed(runtime, calls, call).found.fields.map((field) => ({
    value: `--${field[0]}`,
    description: fieldTypeText(runtime, field),
  }))
}
