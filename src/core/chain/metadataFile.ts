/** Metadata from files: SCALE bytes, or their hex as text, gzip-compressed or not. */
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { BittensorError, fileReason } from '../errors.js'
import { fromHex } from '../keys/hex.js'
import type { Description } from './description.js'

const MAGIC = 'meta'

/** @throws {BittensorError} `USAGE` when the file can not be read or is no metadata */
export async function readMetadataFile(path: string): Promise<Uint8Array> {
  const content = await readFile(path).catch((cause: unknown) => {
    throw new BittensorError('USAGE', `cannot read ${path}: ${fileReason(cause)}`, { cause })
  })
  const zipped = content[0] === 0x1f && content[1] === 0x8b
  const plain = zipped ? unzipped(content) : content
  if (plain?.subarray(0, 4).toString('latin1') === MAGIC) return plain
  const bytes = fromHex(plain?.toString('latin1').trim() ?? '')
  if (bytes && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === MAGIC) return bytes
  throw new BittensorError('USAGE', `${path} is no metadata`, {
    details: 'SCALE bytes or their hex are expected, as state_getMetadata answers them',
  })
}

function unzipped(content: Buffer): Buffer | undefined {
  try {
    return gunzipSync(content, { maxOutputLength: 64 * 2 ** 20 })
  } catch {
    return undefined
  }
}

/** Describes metadata that somebody else made. @throws {BittensorError} `USAGE` when it does not decode */
export async function describeMetadata(metadata: Uint8Array, path: string): Promise<Description> {
  const { describe } = await import('./describe.js')
  try {
    return describe(metadata)
  } catch (cause) {
    throw new BittensorError('USAGE', `the metadata in ${path} does not decode`, { cause })
  }
}

/** The spec version that metadata states in its constant System.Version, undefined if it has none. */
export async function specVersionIn(description: Description): Promise<number | undefined> {
  const { decode } = await import('./decode.js')
  const constant = description.pallets['System']?.constants['Version']
  const bytes = constant && fromHex(constant.value)
  if (!bytes) return undefined
  const version = decode(description.types, constant.type, bytes)
  const spec = (version as { readonly spec_version?: unknown } | undefined)?.spec_version
  return typeof spec === 'number' ? spec : undefined
}
