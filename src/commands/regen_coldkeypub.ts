/** `btcli regen_coldkeypub`: write coldkeypub.txt anew, or make a watch-only wallet. */
import { defineCommand, flag, option } from '../cli/define.js'
import { mayOverwrite } from '../cli/keyWriting.js'
import { walletName } from '../cli/options.js'
import { BittensorError } from '../core/errors.js'
import { toHex } from '../core/keys/hex.js'
import { parseAccount, type Ss58 } from '../core/keys/ss58.js'
import { createColdkeypub, type ExistingKey, existingColdkey } from '../core/wallet/create.js'

type Account = { readonly address: Ss58; readonly publicKey: Uint8Array }

export const regenColdkeypub = defineCommand({
  name: 'regen_coldkeypub',
  summary: 'Regenerates a public coldkey from the public part of the coldkey.',
  writesKeys: true,
  options: {
    walletName,
    address: option({
      flags: '--ss58_address, --addr, --ss58 <ss58>',
      address: 'account',
      description: 'address of the coldkey',
      parse: parseKey,
      ask: { message: 'Enter the ss58_address or the public key in hex' },
      askWhen: (soFar) => soFar['publicKey'] === undefined,
    }),
    publicKey: option({
      flags: '--public_key, --pubkey, --public_key_hex <hex>',
      description: 'public key of the coldkey, 0x and 64 hex digits',
      parse: parseKey,
    }),
    overwrite: flag({
      flags: '--overwrite_coldkeypub, --overwrite',
      description: 'replace the coldkeypub.txt of another key; a copy of the old file is kept',
    }),
  },
  examples: ['regen_coldkeypub --wallet.name alice --ss58_address 5Grwva…'],

  async run(ctx, values) {
    const location = { root: ctx.paths.wallets, name: values.walletName }
    const existing = await existingColdkey(location)
    const account = oneAccount(values)
    // An encrypted coldkey cannot be compared; what is known of it is coldkeypub.txt.
    const overwrite = await mayOverwrite(ctx, {
      existing: { secret: undefined, public: existing.public ?? knownAddress(existing.secret) },
      address: account.address,
      overwrite: values.overwrite,
      option: '--overwrite_coldkeypub',
    })
    const now = ctx.clock.now()
    const written = await createColdkeypub(location, account, { overwrite, now })
    return { ...written, wallet: values.walletName, publicKey: toHex(account.publicKey) }
  },

  render: {
    table: ({ wallet, address, publicKey, path, backups }, { style }) => [
      `${style.green(style.sign.ok)} coldkeypub.txt written`,
      [
        `  wallet     ${wallet}`,
        `  address    ${address}`,
        `  public key ${publicKey}`,
        `  file       ${path}`,
        ...backups.map((backup) => `  old file   ${backup}`),
      ].join('\n'),
    ],
    json: ({ wallet, address, publicKey, path, backups }) => {
      return { name: wallet, address, publicKey, path, backups }
    },
  },
})

function knownAddress(key: ExistingKey | undefined): ExistingKey | undefined {
  return key?.address === undefined ? undefined : key
}

function oneAccount(values: {
  readonly address: Account | undefined
  readonly publicKey: Account | undefined
}): Account {
  const { address, publicKey } = values
  if (address && publicKey && address.address !== publicKey.address) {
    throw new BittensorError('USAGE', '--ss58_address and --public_key belong to different keys', {
      details: `the public key is that of ${publicKey.address}`,
    })
  }
  const account = address ?? publicKey
  if (account) return account
  throw new BittensorError('MISSING_INPUT', 'the address of the coldkey is missing', {
    hint: 'give it with --ss58_address or --public_key',
  })
}

/** An address, or a public key with or without 0x. */
function parseKey(text: string): Account {
  return parseAccount(/^[0-9a-f]{64}$/i.test(text) ? `0x${text}` : text)
}
