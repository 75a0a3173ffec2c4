/**
 * Compiles the proof-of-work kernel to WebAssembly: `npm run build:kernel` writes src/core/pow/kernel.generated.ts.
 *
 * A test compiles again and compares, so the generated file cannot fall behind its source.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { main as compile } from 'assemblyscript/asc'

const folder = new URL('../src/core/pow/', import.meta.url)
const target = new URL('kernel.generated.ts', folder)

/** The text of kernel.generated.ts as the sources in src/core/pow/assembly give it now. */
export async function buildKernels(): Promise<string> {
  return [
    '// Generated from src/core/pow/assembly by `npm run build:kernel`. Do not edit.',
    '',
    '/** WebAssembly, base64: four nonces at a time, needs SIMD. */',
    `export const simdKernel = '${await build('lanes.simd.as', ['--enable', 'simd'])}'`,
    '',
    '/** WebAssembly, base64: one nonce at a time. */',
    `export const scalarKernel = '${await build('lanes.scalar.as', [])}'`,
    '',
  ].join('\n')
}

async function build(lanes: string, features: readonly string[]): Promise<string> {
  const sources: Record<string, string> = { 'kernel.ts': 'kernel.as', 'lanes.ts': lanes }
  let binary = ''
  const { error, stderr } = await compile(
    ['kernel.ts', '-o', 'kernel.wasm', '-O3', '--runtime', 'stub', '--noAssert', ...features],
    {
      readFile: (name) => {
        const source = sources[name]
        return source === undefined
          ? null
          : readFileSync(new URL(`assembly/${source}`, folder), 'utf8')
      },
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
