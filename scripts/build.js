// @ts-check
/**
 * Builds both outputs: the library (plain tsc, one file per source) in dist/, and the binary (bundled with its
 * dependencies, split along the lazy imports) in dist/bin. `--bundle` makes only the binary.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const onlyBundle = process.argv.includes('--bundle')

rmSync(`${root}/dist/bin`, { recursive: true, force: true })
if (!onlyBundle) {
  rmSync(`${root}/dist`, { recursive: true, force: true })
  execFileSync(
    process.execPath,
    [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
}

// Workers are started by URL beside the chunk that starts them, so the folder of the bundle is flat.
const workers = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
  .filter((path) => /worker\.js$/i.test(path))
  .map((path) => ({ in: `src/${path}`, out: path.replace(/^.*[\\/]|\.js$/g, '') }))

await build({
  absWorkingDir: root,
  entryPoints: [{ in: 'src/cli/main.ts', out: 'main' }, ...workers],
  outdir: 'dist/bin',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.20',
  // Native add-ons find their prebuilt files relative to their own folder.
  external: ['classic-level', 'sodium-native'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
})
