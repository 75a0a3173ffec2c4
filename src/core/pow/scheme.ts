/** Which proof of work a runtime takes, if any: decided before anything is hashed. */
import type { PowScheme } from './challenge.js'

/** What is asked of a runtime's metadata; a `ChainClient`'s `has` fits. */
export type RuntimeSigns = {
  readonly specVersion: number
  hasCall(pallet: string, call: string): boolean
  hasStorage(pallet: string, item: string): boolean
}

/**
 * What a runtime takes.
 * - `solve`: proofs of this scheme.
 * - `probe`: perhaps `register` in one of two byte orders; only dry runs tell.
 * - `none`: no proof of work. With `burns`, its `register` takes the registration price from whoever signs, so it must
 *   never be sent as a proof of work.
 * - `unclear`: version and metadata contradict each other; nothing should be sent.
 */
export type SchemeChoice =
  | { readonly kind: 'solve'; readonly scheme: PowScheme }
  | { readonly kind: 'probe'; readonly reason: string }
  | { readonly kind: 'none'; readonly burns: boolean; readonly reason: string }
  | { readonly kind: 'unclear'; readonly reason: string }

const PALLET = 'SubtensorModule'

// Last and first spec versions of the eras, from the tags of opentensor/subtensor and RaoFoundation/subtensor.
const LAST_BIG_ENDIAN = 277
const FIRST_LITTLE_ENDIAN = 283
const LAST_CLASSIC = 393
const FIRST_BURNING = 401
const LAST_BURNING = 473
const FIRST_POW_REGISTER = 475

/**
 * Chooses the scheme of a registration from the spec version and signs in the metadata: field names do not tell, since
 * the `register` that burns TAO has those of the one that takes a proof.
 * @example
 * chooseScheme({ specVersion: 143, hasCall, hasStorage }) // { kind: 'solve', scheme: 'register-be' }
 */
export function chooseScheme(runtime: RuntimeSigns): SchemeChoice {
  const spec = runtime.specVersion
  const hasNewCall = runtime.hasCall(PALLET, 'pow_register')
  if (hasNewCall && spec > LAST_BURNING) return solve('pow_register')
  if (hasNewCall) {
    return unclear(spec, `has the call pow_register, which came with ${FIRST_POW_REGISTER}`)
  }
  if (spec >= FIRST_BURNING && spec !== LAST_BURNING + 1) return removed(runtime)
  if (burnsByName(runtime)) {
    if (spec > LAST_CLASSIC) return removed(runtime)
    return isAhead(runtime)
      ? {
          kind: 'probe',
          reason: `runtime ${spec} has calls of the runtimes whose register takes no proof of work`,
        }
      : unclear(spec, 'has the price rules that replaced the proof of work after 393')
  }
  if (!runtime.hasCall(PALLET, 'register')) {
    return { kind: 'none', burns: false, reason: `runtime ${spec} has no call register` }
  }
  if (spec <= LAST_CLASSIC) return classic(spec)
  return { kind: 'probe', reason: `no rule is known for proofs of work on runtime ${spec}` }
}

/**
 * Chooses the scheme of the faucet, which outlived the proof of work of `register` with the little-endian rule.
 * @example
 * chooseFaucetScheme({ specVersion: 143, hasCall, hasStorage }) // { kind: 'solve', scheme: 'register-be' }
 */
export function chooseFaucetScheme(runtime: RuntimeSigns): SchemeChoice {
  const spec = runtime.specVersion
  if (!runtime.hasCall(PALLET, 'faucet')) {
    return { kind: 'none', burns: false, reason: `runtime ${spec} has no faucet` }
  }
  return classic(spec)
}

function classic(spec: number): SchemeChoice {
  if (spec <= LAST_BIG_ENDIAN) return solve('register-be')
  if (spec >= FIRST_LITTLE_ENDIAN) return solve('register-le')
  return {
    kind: 'probe',
    reason: `runtime ${spec} is one of the test builds 278 to 282, which read proofs in either byte order`,
  }
}

/** Signs of a `register` that ignores the proof and burns the price. */
function burnsByName(runtime: RuntimeSigns): boolean {
  return runtime.hasCall(PALLET, 'register_limit') || runtime.hasStorage(PALLET, 'BurnHalfLife')
}

/** A development chain that offers later calls beside the rules of its version, as the embedded one does for newer clients. */
function isAhead(runtime: RuntimeSigns): boolean {
  return (
    runtime.specVersion >= FIRST_LITTLE_ENDIAN &&
    runtime.hasCall(PALLET, 'register') &&
    !runtime.hasStorage(PALLET, 'BurnHalfLife')
  )
}

function removed(runtime: RuntimeSigns): SchemeChoice {
  const burns = runtime.hasCall(PALLET, 'register')
  const what = burns ? '; its call register burns TAO of the signer instead' : ''
  return {
    kind: 'none',
    burns,
    reason: `runtime ${runtime.specVersion} takes no proof of work${what}`,
  }
}

function solve(scheme: PowScheme): SchemeChoice {
  return { kind: 'solve', scheme }
}

function unclear(spec: number, what: string): SchemeChoice {
  return { kind: 'unclear', reason: `runtime ${spec} ${what}: its rule cannot be told` }
}
