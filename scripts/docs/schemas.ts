/** The JSON Schema of every command's `--json` document, from the types of the code. */
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { registry } from '../../src/cli/registry.js'
import { schemaOfType } from './jsonSchema.js'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** File names in docs/schemas and their content. */
export async function schemaFiles(): Promise<ReadonlyMap<string, string>> {
  const commands = await Promise.all(
    registry.map(async ({ name, summary, load }) => {
      const module: Record<string, unknown> = await import(`../../src/commands/${name}.ts`)
      const command = await load()
      const found = Object.entries(module).find(([, value]) => value === command)
      if (!found) throw new Error(`src/commands/${name}.ts does not export its command`)
      return { name, summary, exported: found[0], unsigned: 'unsigned' in command.options }
    }),
  )
  const types = documentTypes(commands)
  return new Map(
    commands.map(({ name, summary }) => {
      const document = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: `btcli ${name} --json`,
        description: summary,
        ...types.schema(name),
      }
      return [`${name}.json`, `${JSON.stringify(document, null, 2)}\n`]
    }),
  )
}

type Exported = {
  readonly name: string
  readonly exported: string
  /** Whether it sends: it may write a file instead, or find nothing to do. */
  readonly unsigned: boolean
}

/** A program that has one more file than the code: with a type for the document of each command. */
function documentTypes(commands: readonly Exported[]) {
  const file = `${root}/src/documents.virtual.ts`
  const source = [
    "import type { Document } from './cli/json.js'",
    "import type { UnchangedJson } from './cli/unchanged.js'",
    "import type { UnsignedJson } from './cli/unsigned.js'",
    ...commands.flatMap(({ name, exported, unsigned }) => {
      const command = `(typeof import('./commands/${name}.js'))['${exported}']`
      return [
        `export type Data_${name} = ReturnType<${command}['render']['json']>${unsigned ? ' | UnsignedJson | UnchangedJson' : ''}`,
        `export type Document_${name} = Document<Data_${name}>`,
      ]
    }),
  ].join('\n')
  const config = ts.getParsedCommandLineOfConfigFile(
    `${root}/tsconfig.json`,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: () => undefined,
    },
  )
  if (!config) throw new Error('tsconfig.json cannot be read')
  const host = ts.createCompilerHost(config.options)
  const { getSourceFile, fileExists, readFile } = host
  host.getSourceFile = (path, version, ...rest) =>
    path === file
      ? ts.createSourceFile(path, source, version)
      : getSourceFile(path, version, ...rest)
  host.fileExists = (path) => path === file || fileExists(path)
  host.readFile = (path) => (path === file ? source : readFile(path))
  const program = ts.createProgram([file], config.options, host)
  const checker = program.getTypeChecker()
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile)
  const exports = new Map(
    checker.getExportsOfModule(symbol as ts.Symbol).map((one) => [one.name, one]),
  )
  const typeOf = (name: string) => checker.getDeclaredTypeOfSymbol(exports.get(name) as ts.Symbol)
  return {
    schema(name: string) {
      try {
        return schemaOfType(
          typeOf(`Document_${name}`),
          checker,
          new Map([[typeOf(`Data_${name}`), 'Data']]),
        )
      } catch (error) {
        throw new Error(`btcli ${name}: ${(error as Error).message}`, { cause: error })
      }
    },
  }
}
