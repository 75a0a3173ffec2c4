/** Every public name is documented, and everything that can be called shows how. */
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const entries = [
  'src/index.ts',
  'src/localnet/index.ts',
  'src/browser/index.ts',
  'src/langchain/index.ts',
]
let program: ts.Program

beforeAll(() => {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  program = ts.createProgram(
    entries.map((entry) => `${root}/${entry}`),
    options,
  )
})

type Exported = {
  readonly name: string
  readonly isValue: boolean
  readonly text: string
  readonly tags: readonly string[]
}

function exportsOf(entry: string): Exported[] {
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(`${root}/${entry}`)
  const module = file && checker.getSymbolAtLocation(file)
  if (!module) throw new Error(`${entry} is no module`)
  return checker.getExportsOfModule(module).map((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return {
      name: symbol.name,
      isValue: (target.flags & ts.SymbolFlags.Value) !== 0,
      text: ts.displayPartsToString(target.getDocumentationComment(checker)),
      tags: target.getJsDocTags(checker).map(({ name }) => name),
    }
  })
}

test.each(entries)('%s', (entry) => {
  const exported = exportsOf(entry)
  expect(exported.length).toBeGreaterThan(0)
  expect(exported.filter(({ text }) => text === '').map(({ name }) => name)).toEqual([])
  const withoutExample = exported.filter(
    ({ isValue, tags }) => isValue && !tags.includes('example'),
  )
  expect(withoutExample.map(({ name }) => name)).toEqual([])
})
