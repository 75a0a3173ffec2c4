// @ts-check
/**
 * Builds both outputs: the library (plain tsc, one file per source) in dist/, and the binary (bundled with its
 * dependencies, split along the lazy imports) in dist/bin. `--bundle` makes only the binary.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const onlyBundle = process.argv.includes('--bundle')

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

await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'src/cli/main.ts',
    worker: 'src/core/pow/worker.js',
    argon2Worker: 'src/core/wallet/argon2Worker.js',
  },
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
  // CommonJS dependencies ask for Node's modules through require.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
})
