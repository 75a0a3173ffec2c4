/** Signs calls, and asks what they would cost. */
import type { ApiPromise } from '@polkadot/api'
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import type { Keypair } from '../keys/keypair.js'
import { decodeAddress, type Ss58 } from '../keys/ss58.js'
import { type Rao, rao } from '../units.js'
import { buildCall } from './calls.js'
import { decodeFrom, reader } from './decode.js'
import { concat, littleEndian } from './encode.js'
import { encodeEra, mortalEra } from './era.js'
import { extrinsicHash, type SigningContext, signedExtrinsic, signingPayload } from './extrinsic.js'
import type { BlockRef, Call, ChainClient, Hex, SignedTransaction, SignOptions } from './types.js'

/** Blocks a transaction stays valid unless told otherwise: about 13 minutes. */
const DEFAULT_PERIOD = 64

/**
 * Signs a call for the account's next nonce, valid for `era` blocks from a block that will not be undone.
 * @throws {BittensorError} `RUNTIME_UNSUPPORTED` when an upgrade changed the call; `CONNECTION`, `TIMEOUT`. Nothing is sent.
 */
export async function signTransaction(
  client: ChainClient,
  options: SignOptions,
): Promise<SignedTransaction> {
  const { signer } = options
  const [call, context, api] = await Promise.all([
    currentCall(client, options.call),
    signingContext(client, signer.address, options),
    // Loading it takes as long as the questions to the node.
    client.encoder() as Promise<ApiPromise>,
  ])
  // An upgrade may have been noticed meanwhile.
  return signPrepared(await currentEncoder(client, api), call.data, {
    context: { ...context, runtime: client.runtime },
    signer,
  })
}

async function currentEncoder(client: ChainClient, api: ApiPromise): Promise<ApiPromise> {
  return api.runtimeVersion.specVersion.toNumber() === client.specVersion
    ? api
    : (client.encoder() as Promise<ApiPromise>)
}

/**
 * Everything besides the call that a signature of an account will cover, as the chain is now.
 * @throws {BittensorError} `CONNECTION`, `TIMEOUT`
 */
export async function signingContext(
  client: ChainClient,
  from: Ss58,
  options: Pick<SignOptions, 'era' | 'anchor' | 'tip' | 'nonce'>,
): Promise<SigningContext> {
  const { tip = 0n, era: period = DEFAULT_PERIOD } = options
  const [anchor, nonce] = await Promise.all([
    options.anchor ?? eraAnchor(client, period),
    options.nonce ?? readNextNonce(client, from),
  ])
  const era = mortalEra(anchor.number, period)
  const eraHash =
    era.birth === anchor.number
      ? anchor.hash
      : String(await client.request('chain_getBlockHash', [era.birth]))
  const { runtime, genesisHash } = client
  return { runtime, genesisHash, era, eraHash: eraHash as Hex, nonce, tip }
}

/**
 * Signs by @polkadot/api, and only if our own codec, which shares no code with it, makes the same payload and the
 * same bytes: a wrong encoding must never reach a chain where it means something else.
 */
export function signPrepared(
  api: ApiPromise,
  call: Hex,
  { context, signer }: { readonly context: SigningContext; readonly signer: Keypair },
): SignedTransaction {
  const payload = signingPayload(call, context)
  let signature = new Uint8Array()
  const account = {
    address: signer.address,
    addressRaw: signer.publicKey,
    publicKey: signer.publicKey,
    sign(message: Uint8Array) {
      if (!sameBytes(message, payload)) throw disagreement(context)
      signature = Uint8Array.from(signer.sign(payload))
      return concat([Uint8Array.of(signer.cryptoType === 'sr25519' ? 1 : 0), signature])
    },
  }
  const { era, eraHash, genesisHash, nonce, tip, metadataHash, runtime } = context
  const extrinsic = api.registry.createType('Extrinsic', {
    method: api.registry.createType('Call', call),
  })
  extrinsic.sign(account as never, {
    blockHash: eraHash,
    era: api.registry.createType('ExtrinsicEra', encodeEra(era)),
    genesisHash,
    nonce,
    runtimeVersion: api.runtimeVersion,
    tip,
    ...(metadataHash === undefined ? {} : { mode: 1, metadataHash }),
  })
  const bytes = signedExtrinsic(call, context, signer, signature)
  if (!sameBytes(extrinsic.toU8a(), bytes)) throw disagreement(context)
  return {
    hash: extrinsicHash(bytes),
    bytes: toHex(bytes) as Hex,
    nonce,
    era,
    from: signer.address,
    genesisHash,
    specVersion: runtime.version.specVersion,
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function disagreement({ runtime }: SigningContext): BittensorError {
  return new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this transaction can not be encoded safely for spec ${runtime.version.specVersion}`,
    { details: 'two independent encoders made different bytes of it; nothing was sent' },
  )
}

/** The nonce after all transactions of the account, those that wait in the node's pool included. */
export async function readNextNonce(client: ChainClient, address: Ss58): Promise<number> {
  const nonce = await client.request('system_accountNextIndex', [address])
  if (typeof nonce === 'number') return nonce
  throw new BittensorError('CONNECTION', 'the node does not tell the next number of this account')
}

/** The call as the runtime of this moment encodes it: an upgrade may have come between preview and signature. */
async function currentCall(client: ChainClient, call: Call): Promise<Call> {
  await client.refreshRuntime()
  if (call.specVersion === client.specVersion) return call
  const again = rebuilt(client, call)
  const isGone = again instanceof BittensorError
  if (!isGone && again.data === call.data) return again
  const why = isGone ? [again.message] : []
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `the chain was upgraded to spec ${client.specVersion} in this moment, and ${call.pallet}.${call.name} changed`,
    {
      details: [...why, 'nothing was sent'].join('\n'),
      hint: 'run the command again to see it as it is now',
    },
  )
}

/** The same call for the runtime of now, or why that does not take it: it has no such call, or wants other arguments. */
function rebuilt(client: ChainClient, { pallet, name, args }: Call): Call | BittensorError {
  try {
    return buildCall(client, pallet, name, args)
  } catch (error) {
    if (error instanceof BittensorError) return error
    throw error
  }
}

/** A finalized block if it is near, so that no reorganization can void the era; else the newest one. */
async function eraAnchor(client: ChainClient, period: number): Promise<BlockRef> {
  const [best, finalized] = await Promise.all([client.head(), client.finalizedHead()])
  return best.number - finalized.number <= period / 4 ? finalized : best
}

/**
 * What the node says the call will cost, in RAO.
 * @param from the account that would sign; no key is needed
 * @throws {BittensorError} `CONNECTION` when the node does not answer an amount; never a made-up number
 */
export async function estimateFee(client: ChainClient, call: Call, from: Ss58): Promise<Rao> {
  const { bytes, argument } = await asIfSigned(client, call, from)
  const fee = await client
    .request('state_call', [QUERY_INFO, toHex(argument)])
    .then(partialFee, (error: unknown) => queryInfo(client, bytes, error))
  if (fee !== undefined) return rao(fee)
  throw new BittensorError('CONNECTION', 'the node does not tell the fee')
}

const QUERY_INFO = 'TransactionPaymentApi_query_info'

/** The call as a transaction of the account, with a signature that nobody made. */
async function asIfSigned(
  client: ChainClient,
  call: Call,
  from: Ss58,
): Promise<{ readonly bytes: Uint8Array; readonly argument: Uint8Array }> {
  const nonce = await readNextNonce(client, from)
  const { runtime, genesisHash } = client
  const era = { period: DEFAULT_PERIOD, birth: 0, death: DEFAULT_PERIOD - 1 }
  const context = { runtime, genesisHash, era, eraHash: genesisHash, nonce, tip: 0n }
  const signer = { publicKey: decodeAddress(from), cryptoType: 'sr25519' as const }
  const bytes = signedExtrinsic(call.data, context, signer, new Uint8Array(64).fill(1))
  return { bytes, argument: concat([bytes, littleEndian(BigInt(bytes.length), 4)]) }
}

/** How much of a block a call takes: picoseconds, and bytes of proof. */
export type Weight = { readonly ref_time: bigint; readonly proof_size: bigint }

/**
 * What the node says the call takes of a block: at least what it takes inside another call.
 * @throws {BittensorError} `CONNECTION` when the node does not tell, `RUNTIME_UNSUPPORTED` when it can not
 */
export async function estimateWeight(client: ChainClient, call: Call, from: Ss58): Promise<Weight> {
  const { argument } = await asIfSigned(client, call, from)
  const answer = await client.request('state_call', [QUERY_INFO, toHex(argument)])
  const weight = weightIn(typeof answer === 'string' ? fromHex(answer) : undefined)
  if (weight) return weight
  throw new BittensorError('CONNECTION', 'the node does not tell the weight of the call')
}

/** What comes before class (1 byte) and fee (8): two compact numbers on all runtimes with multisigs. */
function weightIn(bytes: Uint8Array | undefined): Weight | undefined {
  if (!bytes || bytes.length < 11) return undefined
  const from = reader(bytes.subarray(0, -9))
  const numberOf = () => BigInt(String(decodeFrom([], { kind: 'compact', bytes: 8 }, from)))
  const two = { ref_time: numberOf(), proof_size: numberOf() }
  return from.at === bytes.length - 9 ? two : undefined
}

/** RuntimeDispatchInfo: a weight whose form changed over time, a class, and in the last 8 bytes the fee (u64). */
function partialFee(answer: unknown): bigint | undefined {
  const bytes = typeof answer === 'string' ? fromHex(answer) : undefined
  if (!bytes || bytes.length < 9) return undefined
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(bytes.length - 8, true)
}

async function queryInfo(
  client: ChainClient,
  bytes: Uint8Array,
  error: unknown,
): Promise<bigint | undefined> {
  if (!(error instanceof BittensorError) || error.code !== 'RUNTIME_UNSUPPORTED') throw error
  const answer = await client.request('payment_queryInfo', [toHex(bytes)])
  const fee = (answer as { readonly partialFee?: unknown } | null)?.partialFee
  return typeof fee === 'string' || typeof fee === 'number' ? BigInt(fee) : undefined
}
