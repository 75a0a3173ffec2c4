/** Making new keys: first all questions, then the files. */
import type { CryptoType, Keypair } from '../core/keys/keypair.js'
import { keypairFromMnemonic } from '../core/keys/keypair.js'
import { generateMnemonic, type WordCount } from '../core/keys/mnemonic.js'
import {
  createColdkey,
  createHotkey,
  type ExistingKeys,
  existingColdkey,
  existingHotkey,
  type WriteOptions,
  type WrittenKey,
} from '../core/wallet/create.js'
import { walletPaths } from '../core/wallet/wallet.js'
import type { Context } from './context.js'
import { keypairFromUriInput } from './keyInput.js'
import {
  type EncryptionValues,
  type KeyWritten,
  mayOverwrite,
  newPassword,
  showsMnemonic,
  writeKey,
} from './keyWriting.js'

/** Values of the options in `newKey`, `encryption` and `cryptoType`. */
export type NewKeyValues = EncryptionValues & {
  readonly words: WordCount
  readonly uri: string | undefined
  readonly hideMnemonic: boolean
  readonly printMnemonic: boolean
  readonly cryptoType: CryptoType
  readonly walletName: string
}

/** A key pair, with the words it is from if they are new. */
type NewKey = { readonly mnemonic: string | undefined; readonly keypair: Keypair }

type Terms = {
  readonly overwrite: boolean
  /** A key that was made already; else one is made. */
  readonly made?: NewKey | undefined
}

/** Writes the files of a key that has been asked about; nothing is written before. */
type WriteFiles = () => Promise<KeyWritten>

/** What is different between the two kinds of keys. */
type Kind = {
  readonly hotkey: string | undefined
  readonly existing: ExistingKeys
  readonly option: '--overwrite_coldkey' | '--overwrite_hotkey'
  readonly path: string
  /** Whether it is encrypted unless told otherwise. */
  readonly byDefault: boolean
  readonly create: (keypair: Keypair, how: WriteOptions) => Promise<WrittenKey>
}

/** Asks what a new coldkey needs: leave to replace the old one, a password. */
export async function prepareColdkey(
  ctx: Context,
  values: NewKeyValues,
  terms: Terms,
): Promise<WriteFiles> {
  const location = { root: ctx.paths.wallets, name: values.walletName }
  return prepare(ctx, values, terms, {
    hotkey: undefined,
    existing: await existingColdkey(location),
    option: '--overwrite_coldkey',
    path: walletPaths(location).coldkeyPath,
    // The development phrase is public: a password would protect nothing.
    byDefault: values.uri?.startsWith('/') !== true,
    create: (keypair, how) => createColdkey(location, keypair, how),
  })
}

/** Asks what a new hotkey needs: leave to replace the old one, and a password if one is wanted. */
export async function prepareHotkey(
  ctx: Context,
  values: NewKeyValues & { readonly walletHotkey: string },
  terms: Terms,
): Promise<WriteFiles> {
  const { walletName: name, walletHotkey: hotkey } = values
  const location = { root: ctx.paths.wallets, name, hotkey }
  return prepare(ctx, values, terms, {
    hotkey,
    existing: await existingHotkey(location),
    option: '--overwrite_hotkey',
    path: walletPaths(location).hotkeyPath,
    byDefault: false,
    create: (keypair, how) => createHotkey(location, keypair, how),
  })
}

async function prepare(
  ctx: Context,
  values: NewKeyValues,
  { overwrite, made }: Terms,
  { hotkey, existing, option, path, byDefault, create }: Kind,
): Promise<WriteFiles> {
  const replace = await mayOverwrite(ctx, { existing, address: undefined, overwrite, option })
  // Before the password: what is typed right after it must find the keyboard muted.
  const { mnemonic, keypair } = made ?? (await makeKey(ctx, values))
  const password = await newPassword(ctx, values, { path, byDefault })
  return async () => {
    const written = await writeKey(ctx, password, (run) =>
      create(keypair, { password, overwrite: replace, ...run }),
    )
    const shown = mnemonic !== undefined && showsMnemonic(ctx, values) ? mnemonic : undefined
    return { ...written, wallet: values.walletName, hotkey, mnemonic: shown }
  }
}

/** Derives the key of `--uri`, or makes one. */
export async function makeKey(ctx: Context, values: NewKeyValues): Promise<NewKey> {
  if (values.uri !== undefined) {
    const keypair = await keypairFromUriInput(ctx, values.uri, values.cryptoType)
    return { mnemonic: undefined, keypair }
  }
  const mnemonic = await generateMnemonic(values.words, ctx.random.bytes)
  return { mnemonic, keypair: await keypairFromMnemonic(mnemonic, values) }
}
