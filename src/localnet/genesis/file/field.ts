/** Reading a document field by field: every error names the place. */
import { BittensorError } from '../../../core/errors.js'
import { keypairFromUri } from '../../../core/keys/keypair.js'
import { parseAccount } from '../../../core/keys/ss58.js'
import { parseTao } from '../../../core/units.js'
import { DEV_PATHS, devAccount } from '../devKeys.js'

/** A value of the document and where it stands: `subnets[0].owner`. */
export type Field = { readonly value: unknown; readonly path: string }

/** The document is not what the format says. */
export function wrong({ path }: Pick<Field, 'path'>, why: string): BittensorError {
  return new BittensorError('USAGE', `the genesis file is wrong at ${path || 'the top'}: ${why}`, {
    hint: 'docs/localnet-genesis.md describes the format',
  })
}

/** Whether the field is there at all. */
export const isGiven = ({ value }: Field): boolean => value !== undefined && value !== null

/** A mapping whose keys are among the names; a key that is not known is an error, not ignored. */
export function record<const N extends string>(
  field: Field,
  names: readonly N[],
): { readonly [K in N]: Field } {
  const found = mapping(field)
  for (const key of found.keys()) {
    if (!(names as readonly string[]).includes(key)) {
      throw wrong(field, `there is no field ${key}: use ${names.join(', ')}`)
    }
  }
  const at = (name: N) => found.get(name) ?? { value: undefined, path: join(field.path, name) }
  return Object.fromEntries(names.map((name) => [name, at(name)])) as { [K in N]: Field }
}

/** A mapping with any keys. */
export function mapping(field: Field): Map<string, Field> {
  const { value, path } = field
  if (value === undefined || value === null) return new Map()
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong(field, 'it must be a mapping')
  return new Map(
    Object.entries(value).map(([key, one]) => [key, { value: one, path: join(path, key) }]),
  )
}

/** A list; none where nothing is given. */
export function list(field: Field): Field[] {
  const { value, path } = field
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw wrong(field, 'it must be a list')
  return value.map((one, i) => ({ value: one, path: `${path}[${i}]` }))
}

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`)

/** A whole number in a range. */
export function whole(field: Field, from: number, to: number): number {
  const { value } = field
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) {
    return value
  }
  throw wrong(field, `it must be a whole number from ${from} to ${to}`)
}

/** τ as a number or as text, in RAO. */
export function tao(field: Field): bigint {
  const { value } = field
  if (typeof value === 'number' || typeof value === 'string') {
    try {
      return parseTao(`${value}`)
    } catch {
      // Says the same as for any other value.
    }
  }
  throw wrong(field, 'it must be an amount of τ with at most 9 decimals')
}

/** A part between 0 and 1 as a part of 65535. */
export function part(field: Field): number {
  const { value } = field
  if (typeof value === 'number' && value >= 0 && value <= 1) return Math.floor(value * 65_535)
  throw wrong(field, 'it must be a part from 0 to 1')
}

const known = new Map<string, string>(DEV_PATHS.map((path) => [path, devAccount(path)]))

/** An account as an address, a public key in hex, or a development URI such as `//Alice//miner1`. */
export async function account(field: Field): Promise<string> {
  const { value } = field
  if (typeof value !== 'string') throw wrong(field, 'an account is missing')
  const found = known.get(value)
  if (found !== undefined) return found
  try {
    const { publicKey } = value.startsWith('//') ? await keypairFromUri(value) : parseAccount(value)
    const hex = `0x${Buffer.from(publicKey).toString('hex')}`
    known.set(value, hex)
    return hex
  } catch {
    throw wrong(
      field,
      `\`${value}\` is no account: write an address, a public key or a development URI such as //Alice`,
    )
  }
}
