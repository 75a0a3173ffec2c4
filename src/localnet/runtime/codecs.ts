/** The types that list every pallet: calls, events and event records of a whole runtime. */
import type { Call, DispatchError, Pallet, RuntimeEvent } from './pallet.js'
import type { EventRecord } from './pallets/system.js'
import {
  H256,
  later,
  type ScaleType,
  struct,
  type Variant,
  type VariantCase,
  variant,
  vec,
} from './scale.js'
import { Phase } from './types.js'

/** The RuntimeCall type; the pallets are asked for late because some of them nest it. */
export function callTypeOf(pallets: () => readonly Pallet[]): ScaleType<Call> {
  const outer = variant(() => outerCases(pallets(), 'call'), {
    path: ['node_subtensor_runtime', 'RuntimeCall'],
  })
  return {
    ...outer,
    codec: {
      enc: ({ pallet, name, args }) =>
        outer.codec.enc({ type: pallet, value: { type: name, value: emptyless(args) } }),
      dec(source) {
        const { type, value } = outer.codec.dec(source)
        const inner = value as Variant
        return { pallet: type, name: inner.type, args: (inner.value ?? {}) as Call['args'] }
      },
    },
  }
}

/** A call without arguments has no fields to encode. */
const emptyless = (args: Call['args']) => (Object.keys(args).length === 0 ? undefined : args)

/** The RuntimeEvent type. */
export function eventTypeOf(pallets: () => readonly Pallet[]): ScaleType<RuntimeEvent> {
  const outer = variant(() => outerCases(pallets(), 'event'), {
    path: ['node_subtensor_runtime', 'RuntimeEvent'],
  })
  return {
    ...outer,
    codec: {
      enc: ({ pallet, name, value }) =>
        outer.codec.enc({ type: pallet, value: { type: name, value } }),
      dec(source) {
        const { type, value } = outer.codec.dec(source)
        const inner = value as Variant
        return { pallet: type, name: inner.type, value: inner.value }
      },
    },
  }
}

/** The type of one entry of `System.Events`. */
export function eventRecordOf(event: ScaleType<RuntimeEvent>): ScaleType<EventRecord> {
  return struct(
    { phase: Phase, event: later(() => event, event), topics: vec(H256) },
    {
      path: ['frame_system', 'EventRecord'],
      params: [
        { name: 'E', type: event },
        { name: 'T', type: H256 },
      ],
      typeNames: { phase: 'Phase', event: 'E', topics: 'Vec<T>' },
    },
  ) as ScaleType<EventRecord>
}

function outerCases(
  pallets: readonly Pallet[],
  kind: 'call' | 'event',
): Record<string, VariantCase> {
  const cases: Record<string, VariantCase> = {}
  for (const pallet of pallets) {
    const inner = kind === 'call' ? palletCallType(pallet) : palletEventType(pallet)
    if (inner) {
      cases[pallet.name] = {
        index: pallet.index,
        fields: [inner],
        typeNames: [inner.path.join('::')],
      }
    }
  }
  return cases
}

const phantoms = (names: readonly string[]) => names.map((name) => ({ name, type: undefined }))

const callTypes = new WeakMap<Pallet, ScaleType<Variant>>()
const eventTypes = new WeakMap<Pallet, ScaleType<Variant>>()

/** The enum of a pallet's calls, undefined without calls; always the same object for the same pallet. */
export function palletCallType(pallet: Pallet): ScaleType<Variant> | undefined {
  if (Object.keys(pallet.calls).length === 0) return undefined
  const known = callTypes.get(pallet)
  if (known) return known
  const cases = () =>
    Object.fromEntries(
      Object.entries(pallet.calls).map(([name, { index, args, typeNames }]) => [
        name,
        { index, fields: Object.keys(args).length === 0 ? [] : args, ...names(typeNames) },
      ]),
    )
  const type = variant(cases, {
    path: [...pallet.crate.split('::'), 'pallet', 'Call'],
    params: phantoms(pallet.generics.call),
  })
  callTypes.set(pallet, type)
  return type
}

/** The enum of a pallet's events, undefined without events; always the same object for the same pallet. */
export function palletEventType(pallet: Pallet): ScaleType<Variant> | undefined {
  if (Object.keys(pallet.events).length === 0) return undefined
  const known = eventTypes.get(pallet)
  if (known) return known
  const cases = () =>
    Object.fromEntries(
      Object.entries(pallet.events).map(([name, { index, fields, typeNames }]) => [
        name,
        { index, fields, ...names(typeNames) },
      ]),
    )
  const type = variant(cases, {
    path: [...pallet.crate.split('::'), 'pallet', 'Event'],
    params: phantoms(pallet.generics.event),
  })
  eventTypes.set(pallet, type)
  return type
}

/** The enum of a pallet's errors, undefined without errors. */
export function palletErrorType(pallet: Pallet): ScaleType<Variant> | undefined {
  if (Object.keys(pallet.errors).length === 0) return undefined
  const cases = () =>
    Object.fromEntries(Object.entries(pallet.errors).map(([name, index]) => [name, { index }]))
  return variant(cases, {
    path: [...pallet.crate.split('::'), 'pallet', 'Error'],
    params: phantoms(pallet.generics.error),
  })
}

function names(typeNames: readonly (string | undefined)[] | undefined) {
  return typeNames ? { typeNames } : {}
}

/** A dispatch error in the form that events carry. */
export function errorVariant(error: DispatchError, pallets: readonly Pallet[]): Variant {
  if (error.kind === 'other') return { type: error.type }
  if (error.kind !== 'module') {
    const type = error.kind === 'token' ? 'Token' : 'Arithmetic'
    return { type, value: { type: error.error } }
  }
  const pallet = pallets.find((one) => one.name === error.pallet)
  const variantIndex = pallet?.errors[error.error]
  if (!pallet || variantIndex === undefined) {
    throw new Error(`the runtime has no error ${error.pallet}.${error.error}`)
  }
  const code = variantIndex.toString(16).padStart(2, '0')
  return { type: 'Module', value: { index: pallet.index, error: `0x${code}000000` } }
}
