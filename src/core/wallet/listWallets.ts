/** The wallets in a folder, with the addresses that can be known without any password. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ss58 } from '../keys/ss58.js'
import { errorCode, fileFailure } from './failures.js'
import { naturalOrder } from './naturalOrder.js'
import { addressOfKeyfile, readKeyfile } from './readKeyfile.js'

/** One wallet folder. */
export type WalletSummary = {
  readonly name: string
  readonly path: string
  /** Undefined when there is no key, or its address is not readable without a password. */
  readonly coldkeyAddress: Ss58 | undefined
  readonly coldkeyEncrypted: boolean
  /** False for watch-only wallets and those that hold hotkeys alone. */
  readonly hasColdkey: boolean
  /** All files in `hotkeys/`, those that are damaged as well. */
  readonly hotkeys: readonly HotkeySummary[]
}

/** One hotkey of a wallet. */
export type HotkeySummary = {
  readonly name: string
  /** Undefined when the file is encrypted and has no public file beside it, or is no readable key. */
  readonly address: Ss58 | undefined
  readonly encrypted: boolean
  /** Only the public file is here, so it cannot sign. */
  readonly publicOnly: boolean
}

type Key = { readonly address: Ss58 | undefined; readonly encrypted: boolean }

const PUBLIC_SUFFIX = 'pub.txt'

/**
 * All wallets of a folder, sorted as people count (`miner2` before `miner10`). Hidden folders and files
 * are left out; nothing is asked, and a damaged key only has no address.
 * @param options.only a single wallet's name
 * @returns an empty list when the folder does not exist
 * @throws {BittensorError} `KEYFILE` when the folder cannot be read.
 * @example
 * for (const wallet of await listWallets('/home/alice/.bittensor/wallets')) console.log(wallet.name)
 */
export async function listWallets(
  root: string,
  options: { only?: string | undefined } = {},
): Promise<WalletSummary[]> {
  const folders = await visibleEntries(root)
  const names: string[] = []
  for (const entry of folders) {
    const isWanted = options.only === undefined || options.only === entry.name
    if (isWanted && (await isKind(root, entry, 'isDirectory'))) names.push(entry.name)
  }
  return Promise.all(names.sort(naturalOrder).map((name) => summarize(join(root, name), name)))
}

async function summarize(path: string, name: string): Promise<WalletSummary> {
  const [coldkeypub, coldkey, hotkeys] = await Promise.all([
    readKey(join(path, 'coldkeypub.txt')),
    readKey(join(path, 'coldkey')),
    listHotkeys(join(path, 'hotkeys')),
  ])
  return {
    name,
    path,
    coldkeyAddress: coldkeypub?.address ?? coldkey?.address,
    coldkeyEncrypted: coldkey?.encrypted ?? false,
    hasColdkey: coldkey !== undefined,
    hotkeys,
  }
}

async function listHotkeys(folder: string): Promise<HotkeySummary[]> {
  const entries = await visibleEntries(folder).catch(() => [])
  const keys = new Map<string, Key | undefined>()
  for (const entry of entries) {
    if (await isKind(folder, entry, 'isFile')) {
      keys.set(entry.name, await readKey(join(folder, entry.name)))
    }
  }
  return [...keys.keys()].sort(naturalOrder).flatMap((name) => summarizeHotkey(name, keys))
}

/** Public files are folded into their hotkey; one without its hotkey stands for it. */
function summarizeHotkey(
  name: string,
  keys: ReadonlyMap<string, Key | undefined>,
): HotkeySummary[] {
  const key = keys.get(name)
  if (!key) return []
  if (!name.endsWith(PUBLIC_SUFFIX) || name === PUBLIC_SUFFIX) {
    const address = key.address ?? keys.get(`${name}${PUBLIC_SUFFIX}`)?.address
    return [{ name, address, encrypted: key.encrypted, publicOnly: false }]
  }
  const hotkey = name.slice(0, -PUBLIC_SUFFIX.length)
  if (keys.has(hotkey)) return []
  return [{ name: hotkey, address: key.address, encrypted: false, publicOnly: true }]
}

/** Undefined when there is no file; without address when it is encrypted, unreadable or no key. */
async function readKey(path: string): Promise<Key | undefined> {
  try {
    const file = await readKeyfile(path)
    if (!file) return undefined
    const address = await addressOfKeyfile(file).catch(() => undefined)
    return { address, encrypted: file.encrypted }
  } catch {
    return { address: undefined, encrypted: false }
  }
}

async function visibleEntries(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter(({ name }) => !name.startsWith('.'))
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return []
    throw fileFailure('read', folder, cause)
  }
}

/** Follows links, as people link wallets and keys from other disks. */
async function isKind(
  folder: string,
  entry: Dirent,
  kind: 'isDirectory' | 'isFile',
): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry[kind]()
  try {
    return (await stat(join(folder, entry.name)))[kind]()
  } catch {
    return false
  }
}
