/** Writes new keys into a wallet: coldkey with coldkeypub.txt, hotkey, or coldkeypub.txt alone. */
import { access } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BittensorError } from '../errors.js'
import type { CryptoType, Keypair } from '../keys/keypair.js'
import { encodeAddress, type Ss58 } from '../keys/ss58.js'
import { encryptKeyfile } from './encryption.js'
import { checkNewKeyName } from './names.js'
import { addressOfKeyfile, readKeyfile } from './readKeyfile.js'
import { serializeKeypair, serializePublic } from './serializeKey.js'
import { publicPathOfHotkey, type WalletLocation, walletPaths } from './wallet.js'
import { type FileSystem, type NewFile, writeFiles } from './writeFiles.js'

/** What lies where a key is to be written. */
export type ExistingKey = {
  readonly path: string
  /** Undefined when the file is encrypted or damaged. */
  readonly address: Ss58 | undefined
}

/** The files that writing a coldkey or hotkey would touch, as far as they exist. */
export type ExistingKeys = {
  readonly secret: ExistingKey | undefined
  readonly public: ExistingKey | undefined
}

/** What was written. */
export type WrittenKey = {
  readonly address: Ss58
  /** The file of the secret key, or coldkeypub.txt where only that was written. */
  readonly path: string
  /** The public file written beside it. */
  readonly publicPath: string | undefined
  readonly encrypted: boolean
  /** Copies of the files that were replaced. */
  readonly backups: readonly string[]
}

export type WriteOptions = {
  /** Whether a key of that name, or a public file of another key, may be replaced; the old files are kept as copies. */
  readonly overwrite?: boolean | undefined
  /** Encrypts the secret; undefined writes it in clear. */
  readonly password?: string | undefined
  /** For the names of copies. */
  readonly now?: Date | undefined
  readonly fs?: FileSystem | undefined
  /** Aborted until the key is encrypted, nothing is written. */
  readonly signal?: AbortSignal | undefined
}

/** What a new coldkey would replace; never asks for a password. */
export async function existingColdkey(location: WalletLocation): Promise<ExistingKeys> {
  const { coldkeyPath, coldkeypubPath } = await newPaths(location)
  return { secret: await existingKey(coldkeyPath), public: await existingKey(coldkeypubPath) }
}

/** What a new hotkey would replace; never asks for a password. */
export async function existingHotkey(location: WalletLocation): Promise<ExistingKeys> {
  const { hotkeyPath } = await newPaths(location)
  return {
    secret: await existingKey(hotkeyPath),
    public: await existingKey(publicPathOfHotkey(hotkeyPath)),
  }
}

/**
 * Writes a coldkey and its coldkeypub.txt, both or neither.
 * @throws {BittensorError} `USAGE` for a bad name, `KEYFILE` when a key is there already or writing fails; the disk is then as before.
 * @example
 * await createColdkey({ root, name: 'alice' }, keypair, { password })
 */
export async function createColdkey(
  location: WalletLocation,
  keypair: Keypair,
  options: WriteOptions = {},
): Promise<WrittenKey> {
  const paths = await newPaths(location)
  const existing = await existingColdkey(location)
  checkReplacing(existing, keypair.address, options)
  const stamp = timestamp(options.now)
  const { backups } = await writeFiles(
    [
      newFile(paths.coldkeyPath, await secretBytes(keypair, options), stamp),
      newFile(paths.coldkeypubPath, serializePublic(keypair), stamp),
    ].map((file) => settle(file, existing, { address: keypair.address, ...options })),
    options.fs,
  )
  return {
    address: keypair.address,
    path: paths.coldkeyPath,
    publicPath: paths.coldkeypubPath,
    encrypted: options.password !== undefined,
    backups,
  }
}

/**
 * Writes a hotkey; beside an encrypted one, or where one lies already, also its public file. Copies of a replaced hotkey go
 * into the wallet's folder, because everything in `hotkeys` counts as a hotkey.
 * @throws {BittensorError} as {@link createColdkey}.
 */
export async function createHotkey(
  location: WalletLocation,
  keypair: Keypair,
  options: WriteOptions = {},
): Promise<WrittenKey> {
  const paths = await newPaths(location)
  const existing = await existingHotkey(location)
  checkReplacing(existing, keypair.address, options)
  const stamp = timestamp(options.now)
  const publicPath = publicPathOfHotkey(paths.hotkeyPath)
  const writesPublic = options.password !== undefined || existing.public !== undefined
  const backupFolder = paths.path
  const secret = newFile(paths.hotkeyPath, await secretBytes(keypair, options), stamp, backupFolder)
  const files = writesPublic
    ? [secret, newFile(publicPath, serializePublic(keypair), stamp, backupFolder)]
    : [secret]
  const { backups } = await writeFiles(
    files.map((file) => settle(file, existing, { address: keypair.address, ...options })),
    options.fs,
  )
  return {
    address: keypair.address,
    path: paths.hotkeyPath,
    publicPath: writesPublic ? publicPath : undefined,
    encrypted: options.password !== undefined,
    backups,
  }
}

/**
 * Writes coldkeypub.txt alone, which makes a watch-only wallet or repairs one.
 * @throws {BittensorError} as {@link createColdkey}.
 */
export async function createColdkeypub(
  location: WalletLocation,
  key: { publicKey: Uint8Array; cryptoType?: CryptoType | undefined },
  options: Omit<WriteOptions, 'password'> = {},
): Promise<WrittenKey> {
  const { coldkeypubPath } = await newPaths(location)
  const address = encodeAddress(key.publicKey)
  const existing = await existingColdkey(location)
  checkReplacingPublic(existing, address, options)
  const bytes = serializePublic({
    publicKey: key.publicKey,
    cryptoType: key.cryptoType ?? 'sr25519',
  })
  const { backups } = await writeFiles(
    [
      settle(newFile(coldkeypubPath, bytes, timestamp(options.now)), existing, {
        address,
        ...options,
      }),
    ],
    options.fs,
  )
  return { address, path: coldkeypubPath, publicPath: undefined, encrypted: false, backups }
}

/**
 * Whether writing this key needs a yes: it would replace a secret, or a public file of another key.
 * @param address of the new key, or undefined if it is not made yet
 */
export function needsOverwrite(existing: ExistingKeys, address: Ss58 | undefined): boolean {
  if (existing.secret) return true
  return (
    existing.public !== undefined && (address === undefined || existing.public.address !== address)
  )
}

function checkReplacing(existing: ExistingKeys, address: Ss58, { overwrite }: WriteOptions): void {
  if (overwrite || !needsOverwrite(existing, address)) return
  throw alreadyThere((existing.secret ?? existing.public)?.path ?? '')
}

/** coldkeypub.txt may not be turned away from the coldkey beside it by accident. */
function checkReplacingPublic(
  existing: ExistingKeys,
  address: Ss58,
  { overwrite }: WriteOptions,
): void {
  if (overwrite) return
  if (existing.public && existing.public.address !== address)
    throw alreadyThere(existing.public.path)
  if (existing.secret?.address && existing.secret.address !== address) {
    throw new BittensorError(
      'KEYFILE',
      `${existing.secret.path} is the key of ${existing.secret.address}, not of ${address}`,
      { hint: 'use --overwrite_coldkeypub if the public file should still say so' },
    )
  }
}

function alreadyThere(path: string): BittensorError {
  const option = basename(path) === 'coldkeypub.txt' ? '' : ': give it another name or'
  return new BittensorError('KEYFILE', `${path} already exists and is kept as it is`, {
    hint: `to replace it${option} use the --overwrite option; a copy of the old file is kept`,
    data: { path },
  })
}

/** A wallet or hotkey that another tool has made keeps its name, whatever that is. */
async function newPaths(location: WalletLocation): Promise<ReturnType<typeof walletPaths>> {
  const paths = walletPaths(location)
  checkNewKeyName('wallet', location.name, { exists: await exists(paths.path) })
  if (location.hotkey !== undefined) {
    checkNewKeyName('hotkey', location.hotkey, { exists: await exists(paths.hotkeyPath) })
  }
  return paths
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function existingKey(path: string): Promise<ExistingKey | undefined> {
  const file = await readKeyfile(path)
  return file && { path, address: await addressOfKeyfile(file).catch(() => undefined) }
}

async function secretBytes(
  keypair: Keypair,
  { password, signal }: WriteOptions,
): Promise<Uint8Array> {
  const json = serializeKeypair(keypair)
  if (password === undefined) return json
  try {
    const encrypted = await encryptKeyfile(json, password)
    if (!signal?.aborted) return encrypted
    throw new BittensorError('INTERRUPTED', 'cancelled, nothing was written')
  } finally {
    json.fill(0)
  }
}

function newFile(
  path: string,
  bytes: Uint8Array,
  stamp: string,
  backupFolder?: string,
): Omit<NewFile, 'replace'> {
  const backup =
    backupFolder === undefined
      ? `${path}.bak-${stamp}`
      : join(backupFolder, `hotkey-${basename(path)}.bak-${stamp}`)
  return { path, bytes, backup }
}

/** A public file of the same key is refreshed without a word or a copy; everything else needs the overwrite option. */
function settle(
  file: Omit<NewFile, 'replace'>,
  existing: ExistingKeys,
  { address, overwrite = false }: WriteOptions & { readonly address: Ss58 },
): NewFile {
  const isSamePublic = file.path === existing.public?.path && existing.public.address === address
  if (!isSamePublic) return { ...file, replace: overwrite }
  return { path: file.path, bytes: file.bytes, replace: true }
}

/** `20231123T224900Z`: sorts by time and is a legal file name everywhere. */
function timestamp(now: Date = new Date()): string {
  return now.toISOString().replace(/[-:]|\.\d+/g, '')
}
