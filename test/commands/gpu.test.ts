import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentOf, run } from '../support/run.js'
import { tempFolder } from '../support/tempFolder.js'

const HASH = '0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const SOLVE = `pow solve --block_hash ${HASH} --hotkey ${BOB} --difficulty 100 -n 1`

/** An environment whose package webgpu names these cards (`Card over d3d12`), none of which works. */
function withCards(...names: readonly string[]): { readonly BTCLI_WEBGPU: string } {
  const folder = tempFolder()
  const path = join(folder, 'webgpu.mjs')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ main: 'webgpu.mjs' }))
  const listing = names
    .map((name) => name.split(' over '))
    .map(([name, backend = 'vulkan']) => ` * backend: '${backend}', name: '${name}'`)
    .join('\n')
  writeFileSync(
    path,
    `export function create([choice]) {
  return {
    async requestAdapter() {
      if (choice === 'adapter=?') throw new Error(${JSON.stringify(`Available adapters:\n${listing}`)})
      return { limits: {}, requestDevice: () => Promise.reject(new Error('the driver is too old')) }
    },
  }
}
`,
  )
  return { BTCLI_WEBGPU: path }
}

const NO_PACKAGE = { BTCLI_WEBGPU: join('/', 'nowhere', 'webgpu.js') }

describe('btcli gpu', () => {
  it('takes a folder for the package', async () => {
    const { BTCLI_WEBGPU } = withCards('Card One')
    const { stdout } = await run('gpu list', { env: { BTCLI_WEBGPU: dirname(BTCLI_WEBGPU) } })
    expect(stdout).toContain('Card One')
  })

  it('lists GPUs and says which can be used', async () => {
    const env = withCards('Card One', 'llvmpipe (LLVM 15)')
    const text = await run('gpu list', { env })
    expect(text).toMatchInlineSnapshot(`
      {
        "code": 0,
        "questions": [],
        "stderr": "Testing GPUs …
      ",
        "stdout": "0  Card One (vulkan): the driver is too old
      1  llvmpipe (LLVM 15) (vulkan): the driver is too old
      ",
      }
    `)
    const { data } = documentOf(await run('gpu --json', { env }))
    expect(data.gpus[1]).toEqual({
      id: 1,
      name: 'llvmpipe (LLVM 15)',
      backend: 'vulkan',
      usable: false,
      problem: 'the driver is too old',
    })
  })

  it('says which card would be opened in place of another', async () => {
    const { stdout } = await run('gpu list', { env: withCards('RTX 3080 Ti', 'RTX 3080') })
    expect(stdout).toBe(
      '0  RTX 3080 Ti (vulkan): the driver is too old\n' +
        '1  RTX 3080 (vulkan): Dawn chooses by name, and takes GPU 0 in its place\n',
    )
  })

  it('is content without any', async () => {
    const result = await run('gpu list', { env: withCards() })
    expect([result.code, result.stdout]).toEqual([0, 'No GPU found.\n'])
  })

  it('says what to install', async () => {
    const { code, stderr } = await run('gpu list', { env: NO_PACKAGE })
    expect(code).toBe(2)
    expect(stderr).toContain('there is no package webgpu in ')
    expect(stderr).toContain('npm install --global webgpu')
  })
})

describe('searching with GPUs', () => {
  it.each([
    '--gpu',
    '--cuda',
    '--cuda.use_cuda --cuda.dev_id 0 --cuda.TPB 512',
    '--subtensor.register.cuda.use_cuda --subtensor.register.cuda.dev_id 0',
    '--pow_register.cuda.use_cuda --pow_register.cuda.tpb 128',
    '--gpu_id 0',
    '--pow-device 0',
  ])('falls back to the processors in words: %s', async (options) => {
    const result = await run(`${SOLVE} ${options}`, { env: withCards('Card One') })
    expect(result.code).toBe(0)
    expect(result.stderr).toBe(
      'Opening GPU 0 (Card One) …\n' +
        'warning: GPU 0 (Card One) cannot be used: the driver is too old\n' +
        'warning: no GPU can be used: the processors search instead\n',
    )
  })

  it('takes software for a GPU only where there is nothing else, or when it is named', async () => {
    const opened = async (options: string, ...cards: readonly string[]) => {
      const { stderr } = await run(`${SOLVE} ${options}`, { env: withCards(...cards) })
      return [...stderr.matchAll(/Opening GPU (\d)/g)].map(([, id]) => Number(id))
    }
    expect(await opened('--gpu', 'llvmpipe', 'Card One', 'Card Two')).toEqual([1, 2])
    expect(await opened('--gpu', 'llvmpipe')).toEqual([0])
    expect(await opened('--gpu_id 0', 'llvmpipe', 'Card One')).toEqual([0])
    expect(await opened('--gpu', 'RTX 3080 Ti', 'RTX 3080', 'RTX 3080 Ti')).toEqual([0])
    expect(await opened('', 'Card One')).toEqual([])
    const windows = ['Card One over d3d11', 'Card One over d3d12', 'Card One', 'Card Two']
    expect(await opened('--gpu', ...windows)).toEqual([1, 3])
    expect(await opened('--gpu_id 2', ...windows)).toEqual([2])
    expect(await opened('--no_gpu', 'Card One')).toEqual([])
  })

  it('works without the package, and tells warnings in JSON', async () => {
    const { ok, data, warnings } = documentOf(
      await run(`${SOLVE} --gpu --json`, { env: NO_PACKAGE }),
    )
    expect([ok, data.found]).toEqual([true, true])
    expect(warnings).toEqual([
      expect.stringContaining('there is no package webgpu in '),
      'no GPU can be used: the processors search instead',
    ])
  })

  it('refuses numbers that no GPU has, and both at once', async () => {
    const env = withCards('Card One')
    const unknown = await run(`${SOLVE} --gpu_id 7`, { env })
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('there is no GPU 7'),
    ])
    expect((await run(`${SOLVE} --gpu --no_gpu`, { env })).code).toBe(2)
  })
})
