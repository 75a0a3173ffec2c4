/**
 * Signing on a machine without network: a file with everything that a signature covers and what is needed to read it
 * (the runtime's metadata), and a file with what was signed. Neither holds a secret.
 */
import { readFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { writeFileAtomic } from './atomicFile.js'
import { decodeAs } from './chain/decodeAny.js'
import type { Description, Runtime } from './chain/description.js'
import { createEncoder } from './chain/encoder.js'
import type { SigningContext } from './chain/extrinsic.js'
import { extrinsicHash } from './chain/extrinsic.js'
import { describeMetadata, specVersionIn } from './chain/metadataFile.js'
import { hasMetadataHash, metadataDigest, TAO_TOKEN } from './chain/metadataHash.js'
import { signPrepared } from './chain/sign.js'
import type { DecodedCall, Era, Hex, SignedTransaction } from './chain/types.js'
import { BittensorError, fileReason } from './errors.js'
import { fromHex, toHex } from './keys/hex.js'
import type { Keypair } from './keys/keypair.js'
import { decodeAddress, type Ss58 } from './keys/ss58.js'

/** One transaction that waits for its signature. */
export type UnsignedTransaction = {
  readonly call: Hex
  readonly nonce: number
  readonly era: Era | 'immortal'
  /** Hash of the era's first block. */
  readonly eraHash: Hex
  readonly tip: bigint
}

/** The file that `--unsigned` writes. */
export type UnsignedFile = {
  /** What the other machine called the network; the chain is told by its genesis block. */
  readonly network: string
  readonly genesisHash: Hex
  readonly specName: string
  readonly specVersion: number
  readonly transactionVersion: number
  readonly ss58Format: number
  /** Who has to sign. */
  readonly account: Ss58
  /** The command that wrote it: `transfer`. */
  readonly command: string
  /** Digest that the signature will vouch for; absent where the runtime knows none. */
  readonly metadataHash: Hex | undefined
  readonly transactions: readonly UnsignedTransaction[]
  /** SCALE metadata of the runtime. */
  readonly metadata: Hex
}

/** The file that `sign_tx` writes. */
export type SignedFile = Pick<
  UnsignedFile,
  'network' | 'genesisHash' | 'specVersion' | 'account' | 'command'
> & { readonly transactions: readonly SignedTransaction[] }

const UNSIGNED = 'bittensor unsigned transactions 1'
const SIGNED = 'bittensor signed transactions 1'

/** Writes the file, readable by its owner only. */
export async function writeUnsigned(path: string, file: UnsignedFile): Promise<void> {
  const { metadata, transactions, metadataHash, ...rest } = file
  const bytes = fromHex(metadata) ?? new Uint8Array()
  await write(path, {
    kind: UNSIGNED,
    ...rest,
    metadataHash: metadataHash ?? null,
    transactions: transactions.map((one) => ({ ...one, tip: `${one.tip}` })),
    metadata: gzipSync(bytes).toString('base64'),
  })
}

export async function writeSigned(path: string, file: SignedFile): Promise<void> {
  await write(path, { kind: SIGNED, ...file })
}

async function write(path: string, content: object): Promise<void> {
  try {
    await writeFileAtomic(path, `${JSON.stringify(content, null, 1)}\n`)
  } catch (cause) {
    throw new BittensorError('USAGE', `cannot write ${path}`, { cause })
  }
}

type Json = Readonly<Record<string, unknown>>

async function read(path: string, kind: string, what: string): Promise<Json> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BittensorError('USAGE', `cannot read ${path}: ${fileReason(cause)}`, { cause })
  })
  const json = parsed(text)
  if (json?.['kind'] !== kind) throw new BittensorError('USAGE', `${path} is no file of ${what}`)
  return json
}

function parsed(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as Json) : undefined
  } catch {
    return undefined
  }
}

/** @throws {BittensorError} `USAGE` naming the field that is missing or wrong */
export async function readUnsigned(path: string): Promise<UnsignedFile> {
  const json = await read(path, UNSIGNED, 'unsigned transactions')
  const field = fieldReader(json, path)
  const packed = field.text('metadata')
  return {
    ...commonFields(field),
    specName: field.text('specName'),
    transactionVersion: field.number('transactionVersion'),
    ss58Format: field.number('ss58Format'),
    metadataHash: json['metadataHash'] === null ? undefined : field.hash('metadataHash'),
    transactions: field.list('transactions').map((one) => {
      const each = fieldReader(one, path)
      return {
        call: each.hex('call'),
        nonce: each.number('nonce'),
        era: each.era('era'),
        eraHash: each.hash('eraHash'),
        tip: BigInt(each.digits('tip')),
      }
    }),
    metadata: unpacked(packed, path),
  }
}

function unpacked(packed: string, path: string): Hex {
  try {
    const bytes = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: 64 * 2 ** 20 })
    return toHex(bytes) as Hex
  } catch (cause) {
    throw new BittensorError('USAGE', `${path} is damaged: metadata`, { cause })
  }
}

/**
 * Reads what was signed. Hashes are reckoned from the bytes.
 * @throws {BittensorError} `USAGE` naming the field that is missing or wrong
 */
export async function readSigned(path: string): Promise<SignedFile> {
  const field = fieldReader(await read(path, SIGNED, 'signed transactions'), path)
  const common = commonFields(field)
  const transactions = field.list('transactions').map((one): SignedTransaction => {
    const each = fieldReader(one, path)
    const bytes = each.hex('bytes')
    return {
      bytes,
      hash: extrinsicHash(fromHex(bytes) ?? new Uint8Array()),
      nonce: each.number('nonce'),
      era: each.era('era'),
      from: common.account,
      genesisHash: common.genesisHash,
      specVersion: common.specVersion,
    }
  })
  return { ...common, transactions }
}

function commonFields(field: ReturnType<typeof fieldReader>) {
  return {
    network: field.text('network'),
    genesisHash: field.hash('genesisHash'),
    specVersion: field.number('specVersion'),
    account: field.address('account'),
    command: field.text('command'),
  }
}

function fieldReader(json: Json, path: string) {
  const bad = (name: string) => new BittensorError('USAGE', `${path} is damaged: ${name}`)
  const check = <T>(name: string, fits: (value: unknown) => value is T): T => {
    const value = json[name]
    if (!fits(value)) throw bad(name)
    return value
  }
  const matching =
    (pattern: RegExp) =>
    (value: unknown): value is Hex =>
      typeof value === 'string' && pattern.test(value)
  const whole = (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
  return {
    text: (name: string) => check(name, (value): value is string => typeof value === 'string'),
    number: (name: string) => check(name, whole),
    digits: (name: string): string => check(name, matching(/^\d{1,20}$/)),
    hex: (name: string) => check(name, matching(/^0x([0-9a-f]{2})+$/)),
    hash: (name: string) => check(name, matching(/^0x[0-9a-f]{64}$/)),
    address(name: string): Ss58 {
      const text = check(name, (value): value is string => typeof value === 'string')
      decodeAddress(text)
      return text as Ss58
    },
    list: (name: string) =>
      check(name, (value): value is Json[] => Array.isArray(value) && value.length > 0),
    era(name: string): Era | 'immortal' {
      const value = json[name]
      if (value === 'immortal') return value
      const era = (value ?? {}) as Partial<Era>
      if (!whole(era.period) || !whole(era.birth) || !whole(era.death)) throw bad(name)
      return { period: era.period, birth: era.birth, death: era.death }
    },
  }
}

/** An unsigned file with the runtime that reads it. */
export type ReadableFile = {
  readonly file: UnsignedFile
  readonly runtime: Runtime
  readonly calls: readonly DecodedCall[]
  /**
   * Whether the chain makes sure that the transactions are what they are shown as: the signature covers the digest of the
   * metadata in the file.
   */
  readonly vouched: boolean
}

/**
 * Reads the calls of a file by the metadata in it, and checks that this is the metadata the signature will vouch for.
 * @throws {BittensorError} `USAGE` when anything in the file contradicts anything else
 */
export async function openUnsigned(path: string): Promise<ReadableFile> {
  const file = await readUnsigned(path)
  const bytes = fromHex(file.metadata) ?? new Uint8Array()
  const description = await describeMetadata(bytes, path)
  const spec = await specVersionIn(description)
  if (spec !== file.specVersion) {
    throw contradiction(path, `it says spec ${file.specVersion}, its metadata says ${spec}`)
  }
  if (file.metadataHash !== undefined) {
    const digest = await metadataDigest(file.metadata, TAO_TOKEN)
    if (digest !== file.metadataHash || !hasMetadataHash(description)) {
      throw contradiction(path, 'its metadata is not the one that the signature would vouch for')
    }
  }
  const { specName, specVersion, transactionVersion } = file
  const version = { specName, specVersion, implVersion: 0, transactionVersion, apis: [] }
  return {
    file,
    runtime: { version, description },
    calls: file.transactions.map(({ call }) => callOf(description, call, path)),
    vouched: file.metadataHash !== undefined,
  }
}

function callOf(description: Description, call: Hex, path: string): DecodedCall {
  try {
    const decoded = decodeAs(description, fromHex(call) ?? new Uint8Array(), 'call')
    if (decoded.kind === 'call') return decoded.call
  } catch (error) {
    if (!(error instanceof BittensorError)) throw error
  }
  throw contradiction(path, 'its metadata knows no such call')
}

function contradiction(path: string, why: string): BittensorError {
  return new BittensorError('USAGE', `${path} contradicts itself: ${why}`, {
    details: 'nothing was signed',
    hint: 'make the file again with --unsigned',
  })
}

/**
 * Signs all transactions of a file, without network.
 * @throws {BittensorError} `USAGE` when the key is not the one that has to sign, `RUNTIME_UNSUPPORTED` when two encoders
 * disagree about the bytes
 */
export async function signFile(
  { file, runtime }: ReadableFile,
  signer: Keypair,
): Promise<SignedFile> {
  if (signer.address !== file.account) {
    throw new BittensorError('USAGE', 'this key is not the one that has to sign', {
      details: `${file.account} has to sign, the key is ${signer.address}`,
    })
  }
  const { genesisHash, ss58Format, metadata, metadataHash } = file
  const encoder = await createEncoder({ runtime, metadata, genesisHash, ss58Format })
  const transactions = file.transactions.map(({ call, nonce, era, eraHash, tip }) => {
    const context: SigningContext = {
      runtime,
      genesisHash,
      era,
      eraHash,
      nonce,
      tip,
      ...(metadataHash === undefined ? {} : { metadataHash }),
    }
    return signPrepared(encoder, call, { context, signer })
  })
  const { network, specVersion, account, command } = file
  return { network, genesisHash, specVersion, account, command, transactions }
}
