import { Validator } from '@cfworker/json-schema'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { schemaOfType } from '../../../scripts/docs/jsonSchema.js'

/** The schema of `type T = …`. */
function schemaOf(source: string) {
  const file = '/t.ts'
  const options = { strict: true, exactOptionalPropertyTypes: true, target: ts.ScriptTarget.ES2022 }
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (path, version) =>
    path === file ? ts.createSourceFile(path, source, version) : getSourceFile(path, version)
  const program = ts.createProgram([file], options, host)
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!
  const type = checker.getExportsOfModule(module).find(({ name }) => name === 'T')!
  return schemaOfType(checker.getDeclaredTypeOfSymbol(type), checker)
}

const allows = (schema: object, value: unknown) =>
  new Validator(schema, '2020-12').validate(value).valid

describe('schemas of types', () => {
  it('are as jsonText writes values', () => {
    const schema = schemaOf(`export type T = {
      amountRao: bigint; tao: \`\${bigint}\`; hash: \`0x\${string}\`; netuid: number | null
      /** How it ended. */
      outcome: 'sent' | 'final'; list: readonly [number, string][]; ok: boolean; gone: undefined
    }`)
    const good = {
      amountRao: '15',
      tao: '-3',
      hash: '0xab',
      netuid: null,
      outcome: 'sent',
      list: [[1, 'a']],
      ok: true,
      gone: null,
    }
    expect(allows(schema, good)).toBe(true)
    for (const wrong of [
      { amountRao: 15 },
      { amountRao: '1.5' },
      { hash: 'ab' },
      { netuid: '1' },
      { outcome: 'lost' },
      { list: [[1]] },
      { ok: null },
      { more: 1 },
    ]) {
      expect(allows(schema, { ...good, ...wrong }), JSON.stringify(wrong)).toBe(false)
    }
    const { ok: _, ...without } = good
    expect(allows(schema, without)).toBe(false)
    expect(JSON.stringify(schema)).toContain('"description":"How it ended."')
  })

  it('may contain themselves, leave fields out and be alternatives', () => {
    const schema = schemaOf(`
      type Value = null | string | readonly Value[] | { readonly [name: string]: Value }
      export type T = { kind: 'a'; value: Value } | { kind: 'b'; extra?: number }`)
    expect(allows(schema, { kind: 'a', value: { x: ['y', { z: null }] } })).toBe(true)
    expect(allows(schema, { kind: 'a', value: 5 })).toBe(false)
    expect(allows(schema, { kind: 'b' })).toBe(true)
    expect(allows(schema, { kind: 'b', extra: 1 })).toBe(true)
    expect(allows(schema, { kind: 'b', value: 'x' })).toBe(false)
  })

  it('refuse what JSON does not hold or nobody described', () => {
    expect(() => schemaOf('export type T = { map: Map<string, number> }')).toThrow(/map is a Map/)
    expect(() => schemaOf('export type T = { run: () => void }')).toThrow(/run/)
    expect(() => schemaOf('export type T = { a: { b: unknown } }')).toThrow('a.b is unknown')
    expect(() => schemaOf('export type T = { details: unknown }')).not.toThrow()
  })
})
