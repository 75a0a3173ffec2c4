/** The message of `sign` and `verify`: text as people type it, or exact bytes. */
import { fromHex } from '../core/keys/hex.js'
import type { Context } from './context.js'
import { option } from './define.js'

const message = option({
  flags: '-m, --message <text>',
  description: 'the message as text; `-` reads it from stdin',
  conflicts: ['message_hex'],
  ask: { message: 'Enter the message' },
  askWhen: (soFar) => soFar['messageHex'] === undefined,
})

const messageHex = option({
  flags: '--message_hex <hex>',
  description: 'the message as bytes in hex',
  parse: parseBytes,
  conflicts: ['message'],
})

export const messageOptions = { message, messageHex }

function parseBytes(text: string): Uint8Array {
  const bytes = fromHex(text)
  if (!bytes) throw new RangeError('must be 0x and an even number of hex digits')
  return bytes
}

/** The bytes to sign or verify. Text is taken as UTF-8 as it stands, also if it looks like hex; `-` is stdin. */
export async function messageBytes(
  ctx: Context,
  values: { readonly message: string | undefined; readonly messageHex: Uint8Array | undefined },
): Promise<Uint8Array> {
  if (values.messageHex) return values.messageHex
  const text = values.message === '-' ? await ctx.stdin.readText() : (values.message ?? '')
  return new TextEncoder().encode(text)
}
