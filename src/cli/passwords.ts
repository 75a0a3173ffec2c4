/** Passwords of key files for commands: the environment first, then a question, three tries. */
import { BittensorError } from '../core/errors.js'
import type { PasswordSource } from '../core/wallet/passwords.js'
import { passwordSource } from '../core/wallet/passwords.js'
import type { Context } from './context.js'
import { prose } from './text.js'

const TRIES = 3

/**
 * The source of passwords of a run. On a terminal a wrong one is asked for again; a password from the environment is
 * tried once.
 * @example
 * const key = await wallet.unlockColdkey(passwordsOf(ctx))
 */
export function passwordsOf(ctx: Context): PasswordSource {
  return passwordSource({
    env: ctx.env,
    async ask({ what, attempt, wrong }) {
      if (attempt > TRIES) return undefined
      if (wrong) ctx.stderr.line(`Wrong password for ${what} (${attempt - 1} of ${TRIES})`)
      const password = await ctx.prompt.password({ message: `Enter password to unlock ${what}` })
      ctx.say(`Decrypting ${what} …`)
      return { password, retry: attempt < TRIES, origin: 'the answer' }
    },
  })
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
