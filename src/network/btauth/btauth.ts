/** btauth/1: signed HTTP requests as bittensor 11 makes them. The raw body, method and path are covered. */
import { createHash } from 'node:crypto'
import { createNonceSource, systemClock } from '../clock.js'
import type { SeenNonces } from '../nonces.js'
import { publicKeyOf } from '../signing/publicKey.js'
import type { SignatureScheme, Signer, Verifier } from '../signing/signer.js'
import { wrapped } from '../signing/signer.js'

/** What a signature covers. */
export type SignedRequest = {
  readonly scheme: SignatureScheme
  readonly method: string
  /** path and query exactly as sent */
  readonly target: string
  readonly body: Uint8Array
  /** wall clock in nanoseconds */
  readonly nonce: bigint
  readonly sender: string
  /** undefined: not bound to a receiver */
  readonly receiver: string | undefined
}

/** The text that is signed: eight lines, no newline at the end. */
export function btauthPayload(request: SignedRequest): string {
  return [
    'btauth/1',
    request.scheme,
    request.method.toUpperCase(),
    request.target,
    createHash('sha256').update(request.body).digest('hex'),
    request.nonce,
    request.sender,
    request.receiver ?? '-',
  ].join('\n')
}

const nextNonce = createNonceSource(systemClock, 'wall')

/**
 * Signs a request; the result is its headers. Every try needs a new nonce, so sign again before sending again.
 * @param options.target path and query exactly as they will be sent
 * @param options.receiver ss58 address of the one who may accept it; servers refuse requests without one by default
 * @param options.nonce wall clock in nanoseconds; by default the time, always later than the last
 * @example
 * const headers = await signRequest({ signer: hotkey, method: 'POST', target: '/generate', body, receiver })
 */
export async function signRequest(options: {
  signer: Signer
  method: string
  target: string
  body: Uint8Array
  nonce?: bigint | undefined
  receiver?: string | undefined
}): Promise<Record<string, string>> {
  const scheme = options.signer.cryptoType ?? 'sr25519'
  const nonce = options.nonce ?? nextNonce()
  const payload = btauthPayload({
    ...options,
    scheme,
    nonce,
    sender: options.signer.address,
    receiver: options.receiver,
  })
  const signature = await options.signer.sign(new TextEncoder().encode(payload))
  return {
    'X-Bittensor-Version': '1',
    'X-Bittensor-Hotkey': options.signer.address,
    'X-Bittensor-Nonce': nonce.toString(),
    'X-Bittensor-Signature': `0x${Buffer.from(signature).toString('hex')}`,
    ...(scheme === 'ed25519' ? { 'X-Bittensor-Crypto': scheme } : {}),
    ...(options.receiver === undefined ? {} : { 'X-Bittensor-Receiver': options.receiver }),
  }
}

/** What can be wrong with a signed request. */
export type BtauthProblem =
  | 'MalformedAuth'
  | 'WrongReceiver'
  | 'StaleRequest'
  | 'BadSignature'
  | 'ReplayedRequest'
  | 'StoreFull'

/**
 * A request whose signature does not hold; `problem` is the class name of bittensor 11.
 * @example
 * try {
 *   const caller = await verifyRequest(request)
 * } catch (error) {
 *   if (error instanceof BtauthError) response.writeHead(401).end(error.problem)
 * }
 */
export class BtauthError extends Error {
  override readonly name = 'BtauthError'
  readonly problem: BtauthProblem

  constructor(problem: BtauthProblem, message: string) {
    super(message)
    this.problem = problem
  }
}

/** What the receiver insists on. */
export type BtauthRules = {
  /** own address */
  readonly self: string
  /** refuse requests that are not bound to a receiver */
  readonly requireReceiver: boolean
  /** oldest nonce taken, 10 s in bittensor 11 */
  readonly maxAgeNs: bigint
  /** newest nonce taken, 2 s ahead in bittensor 11 */
  readonly maxAheadNs: bigint
}

export const BTAUTH_DEFAULTS = {
  requireReceiver: true,
  maxAgeNs: 10_000_000_000n,
  maxAheadNs: 2_000_000_000n,
} as const

/** Header values by lower-case name; a repeated header has several. */
export type HeaderValues = Readonly<Record<string, readonly string[] | undefined>>

/** The claim that the headers make, checked as far as it goes without the body. */
export type BtauthClaim = Omit<SignedRequest, 'body' | 'method' | 'target'> & {
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
}

const DECIMAL = /^\d{1,20}$/
const HEX = /^(0x)?(?:[0-9a-fA-F]{2})*$/

/**
 * Reads the headers and checks everything but the signature: cheap, and before the body is read.
 * @throws {BtauthError}
 */
export function readBtauthHeaders(
  headers: HeaderValues,
  rules: BtauthRules,
  nowNs: bigint,
): BtauthClaim {
  const header = (name: string) => single(headers, `X-Bittensor-${name}`)
  if (header('Version') !== '1') {
    throw malformed("missing or unsupported X-Bittensor-Version (expected '1')")
  }
  const sender = required(header('Hotkey'), 'Hotkey')
  const nonceText = required(header('Nonce'), 'Nonce')
  if (!DECIMAL.test(nonceText)) throw malformed('X-Bittensor-Nonce is not a decimal integer')
  const scheme = header('Crypto') ?? 'sr25519'
  if (scheme !== 'sr25519' && scheme !== 'ed25519')
    throw malformed('unsupported X-Bittensor-Crypto')
  const signatureText = required(header('Signature'), 'Signature')
  if (!HEX.test(signatureText)) throw malformed('X-Bittensor-Signature is not hex')
  const receiver = header('Receiver')
  checkReceiver(receiver, rules)
  const nonce = BigInt(nonceText)
  checkAge(nonce, rules, nowNs)
  const signature = Buffer.from(signatureText.replace(/^0x/, ''), 'hex')
  return { scheme, nonce, sender, receiver, signature, publicKey: keyOf(sender, signature) }
}

function single(headers: HeaderValues, name: string): string | undefined {
  const values = headers[name.toLowerCase()]
  if (values && values.length > 1) throw malformed(`${name} is given more than once`)
  return values?.[0]
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw malformed(`missing X-Bittensor-${name}`)
  return value
}

function checkReceiver(receiver: string | undefined, rules: BtauthRules): void {
  if (receiver === undefined && rules.requireReceiver) {
    throw new BtauthError(
      'WrongReceiver',
      'missing X-Bittensor-Receiver: this server requires receiver-bound requests',
    )
  }
  if (receiver !== undefined && receiver !== rules.self) {
    throw new BtauthError('WrongReceiver', 'request was signed for a different receiving hotkey')
  }
}

function checkAge(nonce: bigint, rules: BtauthRules, nowNs: bigint): void {
  const seconds = (ns: bigint) => `${Number(ns) / 1e9}s`
  if (nowNs - nonce > rules.maxAgeNs) {
    throw new BtauthError(
      'StaleRequest',
      `nonce is older than the ${seconds(rules.maxAgeNs)} freshness window`,
    )
  }
  if (nonce - nowNs > rules.maxAheadNs) {
    throw new BtauthError(
      'StaleRequest',
      `nonce is more than ${seconds(rules.maxAheadNs)} in the future`,
    )
  }
}

function keyOf(sender: string, signature: Uint8Array): Uint8Array {
  const publicKey = signature.length === 64 ? publicKeyOf(sender) : undefined
  if (!publicKey) throw malformed('invalid hotkey address or signature encoding')
  return publicKey
}

function malformed(message: string): BtauthError {
  return new BtauthError('MalformedAuth', message)
}

/**
 * Checks the signature of a claim over the request, and that it was not accepted before.
 * @throws {BtauthError}
 */
export async function verifyBtauth(
  claim: BtauthClaim,
  request: { method: string; target: string; body: Uint8Array },
  tools: { verifier: Verifier; seen: SeenNonces; nowNs: () => bigint },
): Promise<void> {
  const message = new TextEncoder().encode(btauthPayload({ ...claim, ...request }))
  const signed = { message, ...claim }
  if (!(await tools.verifier(signed)) && !(await tools.verifier(wrapped(signed)))) {
    throw new BtauthError('BadSignature', 'signature does not verify against the claimed hotkey')
  }
  const verdict = tools.seen.accept(claim.sender, claim.nonce, tools.nowNs())
  if (verdict === 'replayed') {
    throw new BtauthError('ReplayedRequest', 'this nonce was already accepted from this hotkey')
  }
  if (verdict === 'full') throw new BtauthError('StoreFull', 'too many requests to remember')
}
