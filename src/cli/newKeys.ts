/** Making new keys: first all questions, then the files. */
import type { CryptoType, Keypair } from '../core/keys/keypair.js'
import { keypairFromMnemonic } from '../core/keys/keypair.js'
import { generateMnemonic, type WordCount } from '../core/keys/mnemonic.js'
import {
  createColdkey,
  createHotkey,
  existingColdkey,
  existingHotkey,
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

/** Asks what a new coldkey needs: leave to replace the old one, a password. */
export async function prepareColdkey(
  ctx: Context,
  values: NewKeyValues,
  { overwrite, made }: Terms,
): Promise<WriteFiles> {
  const location = { root: ctx.paths.wallets, name: values.walletName }
  const existing = await existingColdkey(location)
  const option = '--overwrite_coldkey'
  const replace = await mayOverwrite(ctx, { existing, address: undefined, overwrite, option })
  const password = await newPassword(ctx, values, {
    path: walletPaths(location).coldkeyPath,
    // The development phrase is public: a password would protect nothing.
    byDefault: values.uri?.startsWith('/') !== true,
  })
  const { mnemonic, keypair } = made ?? (await makeKey(ctx, values))
  return async () => {
    const written = await writeKey(ctx, password, (run) =>
      createColdkey(location, keypair, { password, overwrite: replace, ...run }),
    )
    const shown = mnemonic !== undefined && showsMnemonic(ctx, values) ? mnemonic : undefined
    return { ...written, wallet: values.walletName, hotkey: undefined, mnemonic: shown }
  }
}

/** Asks what a new hotkey needs: leave to replace the old one, and a password if one is wanted. */
export async function prepareHotkey(
  ctx: Context,
  values: NewKeyValues & { readonly walletHotkey: string },
  { overwrite, made }: Terms,
): Promise<WriteFiles> {
  const { walletName: name, walletHotkey: hotkey } = values
  const location = { root: ctx.paths.wallets, name, hotkey }
  const existing = await existingHotkey(location)
  const option = '--overwrite_hotkey'
  const replace = await mayOverwrite(ctx, { existing, address: undefined, overwrite, option })
  const path = walletPaths(location).hotkeyPath
  const password = await newPassword(ctx, values, { path, byDefault: false })
  const { mnemonic, keypair } = made ?? (await makeKey(ctx, values))
  return async () => {
    const written = await writeKey(ctx, password, (run) =>
      createHotkey(location, keypair, { password, overwrite: replace, ...run }),
    )
    const shown = mnemonic !== undefined && showsMnemonic(ctx, values) ? mnemonic : undefined
    return { ...written, wallet: name, hotkey, mnemonic: shown }
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
