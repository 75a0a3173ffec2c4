/** One wallet on disk: a coldkey, its public part, and one chosen hotkey. Reads only; see create.ts for writing. */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { closest } from '../closest.js'
import { BittensorError } from '../errors.js'
import type { Keypair } from '../keys/keypair.js'
import type { Ss58 } from '../keys/ss58.js'
import { decryptKeyfile } from './encryption.js'
import { wrongPassword } from './failures.js'
import { parseKeyfile } from './keyfileJson.js'
import { checkKeyName } from './names.js'
import { keypairOfKeyfile } from './openKeyfile.js'
import type { PasswordSource } from './passwords.js'
import { addressOfKeyfile, type Keyfile, readKeyfile } from './readKeyfile.js'

/** A wallet folder and the hotkey chosen in it. Nothing is read before a method is called. */
export type Wallet = {
  readonly name: string
  readonly hotkeyName: string
  /** The wallet's folder. */
  readonly path: string
  readonly coldkeyPath: string
  readonly coldkeypubPath: string
  readonly hotkeyPath: string
  hasColdkey(): Promise<boolean>
  hasColdkeypub(): Promise<boolean>
  hasHotkey(): Promise<boolean>
  /**
   * The coldkey's address, without any password: from coldkeypub.txt, else from an unencrypted coldkey.
   * @throws {BittensorError} `WALLET_NOT_FOUND` when neither is there, `KEYFILE` when it cannot be read.
   */
  coldkeypubAddress(): Promise<Ss58>
  /**
   * The hotkey's address, without any password: from the unencrypted hotkey, else from its public file.
   * @throws {BittensorError} `WALLET_NOT_FOUND` when there is none, `KEYFILE` when it cannot be read.
   */
  hotkeyAddress(): Promise<Ss58>
  /**
   * The coldkey, ready to sign; asks `source` if it is encrypted. Opened once: later calls give the same key.
   * @throws {BittensorError} `WALLET_NOT_FOUND`, `KEYFILE` (also when coldkeypub.txt belongs to another key),
   * `BAD_PASSWORD`, `MISSING_INPUT` when there is no password to be had.
   */
  unlockColdkey(source: PasswordSource): Promise<Keypair>
  /** As {@link Wallet.unlockColdkey}, for the hotkey. */
  unlockHotkey(source: PasswordSource): Promise<Keypair>
}

type Paths = Pick<
  Wallet,
  'name' | 'hotkeyName' | 'path' | 'coldkeyPath' | 'coldkeypubPath' | 'hotkeyPath'
>

/** Where a wallet lies; `root` is the folder of all wallets, with `~` already resolved. */
export type WalletLocation = {
  readonly root: string
  readonly name: string
  readonly hotkey?: string | undefined
}

/**
 * Names a wallet; nothing is read yet.
 * @param options.onWarning hears of key files that other users of the machine can read
 * @throws {BittensorError} `USAGE` when a name could not be one of a wallet or hotkey.
 * @example
 * const wallet = openWallet({ root: '/home/alice/.bittensor/wallets', name: 'default', hotkey: 'default' })
 * console.log(await wallet.coldkeypubAddress())
 */
export function openWallet(
  location: WalletLocation,
  options: { onWarning?: ((text: string) => void) | undefined } = {},
): Wallet {
  const paths = walletPaths(location)
  const warn = options.onWarning ?? (() => undefined)
  let coldkey: Promise<Keypair> | undefined
  let hotkey: Promise<Keypair> | undefined
  return {
    ...paths,
    hasColdkey: async () => (await readKeyfile(paths.coldkeyPath)) !== undefined,
    hasColdkeypub: async () => (await readKeyfile(paths.coldkeypubPath)) !== undefined,
    hasHotkey: async () => (await readKeyfile(paths.hotkeyPath)) !== undefined,
    coldkeypubAddress: () => readColdkeyAddress(paths, warn),
    hotkeyAddress: () => readHotkeyAddress(paths, warn),
    async unlockColdkey(source) {
      coldkey ??= unlockColdkey(paths, source, warn)
      return coldkey.catch((error: unknown) => {
        coldkey = undefined
        throw error
      })
    },
    async unlockHotkey(source) {
      hotkey ??= unlockHotkey(paths, source, warn)
      return hotkey.catch((error: unknown) => {
        hotkey = undefined
        throw error
      })
    },
  }
}

/**
 * The paths of a wallet's files.
 * @throws {BittensorError} `USAGE` when a name could not be one of a wallet or hotkey.
 */
export function walletPaths({ root, name, hotkey = 'default' }: WalletLocation): Paths {
  checkKeyName('wallet', name)
  checkKeyName('hotkey', hotkey)
  const path = join(root, name)
  return {
    name,
    hotkeyName: hotkey,
    path,
    coldkeyPath: join(path, 'coldkey'),
    coldkeypubPath: join(path, 'coldkeypub.txt'),
    hotkeyPath: join(path, 'hotkeys', hotkey),
  }
}

type Warn = (text: string) => void

async function readColdkeyAddress(paths: Paths, warn: Warn): Promise<Ss58> {
  const publicAddress = await publicAddressAt(paths.coldkeypubPath)
  if (publicAddress) return publicAddress
  const file = await readSecretFile(paths.coldkeyPath, warn)
  if (!file) throw noSuchKey(paths, 'coldkey')
  const address = await addressOfKeyfile(file)
  if (address) return address
  throw new BittensorError(
    'WALLET_NOT_FOUND',
    `wallet \`${paths.name}\` has no coldkeypub.txt, and its coldkey is encrypted`,
    { hint: `btcli regen_coldkeypub --wallet.name ${paths.name} --ss58_address <address>` },
  )
}

async function readHotkeyAddress(paths: Paths, warn: Warn): Promise<Ss58> {
  const file = await readSecretFile(paths.hotkeyPath, warn)
  const address = file && (await addressOfKeyfile(file))
  if (address) return address
  const publicAddress = await publicAddressAt(publicPathOfHotkey(paths.hotkeyPath))
  if (publicAddress) return publicAddress
  if (!file) throw noSuchKey(paths, 'hotkey')
  throw new BittensorError(
    'KEYFILE',
    `the address of hotkey \`${paths.hotkeyName}\` is unknown: its file is encrypted and has no public file beside it`,
    { hint: 'give the ss58 address instead of the name' },
  )
}

/** Where wallets since 4.0 keep the public part of a hotkey. */
export function publicPathOfHotkey(hotkeyPath: string): string {
  return `${hotkeyPath}pub.txt`
}

/** The address in a public key file, undefined without one. */
async function publicAddressAt(path: string): Promise<Ss58 | undefined> {
  const file = await readKeyfile(path)
  return file && addressOfKeyfile(file)
}

async function unlockColdkey(paths: Paths, source: PasswordSource, warn: Warn): Promise<Keypair> {
  const file = await readSecretFile(paths.coldkeyPath, warn)
  const publicAddress = await publicAddressAt(paths.coldkeypubPath)
  if (!file) throw publicAddress ? watchOnly(paths, publicAddress) : noSuchKey(paths, 'coldkey')
  const keypair = await unlock(file, `coldkey of wallet ${paths.name}`, source)
  return checkSameKey(keypair, publicAddress, paths.coldkeyPath, paths.coldkeypubPath)
}

async function unlockHotkey(paths: Paths, source: PasswordSource, warn: Warn): Promise<Keypair> {
  const file = await readSecretFile(paths.hotkeyPath, warn)
  if (!file) throw noSuchKey(paths, 'hotkey')
  const publicPath = publicPathOfHotkey(paths.hotkeyPath)
  const publicAddress = await publicAddressAt(publicPath)
  const keypair = await unlock(file, `hotkey ${paths.hotkeyName} of wallet ${paths.name}`, source)
  return checkSameKey(keypair, publicAddress, paths.hotkeyPath, publicPath)
}

/** Balances are shown for the public file's address: signing with another key would surprise, or lose money. */
function checkSameKey(
  keypair: Keypair,
  publicAddress: Ss58 | undefined,
  path: string,
  publicPath: string,
): Keypair {
  if (publicAddress === undefined || publicAddress === keypair.address) return keypair
  throw new BittensorError(
    'KEYFILE',
    `${path} and ${publicPath} belong to different keys: nothing is signed with them`,
    {
      details: `the secret is that of ${keypair.address}, the public file says ${publicAddress}`,
      hint: 'find out which of the two is yours; regen_coldkeypub rewrites the public file',
      data: { secretAddress: keypair.address, publicAddress },
    },
  )
}

async function unlock(file: Keyfile, what: string, source: PasswordSource): Promise<Keypair> {
  if (!file.encrypted) return keypairOfKeyfile(parseKeyfile(file.bytes, file.path), file.path)
  const json = await decryptWith(file, what, source)
  try {
    return await keypairOfKeyfile(parseKeyfile(json, file.path), file.path)
  } finally {
    json.fill(0)
  }
}

async function decryptWith(
  file: Keyfile,
  what: string,
  source: PasswordSource,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const answer = await source({ path: file.path, what, attempt, wrong: attempt > 1 })
    if (!answer) throw noPassword(what)
    try {
      return await decryptKeyfile(file.bytes, answer.password, file.path)
    } catch (error) {
      if (!(error instanceof BittensorError) || error.code !== 'BAD_PASSWORD') throw error
      if (!answer.retry) throw wrongPassword(file.path, answer.origin)
    }
  }
}

function noPassword(what: string): BittensorError {
  return new BittensorError('MISSING_INPUT', `the ${what} is encrypted and no password was given`, {
    hint: 'set BT_WALLET_PASSWORD, or BT_WALLET_PASSWORD_FILE to a file that only you can read',
  })
}

async function readSecretFile(path: string, warn: Warn): Promise<Keyfile | undefined> {
  const file = await readKeyfile(path)
  if (file?.readableByOthers) {
    warn(`${path} can be read by other users of this machine; to stop that: chmod 600 '${path}'`)
  }
  return file
}

function watchOnly(paths: Paths, address: Ss58): BittensorError {
  return new BittensorError(
    'WALLET_NOT_FOUND',
    `wallet \`${paths.name}\` is watch-only: it knows ${address} but has no coldkey to sign with`,
    { hint: 'bring its coldkey here with btcli regen_coldkey, or sign where the coldkey is' },
  )
}

function noSuchKey(paths: Paths, kind: 'coldkey' | 'hotkey'): BittensorError {
  if (!existsSync(paths.path)) {
    return new BittensorError('WALLET_NOT_FOUND', `there is no wallet \`${paths.name}\``, {
      details: `looked in ${dirname(paths.path)}`,
      hint: nearby(paths.name, dirname(paths.path)) ?? howToGet('coldkey'),
    })
  }
  const which = kind === 'coldkey' ? 'coldkey' : `hotkey \`${paths.hotkeyName}\``
  return new BittensorError('WALLET_NOT_FOUND', `wallet \`${paths.name}\` has no ${which}`, {
    details: `looked for ${kind === 'coldkey' ? paths.coldkeyPath : paths.hotkeyPath}`,
    hint:
      (kind === 'hotkey' && nearby(paths.hotkeyName, dirname(paths.hotkeyPath))) || howToGet(kind),
  })
}

function howToGet(kind: 'coldkey' | 'hotkey'): string {
  return `see what there is with btcli list, or make one with btcli new_${kind}`
}

/** `did you mean alice?`, if a name in the folder is almost that one. */
function nearby(name: string, folder: string): string | undefined {
  if (!existsSync(folder)) return undefined
  const names = readdirSync(folder).filter((one) => !one.endsWith('pub.txt'))
  const [near] = closest(name, names)
  return near && `did you mean ${near}?`
}
