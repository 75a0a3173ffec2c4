import { describe, expect, it } from 'vitest'
import type { Challenge, PowScheme } from '../../../src/core/pow/challenge.js'
import { type GpuDevice, listGpus, openGpu } from '../../../src/core/pow/gpu/device.js'
import { shaderText } from '../../../src/core/pow/gpu/shader.js'
import { roomIn } from '../../../src/core/pow/gpu/uniforms.js'
import { type GpuApiDevice, loadWebGpu, type WebGpu } from '../../../src/core/pow/gpu/webgpu.js'
import { jobOf } from '../../../src/core/pow/job.js'
import { hitsIn, loadKernel, scannerOf } from '../../../src/core/pow/kernel.js'
import { createSolver } from '../../../src/core/pow/solver.js'

const INFO = { id: 0, name: 'Card', backend: 'vulkan' }

function challengeOf(scheme: PowScheme, difficulty: bigint): Challenge {
  const fill = (value: number) => Uint8Array.from({ length: 32 }, (_, i) => (value * (i + 9)) & 255)
  return {
    scheme,
    blockNumber: 1,
    blockHash: fill(4),
    key: fill(5),
    coldkey: fill(6),
    netuid: 300,
    difficulty,
  }
}

/** WebGPU whose device answers what the test says. */
function fakeWebGpu(
  part: {
    readonly adapters?: string
    readonly device?: () => Promise<Partial<GpuApiDevice>>
    /** The number of hits, then their offsets. */
    readonly answer?: () => Promise<readonly number[]>
    /** Commands do nothing. */
    readonly idle?: boolean
  } = {},
): WebGpu {
  let mapped: readonly number[] = []
  let groups = 0
  const buffer = () => ({
    async mapAsync() {
      const [found = 0, ...offsets] = (await part.answer?.()) ?? []
      mapped = [found, part.idle ? 0 : groups, ...offsets]
    },
    getMappedRange: () => Uint32Array.from({ length: 66 }, (_, i) => mapped[i] ?? 0).buffer,
    unmap() {},
  })
  const pass = {
    setPipeline() {},
    setBindGroup() {},
    dispatchWorkgroups(count: number) {
      groups = count
    },
    end() {},
  }
  const limits = {
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupsPerDimension: 65_535,
  }
  const api = {
    limits,
    lost: new Promise(() => {}),
    queue: { writeBuffer() {}, submit() {} },
    createShaderModule: () => ({}),
    createComputePipelineAsync: async () => ({ getBindGroupLayout: () => ({}) }),
    createBuffer: buffer,
    createBindGroup: () => ({}),
    createCommandEncoder: () => ({
      beginComputePass: () => pass,
      copyBufferToBuffer() {},
      finish: () => ({}),
    }),
    destroy() {},
  }
  return {
    create: () => ({
      async requestAdapter() {
        if (part.adapters !== undefined) throw new Error(part.adapters)
        if (!part.device) return null
        const given = await part.device()
        const requestDevice = async () => ({ ...api, ...given }) as unknown as GpuApiDevice
        return { limits, requestDevice }
      },
    }),
  }
}

describe('the list of GPUs', () => {
  it('is what Dawn names', async () => {
    const adapters = `no suitable backends found
Available adapters:
 * backend: 'vulkan', name: 'NVIDIA GeForce RTX 4090'
 * backend: 'null', name: 'Null backend'
 * backend: 'vulkan', name: 'llvmpipe (LLVM 15.0.6, 256 bits)'`
    expect(await listGpus(fakeWebGpu({ adapters }))).toEqual([
      { id: 0, backend: 'vulkan', name: 'NVIDIA GeForce RTX 4090' },
      { id: 1, backend: 'vulkan', name: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
    ])
  })

  it('tells which would be opened in place of another, and does not open them twice', async () => {
    const adapters = ['RTX 3080 Ti', 'RTX 3080', 'Arc A770', 'RTX 3080 Ti']
      .map((name) => ` * backend: 'vulkan', name: '${name}'`)
      .join('\n')
    const gpus = await listGpus(fakeWebGpu({ adapters }))
    expect(gpus.map(({ hiddenBy }) => hiddenBy)).toEqual([undefined, 0, undefined, 0])
    const device = async () => ({})
    await expect(openGpu(fakeWebGpu({ device }), gpus[1] ?? INFO)).rejects.toMatchObject({
      message: 'GPU 1 (RTX 3080) cannot be used',
      details: 'Dawn chooses by name, and takes GPU 0 in its place',
    })
  })

  it('is empty without any', async () => {
    expect(await listGpus(fakeWebGpu())).toEqual([])
    expect(await listGpus(fakeWebGpu({ adapters: 'no suitable backends found' }))).toEqual([])
  })

  it('needs the package', async () => {
    await expect(loadWebGpu('a-package-that-nobody-has')).rejects.toMatchObject({
      code: 'USAGE',
      message: 'GPUs need the package webgpu, which is not installed',
      details: undefined,
      hint: 'npm install --global webgpu',
    })
    await expect(loadWebGpu('/nowhere/webgpu')).rejects.toMatchObject({
      code: 'USAGE',
      message: 'there is no package webgpu in /nowhere/webgpu',
    })
  })
})

describe('a GPU that cannot be used', () => {
  const device = async () => ({})
  it.each<[string, WebGpu, string]>([
    ['no adapter', fakeWebGpu(), 'the driver offers no adapter'],
    [
      'a refusal of the driver',
      fakeWebGpu({
        device: () => Promise.reject(new Error('shaderUniformArrayDynamicIndexing required')),
      }),
      'shaderUniformArrayDynamicIndexing required',
    ],
    [
      'wrong answers',
      fakeWebGpu({ device, answer: async () => [1, 3] }),
      'it computes wrong seals',
    ],
    ['nothing done', fakeWebGpu({ device, idle: true }), 'it did 0 of 1 parts of its work'],
    ['no device', fakeWebGpu({ device: () => new Promise(() => {}) }), 'no answer for 0.05 s'],
    [
      'no answer',
      fakeWebGpu({ device, answer: () => new Promise(() => {}) }),
      'no answer for 0.05 s',
    ],
    [
      'a device that is lost',
      fakeWebGpu({
        device: async () => ({ lost: Promise.resolve({ reason: 'unknown', message: 'reset' }) }),
        answer: () => new Promise(() => {}),
      }),
      'the driver lost the device: reset',
    ],
  ])('is told why: %s', async (_, webgpu, details) => {
    await expect(openGpu(webgpu, INFO, { patienceMs: 50 })).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      message: 'GPU 0 (Card) cannot be used',
      details,
    })
  })
})

describe('pieces', () => {
  it.each<[PowScheme, boolean, bigint, number]>([
    ['register-be', true, 0n, 2 ** 32],
    ['register-be', true, 2n ** 33n - 5n, 5],
    ['pow_register', true, 2n ** 40n - 1n, 1],
    ['pow_register', false, 2n ** 24n - 7n, 7],
    ['pow_register', false, 2n ** 24n, 2 ** 24],
  ])('of %s, contiguous %s, from %d hold %d', (scheme, contiguous, first, room) => {
    expect(roomIn(jobOf(challengeOf(scheme, 1n), contiguous), first)).toBe(room)
  })

  it('have a shader for each mode', () => {
    const texts = (['register', 'strided', 'contiguous'] as const).map((mode) =>
      shaderText({ mode, little: true, workgroup: 128 }),
    )
    expect(new Set(texts).size).toBe(3)
    for (const text of texts) expect(text).toContain('@workgroup_size(128)')
  })
})

// The real thing, where the package and a driver are there: BTCLI_WEBGPU may name a copy outside of the project.
const webgpu = await loadWebGpu(process.env['BTCLI_WEBGPU']).catch(() => undefined)
const [gpu] = webgpu ? await listGpus(webgpu) : []
const name = gpu
  ? `${gpu.name}`
  : webgpu
    ? 'no driver for any GPU'
    : 'the package webgpu is not here'

describe.skipIf(!webgpu || !gpu)(`on ${name}`, () => {
  let opened: Promise<GpuDevice> | undefined
  const open = () => {
    opened ??= openGpu(webgpu as WebGpu, gpu ?? INFO, { patienceMs: 60_000 })
    return opened
  }

  it.each<[PowScheme, boolean]>([
    ['register-be', true],
    ['register-le', true],
    ['pow_register', true],
    ['pow_register', false],
  ])('has the hits of the processor: %s, contiguous %s', async (scheme, contiguous) => {
    const device = await open()
    const job = jobOf(challengeOf(scheme, 3000n), contiguous)
    const scanner = scannerOf(loadKernel())
    scanner.setJob(job)
    for (const first of [
      0n,
      2n ** 24n - 5000n,
      2n ** 32n - 5000n,
      2n ** 40n - 5000n,
      2n ** 64n - 20_000n,
    ]) {
      const count = 20_000
      const expected = hitsIn(scanner, first, count)
      expect(expected.length).toBeGreaterThan(0)
      expect(await device.scan(job, first, count)).toEqual(expected)
    }
  })

  it.each([
    ['more workgroups than a dispatch may have', 1, 70_000],
    ['a workgroup that does not divide the threads', 100, 1_060_000],
    ['a workgroup larger than the standard one', 512, 70_000],
  ])('has the hits of the processor: %s', async (_, workgroup, count) => {
    const device = await openGpu(webgpu as WebGpu, gpu ?? INFO, { workgroup, patienceMs: 60_000 })
    const job = jobOf(challengeOf('register-be', 20_000n), true)
    const scanner = scannerOf(loadKernel())
    scanner.setJob(job)
    expect(await device.scan(job, 0n, count)).toEqual(hitsIn(scanner, 0n, count))
    device.close()
  })

  it('has at most 64 hits for one piece, all of them true', async () => {
    const device = await open()
    const offsets = await device.scan(jobOf(challengeOf('register-be', 1n), true), 0n, 1000)
    expect(offsets).toHaveLength(64)
  })

  it('finds a proof through the solver, and leaves when it is stopped', async () => {
    const device = await open()
    const warnings: string[] = []
    const solver = createSolver({ helpers: [device], onWarning: (text) => warnings.push(text) })
    const outcome = await solver.setChallenge(challengeOf('register-be', 100_000n))
    expect(outcome.kind).toBe('found')
    await solver.stop()
    expect(warnings).toEqual([])
  })

  it('that is lost in the middle leaves the rest of a range to the processors', async () => {
    const device = await openGpu(webgpu as WebGpu, gpu ?? INFO, { patienceMs: 60_000 })
    const warnings: string[] = []
    const solver = createSolver({ helpers: [device], onWarning: (text) => warnings.push(text) })
    const count = 2_000_000n
    const search = solver.setChallenge(challengeOf('register-le', 2n ** 64n - 1n), {
      start: 0n,
      count,
    })
    while (solver.stats().hashes === 0n) await new Promise((resolve) => setTimeout(resolve, 1))
    device.close()
    expect(await search).toEqual({ kind: 'exhausted', tried: count })
    expect(warnings).toEqual([
      expect.stringMatching(/stopped: .*; the search goes on with the processors$/s),
    ])
    await solver.stop()
  })
})
