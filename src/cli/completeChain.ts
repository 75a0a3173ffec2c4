/** Completion over the parts of a runtime. */
import { callableMethods } from '../core/chain/apiCall.js'
import { capabilitiesOf, eraOfDescription, type Runtime } from '../core/chain/description.js'
import { calls, constants, findNamed, storageItems } from './chainNames.js'
import { fieldTypeText } from './chainValues.js'
import type { Candidate } from './complete.js'

/** `Owner.name` of everything that a command can be asked about; nothing while no runtime was seen. */
export async function chainWords(command: string, runtime: Runtime | undefined): Promise<string[]> {
  if (!runtime) return []
  return Object.entries(thingsOf(command, runtime)).flatMap(([owner, things]) =>
    Object.keys(things).map((name) => `${owner}.${name}`),
  )
}

function thingsOf(
  command: string,
  runtime: Runtime,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { description } = runtime
  switch (command) {
    case 'query':
      return storageItems.all(description)
    case 'const':
      return constants.all(description)
    case 'tx':
      return calls.all(description)
    default: {
      const { hasRuntimeApi } = capabilitiesOf(() => runtime)
      return callableMethods(runtime, eraOfDescription(description), hasRuntimeApi)
    }
  }
}

/** The arguments of a call as options, their types as descriptions. */
export function callArguments(runtime: Runtime, call: string): Candidate[] {
  return findNamed(runtime, calls, call).found.fields.map((field) => ({
    value: `--${field[0]}`,
    description: fieldTypeText(runtime, field),
  }))
}
