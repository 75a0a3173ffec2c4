/** Where values of options come from, and in which order: flag, environment, file, user's file. */

/** The source of a value, for previews and `config`. */
export type Origin = {
  readonly layer: 'flag' | 'environment' | 'file' | 'user file' | 'answer'
  /** `--wallet.name`, `BT_WALLET_NAME`, or the path of a file. */
  readonly source: string
}

/** One value found, as text; a switch has `true` or `false`. */
export type Found = { readonly texts: readonly string[]; readonly origin: Origin }
export type Config = { readonly files: readonly string[] }
