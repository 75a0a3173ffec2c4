/** What all commands that write keys share: the question before replacing, the new password, the words afterwards. */
import { closest } from '../core/closest.js'
import { BittensorError } from '../core/errors.js'
import type { Ss58 } from '../core/keys/ss58.js'
import {
  type ExistingKeys,
  existingColdkey,
  needsOverwrite,
  type WrittenKey,
} from '../core/wallet/create.js'
import { passwordWeakness } from '../core/wallet/passwordPolicy.js'
import { environmentPasswords, readPasswordFile } from '../core/wallet/passwords.js'
import type { WalletLocation } from '../core/wallet/wallet.js'
import type { Context } from './context.js'
import { askNewPassword, mutedProgress } from './passwords.js'
import { absolutePath } from './paths.js'
import type { Block, View } from './table.js'
import { prose } from './text.js'

/** What is about to be written over, and by what. */
export type Replacing = {
  readonly existing: ExistingKeys
  /** Undefined when the key is made only after the answer. */
  readonly address: Ss58 | undefined
  readonly overwrite: boolean
  /** The option that answers the question: `--overwrite_coldkey`. */
  readonly option: string
}

/**
 * Asks before a key is replaced, naming the address that the wallet would lose.
 * @returns whether files may be replaced
 * @throws {BittensorError} `DECLINED`; `MISSING_INPUT` where nothing can be asked (-y alone never replaces a key)
 */
export async function mayOverwrite(ctx: Context, replacing: Replacing): Promise<boolean> {
  const { existing, address, overwrite, option } = replacing
  if (overwrite || !needsOverwrite(existing, address)) return overwrite
  const old = existing.secret ?? existing.public
  const lost = existing.secret?.address ?? existing.public?.address
  const path = old?.path ?? ''
  if (lost !== undefined && address !== undefined && lost !== address) {
    ctx.say(`This would change the key from ${lost}\n                           to ${address}`)
  } else if (lost !== undefined) ctx.say(`${path} holds the key of ${lost}`)
  const message = `File ${path} already exists. Overwrite it? A copy of the old file is kept`
  if (await ctx.prompt.confirm({ message, onlyBy: option })) return true
  throw new BittensorError('DECLINED', 'nothing was written', {
    details: `${path} is as it was`,
  })
}

/** The values of the options in `encryption`. */
export type EncryptionValues = {
  readonly usePassword: boolean
  readonly noPassword: boolean
  readonly passwordFile: string | undefined
}

/**
 * The password for a new key file: file, environment, question. Undefined writes it in clear.
 * @param path of the key file, for `BT_PW_…`
 * @param byDefault whether this kind of key is encrypted unless told otherwise
 * @throws {BittensorError} `MISSING_INPUT` where nothing can be asked
 */
export async function newPassword(
  ctx: Context,
  values: EncryptionValues,
  { path, byDefault }: { readonly path: string; readonly byDefault: boolean },
): Promise<string | undefined> {
  if (values.noPassword) return undefined
  if (values.passwordFile !== undefined) {
    return checked(ctx, await readPasswordFile(absolutePath(values.passwordFile, ctx.paths)))
  }
  if (!values.usePassword && !byDefault) return undefined
  const fromEnvironment = await environmentPasswords(path, ctx.env)
  if (fromEnvironment) return checked(ctx, readablePassword(fromEnvironment.passwords))
  if (ctx.settings.interactive) return askNewPassword(ctx, problemOf)
  throw new BittensorError('MISSING_INPUT', 'the new key needs a password', {
    hint: 'set BT_WALLET_PASSWORD, or use --password_file, or --no_password for a key in clear',
  })
}

/** A variable may hold the password masked or as it is: the masked reading counts only if it gives readable text. */
function readablePassword(candidates: readonly string[]): string {
  return candidates.find((candidate) => !/\p{Cc}/u.test(candidate)) ?? candidates.at(-1) ?? ''
}

function problemOf(password: string): string | undefined {
  const weakness = passwordWeakness(password)
  if (!weakness) return undefined
  return `Password not strong enough: ${weakness.sentence}. Make it longer or less regular`
}

/** Passwords of scripts are not refused, or scripts of other tools would stop working. */
function checked(ctx: Context, password: string): string {
  const weakness = passwordWeakness(password)
  if (weakness) ctx.warn(`the password of the new key is weak: ${weakness.sentence}`)
  return password
}

/** A hotkey without a coldkey cannot be registered or staked to. */
export async function warnOfMissingColdkey(ctx: Context, location: WalletLocation): Promise<void> {
  const coldkey = await existingColdkey({ root: location.root, name: location.name })
  if (coldkey.secret || coldkey.public) return
  const { listWallets } = await import('../core/wallet/listWallets.js')
  const names = (await listWallets(location.root)).map(({ name }) => name)
  const [near] = closest(
    location.name,
    names.filter((name) => name !== location.name),
  )
  const meant = near === undefined ? '' : `; did you mean wallet ${near}?`
  ctx.warn(`wallet ${location.name} has neither a coldkey nor a coldkeypub.txt${meant}`)
}

/** Writes with a sign of life while the password is hashed. */
export async function writeKey(
  ctx: Context,
  password: string | undefined,
  write: (run: { readonly now: Date; readonly signal: AbortSignal }) => Promise<WrittenKey>,
): Promise<WrittenKey> {
  const writing = () => write({ now: ctx.clock.now(), signal: ctx.signal })
  return password === undefined ? writing() : mutedProgress(ctx, 'Encrypting the key', writing)
}

/** Whether the words of a new key are shown: on a terminal unless hidden, elsewhere only on request. */
export function showsMnemonic(
  ctx: Context,
  values: { readonly hideMnemonic: boolean; readonly printMnemonic: boolean },
): boolean {
  if (values.printMnemonic) return true
  const shown = ctx.stdout.isTTY && !ctx.settings.json && !values.hideMnemonic
  if (!shown && !values.hideMnemonic) {
    ctx.warn('the mnemonic is not printed here: it is in the key file only; see --print_mnemonic')
  }
  return shown
}

/** What a command that wrote a key returns. */
export type KeyWritten = WrittenKey & {
  readonly wallet: string
  /** Undefined for coldkeys. */
  readonly hotkey: string | undefined
  /** Undefined when there is none or it is not to be shown. */
  readonly mnemonic: string | undefined
}

/** The answer for people. */
export function keyWrittenBlocks(done: string, written: KeyWritten, view: View): Block[] {
  const { style } = view
  const rows: [string, string][] = [
    ['wallet', written.wallet],
    ...(written.hotkey === undefined ? [] : [['hotkey', written.hotkey] as [string, string]]),
    ['address', written.address],
    ['file', written.path],
    ['stored', written.encrypted ? 'encrypted' : 'not encrypted'],
    ...written.backups.map((path): [string, string] => ['old file', path]),
  ]
  const kind = written.hotkey === undefined ? 'coldkey' : 'hotkey'
  return [
    `${style.green(style.sign.ok)} ${done}`,
    rows.map(([name, value]) => `  ${name.padEnd(8)} ${value}`).join('\n'),
    ...(written.mnemonic === undefined ? [] : mnemonicBlocks(kind, written.mnemonic, view)),
  ]
}

function mnemonicBlocks(kind: string, mnemonic: string, { style, width }: View): Block[] {
  const advice =
    `Write these words down and keep them offline: whoever has them has the ${kind} and its funds.\n` +
    'They are the only copy outside the file.'
  return [
    `\n${style.red(prose(advice, width))}`,
    `\nThe mnemonic to the new ${kind} is:\n\n`,
    style.green(numberedWords(mnemonic)),
    `\nTo restore the key, run \`btcli regen_${kind}\` and type the words when asked.`,
    "To clear them from this screen: clear && printf '\\033[3J'",
  ]
}

/** The words numbered in two columns, so that their order survives copying by hand. */
function numberedWords(mnemonic: string): string {
  const words = mnemonic.split(' ')
  const half = Math.ceil(words.length / 2)
  const cell = (index: number) => `${`${index + 1}`.padStart(3)}. ${words[index] ?? ''}`
  return Array.from({ length: half }, (_, row) => {
    const right = row + half < words.length ? cell(row + half) : ''
    return `  ${cell(row).padEnd(18)}${right}`.trimEnd()
  }).join('\n')
}

/** The answer for programs; `mnemonic` is null unless asked for by `--print_mnemonic`. */
export function keyWrittenJson(written: KeyWritten) {
  return { ...keyRestoredJson(written), mnemonic: written.mnemonic ?? null }
}

/** As {@link keyWrittenJson}, for keys whose words are known already. */
export function keyRestoredJson(written: KeyWritten) {
  const { wallet, hotkey, address, path, publicPath, encrypted, backups } = written
  return {
    name: wallet,
    ...(hotkey === undefined ? {} : { hotkey }),
    address,
    path,
    publicPath: publicPath ?? null,
    encrypted,
    backups,
  }
}
