/** Questions on a terminal: @inquirer/prompts, loaded at the first one. Questions go to stderr, stdout stays clean. */
import { BittensorError } from '../core/errors.js'
import type { ConfirmQuestion, InputQuestion, Prompter, SelectQuestion } from './context.js'
import { safe, widthOf, wrap } from './text.js'

/** Wrong answers to one question before the run ends. */
const TRIES = 3

/** The prompter of this process. Ctrl-C, Ctrl-D and an aborted signal throw `INTERRUPTED`. */
export function terminalPrompter(signal: AbortSignal): Prompter {
  const context = { input: process.stdin, output: process.stderr, signal, clearPromptOnDone: false }
  const ask = async <T>(question: (inquirer: Inquirer) => Promise<T>): Promise<T> => {
    const inquirer = await import('@inquirer/prompts')
    const end = new AbortController()
    let isBack = false
    const onKey = (_: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
      // Ctrl-D ends the input; without this the question would wait for ever.
      if (key?.ctrl && key.name === 'd') end.abort()
      // A question for a password has hidden the cursor.
      if (key?.ctrl && key.name === 'z') process.stderr.write('\x1b[?25h')
    }
    // After Ctrl-Z the library neither shows the question again nor reads on: it is asked anew.
    const onContinue = () => {
      isBack = true
      setImmediate(() => end.abort())
    }
    process.stdin.on('keypress', onKey)
    process.on('SIGCONT', onContinue)
    try {
      return await question({
        ...inquirer,
        context: { ...context, signal: AbortSignal.any([signal, end.signal]) },
      })
    } catch (error) {
      if (!isBack) throw cancelled(error)
    } finally {
      process.stdin.off('keypress', onKey)
      process.off('SIGCONT', onContinue)
    }
    return ask(question)
  }
  return {
    input: (question) => ask((inquirer) => input(inquirer, question)),
    password: ({ message }) =>
      ask(({ password, context: io }) =>
        password(
          { message: questionText(message, { default: MASKED }), mask: false, toggleMask: false },
          io,
        ),
      ),
    confirm: (question) => ask((inquirer) => confirm(inquirer, question)),
    select: (question) => ask((inquirer) => select(inquirer, question)),
  }
}

type Io = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream; signal: AbortSignal }
type Inquirer = typeof import('@inquirer/prompts') & { context: Io }

async function input(
  { input: asked, context }: Inquirer,
  question: InputQuestion,
): Promise<string> {
  let wrong = 0
  const answer = await asked(
    {
      message: questionText(question.message, { default: question.default }),
      ...(question.default === undefined ? {} : { default: question.default }),
      validate(text) {
        const problem = question.problem?.(text)
        if (problem === undefined) return true
        wrong += 1
        // The third wrong answer is let through here and refused below, outside of the library.
        return wrong >= TRIES ? true : afterMark(problem)
      },
    },
    context,
  )
  const problem = question.problem?.(answer)
  if (problem !== undefined)
    throw new BittensorError('USAGE', problem, { details: `that was the third try` })
  return answer
}

/** Yes or no as words; anything else repeats the question. Enter alone is the default, which is No. */
async function confirm(
  { input: asked, context }: Inquirer,
  question: ConfirmQuestion,
): Promise<boolean> {
  const fallback = question.default ?? false
  const answer = await asked(
    {
      message: questionText(question.message, { tail: `[${fallback ? 'Y/n' : 'y/N'}]` }),
      validate: (text) => yesNo(text, fallback) !== undefined || 'Please answer y or n',
    },
    context,
  )
  return yesNo(answer, fallback) ?? false
}

function yesNo(text: string, fallback: boolean): boolean | undefined {
  const word = text.trim().toLowerCase()
  if (word === '') return fallback
  if (word === 'y' || word === 'yes') return true
  return word === 'n' || word === 'no' ? false : undefined
}

/** A list; typing leaves what has the words typed. */
async function select({ search, context }: Inquirer, question: SelectQuestion): Promise<string> {
  const choices = question.choices.map((choice) => ({
    value: choice.value,
    name: safe(choice.name ?? choice.value),
    // What stays on the screen: of a row with columns the first three.
    short: safe(choice.name ?? choice.value)
      .trim()
      .split(/ {2,}/)
      .slice(0, 3)
      .join(' '),
    ...(choice.description === undefined ? {} : { description: prose(choice.description) }),
    ...(choice.disabled === undefined ? {} : { disabled: safe(choice.disabled) }),
  }))
  return search(
    {
      message: questionText(question.message),
      source: (term) => matching(choices, term ?? ''),
      ...(question.default === undefined ? {} : { default: question.default }),
    },
    context,
  )
}

/** The prompt library would break it in the middle of a word. */
function prose(text: string): string {
  return wrap(safe(text), process.stderr.columns ?? 80)
}

/** The library puts a mark and a space before questions and complaints. */
function afterMark(text: string, columns: number = process.stderr.columns ?? 80): string {
  return wrap(text, columns - MARK).replaceAll('\n', `\n${' '.repeat(MARK)}`)
}

const MARK = 2

/** What it says in brackets beside a question for a password. */
const MASKED = 'input is masked'

/**
 * A question in lines that fit the terminal; what the library adds, the default answer in parentheses, fits as well.
 * @param tail words that stay together at the end, such as `[y/N]`
 */
export function questionText(
  message: string,
  {
    tail,
    default: fallback,
    columns,
  }: {
    readonly tail?: string
    readonly default?: string | undefined
    readonly columns?: number
  } = {},
): string {
  // What will follow, or room for `y`; the last word stays beside it.
  const room = '_'.repeat(fallback ? widthOf(fallback) + '()'.length : 1)
  const text = tail === undefined ? safe(message) : `${safe(message)} ${tail}`
  return afterMark(`${text}_${room}`, columns).slice(0, -room.length - 1)
}

/** Choices in which every word of the term occurs; those that begin with it or are it first, so that a number finds its row. */
export function matching<C extends { readonly value: string; readonly name: string }>(
  choices: readonly C[],
  term: string,
): C[] {
  const words = term
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const textOf = ({ name, value }: C) => `${name} ${value}`.toLowerCase()
  const isFirst = (choice: C) => textOf(choice).trim().split(/\s+/)[0] === words[0]
  const found = choices.filter((choice) => words.every((word) => textOf(choice).includes(word)))
  return [...found.filter(isFirst), ...found.filter((choice) => !isFirst(choice))]
}

const CANCELS = ['ExitPromptError', 'AbortPromptError', 'CancelPromptError']

function cancelled(error: unknown): unknown {
  if (!(error instanceof Error) || !CANCELS.includes(error.name)) return error
  return new BittensorError('INTERRUPTED', 'cancelled')
}
