/** Runs other programs, without the secrets that this one was given. */
import { spawn } from 'node:child_process'
import { platform } from 'node:os'
import { BittensorError } from '../core/errors.js'
import type { Env } from './context.js'

export type ChildOptions = {
  readonly env: Env
  readonly signal: AbortSignal
  /** Ends it after so long. */
  readonly timeoutMs?: number
  /** `capture`: its output is returned; `show`: it goes to our stderr, where it belongs beside an answer on stdout. */
  readonly output: 'capture' | 'show'
}

export type ChildResult = {
  /** Exit status; null if a signal or the timeout ended it. */
  readonly code: number | null
  readonly stdout: string
}

/** Runs a program to its end. */
export type RunChild = (
  command: string,
  args: readonly string[],
  options: ChildOptions,
) => Promise<ChildResult>

/** @throws {BittensorError} `INTERNAL` when there is no such program, `INTERRUPTED` on the signal */
export const runChild: RunChild = (command, args, { env, signal, timeoutMs, output }) =>
  new Promise((resolve, reject) => {
    const shown = output === 'show' ? 2 : 'ignore'
    const child = spawn(command, [...args], {
      env: withoutSecrets(env),
      signal,
      stdio: ['ignore', output === 'capture' ? 'pipe' : 2, shown],
      // On Windows npm is a batch file, which only a shell can start.
      shell: platform() === 'win32',
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    })
    const chunks: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(startFailure(command, cause, signal)),
    )
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(chunks).toString('utf8') }))
  })

/** Passwords and the like in variables are for us alone. */
export function withoutSecrets(env: Env): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^BT_(PW|COLD_PW|WALLET_PASSWORD)(_|$)/i.test(name)),
  )
}

function startFailure(command: string, cause: NodeJS.ErrnoException, signal: AbortSignal): Error {
  if (signal.aborted) return new BittensorError('INTERRUPTED', `interrupted while ${command} ran`)
  return new BittensorError('INTERNAL', `${command} cannot be run`, {
    details: cause.code === 'ENOENT' ? 'it is not installed here' : cause.message,
    cause,
  })
}
