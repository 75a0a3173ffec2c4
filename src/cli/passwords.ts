/** Passwords of key files for commands: the environment first, then a question, three tries. */
import { BittensorError } from '../core/errors.js'
import type { PasswordRequest, PasswordSource } from '../core/wallet/passwords.js'
import { passwordSource } from '../core/wallet/passwords.js'
import type { Context } from './context.js'
import { prose } from './text.js'

const TRIES = 3

/**
 * Unlocks keys: the password comes from the environment, or is asked for. On a terminal a wrong one is asked for again; a
 * password from the environment is tried once. What is typed while a key is decrypted may be the end of a password: it
 * is not shown.
 * @example
 * const key = await unlocking(ctx, (passwords) => wallet.unlockColdkey(passwords))
 */
export async function unlocking<T>(
  ctx: Context,
  unlock: (passwords: PasswordSource) => Promise<T>,
): Promise<T> {
  let rest = NOTHING
  const finish = async () => {
    const ending = rest
    rest = NOTHING
    await ending()
  }
  const asking = async ({ what, attempt, wrong }: PasswordRequest) => {
    if (attempt > TRIES) return undefined
    if (wrong) ctx.stderr.line(`Wrong password for ${what} (${attempt - 1} of ${TRIES})`)
    const password = await ctx.prompt.password({ message: `Enter password to unlock ${what}` })
    const unmute = mute(ctx)
    const end = working(ctx, `Decrypting ${what} …`)
    rest = () => end().finally(unmute)
    return { password, retry: attempt < TRIES, origin: 'the answer' }
  }
  const known = passwordSource({ env: ctx.env })
  try {
    return await unlock(async (request) => {
      await finish()
      const found = await known(request)
      // A script need not read that it takes a second; a person wonders.
      if (found && ctx.settings.spinner) rest = working(ctx, `Decrypting ${request.what} …`)
      return found ?? asking(request)
    })
  } finally {
    await finish()
  }
}

const NOTHING = async (): Promise<void> => undefined

/** A sign of life. @returns what ends it */
function working(ctx: Context, text: string): () => Promise<void> {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const shown = ctx.progress(text, () => ended)
  return () => {
    end()
    return shown
  }
}

/** Work under a spinner after a password was typed, without showing what is typed meanwhile. */
export async function mutedProgress<T>(
  ctx: Context,
  text: string,
  work: () => Promise<T>,
): Promise<T> {
  // In the background, where nothing is asked, touching the terminal would stop the process.
  const unmute = ctx.settings.interactive ? mute(ctx) : () => undefined
  try {
    return await ctx.progress(text, work)
  } finally {
    unmute()
  }
}

/** @returns what gives the keyboard back */
function mute({ stdin }: Context): () => void {
  return (stdin.isTTY && stdin.mute?.()) || (() => undefined)
}

/** The new password of a key file: asked twice, `problem` says what is wrong with one. */
export async function askNewPassword(
  ctx: Context,
  problem: (password: string) => string | undefined,
): Promise<string> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const password = await ctx.prompt.password({ message: 'Specify password for key encryption' })
    const fault = problem(password)
    if (fault !== undefined) {
      ctx.stderr.line(prose(fault, ctx.stderr.columns))
      continue
    }
    const again = await ctx.prompt.password({ message: 'Retype your password' })
    if (again === password) return password
    ctx.stderr.line('Passwords do not match')
  }
  throw new BittensorError('USAGE', 'no password was set in three tries', {
    details: 'nothing was written',
  })
}
