/** Where the password of a key file comes from: given, the environment, a file, or a question. */
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { BittensorError } from '../errors.js'
import { errorCode, fileFailure } from './failures.js'

/** What is to be unlocked, and the how-manieth try this is. */
export type PasswordRequest = {
  /** Path of the key file. */
  readonly path: string
  /** For people: `coldkey of wallet alice`. */
  readonly what: string
  /** 1, then 2 and so on while answers are wrong and say `retry`. */
  readonly attempt: number
  /** Set when the answer before was wrong. */
  readonly wrong?: boolean
}

/** One answer; `origin` names where it came from, `retry` says that it makes sense to ask again if it is wrong. */
export type PasswordAnswer = {
  readonly password: string
  readonly retry: boolean
  readonly origin: string
}

/** Gives the password of a key file, or undefined when there is none to give. */
export type PasswordSource = (request: PasswordRequest) => Promise<PasswordAnswer | undefined>

/** Environment variables, passed in by whoever owns the process. */
export type Environment = Readonly<Record<string, string | undefined>>

type Candidates = { readonly origin: string; readonly passwords: readonly string[] }

const OTHERS_MAY_READ = 0o004

/**
 * The usual order: the given password, then the environment (`BT_WALLET_PASSWORD`, `BT_PW_<path>`, `BT_COLD_PW_<name>`,
 * `BT_WALLET_PASSWORD_FILE`), then `ask`. The first that exists decides: a wrong one is reported, not skipped.
 * @example
 * const key = await wallet.unlockColdkey(passwordSource({ env: { BT_WALLET_PASSWORD: 'secret' } }))
 */
export function passwordSource(options: {
  password?: string | undefined
  env?: Environment | undefined
  ask?: PasswordSource | undefined
}): PasswordSource {
  return async (request) => {
    const found =
      options.password === undefined
        ? await environmentPasswords(request.path, options.env ?? {})
        : { origin: 'the given password', passwords: [options.password] }
    if (!found) return options.ask?.(request)
    const password = found.passwords[request.attempt - 1]
    if (password === undefined) return undefined
    return { password, origin: found.origin, retry: request.attempt < found.passwords.length }
  }
}

/** The variable that wallets since 2.0 read for a key file: its path with `/` and `.` as `_`, in upper case. */
export function environmentVariableOf(path: string): string {
  return `BT_PW_${path.replace(/[/.]/g, '_').toUpperCase()}`
}

/**
 * The passwords that the environment offers for a key file, and the variable they came from.
 * @throws {BittensorError} `KEYFILE` when `BT_WALLET_PASSWORD_FILE` cannot be read, or by everybody.
 */
export async function environmentPasswords(
  path: string,
  env: Environment,
): Promise<Candidates | undefined> {
  const set = new Map(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const everyKey = set.get('BT_WALLET_PASSWORD')
  if (everyKey !== undefined) return { origin: 'BT_WALLET_PASSWORD', passwords: [everyKey] }
  return byPath(path, set) ?? byWalletName(path, set) ?? (await fromFile(set))
}

type Variables = ReadonlyMap<string, string | undefined>

function byPath(path: string, variables: Variables): Candidates | undefined {
  for (const candidate of new Set([path, resolve(path)])) {
    const origin = environmentVariableOf(candidate)
    const value = variables.get(origin)
    if (value === undefined) continue
    const decoded = unmask(value, origin)
    // People also put the password there as it is, though the Python tools never took that.
    const passwords = decoded === undefined ? [value] : [decoded, value]
    return { origin, passwords }
  }
  return undefined
}

/** As bittensor 6 and 7: `BT_COLD_PW_MY_WALLET`, in any case, for the coldkey of `my-wallet`. */
function byWalletName(path: string, variables: Variables): Candidates | undefined {
  if (basename(path) !== 'coldkey') return undefined
  const name = basename(dirname(resolve(path)))
  const wanted = `BT_COLD_PW_${name.replaceAll('-', '_')}`.toUpperCase()
  for (const [variable, value] of variables) {
    if (value !== undefined && variable.toUpperCase() === wanted) {
      return { origin: variable, passwords: [value] }
    }
  }
  return undefined
}

async function fromFile(variables: Variables): Promise<Candidates | undefined> {
  const path = variables.get('BT_WALLET_PASSWORD_FILE')
  if (path === undefined) return undefined
  const password = await readPasswordFile(path)
  return { origin: `the file ${path} (BT_WALLET_PASSWORD_FILE)`, passwords: [password] }
}

/**
 * The password in a file: its first line, trimmed.
 * @throws {BittensorError} `KEYFILE` when it cannot be read, is empty, or everybody on this machine can read it.
 */
export async function readPasswordFile(path: string): Promise<string> {
  try {
    const found = await stat(path)
    if (found.isFile() && (found.mode & OTHERS_MAY_READ) !== 0) {
      throw new BittensorError('KEYFILE', `the password file ${path} can be read by everybody`, {
        hint: `chmod 600 ${path}`,
      })
    }
    const [line = ''] = (await readFile(path, 'utf8')).split(/\r?\n/)
    if (line.trim() !== '') return line.trim()
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw fileFailure('read', path, cause)
    throw new BittensorError('KEYFILE', `the password file ${path} does not exist`)
  }
  throw new BittensorError('KEYFILE', `the password file ${path} is empty`)
}

/** Base64 of the password XOR the variable's name, which Python's wallets write; undefined when it is not that. */
function unmask(value: string, variable: string): string | undefined {
  const masked = Buffer.from(value, 'base64')
  const isBase64 = masked.toString('base64').replace(/=+$/, '') === value.trim().replace(/=+$/, '')
  if (!isBase64 || masked.length === 0) return undefined
  const name = Buffer.from(variable, 'utf8')
  const clear = masked.map((byte, index) => byte ^ (name[index % name.length] ?? 0))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(clear)
  } catch {
    return undefined
  }
}
