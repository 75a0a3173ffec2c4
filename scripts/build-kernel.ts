/**
 * Compiles the proof-of-work kernel to WebAssembly: `npm run build:kernel` writes src/core/pow/kernel.generated.ts.
 *
 * A test compiles again and compares, so the generated file cannot fall behind its source.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { main as compile } from 'assemblyscript/asc'
import { wovenFunctions } from './weave-kernel.js'

const folder = new URL('../src/core/pow/', import.meta.url)
const target = new URL('kernel.generated.ts', folder)

/** The text of kernel.generated.ts as the sources in src/core/pow/assembly give it now. */
export async function buildKernels(): Promise<string> {
  return [
    '// Generated from src/core/pow/assembly by `npm run build:kernel`. Do not edit.',
    '',
    '/** WebAssembly, base64: four nonces at a time, or nine; needs SIMD. */',
    `export const simdKernel = '${await simdKernel()}'`,
    '',
    '/** WebAssembly, base64: one nonce at a time. */',
    `export const scalarKernel = '${await scalarKernel()}'`,
    '',
  ].join('\n')
}

function simdKernel(): Promise<string> {
  const sources = {
    'entry.ts': "export { jobAddress, scan } from './kernel'; export { scanWoven } from './woven'",
    'kernel.ts': source('kernel'),
    'woven.ts': source('woven') + wovenFunctions(),
    'lanes.ts': source('lanes.simd'),
  }
  return build(sources, ['--enable', 'simd'])
}

function scalarKernel(): Promise<string> {
  const sources = {
    'entry.ts': "export { jobAddress, scan } from './kernel'",
    'kernel.ts': source('kernel'),
    'lanes.ts': source('lanes.scalar'),
  }
  return build(sources, [])
}

function source(name: string): string {
  return readFileSync(new URL(`assembly/${name}.as`, folder), 'utf8')
}

async function build(
  sources: Readonly<Record<string, string>>,
  features: readonly string[],
): Promise<string> {
  let binary = ''
  const { error, stderr } = await compile(
    ['entry.ts', '-o', 'kernel.wasm', '-O3', '--runtime', 'stub', '--noAssert', ...features],
    {
      readFile: (name) => sources[name] ?? null,
      writeFile: (_name, contents) => {
        binary = Buffer.from(contents).toString('base64')
      },
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`${error.message}\n${stderr}`)
  return binary
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(target, await buildKernels())
}
