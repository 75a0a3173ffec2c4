/** Accounts of several signatories, and what they have not agreed on yet (pallet Multisig). */
import { blake2b } from '@noble/hashes/blake2.js'
import { BittensorError } from '../errors.js'
import { fromHex, toHex } from '../keys/hex.js'
import { decodeAddress, encodeAddress, type Ss58 } from '../keys/ss58.js'
import { type Rao, rao } from '../units.js'
import { compact, concat, littleEndian } from './encode.js'
import type { Call, Capabilities, ChainClient, ChainValue, ChainView, Hex } from './types.js'
import { asAddress, asBigint, asList, asNumber, asRecord } from './values.js'

/** A call that some signatories approved (`Multisig.Multisigs`). */
export type PendingCall = {
  /** blake2b-256 of the call's bytes. */
  readonly callHash: Hex
  /** Block and extrinsic of the first approval: all later ones have to name it. */
  readonly when: { readonly height: number; readonly index: number }
  /** RAO that the depositor gets back when the call is made or cancelled. */
  readonly deposit: Rao
  readonly depositor: Ss58
  readonly approvals: readonly Ss58[]
}

/** The signatories in the order that the chain wants: by their public keys. */
export function sortSignatories(signatories: readonly Ss58[]): readonly Ss58[] {
  return signatories
    .map((address) => ({ address, key: toHex(decodeAddress(address)) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ address }) => address)
}

/**
 * The account that so many of the signatories act for together. It has no key: the address follows from them, as in
 * paritytech/polkadot-sdk, substrate/frame/multisig, `multi_account_id`.
 */
export function multisigAddress(signatories: readonly Ss58[], threshold: number): Ss58 {
  const sorted = sortSignatories(signatories).map((address) => decodeAddress(address))
  const entropy = concat([
    new TextEncoder().encode('modlpy/utilisuba'),
    compact(BigInt(sorted.length)),
    ...sorted,
    littleEndian(BigInt(threshold), 2),
  ])
  return encodeAddress(blake2b(entropy, { dkLen: 32 }))
}

/** The hash by which a multisig knows a call. */
export function callHashOf({ data }: Pick<Call, 'data'>): Hex {
  return toHex(blake2b(fromHex(data) ?? new Uint8Array(), { dkLen: 32 })) as Hex
}

/** @throws {BittensorError} `RUNTIME_UNSUPPORTED` on runtimes without multisigs */
export function requireMultisigs(chain: Capabilities & { readonly specVersion: number }): void {
  if (chain.hasPallet('Multisig')) return
  throw new BittensorError(
    'RUNTIME_UNSUPPORTED',
    `this chain (spec ${chain.specVersion}) has no multisigs`,
    { details: 'those came in mid-2023', data: { specVersion: chain.specVersion } },
  )
}

/** What waits for approvals, the oldest first. @throws {BittensorError} `RUNTIME_UNSUPPORTED` */
export async function readPendingCalls(
  view: ChainView,
  account: Ss58,
): Promise<readonly PendingCall[]> {
  requireMultisigs(view)
  const entries = await view.entries('Multisig', 'Multisigs', account)
  return entries
    .map(({ keys, value }) => pendingOf(String(keys.at(-1)) as Hex, value))
    .sort((a, b) => a.when.height - b.when.height || a.when.index - b.when.index)
}

/** One of them, undefined when nobody approved it yet. @throws {BittensorError} `RUNTIME_UNSUPPORTED` */
export async function readPendingCall(
  view: ChainView,
  account: Ss58,
  callHash: Hex,
): Promise<PendingCall | undefined> {
  requireMultisigs(view)
  const value = await view.readStored('Multisig', 'Multisigs', account, callHash)
  return value === undefined ? undefined : pendingOf(callHash, value)
}

function pendingOf(callHash: Hex, value: ChainValue): PendingCall {
  const { when, deposit, depositor, approvals } = asRecord(value)
  const { height, index } = asRecord(when)
  return {
    callHash,
    when: { height: asNumber(height), index: asNumber(index) },
    deposit: rao(asBigint(deposit)),
    depositor: asAddress(depositor),
    approvals: asList(approvals).map(asAddress),
  }
}

/** RAO that the first to approve reserves (`DepositBase` and `DepositFactor` per needed approval). */
export function multisigDeposit(client: ChainClient, threshold: number): Rao {
  const constant = (name: string) => asBigint(client.constant('Multisig', name))
  return rao(constant('DepositBase') + BigInt(threshold) * constant('DepositFactor'))
}
