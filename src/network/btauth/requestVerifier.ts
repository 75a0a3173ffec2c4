/** btauth/1 for HTTP servers that are no axon: who sent this request? (bittensor 11: http_auth.verify) */
import { type Clock, systemClock } from '../clock.js'
import { DEFAULT_LIMITS } from '../limits.js'
import { createSeenNonces } from '../nonces.js'
import type { SignatureScheme, Verifier } from '../signing/signer.js'
import { createVerifier } from '../signing/verify.js'
import { BTAUTH_DEFAULTS, type HeaderValues, readBtauthHeaders, verifyBtauth } from './btauth.js'

/** A request as a server has it. */
export type ReceivedRequest = {
  readonly method: string
  /** path and query exactly as received, `request.url` in Node */
  readonly target: string
  /** `request.headersDistinct` or `request.headers` of Node */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** the raw bytes of the body */
  readonly body: Uint8Array
}

/** Who has signed it. */
export type VerifiedCaller = {
  /** ss58 address */
  readonly hotkey: string
  readonly scheme: SignatureScheme
  readonly nonce: bigint
}

/** Seen nonces are kept longer than any of them counts as fresh. */
const KEEP_NS = 60_000_000_000n

/**
 * Makes the check of one server; it remembers which requests it has accepted.
 * @param options.self ss58 address that requests must be bound to
 * @param options.allowUnbound takes requests that are bound to nobody
 * @returns a function that gives the caller, or throws a {@link BtauthError} whose `problem` says why not
 * @example
 * const verify = await createRequestVerifier({ self: hotkey.address })
 * const { hotkey } = await verify({ method: 'POST', target: request.url, headers: request.headersDistinct, body })
 */
export async function createRequestVerifier(options: {
  readonly self: string
  readonly allowUnbound?: boolean | undefined
  readonly verifier?: Verifier | undefined
  readonly clock?: Clock | undefined
}): Promise<(request: ReceivedRequest) => Promise<VerifiedCaller>> {
  const verifier = options.verifier ?? (await createVerifier())
  const { wallNs } = options.clock ?? systemClock
  const seen = createSeenNonces({ capacity: DEFAULT_LIMITS.maxNonces, keepNs: KEEP_NS })
  const rules = {
    ...BTAUTH_DEFAULTS,
    self: options.self,
    requireReceiver: !options.allowUnbound,
  }
  return async (request) => {
    const claim = readBtauthHeaders(distinct(request.headers), rules, wallNs())
    await verifyBtauth(claim, request, { verifier, seen, nowNs: wallNs })
    return { hotkey: claim.sender, scheme: claim.scheme, nonce: claim.nonce }
  }
}

function distinct(headers: ReceivedRequest['headers']): HeaderValues {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? [value] : value,
    ]),
  )
}
