/** Types of chain data as plain JSON: what the codec walks, what the metadata cache stores, what layouts are written in. */

/** A type: an index into the runtime's type table, or the definition itself. */
export type TypeRef = number | TypeDef

/** A named field of a struct. `label` is what the runtime's source calls the type: `TaoCurrency` where the bytes are a u64. */
export type Field = readonly [name: string, type: TypeRef, label?: string]

/** One case of a variant; unnamed fields are called `0`, `1`, … */
export type VariantCase = {
  readonly name: string
  readonly index: number
  readonly named: boolean
  readonly fields: readonly Field[]
}

/** How bytes on the chain are laid out. */
export type TypeDef =
  | { readonly kind: 'bool' | 'str' | 'char' | 'bytes' | 'account' }
  | { readonly kind: 'bits' }
  /** Little-endian integer. */
  | { readonly kind: 'uint' | 'int'; readonly bytes: number }
  /** Compact integer; `bytes` is the width of the integer inside. */
  | { readonly kind: 'compact'; readonly bytes: number }
  | { readonly kind: 'fixedBytes'; readonly length: number }
  | { readonly kind: 'vec'; readonly of: TypeRef }
  | { readonly kind: 'option'; readonly of: TypeRef }
  | { readonly kind: 'array'; readonly of: TypeRef; readonly length: number }
  | { readonly kind: 'tuple'; readonly of: readonly TypeRef[] }
  /** `name` is the type's own; `fraction` is set for a fixed-point number: so many of its bits stand behind the point. */
  | {
      readonly kind: 'struct'
      readonly fields: readonly Field[]
      readonly name?: string
      readonly fraction?: number
    }
  | { readonly kind: 'variant'; readonly cases: readonly VariantCase[]; readonly name?: string }
  /** MultiAddress: written and read as the plain address wherever it is one. */
  | { readonly kind: 'address'; readonly cases: readonly VariantCase[] }
  /** RuntimeCall: one case per pallet, whose field is the variant of that pallet's calls. */
  | { readonly kind: 'call'; readonly cases: readonly VariantCase[] }

export const bool: TypeDef = { kind: 'bool' }
export const bytes: TypeDef = { kind: 'bytes' }
export const account: TypeDef = { kind: 'account' }
export const u8: TypeDef = { kind: 'uint', bytes: 1 }
export const u16: TypeDef = { kind: 'uint', bytes: 2 }
export const u32: TypeDef = { kind: 'uint', bytes: 4 }
export const u64: TypeDef = { kind: 'uint', bytes: 8 }
export const u128: TypeDef = { kind: 'uint', bytes: 16 }
export const c8: TypeDef = { kind: 'compact', bytes: 1 }
export const c16: TypeDef = { kind: 'compact', bytes: 2 }
export const c64: TypeDef = { kind: 'compact', bytes: 8 }
export const c128: TypeDef = { kind: 'compact', bytes: 16 }

/** `Vec<T>`. */
export function vec(of: TypeRef): TypeDef {
  return { kind: 'vec', of }
}

/** `Option<T>`. */
export function option(of: TypeRef): TypeDef {
  return { kind: 'option', of }
}

export function tuple(...of: readonly TypeRef[]): TypeDef {
  return { kind: 'tuple', of }
}

/** A struct from an object of field types in wire order. */
export function struct(fields: Readonly<Record<string, TypeRef>>): TypeDef {
  return { kind: 'struct', fields: Object.entries(fields) }
}
