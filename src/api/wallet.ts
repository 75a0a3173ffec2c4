/** A wallet on disk: a coldkey that holds funds and a hotkey that works, as btcli and the Python tools keep them. */
import { BittensorError } from '../core/errors.js'
import {
  type CryptoType,
  type Keypair,
  keypairFromHex,
  keypairFromMnemonic,
  keypairFromUri,
} from '../core/keys/keypair.js'
import { generateMnemonic, type WordCount } from '../core/keys/mnemonic.js'
import { decodeAddress, parseAccount, type Ss58 } from '../core/keys/ss58.js'
import {
  createColdkey,
  createColdkeypub,
  createHotkey,
  type WrittenKey,
} from '../core/wallet/create.js'
import { type PasswordSource, passwordSource } from '../core/wallet/passwords.js'
import { readKeyfile } from '../core/wallet/readKeyfile.js'
import { openWallet, type Wallet as WalletOnDisk } from '../core/wallet/wallet.js'
import { absolutePath } from './environment.js'

/** Which wallet, and how its encrypted keys are opened. */
export type WalletOptions = {
  /** `default` unless told otherwise. */
  readonly name?: string | undefined
  /** Name of the hotkey, `default` unless told otherwise. */
  readonly hotkey?: string | undefined
  /** Folder of all wallets, `~/.bittensor/wallets/` unless told otherwise. */
  readonly path?: string | undefined
  /** Password of encrypted keys, or what finds it when one is opened. Nothing is ever asked for on a terminal. */
  readonly password?: string | PasswordSource | undefined
  /** Hears of key files that other users of the machine can read. */
  readonly onWarning?: ((text: string) => void) | undefined
}

/** How a new key is written. */
export type WriteKeyOptions = {
  /** Encrypts the secret; `null` writes it in clear. Coldkeys need one of the two, hotkeys are in clear by default. */
  readonly password?: string | null | undefined
  /** Whether a key that is there may be replaced; the old files are kept as copies. */
  readonly overwrite?: boolean | undefined
}

/** How a new key is made and written. */
export type NewKeyOptions = WriteKeyOptions & {
  /** 12 (default), 15, 18, 21 or 24. */
  readonly words?: WordCount | undefined
  readonly cryptoType?: CryptoType | undefined
}

/** A key that was made. Keep the words: they are the only copy besides the file. */
export type NewKey = WrittenKey & { readonly mnemonic: string }

/** What a key is restored from: exactly one of the three. */
export type KeySource =
  | {
      readonly mnemonic: string | readonly string[]
      readonly seed?: undefined
      readonly json?: undefined
    }
  /** `0x` and 64 hex digits. */
  | { readonly seed: string; readonly mnemonic?: undefined; readonly json?: undefined }
  /** The text of a backup of polkadot-js or the like. */
  | {
      readonly json: string
      readonly jsonPassword?: string
      readonly mnemonic?: undefined
      readonly seed?: undefined
    }

/** Options of {@link Wallet.create}. */
export type CreateWalletOptions = {
  /** Encrypts a new coldkey; `null` writes it in clear. By default the wallet's own password, if that is text. */
  readonly coldkeyPassword?: string | null | undefined
  /** Encrypts a new hotkey; in clear by default. */
  readonly hotkeyPassword?: string | null | undefined
  /** Gets the words of each key that is made. */
  readonly onMnemonic?:
    | ((made: { readonly key: 'coldkey' | 'hotkey'; readonly mnemonic: string }) => void)
    | undefined
}

/** A public key with its address. */
export type PublicKey = { readonly address: Ss58; readonly publicKey: Uint8Array }

/** A key file, by its place. */
export type KeyfilePlace = {
  readonly path: string
  exists(): Promise<boolean>
  /** @throws {BittensorError} `WALLET_NOT_FOUND` when there is none. */
  isEncrypted(): Promise<boolean>
}

const DEFAULT_PATH = '~/.bittensor/wallets/'

/**
 * A wallet: nothing is read or written before a method is called.
 * @example
 * const wallet = new Wallet({ name: 'alice', hotkey: 'miner' })
 * await wallet.load()
 * wallet.coldkeypub.address // without a password
 * const coldkey = await wallet.unlockColdkey('the password')
 * coldkey.sign(new TextEncoder().encode('hello')) // 64 bytes
 */
export class Wallet {
  readonly name: string
  /** Name of the hotkey. */
  readonly hotkeyName: string
  /** Folder of all wallets as it was given. */
  readonly path: string
  readonly coldkeyFile: KeyfilePlace
  readonly coldkeypubFile: KeyfilePlace
  readonly hotkeyFile: KeyfilePlace
  readonly #root: string
  readonly #source: PasswordSource
  readonly #password: string | undefined
  readonly #onWarning: ((text: string) => void) | undefined
  #disk: WalletOnDisk
  #coldkeypub: PublicKey | undefined
  #coldkey: Keypair | undefined
  #hotkey: Keypair | undefined

  /** @throws {BittensorError} `USAGE` when a name could not be one of a wallet or hotkey. */
  constructor(options: WalletOptions = {}) {
    const { name = 'default', hotkey = 'default', path = DEFAULT_PATH, password } = options
    this.name = name
    this.hotkeyName = hotkey
    this.path = path
    this.#root = absolutePath(path)
    this.#onWarning = options.onWarning
    this.#password = typeof password === 'string' ? password : undefined
    this.#source = typeof password === 'function' ? password : passwordSource({ password })
    this.#disk = this.#open()
    this.coldkeyFile = placeOf(this.#disk.coldkeyPath)
    this.coldkeypubFile = placeOf(this.#disk.coldkeypubPath)
    this.hotkeyFile = placeOf(this.#disk.hotkeyPath)
  }

  /** `Wallet (default, default, ~/.bittensor/wallets/)`, as bittensor 5.3.1 prints it. */
  toString(): string {
    return `Wallet (${this.name}, ${this.hotkeyName}, ${this.path})`
  }

  /** Public parts only, for logs. */
  toJSON(): { readonly name: string; readonly hotkey: string; readonly path: string } {
    return { name: this.name, hotkey: this.hotkeyName, path: this.path }
  }

  /**
   * Reads what needs no password: the coldkey's public part, and the hotkey unless it is encrypted. What is not there
   * stays unknown.
   * @throws {BittensorError} `KEYFILE` when a file is damaged
   */
  async load(): Promise<this> {
    const [coldkeypub, hotkey] = await Promise.all([
      this.#disk.coldkeypubAddress().catch(unlessMissing),
      readKeyfile(this.#disk.hotkeyPath),
    ])
    if (coldkeypub !== undefined) this.#coldkeypub = publicKeyOf(coldkeypub)
    if (hotkey && !hotkey.encrypted) this.#hotkey = await this.#disk.unlockHotkey(this.#source)
    return this
  }

  /**
   * The coldkey's public part; after {@link Wallet.load} or {@link Wallet.unlockColdkey}.
   * @throws {BittensorError} `USAGE` before, and when there is none
   */
  get coldkeypub(): PublicKey {
    if (this.#coldkeypub) return this.#coldkeypub
    throw notLoaded(this.name, 'coldkeypub', 'await wallet.load()')
  }

  /**
   * The coldkey; after {@link Wallet.unlockColdkey}.
   * @throws {BittensorError} `USAGE` before
   */
  get coldkey(): Keypair {
    if (this.#coldkey) return this.#coldkey
    throw notLoaded(this.name, 'coldkey', 'await wallet.unlockColdkey()')
  }

  /**
   * The hotkey; after {@link Wallet.load}, or {@link Wallet.unlockHotkey} if it is encrypted.
   * @throws {BittensorError} `USAGE` before
   */
  get hotkey(): Keypair {
    if (this.#hotkey) return this.#hotkey
    throw notLoaded(this.name, 'hotkey', 'await wallet.load(), or unlockHotkey() if encrypted')
  }

  /**
   * Opens the coldkey; later calls give the same key.
   * @param password instead of the wallet's own source
   * @throws {BittensorError} `WALLET_NOT_FOUND`, `KEYFILE`, `BAD_PASSWORD`, `MISSING_INPUT` without a password
   */
  async unlockColdkey(password?: string): Promise<Keypair> {
    const key = await this.#disk.unlockColdkey(this.#sourceOf(password))
    this.#coldkey = key
    this.#coldkeypub = publicKeyOf(key.address)
    return key
  }

  /** As {@link Wallet.unlockColdkey}, for the hotkey. */
  async unlockHotkey(password?: string): Promise<Keypair> {
    const key = await this.#disk.unlockHotkey(this.#sourceOf(password))
    this.#hotkey = key
    return key
  }

  /**
   * The coldkey's address, read without a password.
   * @throws {BittensorError} `WALLET_NOT_FOUND`, `KEYFILE`
   */
  coldkeypubAddress(): Promise<Ss58> {
    return this.#disk.coldkeypubAddress()
  }

  /**
   * The hotkey's address, read without a password.
   * @throws {BittensorError} `WALLET_NOT_FOUND`, `KEYFILE`
   */
  hotkeyAddress(): Promise<Ss58> {
    return this.#disk.hotkeyAddress()
  }

  /**
   * Makes the keys that are missing: a coldkey unless there is one or its public part, a hotkey unless there is one.
   * @throws {BittensorError} `MISSING_INPUT` when a coldkey is to be made and no password, nor `null`, is given; `KEYFILE`
   */
  async create(options: CreateWalletOptions = {}): Promise<this> {
    const { coldkeyPassword = this.#password, hotkeyPassword = null, onMnemonic } = options
    const [hasColdkey, hasPublic, hasHotkey] = await Promise.all([
      this.coldkeyFile.exists(),
      this.coldkeypubFile.exists(),
      this.hotkeyFile.exists(),
    ])
    if (!hasColdkey && !hasPublic) {
      const { mnemonic } = await this.createNewColdkey({ password: coldkeyPassword })
      onMnemonic?.({ key: 'coldkey', mnemonic })
    }
    if (!hasHotkey) {
      const { mnemonic } = await this.createNewHotkey({ password: hotkeyPassword })
      onMnemonic?.({ key: 'hotkey', mnemonic })
    }
    return this
  }

  /** The same as {@link Wallet.create}, by its older name. */
  createIfNonExistent(options: CreateWalletOptions = {}): Promise<this> {
    return this.create(options)
  }

  /**
   * Makes a coldkey with a new mnemonic.
   * @returns the words: show them once, and never log them
   * @throws {BittensorError} `MISSING_INPUT` without a password or `null`; `KEYFILE` when there is one already
   */
  async createNewColdkey(options: NewKeyOptions = {}): Promise<NewKey> {
    const mnemonic = await generateMnemonic(options.words ?? 12)
    const { cryptoType } = options
    const keypair = await keypairFromMnemonic(mnemonic, { cryptoType })
    return { ...(await this.setColdkey(keypair, options)), mnemonic }
  }

  /** As {@link Wallet.createNewColdkey} for the hotkey, which is written in clear unless a password is given. */
  async createNewHotkey(options: NewKeyOptions = {}): Promise<NewKey> {
    const mnemonic = await generateMnemonic(options.words ?? 12)
    const { cryptoType } = options
    const keypair = await keypairFromMnemonic(mnemonic, { cryptoType })
    return { ...(await this.setHotkey(keypair, options)), mnemonic }
  }

  /** Writes the coldkey of a key URI such as `//Alice`: development only, everybody knows those. */
  async createColdkeyFromUri(uri: string, options: WriteKeyOptions = {}): Promise<WrittenKey> {
    return this.setColdkey(await keypairFromUri(uri), options)
  }

  /** Writes the hotkey of a key URI. */
  async createHotkeyFromUri(uri: string, options: WriteKeyOptions = {}): Promise<WrittenKey> {
    return this.setHotkey(await keypairFromUri(uri), options)
  }

  /**
   * Restores the coldkey from a mnemonic, a seed or a JSON backup.
   * @throws {BittensorError} `USAGE` for a wrong secret or none, `BAD_PASSWORD` for the backup; as `createNewColdkey`
   */
  async regenerateColdkey(
    source: KeySource,
    options: WriteKeyOptions & { readonly cryptoType?: CryptoType } = {},
  ): Promise<WrittenKey> {
    return this.setColdkey(await keypairFromSource(source, options.cryptoType), options)
  }

  /** As {@link Wallet.regenerateColdkey} for the hotkey. */
  async regenerateHotkey(
    source: KeySource,
    options: WriteKeyOptions & { readonly cryptoType?: CryptoType } = {},
  ): Promise<WrittenKey> {
    return this.setHotkey(await keypairFromSource(source, options.cryptoType), options)
  }

  /**
   * Writes the public file alone, for a wallet that only watches.
   * @param account an ss58 address, or `0x` and the 64 digits of a public key
   */
  async regenerateColdkeypub(
    account: string,
    options: { readonly overwrite?: boolean } = {},
  ): Promise<WrittenKey> {
    const { publicKey } = parseAccount(account)
    const written = await createColdkeypub(this.#location(), { publicKey }, options)
    this.#forget()
    return written
  }

  /**
   * Writes a coldkey and its public file.
   * @throws {BittensorError} `MISSING_INPUT` without a password or `null`; `KEYFILE` when there is one already
   */
  async setColdkey(keypair: Keypair, options: WriteKeyOptions = {}): Promise<WrittenKey> {
    const { password = this.#password, overwrite } = options
    if (password === undefined) {
      throw new BittensorError('MISSING_INPUT', 'a new coldkey needs a password', {
        hint: 'give `password`, or `password: null` to write it in clear',
      })
    }
    const written = await createColdkey(this.#location(), keypair, {
      overwrite,
      ...(password === null ? {} : { password }),
    })
    this.#forget()
    return written
  }

  /** Writes a hotkey, in clear unless a password is given. */
  async setHotkey(keypair: Keypair, options: WriteKeyOptions = {}): Promise<WrittenKey> {
    const { password, overwrite } = options
    const written = await createHotkey(this.#location(), keypair, {
      overwrite,
      ...(password ? { password } : {}),
    })
    this.#forget()
    return written
  }

  #location() {
    return { root: this.#root, name: this.name, hotkey: this.hotkeyName }
  }

  #open(): WalletOnDisk {
    return openWallet(this.#location(), { onWarning: this.#onWarning })
  }

  /** Keys on disk have changed. */
  #forget(): void {
    this.#disk = this.#open()
    this.#coldkey = undefined
    this.#coldkeypub = undefined
    this.#hotkey = undefined
  }

  #sourceOf(password: string | undefined): PasswordSource {
    return password === undefined ? this.#source : passwordSource({ password })
  }
}

async function keypairFromSource(
  source: KeySource,
  cryptoType: CryptoType | undefined,
): Promise<Keypair> {
  const given = [source.mnemonic, source.seed, source.json].filter((one) => one !== undefined)
  if (given.length !== 1) {
    throw new BittensorError('USAGE', 'give exactly one of mnemonic, seed and json')
  }
  if (source.mnemonic !== undefined) return keypairFromMnemonic(source.mnemonic, { cryptoType })
  if (source.seed !== undefined) return keypairFromHex(source.seed, { cryptoType })
  const { keypairFromBackup } = await import('../core/wallet/polkadotJson.js')
  return keypairFromBackup(source.json ?? '', source.jsonPassword)
}

function placeOf(path: string): KeyfilePlace {
  return {
    path,
    exists: async () => (await readKeyfile(path)) !== undefined,
    async isEncrypted() {
      const file = await readKeyfile(path)
      if (file) return file.encrypted
      throw new BittensorError('WALLET_NOT_FOUND', `there is no key file ${path}`)
    },
  }
}

function publicKeyOf(address: Ss58): PublicKey {
  return { address, publicKey: decodeAddress(address) }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof BittensorError && error.code === 'WALLET_NOT_FOUND') return undefined
  throw error
}

function notLoaded(wallet: string, key: string, how: string): BittensorError {
  return new BittensorError('USAGE', `the ${key} of wallet \`${wallet}\` is not loaded`, {
    hint: `first ${how}; if that finds none, the wallet has no such key`,
  })
}
