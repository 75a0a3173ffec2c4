/** Looks calls up by name and says what they cost. */
import {
  type Call,
  type CallDef,
  type Cost,
  cost,
  type DispatchClassName,
  type Pallet,
} from './pallet.js'
import type { DispatchInfoValue } from './types.js'

export type CallBook = {
  pallets(): readonly Pallet[]
  find(call: Call): CallDef | undefined
  /** The declaration of a call that exists. */
  definition(call: Call): CallDef
  /** Declared weight, that of nested calls included. */
  costOf(call: Call): Cost
  /** Whether a transaction may be that heavy and that long, in bytes. */
  fits(call: Call, length: number): boolean
  /** Weight, class and whether the call pays; `pays` overrides what is declared. */
  dispatchInfo(call: Call, pays?: boolean): DispatchInfoValue
  /** Picoseconds that every extrinsic costs besides its call. */
  baseExtrinsic(): bigint
}

/** The book of a runtime's calls. */
export function createCallBook(pallets: () => readonly Pallet[]): CallBook {
  const find = (call: Call) =>
    pallets().find((pallet) => pallet.name === call.pallet)?.calls[call.name]
  const definition = (call: Call): CallDef => {
    const found = find(call)
    if (!found) throw new Error(`the runtime has no call ${call.pallet}.${call.name}`)
    return found
  }
  const costOf = (call: Call): Cost => {
    const { weight = cost(0) } = definition(call)
    return typeof weight === 'function' ? weight(call.args, costOf) : weight
  }
  const classOf = (call: Call): DispatchClassName => {
    const declared = definition(call).class ?? 'Normal'
    if (declared === 'of the call') return classOf(call.args['call'] as Call)
    if (declared !== 'of all calls') return declared
    const calls = call.args['calls'] as Call[]
    return calls.every((one) => classOf(one) === 'Operational') ? 'Operational' : 'Normal'
  }
  const systemConstant = (name: string): unknown =>
    pallets().find((pallet) => pallet.name === 'System')?.constants[name]?.value
  const weights = () => systemConstant('BlockWeights') as BlockWeightsValue
  const lengths = () => systemConstant('BlockLength') as BlockLengthValue
  return {
    pallets,
    find,
    definition,
    costOf,
    fits(call, length) {
      const key = CLASS_KEYS[classOf(call)]
      if (length > lengths().max[key]) return false
      const { max_extrinsic: most } = weights().per_class[key]
      const { refTime, proofSize } = costOf(call)
      return !most || (refTime <= most.ref_time && proofSize <= most.proof_size)
    },
    dispatchInfo(call, pays = definition(call).pays) {
      const weight = costOf(call)
      return {
        weight: { ref_time: weight.refTime, proof_size: weight.proofSize },
        class: { type: classOf(call) },
        pays_fee: { type: pays ? 'Yes' : 'No' },
      }
    },
    baseExtrinsic: () => weights().per_class.normal.base_extrinsic.ref_time,
  }
}

const CLASS_KEYS = {
  Normal: 'normal',
  Operational: 'operational',
  Mandatory: 'mandatory',
} as const

type LimitWeight = { ref_time: bigint; proof_size: bigint }
type ClassLimits = { base_extrinsic: LimitWeight; max_extrinsic?: LimitWeight }
type ClassKey = (typeof CLASS_KEYS)[DispatchClassName]
type BlockWeightsValue = { per_class: Record<ClassKey, ClassLimits> }
type BlockLengthValue = { max: Record<ClassKey, number> }
