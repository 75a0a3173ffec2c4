/** Secrets from people: a mnemonic, a seed, a JSON backup or a key URI, typed unseen, piped, or in a file. */
import { readFile, stat } from 'node:fs/promises'
import { BittensorError } from '../core/errors.js'
import type { CryptoType, Keypair } from '../core/keys/keypair.js'
import { readPasswordFile } from '../core/wallet/passwords.js'
import type { Context } from './context.js'
import { mutedProgress } from './passwords.js'
import { absolutePath } from './paths.js'
import { prose, safe } from './text.js'

/** The values of the options in `keySource`. */
export type SourceValues = {
  readonly mnemonic: readonly string[]
  readonly mnemonicFile: string | undefined
  readonly seed: string | undefined
  readonly json: string | undefined
  readonly jsonPassword: string | undefined
  readonly jsonPasswordFile: string | undefined
  readonly cryptoType: CryptoType
}

/** Wrong answers before the run ends. */
const TRIES = 3

/** Secrets are a few hundred bytes, backups a few thousand. */
const LARGEST = 256 * 1024

/**
 * The key that the options or the answers describe, fully checked. Several sources: mnemonic before seed before JSON.
 * @throws {BittensorError} `USAGE` for a wrong secret, `MISSING_INPUT`, `KEYFILE`, `BAD_PASSWORD` for backups
 */
export async function keypairFromInput(ctx: Context, values: SourceValues): Promise<Keypair> {
  if (values.mnemonic.length > 0) {
    warnOfArguments(ctx, 'mnemonic', values.mnemonic[0] !== '-')
    return fromMnemonic(await orStdin(ctx, values.mnemonic), values)
  }
  if (values.mnemonicFile !== undefined) {
    return fromMnemonic(await readSecretFile(ctx, values.mnemonicFile), values)
  }
  if (values.seed !== undefined) {
    warnOfArguments(ctx, 'seed', values.seed !== '-')
    return fromSeed(await orStdin(ctx, [values.seed]), values)
  }
  if (values.json !== undefined) return fromBackup(ctx, values.json, values)
  return fromAnswer(ctx, values)
}

/** The key of a key URI; `-` reads it from stdin. */
export async function keypairFromUriInput(
  ctx: Context,
  uri: string,
  cryptoType: CryptoType,
): Promise<Keypair> {
  // Steps on the development phrase are no secret: everybody knows //Alice.
  warnOfArguments(ctx, 'uri', uri !== '-' && !uri.startsWith('/'))
  const { keypairFromUri } = await import('../core/keys/keypair.js')
  return keypairFromUri(await orStdin(ctx, [uri]), { cryptoType })
}

/** One unseen question for all sources, told apart as bittensor 5.3.1 does. */
async function fromAnswer(ctx: Context, values: SourceValues): Promise<Keypair> {
  if (!ctx.settings.interactive) {
    throw new BittensorError(
      'MISSING_INPUT',
      'the key to restore is missing: its mnemonic, seed or JSON backup',
      { hint: 'pipe the words in with --mnemonic -, or use --mnemonic_file, --seed - or --json' },
    )
  }
  for (let tries = 1; ; tries++) {
    try {
      return await keyOfAnswer(ctx, values)
    } catch (error) {
      const isWrong = error instanceof BittensorError && error.code !== 'INTERRUPTED'
      if (!isWrong || tries === TRIES) throw error
      ctx.stderr.line(prose(safe(error.message), ctx.stderr.columns))
    }
  }
}

async function keyOfAnswer(ctx: Context, values: SourceValues): Promise<Keypair> {
  const message = 'Enter mnemonic, seed, or json file location'
  const answer = (await ctx.prompt.password({ message })).trim()
  if (answer === '') throw new BittensorError('USAGE', 'nothing was entered')
  if (/^(0x)?[0-9a-f]{64}$|^0x/i.test(answer)) return fromSeed(answer, values)
  if (/\s/.test(answer) && !answer.endsWith('.json')) return fromMnemonic(answer, values)
  return fromBackup(ctx, answer, values)
}

async function fromMnemonic(text: string, { cryptoType }: SourceValues): Promise<Keypair> {
  const { keypairFromMnemonic } = await import('../core/keys/keypair.js')
  return keypairFromMnemonic(text, { cryptoType })
}

async function fromSeed(text: string, { cryptoType }: SourceValues): Promise<Keypair> {
  const { keypairFromHex } = await import('../core/keys/keypair.js')
  return keypairFromHex(text, { cryptoType })
}

async function fromBackup(ctx: Context, file: string, values: SourceValues): Promise<Keypair> {
  const text = await readSecretFile(ctx, file)
  const { isEncryptedBackup, keypairFromBackup } = await import('../core/wallet/polkadotJson.js')
  if (!isEncryptedBackup(text)) return keypairFromBackup(text)
  const password = await backupPassword(ctx, values)
  return mutedProgress(ctx, 'Decrypting the JSON backup', () => keypairFromBackup(text, password))
}

async function backupPassword(ctx: Context, values: SourceValues): Promise<string> {
  if (values.jsonPassword !== undefined) {
    warnOfArguments(ctx, 'json_password', true)
    return values.jsonPassword
  }
  if (values.jsonPasswordFile !== undefined) {
    return readPasswordFile(absolutePath(values.jsonPasswordFile, ctx.paths))
  }
  if (!ctx.settings.interactive) {
    throw new BittensorError('MISSING_INPUT', 'the JSON backup is encrypted', {
      hint: 'give its password with --json_password_file',
    })
  }
  return ctx.prompt.password({ message: 'Enter json backup password' })
}

async function orStdin(ctx: Context, words: readonly string[]): Promise<string> {
  if (words.length !== 1 || words[0] !== '-') return words.join(' ')
  const text = await ctx.stdin.readText()
  if (text.trim() === '') throw new BittensorError('MISSING_INPUT', 'stdin was empty')
  return text.trim()
}

/** A file with a secret; a warning if others can read it. */
async function readSecretFile(ctx: Context, file: string): Promise<string> {
  const path = absolutePath(file, ctx.paths)
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new BittensorError('USAGE', `${path} is not a file`)
    if (found.size > LARGEST) throw new BittensorError('USAGE', `${path} is far too large`)
    if ((found.mode & 0o077) !== 0) ctx.warn(`${path} can be read by other users of this machine`)
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof BittensorError) throw cause
    // The answer may have been a mistyped secret, so it is not repeated.
    throw new BittensorError('USAGE', 'the file cannot be read, or does not exist', {
      hint: 'a seed starts with 0x, a mnemonic has spaces, anything else is taken for a file',
    })
  }
}

function warnOfArguments(ctx: Context, name: string, isSecret: boolean): void {
  if (!isSecret || ctx.origin(name)?.layer !== 'flag') return
  ctx.warn(
    `--${name} stays in the history of the shell and is visible to other users while btcli runs; ` +
      'better leave it out and type it when asked, or use stdin (`-`) or a file',
  )
}
