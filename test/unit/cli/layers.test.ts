import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Everything that a module loads at once: files of src, and the first segments of packages. */
function reached(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const queue = [join(root, entry)]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue
    files.add(file)
    for (const name of staticImports(file)) {
      if (name.startsWith('node:')) continue
      if (name.startsWith('.')) queue.push(sourceOf(resolve(dirname(file), name)))
      else
        packages.add(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        )
    }
  }
  return { files: [...files].map((file) => relative(root, file)), packages: [...packages].sort() }
}

function staticImports(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023)
  return source.statements.flatMap((statement) => {
    const from =
      ts.isImportDeclaration(statement) && !isTypeOnly(statement)
        ? statement.moduleSpecifier
        : ts.isExportDeclaration(statement) && !statement.isTypeOnly
          ? statement.moduleSpecifier
          : undefined
    return from && ts.isStringLiteral(from) ? [from.text] : []
  })
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const bindings = importClause.namedBindings
  return (
    importClause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  )
}

function sourceOf(path: string): string {
  const source = path.replace(/\.js$/, '.ts')
  return existsSync(source) ? source : path
}

const HEAVY = [
  '@inquirer/prompts',
  '@polkadot/api',
  '@polkadot/keyring',
  '@polkadot/util',
  '@polkadot/util-crypto',
  'chalk',
  'classic-level',
  'cli-table3',
  'ora',
  'sodium-native',
  'ws',
  'yaml',
]

describe('what is loaded before it is needed', () => {
  it('for the root help: no package at all', () => {
    for (const entry of ['src/cli/main.ts', 'src/cli/rootHelp.ts', 'src/cli/processContext.ts']) {
      expect(reached(entry).packages, entry).toEqual([])
    }
  })

  it('for any command line: the parser', () => {
    expect(reached('src/cli/runCommand.ts').packages).toEqual(['commander'])
  })

  it.each(readdirSync(join(root, 'src/commands')).filter((file) => file.endsWith('.ts')))(
    '%s loads neither terminal libraries nor the chain library',
    (file) => {
      const { files, packages } = reached(`src/commands/${file}`)
      expect(packages.filter((name) => HEAVY.includes(name))).toEqual([])
      const others = files.filter((path) => path.startsWith('src/commands/'))
      expect(others).toEqual([`src/commands/${file}`])
    },
  )
})

describe('who may import whom', () => {
  it('nothing loads the chain library at once', () => {
    const users = sources('src').filter((file) =>
      staticImports(file).some((name) => name === '@polkadot/api'),
    )
    expect(users.map((file) => relative(root, file))).toEqual([])
  })

  it('only the process context, prompts, bin and the environment of the API use the process', () => {
    const users = sources('src')
      .filter((file) => /\bprocess\.\w/.test(withoutComments(file)))
      .map((file) => relative(root, file))
    expect(users.sort()).toEqual([
      'src/api/environment.ts',
      'src/cli/processContext.ts',
      'src/cli/prompts.ts',
    ])
  })
})

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, folder, file))
}

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
}
