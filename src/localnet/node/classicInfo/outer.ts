/** How the APIs of the classic runtimes wrap their answers: as bytes, empty where there is nothing. */
import {
  AccountId,
  bytes,
  compact,
  type ScaleType,
  tuple,
  u8,
  u16,
  u64,
  vec,
} from '../../runtime/scale.js'
import { toHex } from '../bytes.js'

export const C16 = compact(u16)
export const C64 = compact(u64)
/** Stakes by account, or weights by uid. */
export const AccountAmounts = vec(tuple(AccountId, C64))
export const Pairs = vec(tuple(C16, C16))

/** `Vec<u8>` that holds another value. */
export function inBytes<T>(type: ScaleType<T>, value: T | undefined): Uint8Array {
  return value === undefined ? new Uint8Array() : type.codec.enc(value)
}

/** An account as clients of these runtimes send it: its 32 bytes as a list. */
export const AccountBytes: ScaleType<Uint8Array> = {
  ...bytes,
  def: () => ({ kind: 'sequence', of: u8 }),
}

/** The account, undefined when the list is no account. */
export function accountIn(account: Uint8Array): string | undefined {
  return account.length === 32 ? toHex(account) : undefined
}
