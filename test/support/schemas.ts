/** Holds every JSON document that a test makes a command print to the schema of that command. */
import { existsSync, readFileSync } from 'node:fs'
import { type Schema, Validator } from '@cfworker/json-schema'

const validators = new Map<string, Validator>()

/** @throws what is wrong with the first document that its schema does not allow */
export function checkDocuments(stdout: string): void {
  for (const line of stdout.split('\n')) {
    if (!/^\{"ok":(true|false),/.test(line)) continue
    const document = JSON.parse(line)
    // Failures before a command was found look the same for all.
    const name: string = document.command ?? 'help'
    const { valid, errors } = validatorOf(name).validate(document)
    if (valid) continue
    const reasons = errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
    // The reasons of each alternative come before that of the whole.
    throw new Error(
      `docs/schemas/${name}.json does not allow this document (npm run docs writes it anew):\n${line}\n${reasons.slice(0, 12).join('\n')}`,
    )
  }
}

function validatorOf(name: string): Validator {
  const known = validators.get(name)
  if (known) return known
  const url = new URL(`../../docs/schemas/${name}.json`, import.meta.url)
  if (!existsSync(url)) throw new Error(`there is no schema of ${name} yet: npm run docs`)
  const schema = JSON.parse(readFileSync(url, 'utf8')) as Schema
  const validator = new Validator(schema, '2020-12', false)
  validators.set(name, validator)
  return validator
}
