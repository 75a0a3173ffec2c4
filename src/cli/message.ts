/** The message of `sign` and `verify`: text as people type it, or exact bytes. */
import { BittensorError } from '../core/errors.js'
import { fromHex } from '../core/keys/hex.js'
import type { Context } from './context.js'
import { option } from './define.js'

const message = option({
  flags: '-m, --message <text>',
  description: 'the message as text; `-` reads it from stdin',
  conflicts: ['message_hex'],
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

/**
 * The bytes to sign or verify. Text is taken as UTF-8 as it stands, also if it looks like hex.
 * @throws {BittensorError} `MISSING_INPUT` when there is no message and nothing can be asked
 */
export async function messageBytes(
  ctx: Context,
  values: { readonly message: string | undefined; readonly messageHex: Uint8Array | undefined },
): Promise<Uint8Array> {
  if (values.messageHex) return values.messageHex
  return new TextEncoder().encode(await messageText(ctx, values.message))
}

async function messageText(ctx: Context, given: string | undefined): Promise<string> {
  if (given === '-') return ctx.stdin.readText()
  if (given !== undefined) return given
  if (ctx.settings.interactive) return ctx.prompt.input({ message: 'Enter the message' })
  throw new BittensorError('MISSING_INPUT', 'the message is missing', {
    hint: 'give it with --message or --message_hex',
  })
}
