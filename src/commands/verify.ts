/** `btcli verify`: check who signed a message. */
import { defineCommand, option } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { messageBytes, messageOptions } from '../cli/message.js'
import { BittensorError } from '../core/errors.js'
import { fromHex } from '../core/keys/hex.js'
import { verify as isSignedBy } from '../core/keys/keypair.js'
import { parseAccount } from '../core/keys/ss58.js'

export const verify = defineCommand({
  name: 'verify',
  summary: 'Check the signature of a message.',
  options: {
    account: option({
      flags: '-a, --address <ss58>',
      description:
        'who is said to have signed: ss58, public key in hex, wallet:NAME, wallet:NAME/HOTKEY or a name of the address book',
      parse: (text) => parseDestination(/^[0-9a-f]{64}$/i.test(text) ? `0x${text}` : text),
      address: 'party',
      ask: { message: 'Enter the address of the signer' },
    }),
    signature: option({
      flags: '-s, --signature <hex>',
      description: 'the signature in hex',
      parse: parseSignature,
      ask: { message: 'Enter the signature' },
    }),
    ...messageOptions,
  },
  examples: ['verify --address 5Grwva… --signature 0x… --message "this is my key"'],
  notes:
    'Status 0 when the signature is valid, 1 when not. Signatures of browser wallets, which wrap messages in <Bytes>, and of both key types are known.',

  async run(ctx, { account, signature, ...values }) {
    const message = await messageBytes(ctx, values)
    const { address } = await resolveDestination(ctx, account)
    const valid = await isSignedBy(message, signature, parseAccount(address).publicKey)
    return { address, valid }
  },

  problem: ({ address, valid }) =>
    valid
      ? undefined
      : new BittensorError('BAD_SIGNATURE', `the signature is not of this message by ${address}`),

  render: {
    table: ({ address, valid }, { style }) =>
      valid
        ? `${style.green(style.sign.ok)} Valid: signed by ${address}`
        : `${style.red(style.sign.fail)} Not valid`,
    json: ({ address, valid }) => ({ address, valid }),
  },
})

function parseSignature(text: string): Uint8Array {
  const bytes = fromHex(text.trim(), 64)
  if (!bytes) throw new RangeError('must be 0x and 128 hex digits')
  return bytes
}
