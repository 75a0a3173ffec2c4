/** What loading the package costs: nothing heavy at once, and nothing that a bundle does not use. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../../../src/', import.meta.url))

/** A bundle of one line: `split` keeps what is loaded later in files of its own. */
async function bundle(line: string, split: boolean) {
  const { metafile } = await build({
    stdin: { contents: line, resolveDir: src, loader: 'ts' },
    bundle: true,
    splitting: split,
    write: false,
    metafile: true,
    outdir: 'out',
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  return metafile.outputs
}

type Outputs = Awaited<ReturnType<typeof bundle>>

/** Packages that are loaded with the entry, through all files that it needs at once. */
function packagesOf(outputs: Outputs): string[] {
  const found = new Set<string>()
  const seen = new Set<string>()
  const queue = Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === '<stdin>')
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    for (const { kind, external, path } of outputs[name]?.imports ?? []) {
      if (kind !== 'import-statement') continue
      if (external) found.add(path)
      else queue.push(path)
    }
  }
  return [...found].filter((path) => !path.startsWith('node:'))
}

test('importing everything loads no optional package, no chain library and no command line', async () => {
  const packages = packagesOf(
    await bundle("import * as bt from './index.ts'; console.log(bt)", true),
  )
  expect(packages).toContain('valibot')
  const heavy =
    /^(apache-arrow|@langchain|@polkadot\/api|@grpc|classic-level|sodium-native|webgpu|commander|chalk|yaml)/
  expect(packages.filter((name) => heavy.test(name))).toEqual([])
})

test('a bundle that uses an amount holds amounts only', async () => {
  const line = "import { Balance } from './index.ts'; console.log(Balance.fromTao('1'))"
  const [output] = Object.values(await bundle(line, false))
  const kept = Object.entries(output?.inputs ?? {}).filter(([, one]) => one.bytesInOutput > 0)
  expect(kept.map(([path]) => path.replace(/^.*src\//, '')).sort()).toEqual([
    '<stdin>',
    'api/balance.ts',
    'browser/index.ts',
    'core/errors.ts',
    'core/units.ts',
  ])
})
